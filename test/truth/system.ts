// A loaded in-memory provider to observe, as it is or with other classes in it.
import { load, type LoadedProvider } from '../../src/lab/system.js';
import { Session } from '../../src/port/session.js';
import { observe, type ObserveOptions } from '../../src/truth/observe.js';
import type { Observation, ObservedObject } from '../../src/truth/observation.js';
import type { DeviceInterface } from '../../src/contract/objects.js';
import { objectsOf } from '../../src/truth/observation.js';
import { createInMemory, type Parts } from '../../providers/in-memory/adapter.js';

export const loaded = (parts: Partial<Parts> = {}): Promise<LoadedProvider> =>
  load(new Session(createInMemory({ seed: 'truth' }, parts)));

/** Everything that the provider reports. */
export const deep = (
  { hw, providerPrivate }: LoadedProvider,
  options: Partial<ObserveOptions> = {},
): Promise<Observation> => observe(hw, { depth: 'deep', providerPrivate, ...options });

/** The first object of a kind, which must be there. */
export function first(observation: Observation, kind: DeviceInterface): ObservedObject {
  const [found] = objectsOf(observation, kind);
  if (found === undefined) throw new Error(`nothing of kind ${kind} was observed`);
  return found;
}

/** The observation with other members of one object. */
export const changed = (
  observation: Observation,
  object: ObservedObject,
  members: Readonly<Record<string, unknown>>,
): Observation => ({
  ...observation,
  objects: new Map(observation.objects).set(object.id, { ...object, members: { ...object.members, ...members } }),
});
