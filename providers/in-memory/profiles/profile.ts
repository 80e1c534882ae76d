// The profiles of the reference provider, by name: which kind of array it stands for. What each consists of is in the
// files next to this one.

/** A name of a profile, as in `--set profile=NAME`, and which array it stands for. */
export const PROFILES = {
  iscsi: 'an iSCSI array with targets, portals and an import target',
  'fibre-channel': 'a Fibre Channel array with controller ports as objects, and several paths to each LUN',
  legacy:
    'an array of VDS 1.0: subsystems, controllers, drives, LUNs and plexes, and none of the interfaces that came later',
  pools:
    'an iSCSI array of VDS 3.0 with simple targets, storage pools, RAID ' +
    'types, numbered LUNs and maintenance operations',
} as const;

export type ProfileName = keyof typeof PROFILES;

export const PROFILE_NAMES = Object.keys(PROFILES) as [ProfileName, ...ProfileName[]];

export const DEFAULT_PROFILE: ProfileName = 'iscsi';
