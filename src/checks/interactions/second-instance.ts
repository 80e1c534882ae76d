// Two provider objects of one array, as two clients of the service have them: what is changed through one is found by
// the other after its own pair, in both directions, and loading or unloading one is nothing to the other.
import { formatHresult, HR } from '../../contract/hresult.js';
import { departures, otherCounts, renaming, SystemState, type Item } from '../../model/index.js';
import { displayName } from '../../port/show-value.js';
import { observe } from '../../truth/observe.js';
import { LISTED, requirementOf } from '../../truth/member-requirements.js';
import { wordFor } from '../../truth/observation.js';
import type { Context } from '../context.js';
import { propertiesOf } from '../devices.js';
import { refusesUntilLoaded, secondProvider, type SecondProvider } from './second-provider.js';
import { departureEvidence, departureText } from './laws/departure-text.js';
import { possible } from './enabling.js';
import type { Player } from './player.js';
import { onStage } from './stage.js';

/** Changes through the first provider object; the other one looks after each row. */
const ROWS: readonly (readonly string[])[] = [
  ['name-lun', 'mask-lun', 'create-lun'],
  ['delete-lun', 'create-target', 'associate-targets'],
  ['set-import-target', 'name-subsystem', 'extend-lun'],
  ['delete-target', 'clear-import-target', 'set-lun-status'],
];

/** A provider object that was not loaded yet says so. */
async function judgeUnloaded(ctx: Context): Promise<void> {
  const unknown = await ctx.session.createInstance();
  const hw = await unknown.as('IVdsHwProvider');
  if (hw === null || (await ctx.system.isLoadedObject(unknown))) return;
  await refusesUntilLoaded(ctx, hw, 'before OnLoad, beside a provider object that is loaded');
  await hw.release();
  await unknown.release();
}

async function pairOf(player: Player, second: SecondProvider): Promise<void> {
  for (const answer of await second.recover()) {
    player.steps.called(answer.record);
    if (answer.hr !== HR.S_OK)
      player.unkept(
        'VDS-5.5d',
        `${displayName(answer.record.method)} of the second provider object answered ${formatHresult(answer.hr)}`,
        answer,
      );
  }
}

/** The second provider object reports what the first one does, perhaps under other ids. */
async function judgeSecond(player: Player, second: SecondProvider): Promise<void> {
  const { ctx, state } = player;
  const held = new Map(ctx.session.owned());
  const actual = SystemState.of(await observe(second.hw, { depth: 'light' }));
  const same = renaming(state, actual);
  if (same === undefined) {
    for (const kind of otherCounts(state, actual))
      player.unkept(
        requirementOf(kind, LISTED),
        `the second provider object lists ${actual.ofKind(kind).length} objects of the kind ${wordFor(kind)}, and the first ${state.ofKind(kind).length}`,
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
  await ctx.session.releaseSince(held);
}

/** Names a LUN of the run's own through the second provider object; the first one finds it after its pair. */
async function nameThroughSecond(player: Player, second: SecondProvider): Promise<void> {
  const { ctx, state, knowledge } = player;
  const own = state.ofKind('IVdsLun').find((l) => knowledge.own.has(l.id));
  if (own === undefined) return;
  const found = await lunOf(ctx, second, own);
  const naming = await found?.as('IVdsLunNaming');
  const friendlyName = ctx.make.uniqueName();
  const answer = await naming?.setFriendlyName({ friendlyName });
  if (answer?.hr !== HR.S_OK) return;
  player.steps.called(answer.record);
  await player.recover();
  await player.settle((draft) => draft.set(own.id, 'friendlyName', friendlyName));
}

/** The LUN of another provider object that is the same device: by its identification. */
async function lunOf(ctx: Context, { hw }: SecondProvider, { members }: Item) {
  for (const subSystem of await ctx.duties.list(await hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4'))
    for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a'))
      if ((await propertiesOf(ctx, lun, 'VDS-10.23'))['identification'] === members['identification']) return lun;
  return undefined;
}

/** Plays changes on one of two provider objects, and looks at both. */
export const besideAnother = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    await judgeUnloaded(ctx);
    const second = await secondProvider(ctx);
    player.announcements.listeners += 1;
    await player.settle(() => {});
    await judgeSecond(player, second);
    for (const row of ROWS) {
      for (const [n, command] of row.entries()) {
        const resolved = await possible(player, { command, relation: 'same', n }, []);
        if (resolved !== undefined) await player.play(resolved);
      }
      await pairOf(player, second);
      await judgeSecond(player, second);
    }
    await nameThroughSecond(player, second);
    const unloaded = await second.unload(true);
    player.steps.called(unloaded.record);
    ctx.duties.code('VDS-2.5a', unloaded, [HR.S_OK, HR.S_FALSE], 'when forced');
    await player.settle(() => {});
  });
