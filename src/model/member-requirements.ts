// Which requirement reports a member of the observation: the one that says what its getter or query tells. A member that has none of its own stands
// under VDS-0.3, that getters tell the present value.
import type { Kind } from './state.js';

const BY_MEMBER: Readonly<Record<string, string>> = {
  importTarget: 'VDS-1.4a',
  size: 'VDS-10.2c',
  unmaskingList: 'VDS-10.9a',
  associatedTargets: 'VDS-10.11',
  associatedLuns: 'VDS-10.11',
  activeControllers: 'VDS-10.10',
  associatedPortals: 'VDS-11.4a',
  associatedPortalGroups: 'VDS-11.4a',
  chapEnabled: 'VDS-11.5a',
  hints: 'VDS-10.12a',
  extents: 'VDS-10.15',
};

const EXISTENCE_OF: Readonly<Record<Kind, string>> = {
  subsystem: 'VDS-3.4',
  LUN: 'VDS-6.7a',
  plex: 'VDS-10.8a',
  target: 'VDS-6.6a',
};

/** The id of the requirement that a wrong value of the member breaks. */
export const requirementOfMember = (kind: Kind, member: string): string =>
  (member === 'existence' ? (EXISTENCE_OF[kind] ?? 'VDS-6.6b') : BY_MEMBER[member]) ?? 'VDS-0.3';
