// From a step of a tour to the call that it means in a state: which object, which arguments. A step says what is done
// and how its object is related to the one before, so that a tour can be cut down to the few steps that matter and
// still means something.
import type { DeviceInterface, MakeableKind } from '../../contract/objects.js';
import type { CorruptionForm } from '../../faults/kinds.js';
import type { Guid } from '../../contract/guid.js';
import {
  commandNamed,
  type Command,
  type Item,
  type Knowledge,
  type Request,
  type SystemState,
  wouldShow,
} from '../../model/index.js';
import { equalValues } from '../../truth/compare.js';

/** How the object of a step is related to that of the step before. */
export const RELATIONS = ['same', 'sibling', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Step {
  readonly command: string;
  readonly relation: Relation;
  /** Which of the possible arguments and objects; taken modulo their number. */
  readonly n: number;
  /** Which of the possible objects, where that is another number. */
  readonly which?: number;
  /**
   * The subsystem from which it starts, by its place among those that the run may work on; where the step before it
   * left off unless given.
   */
  readonly subSystem?: number;
  /** Arguments are preferred that would show in the state, as something comes between that may undo the change. */
  readonly visibly?: true;
  /** Only objects of which more than one request can be made. */
  readonly choice?: true;
  /** How the cache is damaged for it, in a tour that damages it. */
  readonly form?: CorruptionForm;
  /** The probes that are made after it, as places in PROBE_CELLS. */
  readonly probes?: readonly number[];
}

export interface Resolved {
  readonly command: Command;
  readonly item: Item;
  readonly subSystem: Guid;
  readonly request: Request;
  /** The relation that was found; another than asked for where no object stands in that one. */
  readonly relation: Relation;
}

/** The object of the step before. */
export interface Focus {
  readonly id: Guid;
  /** Other objects that its effect reached. */
  readonly reached?: ReadonlySet<Guid>;
}

interface Candidate {
  readonly item: Item;
  readonly requests: readonly Request[];
  readonly relation: Relation;
}

const FALLBACK: Readonly<Record<Relation, readonly Relation[]>> = {
  same: ['same', 'sibling', 'other'],
  sibling: ['sibling', 'same', 'other'],
  other: ['other', 'sibling', 'same'],
};

function relationOf(state: SystemState, item: Item, focus: Focus | undefined): Relation {
  if (focus === undefined || item.id === focus.id || focus.reached?.has(item.id) === true) return 'same';
  if (state.neighbours(focus.id).has(item.id)) return 'same';
  const there = state.subSystemOf(focus.id);
  if (item.id === there || item.parent === focus.id) return 'same';
  return state.subSystemOf(item.id) === there ? 'sibling' : 'other';
}

/** The meaning of a step in the present state; undefined where its command cannot be called on any object. */
export function resolve(
  step: Step,
  state: SystemState,
  focus: Focus | undefined,
  knowledge: Knowledge,
): Resolved | undefined {
  const command = commandNamed(step.command);
  if (!knowledge.isAvailable(command.name)) return undefined;
  const candidates: Candidate[] = [];
  for (const item of state.ofKind(command.on)) {
    const subSystem = state.subSystemOf(item.id);
    if (subSystem === undefined || !knowledge.mayUse(item)) continue;
    const requests = command.requests({ state, item, subSystem, knowledge });
    if (requests.length > (step.choice === true ? 1 : 0))
      candidates.push({ item, requests, relation: relationOf(state, item, focus) });
  }
  for (const relation of FALLBACK[step.relation]) {
    const fitting = candidates.filter((c) => c.relation === relation);
    // The object that was dealt with itself before what is tied to it.
    const chosen =
      (relation === 'same'
        ? (fitting.find((c) => c.item.id === focus?.id) ?? fitting.find((c) => focus?.reached?.has(c.item.id)))
        : undefined) ?? fitting[(step.which ?? step.n) % Math.max(fitting.length, 1)];
    if (chosen === undefined) continue;
    const { item, requests } = chosen;
    const subSystem = state.subSystemOf(item.id);
    if (subSystem === undefined) continue;
    const first = step.n % requests.length;
    const inTurn = [...requests.slice(first), ...requests.slice(0, first)];
    const shows = (request: Request): boolean => wouldShow(state, { command, item, subSystem, request }, knowledge);
    const request = (step.visibly === true ? inTurn.find(shows) : undefined) ?? inTurn[0];
    if (request !== undefined) return { command, item, subSystem, request, relation };
  }
  return undefined;
}

/**
 * The call by which a command is made on one object in the present state, with the `n`th of its requests; undefined
 * where it cannot be.
 */
export function callOn(
  { state, knowledge }: { readonly state: SystemState; readonly knowledge: Knowledge },
  command: string,
  { id }: Pick<Item, 'id'>,
  n = 0,
): Resolved | undefined {
  const call = resolve({ command, n, relation: 'same' }, state, { id }, knowledge);
  return call?.item.id === id ? call : undefined;
}

/** A request of the same command on the same object, with other arguments. */
export const otherRequest = (
  { command, item, subSystem, request }: Resolved,
  state: SystemState,
  knowledge: Knowledge,
): Request | undefined =>
  command.requests({ state, item, subSystem, knowledge }).find(({ args }) => !equalValues(args, request.args));

/** The `at`th subsystem of those that the run may work on, modulo their number. */
export function subSystemAt(state: SystemState, knowledge: Knowledge, at: number): Item | undefined {
  const usable = state.ofKind('IVdsSubSystem').filter((item) => knowledge.mayUse(item));
  return usable[at % Math.max(usable.length, 1)];
}

/** The object from which a step starts; that of the step before, unless it names a subsystem. */
export function startOf({ subSystem: at }: Step, state: SystemState, focus: Focus | undefined, knowledge: Knowledge) {
  const subSystem = at === undefined ? undefined : subSystemAt(state, knowledge, at);
  return subSystem === undefined ? focus : { id: subSystem.id };
}

/** The kind of object that a command makes. */
export interface MadeKind {
  readonly kind: MakeableKind;
  readonly as: DeviceInterface;
}

const MADE: Readonly<Record<string, MadeKind>> = {
  'create-target': { kind: 'target', as: 'IVdsIscsiTarget' },
  'create-classed-target': { kind: 'target', as: 'IVdsIscsiTarget' },
  'create-portal-group': { kind: 'portal-group', as: 'IVdsIscsiPortalGroup' },
};

const LUN = { kind: 'lun', as: 'IVdsLun' } as const satisfies MadeKind;

/** The new object that a successful call of a command hands over; undefined where it makes nothing. */
export const madeKind = ({ name }: Command): MadeKind | undefined =>
  MADE[name] ?? (name.startsWith('create-') ? LUN : undefined);
