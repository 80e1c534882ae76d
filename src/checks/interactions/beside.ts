// Another provider object beside the loaded one, as another client of the service has it, in one phase of its life
// after the other: created, loaded, unloaded, gone, and another one again.
import type { VDS_LUN_INFORMATION } from '../../contract/generated/structures.js';
import type { Guid } from '../../contract/guid.js';
import { formatHresult, HR, succeeded } from '../../contract/hresult.js';
import { GIB } from '../../contract/sizes.js';
import {
  departures,
  FOREIGN_PATH,
  isTelling,
  nameAfter,
  otherCounts,
  renaming,
  SystemState,
  type Item,
} from '../../model/index.js';
import type { Result } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import { observe } from '../../truth/observe.js';
import { LISTED, requirementOf } from '../../truth/member-requirements.js';
import { wordFor } from '../../truth/observation.js';
import type { Context } from '../context.js';
import { propertiesOf } from '../devices.js';
import { heardBy, isEvent, NF } from '../notifications.js';
import { loadBeside, refusesUntilLoaded, type SecondProvider } from './second-provider.js';
import { releaseOut } from './laws/whole-lists.js';
import { departureEvidence, departureText } from './laws/departure-text.js';
import type { Player } from './player.js';

/** The steps that are taken with a loaded one. */
const TRANSITIONS = ['recover', 'change', 'end', 'end'] as const;

export class Beside {
  private second: SecondProvider | undefined;
  /** Why there can be none. */
  private none: string | undefined;
  /** Whether the first provider object announces by itself what is changed at the array. */
  private hears: boolean | undefined;

  constructor(private readonly player: Player) {}

  /** A LUN of the run's own. */
  private ownLun(): Item | undefined {
    const { state, knowledge } = this.player;
    return state.ofKind('IVdsLun').find((l) => knowledge.own.has(l.id));
  }

  get isLoaded(): boolean {
    return this.second !== undefined;
  }

  /** Makes and loads one, which then reports what the first one does; gives why there cannot be one. */
  async begin(): Promise<string | undefined> {
    const { player } = this;
    const { ctx } = player;
    if (this.none !== undefined) return this.none;
    const second = await loadBeside(ctx, (hw) =>
      refusesUntilLoaded(ctx, hw, 'before OnLoad, beside a provider object that is loaded'),
    );
    if (typeof second === 'string') return (this.none = second);
    player.steps.say('IVdsProviderPrivate::OnLoad of a second provider object');
    this.second = second;
    player.announcements.listeners += 1;
    await player.settle(() => {});
    await this.compare();
    return undefined;
  }

  /** The second one recovers by itself, and then reports what the first one does. */
  async recover(): Promise<void> {
    for (const answer of (await this.second?.recover()) ?? []) {
      this.player.steps.called(answer.record);
      if (answer.hr !== HR.S_OK)
        this.player.unkept(
          'VDS-5.5d',
          `${displayName(answer.record.method)} of the second provider object answered ${formatHresult(answer.hr)}`,
          answer,
        );
    }
    await this.compare();
  }

  /** The second provider object reports what the first one does, perhaps under other ids. */
  private async compare(): Promise<void> {
    const { player, second } = this;
    if (second === undefined) return;
    const { ctx, state } = player;
    const held = new Map(ctx.session.owned());
    const observation = await observe(second.hw, { depth: 'deep', providerPrivate: second.providerPrivate });
    for (const { requirement, message, record } of observation.contradictions)
      player.unkept(requirement, `${message} (by the second provider object)`, { record });
    const actual = SystemState.of(observation);
    const same = renaming(state, actual);
    if (same === undefined) {
      for (const kind of otherCounts(state, actual))
        player.unkept(
          requirementOf(kind, LISTED),
          `the second provider object lists ${actual.ofKind(kind).length} objects of the kind ${wordFor(kind)}, and ` +
            `the first ${state.ofKind(kind).length}`,
        );
    } else {
      const [first] = departures(state.draft(), same.state);
      ctx.duties.judging('VDS-5.3');
      if (first !== undefined)
        player.unkept(
          'VDS-5.3',
          `${departureText(first)} by the second provider object, after its own Reenumerate and Refresh`,
          departureEvidence(first),
        );
    }
    await this.ownTheSame(second, actual);
    await ctx.session.releaseSince(held);
  }

  /** Whichever of both made a LUN, it is theirs: QueryIfCreatedLun of each says so if that of the other does. */
  private async ownTheSame(second: SecondProvider, actual: SystemState): Promise<void> {
    const { player } = this;
    const { ctx } = player;
    const both = await Promise.all(
      [ctx.system.unknown, second.unknown].map((unknown) => unknown.as('IVdsHwProviderPrivate')),
    );
    for (const { id, members } of actual.ofKind('IVdsLun')) {
      const information = members['identificationData'] as VDS_LUN_INFORMATION | undefined;
      if (information === undefined || !isTelling(information)) continue;
      const args = { devicePath: FOREIGN_PATH, vdsLunInformation: information };
      const answers: Result<{ readonly lunId: Guid }>[] = [];
      for (const each of both) if (each !== null) answers.push(await each.queryIfCreatedLun(args));
      // A provider may go by the path, and then knows none of them.
      if (!answers.some(({ hr }) => hr === HR.S_OK)) continue;
      for (const [i, answer] of answers.entries())
        ctx.duties.code(
          'VDS-3.6',
          answer,
          HR.S_OK,
          `for ${id}, which ${i === 0 ? 'another' : 'the first'} provider object knows as well`,
        );
    }
  }

  /**
   * Names a LUN of the run's own through the second provider object, whose sink is told; the first one finds it after
   * its pair.
   */
  async change(): Promise<void> {
    const { player, second } = this;
    const { ctx } = player;
    const own = this.ownLun();
    if (second === undefined || own === undefined) return;
    const held = new Map(ctx.session.owned());
    const found = await lunOf(ctx, second, own);
    const naming = await found?.as('IVdsLunNaming');
    const friendlyName = ctx.make.uniqueName();
    await player.announcements.listen();
    const mark = ctx.session.received.length;
    const answer = await naming?.setFriendlyName({ friendlyName });
    if (found !== undefined && answer !== undefined && succeeded(answer.hr)) {
      player.steps.called(answer.record);
      ctx.duties.judging('VDS-9.6b');
      const isIt = isEvent('lun', NF.VDS_NF_LUN_MODIFY, String((await propertiesOf(ctx, found, 'VDS-10.23'))['id']));
      const came = await ctx.session.notification((n, sink) => sink === second.sink.handle && isIt(n), mark);
      // Disks may announce what is unmasked to this computer (VDS-9.9).
      if (came === undefined && own.members['unmaskingList'] !== '*')
        player.unkept(
          'VDS-9.6b',
          'VDS_NF_LUN_MODIFY did not come to the sink of the provider object by which the LUN was named',
          { ...answer, event: NF.VDS_NF_LUN_MODIFY },
        );
    }
    // What the first provider object gives from here on the player holds.
    await ctx.session.releaseSince(held);
    if (answer === undefined || !succeeded(answer.hr)) return;
    await player.recover();
    await player.settle((draft) => draft.set(own.id, 'friendlyName', nameAfter(answer, friendlyName)));
  }

  /**
   * Changes a LUN of the run's own at the array, which reports it: where the first provider object has announced such a
   * change by itself before, it announces this one as well, or breaks the requirement.
   */
  async hear(when: string, requirement = 'VDS-9.6b'): Promise<void> {
    const { player } = this;
    const { ctx } = player;
    const own = this.ownLun();
    if (own === undefined || this.hears === false || !(await ctx.faults.offers('change-object'))) return;
    const { sink } = ctx.system;
    const hearsOnce = async (): Promise<boolean> => {
      player.steps.fault('change-object', own);
      return (await heardBy(ctx, own.id, [sink])).has(sink);
    };
    const hears = await hearsOnce();
    // What comes the first time may be announced late, and be about something else.
    this.hears ??= hears && (await hearsOnce());
    if (this.hears) ctx.duties.judging(requirement);
    if (this.hears && !hears)
      player.unkept(requirement, `a change at the array was announced by itself before, and is not ${when}`);
    await player.recover();
    await player.settle(() => {});
  }

  /**
   * Unloads it while an operation is under way that was started through it: it is unloaded, or goes on until that has
   * ended. How the operation ends is open.
   */
  async endBusy(): Promise<void> {
    const { player, second } = this;
    const { ctx, knowledge } = player;
    const own = this.ownLun();
    if (second === undefined || own === undefined) return;
    const held = new Map(ctx.session.owned());
    const lun = await lunOf(ctx, second, own);
    const driveIdArray = knowledge.options.drives ?? null;
    const started = await lun?.extend({ numberOfBytesToAdd: knowledge.options.lunSize ?? GIB, driveIdArray });
    if (started !== undefined) player.steps.called(started.record);
    const answer = await second.unload(false);
    player.steps.called(answer.record);
    ctx.duties.code('VDS-2.5a', answer, [HR.S_OK, HR.S_FALSE], 'while an operation is under way');
    if (answer.hr === HR.S_FALSE)
      ctx.duties.code('VDS-2.9', await second.hw.querySubSystems(), HR.S_OK, 'after OnUnload had answered S_FALSE');
    if (started !== undefined && succeeded(started.hr))
      ctx.duties.permitted(
        'VDS-0.2a',
        await ctx.duties.operation(started).wait(),
        'for an operation that ran while its provider object was unloaded',
      );
    await ctx.session.releaseSince(held);
    await player.recover();
    await player.begin();
    if (answer.hr === HR.S_FALSE) return this.end(false);
    await this.isOver(second);
    await second.sink.release();
  }

  /** What was unloaded announces nothing more, and its references are given back. */
  private async isOver(second: SecondProvider): Promise<void> {
    this.second = undefined;
    this.player.announcements.listeners -= 1;
    await this.player.announcements.ends(second.sink);
    for (const result of [
      await second.hw.querySubSystems(),
      await second.hw.reenumerate(),
      await second.hw.refresh(),
    ]) {
      this.player.ctx.duties.permitted('VDS-0.2a', result, 'after OnUnload');
      await releaseOut(result.out);
    }
    for (const object of [second.hw, second.provider, second.providerPrivate, second.unknown]) await object.release();
  }

  /** Unloads it and gives every reference back; nothing of it is left then. */
  async end(isForced: boolean): Promise<void> {
    const { player, second } = this;
    if (second === undefined) return;
    const { ctx } = player;
    const answer = await second.unload(isForced);
    player.steps.called(answer.record);
    ctx.duties.code(
      isForced ? 'VDS-2.5b' : 'VDS-2.5a',
      answer,
      [HR.S_OK, HR.S_FALSE],
      isForced ? 'when forced' : 'with nothing under way',
    );
    // It is not ready, goes on, and is asked again later.
    if (answer.hr !== HR.S_OK) return;
    await this.isOver(second);
    const left = await second.sink.release();
    if (ctx.session.capabilities.releaseCounts && left > 0)
      player.unkept(
        'VDS-2.5a',
        `references to the sink are held after OnUnload and the last Release of the provider object: ${left}`,
        answer,
      );
    // A provider may keep the import target for as long as it is loaded; the other one learns of it.
    await player.recover();
    await player.settleAfterUnload();
  }

  /** The next step of its life, of which `n` chooses one. Gives whether there was one. */
  async step(n: number): Promise<boolean> {
    if (this.second === undefined) return (await this.begin()) === undefined;
    const transition = TRANSITIONS[n % TRANSITIONS.length];
    if (transition === 'recover') await this.recover();
    else if (transition === 'change') await this.change();
    else await this.end(n % 2 === 1);
    return true;
  }
}

/** The LUN of another provider object that is the same device: by its identification. */
async function lunOf(ctx: Context, { hw }: SecondProvider, { members }: Item) {
  for (const subSystem of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4'))
    for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'))
      if ((await propertiesOf(ctx, lun, 'VDS-10.23'))['identification'] === members['identification']) return lun;
  return undefined;
}
