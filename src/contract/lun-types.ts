// The types of LUN (VDS_LUN_TYPE): which only ask, which name the same thing, and which survive the loss of a drive.
import { VDS_LUN_TYPE as LT } from './generated/enumerations.js';

/** Types of requests; GetProperties never reports one. */
export const AUTOMAGIC: ReadonlySet<number> = new Set([
  LT.VDS_LT_DEFAULT,
  LT.VDS_LT_FAULT_TOLERANT,
  LT.VDS_LT_NON_FAULT_TOLERANT,
]);

/** The types that the pages call by a word of their own as well: parity "accounts for RAID levels 3, 4, 5, and 6". */
const FAMILIES: readonly (readonly number[])[] = [
  [LT.VDS_LT_PARITY, LT.VDS_LT_RAID3],
  [LT.VDS_LT_PARITY, LT.VDS_LT_RAID4],
  [LT.VDS_LT_PARITY, LT.VDS_LT_RAID5],
  [LT.VDS_LT_PARITY, LT.VDS_LT_RAID6],
];

/** Whether a LUN of one type is what was asked for by the other. */
export const namesTheSame = (asked: number, told: number): boolean =>
  asked === told || FAMILIES.some((family) => family.includes(asked) && family.includes(told));

/** Types that lose their data with a single drive. All other concrete types keep it. */
const WITHOUT_REDUNDANCY: ReadonlySet<number> = new Set([LT.VDS_LT_SIMPLE, LT.VDS_LT_SPAN, LT.VDS_LT_STRIPE]);

/** Whether a concrete type is fault tolerant. */
export const isFaultTolerant = (type: number): boolean => !WITHOUT_REDUNDANCY.has(type);
