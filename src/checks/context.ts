// What a check works with: the owner of its life, with four parts behind it. What a check creates or damages is registered here and taken back
// when it ends, in reverse order, even when it fails.
import type { Session } from '../port/session.js';
import { TraceLog } from './trace-log.js';
import { Duties, type JudgingOptions } from './duties.js';
import { FaultSession, type FaultOptions } from './fault-session.js';
import type { CheckLife } from './life.js';
import { Make, type MakeOptions } from './make.js';
import { Inconclusive, NotApplicable, type Finding, type Note, type NoteKind } from './outcome.js';
import type { Random } from './random.js';
import { SystemAccess, type SystemAccessOptions } from './system-access.js';

export interface ContextOptions extends JudgingOptions, MakeOptions, SystemAccessOptions, FaultOptions {
  readonly session: Session;
  readonly random: Random;
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
  /** What passed the port in this check so far. */
  readonly calls: TraceLog;
  readonly random: Random;
  private readonly noted = new Map<string, { readonly kind: NoteKind; readonly text: string; times: number }>();
  private readonly undo: { readonly what: string; readonly run: () => Promise<void> }[] = [];

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

  /** Leaves an observation in the report that is no finding. */
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

  /** Registers something to take back when the check ends. */
  onCleanUp(what: string, run: () => Promise<void>): void {
    this.undo.push({ what, run });
  }

  /** Takes back what was registered until now, for a check that goes on with something else. */
  async cleanUpSoFar(): Promise<void> {
    for (const problem of await this.cleanUp()) this.note(problem, 'clean-up');
  }

  /** Takes everything back and releases every reference, when the check has ended. Gives what could not be. */
  async finish(): Promise<string[]> {
    this.calls.endBody();
    if (this.session.broken !== undefined) return [];
    const problems = await this.cleanUp();
    try {
      if (this.session.broken === undefined) await this.calls.releaseNew();
    } catch (error) {
      problems.push(`release references: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.session.received.length = 0;
    return problems;
  }

  /** Takes everything back, newest first. Gives what could not be. */
  private async cleanUp(): Promise<string[]> {
    const problems: string[] = [];
    if (!this.system.isLoaded && this.undo.length > 0 && this.session.broken === undefined) {
      // A check that unloaded and failed before loading again still owns what it created.
      try {
        await this.system.load();
      } catch (error) {
        problems.push(`load the provider again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const { what, run } of this.undo.splice(0).reverse()) {
      if (this.session.broken !== undefined) break;
      try {
        await run();
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return problems.map((p) => this.session.labels.apply(p));
  }
}
