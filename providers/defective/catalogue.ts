// The defective providers by name.
import type { Defect } from './defect.js';
import { ASYNC } from './defects/async.js';
import { ENUMERATION } from './defects/enumeration.js';
import { IMPORT_TARGET } from './defects/import-target.js';
import { RECOVERY } from './defects/recovery.js';

export const DEFECTS: readonly Defect[] = [...RECOVERY, ...IMPORT_TARGET, ...ENUMERATION, ...ASYNC];
