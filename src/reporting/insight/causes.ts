// The causes that a provider's author should mend, the gravest first: the failures of a run by what was observed,
// across requirements, and the findings beside them. It decides no verdict and lays nothing out; text is still as the
// provider gave it.
import type { Requirement } from '../../contract/requirements.js';
import { failed, HR } from '../../contract/hresult.js';
import type { RunHeader } from '../../run/events.js';
import type { CheckResult, Finding } from '../../checks/outcome.js';
import { brokenDuty, clarityOf, isSeenAfter, shape, symptomOf } from '../../run/symptom.js';
import { explain, isFailure, requirementOf, type Explanation } from './explain.js';
import { kinOf } from './kin.js';

/** One thing to mend, with every check that fails for it. */
export interface Cause {
  /**
   * `duty`: broken; `death`: the provider crashed or hung; `set-up`: something kept the checks from being carried out.
   */
  readonly kind: 'duty' | 'death' | 'set-up';
  /** In the order of the run; never empty. */
  readonly results: readonly CheckResult[];
  /** The duties that it breaks, those that break most often first. */
  readonly requirements: readonly Requirement[];
  /** Full names of the methods that showed it, where several did alike. */
  readonly methods: readonly string[];
  /** Whether these methods answer one code, or are wrong in the same words. */
  readonly habit: 'code' | 'alike' | 'none';
  /** The check that shows it best. */
  readonly example: Shown;
  /** Of each other way in which it was seen, the check that shows that best. */
  readonly others: readonly Shown[];
}

export interface Shown {
  readonly result: CheckResult;
  readonly explained: Explanation;
}

const KIND = { failed: 'duty', crashed: 'death', hung: 'death', error: 'set-up' } as const;

/**
 * A dead provider keeps no duty, so that comes first; then what conformance needs; what is only recommended fails under
 * --strict alone.
 */
function rank({ kind, requirements }: Cause): number {
  if (kind === 'death') return 0;
  if (kind === 'set-up') return 3;
  return requirements.every((r) => r.level === 'SHOULD') && requirements.length > 0 ? 2 : 1;
}

/** Codes that say nothing of what is wrong: a provider that answers one of them has a habit, whatever the duty. */
const SAY_NOTHING: ReadonlySet<number> = new Set([HR.E_FAIL, HR.E_UNEXPECTED, HR.E_NOTIMPL, HR.E_POINTER]);

/**
 * A habit: one code where another is expected, by one duty's measure, whatever the method; or one duty that several
 * methods break, in the same member and in the same way.
 */
function habit({ result, explained: { call, type, finding } }: Shown): string | undefined {
  if (result.verdict !== 'failed' || call?.hr === undefined) return undefined;
  if (failed(call.hr)) return JSON.stringify(['code', SAY_NOTHING.has(call.hr) ? '' : type, call.hr]);
  return JSON.stringify(['alike', type, finding?.member, shape(finding?.expected), shape(finding?.actual)]);
}

/** So many methods that answer alike have the habit. */
const HABIT = 3;

/** The causes of the failures of a run. Those that fail the most checks come first within their rank. */
export function causesOf(results: readonly CheckResult[], header: RunHeader): Cause[] {
  const groups = new Map<string, Shown[]>();
  for (const result of results.filter(isFailure)) {
    const shown = { result, explained: explain(result, header) };
    const key = symptomOf(result);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [shown]);
    else group.push(shown);
  }
  return joinKin(joinLoneTours(joinHabits([...groups.values()])))
    .map(causeOf)
    .sort((a, b) => rank(a) - rank(b) || b.results.length - a.results.length || clarity(b) - clarity(a));
}

const clarity = ({ example }: Cause): number => clarityOf(example.result);

/**
 * Groups that differ in the method only are one, where there are many: a provider that answers E_FAIL to everything has
 * one thing to mend.
 */
function joinHabits(groups: readonly Shown[][]): Shown[][] {
  const byHabit = new Map<string, Shown[][]>();
  for (const group of groups) {
    const habits = new Set(group.map(habit));
    const [only] = habits;
    if (habits.size !== 1 || only === undefined) continue;
    byHabit.set(only, [...(byHabit.get(only) ?? []), group]);
  }
  const joined = [...byHabit.values()].filter((alike) => alike.length >= HABIT);
  const gone = new Set(joined.flat());
  return [...groups.filter((group) => !gone.has(group)), ...joined.map((alike) => alike.flat())];
}

/**
 * A single check that saw a broken duty after many calls, and can name neither a call nor a value, or saw it when a
 * check had ended, most likely met what other checks show by a call: it joins the one cause that breaks the same duty
 * so. Where there are several such causes it stays by itself, as it might be any of them.
 */
function joinLoneTours(groups: readonly Shown[][]): Shown[][] {
  const named = groups.filter((group) => group.some(({ explained }) => explained.call !== undefined));
  const joined = new Map<Shown[], Shown[]>(groups.map((group) => [group, [...group]]));
  for (const group of groups) {
    const [only] = group;
    if (group.length !== 1 || only === undefined || only.result.verdict !== 'failed') continue;
    const isLate = isSeenAfter(only.result);
    if (!isLate && (only.explained.call !== undefined || only.explained.finding?.member !== undefined)) continue;
    const alike = (isLate ? groups.filter((g) => !g.some((each) => isSeenAfter(each.result))) : named).filter((g) =>
      g.every(({ explained }) => explained.type === only.explained.type),
    );
    const [cause] = alike;
    if (cause === undefined || alike.length > 1) continue;
    joined.get(cause)?.push(only);
    joined.delete(group);
  }
  return [...joined.values()];
}

/** A group of so many checks stands by itself. */
const MANY = 3;

/**
 * Groups that have one defect behind them, which their checks say in different words. Of two that many checks show
 * alike each is a cause, whatever they have in common.
 */
function joinKin(groups: readonly Shown[][]): Shown[][][] {
  const joined: { readonly groups: Shown[][]; readonly kin: Set<string> }[] = [];
  const large = (all: readonly Shown[][]): number => all.filter((group) => group.length >= MANY).length;
  for (const group of groups.toSorted((a, b) => b.length - a.length)) {
    const kin = new Set(group.flatMap(kinOf));
    const cause = { groups: [group], kin };
    for (const each of joined.filter((other) => [...kin].some((key) => other.kin.has(key)))) {
      if (large([...each.groups, ...cause.groups]) > 1) continue;
      joined.splice(joined.indexOf(each), 1);
      cause.groups.unshift(...each.groups);
      for (const key of each.kin) kin.add(key);
    }
    joined.push(cause);
  }
  return joined.map((each) => each.groups);
}

/** The habit that all failures of a cause show. */
function habitOf(group: readonly Shown[]): Cause['habit'] {
  const [only, ...others] = new Set(group.map(habit));
  if (only === undefined || others.length > 0) return 'none';
  return only.startsWith('["code"') ? 'code' : 'alike';
}

const bestOf = (group: readonly Shown[]): Shown => group.reduce((best, each) => (isBetter(each, best) ? each : best));

function causeOf(groups: readonly Shown[][]): Cause {
  const group = groups.flat();
  const example = bestOf(group);
  const broken = new Map<string, number>();
  for (const { result } of group) {
    const duty = brokenDuty(result);
    if (duty !== undefined) broken.set(duty, (broken.get(duty) ?? 0) + 1);
  }
  const shown = example.explained.requirement?.id;
  const methods = [...new Set(group.flatMap((g) => g.explained.call?.method ?? []))];
  return {
    kind: KIND[example.result.verdict as keyof typeof KIND],
    results: group.map((g) => g.result),
    requirements: [...broken]
      .sort(([a, n], [b, m]) => Number(b === shown) - Number(a === shown) || m - n)
      .flatMap(([id]) => requirementOf(id) ?? []),
    methods,
    habit: methods.length < HABIT ? 'none' : habitOf(group),
    example,
    others: groups.filter((each) => !each.includes(example)).map(bestOf),
  };
}

/**
 * Better is what was seen to fail again, shows most directly what is wrong, was seen so by itself, names a call, has no
 * fault in it, and took fewer calls, in this order.
 */
function isBetter(a: Shown, b: Shown): boolean {
  const costs = ({ result, explained }: Shown): readonly number[] => [
    (result.reproduction?.checks.length ?? 0) > 0 ? 0 : 1,
    -clarityOf(result),
    result.reproduction?.like === undefined ? 0 : 1,
    explained.blame?.call !== undefined && explained.blame.call === explained.blame.shown ? 0 : 1,
    result.requirements.includes(explained.type) ? 0 : 1,
    explained.call === undefined ? 1 : 0,
    result.matrix === undefined ? 0 : 1,
    result.faultVerdict === undefined ? 0 : 1,
    result.calls,
  ];
  const [left, right] = [costs(a), costs(b)];
  const at = left.findIndex((cost, i) => cost !== right[i]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

export interface FoundBeside {
  readonly finding: Finding;
  /** Ids of the checks that found it. */
  readonly checks: ReadonlySet<string>;
}

/** Findings that made no check fail, by requirement: a provider that leaves a thing out does so in many checks. */
export function findingsBeside(results: readonly CheckResult[], header: RunHeader): ReadonlyMap<string, FoundBeside> {
  const found = new Map<string, { readonly finding: Finding; readonly checks: Set<string> }>();
  for (const result of results) {
    for (const finding of explain(result, header).otherFindings) {
      let entry = found.get(finding.requirement);
      if (entry === undefined) found.set(finding.requirement, (entry = { finding, checks: new Set() }));
      entry.checks.add(result.id);
    }
  }
  return found;
}

interface Reason {
  readonly reason: string;
  /** In the order of the run; never empty. */
  readonly results: readonly CheckResult[];
}

/** Results by why they ended so, the most frequent reason first. */
export function byReason(results: readonly CheckResult[]): Reason[] {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const { reason = 'no reason given' } = result;
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [result]);
    else group.push(result);
  }
  return [...groups]
    .map(([reason, group]) => ({ reason, results: group }))
    .sort((a, b) => b.results.length - a.results.length);
}
