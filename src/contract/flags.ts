// Flags and masks: integers whose bits are named, and which field of which structure holds them.
import { HINT_MASK_FLAGS, POOL_ATTRIBUTE_MASK_FLAGS, VDS_SUB_SYSTEM_FLAG } from './generated/enumerations.js';
import { enumerations, structure } from './tables.js';

/** Whether a subsystem says by its flags that its LUNs get their targets from the array. */
export const configuresTargets = (flags: number): boolean =>
  (flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG) !== 0;

/** All flags of an enumeration of flags together: the bits that may be set. */
export const everyFlag = (flags: Readonly<Record<string, number>>): number =>
  Object.values(flags).reduce((all, flag) => all | flag, 0);

/**
 * The enumeration of the flags that a field holds; undefined for other fields.
 *
 * @param owner the structure of the field, or the interface of a method that takes it
 */
export function flagEnumeration(owner: string, field: string): string | undefined {
  if (field !== 'flags') return undefined;
  const device = /^(VDS_\w+?)_PROP2?$/.exec(owner)?.[1] ?? (owner === 'IVdsDrive' ? 'VDS_DRIVE' : '');
  const name = `${device}_FLAG`;
  return enumerations.has(name) ? name : undefined;
}

/** `VDS_DRF_HOTSPARE | VDS_DRF_ASSIGNED`; undefined where no bit is set, or one has no name. */
export function flagNames(enumeration: string, value: number): string | undefined {
  const set = Object.entries(enumerations.get(enumeration)?.values ?? {}).filter(([, bit]) => (value & bit) !== 0);
  const known = set.reduce((all, [, bit]) => all | bit, 0);
  return set.length > 0 && known === value ? set.map(([name]) => name).join(' | ') : undefined;
}

interface Masked {
  /** The field that holds the mask. */
  readonly mask: string;
  /** The fields that have a bit of it. */
  readonly bits: ReadonlyMap<string, bigint>;
}

/** Names of mask bits of VDS_POOL_ATTRIBUTES that are not those of their fields. */
const POOL_FIELDS: Readonly<Partial<Record<keyof typeof POOL_ATTRIBUTE_MASK_FLAGS, string>>> = {
  VDS_POOL_ATTRIB_ALLOW_SPINDOWN: 'spinDown',
  VDS_POOL_ATTRIB_THIN_PROVISION: 'isThinProvisioned',
  VDS_POOL_ATTRIB_NO_SINGLE_POF: 'noSinglePointOfFailure',
};

/** The bits by the fields whose names, without underscores and capitals, end theirs. */
function bitsOf(of: string, flags: Readonly<Record<string, bigint>>, prefix: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  const fields = structure(of).fields.map(({ name }) => name);
  for (const [flag, bit] of Object.entries(flags)) {
    const other: string | undefined = POOL_FIELDS[flag as keyof typeof POOL_FIELDS];
    const word = flag.slice(prefix.length).replaceAll('_', '').toLowerCase();
    const field = other ?? fields.find((each) => each.toLowerCase() === word);
    if (field !== undefined) found.set(field, bit);
  }
  return found;
}

/** Structures in which a mask says which of the other fields count. */
export const MASKED: ReadonlyMap<string, Masked> = new Map([
  ['VDS_HINTS', { mask: 'hintMask', bits: bitsOf('VDS_HINTS', HINT_MASK_FLAGS, 'VDS_HINT_') }],
  ['VDS_HINTS2', { mask: 'hintMask', bits: bitsOf('VDS_HINTS2', HINT_MASK_FLAGS, 'VDS_HINT_') }],
  [
    'VDS_POOL_ATTRIBUTES',
    {
      mask: 'attributeMask',
      bits: bitsOf('VDS_POOL_ATTRIBUTES', POOL_ATTRIBUTE_MASK_FLAGS, 'VDS_POOL_ATTRIB_'),
    },
  ],
]);
