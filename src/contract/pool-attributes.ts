// The attributes by which storage pools are asked for, where a pool has them or has not.
import { POOL_ATTRIBUTE_MASK_FLAGS } from './generated/enumerations.js';
import type { VDS_POOL_ATTRIBUTES } from './generated/structures.js';

const { VDS_POOL_ATTRIB_BUSTYPE, VDS_POOL_ATTRIB_THIN_PROVISION, VDS_POOL_ATTRIB_NO_SINGLE_POF } =
  POOL_ATTRIBUTE_MASK_FLAGS;
/** Attributes that a pool has or has not, by their bits in the mask. */
export const POOL_ATTRIBUTES = [
  [VDS_POOL_ATTRIB_BUSTYPE, 'busType'],
  [VDS_POOL_ATTRIB_THIN_PROVISION, 'isThinProvisioned'],
  [VDS_POOL_ATTRIB_NO_SINGLE_POF, 'noSinglePointOfFailure'],
] as const satisfies readonly (readonly [bigint, keyof VDS_POOL_ATTRIBUTES])[];
/** Whether a pool has every attribute that is asked for. */
export const hasAll = (given: VDS_POOL_ATTRIBUTES, wanted: VDS_POOL_ATTRIBUTES): boolean =>
  POOL_ATTRIBUTES.every(
    ([bit, field]) =>
      (wanted.attributeMask & bit) === 0n || ((given.attributeMask & bit) !== 0n && given[field] === wanted[field]),
  );

/** Each attribute by itself, as each pool has it that has it. */
export function oneByOne(pools: readonly VDS_POOL_ATTRIBUTES[]): Partial<VDS_POOL_ATTRIBUTES>[] {
  const found = new Map<string, Partial<VDS_POOL_ATTRIBUTES>>();
  for (const [bit, field] of POOL_ATTRIBUTES)
    for (const pool of pools)
      if ((pool.attributeMask & bit) !== 0n)
        found.set(`${bit} ${String(pool[field])}`, { attributeMask: bit, [field]: pool[field] });
  return [...found.values()];
}

/** Each two attributes, one as this pool has it and one as that one does. */
export function combinations(pools: readonly VDS_POOL_ATTRIBUTES[]): Partial<VDS_POOL_ATTRIBUTES>[] {
  const found = new Map<string, Partial<VDS_POOL_ATTRIBUTES>>();
  for (const [i, [first, one]] of POOL_ATTRIBUTES.entries())
    for (const [second, other] of POOL_ATTRIBUTES.slice(i + 1))
      for (const a of pools)
        for (const b of pools) {
          if ((a.attributeMask & first) === 0n || (b.attributeMask & second) === 0n) continue;
          const asked = { attributeMask: first | second, [one]: a[one], [other]: b[other] };
          found.set(`${asked.attributeMask} ${String(a[one])} ${String(b[other])}`, asked);
        }
  return [...found.values()];
}
