// The same objects under other ids, as a provider may give them when it is loaded again or a subsystem comes back:
// which is which, and what of the state before must still be there.
import type { Guid } from '../contract/guid.js';
import { renamedIds, withIds } from '../truth/rename.js';
import type { Observation } from '../truth/observation.js';
import { SystemState, type Kind } from './state.js';

const observationOf = (state: SystemState): Observation => ({
  provider: {},
  contradictions: [],
  objects: new Map(
    [...state.items.values()].map(({ id, kind, parent, members }) => [
      id,
      { id, kind, container: parent ?? undefined, members, sources: {} },
    ]),
  ),
});

interface Renaming {
  /** The state that was observed, with the ids that objects had before. */
  readonly state: SystemState;
  /** The ids that objects have now, by those that they had. */
  readonly ids: ReadonlyMap<Guid, Guid>;
}

/** Finds the objects of one state in another that was observed later; undefined where some cannot be told apart. */
export function renaming(before: SystemState, actual: SystemState): Renaming | undefined {
  const ids = renamedIds(observationOf(before), observationOf(actual));
  const old = new Map([...ids].map(([was, is]) => [is, was]));
  const state = SystemState.of(withIds(observationOf(actual), old));
  return [...before.items.keys()].every((id) => state.get(id) !== undefined) ? { state, ids } : undefined;
}

/** The kinds of which there are more or fewer than before. */
export function otherCounts(before: SystemState, actual: SystemState): readonly Kind[] {
  const kinds = new Set([...before.items.values(), ...actual.items.values()].map((i) => i.kind));
  return [...kinds].filter((kind) => before.ofKind(kind).length !== actual.ofKind(kind).length);
}
