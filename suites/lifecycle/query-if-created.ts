// IVdsHwProviderPrivate::QueryIfCreatedLun: whether a LUN that the operating system sees is of the provider.
import {
  type Check,
  type Context,
  type IVdsHwProviderPrivate,
  type IVdsLun,
  setStatus,
} from '../../src/checks/index.js';
import {
  HR,
  NULL_GUID,
  OBJECT_STATUS,
  succeeded,
  type VDS_LUN_INFORMATION,
  zeroStructure,
} from '../../src/contract/index.js';

/**
 * The identification data of a LUN, from IVdsLun::GetIdentificationData. Not applicable where nothing in it tells LUNs
 * apart.
 */
async function identification(ctx: Context, lun: IVdsLun): Promise<VDS_LUN_INFORMATION> {
  const info = ctx.duties.output('VDS-10.18a', await lun.getIdentificationData(), 'lunInfo');
  const known = (info.serialNumber ?? '') !== '' || (info.deviceIdDescriptor.identifiers ?? []).length > 0;
  return known
    ? info
    : ctx.notApplicable('the identification data of a LUN has neither a serial number nor device identifiers');
}

async function queryIfCreated(
  ctx: Context,
): Promise<(devicePath: string, info: VDS_LUN_INFORMATION) => ReturnType<IVdsHwProviderPrivate['queryIfCreatedLun']>> {
  const own = await ctx.system.unknown.as('IVdsHwProviderPrivate');
  if (own === null) return ctx.duties.broken('VDS-3.1', 'the provider object lacks IVdsHwProviderPrivate');
  return (devicePath, vdsLunInformation) => own.queryIfCreatedLun({ devicePath, vdsLunInformation });
}

/** A path as Windows gives it to a disk, of which this one is unknown to everybody. */
const FOREIGN_PATH =
  String.raw`\\?\scsi#disk&ven_other&prod_array#5&2c8d1f6&0&000000` + '#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}';

/** S_FALSE and GUID_NULL, for a LUN that the provider does not manage. */
function notCreated(
  ctx: Context,
  result: Awaited<ReturnType<IVdsHwProviderPrivate['queryIfCreatedLun']>>,
  when: string,
): void {
  ctx.duties.code('VDS-3.6c', result, HR.S_FALSE, when);
  ctx.duties.equal('VDS-3.6c', `*pLunId ${when}`, result.out.lunId, NULL_GUID, result);
}

export const queryIfCreatedChecks: readonly Check[] = [
  {
    id: 'lifecycle.query-if-created-lun-out-of-use',
    title: 'QueryIfCreatedLun does not deny a LUN of a subsystem that is OFFLINE',
    requirements: ['VDS-3.6'],
    // A subsystem that hosts use is not taken out of their reach.
    capabilities: ['disposable'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const query = await queryIfCreated(ctx);
      const { lun } = await ctx.make.lun(subSystem);
      const info = await identification(ctx, lun);
      if ((await query(FOREIGN_PATH, info)).hr !== HR.S_OK)
        ctx.notApplicable('the path of a LUN decides, and no disk of this computer is one');
      const { STATUS_OFFLINE, STATUS_ONLINE } = OBJECT_STATUS;
      if (!succeeded(ctx.duties.supported(await setStatus(ctx, subSystem, STATUS_OFFLINE)).hr))
        ctx.notApplicable('SetStatus of a subsystem does not take OFFLINE');
      const result = await query(FOREIGN_PATH, info);
      // It need not answer for a LUN that is out of use.
      ctx.duties.holds(
        'VDS-3.6',
        result.hr !== HR.S_FALSE,
        'QueryIfCreatedLun answered S_FALSE, that the provider does not own a LUN, while its subsystem is OFFLINE',
        result,
      );
      await setStatus(ctx, subSystem, STATUS_ONLINE);
    },
  },
  {
    id: 'lifecycle.query-if-created-lun',
    title: 'QueryIfCreatedLun answers S_OK and the id of the LUN whose identification data it is given',
    requirements: ['VDS-3.6', 'VDS-3.6b', 'VDS-3.6c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const query = await queryIfCreated(ctx);
      // LUNs from before the provider was loaded, and from since.
      const older = (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).slice(0, 2);
      const made = [await ctx.make.lun(subSystem), await ctx.make.lun(subSystem)];
      let byData = false;
      for (const lun of older) {
        const { hr, out } = await lun.getIdentificationData();
        if (hr !== HR.S_OK || typeof out.lunInfo !== 'object' || out.lunInfo === null) continue;
        byData ||= (await query(FOREIGN_PATH, out.lunInfo)).hr === HR.S_OK;
      }
      for (const { lun, id } of made) {
        const result = await query(FOREIGN_PATH, await identification(ctx, lun));
        if (byData) ctx.duties.code('VDS-3.6', result, HR.S_OK, 'for a new LUN, as it was for an older one');
        // The path is of no disk of this provider, and either argument may decide.
        ctx.duties.reading(
          'QueryIfCreatedLun with the data of a LUN and the path of another disk',
          result.hr === HR.S_FALSE ? 'goes by the path' : 'goes by the data',
          'VDS-3.6b',
        );
        if (result.hr === HR.S_FALSE) {
          notCreated(ctx, result, 'for the path of a disk of another maker');
          continue;
        }
        ctx.duties.code('VDS-3.6', result, HR.S_OK, 'for the identification data of a LUN of this provider');
        ctx.duties.equal('VDS-3.6', '*pLunId for the identification data of a LUN', result.out.lunId, id, result);
      }
    },
  },
  {
    id: 'lifecycle.query-if-created-lun-of-others',
    title: 'QueryIfCreatedLun answers S_FALSE and GUID_NULL for a disk of another maker',
    requirements: ['VDS-3.6c'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const query = await queryIfCreated(ctx);
      const nothing = zeroStructure<VDS_LUN_INFORMATION>('VDS_LUN_INFORMATION', { version: 1 });
      const foreign: VDS_LUN_INFORMATION = {
        ...nothing,
        vendorId: 'OTHER',
        productId: 'ARRAY',
        productRevision: '0001',
        serialNumber: 'A-SERIAL-NUMBER-OF-NO-LUN',
      };
      notCreated(ctx, await query(FOREIGN_PATH, foreign), 'for a disk of another maker');
      notCreated(ctx, await query(FOREIGN_PATH, nothing), 'for a disk that reports nothing of itself');
    },
  },
  {
    id: 'lifecycle.query-if-created-lun-deleted',
    title: 'QueryIfCreatedLun answers S_FALSE and GUID_NULL for a LUN that was deleted',
    requirements: ['VDS-3.6c'],
    cost: { calls: 18, recoveries: 0 },
    async run(ctx) {
      const query = await queryIfCreated(ctx);
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const info = await identification(ctx, lun);
      ctx.duties.ok('VDS-10.6', await lun.delete());
      notCreated(ctx, await query(FOREIGN_PATH, info), 'for a LUN that was deleted');
    },
  },
];
