// What a reader of any report wants to know about a check that did not pass: the duty, the call, the answer, and how to see it again.
// It decides nothing and lays nothing out; the text is still as the provider gave it.
import { REQUIREMENTS, type Requirement } from '../../contract/requirements.js';
import type { CallEntry, NotificationEntry } from '../../port/trace-entry.js';
import type { RunHeader } from '../../run/events.js';
import { repeatCommand } from '../../run/repeat-command.js';
import type { CheckResult, FaultVerdict, Finding } from '../../checks/outcome.js';

export interface Explanation {
  /** The id of the broken requirement (failed), or the stable code (crashed, hung, error); else the verdict. */
  readonly type: string;
  /** The broken requirement; absent when nothing is broken, or the catalogue has no such id. */
  readonly requirement?: Requirement;
  /** What is wrong, or why the check did not come to a verdict. */
  readonly message: string;
  /** The call that showed it, or during which the provider was lost. */
  readonly call?: CallEntry;
  /** The call of OnNotify that showed it. */
  readonly notification?: NotificationEntry;
  /** The finding that made the check fail. */
  readonly finding?: Finding;
  readonly faultVerdict?: FaultVerdict;
  /** Why it is accepted, in a sentence; absent unless a baseline excuses it. */
  readonly excuse?: string;
  /** Findings beside the one that is explained. */
  readonly otherFindings: readonly Finding[];
  /** Shows it again. */
  readonly command: string;
}

const BY_ID: ReadonlyMap<string, Requirement> = new Map(REQUIREMENTS.map((r) => [r.id, r]));

/** The catalogue's entry, or undefined: a report about an id that the catalogue lost is better than none. */
export function requirementOf(id: string): Requirement | undefined {
  return BY_ID.get(id);
}

const CODE_WHEN_NONE = { crashed: 'VDSC_CRASHED', hung: 'VDSC_HUNG', error: 'VDSC_INTERNAL' } as const;

export { isBroken, isFailure } from '../../checks/outcome.js';

/** The finding that made the check fail. A body ends with it, so it is the last; those before it were not grave enough to end it. */
function breaking(result: CheckResult): Finding | undefined {
  return result.verdict === 'failed' ? result.findings.at(-1) : undefined;
}

function typeOf(result: CheckResult, finding: Finding | undefined): string {
  switch (result.verdict) {
    case 'failed':
      return finding?.requirement ?? result.requirements[0] ?? result.verdict;
    case 'crashed':
    case 'hung':
    case 'error':
      return result.code ?? CODE_WHEN_NONE[result.verdict];
    default:
      return result.verdict;
  }
}

/** The call that a finding names, where the trace still has it. */
export function callOf({ trace = [] }: CheckResult, finding: Finding): CallEntry | undefined {
  const found = finding.call === undefined ? undefined : trace.find((entry) => entry.number === finding.call);
  return found?.type === 'call' ? found : undefined;
}

/** The last call of the body that got no answer: a crash or hang happened during it. */
const lostIn = ({ trace = [] }: CheckResult): CallEntry | undefined =>
  trace.findLast((entry) => entry.type === 'call' && entry.mark === 'died') as CallEntry | undefined;

/** Explains a result of any verdict. */
export function explain(result: CheckResult, header: RunHeader): Explanation {
  const finding = breaking(result);
  const type = typeOf(result, finding);
  const call = finding === undefined ? lostIn(result) : callOf(result, finding);
  const shown = result.trace?.find((entry) => entry.number === finding?.call);
  const broken = result.verdict === 'failed' ? requirementOf(type) : undefined;
  const faultVerdict = finding?.faultVerdict ?? result.faultVerdict;
  return {
    type,
    ...(broken === undefined ? {} : { requirement: broken }),
    message: finding?.message ?? result.reason ?? result.verdict,
    ...(call === undefined ? {} : { call }),
    ...(shown?.type === 'notification' ? { notification: shown } : {}),
    ...(finding === undefined ? {} : { finding }),
    ...(faultVerdict === undefined ? {} : { faultVerdict }),
    ...(result.known === undefined
      ? {}
      : { excuse: `known failure until ${result.known.expires}: ${result.known.reason}` }),
    otherFindings: result.findings.filter((f) => f !== finding),
    command: repeatCommand(header, result.id),
  };
}

/** In the place of the call, for a failure that follows from several. */
export const SEVERAL_CALLS = 'several calls together; see the trace in the evidence';
