// By what two failures of different symptoms are known to have one cause: keys, of which one in common is enough.
import { REQUIREMENTS } from '../../contract/requirements.js';
import type { CallEntry } from '../../port/trace-entry.js';
import type { CheckResult } from '../../checks/outcome.js';
import { acts, gaveEnumerator, giverOf, RECOVERY } from './blame.js';
import type { Explanation } from './explain.js';

interface Seen {
  readonly result: CheckResult;
  readonly explained: Explanation;
}

/** The keys of a failure. */
export function kinOf({ result, explained }: Seen): string[] {
  if (result.verdict === 'crashed' || result.verdict === 'hung') return [deathKin(result, explained)].flat();
  return result.verdict === 'failed'
    ? [...dutyKin(explained), ...listKin(result, explained), ...eventKin(explained)]
    : [];
}

/** An event that did not come, whatever it was waited for. */
const eventKin = ({ finding }: Explanation): string[] =>
  finding?.event === undefined ? [] : [`event ${finding.event}`];

/** A duty of one method, which that method broke in whatever way. */
function dutyKin({ requirement, blame, call }: Explanation): string[] {
  const methods = [...(blame?.path ?? []), ...(call === undefined ? [] : [call])].flatMap((entry) =>
    // Any duty may show after the pair, which says nothing of it.
    entry.type === 'call' && acts(entry) && !RECOVERY.has(entry.method) ? [entry.method] : [],
  );
  if (requirement === undefined) return [];
  const family = requirement.id.replace(/[a-z]$/, '');
  const isOf = (method: string): boolean =>
    FAMILY_METHODS.get(family)?.has(method.slice(method.indexOf('.') + 1)) === true;
  return [...new Set(methods)].filter(isOf).map((method) => `duty ${family} ${method}`);
}

/** The methods that the statements of a family of duties name, as VDS-1.4a and VDS-1.4c are one. */
const FAMILY_METHODS: ReadonlyMap<string, ReadonlySet<string>> = (() => {
  const families = new Map<string, Set<string>>();
  for (const { id, statement } of REQUIREMENTS) {
    const family = id.replace(/[a-z]$/, '');
    const named = families.get(family) ?? new Set();
    for (const word of statement.match(/\b[A-Z]\w+\b/g) ?? []) named.add(word);
    families.set(family, named);
  }
  return families;
})();

/** A list that holds the wrong objects is wrong by whichever method of its enumerator that is seen. */
function listKin({ trace = [] }: CheckResult, { call, finding, blame }: Explanation): string[] {
  const shown = call ?? blame?.shown;
  if (shown === undefined || finding === undefined) return [];
  if (gaveEnumerator(shown)) return [`list ${shown.method}`];
  if (!isOfEnumerator(shown)) return [];
  let query: CallEntry | undefined = shown;
  const calls = trace.filter((entry): entry is CallEntry => entry.type === 'call' && entry.number < shown.number);
  // A clone comes from another enumerator.
  while (query !== undefined && isOfEnumerator(query)) query = giverOf(calls, query.object);
  return query === undefined ? [] : [`list ${query.method}`];
}

const isOfEnumerator = ({ method }: CallEntry): boolean => method.startsWith('IEnumVdsObject.');

/** A provider that dies in a call on what is gone does so in each method of the object. */
function deathKin({ verdict, trace = [] }: CheckResult, { call }: Explanation): string[] {
  if (call === undefined) return [];
  const before = trace.filter((entry) => entry.number < call.number);
  const wasDeleted = before.some((entry) =>
    entry.type === 'fault'
      ? GONE.has(entry.kind)
      : entry.type === 'call' && entry.method.endsWith('.Delete') && entry.object === call.object,
  );
  return wasDeleted ? [`${verdict} ${call.method.slice(0, call.method.indexOf('.'))} deleted`] : [];
}

/** Faults by which an object goes. */
const GONE: ReadonlySet<string> = new Set(['delete-object', 'recreate-object', 'disconnect']);
