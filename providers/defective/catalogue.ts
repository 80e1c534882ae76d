// The defective providers by name.
import type { Defect } from './defect.js';
import { ARRAY_EVENTS } from './defects/array-events.js';
import { ASYNC } from './defects/async.js';
import { DELETION } from './defects/deletion.js';
import { ENUMERATION } from './defects/enumeration.js';
import { IMPORT_TARGET } from './defects/import-target.js';
import { ISCSI } from './defects/iscsi.js';
import { LIFECYCLE } from './defects/lifecycle.js';
import { LUNS } from './defects/luns.js';
import { MEMORY } from './defects/memory.js';
import { NOTIFICATIONS } from './defects/notifications.js';
import { RECOVERY } from './defects/recovery.js';
import { TROUBLE } from './defects/trouble.js';

/** All of them, by subject. */
export const DEFECTS: readonly Defect[] = [
  ...RECOVERY, ...DELETION, ...IMPORT_TARGET, ...ENUMERATION, ...ASYNC, ...LUNS, ...ISCSI, ...LIFECYCLE, ...NOTIFICATIONS, ...MEMORY, ...ARRAY_EVENTS, ...TROUBLE,
];
