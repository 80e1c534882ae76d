// One device goes and another comes back at the same time, so that there are as many as before: a count does not show
// it. Drives by their slots, and whole subsystems by their cables.
import { type Check, type Context, everyId, HeldSystem, smallSystems } from '../../src/checks/index.js';
import { twoDrives, twoSubSystems, type Device, type TwoDevices } from './two-devices.js';

async function mustShow(ctx: Context, pair: TwoDevices, there: Device, gone: Device, word: string): Promise<void> {
  const listed = await pair.listed();
  ctx.duties.holds(
    'VDS-5.2',
    listed.has(there.key) && !listed.has(gone.key),
    `after Reenumerate and Refresh with one ${word} pulled and another put back, ` +
      `${listed.has(there.key) ? 'the pulled one is still' : 'the other one is not'} listed as being there`,
    undefined,
    'silent wrong data',
  );
  if (pair.at === undefined) return;
  ctx.duties.holds(
    'VDS-4.5a',
    (await pair.at(there)) === there.key,
    `after Reenumerate and Refresh the ${word} that was put back is not found at its place`,
  );
  ctx.duties.holds(
    'VDS-4.5b',
    (await pair.at(gone)) !== gone.key,
    `after Reenumerate and Refresh the ${word} that was pulled is still found at its place, as if it were there`,
  );
}

const swapped = (word: string, find: (ctx: Context) => Promise<TwoDevices>): Check => ({
  id: `recovery.swapped.${word}`,
  title:
    `Of two ${word}s one is pulled and the other put back before one Reenumerate and Refresh: it shows the other and ` +
    'not the first, and all is as before when both are back',
  requirements: ['VDS-5.2', 'VDS-5.5d', ...(word === 'drive' ? ['VDS-4.5a', 'VDS-4.5b'] : [])],
  faults: ['disconnect'],
  cost: { calls: 2500, recoveries: 4 },
  async run(ctx) {
    const pair = await find(ctx);
    const [one, other] = pair.devices;
    const systems = await smallSystems(ctx);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const first = await ctx.faults.inject({ kind: 'disconnect', object: one.id });
    await held.recover();
    await mustShow(ctx, pair, other, one, word);
    await first.heal();
    const second = await ctx.faults.inject({ kind: 'disconnect', object: other.id });
    await held.recover();
    await mustShow(ctx, pair, one, other, word);
    await second.heal();
    await held.recover();
    await held.mustBeBack(one.id, other.id);
  },
});

export const swaps: readonly Check[] = [
  swapped('drive', async (ctx) => twoDrives(ctx, await ctx.system.subSystem())),
  swapped('subsystem', twoSubSystems),
];
