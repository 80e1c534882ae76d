// Two devices of one kind that can be taken out of the array and put back: drives by their slots, subsystems by their
// cables. They are told apart by what a device keeps whatever id it gets when it comes back.
import { type Context, emptyDrives, type IVdsDrive, type IVdsSubSystem } from '../../src/checks/index.js';
import { type Guid, HR, succeeded, VDS_DRIVE_STATUS, VDS_SUB_SYSTEM_STATUS } from '../../src/contract/index.js';

export interface Device {
  readonly id: Guid;
  /** Its name, whatever id it gets when it comes back. */
  readonly key: string;
}

/** Two devices of one kind, and how to see which of them are there. */
export interface TwoDevices {
  readonly devices: readonly [Device, Device];
  /** The ids of those that are listed as being there, by their keys; with `kept` of all that are listed. */
  listed(kept?: boolean): Promise<ReadonlyMap<string, Guid>>;
  /**
   * The key of the device that is found at the place of this one; undefined where it is found by no place, or does not
   * exist.
   */
  at?(device: Device): Promise<string | undefined>;
}

/** One that is kept while it is away may have a damaged entry until it is back; one that is there may not. */
const isUnrestored = ({ hr }: { readonly hr: number }): boolean => hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT;

const driveKey = (prop: { readonly internalBusNumber: number; readonly slotNumber: number }): string =>
  `bus ${prop.internalBusNumber} slot ${prop.slotNumber}`;

export async function twoDrives(ctx: Context, subSystem: IVdsSubSystem): Promise<TwoDevices> {
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
    async listed(kept = false) {
      const found = new Map<string, Guid>();
      for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
        const answer = await drive.getProperties();
        if (isUnrestored(answer)) continue;
        const { status, ...prop } = ctx.duties.output('VDS-7.7', answer, 'driveProp');
        if (kept || (status !== VDS_DRIVE_STATUS.VDS_DRS_REMOVED && status !== VDS_DRIVE_STATUS.VDS_DRS_UNKNOWN))
          found.set(driveKey(prop), prop.id);
      }
      return found;
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

export async function twoSubSystems(ctx: Context): Promise<TwoDevices> {
  const properties = async (subSystem: IVdsSubSystem) =>
    ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
  const devices: Device[] = [];
  for (const each of await ctx.system.twoSubSystems()) {
    const { id, identification } = await properties(each);
    devices.push({ id, key: identification ?? '' });
  }
  return {
    devices: devices as [Device, Device],
    async listed(kept = false) {
      const found = new Map<string, Guid>();
      for (const each of await ctx.duties.list(
        await ctx.system.hw.querySubSystems(),
        'enum',
        'IVdsSubSystem',
        'VDS-6.6b',
      )) {
        const answer = await each.getProperties();
        if (isUnrestored(answer)) continue;
        const { id, status, identification } = ctx.duties.output('VDS-7.9', answer, 'subSystemProp');
        if (kept || status !== VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE) found.set(identification ?? '', id);
      }
      return found;
    },
  };
}
