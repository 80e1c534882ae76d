// Hints: what a caller wishes of a LUN or plex. They are kept and told; only a stripe size is followed.
import { HINT_MASK_FLAGS } from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import { STRIPE_SIZE, STRIPE_SIZES } from './space.js';

export const NO_HINTS: VDS_HINTS = {
  hintMask: 0n,
  expectedMaximumSize: 0n,
  optimalReadSize: 0,
  optimalReadAlignment: 0,
  optimalWriteSize: 0,
  optimalWriteAlignment: 0,
  maximumDriveCount: 0,
  stripeSize: 0,
  fastCrashRecoveryRequired: false,
  mostlyReads: false,
  optimizeForSequentialReads: false,
  optimizeForSequentialWrites: false,
  remapEnabled: false,
  readBackVerifyEnabled: false,
  writeThroughCachingEnabled: false,
  hardwareChecksumEnabled: false,
  isYankable: false,
  rebuildPriority: 0,
};

type Member = keyof VDS_HINTS;
const MEMBERS = Object.keys(NO_HINTS) as Member[];

/** Features that the array does not have, as the flags of its subsystems say: these hints stay unmet. */
const UNMET: ReadonlySet<Member> = new Set([
  'remapEnabled',
  'readBackVerifyEnabled',
  'writeThroughCachingEnabled',
  'hardwareChecksumEnabled',
]);
const MET = MEMBERS.filter((member) => member !== 'hintMask' && !UNMET.has(member));

/** The mask bit of a member. Sizes, counts and the priority have none. */
const BIT_OF: ReadonlyMap<Member, bigint> = new Map(
  MET.flatMap((member) => {
    const bit = Object.entries(HINT_MASK_FLAGS).find(([flag]) => flag === `VDS_HINT_${member.toUpperCase()}`);
    return bit === undefined ? [] : [[member, bit[1]]];
  }),
);
const KNOWN_BITS = [...BIT_OF.values()].reduce((mask, bit) => mask | bit, 0n);

/** The hints after more were applied: those whose mask bit is set, and those that have none and are not 0. */
export function withHints(before: VDS_HINTS, more: VDS_HINTS): VDS_HINTS {
  const applied = MET.filter((member) => given(more, member)).map((member) => [member, more[member]]);
  return {
    ...before,
    ...(Object.fromEntries(applied) as Partial<VDS_HINTS>),
    hintMask: before.hintMask | (more.hintMask & KNOWN_BITS),
  };
}

function given(hints: VDS_HINTS, member: Member): boolean {
  const bit = BIT_OF.get(member);
  return bit === undefined ? Number(hints[member]) !== 0 : (hints.hintMask & bit) !== 0n;
}

/** The bytes of a stripe: as hinted where that is a size which the array has. */
export const stripeSizeOf = ({ stripeSize }: VDS_HINTS): number =>
  (stripeSize & STRIPE_SIZES) === stripeSize && (stripeSize & (stripeSize - 1)) === 0 && stripeSize > 0
    ? stripeSize
    : STRIPE_SIZE;

/** Hints as they stand in the cache's entries: numbers of 64 bits as decimal strings. */
export interface HintsRecord extends Omit<VDS_HINTS, 'hintMask' | 'expectedMaximumSize'> {
  readonly hintMask: string;
  readonly expectedMaximumSize: string;
}

/** Null where there are none: an entry is read more often than hints are given. */
export const hintsRecord = (hints: VDS_HINTS): HintsRecord | null =>
  hints === NO_HINTS
    ? null
    : { ...hints, hintMask: hints.hintMask.toString(), expectedMaximumSize: hints.expectedMaximumSize.toString() };

export const recordedHints = (record: HintsRecord | null): VDS_HINTS =>
  record === null
    ? NO_HINTS
    : { ...record, hintMask: BigInt(record.hintMask), expectedMaximumSize: BigInt(record.expectedMaximumSize) };
