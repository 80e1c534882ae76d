// The classes of each profile that differ from the default's.
import type { Parts } from '../parts.js';
import { FIBRE_CHANNEL } from './fibre-channel.js';
import { LEGACY } from './legacy.js';
import { POOLS } from './pools.js';
import type { ProfileName } from './profile.js';

export const PARTS_OF_PROFILE: { readonly [P in ProfileName]: Partial<Parts> } = {
  iscsi: {},
  'fibre-channel': FIBRE_CHANNEL,
  legacy: LEGACY,
  pools: POOLS,
};
