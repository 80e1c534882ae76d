// Devices that come and go: two of a kind, and every change from some of them being there to some others, before one
// look of each kind that is documented to find it. Both come at once, both go, one goes as the other comes: what is
// listed then is what is there.
import {
  type Check,
  type Context,
  damageEntries,
  everyId,
  HeldSystem,
  type InjectedFault,
  smallSystems,
  tour,
  untilNotBusy,
  whereSupported,
} from '../../src/checks/index.js';
import { type Guid, HR } from '../../src/contract/index.js';
import { twoDrives, twoSubSystems, type TwoDevices } from './two-devices.js';

/** A way by which a provider is asked to look. */
interface Look {
  readonly name: string;
  readonly words: string;
  readonly requirement: string;
  /** What is no longer there must not be listed as if it were. */
  readonly findsWhatHasGone: boolean;
  look(ctx: Context): Promise<void>;
}

/** The look that repairs damaged entries. */
const PAIR = 'pair';

const pair = (requirement: string): Look => ({
  name: PAIR,
  words: 'Reenumerate and Refresh',
  requirement,
  findsWhatHasGone: true,
  async look(ctx) {
    for (const answer of Object.values(await ctx.faults.recover()))
      if (answer !== undefined) ctx.duties.code('VDS-5.5d', answer, HR.S_OK, 'although no cause lasts');
  },
});
const REENUMERATE: Look = {
  name: 'reenumerate',
  words: 'Reenumerate',
  requirement: 'VDS-5.2',
  // A subsystem that is kept says with its status, which Refresh renews, that it is disconnected.
  findsWhatHasGone: false,
  async look(ctx) {
    ctx.duties.ok('VDS-5.2', await untilNotBusy(() => ctx.system.hw.reenumerate()));
  },
};
const SCAN: Look = {
  name: 'scan',
  words: 'IVdsSubSystem::Reenumerate',
  requirement: 'VDS-5.4',
  findsWhatHasGone: true,
  async look(ctx) {
    for (const subSystem of await ctx.system.subSystems())
      ctx.duties.ok('VDS-5.4', ctx.duties.supported(await untilNotBusy(() => subSystem.reenumerate())));
  },
};

/** Which of the two are there. */
type Presence = readonly [boolean, boolean];

const PRESENCES: readonly Presence[] = [
  [true, true],
  [false, false],
  [true, false],
  [false, true],
];
/** From both to both, so that each of the four is once changed into each other one, and stays once as it is. */
const WALK = tour(PRESENCES.length).map((at) => PRESENCES[at] as Presence);

const wordsFor = ([one, other]: Presence): string =>
  one && other ? 'both' : one ? 'the first' : other ? 'the second' : 'neither';

/** Two devices, and what is done to them. */
class Pair {
  private readonly faults: (InjectedFault | undefined)[] = [undefined, undefined];
  private departures = 0;
  private now: Presence = [true, true];
  private listed: ReadonlyMap<string, Guid> = new Map();

  constructor(
    private readonly ctx: Context,
    readonly two: TwoDevices,
    private readonly word: string,
  ) {}

  /**
   * Takes out and puts back what it takes, and damages the entry of every second one that is taken out before, where
   * the look is one that `repairs`; gives which of them were there before.
   */
  async become(next: Presence, repairs: boolean): Promise<Presence> {
    const { now: before } = this;
    for (const [i, { id, key }] of this.two.devices.entries()) {
      if (next[i] === before[i]) continue;
      await this.faults[i]?.heal();
      // One that came back may have another id.
      const object = this.listed.get(key) ?? id;
      if (repairs && next[i] !== true && this.departures++ % 2 === 1) await damageEntries(this.ctx, [object]);
      this.faults[i] = next[i] === true ? undefined : await this.ctx.faults.inject({ kind: 'disconnect', object });
    }
    this.now = next;
    return before;
  }

  /** Those that are there are listed, and where the look is for what has gone as well, no others. */
  async mustShow(before: Presence, { words, requirement, findsWhatHasGone }: Look): Promise<void> {
    this.listed = await this.two.listed(!findsWhatHasGone);
    const shown = this.two.devices.map(
      ({ key }, i) => this.listed.has(key) && (findsWhatHasGone || this.now[i] === true),
    );
    this.ctx.duties.equal(
      requirement,
      `which of two ${this.word}s is listed after ${words}, where ${wordsFor(before)} had been there`,
      wordsFor(shown as unknown as Presence),
      wordsFor(this.now),
    );
  }
}

const comingsAndGoings = (word: string, look: Look, find: (ctx: Context) => Promise<readonly TwoDevices[]>): Check => ({
  id: `recovery.come-and-go.${word}.${look.name}`,
  title:
    `Of two ${word}s any come and any go before one ${look.words}: those that are there are listed then` +
    `${look.findsWhatHasGone ? ', and no others' : ''}, and all is as before when both are back`,
  requirements: [look.requirement, 'VDS-5.2', 'VDS-5.5d'],
  faults: ['disconnect'],
  effort: 'standard',
  cost: { calls: 2500, recoveries: look.name === PAIR ? WALK.length + 1 : 1 },
  async run(ctx) {
    // What is made takes space of drives, so that the unused ones are looked for after it.
    const systems = await smallSystems(ctx);
    const pairs = (await find(ctx)).map((two) => new Pair(ctx, two, word));
    const held = await HeldSystem.hold(ctx, everyId(systems));
    for (const now of WALK) {
      const before: Presence[] = [];
      for (const each of pairs) before.push(await each.become(now, look.name === PAIR));
      await look.look(ctx);
      for (const [i, each] of pairs.entries()) await each.mustShow(before[i] ?? now, look);
    }
    await held.recover();
    await held.mustBeBack(...pairs.flatMap(({ two: { devices } }) => devices.map(({ id }) => id)));
  },
});

/** Two unused drives of each subsystem that has as many. */
async function drives(ctx: Context): Promise<readonly TwoDevices[]> {
  const found: TwoDevices[] = [];
  for (const subSystem of (await ctx.system.subSystems()).slice(0, 2)) {
    const two = await whereSupported(() => twoDrives(ctx, subSystem));
    if (two !== undefined) found.push(two);
  }
  return found.length > 0 ? found : ctx.notApplicable('no subsystem has two drives that are unused');
}

export const comeAndGoChecks: readonly Check[] = [
  ...[pair('VDS-5.3'), SCAN].map((look) => comingsAndGoings('drive', look, drives)),
  ...[pair('VDS-5.2'), REENUMERATE].map((look) =>
    comingsAndGoings('subsystem', look, async (ctx) => [await twoSubSystems(ctx)]),
  ),
];
