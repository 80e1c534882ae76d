// The classes of each profile that differ from the default's.
import type { Parts } from '../parts.js';
import { LEGACY } from './legacy.js';
import type { ProfileName } from './profile.js';

export const PARTS_OF_PROFILE: { readonly [P in ProfileName]: Partial<Parts> } = {
  iscsi: {},
  legacy: LEGACY,
};
