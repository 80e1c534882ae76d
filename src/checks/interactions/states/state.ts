// A state in which an object may be while calls are made, and how it is brought about and ended.
import type { FaultKind } from '../../../faults/kinds.js';
import type { Item, Kind, SystemState } from '../../../model/index.js';
import type { Ended } from '../calls/calls.js';
import type { Player } from '../player.js';
import type { Resolved } from '../resolve.js';

/** An object that has been brought into a state. */
export interface EnteredObject {
  /** The object, which may have another id than before, or be gone. */
  readonly related: Item;
  /** Done right before each call, of which `n` were made since the state was entered. */
  readonly before?: (n: number) => Promise<unknown>;
}

interface Leaving {
  /** Ends the state, and judges what has not been judged. */
  leave(ended: readonly Ended[]): Promise<void>;
}

export interface Entered extends EnteredObject, Leaving {}

/** Objects that have been brought into a state at once. */
export interface AllEntered extends Leaving {
  /** In the order in which they were given; undefined for one that cannot be in the state. */
  readonly objects: readonly (EnteredObject | undefined)[];
}

export interface StateOfObject {
  readonly name: string;
  /** The kinds of object that can be in it. */
  readonly kinds: readonly Kind[];
  /** The faults that it takes. */
  readonly faults: readonly FaultKind[];
  /** Nothing is read while it lasts: calls are judged when it is over, and each few have a state of their own. */
  readonly unseen?: true;
  /** Objects may have other ids when it is over. */
  readonly renames?: true;
  /** A command that would end it. */
  readonly without?: string;
  /** The object is gone then. */
  readonly ends?: true;
  /** The calls are under way together with this operation on the object, instead of one after the other. */
  readonly operation?: (player: Player, item: Item) => Resolved | undefined;
  /** Whether this object can be brought into it. */
  suits?(player: Player, item: Item): boolean;
  /** The command after which one can, where none could. */
  readonly enabledBy?: string;
  /** Whether it lasts, where a call may end it. */
  lasts?(state: SystemState, item: Item): boolean;
  /** Brings an object into it; undefined where that cannot be done. */
  enter(player: Player, item: Item, n: number): Promise<Entered | undefined>;
  /**
   * The same of several objects at once, which a recovery ends; absent where several cannot share one, or none is
   * needed.
   */
  readonly enterAll?: EnterAll;
}

export type EnterAll = (player: Player, items: readonly Item[], n: number) => Promise<AllEntered | undefined>;

/** Brings objects into a state at once: several only where that is possible. */
export async function enterAll(
  state: StateOfObject,
  player: Player,
  items: readonly Item[],
  n: number,
): Promise<AllEntered | undefined> {
  if (state.enterAll !== undefined) return state.enterAll(player, items, n);
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new RangeError(`one object at a time can be ${state.name}`);
  const entered = await state.enter(player, item, n);
  return entered === undefined ? undefined : { objects: [entered], leave: (ended) => entered.leave(ended) };
}
