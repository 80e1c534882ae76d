// The commands of each tour, by what they are about.
import { commandsWithEffect, lastingCommands, oneOfEachMethod, settingCommands } from '../../src/checks/index.js';

export const IMPORT_TARGET = [
  'set-import-target',
  'set-import-target-oddly',
  'clear-import-target',
  'create-target',
  'create-classed-target',
  'delete-target',
  'name-target',
];
export const LUNS = [
  'create-lun',
  'delete-lun',
  'extend-lun',
  'shrink-lun',
  'mask-lun',
  'name-lun',
  'hint-lun',
  'set-lun-status',
  'associate-targets',
  'associate-controllers',
];
export const SPACE = [
  'create-lun',
  'create-mirror',
  'create-stripe',
  'create-span',
  'delete-lun',
  'extend-lun',
  'shrink-lun',
  'extend-lun-too-far',
  'shrink-lun-too-far',
  'add-plex',
  'add-smaller-plex',
  'remove-plex',
  'recover-lun',
  'hint-lun',
  'hint-plex',
];
export const TARGETS = [
  'create-target',
  'create-taken-target',
  'delete-target',
  'delete-target-in-use',
  'name-target',
  'set-secret',
  'clear-secret',
  'remember-secret',
  'associate-targets',
  'associate-unknown-target',
];
export const GROUPS = [
  'create-portal-group',
  'delete-portal-group',
  'delete-portal-group-in-use',
  'add-portal',
  'add-portal-of-another-group',
  'remove-portal',
  'create-target',
  'delete-target',
  'set-portal-status',
];
export const EQUIPMENT = [
  'set-controller-status',
  'set-controllers',
  'flush-cache',
  'invalidate-cache',
  'reset-controller',
  'associate-controllers',
  'name-subsystem',
  'set-portal-status',
  'reenumerate',
  'refresh',
  'reenumerate-subsystem',
];
export const DRIVES = [
  'set-drive-status',
  'set-hot-spare',
  'clear-hot-spare',
  'replace-drive',
  'create-lun',
  'create-lun-2',
  'create-lun-in-pool',
  'extend-lun',
  'set-lun-status',
  'delete-lun',
];
/** Commands that only some providers have. */
export const EXTRAS = [
  'create-lun',
  'create-lun-2',
  'create-lun-in-pool',
  'delete-lun',
  'hint-lun-2',
  'mask-lun',
  'name-lun',
  'set-load-balance-policy',
  'set-path-statuses',
];
const MAINTENANCE = ['subsystem', 'controller', 'drive'].flatMap((kind) =>
  ['start', 'pulse', 'stop'].map((does) => `${does}-maintenance-of-${kind}`),
);
/** Changes that change nothing that can be read. */
export const IDLE = [
  ...MAINTENANCE,
  'set-ipsec-tunnel',
  'set-ipsec-security',
  'set-ipsec-security-local',
  'set-ipsec-group-key',
  'set-subsystem-status',
];
export const PORTS = [
  'associate-controller-ports',
  'associate-controllers',
  'set-port-status',
  'reset-port',
  'set-controller-status',
  'create-lun',
  'delete-lun',
  'mask-lun',
];
/** What decides which paths lead to a LUN, and how they are used. */
export const PATHS = [
  'set-load-balance-policy',
  'set-path-statuses',
  'associate-controller-ports',
  'associate-controllers',
  'set-port-status',
  'mask-lun',
];

export const ASSOCIATIONS = [
  'associate-targets',
  'add-associated-plex',
  'create-lun',
  'delete-associated-lun',
  'delete-target',
  'delete-target-in-use',
  'set-import-target',
];
/** Changes that start an operation, and some that do not, to overlap with them. */
export const LASTING = [
  'create-lun',
  'extend-lun',
  'add-plex',
  'remove-plex',
  'create-target',
  'delete-target',
  'delete-lun',
  'mask-lun',
  'associate-targets',
];
/** The same of one LUN or target, whose size may become too small for another. */
export const LASTING_OF_ONE = [...LASTING, 'shrink-lun'];
/** Changes that start an operation, which may be cancelled. */
export const CANCELLABLE = lastingCommands();
/** Operations that set aside what they are to have: space, a name, a place in a list. */
export const SETTING_ASIDE = CANCELLABLE.filter((name) => /^(?:create|extend|add)-/.test(name));
/** Operations that several callers may have under way, and one change that is none. */
export const AT_ONCE = [...oneOfEachMethod(CANCELLABLE), 'mask-lun'];
/** Operations on portal groups, what else takes the groups or their portals away, and a setting of each. */
export const LASTING_OF_GROUPS = [
  'create-portal-group',
  'delete-portal-group',
  'add-portal',
  'remove-portal',
  'delete-target',
  'set-portal-status',
  'name-target',
];
/** Changes of a LUN of which a part has failed, four to a failure. */
export const DEGRADED = [
  ['extend-lun', 'mask-lun', 'name-lun', 'remove-plex'],
  ['shrink-lun', 'hint-lun', 'associate-targets', 'recover-lun'],
  ['create-lun', 'add-plex', 'set-lun-status', 'delete-lun'],
].flat();
export const SETTERS = [
  'set-import-target',
  'clear-import-target',
  'mask-lun',
  'name-lun',
  'hint-lun',
  'set-lun-status',
  'associate-targets',
  'associate-controllers',
  'name-target',
  'set-secret',
  'add-portal',
  'remove-portal',
  'name-subsystem',
  'extend-lun',
  'create-lun',
  'delete-lun',
  'create-target',
  'delete-target',
];

/** Changes that show, and that a provider may acknowledge; what an operation of maintenance does shows nowhere. */
export const ACKNOWLEDGED = commandsWithEffect().filter((name) => !IDLE.includes(name));

/** Changes that are about other objects than their own: its parts, and what they name. */
export const ABOUT_OTHERS = [
  'delete-lun',
  'extend-lun',
  'add-plex',
  'remove-plex',
  'associate-targets',
  'associate-controllers',
  'create-taken-target',
  'delete-target',
  'set-import-target',
  'create-portal-group',
  'add-portal',
  'remove-portal',
  'delete-portal-group',
  'replace-drive',
  'create-lun-in-pool',
  'set-controllers',
];

/** One of each interface. */
export const SETTINGS = settingCommands();
