// The kinds of fault: those that a provider offers are contract data (control.json), those of the transport stand here.
// Budget for all of them: one fault at a time unless a check says otherwise, and nothing is damaged but the provider's
// cache, the one object named, or the way to it; the storage array keeps every other value, so a correct provider can
// always come back by healing, then Reenumerate followed by Refresh.
import { CORRUPTION_FORMS, OFFERED_FAULTS } from '../contract/generated/faults.js';

interface FaultKindDef {
  /** The value for IVdsConformanceControl::Inject; undefined for a kind that the harness makes by itself. */
  readonly controlValue: number | undefined;
  /**
   * `once`: it is done and over. `process`: until it is healed or the provider's process ends. `system`: until it is
   * healed.
   */
  readonly lasts: 'once' | 'process' | 'system';
  readonly breaks: string;
  /** A sentence of what happens to `{object}`, for the steps of a failure; what it breaks where it hits no object. */
  readonly happens?: string;
  readonly must: string;
  readonly may: string;
}

/** They strike the harness and its transport, not the provider, of which they therefore say nothing. */
const TRANSPORT = {
  controlValue: undefined,
  lasts: 'system',
  must:
    'end the call with a named error and a stable code, or its right answer; never send it again; leave the system ' +
    'as it is and go on, in this session or another',
  may: 'have carried the call out, whose answer was lost',
} as const;

export const FAULT_KINDS = {
  ...OFFERED_FAULTS,
  'transport-reset': {
    breaks: 'the connection is reset when an answer has come, of which nothing is passed on',
    ...TRANSPORT,
  },
  'transport-truncated': { breaks: "half of an answer's body is lost, and the connection ended", ...TRANSPORT },
  'transport-malformed': { breaks: "an answer's body is replaced by something that is not JSON", ...TRANSPORT },
  'transport-oversized': { breaks: 'an answer never ends', ...TRANSPORT },
  'transport-slow': { breaks: 'an answer comes in pieces, with pauses between them', ...TRANSPORT },
} as const satisfies Record<string, FaultKindDef>;

export type FaultKind = keyof typeof FAULT_KINDS;
/** A kind that IVdsConformanceControl has a value for. */
type ControlledKind = {
  [K in FaultKind]: (typeof FAULT_KINDS)[K]['controlValue'] extends number ? K : never;
}[FaultKind];

export const isControlled = (kind: FaultKind): kind is ControlledKind => FAULT_KINDS[kind].controlValue !== undefined;
export const CONTROLLED = (Object.keys(FAULT_KINDS) as FaultKind[]).filter(isControlled);

export { CORRUPTION_FORMS };
/** A way to damage an object's entry in the cache. */
export type CorruptionForm = (typeof CORRUPTION_FORMS)[number];

/** `bits of lun#1 are flipped in the provider's cache`; the name of a kind that is not known. */
export function whatHappens(kind: string, object: string): string {
  if (!Object.hasOwn(FAULT_KINDS, kind)) return `${kind} of ${object}`;
  const { happens, breaks }: FaultKindDef = FAULT_KINDS[kind as FaultKind];
  const text = happens ?? breaks;
  // Of a fault that hits the whole provider there is no object to name.
  return (object === 'provider' ? text.replace(' about {object}', '') : text).replace('{object}', object);
}

/** Damage to the cache and deletions are done and over: no cause lasts, and nothing is to heal. */
export const strikesOnce = (kind: FaultKind): boolean => FAULT_KINDS[kind].lasts === 'once';

/**
 * They stand in the provider's process, or between it and its array, and end with it; the others last in the cache or
 * the array.
 */
export const endsWithProcess = (kind: FaultKind): boolean => FAULT_KINDS[kind].lasts === 'process';
