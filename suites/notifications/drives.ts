// Notifications about the drives on which a LUN that changes has its space (semantics.md 9.6).
import {
  type Check,
  comes,
  type Context,
  idOf,
  isEvent,
  type IVdsSubSystem,
  makeMirror,
  NF,
  VdsObject,
} from '../../src/checks/index.js';
import { HR, succeeded, type VDS_DRIVE_EXTENT } from '../../src/contract/index.js';

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
      ['was extended', async () => (await lun.extend({ numberOfBytesToAdd: size })).out.async],
      ['was shrunk', async () => (await lun.shrink({ numberOfBytesToRemove: size })).out.async],
      ['lost a plex', async () => (await lun.removePlex({ plexId: plexes[1].prop.id })).out.async],
      [
        'was extended as far as it can be',
        async () => (await more.extend({ numberOfBytesToAdd: await most() })).out.async,
      ],
      ['was deleted', async () => void (await lun.delete())],
    ] as const;
    let seen = 0;
    for (const [what, change] of changes) {
      const before = await extentsByDrive(ctx, subSystem);
      const mark = ctx.session.received.length;
      const operation = await change();
      if (operation instanceof VdsObject) await operation.wait();
      for (const [drive, extents] of await extentsByDrive(ctx, subSystem)) {
        if (before.get(drive) === extents) continue;
        seen += 1;
        const when = `VDS_NF_DRIVE_MODIFY for a drive of which the extents changed when a LUN ${what}`;
        await comes(ctx, when, isEvent('drive', NF.VDS_NF_DRIVE_MODIFY, drive), mark, 'VDS-9.6b');
      }
    }
    if (seen === 0) ctx.notApplicable('no drive reports extents that changed with a LUN');
  },
};
