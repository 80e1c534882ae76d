// The kinds of fault: what each breaks, what a provider must still do, and what it may do. Budget for all of them: one fault at a time, and
// nothing is damaged but the provider's cache or the one object named; the storage array keeps every other value, so a correct provider can
// always come back by Reenumerate followed by Refresh.
import { VDSC_FAULT_KIND } from '../contract/generated/enumerations.js';

export interface FaultKindDef {
  /** The value for IVdsConformanceControl::Inject. */
  readonly controlValue: number;
  readonly breaks: string;
  readonly must: string;
  readonly may: string;
}

const CORRUPT = {
  must: 'answer right, answer an earlier truth, or answer VDS_E_PROVIDER_CACHE_CORRUPT; never a value that was not true; be right after the pair',
  may: 'notice late, heal itself, or refuse every call until the pair',
} as const;

export const FAULT_KINDS = {
  'flipped-bytes': { controlValue: VDSC_FAULT_KIND.VDSC_FK_FLIPPED_BYTES, breaks: 'bits of one cached object', ...CORRUPT },
  'lost-entry': { controlValue: VDSC_FAULT_KIND.VDSC_FK_LOST_ENTRY, breaks: 'one object is missing from the cache although its container lists it', ...CORRUPT },
  'dangling-reference': { controlValue: VDSC_FAULT_KIND.VDSC_FK_DANGLING_REFERENCE, breaks: 'a cached object refers to one that does not exist', ...CORRUPT },
  'torn-write': { controlValue: VDSC_FAULT_KIND.VDSC_FK_TORN_WRITE, breaks: 'a cached object was written by half', ...CORRUPT },
  'stale-entry': {
    controlValue: VDSC_FAULT_KIND.VDSC_FK_STALE_ENTRY,
    breaks: 'a cached object is back at an earlier version, with a valid checksum',
    must: 'answer a value that is or was true; the present one after the pair',
    may: 'not notice: no checksum can tell',
  },
  'delete-object': {
    controlValue: VDSC_FAULT_KIND.VDSC_FK_DELETE_OBJECT,
    breaks: 'a LUN, target or subsystem is gone from the array, silently or with its event',
    must: 'answer VDS_E_OBJECT_DELETED on the object once it knows, and after the pair; keep references valid until released',
    may: 'answer from its cache until the pair when nothing told it',
  },
  disconnect: {
    controlValue: VDSC_FAULT_KIND.VDSC_FK_DISCONNECT,
    breaks: 'a subsystem\'s cable is pulled; healing returns it',
    must: 'stop listing the subsystem after the pair; list it again, with its objects, after healing and the pair',
    may: 'keep listing it until the pair',
  },
} as const satisfies Record<string, FaultKindDef>;

export type FaultKind = keyof typeof FAULT_KINDS;
export const CORRUPTION_FORMS = ['flipped-bytes', 'lost-entry', 'dangling-reference', 'torn-write', 'stale-entry'] as const satisfies readonly FaultKind[];
export type CorruptionForm = (typeof CORRUPTION_FORMS)[number];
