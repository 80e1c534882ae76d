// The explanation of a check that did not pass, for every report: the duty, the call, the answer, and how to see it
// again. It decides nothing and lays nothing out; the text is still as the provider gave it.
import { REQUIREMENTS, type Requirement } from '../../contract/requirements.js';
import type { CallEntry, FaultEntry, NotificationEntry } from '../../port/trace-entry.js';
import type { RunHeader } from '../../run/events.js';
import { commandFor } from '../../run/repeat-command.js';
import { breaking, showingCall, typeOf } from '../../run/symptom.js';
import type { CheckResult, FaultVerdict, Finding, Reproduction } from '../../checks/outcome.js';

export interface Explanation {
  /** The id of the broken requirement (failed), or the stable code (crashed, hung, error); else the verdict. */
  readonly type: string;
  /** The broken requirement; absent when nothing is broken, or the catalogue has no such id. */
  readonly requirement?: Requirement;
  /** The problem, or the reason why the check did not come to a verdict. */
  readonly message: string;
  /** The call that showed it, or during which the provider was lost. */
  readonly call?: CallEntry;
  /** Where it follows from a few calls, the last of them. */
  readonly lastCall?: CallEntry;
  /** The call of OnNotify that showed it. */
  readonly notification?: NotificationEntry;
  /** The finding that made the check fail. */
  readonly finding?: Finding;
  readonly faultVerdict?: FaultVerdict;
  /** The last fault before the failure was seen. */
  readonly fault?: FaultEntry;
  /** Why it is accepted, in a sentence; absent unless a baseline excuses it. */
  readonly excuse?: string;
  /** Findings beside the one that is explained. */
  readonly otherFindings: readonly Finding[];
  /** Whether the failure was seen again, in a sentence; absent where the run says nothing of it. */
  readonly reproduced?: string;
  /** Shows it again. */
  readonly command: string;
}

const BY_ID: ReadonlyMap<string, Requirement> = new Map(REQUIREMENTS.map((r) => [r.id, r]));

/** The catalogue's entry, or undefined: a report about an id that the catalogue lost is better than none. */
export function requirementOf(id: string): Requirement | undefined {
  return BY_ID.get(id);
}

export { isBroken, isFailure } from '../../checks/outcome.js';
export { callOf } from '../../run/symptom.js';

const times = (n: number): string => (n === 1 ? '1 try' : `${n} tries`);

/** Whether a failure was seen again, in a sentence without its full stop. */
function reproductionSentence({ status, checks, tries, reason, like }: Reproduction): string {
  const others = checks.length - 1;
  const again =
    others === 0
      ? 'fails again by itself'
      : `fails again after ${others === 1 ? 'a check' : `${others} checks`} before it`;
  if (like !== undefined) return `not tried by itself, as ${like} fails alike: that ${again}`;
  const cut = reason === undefined ? '' : `, as ${reason}`;
  switch (status) {
    case 'alone':
      return again;
    case 'with':
      return `${again}, and not by itself (${times(tries)}${cut === '' ? '' : `; stopped early${cut}`})`;
    case 'not-reproduced':
      return `not reproduced in ${times(tries)}${cut}: seen in the whole run only`;
    case 'not-tried':
      return `not tried${cut}`;
  }
}

/** The duty that a crash breaks: a loaded provider keeps running. */
const KEEPS_RUNNING = 'VDS-2.7';

const faultOf = ({ trace = [] }: CheckResult): FaultEntry | undefined =>
  trace.findLast((entry): entry is FaultEntry => entry.type === 'fault' && entry.phase === undefined);

/** A check of more calls compares what it has read of the whole system, and its last call says nothing. */
const FEW_CALLS = 100;

/** The last call of a check's body, which ends with what it found. */
const lastCallOf = ({ calls, trace = [] }: CheckResult): CallEntry | undefined =>
  calls > FEW_CALLS
    ? undefined
    : trace.findLast((entry): entry is CallEntry => entry.type === 'call' && entry.phase === undefined);

/** Explains a result of any verdict. */
export function explain(result: CheckResult, header: RunHeader): Explanation {
  const finding = breaking(result);
  const type = typeOf(result);
  const call = showingCall(result);
  const shown = result.trace?.find((entry) => entry.number === finding?.call);
  const last = result.verdict === 'failed' && call === undefined ? lastCallOf(result) : undefined;
  const broken =
    result.verdict === 'failed'
      ? requirementOf(type)
      : result.verdict === 'crashed'
        ? requirementOf(KEEPS_RUNNING)
        : undefined;
  const fault = faultOf(result);
  const faultVerdict = finding?.faultVerdict ?? result.faultVerdict;
  return {
    type,
    ...(broken === undefined ? {} : { requirement: broken }),
    message: finding?.message ?? result.reason ?? result.verdict,
    ...(call === undefined ? {} : { call }),
    ...(last === undefined || shown !== undefined ? {} : { lastCall: last }),
    ...(shown?.type === 'notification' ? { notification: shown } : {}),
    ...(finding === undefined ? {} : { finding }),
    ...(faultVerdict === undefined ? {} : { faultVerdict }),
    ...(fault === undefined ? {} : { fault }),
    ...(result.known === undefined
      ? {}
      : { excuse: `known failure until ${result.known.expires}: ${result.known.reason}` }),
    otherFindings: result.findings.filter((f) => f !== finding),
    ...(result.reproduction === undefined ? {} : { reproduced: reproductionSentence(result.reproduction) }),
    command: commandFor(header, result),
  };
}

/** In the place of the call, for a failure that follows from several. */
export const SEVERAL_CALLS = 'several calls together; see the trace in the evidence';
