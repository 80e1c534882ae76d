// How a check ends, and how that is reported: verdicts, findings, and the errors by which a check's body leaves early.
import type { Level } from '../contract/requirements.js';
import type { Json } from '../contract/codec.js';
import type { MethodName } from '../contract/tables.js';
import type { TraceEntry } from '../port/trace-entry.js';
import type { TraceRecord } from '../port/trace.js';

export const VERDICTS = ['passed', 'failed', 'crashed', 'hung', 'error', 'inconclusive', 'not-applicable'] as const;
/** `error` is what is wrong with the set-up or the harness; crashed and hung are the provider's. */
export type Verdict = (typeof VERDICTS)[number];

/**
 * Verdicts that need no second look: nothing is broken and nothing is open. The others may have left the system in any
 * state.
 */
export const isSettled = (verdict: Verdict): boolean => verdict === 'passed' || verdict === 'not-applicable';

const BROKEN: ReadonlySet<Verdict> = new Set(['failed', 'crashed', 'hung', 'error']);

/** Whether the check shows something broken: the provider's duty, the provider itself, or the set-up. */
export const isBroken = ({ verdict }: Pick<CheckResult, 'verdict'>): boolean => BROKEN.has(verdict);
/** The same where it counts, as no baseline excuses it. */
export const isFailure = (result: Pick<CheckResult, 'verdict' | 'known'>): boolean =>
  result.known === undefined && isBroken(result);

/** How a fault case ended; exactly one. */
export const FAULT_VERDICTS = [
  'recovered',
  'detected, not recovered',
  'wrong result code',
  'silent wrong data',
  'crashed',
  'hung',
  'inconclusive',
  'not applicable',
] as const;
export type FaultVerdict = (typeof FAULT_VERDICTS)[number];

export const NATURES = ['unasked-change', 'seen-afterwards'] as const;
/** A value that changed although no call was to change it; or what was seen when a check had ended, and not by it. */
export type Nature = (typeof NATURES)[number];

/** A duty that was not kept. */
export interface Finding {
  readonly requirement: string;
  readonly level: Level;
  /** The call, its answer and the expected one, in one or two sentences. */
  readonly message: string;
  /** The entry of the trace, a call or a notification, that showed it; absent when it follows from several. */
  readonly call?: number;
  /** The value that was compared: `subsystem importTarget`. */
  readonly member?: string;
  /** The object whose member it is: `lun#1`. */
  readonly of?: string | undefined;
  readonly expected?: Json;
  readonly actual?: Json;
  /** The objects that the message names: `lun#1`. */
  readonly objects?: readonly string[];
  /** The event of the notification that it is about: `VDS_NF_LUN_ARRIVE`. */
  readonly event?: string;
  /** The query whose list it is about: `IVdsSubSystem.QueryLuns`. */
  readonly query?: string;
  readonly nature?: Nature;
  /** Another answer that would have been as good, in words: `a failure`. */
  readonly orElse?: string;
  /** The GUIDs behind the names that were expected or came, where the value is an id. */
  readonly ids?: Readonly<Record<string, string>>;
  /** The steps of a tour or story that led to it, in words; the last of them showed it. */
  readonly steps?: readonly string[];
  readonly faultVerdict?: FaultVerdict;
}

export const NOTE_KINDS = ['fault', 'reading', 'caching', 'clean-up', 'observation'] as const;
/**
 * A fault that was shown to have happened; a reading that the provider chose; a lawful answer from its cache; what
 * could not be taken back; the rest.
 */
export type NoteKind = (typeof NOTE_KINDS)[number];

/** An observation that is not a finding. */
export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
  /** How often it was made; once where it is absent. */
  readonly times?: number;
}

/**
 * Where a generated check stands in the product of faults, methods and moments; reports draw its suite's checks as a
 * table.
 */
export interface MatrixCell {
  /** The fault kind, or the way in which the object vanishes. */
  readonly fault: string;
  /** The contract's full name of the method: `IVdsLun.GetProperties`. */
  readonly method: string;
  /** When, or by which reference, the method is called. */
  readonly moment: string;
}

export const REPRODUCTION_STATUSES = ['alone', 'with', 'not-reproduced', 'not-tried'] as const;
/** Seen to fail again by itself; after the few checks before it that it needs; in no try; or never tried. */
export type ReproductionStatus = (typeof REPRODUCTION_STATUSES)[number];

/** Whether a failure was seen again, and by which checks. */
export interface Reproduction {
  readonly status: ReproductionStatus;
  /**
   * Ids of the checks that were seen to show the failure, on a fresh system and in this order; the last of them failed.
   * Where `like` is present, they are that check's. Empty where nothing was seen to.
   */
  readonly checks: readonly string[];
  /** How often something was run to see it again. */
  readonly tries: number;
  /** Why it was not tried, or not to the end. */
  readonly reason?: string;
  /** The check of the same run and symptom that was reproduced instead. */
  readonly like?: string;
}

/** Which commands of the model a check made while an object was in a state, by the role of that to the call's own. */
export interface VisitedCells {
  /** The state: `OFFLINE`, `lost-entry`, `just made`. */
  readonly state: string;
  /** By command the roles: `container subsystem`, `sibling LUN`. */
  readonly seen: Readonly<Record<string, readonly string[]>>;
  /** Those that the provider has, and that did not come up. */
  readonly left: Readonly<Record<string, readonly string[]>>;
}

/** Which commands of the model a check played one directly after the other. */
export interface PlayedPairs {
  /** Between two of them: `nothing`, or what else the check is about, as `overlap` and `damage`. */
  readonly between: string;
  /** By command, those that directly followed it; one that was played and that none followed has an empty list. */
  readonly followers: Readonly<Record<string, readonly string[]>>;
}

/** The outcome of one check, in a form that crosses processes and files. */
export interface CheckResult {
  readonly id: string;
  readonly suite: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /**
   * Those of its requirements of which a check that passed has judged nothing, as what they are about did not come up;
   * absent if there are none.
   */
  readonly unjudged?: readonly string[];
  /** As the check has it. */
  readonly matrix?: MatrixCell;
  /** Of a tour of the model's commands. */
  readonly pairs?: PlayedPairs;
  /** Of a tour through states. */
  readonly visited?: readonly VisitedCells[];
  readonly verdict: Verdict;
  readonly faultVerdict?: FaultVerdict;
  /**
   * The broken duty (failed), the call during which it happened (crashed, hung), or the reason (the others). Absent
   * when passed.
   */
  readonly reason?: string;
  /** The stable code of a crash, hang or error. */
  readonly code?: string;
  /** The reason of a crash, hang or error without its hint and code. */
  readonly problem?: string;
  /** What to do about a crash, hang or error. */
  readonly hint?: string;
  /** MUST findings fail the check; SHOULD findings do so under --strict only. */
  readonly findings: readonly Finding[];
  /**
   * Observations that are no findings: legal caching, the reading chosen where the documents allow several, what a
   * fault changed.
   */
  readonly notes: readonly Note[];
  /** The calls, oldest first. Of a check that passed, only those that its findings name; absent if there are none. */
  readonly trace?: readonly TraceEntry[];
  /** Lines that the provider's own process printed meanwhile; absent of a check that passed. */
  readonly output?: readonly string[];
  readonly calls: number;
  readonly ms: number;
  /** Present when it is broken and the run's baseline excuses it. */
  readonly known?: KnownFailure;
  /** Present when it is broken, and a run that reproduces failures made it. */
  readonly reproduction?: Reproduction;
}

/** Why a failure is accepted, and until when (YYYY-MM-DD, UTC, the last day). */
export interface KnownFailure {
  readonly reason: string;
  readonly expires: string;
}

/** Thrown by a check's body when a duty is broken and going on makes no sense. */
export class DutyBroken extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
    this.name = 'DutyBroken';
  }
}

/** Thrown when the provider lawfully lacks what the check is about. */
export class NotApplicable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotApplicable';
  }
}

/** Thrown when the check could not be carried out, so that neither pass nor failure would be true. */
export class Inconclusive extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Inconclusive';
  }
}

/** A check that changes the system was held back from one that must not be changed. */
export class HeldBack extends Inconclusive {
  constructor(reason: string) {
    super(reason);
    this.name = 'HeldBack';
  }
}

/** The stable code of a check that was held back because the run only reads. */
export const HELD_BACK = 'VDSC_HELD_BACK';
/** The stable code of a check that was held back where it would have changed what lies outside the scope of the run. */
export const OUT_OF_SCOPE = 'VDSC_OUT_OF_SCOPE';

/** The stable code of a cell of a generated family that was not run, as others of the family had failed alike. */
export const LEFT_OUT = 'VDSC_LEFT_OUT';

/** Whether a run chose not to begin the check, so that there is nothing to see of it but the reason. */
export const wasNotBegun = ({ code }: Pick<CheckResult, 'code'>): boolean => code === HELD_BACK || code === LEFT_OUT;

/** The evidence of a finding: a call or a notification, and a value. A call's result is evidence of the call. */
export interface Evidence {
  readonly record?: TraceRecord | undefined;
  readonly member?: string;
  /** The object whose member it is, as a message names it. */
  readonly of?: string | undefined;
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** The number of the event of the notification that it is about. */
  readonly event?: number;
  /** The full name of the query whose list it is about. */
  readonly query?: MethodName;
  readonly nature?: Nature;
  /** Another answer that would have been as good, in words: `a failure`. */
  readonly orElse?: string;
  readonly steps?: readonly string[];
}

type Reason = typeof DutyBroken | typeof NotApplicable | typeof Inconclusive;

/** Does one thing; gives undefined where it ends for one of these reasons. */
const excusedBy =
  (...reasons: readonly Reason[]) =>
  async <T>(make: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await make();
    } catch (error) {
      if (reasons.some((reason) => error instanceof reason)) return undefined;
      throw error;
    }
  };

/** Does one thing, and goes on where the array refuses it. */
export const attempt = excusedBy(DutyBroken, NotApplicable, Inconclusive);

/** Does one thing where the provider supports it. */
export const whereSupported = excusedBy(NotApplicable);

/** The same of what cannot be done at the moment: an array that is nearly full has room for fewer. */
export const wherePossible = excusedBy(Inconclusive);

/** Both: there is support for it, and room. */
export const whereOffered = excusedBy(NotApplicable, Inconclusive);
