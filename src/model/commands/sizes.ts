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

/** `96 MiB + 1 byte` */
export function sizeText(bytes: bigint): string {
  const rest = bytes % MIB;
  const whole = bytes / MIB;
  if (rest === 0n) return `${whole} MiB`;
  return rest <= MIB / 2n ? `${whole} MiB + ${rest} bytes` : `${whole + 1n} MiB - ${MIB - rest} bytes`;
}
