// Furnishes the system before the first check, each new one again, and takes everything away at the end from one that
// outlives the run. It judges nothing: what the system refuses, it is furnished without, and what would take the room
// of the checks is left out.
import { Context } from '../checks/context.js';
import { furnish, withRoom, type Amounts } from '../checks/furnish.js';
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
  /** With how much each subsystem is furnished at most; undefined as long as nobody has tried. */
  private most: Amounts | undefined;
  /** The provider died of it, so that the checks are left to find out why. */
  private isOff = false;

  constructor(
    private readonly system: SystemUnderTest,
    private readonly options: FurnishingOptions,
  ) {}

  /**
   * Furnishes the system, unless it is. Afterwards the session may be broken, or be another one: the caller asks the
   * system for it. Rejects as opening the provider does.
   */
  async before(loaded: LoadedProvider): Promise<void> {
    if (this.isOff || this.session === loaded.session || this.system.lab?.readOnly === true) return;
    const tried = this.most === undefined ? await this.tryRoom(loaded) : loaded;
    if (tried === undefined) return;
    const { session } = tried;
    this.session = session;
    const context = this.newContext(tried);
    await this.changing(context, async () => {
      if (await this.isThere(context)) return;
      this.context = context;
      ({ luns: this.luns } = await furnish(context, this.most));
    });
  }

  /**
   * Finds out with how much the system can be furnished so that checks have room. A system that can be had anew is new
   * afterwards; any other is left furnished. Gives its provider; undefined where that died of it.
   */
  private async tryRoom(first: LoadedProvider): Promise<LoadedProvider | undefined> {
    let loaded = first;
    let less: Amounts | undefined = new Map();
    for (let round = 1; less !== undefined; round++) {
      this.most = less;
      // Each has names of its own: an array may be slow to free those of what was deleted.
      const furnished = this.newContext(loaded, round === 1 ? '' : `-${round}`);
      const trial = this.newContext(loaded, `-trial-${round}`);
      const { disposable } = loaded.session.capabilities;
      await this.changing(furnished, async () => {
        const made = await furnish(furnished, this.most);
        less = await withRoom(trial, made);
        if (disposable) return;
        await trial.finish();
        if (less !== undefined) await furnished.finish();
        else [this.context, this.luns] = [furnished, made.luns];
      });
      if (this.isOff) return undefined;
      if (disposable) {
        await this.system.renew();
        ({ loaded } = await this.system.ready());
      }
    }
    return loaded;
  }

  /** Does what changes the system, and leaves nothing of it but its objects. */
  private async changing({ calls, session }: Context, change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      this.isOff = true;
    } finally {
      if (session.broken === undefined) {
        await calls.releaseNew();
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

  private newContext(loaded: LoadedProvider, what = ''): Context {
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
      prefix: `vdsc-${random.below(0x100000000).toString(16)}${what}`,
    });
  }
}
