// Mirrors of which each plex lies on drives of its own, whatever gives it space: a creation, an Extend, and Recover
// when the drive of a plex is gone. Where a provider looks for space first is its own; so several mirrors have one
// drive in common, and each of the other drives holds the plex that is left of one of them.
import {
  type Check,
  type Context,
  type CreatedLun,
  drivesOf,
  emptyDrives,
  extentsOf,
  flagsOf,
  mayBeUsed,
  type IVdsAsync,
  type IVdsSubSystem,
  plexesOf,
  wherePossible,
  whereSupported,
} from '../../src/checks/index.js';
import { type Guid, succeeded, VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';

/** So many drives at most are tried beside the common one. */
const MOST = 8;

/** Mirrors of the run's own that have a plex on the drive `common` each, and the other on one that no other has. */
async function mirrorsWith(ctx: Context, subSystem: IVdsSubSystem, common: Guid): Promise<readonly CreatedLun[]> {
  const mirrors: CreatedLun[] = [];
  for (const found of await drivesOf(ctx, subSystem, 0)) {
    const { drive, prop } = found;
    if (mirrors.length === MOST) break;
    const isFree = (await extentsOf(ctx, drive)).some(({ used }) => !used);
    if (prop.id === common || !isFree || !mayBeUsed(ctx, found)) continue;
    const wish = { type: VDS_LUN_TYPE.VDS_LT_MIRROR, drives: [common, prop.id] };
    const make = (): Promise<CreatedLun | undefined> => whereSupported(() => ctx.make.lun(subSystem, wish));
    // An array that gives whole drives has room for one mirror.
    const mirror = await (mirrors.length === 0 ? make() : wherePossible(make));
    if (mirror !== undefined) mirrors.push(mirror);
  }
  return mirrors;
}

/** No two plexes of a mirror that can be read have space of one drive. */
async function mustLieApart(ctx: Context, mirrors: readonly CreatedLun[], when: string): Promise<void> {
  for (const { lun } of mirrors) {
    const used = new Set<Guid>();
    for (const { plex } of await plexesOf(ctx, lun)) {
      const { hr, out } = await plex.queryExtents();
      const extents = succeeded(hr) && Array.isArray(out.extentArray) ? out.extentArray : [];
      const drives = new Set(extents.filter((e) => e.used).map((e) => e.id));
      for (const drive of drives)
        ctx.duties.holds('VDS-10.8d', !used.has(drive), `two plexes of a mirror lie on one drive ${when}`);
      for (const drive of drives) used.add(drive);
    }
  }
}

/** Starts an operation on each mirror and waits for it. A provider may refuse it, or fail for want of room. */
async function onEach(
  mirrors: readonly CreatedLun[],
  start: (mirror: CreatedLun) => Promise<{ readonly hr: number; readonly out: { readonly async: unknown } }>,
): Promise<void> {
  for (const mirror of mirrors) {
    const { hr, out } = await start(mirror);
    if (succeeded(hr)) await (out.async as IVdsAsync | null)?.wait();
  }
}

export const apartChecks: readonly Check[] = [
  {
    id: 'plexes.apart',
    title:
      'Each plex of a mirror lies on drives of its own when the mirror is new, extended, or recovered after a drive ' +
      'of it went, whichever drive holds what is left',
    requirements: ['VDS-10.8d'],
    faults: ['disconnect'],
    cost: { calls: 250, recoveries: 2 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_MIRROR_LUNS) === 0)
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_MIRROR_LUNS');
      const common = (await emptyDrives(ctx, subSystem)).at(-1) ?? ctx.notApplicable('no drive is unused');
      const mirrors = await mirrorsWith(ctx, subSystem, common.prop.id);
      if (mirrors.length === 0) ctx.notApplicable('no mirror can be made on drives that are given');
      await mustLieApart(ctx, mirrors, 'when it is new');
      await onEach(mirrors, ({ lun, size }) => lun.extend({ numberOfBytesToAdd: size }));
      await mustLieApart(ctx, mirrors, 'after Extend');
      const fault = await ctx.faults.inject({ kind: 'disconnect', object: common.prop.id });
      await ctx.faults.recover();
      await onEach(mirrors, ({ lun }) => lun.recover());
      await mustLieApart(ctx, mirrors, 'after Recover, as the drive of one had gone');
      await fault.heal();
      await ctx.faults.recover();
      await mustLieApart(ctx, mirrors, 'after Recover, and the return of the drive that had gone');
    },
  },
];
