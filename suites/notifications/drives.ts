// Notifications about the drives on which a LUN that changes has its space (semantics.md 9.6).
import {
  type Check,
  comes,
  type Context,
  type CreatedLun,
  idOf,
  isEvent,
  type IVdsAsync,
  type IVdsSubSystem,
  lunIfMade,
  makeMirror,
  NF,
  VdsObject,
} from '../../src/checks/index.js';
import { HR, succeeded, type VDS_DRIVE_EXTENT, VDS_LUN_TYPE } from '../../src/contract/index.js';

/** The extents of each drive that reports any, in words. */
async function extentsByDrive(ctx: Context, subSystem: IVdsSubSystem): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const drive of await ctx.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.6b')) {
    const { hr, out } = await drive.queryExtents();
    if (!succeeded(hr) || !Array.isArray(out.extentArray)) continue;
    const extents = (out.extentArray as readonly VDS_DRIVE_EXTENT[]).map(
      ({ lunId, size, used }) => `${used ? lunId : 'free'} ${size}`,
    );
    found.set(await idOf(ctx, drive, 'VDS-9.6b'), extents.sort().join());
  }
  return found;
}

/** What is done to a LUN, and the operation that it starts. */
type Change = readonly [what: string, change: () => Promise<unknown>];

/**
 * Makes the changes. The drives of which the extents are others after each of them must be announced. Gives how many
 * there were.
 */
async function drivesAreTold(ctx: Context, subSystem: IVdsSubSystem, changes: readonly Change[]): Promise<number> {
  let seen = 0;
  let mark = ctx.session.received.length;
  let before = await extentsByDrive(ctx, subSystem);
  for (const [what, change] of changes) {
    const operation = await change();
    if (operation instanceof VdsObject) await (operation as IVdsAsync).wait();
    // An array may go on after a change; what it does until it is read is announced by the next reading.
    const read = ctx.session.received.length;
    const after = await extentsByDrive(ctx, subSystem);
    for (const [drive, extents] of after) {
      if (before.get(drive) === extents) continue;
      seen += 1;
      const when = `VDS_NF_DRIVE_MODIFY for a drive of which the extents changed when ${what}`;
      await comes(ctx, when, isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive), mark, 'VDS-9.6b');
    }
    [before, mark] = [after, read];
  }
  return seen;
}

export const drivesOfLunsOfEachType: Check = {
  id: 'notifications.drives-of-each-type',
  title: 'VDS_NF_DRIVE_MODIFY follows for every drive of a LUN, of whatever type, that comes, grows, shrinks or goes',
  requirements: ['VDS-9.6b'],
  cost: { calls: 900, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    let seen = 0;
    for (const [name, type] of Object.entries(VDS_LUN_TYPE)) {
      if (type === VDS_LUN_TYPE.VDS_LT_UNKNOWN) continue;
      let made: CreatedLun | undefined;
      const come = async (): Promise<void> => {
        const started = await ctx.make.startLun(subSystem, { type });
        made = await lunIfMade(ctx, subSystem, started);
      };
      const change = async (how: (lun: CreatedLun) => Promise<unknown>): Promise<unknown> =>
        made === undefined ? undefined : how(made);
      seen += await drivesAreTold(ctx, subSystem, [
        [`a LUN of ${name} was created`, come],
        [
          `a LUN of ${name} was extended`,
          () => change(async ({ lun, size }) => (await lun.extend({ numberOfBytesToAdd: size })).out.async),
        ],
        [
          `a LUN of ${name} was shrunk`,
          () => change(async ({ lun, size }) => (await lun.shrink({ numberOfBytesToRemove: size })).out.async),
        ],
        [`a LUN of ${name} was deleted`, () => change(async ({ lun }) => void (await lun.delete()))],
      ]);
    }
    if (seen === 0) ctx.notApplicable('no drive reports extents that changed with a LUN');
  },
};

export const drivesOfAChangedLun: Check = {
  id: 'notifications.drives-of-a-changed-lun',
  title:
    'VDS_NF_DRIVE_MODIFY follows when a LUN that comes, grows, shrinks, ' +
    'loses a plex or goes takes or gives back extents',
  requirements: ['VDS-9.6b'],
  cost: { calls: 220, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const { lun, size, plexes } = await makeMirror(ctx, subSystem);
    const { lun: more } = await ctx.make.lun(subSystem);
    // As far as it goes it takes drives on which it did not lie before.
    const most = async (): Promise<bigint> => {
      const { hr, out } = await more.queryMaxLunExtendSize({});
      return hr === HR.S_OK && typeof out.maxBytesToBeAdded === 'bigint' ? out.maxBytesToBeAdded : 0n;
    };
    const changes = [
      ['a LUN was extended', async () => (await lun.extend({ numberOfBytesToAdd: size })).out.async],
      ['a LUN was shrunk', async () => (await lun.shrink({ numberOfBytesToRemove: size })).out.async],
      ['a LUN lost a plex', async () => (await lun.removePlex({ plexId: plexes[1].prop.id })).out.async],
      [
        'a LUN was extended as far as it can be',
        async () => (await more.extend({ numberOfBytesToAdd: await most() })).out.async,
      ],
      ['a LUN was deleted', async () => void (await lun.delete())],
    ] as const;
    const seen = await drivesAreTold(ctx, subSystem, changes);
    if (seen === 0) ctx.notApplicable('no drive reports extents that changed with a LUN');
  },
};
