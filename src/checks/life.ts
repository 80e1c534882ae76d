// The parts of a context see this of the check that they serve: its session, its early endings, its clean-up.
import type { Session } from '../port/session.js';
import type { NoteKind } from './outcome.js';
import type { TraceLog } from './trace-log.js';

export interface CheckLife {
  /** The session on which the check calls now; another one after a restart. */
  readonly session: Session;
  /** The calls of the check. */
  readonly calls: TraceLog;
  /** Leaves an observation in the report that is not a finding. */
  note(text: string, kind?: NoteKind): void;
  /** Ends the check: the provider lawfully lacks what it is about. */
  notApplicable(reason: string): never;
  /** Ends the check: it could not be carried out. */
  inconclusive(reason: string): never;
  /**
   * Registers something to take back when the check ends. What cannot be taken back breaks `requirement`; without one,
   * the first that the check verifies. `run` may throw LeftBehind for what a provider may refuse. Gives its place among
   * what is to be taken back, of which the last is first.
   */
  onCleanUp(what: string, run: () => Promise<void>, requirement?: string): number;
}

/**
 * Thrown by a clean-up: what a check changed cannot be put back, and the provider may lawfully refuse to. It is noted,
 * and the frame leaves the member out.
 */
export class LeftBehind extends Error {
  constructor(
    readonly member: string,
    message: string,
  ) {
    super(message);
    this.name = 'LeftBehind';
  }
}

/** Thrown by a clean-up: the object cannot be deleted while another one uses it, which is taken back as well. */
export class StillInUse extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StillInUse';
  }
}

/** Objects and settings that could not be taken back, and why. */
export interface CleanUpProblem {
  readonly message: string;
  readonly requirement: string | undefined;
  readonly error: unknown;
}
