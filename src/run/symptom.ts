// The symptom of a check that failed: what was observed, as far as another check that observed the same would say so
// too. Failures of one symptom have one cause; by it a run reproduces each cause once, a family stops, and reports
// group.
import { failed, HR, isPermitted } from '../contract/hresult.js';
import { allMethods } from '../contract/tables.js';
import type { Json } from '../contract/codec.js';
import type { CallEntry } from '../port/trace-entry.js';
import type { CheckResult, Finding } from '../checks/outcome.js';

const CODE_WHEN_NONE = { crashed: 'VDSC_CRASHED', hung: 'VDSC_HUNG', error: 'VDSC_INTERNAL' } as const;

/**
 * The finding that made the check fail. A body ends with it, so it is the last; those before it were not grave enough
 * to end it.
 */
export function breaking(result: CheckResult): Finding | undefined {
  return result.verdict === 'failed' ? result.findings.at(-1) : undefined;
}

/** The id of the broken requirement (failed), or the stable code (crashed, hung, error); else the verdict. */
export function typeOf(result: CheckResult): string {
  switch (result.verdict) {
    case 'failed':
      return breaking(result)?.requirement ?? result.requirements[0] ?? result.verdict;
    case 'crashed':
    case 'hung':
    case 'error':
      return result.code ?? CODE_WHEN_NONE[result.verdict];
    default:
      return result.verdict;
  }
}

/** The duties that a provider breaks which dies, or does not answer. */
const DUTY_OF = { crashed: 'VDS-2.7', hung: 'VDS-0.2d' } as const;

/** The id of the duty that a result shows broken; undefined where it shows none. */
export function brokenDuty(result: CheckResult): string | undefined {
  const { verdict } = result;
  if (verdict === 'failed') return typeOf(result);
  return verdict === 'crashed' || verdict === 'hung' ? DUTY_OF[verdict] : undefined;
}

/** The call that a finding names, where the trace still has it. */
export function callOf({ trace = [] }: CheckResult, finding: Finding): CallEntry | undefined {
  const found = finding.call === undefined ? undefined : trace.find((entry) => entry.number === finding.call);
  return found?.type === 'call' ? found : undefined;
}

/**
 * The last call of the body that got no answer, or one that cannot be taken: a crash, hang or error happened during it.
 */
const lostIn = ({ trace = [], verdict }: CheckResult): CallEntry | undefined =>
  trace.findLast(
    (entry): entry is CallEntry =>
      entry.type === 'call' && (entry.mark === 'died' || (verdict === 'error' && entry.error === BAD_ANSWER)),
  );

/** The code of an answer that breaks what every interface promises, as one that writes past the caller's memory. */
const BAD_ANSWER = 'VDSC_PROTOCOL';

/** The call that showed what is wrong, or during which the provider was lost. */
export function showingCall(result: CheckResult): CallEntry | undefined {
  const finding = breaking(result);
  return finding === undefined ? lostIn(result) : callOf(result, finding);
}

/** Whether a failure is what was seen of another check, or of this one, when it had ended. */
export const isSeenAfter = (result: CheckResult): boolean => breaking(result)?.nature === 'seen-afterwards';

/**
 * How directly a failure shows what is wrong, the higher the better: a check written by hand of which the duty is
 * broken, which names the call, and had no fault in it. 0 where it is about another duty, or shows what is left of
 * another check.
 */
export function clarityOf(result: CheckResult): number {
  const hadFault = (breaking(result)?.faultVerdict ?? result.faultVerdict) !== undefined;
  if (result.verdict !== 'failed' || !result.requirements.includes(typeOf(result))) return 0;
  // The check of a fault says best that it was not survived.
  if ((result.matrix !== undefined && !hadFault) || isSeenAfter(result)) return 0;
  return 1 + (showingCall(result) === undefined ? 0 : 1) + (hadFault ? 0 : 1);
}

/** The kind of a value: two lists that differ are one symptom, a list and nothing are another. */
export function shape(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[…]';
  if (typeof value === 'object' && 'words' in value) return value['words'] === 'never' ? 'never' : 'words';
  return typeof value === 'object' || value === 'present' || value === 'missing' || value === 'absent'
    ? JSON.stringify(value)
    : typeof value;
}

/** Whether a code says that something is wrong, or is one that the method may not answer. */
function isWrongAnswer(fullName: string, hr: number): boolean {
  const method = allMethods.find((each) => each.fullName === fullName);
  return failed(hr) || (method !== undefined && !isPermitted(method, hr));
}

/** The symptom of a check that failed, as a key. */
export function symptomOf(result: CheckResult): string {
  const call = showingCall(result);
  const finding = breaking(result);
  const type = typeOf(result);
  const method = call?.method ?? '';
  if (result.verdict !== 'failed')
    return JSON.stringify([result.verdict, type, method, method === '' ? (result.problem ?? result.reason) : '']);
  // A value that is reported by a code.
  if (method === 'IVdsSubSystemImportTarget.GetImportTarget' && call?.hr === HR.VDS_E_NO_IMPORT_TARGET)
    return JSON.stringify(['value', 'subsystem importTarget', 'string', 'null']);
  // One value is wrong in one way, by whichever call it was read.
  if (finding?.member !== undefined)
    return JSON.stringify(['value', finding.member, shape(finding.expected), shape(finding.actual)]);
  // A wrong answer is the same symptom wherever it is met.
  if (call?.hr !== undefined && isWrongAnswer(method, call.hr)) return JSON.stringify(['answer', method, call.hr]);
  return JSON.stringify(['duty', type, method, shape(finding?.expected), shape(finding?.actual), finding?.nature]);
}
