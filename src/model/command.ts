// A command: one changing method as the documents describe it. A declaration says on which objects it can be called in
// a state, with which arguments, when it must be refused, and its whole effect; whatever the effect does not mention
// stays as it was.
import type { Guid } from '../contract/guid.js';
import type { MethodName } from '../contract/tables.js';
import type { Knowledge } from './knowledge.js';
import type { Draft, Item, Kind, SystemState } from './state.js';

/** One call that can be made in a state. */
export interface Request {
  readonly args: Readonly<Record<string, unknown>>;
  /** Its variant, to follow the command's name: `to 64 MiB`; may be empty. */
  readonly how: string;
  /** A name that another call uses up if this one succeeds, and which is then spent. */
  readonly iscsiName?: string;
}

/** A request that no provider may carry out. */
export interface Refusal {
  /** The requirement that its success breaks. */
  readonly requirement: string;
  /** The only codes that may be answered, where a page states one for the condition. */
  readonly codes?: readonly number[];
  readonly because: string;
}

export interface Outcome {
  /** The answer of the call or, where that started an operation, the operation's own result. */
  readonly hr: number;
  /** Whether it was carried out. */
  readonly done: boolean;
  /** The object that was handed over as made. */
  readonly made?: Guid;
}

/** The object of a request. */
export interface Target {
  readonly state: SystemState;
  readonly item: Item;
  /** The subsystem of the item. */
  readonly subSystem: Guid;
  readonly knowledge: Knowledge;
}

export interface Command {
  /** Stable and unique: `clear-import-target`. */
  readonly name: string;
  readonly method: MethodName;
  /** The kind of object that it is called on. */
  readonly on: Kind;
  /** The requirement of its effect. */
  requirement(knowledge: Knowledge): string;
  /** Every requirement that it may be; more than one where it depends on how the provider reads the documents. */
  readonly requirements: readonly string[];
  /** The attributes that it is about; two commands that share one are likely to interact. */
  readonly touches: readonly string[];
  /** The requests that can be made of the object in this state; empty where it cannot be called. */
  requests(target: Target): readonly Request[];
  /** Set where no provider may carry it out. */
  readonly refusal?: Refusal;
  /** Set where a flag of the subsystem promises that it is supported; without one where the pages promise it. */
  readonly promised?: {
    readonly flag?: number;
    readonly requirement: string;
    /** The requirement by which it is answered as not supported, and not as a wrong argument, without the flag. */
    readonly otherwise?: string;
  };
  /** Set where its requests are such as the page allows, whatever the array: the requirement of a refusal of them. */
  readonly allowedBy?: string;
  /** Set where a page says of a request in some state that it is possible: the requirement of a refusal of it. */
  readonly granted?: {
    readonly requirement: string;
    readonly because: string;
    readonly when: (state: SystemState, item: Item, request: Request) => boolean;
  };
  /** Set where a provider that cannot do it says so by one of these codes. */
  readonly refusable?: { readonly requirement: string; readonly codes: readonly number[] };
  /**
   * Set where the documents leave it to the provider whether a request is carried out: the requirement by which it must
   * treat the same request alike each time, and the words for such a request, which follow the method's name.
   */
  readonly choice?: { readonly requirement: string; readonly of: (request: Request) => string };
  /** Set where what it is about is its answer and what it makes: it is not crossed with other commands. */
  readonly apart?: true;
  /** Set where its requests go by members that only a deep reading has. */
  readonly closely?: true;
  /** Members of its object of which its requirement says that they stay as they are. */
  readonly keeps?: readonly string[];
  /** Set where its effect reaches other subsystems than that of its object. */
  readonly widely?: true;
  /** Writes the whole effect of a request that was carried out into the draft of the state before. */
  effect(draft: Draft, request: Request, outcome: Outcome, target: Omit<Target, 'state'>): void;
  /**
   * The call that puts the setting of an object back which was there before; absent where only objects of the run's own
   * are changed.
   */
  undo?(item: Item, state: SystemState, knowledge: Knowledge): Readonly<Record<string, unknown>> | undefined;
  /** The method of that call; the command's own unless given. */
  readonly undoMethod?: MethodName;
  /** The call instead of `undo`, whose arguments are given, where that is refused: it may name what is gone by then. */
  reset?(
    knowledge: Knowledge,
    undone: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> | undefined;
}

type Declared = Omit<Command, 'requirement' | 'requirements' | 'effect'> & {
  readonly requirement: string | { readonly of: readonly string[]; readonly by: (knowledge: Knowledge) => string };
  readonly effect?: Command['effect'];
};

/** Completes a declaration: one without an effect changes nothing. */
export const command = ({ requirement, effect, ...rest }: Declared): Command => ({
  ...rest,
  requirement: typeof requirement === 'string' ? () => requirement : requirement.by,
  requirements: typeof requirement === 'string' ? [requirement] : requirement.of,
  effect: effect ?? (() => {}),
});
