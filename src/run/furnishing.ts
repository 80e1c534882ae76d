// Furnishes the system before the first check, each new one again, and takes everything away at the end from one that
// outlives the run. It judges nothing: what the system refuses, it is furnished without.
import { Context } from '../checks/context.js';
import { furnish } from '../checks/furnish.js';
import type { Readings } from '../checks/duties.js';
import type { LunHabits } from '../checks/lun-habits.js';
import { randomFor } from '../checks/random.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { Guid } from '../contract/guid.js';
import type { LoadedProvider, SystemUnderTest } from '../lab/system.js';
import { HarnessError } from '../port/errors.js';
import type { Session } from '../port/session.js';

interface FurnishingOptions {
  readonly seed: string;
  readonly readings: Readings;
  readonly habits: LunHabits;
}

export class Furnishing {
  private context: Context | undefined;
  private session: Session | undefined;
  private luns: readonly Guid[] = [];
  /** The provider died of it, so that the checks are left to find out why. */
  private isOff = false;

  constructor(
    private readonly system: SystemUnderTest,
    private readonly options: FurnishingOptions,
  ) {}

  /** Furnishes the system, unless it is. Never rejects; the session may be broken afterwards. */
  async before(loaded: LoadedProvider): Promise<void> {
    const { session } = loaded;
    if (this.isOff || this.session === session || this.system.lab?.readOnly === true) return;
    this.session = session;
    const context = this.newContext(loaded);
    try {
      if (await this.isThere(context)) return;
      this.context = context;
      this.luns = await furnish(context);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      this.isOff = true;
    } finally {
      if (session.broken === undefined) {
        await context.calls.releaseNew();
        await session.notificationsSince(session.received.length);
        session.received.length = 0;
      }
    }
  }

  /**
   * Takes away what was made on a system that outlives the run. Gives what could not be; what is left is in the ledger.
   */
  async takeAway(): Promise<readonly string[]> {
    const { context, session } = this;
    if (context === undefined || session === undefined || session.capabilities.disposable) return [];
    try {
      await context.system.restart();
      return (await context.finish()).map((p) => p.message);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      return [error.message];
    }
  }

  /** Whether what was made before is there still: the session is another, and the system the same. */
  private async isThere({ system }: Context): Promise<boolean> {
    const [first] = this.luns;
    return first !== undefined && (await system.objectById(first, DEVICE_KINDS.IVdsLun.type)) !== null;
  }

  private newContext(loaded: LoadedProvider): Context {
    const { seed, readings, habits } = this.options;
    const random = randomFor(seed, 'furnishing');
    return new Context({
      system: this.system,
      session: loaded.session,
      loaded,
      routes: async () => [],
      random,
      ledger: this.system.lab?.ledger,
      readings,
      habits,
      strict: false,
      prefix: `vdsc-${random.below(0x100000000).toString(16)}`,
    });
  }
}
