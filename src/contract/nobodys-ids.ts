// Ids that no object can have: GUID_NULL, and random ones drawn once for this project. A check passes them where a
// provider must find nothing, and the wall around a run's scope lets them pass, as they name nothing.
import { NULL_GUID, type Guid } from './guid.js';

/** An id that no object has. */
export const UNKNOWN_ID: Guid = 'c0ffee00-0000-4000-8000-00000000beef';
/** Another one, for arguments that are only plausible. */
export const PLAUSIBLE_ID: Guid = '5d0a6c1e-7b1f-4d5c-9d57-2f6f3b0a8e11';

const NOBODYS: ReadonlySet<Guid> = new Set([NULL_GUID, UNKNOWN_ID, PLAUSIBLE_ID]);

/** Whether no object can have the id. */
export const isNobodys = (id: Guid): boolean => NOBODYS.has(id);
