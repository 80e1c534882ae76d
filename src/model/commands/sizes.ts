// Sizes that are asked for: whole ones, and those at the edges where rounding and 32-bit arithmetic go wrong.
import { GIB, MIB } from '../../contract/sizes.js';
export { GIB, MIB } from '../../contract/sizes.js';

/** Bytes of the smallest LUN that is asked for, unless the array has shown that it makes none so small. */
const SMALLEST = 64n * MIB;

/** Of new LUNs, smallest first; `smallest` is a size that the array has taken. */
export const newSizes = (smallest = SMALLEST): readonly bigint[] =>
  [0n, 32n * MIB + 1n, 64n * MIB - 1n, 4n * GIB - 16n * MIB].map((more) => smallest + more);

/** By which LUNs grow and shrink. */
export const CHANGES = [32n * MIB, 16n * MIB + 1n, 48n * MIB - 1n] as const;

const BITS_64 = 1n << 64n;

/**
 * Sizes that no array has: at the edges of 64 bits, and such that rounding up, doubling or an arithmetic of 32 bits
 * makes small ones of them.
 */
export const IMPOSSIBLE: readonly { readonly bytes: bigint; readonly how: string }[] = [
  { bytes: BITS_64 - 1n, how: '2^64 - 1 bytes' },
  { bytes: BITS_64 - MIB, how: '2^64 bytes - 1 MiB' },
  { bytes: BITS_64 / 2n, how: '2^63 bytes' },
  { bytes: BITS_64 / 2n + 64n * MIB, how: '2^63 bytes + 64 MiB' },
  { bytes: (1n << 55n) + 64n * MIB, how: '2^55 bytes + 64 MiB' },
];

/** More bytes than any array has left, which added to `size` in 64 bits make a little more than nothing. */
export const wrapping = (size: bigint): readonly { readonly bytes: bigint; readonly how: string }[] =>
  [
    { bytes: BITS_64 - size, how: '2^64 bytes less what it has' },
    { bytes: BITS_64 - size + 64n * MIB, how: '2^64 bytes + 64 MiB less what it has' },
  ].filter(({ bytes }) => bytes < BITS_64);

/** `96 MiB + 1 byte` */
export function sizeText(bytes: bigint): string {
  const rest = bytes % MIB;
  const whole = bytes / MIB;
  if (rest === 0n) return `${whole} MiB`;
  return rest <= MIB / 2n ? `${whole} MiB + ${rest} bytes` : `${whole + 1n} MiB - ${MIB - rest} bytes`;
}
