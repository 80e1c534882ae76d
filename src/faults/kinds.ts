// The kinds of fault: what each breaks, what a provider must still do, and what it may do. Budget for all of them: one fault at a time unless a
// check says otherwise, and nothing is damaged but the provider's cache, the one object named, or the way to it; the storage array keeps every
// other value, so a correct provider can always come back by healing, then Reenumerate followed by Refresh.
import { VDSC_FAULT_KIND as FK } from '../contract/generated/enumerations.js';

export interface FaultKindDef {
  /** The value for IVdsConformanceControl::Inject; undefined for a kind that the harness makes by itself. */
  readonly controlValue: number | undefined;
  readonly breaks: string;
  readonly must: string;
  readonly may: string;
}

const CORRUPT = {
  must: 'answer right, answer an earlier truth, or answer VDS_E_PROVIDER_CACHE_CORRUPT; never a value that was not true; be right after the pair',
  may: 'notice late, heal itself, or refuse every call until the pair',
} as const;

const EVENT = {
  must: 'be right after the pair, as if the event had come once and in order',
  may: 'tell an earlier truth until then',
} as const;

/** They strike the harness and its transport, not the provider, of which they therefore say nothing. */
const TRANSPORT = {
  controlValue: undefined,
  must: 'end the call with a named error and a stable code, or its right answer; never send it again; leave the system as it is and go on, in this session or another',
  may: 'have carried the call out, whose answer was lost',
} as const;

export const FAULT_KINDS = {
  'flipped-bytes': { controlValue: FK.VDSC_FK_FLIPPED_BYTES, breaks: 'bits of one cached object', ...CORRUPT },
  'lost-entry': {
    controlValue: FK.VDSC_FK_LOST_ENTRY,
    breaks: 'one object is missing from the cache although its container lists it',
    ...CORRUPT,
  },
  'dangling-reference': {
    controlValue: FK.VDSC_FK_DANGLING_REFERENCE,
    breaks: 'a cached object refers to one that does not exist',
    ...CORRUPT,
  },
  'torn-write': { controlValue: FK.VDSC_FK_TORN_WRITE, breaks: 'a cached object was written by half', ...CORRUPT },
  'stale-entry': {
    controlValue: FK.VDSC_FK_STALE_ENTRY,
    breaks: 'a cached object is back at an earlier version, with a valid checksum',
    must: 'answer a value that is or was true; the present one after the pair',
    may: 'not notice: no checksum can tell',
  },
  'delete-object': {
    controlValue: FK.VDSC_FK_DELETE_OBJECT,
    breaks: 'an object is gone from the array, silently or with its event',
    must: 'answer VDS_E_OBJECT_DELETED on the object once it knows, and after the pair; keep references valid until released',
    may: 'answer from its cache until the pair when nothing told it',
  },
  disconnect: {
    controlValue: FK.VDSC_FK_DISCONNECT,
    breaks: "a subsystem's cable or a drive is pulled; healing returns it",
    must: 'stop listing the subsystem or drive after the pair; list it again, with its objects and their ids, after healing and the pair',
    may: 'keep listing it until the pair',
  },
  'change-object': {
    controlValue: FK.VDSC_FK_CHANGE_OBJECT,
    breaks:
      'nothing: an administrator gives an object another friendly name at the array; healing puts the old one back',
    must: 'tell the present name after the pair',
    may: 'tell the earlier one until then when nothing told it',
  },
  'recreate-object': {
    controlValue: FK.VDSC_FK_RECREATE_OBJECT,
    breaks: 'a LUN or target is deleted at the array and made again under its old name, with another id',
    must: 'answer VDS_E_OBJECT_DELETED on the old object after the pair, and list the new one under the new id',
    may: 'answer from its cache until then',
  },
  'import-lun': {
    controlValue: FK.VDSC_FK_IMPORT_LUN,
    breaks: 'nothing: a LUN of a shadow-copy set is imported on this computer; healing removes it',
    must: "list the LUN after the pair, associated with the subsystem's import target if one is set",
    may: 'not list it until then',
  },
  'exhaust-memory': {
    controlValue: FK.VDSC_FK_EXHAUST_MEMORY,
    breaks: 'no memory is left for what the provider gives its caller, until healed',
    must: 'fail with a documented or generic code (E_OUTOFMEMORY), leak nothing, change nothing, and work again after healing',
    may: 'succeed where it needs no memory',
  },
  'device-error': {
    controlValue: FK.VDSC_FK_DEVICE_ERROR,
    breaks: 'the array answers requests about the object with an I/O error, until healed',
    must: 'fail with a permitted code, or answer from its cache; be right after healing and the pair',
    may: 'fail Reenumerate, Refresh and OnLoad meanwhile',
  },
  'fail-status': {
    controlValue: FK.VDSC_FK_FAIL_STATUS,
    breaks: "the object's status and health are FAILED at the array, until healed",
    must: 'tell the status after the pair; keep the object and its id; tell ONLINE again after healing and the pair',
    may: 'answer VDS_E_OBJECT_STATUS_FAILED on the object where its page lists it',
  },
  latency: {
    controlValue: FK.VDSC_FK_LATENCY,
    breaks: 'each request to the array about the object takes longer, until healed',
    must: 'answer as ever, only later; QueryStatus without waiting',
    may: 'answer VDS_E_ANOTHER_CALL_IN_PROGRESS to calls that overlap',
  },
  hang: {
    controlValue: FK.VDSC_FK_HANG,
    breaks: 'the array does not answer requests about the object, until healed',
    must: 'end every call once it is healed; QueryStatus without waiting',
    may: 'keep calls waiting, time out with a permitted code, or refuse others with VDS_E_ANOTHER_CALL_IN_PROGRESS meanwhile',
  },
  crash: {
    controlValue: FK.VDSC_FK_CRASH,
    breaks: "the provider's process ends during the next call on the object",
    must: 'tell the truth after it was started and loaded again',
    may: 'lose what the call was about, as long as the array and the provider agree',
  },
  'lose-event': {
    controlValue: FK.VDSC_FK_LOSE_EVENT,
    breaks: 'the next event of the array about a subsystem or its members does not reach the provider',
    ...EVENT,
  },
  'duplicate-event': {
    controlValue: FK.VDSC_FK_DUPLICATE_EVENT,
    breaks: 'the next event of the array about a subsystem or its members reaches the provider twice',
    ...EVENT,
  },
  'reorder-events': {
    controlValue: FK.VDSC_FK_REORDER_EVENTS,
    breaks: 'the next two events of the array about a subsystem or its members reach the provider in the other order',
    ...EVENT,
  },
  'transport-reset': {
    breaks: 'the connection is reset when an answer has come, of which nothing is passed on',
    ...TRANSPORT,
  },
  'transport-truncated': { breaks: "half of an answer's body is lost, and the connection ended", ...TRANSPORT },
  'transport-malformed': { breaks: "an answer's body is overwritten with what is no JSON", ...TRANSPORT },
  'transport-oversized': { breaks: 'an answer never ends', ...TRANSPORT },
  'transport-slow': { breaks: 'an answer comes in pieces, with pauses between them', ...TRANSPORT },
} as const satisfies Record<string, FaultKindDef>;

export type FaultKind = keyof typeof FAULT_KINDS;
/** A kind that IVdsConformanceControl has a value for. */
export type ControlledKind = {
  [K in FaultKind]: (typeof FAULT_KINDS)[K]['controlValue'] extends number ? K : never;
}[FaultKind];

export const isControlled = (kind: FaultKind): kind is ControlledKind => FAULT_KINDS[kind].controlValue !== undefined;
export const CONTROLLED = (Object.keys(FAULT_KINDS) as FaultKind[]).filter(isControlled);

export const CORRUPTION_FORMS = [
  'flipped-bytes',
  'lost-entry',
  'dangling-reference',
  'torn-write',
  'stale-entry',
] as const satisfies readonly FaultKind[];
export type CorruptionForm = (typeof CORRUPTION_FORMS)[number];

/** Damage to the cache and deletions are done and over: there is no cause that lasts, and nothing to heal. */
export const strikesOnce = (kind: FaultKind): boolean =>
  kind === 'delete-object' || (CORRUPTION_FORMS as readonly FaultKind[]).includes(kind);
