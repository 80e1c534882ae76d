// The explanation of a check that did not pass, for every report: the duty, the call, the answer, and how to see it
// again. It decides nothing and lays nothing out; the text is still as the provider gave it.
import { REQUIREMENTS, type Requirement } from '../../contract/requirements.js';
import type { CallEntry, FaultEntry, NotificationEntry } from '../../port/trace-entry.js';
import type { RunHeader } from '../../run/events.js';
import { commandFor } from '../../run/repeat-command.js';
import { breaking, brokenDuty, isSeenAfter, showingCall, typeOf } from '../../run/symptom.js';
import type { CheckResult, FaultVerdict, Finding, Reproduction, Verdict } from '../../checks/outcome.js';
import { acts, blameOf, leadsTo, readingOf, sinceChange, sinceFault, type Blame } from './blame.js';

export interface Explanation {
  /** The id of the broken requirement (failed), or the stable code (crashed, hung, error); else the verdict. */
  readonly type: string;
  readonly verdict: Verdict;
  /** The broken requirement; absent when nothing is broken, or the catalogue has no such id. */
  readonly requirement?: Requirement;
  /** The problem, or the reason why the check did not come to a verdict. */
  readonly message: string;
  /** Of a crash, hang or error: the message without its hint and code. */
  readonly problem?: string;
  /** What to do about a crash, hang or error. */
  readonly hint?: string;
  /** The call that showed it, or during which the provider was lost. */
  readonly call?: CallEntry;
  /** The calls that led to it, and which of them is to blame; absent where no call shows it. */
  readonly blame?: Blame;
  /** Where no call shows it, of a few the last that did something. */
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
  /** Shows it again. */
  readonly command: string;
  /** Whether the command was seen to show it again. */
  readonly isSeen: boolean;
  /** A remark on that, in a sentence; absent where there is nothing. */
  readonly reproduced?: string;
}

const BY_ID: ReadonlyMap<string, Requirement> = new Map(REQUIREMENTS.map((r) => [r.id, r]));

/** The catalogue's entry, or undefined: a report about an id that the catalogue lost is better than none. */
export function requirementOf(id: string): Requirement | undefined {
  return BY_ID.get(id);
}

export { isBroken, isFailure } from '../../checks/outcome.js';
export { callOf } from '../../run/symptom.js';

const times = (n: number): string => (n === 1 ? '1 try' : `${n} tries`);

/** A remark on the command that repeats a failure, a sentence without its full stop. */
function reproductionSentence({ status, tries, reason, like }: Reproduction): string | undefined {
  const cut = reason === undefined ? '' : `, as ${reason}`;
  if (like !== undefined) return `not tried: the command runs ${like}, which failed alike and did so again`;
  switch (status) {
    case 'alone':
      return undefined;
    case 'with':
      return `after these checks; alone, the check passes (${times(tries)}${cut && `; stopped early${cut}`})`;
    case 'not-reproduced':
      return `no, in ${times(tries)}${cut}: seen in the whole run only, which the command repeats`;
    case 'not-tried':
      return `not tried${cut}`;
  }
}

const isSeenAgain = (reproduction: Reproduction | undefined): boolean =>
  reproduction !== undefined &&
  reproduction.like === undefined &&
  (reproduction.status === 'alone' || reproduction.status === 'with');

const faultOf = ({ trace = [] }: CheckResult): FaultEntry | undefined =>
  trace.findLast((entry): entry is FaultEntry => entry.type === 'fault' && entry.phase === undefined);

/** A check of more calls compares what it has read of the whole system, and its last call says nothing. */
const FEW_CALLS = 100;

/** The last call of a check's body that did something, or else the last of all; the body ends with what it found. */
function lastCallOf({ calls, trace = [] }: CheckResult): CallEntry | undefined {
  if (calls > FEW_CALLS) return undefined;
  const body = trace.filter((entry): entry is CallEntry => entry.type === 'call' && entry.phase === undefined);
  return body.findLast(acts) ?? body.at(-1);
}

function blameIn(
  result: CheckResult,
  broken: Requirement | undefined,
  finding: Finding | undefined,
  call: CallEntry | undefined,
): Blame | undefined {
  if (finding === undefined) return call === undefined ? undefined : leadsTo(result, call);
  // Which call of that check changed it is not in the trace of the one that saw it.
  if (isSeenAfter(result)) return undefined;
  const shown = call ?? readingOf(result, finding);
  if (broken === undefined) return undefined;
  if (shown === undefined) {
    if (finding.call !== undefined) return undefined;
    return sinceFault(result, broken) ?? (result.calls > FEW_CALLS ? undefined : sinceChange(result, finding));
  }
  return blameOf(result, broken, finding, shown);
}

/** Explains a result of any verdict. */
export function explain(result: CheckResult, header: RunHeader): Explanation {
  const finding = breaking(result);
  const type = typeOf(result);
  const call = showingCall(result);
  const shown = result.trace?.find((entry) => entry.number === finding?.call);
  const duty = brokenDuty(result);
  const broken = duty === undefined ? undefined : requirementOf(duty);
  const blame = blameIn(result, broken, finding, call);
  const last =
    result.verdict === 'failed' && call === undefined && blame?.shown === undefined ? lastCallOf(result) : undefined;
  const fault = faultOf(result);
  const faultVerdict = finding?.faultVerdict ?? result.faultVerdict;
  const reproduced = result.reproduction === undefined ? undefined : reproductionSentence(result.reproduction);
  return {
    type,
    verdict: result.verdict,
    ...(broken === undefined ? {} : { requirement: broken }),
    message: finding?.message ?? result.reason ?? result.verdict,
    ...(result.problem === undefined ? {} : { problem: result.problem }),
    ...(result.hint === undefined ? {} : { hint: result.hint }),
    ...(call === undefined ? {} : { call }),
    ...(blame === undefined ? {} : { blame }),
    ...(last === undefined || shown !== undefined ? {} : { lastCall: last }),
    ...(shown?.type === 'notification' ? { notification: shown } : {}),
    ...(finding === undefined ? {} : { finding }),
    ...(faultVerdict === undefined ? {} : { faultVerdict }),
    ...(fault === undefined ? {} : { fault }),
    ...(result.known === undefined
      ? {}
      : { excuse: `known failure until ${result.known.expires}: ${result.known.reason}` }),
    otherFindings: result.findings.filter((f) => f !== finding),
    command: commandFor(header, result),
    isSeen: isSeenAgain(result.reproduction),
    ...(reproduced === undefined ? {} : { reproduced }),
  };
}
