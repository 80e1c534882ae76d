// Sizes that are asked for: whole ones, and those at the edges where rounding and 32-bit arithmetic go wrong.
import { GIB, MIB } from '../../contract/sizes.js';
export { GIB, MIB } from '../../contract/sizes.js';

/** Of new LUNs, smallest first but for the first, which any array has. */
export const NEW_SIZES = [64n * MIB, 96n * MIB + 1n, 128n * MIB - 1n, 4n * GIB + 48n * MIB] as const;
/** By which LUNs grow and shrink. */
export const CHANGES = [32n * MIB, 16n * MIB + 1n, 48n * MIB - 1n] as const;

/** `96 MiB + 1 byte` */
export function sizeText(bytes: bigint): string {
  const rest = bytes % MIB;
  const whole = bytes / MIB;
  if (rest === 0n) return `${whole} MiB`;
  return rest <= MIB / 2n ? `${whole} MiB + ${rest} bytes` : `${whole + 1n} MiB - ${MIB - rest} bytes`;
}
