// The context of a check: the owner of its life, with four parts behind it. Everything that a check creates or damages
// is registered here and taken back when it ends, in reverse order, even when it fails.
import type { Session } from '../port/session.js';
import { TraceLog } from './trace-log.js';
import { Duties, type JudgingOptions } from './duties.js';
import { FaultSession, type FaultOptions } from './fault-session.js';
import { LeftBehind, StillInUse, type CheckLife, type CleanUpProblem } from './life.js';
import { Make, type MakeOptions } from './make.js';
import {
  Inconclusive,
  NotApplicable,
  type Finding,
  type Note,
  type NoteKind,
  type PlayedPairs,
  type VisitedCells,
} from './outcome.js';
import type { Random } from './random.js';
import { SystemAccess, type SystemAccessOptions } from './system-access.js';
import { messageOf } from '../port/errors.js';

interface ContextOptions extends JudgingOptions, MakeOptions, SystemAccessOptions, FaultOptions {
  readonly session: Session;
  readonly random: Random;
}

/** Something to take back when the check ends. */
interface Undo {
  readonly what: string;
  readonly run: () => Promise<void>;
  readonly requirement: string | undefined;
}

export class Context implements CheckLife {
  /** Judging: what a provider must do, and the findings where it does not. */
  readonly duties: Duties;
  /** The system under test: the provider, its subsystems, loading it. */
  readonly system: SystemAccess;
  /** Everything that the check creates. */
  readonly make: Make;
  /** Injecting faults and recovering from them. */
  readonly faults: FaultSession;
  /** The calls of this check so far. */
  readonly calls: TraceLog;
  readonly random: Random;
  private readonly noted = new Map<string, { readonly kind: NoteKind; readonly text: string; times: number }>();
  /** Members of objects that stay changed, as the provider may refuse to have them put back. */
  readonly left = new Set<string>();
  private readonly undo: Undo[] = [];
  private readonly problems: CleanUpProblem[] = [];

  constructor(options: ContextOptions) {
    this.random = options.random;
    this.calls = new TraceLog(options.session);
    this.duties = new Duties(this, options);
    this.system = new SystemAccess(this, this.duties, this.calls, options);
    this.make = new Make(this, this.duties, this.system, options);
    this.faults = new FaultSession(this, this.system, options);
  }

  get session(): Session {
    return this.calls.session;
  }

  /** The findings after which the check went on. */
  get findings(): readonly Finding[] {
    return this.duties.findings;
  }

  /** The commands of the model that were played one directly after the other; undefined for what is no tour. */
  pairs: PlayedPairs | undefined;

  /** The cells that a tour through states has visited; undefined for other checks. */
  visited: readonly VisitedCells[] | undefined;

  /** Leaves an observation in the report that is not a finding. */
  note(text: string, kind: NoteKind = 'observation'): void {
    const shown = this.session.labels.apply(text);
    const known = this.noted.get(shown);
    if (known === undefined) this.noted.set(shown, { kind, text: shown, times: 1 });
    else known.times += 1;
  }

  /** The observations so far, each once. */
  get notes(): readonly Note[] {
    return [...this.noted.values()].map(({ times, ...note }) => (times === 1 ? note : { ...note, times }));
  }

  notApplicable(reason: string): never {
    throw new NotApplicable(this.session.labels.apply(reason));
  }

  inconclusive(reason: string): never {
    throw new Inconclusive(this.session.labels.apply(reason));
  }

  /**
   * Registers something to take back when the check ends; what cannot be taken back breaks `requirement`. Gives its
   * place among them, of which the last is taken back first.
   */
  onCleanUp(what: string, run: () => Promise<void>, requirement?: string): number {
    return this.undo.push({ what, run, requirement });
  }

  /**
   * Goes on with a fresh system, where each session has one of its own; gives whether it did. What the check made and
   * held is gone with the old one.
   */
  async renew(): Promise<boolean> {
    if (this.session.broken !== undefined || !this.session.capabilities.disposable) return false;
    this.undo.length = 0;
    this.problems.length = 0;
    await this.system.renew();
    return true;
  }

  /**
   * Takes back what was registered until now, for a check that goes on with something else. What could not be counts
   * when the check ends.
   */
  async cleanUpSoFar(): Promise<void> {
    await this.cleanUp();
  }

  /** Takes everything back and releases every reference, when the check has ended. Gives what could not be. */
  async finish(): Promise<readonly CleanUpProblem[]> {
    this.calls.endBody();
    if (this.session.broken !== undefined) return [];
    await this.cleanUp();
    if (this.session.broken === undefined)
      await this.calls.releaseNew().catch((error: unknown) => this.failed('release references', error, 'VDS-12.3'));
    this.session.received.length = 0;
    return this.problems;
  }

  /** Takes everything back, newest first. */
  private async cleanUp(): Promise<void> {
    if (!this.system.isLoaded && this.undo.length > 0 && this.session.broken === undefined)
      // A check that unloaded and failed before loading again still owns what it created.
      await this.system.load().catch((error: unknown) => this.failed('load the provider again', error, 'VDS-2.2'));
    const inUse: Undo[] = [];
    for (const undo of this.undo.splice(0).reverse()) {
      if (this.session.broken !== undefined) break;
      await undo.run().catch((error: unknown) => {
        if (error instanceof StillInUse) inUse.push(undo);
        else this.failed(undo.what, error, undo.requirement);
      });
    }
    // What used them is gone by now, or holds them and is among them: the oldest first.
    for (const { what, run, requirement } of inUse.reverse()) {
      if (this.session.broken !== undefined) break;
      await run().catch((error: unknown) => this.failed(what, error, requirement));
    }
  }

  private failed(what: string, error: unknown, requirement: string | undefined): void {
    const message = this.session.labels.apply(`${what}: ${messageOf(error)}`);
    // An ended session can take nothing back, which is not another failure.
    if (this.session.broken !== undefined) return;
    if (error instanceof LeftBehind) {
      this.left.add(error.member);
      this.note(`left as it is: ${message}`, 'clean-up');
    } else this.problems.push({ message, requirement, error });
  }
}
