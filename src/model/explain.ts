// Which order of the calls explains what was seen. Calls that overlap may take effect in any order, and a provider may
// carry them out one after another: the outcomes and the state afterwards must be those of some order.
import { isDeepStrictEqual } from 'node:util';
import type { Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import { objection, takesAway, type Circumstances, type Objection } from './answers.js';
import type { Command, Outcome, Request } from './command.js';
import { COMMANDS } from './commands/index.js';
import { departures, lacks, type Departure } from './compare.js';
import type { Knowledge } from './knowledge.js';
import type { Draft, Item, Kind, SystemState } from './state.js';

/** A call that was made, and how it ended. */
export interface Played {
  readonly command: Command;
  readonly item: Item;
  readonly subSystem: Guid;
  readonly request: Request;
  readonly outcome: Outcome;
}

export interface Explanation {
  /** The calls in the order that explains most. */
  readonly order: readonly Played[];
  /** The problem of an answer in every order. */
  readonly objections: readonly { readonly played: Played; readonly objection: Objection }[];
  /** Where the state is not the one that the order leads to. */
  readonly departures: readonly Departure[];
}

function* orders<T>(all: readonly T[]): Generator<readonly T[]> {
  if (all.length <= 1) {
    yield all;
    return;
  }
  for (const [i, first] of all.entries())
    for (const rest of orders([...all.slice(0, i), ...all.slice(i + 1)])) yield [first, ...rest];
}

/** The state that these calls lead to, one after the other. */
export function after(before: SystemState, calls: readonly Played[], knowledge: Knowledge): Draft {
  const draft = before.draft();
  apply(draft, calls, knowledge);
  return draft;
}

/** Writes the effects of these calls, one after the other, into a draft. */
export function apply(draft: Draft, calls: readonly Played[], knowledge: Knowledge): void {
  for (const { command, item, subSystem, request, outcome } of calls) {
    const now = draft.get(item.id);
    if (now === undefined) continue;
    if (outcome.done) command.effect(draft, request, outcome, { item: now, subSystem, knowledge });
    // The array may still be taking back what it had done.
    if (outcome.hr === HR.VDS_E_OPERATION_CANCELED)
      for (const { id } of [now, ...draft.ofKind('IVdsLunPlex', now.id)]) draft.release(id, 'transitionState');
  }
}

/** The state after a request that is carried out; undefined where one cannot see by it whether it was. */
export function shownBy(before: SystemState, call: Omit<Played, 'outcome'>, knowledge: Knowledge): Draft | undefined {
  const draft = after(before, [{ ...call, outcome: { hr: HR.S_OK, done: true } }], knowledge);
  return lacks(before, draft) ? draft : undefined;
}

/** Whether the state would be another one if a request were carried out, so that one can see whether it was. */
export const wouldShow = (...of: Parameters<typeof shownBy>): boolean => shownBy(...of) !== undefined;

/** The few objects that the effects of these calls reach, but for those of which a whole kind is reached. */
export function reachedBy(before: SystemState, calls: readonly Played[], knowledge: Knowledge): ReadonlySet<Guid> {
  const { mentioned } = after(before, calls, knowledge);
  const reached = new Set([...mentioned].map((key) => key.split(' ')[0] ?? ''));
  for (const item of before.items.values()) if (FIXED.has(item.kind)) reached.delete(item.id);
  // A setting that names a target reaches it.
  const named = new Set(calls.flatMap(({ request }) => request.iscsiName?.toLowerCase() ?? []));
  for (const { id, members } of before.ofKind('IVdsIscsiTarget'))
    if (named.has(String(members['iscsiName']).toLowerCase())) reached.add(id);
  return reached;
}

/** Members that nobody makes, and those that most changes reach in one way or another. */
const FIXED: ReadonlySet<Kind> = new Set<Kind>(['IVdsSubSystem', 'IVdsDrive', 'IVdsController', 'IVdsControllerPort']);

/**
 * The problem of a call that was carried out although a call before it has deleted its object, or made its request one
 * that no provider may carry out: to delete what is in use by then, or to put something into a second place.
 */
function forbidden(state: SystemState, played: Played, knowledge: Knowledge): Objection | undefined {
  const { command, item, subSystem, request, outcome } = played;
  const now = state.get(item.id);
  if (!outcome.done) return undefined;
  if (now === undefined)
    return takesAway(command)
      ? undefined
      : { requirement: 'VDS-7.1a', problem: 'although its object was no more', expected: HR.VDS_E_OBJECT_DELETED };
  const refusal = COMMANDS.find(
    (other) =>
      other.refusal !== undefined &&
      other.method === command.method &&
      other
        .requests({ state, item: now, subSystem, knowledge })
        .some(({ args }) => isDeepStrictEqual(args, request.args)),
  )?.refusal;
  return refusal === undefined ? undefined : { requirement: refusal.requirement, problem: refusal.because };
}

/** The order of the calls that leaves least unexplained; `inOrder` where they were made one after the other. */
export function explain(
  before: SystemState,
  calls: readonly Played[],
  actual: SystemState,
  knowledge: Knowledge,
  around: Circumstances,
  inOrder = false,
): Explanation {
  let best: Explanation | undefined;
  for (const order of inOrder ? [calls] : orders(calls)) {
    const objections: { played: Played; objection: Objection }[] = [];
    const state = before.draft();
    for (const [i, played] of order.entries()) {
      const { command, item, request, outcome } = played;
      const wrong =
        objection(command, state, item, request, outcome, around) ??
        (i === 0 ? undefined : forbidden(state, played, knowledge));
      if (wrong !== undefined) objections.push({ played, objection: wrong });
      apply(state, [played], knowledge);
    }
    const found = { order, objections, departures: departures(state, actual) };
    if (objections.length === 0 && found.departures.length === 0) return found;
    const weight = (e: Explanation): number => e.objections.length * 100 + e.departures.length;
    if (best === undefined || weight(found) < weight(best)) best = found;
  }
  return best ?? { order: [], objections: [], departures: departures(before.draft(), actual) };
}
