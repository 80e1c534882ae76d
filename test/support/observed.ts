// Observed objects for states that tests make up.
import type { ObservedObject } from '../../src/truth/observation.js';

/** An object with these members, of which it is not said how they were read. */
export const observed = (
  kind: ObservedObject['kind'],
  id: string,
  container: string | undefined,
  members: object,
): ObservedObject => ({ kind, id, container, members: { ...members }, sources: {} });
