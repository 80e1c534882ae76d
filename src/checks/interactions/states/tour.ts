// Tours through states: objects are brought into a state, and every command is made on whatever stands in some relation
// to them. The calls of a batch share one look at the system, and a state; what is chosen next is what no batch before
// has visited. A tour that fails is played again, shorter, on a fresh system.
import type { Guid } from '../../../contract/guid.js';
import {
  apply,
  COMMANDS,
  commandNamed,
  type Draft,
  type Item,
  type Kind,
  type SystemState,
  shownBy,
  isSetting,
} from '../../../model/index.js';
import type { Context } from '../../context.js';
import type { Ended } from '../calls/calls.js';
import { isFinding } from '../calls/steps.js';
import { enable } from '../enabling.js';
import { answerThatTheyAreGone } from '../laws/gone.js';
import { playTogether } from '../overlapping.js';
import type { Player } from '../player.js';
import { subSystemAt, type Resolved } from '../resolve.js';
import { shrunk } from '../shrink.js';
import { onStage } from '../stage.js';
import { CellCoverage } from './coverage.js';
import { STATES_OF_OBJECTS } from './kinds.js';
import { callsNaming, Relations, Touched } from './relations.js';
import { isOfArgument, isThroughArgument, isWithin, ROLES, rolesOf, tiesOf, type Cell, type Role } from './roles.js';
import { enterAll, type EnteredObject, type StateOfObject } from './state.js';
import { isFor } from './scope.js';
import { restock } from './stock.js';

export interface StateTour {
  /** The states, by their names. */
  readonly states: readonly string[];
  /** How often each kind of object is brought into each of them: in one subsystem after the other. */
  readonly turns: number;
  /** Saves recoveries: more calls share one, and a few calls that are left have none of their own. */
  readonly sparing?: boolean;
}

/** An object in a state: which one is chosen by its place. */
interface Place {
  readonly state: string;
  readonly kind: Kind;
  /** Which subsystem of those that the run may work on, modulo their number. */
  readonly subSystem: number;
}

/** The cells that are to be visited in a place. */
interface Visit {
  readonly place: Place;
  readonly cells: readonly (Cell & { readonly n?: number })[];
}

interface Choice extends Visit {
  readonly item: Item;
}

/** The calls of a batch so far. */
interface Batch {
  readonly ended: Ended[];
  readonly touched: Touched;
  /** The state to which they must have led. */
  readonly now: Draft;
}

interface StateStep extends Place, Cell {
  /** Which of the possible arguments and objects; taken modulo their number. */
  readonly n: number;
}

/** So many calls share a look at the system. */
const BATCH = 24;
/** So many are made while nothing is read, which a recovery ends. */
const UNSEEN = 40;
/** The same in a tour that is sparing with recoveries. */
const UNSEEN_SPARINGLY = 100;
/** Fewer calls have no recovery of their own in it. */
const WORTH_ANY_SPARINGLY = 8;
/** The same in every tour, where objects of several kinds share one. */
const WORTH_ANY = 3;
/** So many are under way at once, beside the operation. */
const TOGETHER = 3;
/** So often an object is brought into a state again, as what was called has ended it. */
const ENTRIES = 4;
/** The same of objects of several kinds at once, each of which has few calls left. */
const SHARED_ENTRIES = 8;
/** Fewer calls are not worth a state, and a recovery, of their own where objects of several kinds can share one. */
const WORTH_IT = 40;
/** What is made for a state is looked at whole every so many steps, and before the state is entered. */
const CADENCE = 4;

/**
 * Commands that must be refused come first, as what must be is known only while nothing else was carried out; those
 * that may end a state, or the object that is in it, come last.
 */
function lateness(name: string): number {
  const { touches, refusal, closely } = commandNamed(name);
  if (refusal !== undefined) return -2;
  if (/^(?:delete|remove)-/.test(name)) return 2;
  if (touches.includes('status')) return 1;
  // What they go by is known until other calls have taken space.
  return closely === true ? -1 : 0;
}

/** Whether the contract has objects that stand so to each other. */
function canBe({ command, role, kind }: Cell): boolean {
  const { on } = commandNamed(command);
  switch (role) {
    case 'subject':
    case 'sibling':
      return on === kind;
    case 'container':
      return isWithin(on, kind);
    case 'member':
      return isWithin(kind, on);
    default:
      return true;
  }
}

/**
 * When a cell comes; calls in another subsystem end nothing, and are looked at apart. What few calls can be about comes
 * before the others that change the same.
 */
const orderOf = ({ command, role }: Cell): number =>
  lateness(command) + (role === 'elsewhere' ? LATEST : isOfArgument(role) ? -RATHER : 0);
const LATEST = 10;
const RATHER = 0.5;

/** What deletes an object, or what holds it: after that its state must be entered again. */
const isEnd = ({ command, role }: Cell): boolean =>
  (role === 'subject' || role === 'member') && command.startsWith('delete-');

/** Every cell of objects of a kind, in the order in which they are visited; an end that is dear to undo comes last. */
const cellsOf = (kind: Kind, isDear = false): readonly Cell[] =>
  ROLES.flatMap((role) => COMMANDS.map(({ name }): Cell => ({ command: name, role, kind })))
    .filter(canBe)
    .map((cell) => ({ cell, order: orderOf(cell) + (isDear && isEnd(cell) ? LATEST : 0) }))
    .sort((a, b) => a.order - b.order)
    .map(({ cell }) => cell);

class Tour {
  readonly coverage = new CellCoverage();
  /** Every step that was played. */
  readonly kept: StateStep[] = [];
  private readonly visits = new Map<string, number>();
  private entries = 0;
  /** So many calls at most while nothing is read. */
  private readonly unseen: number;

  constructor(
    private readonly player: Player,
    private readonly planned: StateTour,
  ) {
    this.unseen = planned.sparing === true ? UNSEEN_SPARINGLY : UNSEEN;
  }

  /** Goes through the states, by what is not yet covered. */
  async go(from: number): Promise<void> {
    const { states, turns, sparing } = this.planned;
    const least = sparing === true ? WORTH_ANY_SPARINGLY : WORTH_ANY;
    for (let turn = 0; turn < turns; turn++)
      for (const name of states) {
        const state = STATES_OF_OBJECTS.get(name) as StateOfObject;
        const insist = turn > 0;
        if (state.enterAll === undefined) {
          for (const [i, kind] of state.kinds.entries())
            await this.visit(state, this.toVisit(state, [kind], from + i + turn), insist);
          continue;
        }
        if (!insist)
          for (const [i, kind] of state.kinds.entries())
            await this.visit(state, this.toVisit(state, [kind], from + i), insist, WORTH_IT);
        await this.visit(state, this.toVisit(state, state.kinds, from + turn), insist, least);
        if (insist) await this.visit(state, this.toVisit(state, state.kinds, from + turn + 1), insist, least);
      }
  }

  /** The places of a state that have cells which no call has visited. */
  private toVisit(state: StateOfObject, kinds: readonly Kind[], from: number): readonly Visit[] {
    return kinds.flatMap((kind) => {
      if (this.player.state.ofKind(kind).length === 0) return [];
      const isDear = state.enterAll !== undefined;
      const cells = cellsOf(kind, isDear).filter(
        (cell) => isFor(state, cell.command) && !this.coverage.has(state.name, cell),
      );
      // What is wrong with a subsystem is in the way of everything in it.
      const subSystem = kinds.length > 1 && kind === 'IVdsSubSystem' ? from + 1 : from;
      return cells.length === 0 ? [] : [{ place: { state: state.name, kind, subSystem }, cells }];
    });
  }

  /** Plays steps of an earlier tour. */
  async repeat(steps: readonly StateStep[]): Promise<void> {
    for (let at = 0; at < steps.length;) {
      const [first] = steps.slice(at) as [StateStep];
      const isAlike = ({ state, kind, subSystem }: StateStep): boolean =>
        state === first.state && kind === first.kind && subSystem === first.subSystem;
      const rest = steps.slice(at);
      const end = rest.findIndex((step) => !isAlike(step));
      const row = end < 0 ? rest : rest.slice(0, end);
      const state = STATES_OF_OBJECTS.get(first.state) as StateOfObject;
      await this.visit(state, [{ place: first, cells: row }], false);
      at += row.length;
    }
  }

  /**
   * The object that is to be in the state: the one in the subsystem that most others are tied to, and none of the
   * `taken` ones where there is another.
   */
  private choose(
    state: StateOfObject,
    { kind, subSystem: at }: Place,
    taken: readonly ReadonlyMap<Guid, Role>[],
  ): Item | undefined {
    const { player } = this;
    const { knowledge } = player;
    const subSystem = subSystemAt(player.state, knowledge, at);
    const all = player.state
      .ofKind(kind)
      .filter(
        (item) =>
          (kind === 'IVdsStoragePool' || player.state.subSystemOf(item.id) === subSystem?.id) &&
          knowledge.mayUse(item) &&
          (!OWN.has(kind) || knowledge.own.has(item.id) || knowledge.own.has(item.parent ?? '')) &&
          state.suits?.(player, item) !== false,
      );
    const isTied = ({ id }: Item): boolean => taken.some((roles) => !APART.has(roles.get(id)));
    const ties = new Map(all.map((item) => [item, tiesOf(player.state, item) - (isTied(item) ? MANY : 0)]));
    const [best] = all.sort((a, b) => (ties.get(b) ?? 0) - (ties.get(a) ?? 0));
    // While something is wrong with a subsystem, nothing in it can be judged by itself.
    return kind === 'IVdsSubSystem' && taken.some((roles) => roles.get(best?.id ?? '') === 'member') ? undefined : best;
  }

  /** The objects that are to be in a state at once, for which there is something to call. */
  private chooseAll(state: StateOfObject, visits: readonly Visit[]): readonly Choice[] {
    const { player } = this;
    const taken: ReadonlyMap<Guid, Role>[] = [];
    return visits.flatMap((visit) => {
      const item = this.choose(state, visit.place, taken);
      if (item === undefined) return [];
      const hopes = new Relations(player.state, item);
      if (!visit.cells.some((cell) => hopes.calls(player, cell, player.state).length > 0)) return [];
      taken.push(rolesOf(player.state, item));
      return [{ ...visit, item }];
    });
  }

  /**
   * Brings objects into a state, as often as it takes to make every call that can be made, or as there are at least so
   * many calls to make.
   */
  private async visit(state: StateOfObject, visits: readonly Visit[], insist: boolean, least = 1): Promise<void> {
    const { player } = this;
    let todo = visits;
    for (let entry = 0; entry < (visits.length > 1 ? SHARED_ENTRIES : ENTRIES) && todo.length > 0; entry++) {
      for (const at of new Set(todo.map(({ place }) => place.subSystem))) {
        await restock(player, at, state);
        const there = todo.filter(({ place }) => place.subSystem === at);
        if (insist)
          await this.makePossible(
            there.flatMap(({ cells }) => cells),
            at,
          );
      }
      if (!player.isWhole) await player.lookClosely();
      const chosen = this.chooseAll(state, todo);
      const [first] = chosen;
      if (first === undefined) return;
      const known = player.state;
      await player.handles.holdAll(known);
      const naming = state.ends === true ? callsNaming(player, first.item) : [];
      const entered = await enterAll(
        state,
        player,
        chosen.map(({ item }) => item),
        this.entries++,
      );
      if (entered === undefined) return;
      const shared = this.begin();
      const left = new Map<Place, readonly Cell[]>();
      const counts = new Map<Place, number>();
      for (const isInRound of state.unseen === true ? ROUNDS : [isAny])
        for (const [i, { place, cells }] of chosen.entries()) {
          const object = entered.objects[i];
          if (object === undefined) continue;
          const visit: Visit = { place, cells: cells.filter(isInRound) };
          const played = await this.playIn(state, visit, object, { known, naming }, shared);
          counts.set(place, (counts.get(place) ?? 0) + played.count);
          left.set(place, [...(left.get(place) ?? []), ...played.cells]);
        }
      const items = chosen.map(({ item }) => item);
      if (state.unseen !== true) await this.askTheGone(state, items, known);
      await entered.leave(state.unseen === true ? shared.ended : []);
      if (state.unseen === true) await this.askTheGone(state, items, known);
      const { item } = first;
      const id = entered.objects[0]?.related.id ?? item.id;
      player.focus = { id: player.state.get(id) === undefined ? (player.state.subSystemOf(item.id) ?? id) : id };
      const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
      if (count < least) return;
      // Where nothing could be called, nothing can be called the next time.
      const isUseless = (place: Place): boolean => counts.get(place) === 0 && shared.ended.length < this.unseen;
      todo = [...left].flatMap(([place, cells]) => (cells.length === 0 || isUseless(place) ? [] : [{ place, cells }]));
    }
  }

  /** What has gone since, of the objects that were in the state and of what goes with them, says so to any call. */
  private async askTheGone({ name }: StateOfObject, items: readonly Item[], since: SystemState): Promise<void> {
    const { player } = this;
    const isConcerned = ({ id, parent }: Item): boolean =>
      items.some((item) => item.id === id || item.id === parent || item.parent === id);
    const gone = player.handles.gone(player.state).filter((item) => since.get(item.id) && isConcerned(item));
    await answerThatTheyAreGone(player, gone, `on an object that is gone, after it was ${name}, or what it belongs to`);
  }

  private begin(): Batch {
    return { ended: [], touched: new Touched(), now: this.player.state.draft() };
  }

  /** Makes the calls of a place while its object is in the state. Gives how many, and the cells that may be left. */
  private async playIn(
    state: StateOfObject,
    { place, cells }: Visit,
    { related, before }: EnteredObject,
    { known, naming }: { readonly known: SystemState; readonly naming: readonly Resolved[] },
    shared: Batch,
  ): Promise<{ readonly count: number; readonly cells: readonly Cell[] }> {
    const { player } = this;
    const isGone = player.state.get(related.id) === undefined;
    const relations = new Relations(isGone ? known : player.state, related, naming);
    this.coverage.mayVisit(
      place.state,
      cells.filter(
        (cell) => relations.has(cell) && player.knowledge.isAvailable(cell.command) && !isThroughArgument(cell.role),
      ),
    );
    let count = 0;
    let todo = cells;
    for (;;) {
      const lasts = isGone || state.unseen === true || this.lasts(state, related, player.state);
      if (!lasts) break;
      const batch = state.unseen === true ? shared : this.begin();
      const { left, made } = await this.batch(state, place, relations, todo, before, batch);
      todo = left;
      count += made;
      if (state.unseen === true) return { count, cells: todo };
      // What is still left cannot be called.
      if (made === 0) return { count, cells: [] };
    }
    return { count, cells: count === 0 ? [] : todo };
  }

  private lasts(state: StateOfObject, related: Item, now: SystemState): boolean {
    return now.get(related.id) !== undefined && state.lasts?.(now, related) !== false;
  }

  /** Plays what makes commands possible that are not. */
  private async makePossible(todo: readonly Cell[], subSystem: number): Promise<void> {
    const { player } = this;
    const { state, knowledge } = player;
    for (const name of new Set(todo.map(({ command }) => command))) {
      const { on, requests } = commandNamed(name);
      if (!knowledge.isWorthEnabling(name)) continue;
      const isPossible = state.ofKind(on).some((item) => {
        const within = state.subSystemOf(item.id);
        return (
          within !== undefined &&
          knowledge.mayUse(item) &&
          requests({ state, item, subSystem: within, knowledge }).length > 0
        );
      });
      if (!isPossible) await enable(player, { command: name, n: subSystem, relation: 'same' }, []);
    }
  }

  /** Makes calls one after the other, or together, and has them judged at once unless the state is in the way. */
  private async batch(
    state: StateOfObject,
    place: Place,
    relations: Relations,
    todo: readonly (Cell & { readonly n?: number })[],
    before: ((n: number) => Promise<unknown>) | undefined,
    { ended, touched, now }: Batch,
  ): Promise<{ readonly made: number; readonly left: readonly Cell[] }> {
    const { player } = this;
    const left: Cell[] = [];
    const together: Resolved[] = [];
    const operation = state.operation?.(player, relations.related);
    if (state.operation !== undefined && operation === undefined) return { made: 0, left: todo };
    const begun = ended.length;
    if (operation !== undefined) together.push(operation);
    const most = operation !== undefined ? TOGETHER + 1 : state.unseen === true ? this.unseen : BATCH;
    const isGone = player.state.get(relations.related.id) === undefined;
    if (operation === undefined && begun === 0) await player.announcements.listen();
    let lasts = true;
    for (const cell of todo) {
      lasts &&= isGone || this.lasts(state, relations.related, now);
      const hasRoom = Math.max(ended.length, together.length) < most;
      const n = cell.n ?? this.visits.get(cell.command) ?? 0;
      const comesLate = commandNamed(cell.command).refusal !== undefined && ended.some(({ outcome }) => outcome.done);
      const isOut = !hasRoom || !lasts || comesLate || this.coverage.has(place.state, cell);
      const calls = isOut ? [] : relations.calls(player, cell, now);
      // The `n`th, or the next one that does not hide what another call of the batch has changed; of these the first
      // that sets another value and does not end the state, if one does.
      const admitted = calls
        .map((_, i) => ({ which: n + i, call: calls[(n + i) % calls.length] as Resolved }))
        .filter((each) => touched.admits(each.call));
      const isTelling = (each: Resolved): boolean => {
        if (!isSetting(cell.command)) return true;
        const then = shownBy(now, each, player.knowledge);
        return then !== undefined && (isGone || this.lasts(state, relations.related, then));
      };
      const chosen = admitted.find((each) => isTelling(each.call)) ?? admitted[0];
      if (chosen === undefined) {
        left.push(cell);
        continue;
      }
      const { which, call } = chosen;
      if (operation !== undefined) {
        together.push(call);
        touched.add(call);
      } else {
        await before?.(ended.length);
        const started = await player.calls.start(call);
        if (started === undefined) continue;
        const each = await player.calls.end(started);
        player.steps.called(each.record, each.outcome.hr);
        ended.push(each);
        apply(now, [each], player.knowledge);
        if (each.outcome.done) touched.add(call);
      }
      this.visits.set(cell.command, n + 1);
      this.kept.push({ ...place, ...cell, n: which });
      this.coverage.visited(place.state, cell);
    }
    if (operation !== undefined)
      return { made: together.length > 1 ? (await playTogether(player, together)).length : 0, left };
    if (state.unseen !== true && ended.length > 0) await player.judge(ended, player.around, true);
    return { made: ended.length - begun, left };
  }
}

const isAny = (): boolean => true;
const mustBeRefused = ({ command }: Cell): boolean => commandNamed(command).refusal !== undefined;
/** What must be refused is known only until something was carried out. */
const ROUNDS = [mustBeRefused, (cell: Cell): boolean => !mustBeRefused(cell)] as const;

/** Of objects that stand so to each other, each can be in a state without the other one. */
const APART: ReadonlySet<Role | undefined> = new Set<Role | undefined>([undefined, 'sibling', 'beside', 'elsewhere']);
/** More than an object has ties. */
const MANY = 1_000_000;

/** Objects of these kinds are the run's own. */
const OWN: ReadonlySet<Kind> = new Set<Kind>(['IVdsLun', 'IVdsLunPlex', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup']);

/** Goes through states. A difference from the model is the finding, with the fewest steps that show it. */
export async function goThroughStates(ctx: Context, planned: StateTour): Promise<void> {
  const perform = (go: (tour: Tour) => Promise<void>): Promise<void> =>
    onStage(ctx, ['luns', 'targets'], (player) => go(new Tour(player, planned)), CADENCE);
  let first: Tour | undefined;
  try {
    await perform((each) => (first = each).go(ctx.random.below(2)));
    if (first?.coverage.size === 0) ctx.inconclusive('no fault route offers what this check needs');
  } catch (error) {
    const steps = first?.kept ?? [];
    if (!isFinding(error) || ctx.session.broken !== undefined || steps.length === 0) throw error;
    throw await shrunk(ctx, {
      steps,
      found: error,
      cadence: 2,
      perform: (some) => perform((each) => each.repeat(some)),
    });
  } finally {
    const visited = first?.coverage.report() ?? [];
    if (visited.length > 0) ctx.visited = visited;
  }
}
