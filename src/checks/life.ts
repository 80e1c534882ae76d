// What the parts of a context know of the check that they serve: where it calls, how it ends early, what it takes back.
import type { Session } from '../port/session.js';
import type { NoteKind } from './outcome.js';
import type { TraceLog } from './trace-log.js';

export interface CheckLife {
  /** The session on which the check calls now; another one after a restart. */
  readonly session: Session;
  /** What passed the port in the check. */
  readonly calls: TraceLog;
  /** Leaves an observation in the report that is no finding. */
  note(text: string, kind?: NoteKind): void;
  /** Ends the check: the provider lawfully lacks what it is about. */
  notApplicable(reason: string): never;
  /** Ends the check: it could not be carried out. */
  inconclusive(reason: string): never;
  /** Registers something to take back when the check ends. */
  onCleanUp(what: string, run: () => Promise<void>): void;
}
