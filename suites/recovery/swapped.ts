// One device goes and another comes back at the same time, so that there are as many as before: a count does not show
// it. Drives by their slots, and whole subsystems by their cables.
import {
  type Check,
  type Context,
  emptyDrives,
  everyId,
  HeldSystem,
  type IVdsDrive,
  type IVdsSubSystem,
  smallSystems,
} from '../../src/checks/index.js';
import { succeeded, VDS_DRIVE_STATUS, VDS_SUB_SYSTEM_STATUS } from '../../src/contract/index.js';

interface Device {
  readonly id: string;
  /** Its name, whatever id it gets when it comes back. */
  readonly key: string;
}

/** Two devices of one kind, and how to see which of them are there. */
interface Pair {
  readonly devices: readonly [Device, Device];
  /** The keys of those that are listed as being there. */
  listed(): Promise<readonly string[]>;
  /**
   * The key of the device that is found at the place of this one; undefined where it is found by no place, or does not
   * exist.
   */
  at?(device: Device): Promise<string | undefined>;
}

const driveKey = (prop: { readonly internalBusNumber: number; readonly slotNumber: number }): string =>
  `bus ${prop.internalBusNumber} slot ${prop.slotNumber}`;

async function twoDrives(ctx: Context): Promise<Pair> {
  const subSystem = await ctx.system.subSystem();
  const empty = await emptyDrives(ctx, subSystem, 2);
  const places = new Map(empty.map(({ prop }) => [driveKey(prop), prop]));
  const [one, other] = empty.slice(-2).map(({ prop }) => ({ id: prop.id, key: driveKey(prop) })) as [Device, Device];
  const place = async (key: string): Promise<IVdsDrive | null> => {
    const { internalBusNumber: busNumber = 0, slotNumber = 0 } = places.get(key) ?? {};
    const { hr, out } = await subSystem.getDrive({ busNumber, slotNumber });
    return succeeded(hr) ? (out.drive as IVdsDrive | null) : null;
  };
  // Where drives are in enclosures, bus and slot do not say which is meant.
  const byPlace = (await propertiesAt(ctx, await place(one.key))) === one.key;
  return {
    devices: [one, other],
    async listed() {
      const keys: string[] = [];
      for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
        const answer = await drive.getProperties();
        const { status, ...prop } = ctx.duties.output('VDS-7.7', answer, 'driveProp');
        if (status !== VDS_DRIVE_STATUS.VDS_DRS_REMOVED && status !== VDS_DRIVE_STATUS.VDS_DRS_UNKNOWN)
          keys.push(driveKey(prop));
      }
      return keys;
    },
    ...(byPlace ? { at: async ({ key }) => propertiesAt(ctx, await place(key)) } : {}),
  };
}

/** The key of a drive that was found; undefined for none, and for the object of one that is kept as removed. */
async function propertiesAt(ctx: Context, drive: IVdsDrive | null): Promise<string | undefined> {
  const answer = await drive?.getProperties();
  if (answer === undefined || !succeeded(answer.hr)) return undefined;
  const prop = ctx.duties.output('VDS-7.7', answer, 'driveProp');
  const isThere = prop.status !== VDS_DRIVE_STATUS.VDS_DRS_REMOVED && prop.status !== VDS_DRIVE_STATUS.VDS_DRS_UNKNOWN;
  return isThere ? driveKey(prop) : undefined;
}

async function twoSubSystems(ctx: Context): Promise<Pair> {
  const properties = async (subSystem: IVdsSubSystem) =>
    ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
  const devices: Device[] = [];
  for (const each of await ctx.system.twoSubSystems()) {
    const { id, identification } = await properties(each);
    devices.push({ id, key: identification ?? '' });
  }
  return {
    devices: devices as [Device, Device],
    async listed() {
      const keys: string[] = [];
      for (const each of await ctx.duties.list(
        await ctx.system.hw.querySubSystems(),
        'enum',
        'IVdsSubSystem',
        'VDS-6.6b',
      )) {
        const { status, identification } = await properties(each);
        if (status !== VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE) keys.push(identification ?? '');
      }
      return keys;
    },
  };
}

async function mustShow(ctx: Context, pair: Pair, there: Device, gone: Device, word: string): Promise<void> {
  const listed = await pair.listed();
  ctx.duties.holds(
    'VDS-5.2',
    listed.includes(there.key) && !listed.includes(gone.key),
    `after Reenumerate and Refresh with one ${word} pulled and another put back, ` +
      `${listed.includes(there.key) ? 'the pulled one is still' : 'the other one is not'} listed as being there`,
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

const swapped = (word: string, find: (ctx: Context) => Promise<Pair>): Check => ({
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

export const swaps: readonly Check[] = [swapped('drive', twoDrives), swapped('subsystem', twoSubSystems)];
