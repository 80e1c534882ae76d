// The calls that lead to what a failure shows, from its trace: the reading that shows a wrong value is seldom the call
// to blame. Pure: it decides no verdict, and gives nothing where the trace does not say.
import { DEVICE_KINDS, MAKEABLE } from '../../contract/generated/objects.js';
import { changesSystem } from '../../contract/effects.js';
import type { Requirement } from '../../contract/requirements.js';
import { allMethods, type Method } from '../../contract/tables.js';
import type { Json } from '../../contract/codec.js';
import type { CallEntry, FaultEntry, TraceEntry } from '../../port/trace-entry.js';
import type { CheckResult, Finding } from '../../checks/outcome.js';

export interface Blame {
  /** The call that shows it, the last of the path. */
  readonly shown?: CallEntry;
  /** The call whose effect is wrong; absent where it is one of several. */
  readonly call?: CallEntry;
  /** Those calls and faults, and what shows it, oldest first. */
  readonly path: readonly TraceEntry[];
  /** The numbers of the calls of which one is to blame. */
  readonly suspects: readonly number[];
  /** The number of the call that read the same before them and was right, where it stands in the path. */
  readonly well?: number;
}

/** They change nothing at the array, and yet what a later call answers. */
const STEERING: ReadonlySet<string> = new Set([
  'IVdsProviderPrivate.OnLoad',
  'IVdsProviderPrivate.OnUnload',
  'IVdsHwProvider.Reenumerate',
  'IVdsHwProvider.Refresh',
  'IVdsSubSystem.Reenumerate',
  'IEnumVdsObject.Skip',
  'IEnumVdsObject.Reset',
  'IEnumVdsObject.Clone',
]);

const BY_NAME: ReadonlyMap<string, Method> = new Map(allMethods.map((m) => [m.fullName, m]));

const pageOf = ({ method }: CallEntry): string => BY_NAME.get(method)?.page ?? '';

/** Whether a call does something that a later answer may show. */
export const acts = (call: CallEntry): boolean => {
  const known = BY_NAME.get(call.method);
  return (
    known !== undefined &&
    !call.method.startsWith(CONTROL) &&
    (STEERING.has(call.method) || changesSystem(known.fullName))
  );
};
/** It takes no argument that could be answered wrong, so what it gives is what came before. */
const onlyReads = (call: CallEntry): boolean =>
  !acts(call) && (call.method === NEXT || BY_NAME.get(call.method)?.ins.length === 0);

/** They repair: the fault was there before. */
export const RECOVERY: ReadonlySet<string> = new Set(['IVdsHwProvider.Reenumerate', 'IVdsHwProvider.Refresh']);

/** By it the run itself injects faults. */
const CONTROL = 'IVdsConformanceControl.';
const NEXT = 'IEnumVdsObject.Next';
const RESET = 'IEnumVdsObject.Reset';
const ON_LOAD = 'IVdsProviderPrivate.OnLoad';
const ON_UNLOAD = 'IVdsProviderPrivate.OnUnload';
const WAIT = 'IVdsAsync.Wait';

/** The objects that a call handed out. */
const objectsFrom = ({ outputs }: CallEntry): string[] =>
  Object.values(outputs).flatMap((out) =>
    typeof out === 'object' && out !== null && 'object' in out ? [String(out['object'])] : [],
  );

export const gaveEnumerator = (call: CallEntry): boolean => objectsFrom(call).some((name) => isA('enum', name));

/** The call that gave an object out: the one that started an operation, or the query of an enumerator. */
export const giverOf = (calls: readonly CallEntry[], object: string): CallEntry | undefined =>
  calls.findLast((call) => objectsFrom(call).includes(object));

/** The calls that brought an enumerator to where it stands. */
function movesOf(calls: readonly CallEntry[], enumerator: string): readonly CallEntry[] {
  const moves = calls.filter((call) => call.object === enumerator);
  const begins = moves.findLastIndex((call) => call.method === RESET);
  return moves.slice(Math.max(begins, moves.length - MOVES, 0));
}

/** How many calls on one enumerator a path shows. */
const MOVES = 6;

/**
 * A path in which the objects of its calls are known: the call that began an operation stands before what is done with
 * it, an enumerator with its query and the calls that moved it, a provider object with the calls that loaded it.
 */
function withOrigins(path: readonly TraceEntry[], body: readonly TraceEntry[]): readonly TraceEntry[] {
  const calls = body.filter(isCall);
  const all = new Set<TraceEntry>(path);
  const known = new Set<string>();
  const add = (call: CallEntry | undefined): void => {
    if (call === undefined) return;
    all.add(call);
    explainObject(call);
  };
  const explainObject = ({ object, number }: CallEntry): void => {
    if (known.has(object)) return;
    known.add(object);
    const before = calls.filter((call) => call.number < number);
    const loaded = before.findLast((call) => call.object === object && call.method === ON_LOAD);
    if (loaded !== undefined) {
      all.add(loaded);
      add(before.findLast((call) => call.number < loaded.number && call.method === ON_UNLOAD));
    }
    const isEnumerator = isA('enum', object);
    if (!isEnumerator && !isA('async', object)) return;
    add(giverOf(before, object));
    if (isEnumerator) for (const move of movesOf(before, object)) all.add(move);
  };
  // The last call on an object first, as its moves are those before it.
  for (const call of path.filter(isCall).toReversed()) explainObject(call);
  return [...all].sort((a, b) => a.number - b.number);
}

/** Whether an object is of a kind, by its name: `lun#1`. */
const isA = (kind: string, name: string): boolean => name.startsWith(`${kind}#`);

/** The kinds of object that a check makes. */
const MADE = [...Object.keys(MAKEABLE), DEVICE_KINDS.IVdsLunPlex.slug];
/** A finding that names more is about none of them in particular. */
const FEW_MADE = 2;

/**
 * The calls of the check before what shows it that made the objects of which a finding speaks, or set the value that
 * was expected of the object that was asked.
 */
function whatItNeeds(body: readonly TraceEntry[], finding: Finding, { shown, path }: Blame): readonly CallEntry[] {
  if (shown === undefined) return [];
  const before = body.filter(isCall).filter((call) => call.number < shown.number);
  const { of, objects = [], expected } = finding;
  const named = [...new Set([...(of === undefined ? [] : [of]), ...objects])].filter((name) =>
    MADE.some((kind) => isA(kind, name)),
  );
  const makers = named.length > FEW_MADE ? [] : named.flatMap((name) => makerOf(before, name) ?? []);
  const isSetting = (call: CallEntry): boolean =>
    acts(call) && call.object === shown.object && Object.values(call.args).some((arg) => arg === expected);
  const isTelling = typeof expected === 'string' && expected.length >= TELLING;
  const setting = isTelling ? before.findLast(isSetting) : undefined;
  return [...makers, ...(setting === undefined ? [] : [setting])].filter((call) => !path.includes(call));
}

/** The call that began the operation which handed an object over as new. */
function makerOf(calls: readonly CallEntry[], object: string): CallEntry | undefined {
  const first = calls.find(({ outputs }) => holds(outputs, object));
  return first?.method === WAIT ? giverOf(calls, first.object) : undefined;
}

const holds = (value: Json, object: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (('object' in value && value['object'] === object) || Object.values(value).some((each) => holds(each, object)));

/** Whether the finding is about the code that the call itself answered. */
function isAboutItsAnswer({ actual }: Finding, { hr }: CallEntry): boolean {
  return typeof actual === 'object' && actual !== null && 'hresult' in actual && actual['hresult'] === hr;
}

/** The entries between two others that matter: calls that act, and faults. */
const between = (body: readonly TraceEntry[], from: number, to: number): TraceEntry[] =>
  body.filter(
    (entry) => entry.number >= from && entry.number < to && (entry.type === 'fault' || (isCall(entry) && acts(entry))),
  );

const isCall = (entry: TraceEntry): entry is CallEntry => entry.type === 'call';
const isFault = (entry: TraceEntry): entry is FaultEntry => entry.type === 'fault';

/**
 * The calls to blame for what `shown` reads.
 *
 * The last time that it was read with another answer all was still well, so that what acted since then is to blame; and
 * nothing before the last call of a method whose page states the duty.
 */
export function blameOf(result: CheckResult, requirement: Requirement, finding: Finding, shown: CallEntry): Blame {
  const objects = new Set([shown.object, finding.of ?? '']);
  const blame = blameFor(result, requirement, finding, shown, objects);
  const body = bodyOf(result);
  const path = withOrigins([...blame.path, ...whatItNeeds(body, finding, blame)], body);
  // A fault that was there when the answer came belongs to it.
  const fault =
    finding.faultVerdict === undefined || path.some(isFault) ? undefined : faultBefore(body, shown.number, objects);
  return { ...blame, path: fault === undefined || fault.number > shown.number ? path : [fault, ...path] };
}

/** Whether a call gave a value, as an output of its own. */
const gave = ({ outputs }: CallEntry, value: Json): boolean => {
  const text = JSON.stringify(value);
  return Object.values(outputs).some((out) => JSON.stringify(out) === text);
};

/** Faults of one blow follow each other so closely, by the numbers of their entries. */
const CLOSE = 16;

/** The last fault, or of those that struck with it that of one of these objects. */
function faultBefore(
  body: readonly TraceEntry[],
  before: number,
  objects: ReadonlySet<string>,
): FaultEntry | undefined {
  const faults = body.filter(isFault).filter(({ number }) => number < before);
  const last = faults.at(-1);
  return faults.findLast(({ object, number }) => objects.has(object) && number > (last?.number ?? 0) - CLOSE) ?? last;
}

function blameFor(
  result: CheckResult,
  requirement: Requirement,
  finding: Finding,
  shown: CallEntry,
  objects: ReadonlySet<string>,
): Blame {
  const itself: Blame = { shown, call: shown, path: [shown], suspects: [shown.number] };
  const body = bodyOf(result);
  const before = body.filter(isCall).filter((call) => call.number < shown.number);
  const states = (call: CallEntry): boolean => requirement.source.includes(pageOf(call));
  if (shown.method === WAIT) {
    const started = giverOf(before, shown.object);
    if (started === undefined) return itself;
    // A duty of Wait is broken by it, whatever it waited for.
    const isItsOwn = states(shown);
    return {
      shown,
      call: isItsOwn ? shown : started,
      path: [started, shown],
      suspects: isItsOwn ? [] : [started.number],
    };
  }
  if (!onlyReads(shown)) {
    // A change whose effect was looked for: the call that then gave the value shows it.
    const read = acts(shown) && !isAboutItsAnswer(finding, shown) ? readingOf(result, finding) : undefined;
    return read === undefined || read.number <= shown.number
      ? itself
      : { shown: read, call: shown, path: [shown, read], suspects: [shown.number] };
  }
  if (states(shown) && isAboutItsAnswer(finding, shown)) return itself;
  const actors = before.filter(acts);
  const named = actors.findLast(states);
  const well = before.findLast(
    (call) =>
      call.object === shown.object &&
      call.method === shown.method &&
      call.method !== NEXT &&
      JSON.stringify([call.hr, call.outputs]) !== JSON.stringify([shown.hr, shown.outputs]),
  );
  const from = Math.max(named?.number ?? 0, well?.number ?? 0);
  if (from === 0 || (well !== undefined && states(shown) && named === undefined)) {
    const given = shown.method === NEXT && !states(shown) ? giverOf(before, shown.object) : undefined;
    return given === undefined ? itself : { shown, call: given, path: [given, shown], suspects: [given.number] };
  }
  const path = between(body, from, shown.number);
  const suspects = path.filter(isCall);
  const fault = faultBefore(body, from, objects);
  const recovers = suspects.some((call) => RECOVERY.has(call.method));
  const [only, ...others] = suspects;
  if (only === undefined) return itself;
  const hadExpected = well !== undefined && finding.expected !== undefined && gave(well, finding.expected);
  const wasWell = well !== undefined && (well.number === from || hadExpected);
  return {
    shown,
    ...(others.length === 0 ? { call: only } : {}),
    path: [
      ...(recovers && fault !== undefined
        ? [fault, ...between(body, fault.number, from).filter((entry) => !isFault(entry))]
        : wasWell && (others.length > 0 || hadExpected)
          ? [...(named === undefined || named === only ? [] : [named]), well]
          : []),
      ...path,
      shown,
    ],
    suspects: suspects.map((call) => call.number),
    ...(wasWell ? { well: well.number } : {}),
  };
}

/** The last call that acted on an object, or the last fault, before a call that was never answered. */
export function leadsTo(result: CheckResult, lost: CallEntry): Blame {
  const body = bodyOf(result).filter((entry) => entry.number < lost.number);
  const fault = body.findLast(isFault);
  const touched = body.findLast((entry) => isCall(entry) && acts(entry) && entry.object === lost.object);
  const path = fault !== undefined ? between(body, fault.number, lost.number) : touched === undefined ? [] : [touched];
  return { call: lost, shown: lost, path: withOrigins([...path, lost], bodyOf(result)), suspects: [] };
}

/**
 * The last call of a method whose page states the duty, the last fault, and what acted since, where no call shows what
 * is wrong then.
 */
export function sinceFault(result: CheckResult, { source }: Requirement): Blame | undefined {
  const body = bodyOf(result);
  const fault = body.findLast(isFault);
  if (fault === undefined) return undefined;
  const stated = body.findLast(
    (entry) => isCall(entry) && entry.number < fault.number && acts(entry) && source.includes(pageOf(entry)),
  );
  const path = [...(stated === undefined ? [] : [stated]), ...between(body, fault.number, Infinity)];
  return { path, suspects: [] };
}

/** The last change of the system and what acted since, where no call shows what is wrong then. */
export function sinceChange(result: CheckResult, { event }: Finding): Blame | undefined {
  const body = bodyOf(result);
  const change = body.filter(isCall).findLast((call) => acts(call) && !STEERING.has(call.method));
  if (change === undefined) return undefined;
  const path = between(body, change.number, Infinity);
  // Of a notification that did not come those that came are all that there is to see.
  if (event !== undefined) {
    const came = body.filter((entry) => entry.type === 'notification' && entry.number > change.number);
    return { path: [...path, ...came].sort((a, b) => a.number - b.number), suspects: [] };
  }
  const last = path.at(-1)?.number ?? change.number;
  const reads = body.filter(isCall).filter((call) => call.number > last && !call.method.startsWith('IEnum'));
  // A list is what was looked at, and not the objects on it.
  const read = reads.findLast((call) => gaveEnumerator(call)) ?? reads.findLast((call) => call.method !== WAIT);
  return { path: read === undefined ? path : [...path, read], suspects: [] };
}

/** The shortest text that is taken for a value's own wherever it stands. */
const TELLING = 6;

/**
 * The last call that gave the value of a finding which names no call: as the member that was compared, or anywhere
 * where it is telling.
 */
export function readingOf(result: CheckResult, finding: Finding): CallEntry | undefined {
  const { member, actual } = finding;
  if (actual === undefined || actual === null) return undefined;
  const query = queryOf(result, finding);
  if (query !== undefined) return query;
  const value = JSON.stringify(actual);
  const name = member?.split(' ').at(-1) ?? '';
  const telling =
    (typeof actual === 'string' && actual.length >= TELLING) || (typeof actual === 'object' && 'enum' in actual);
  const gives = (out: Json): boolean => {
    if (telling && JSON.stringify(out) === value) return true;
    if (typeof out !== 'object' || out === null) return false;
    return Object.entries(out).some(([key, each]) => (key === name && JSON.stringify(each) === value) || gives(each));
  };
  return bodyOf(result)
    .filter(isCall)
    .findLast((call) => gives(call.outputs));
}

/** The last query that gave the list which a finding is about: the reading of what it lists is innocent. */
const queryOf = (result: CheckResult, { query }: Finding): CallEntry | undefined =>
  query === undefined
    ? undefined
    : bodyOf(result)
        .filter(isCall)
        .findLast((call) => gaveEnumerator(call) && call.method === query);

const bodyOf = ({ trace = [] }: CheckResult): readonly TraceEntry[] =>
  trace.filter((entry) => entry.phase === undefined);
