// A probe: one call that must leave everything as it is, made to see what is answered: a query, or a change that must
// be refused. The model says for each method, class of argument and state which answer is right.
import type { Guid } from '../../contract/guid.js';
import type { Method } from '../../contract/tables.js';
import type { ObservedKind } from '../../port/device-kinds.js';
import type { Knowledge } from '../knowledge.js';
import type { Item, Kind, SystemState } from '../state.js';
import type { EnumeratorStep } from './enumerator.js';

/** The answer that is required. */
export type Answer =
  /** One of these codes, as a requirement states: of the call, or of the operation that it starts. */
  | { readonly is: 'code'; readonly requirement: string; readonly codes: readonly number[] }
  /** A failure that the method may answer at all. */
  | {
      readonly is: 'refused';
      readonly requirement: string;
      /** An operation may begin, and then must fail. */
      readonly orFails?: true;
      /** The requirement by which the code is the same each time. */
      readonly alike?: string;
      /** The codes that a requirement of level SHOULD has. */
      readonly best?: { readonly requirement: string; readonly codes: readonly number[] };
    }
  /** Any code that the method may answer at all. */
  | { readonly is: 'permitted' }
  /** Success, or any code that the method may answer, as the provider chooses: the same choice each time. */
  | { readonly is: 'choice'; readonly requirement: string }
  /** A list of these objects, in any order. */
  | { readonly is: 'listed'; readonly requirement: string; readonly lists: Kind; readonly of: readonly Guid[] }
  /** A failure, as there is nowhere to put the output. */
  | { readonly is: 'nowhere'; readonly requirement: string }
  /** VDS_E_OBJECT_DELETED. */
  | { readonly is: 'deleted' }
  /** A refusal, or this object and no other, as the only output. */
  | {
      readonly is: 'object';
      readonly requirement: string;
      readonly id: Guid;
      /** The requirement lets the call be refused as well. */
      readonly refusable?: true;
    }
  /** An output of success has this value; of S_FALSE, that one. */
  | {
      readonly is: 'value';
      readonly requirement: string;
      readonly output: string;
      readonly value: unknown;
      /** The value that goes with S_FALSE; absent where S_FALSE is wrong. */
      readonly otherwise?: unknown;
    }
  /** An enumeration of these objects, which goes through the steps as an enumerator must. */
  | {
      readonly is: 'enumeration';
      readonly of: readonly Guid[];
      readonly lists: Kind;
      readonly steps: readonly EnumeratorStep[];
    };

export interface Probe {
  /** To follow the name of the method: `with GUID_NULL as lunId`; may be empty. */
  readonly how: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Outputs for which NULL is passed. */
  readonly nullOuts?: readonly string[];
  readonly answer: Answer;
}

/** The object and state of a probe. */
export interface ProbeTarget {
  readonly state: SystemState;
  /** The object that is called; undefined for the provider, and for one that is gone. */
  readonly item: Item | undefined;
  readonly knowledge: Knowledge;
  /** Objects that were there and are gone, with what was known of them last. */
  readonly gone: readonly Item[];
  /** Chooses among what there is. */
  readonly n: number;
}

/** Method × class of argument × state: what is dealt to the steps of a tour, each in its turn. */
export interface ProbeCell {
  /** `IVdsLun.SetMask: NULL as unmaskingList`, for people. */
  readonly name: string;
  readonly on: ObservedKind;
  readonly method: Method;
  /** Whether the object is there, or was deleted while it was held. */
  readonly when: 'present' | 'departed';
  /** Whether a provider that wrongly carries it out changes something. */
  readonly changes: boolean;
  /** Set where it is to be made on an object of each subsystem. */
  readonly everywhere?: true;
  probe(target: ProbeTarget): Probe | undefined;
}

/** The `n`th of all, counted round. */
export const at = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(all.length, 1)];
