// Tours through states: objects are brought into a state, and every command is made on whatever stands in some relation
// to them. The calls of a batch share one look at the system, and a state; what is chosen next is what no batch before
// has visited. A tour that fails is played again, shorter, on a fresh system.
import type { Guid } from '../../../contract/guid.js';
import {
  apply,
  COMMANDS,
  commandNamed,
  idsOfRequest,
  type Item,
  type Kind,
  type SystemState,
} from '../../../model/index.js';
import type { Context } from '../../context.js';
import type { Ended } from '../calls/calls.js';
import { isFinding } from '../calls/steps.js';
import { enable } from '../enabling.js';
import { playTogether } from '../overlapping.js';
import type { Player } from '../player.js';
import { madeKind, subSystemAt, type Resolved } from '../resolve.js';
import { shrunk } from '../shrink.js';
import { onStage } from '../stage.js';
import { requirementsOfChanges } from '../tour-plan.js';
import { namedBy } from '../wrong.js';
import { CellCoverage } from './coverage.js';
import { STATES_OF_OBJECTS, type StateOfObject } from './kinds.js';
import { isWithin, ROLES, rolesOf, tiesOf, type Cell, type Role } from './roles.js';
import { restock } from './stock.js';

export interface StateTour {
  /** The states, by their names. */
  readonly states: readonly string[];
  /** How often each kind of object is brought into each of them: in one subsystem after the other. */
  readonly turns: number;
}

/** An object in a state: which one is chosen by its place. */
interface Place {
  readonly state: string;
  readonly kind: Kind;
  /** Which subsystem of those that the run may work on, modulo their number. */
  readonly subSystem: number;
}

interface StateStep extends Place, Cell {
  /** Which of the possible arguments and objects; taken modulo their number. */
  readonly n: number;
}

/** So many calls share a look at the system. */
const BATCH = 24;
/** So many are made while nothing is read, which a recovery ends. */
const UNSEEN = 40;
/** So many are under way at once, beside the operation. */
const TOGETHER = 3;
/** So often an object is brought into a state again, as what was called has ended it. */
const ENTRIES = 4;
/** Every so many batches everything is read. */
const CADENCE = 3;

/** Commands that renew what the provider knows. */
const RENEWING: ReadonlySet<string> = new Set(['reenumerate', 'refresh', 'reenumerate-subsystem']);

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

/** Commands that change how many objects there are. */
const COUNTING = /^(?:create|delete|add|remove|replace)-/;

/** Whether a command can be made while a state lasts, and judged. */
function isFor({ unseen, operation, renames, without }: StateOfObject, name: string): boolean {
  if (name === without) return false;
  // While the provider's knowledge is damaged they are what ends the damage.
  if (unseen === true && RENEWING.has(name)) return false;
  // A call that must be refused in one order of several may be possible in another.
  if (operation !== undefined && commandNamed(name).refusal !== undefined) return false;
  // Where objects have other ids afterwards, they are told apart by what there was before.
  return renames !== true || !COUNTING.test(name);
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

/** When a cell comes; calls in another subsystem end nothing, and are looked at apart. */
const orderOf = ({ command, role }: Cell): number => lateness(command) + (role === 'elsewhere' ? LATEST : 0);
const LATEST = 10;

/** Every cell of objects of a kind, in the order in which they are visited. */
const cellsOf = (kind: Kind): readonly Cell[] =>
  ROLES.flatMap((role) => COMMANDS.map(({ name }): Cell => ({ command: name, role, kind })))
    .filter(canBe)
    .sort((a, b) => orderOf(a) - orderOf(b));

/** The objects on which a call can be made while another one is in a state, with the role of that to each. */
class Relations {
  private readonly roles: ReadonlyMap<Guid, Role>;

  constructor(
    /** The state in which the relations are known: where the object is gone, that from before it went. */
    readonly known: SystemState,
    readonly related: Item,
    /** The calls that named the object while it was there. */
    private readonly naming: readonly Resolved[] = [],
  ) {
    this.roles = rolesOf(known, related);
  }

  /** Which roles there are, and to objects of which kinds. */
  has({ role, command }: Cell): boolean {
    if (role === 'argument') return true;
    const { on } = commandNamed(command);
    return this.known.ofKind(on).some(({ id }) => this.roles.get(id) === role);
  }

  /** The call of a cell in the present state; undefined where there is none. */
  call(player: Player, { command: name, role }: Cell, state: SystemState, n: number): Resolved | undefined {
    const command = commandNamed(name);
    const { knowledge } = player;
    if (!knowledge.isAvailable(name)) return undefined;
    if (role === 'argument' && state.get(this.related.id) === undefined)
      return this.naming.find((call) => call.command === command && state.get(call.item.id) !== undefined);
    const calls: Resolved[] = [];
    for (const item of state.ofKind(command.on)) {
      if (role !== 'argument' && this.roles.get(item.id) !== role) continue;
      const subSystem = state.subSystemOf(item.id);
      if (subSystem === undefined || !knowledge.mayUse(item)) continue;
      for (const request of command.requests({ state, item, subSystem, knowledge })) {
        const call: Resolved = { command, item, subSystem, request, relation: 'same' };
        if (role !== 'argument' || namedBy(player, call).includes(this.related.id)) calls.push(call);
      }
    }
    return calls[n % Math.max(calls.length, 1)];
  }
}

/** Every call that names an object by its id; of lists the longest first, of which the rest could be taken for all. */
function callsNaming({ state, knowledge }: Player, { id }: Item): readonly Resolved[] {
  const calls = COMMANDS.flatMap((command) =>
    state.ofKind(command.on).flatMap((item): Resolved[] => {
      const subSystem = state.subSystemOf(item.id);
      if (subSystem === undefined || item.id === id || !knowledge.mayUse(item)) return [];
      return command
        .requests({ state, item, subSystem, knowledge })
        .filter((request) => idsOfRequest(request).includes(id))
        .map((request) => ({ command, item, subSystem, request, relation: 'same' }));
    }),
  );
  return calls.sort((a, b) => idsOfRequest(b.request).length - idsOfRequest(a.request).length);
}

/** What the calls of a batch have touched: of one change that follows another of the same, only the last shows. */
class Touched {
  private readonly keys = new Set<string>();

  /** Whether the call may join the batch. */
  admits(call: Resolved): boolean {
    const { command, item } = call;
    if (command.name.startsWith('delete-') && [...this.keys].some((key) => key.startsWith(item.id))) return false;
    return keysOf(call).every((key) => !this.keys.has(key));
  }

  add(call: Resolved): void {
    for (const key of keysOf(call)) this.keys.add(key);
  }
}

/** What is made is seen whatever is made after it. */
const keysOf = ({ command, item }: Resolved): readonly string[] =>
  madeKind(command) === undefined ? command.touches.map((touch) => `${item.id} ${touch}`) : [];

class Tour {
  readonly coverage = new CellCoverage();
  /** Every step that was played. */
  readonly kept: StateStep[] = [];
  private readonly visits = new Map<string, number>();
  private entries = 0;

  constructor(private readonly player: Player) {}

  /** Goes through the states, by what is not yet covered. */
  async go({ states, turns }: StateTour, from: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++)
      for (const name of states) {
        const state = STATES_OF_OBJECTS.get(name) as StateOfObject;
        for (const [i, kind] of state.kinds.entries()) {
          if (this.player.state.ofKind(kind).length === 0) continue;
          const place: Place = { state: name, kind, subSystem: from + i + turn };
          const todo = cellsOf(kind).filter((cell) => isFor(state, cell.command) && !this.coverage.has(name, cell));
          if (todo.length > 0) await this.visit(place, todo, turn > 0);
        }
      }
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
      await this.visit(first, row, false);
      at += row.length;
    }
  }

  /** The object that is to be in the state: the one in the subsystem that most others are tied to. */
  private choose(state: StateOfObject, { kind, subSystem: at }: Place): Item | undefined {
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
    const ties = new Map(all.map((item) => [item, tiesOf(player.state, item)]));
    return all.sort((a, b) => (ties.get(b) ?? 0) - (ties.get(a) ?? 0))[0];
  }

  /** Brings an object into a state, as often as it takes to make every call that can be made. */
  private async visit(
    place: Place,
    cells: readonly (Cell & { readonly n?: number })[],
    insist: boolean,
  ): Promise<void> {
    const { player } = this;
    const state = STATES_OF_OBJECTS.get(place.state) as StateOfObject;
    let todo = cells;
    for (let entry = 0; entry < ENTRIES && todo.length > 0; entry++) {
      await restock(player, place.subSystem);
      if (insist) await this.makePossible(todo, place);
      if (entry === 0 && !player.isWhole) await player.lookClosely();
      const item = this.choose(state, place);
      if (item === undefined) return;
      const known = player.state;
      const hopes = new Relations(known, item);
      if (!todo.some((cell) => hopes.call(player, cell, known, 0) !== undefined)) return;
      await player.handles.holdAll(known);
      const naming = state.ends === true ? callsNaming(player, item) : [];
      const entered = await state.enter(player, item, this.entries++);
      if (entered === undefined) return;
      const isGone = player.state.get(entered.related.id) === undefined;
      const relations = new Relations(isGone ? known : player.state, entered.related, naming);
      this.coverage.mayVisit(
        place.state,
        todo.filter(
          (cell) => relations.has(cell) && player.knowledge.isAvailable(cell.command) && cell.role !== 'argument',
        ),
      );
      const before = todo.length;
      const ended: Ended[] = [];
      let lasts: boolean;
      for (;;) {
        lasts = isGone || state.unseen === true || this.lasts(state, entered.related, player.state);
        const batch = lasts ? await this.batch(state, place, relations, todo, entered.before) : undefined;
        if (batch === undefined || batch.ended.length === 0) break;
        todo = batch.left;
        ended.push(...batch.ended);
        if (state.unseen === true) break;
      }
      await entered.leave(ended);
      const { id } = entered.related;
      player.focus = { id: player.state.get(id) === undefined ? (player.state.subSystemOf(item.id) ?? id) : id };
      // What is still left cannot be called.
      if (todo.length === before || (lasts && state.unseen !== true)) return;
    }
  }

  private lasts(state: StateOfObject, related: Item, now: SystemState): boolean {
    return now.get(related.id) !== undefined && state.lasts?.(now, related) !== false;
  }

  /** Plays what makes commands possible that are not. */
  private async makePossible(todo: readonly Cell[], { subSystem }: Place): Promise<void> {
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
  ): Promise<{ readonly ended: readonly Ended[]; readonly left: readonly Cell[] }> {
    const { player } = this;
    const ended: Ended[] = [];
    const left: Cell[] = [];
    const together: Resolved[] = [];
    const touched = new Touched();
    const operation = state.operation?.(player, relations.related);
    if (state.operation !== undefined && operation === undefined) return { ended, left: todo };
    if (operation !== undefined) together.push(operation);
    const most = operation !== undefined ? TOGETHER + 1 : state.unseen === true ? UNSEEN : BATCH;
    const isGone = player.state.get(relations.related.id) === undefined;
    if (operation === undefined) await player.announcements.listen();
    /** The state to which the calls so far must have led. */
    const now = player.state.draft();
    let lasts = true;
    for (const cell of todo) {
      lasts &&= isGone || this.lasts(state, relations.related, now);
      const isFull = Math.max(ended.length, together.length) >= most;
      const n = cell.n ?? this.visits.get(cell.command) ?? 0;
      const call =
        isFull || !lasts || this.coverage.has(place.state, cell) ? undefined : relations.call(player, cell, now, n);
      const comesLate = call?.command.refusal !== undefined && ended.some(({ outcome }) => outcome.done);
      if (call === undefined || comesLate || !touched.admits(call)) {
        left.push(cell);
        continue;
      }
      if (operation !== undefined) {
        together.push(call);
        touched.add(call);
      } else {
        await before?.(ended.length);
        const begun = await player.calls.start(call);
        if (begun === undefined) continue;
        const each = await player.calls.end(begun);
        player.steps.called(each.record, each.outcome.hr);
        ended.push(each);
        apply(now, [each], player.knowledge);
        if (each.outcome.done) touched.add(call);
      }
      this.visits.set(cell.command, n + 1);
      this.kept.push({ ...place, ...cell, n });
      this.coverage.visited(place.state, cell);
    }
    if (operation !== undefined)
      return { ended: together.length > 1 ? await playTogether(player, together) : [], left };
    if (state.unseen !== true && ended.length > 0) await player.judgeBatch(ended);
    return { ended, left };
  }
}

/** Objects of these kinds are the run's own. */
const OWN: ReadonlySet<Kind> = new Set<Kind>(['IVdsLun', 'IVdsLunPlex', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup']);

/** Those that only some states may show broken. */
const OF_STATES: Readonly<Record<string, readonly string[]>> = {
  damaged: ['VDS-5.5b', 'VDS-5.5d'],
  'OFFLINE as a whole': ['VDS-5.5d'],
  FAILED: ['VDS-5.5d'],
  disconnected: ['VDS-5.5d'],
  'refreshed twice': ['VDS-5.5d'],
  'loaded anew': ['VDS-1.8', 'VDS-2.5a'],
};

/** The requirements that a tour through these states verifies. */
export function requirementsOfStates(names: readonly string[]): readonly string[] {
  const states = names.flatMap((name) => STATES_OF_OBJECTS.get(name) ?? []);
  const commands = COMMANDS.map((c) => c.name).filter((name) => states.some((state) => isFor(state, name)));
  return [...new Set([...requirementsOfChanges(commands), ...names.flatMap((name) => OF_STATES[name] ?? [])])];
}

/** Goes through states. A difference from the model is the finding, with the fewest steps that show it. */
export async function goThroughStates(ctx: Context, planned: StateTour): Promise<void> {
  const perform = (go: (tour: Tour) => Promise<void>): Promise<void> =>
    onStage(ctx, ['luns', 'targets'], (player) => go(new Tour(player)), CADENCE);
  let first: Tour | undefined;
  try {
    await perform((each) => (first = each).go(planned, ctx.random.below(2)));
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
