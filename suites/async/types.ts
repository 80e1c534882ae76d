// Every method that starts an operation, with the type that its operation owes (semantics.md 8.1 and 8.4).
import { VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_TYPE } from '../../src/contract/generated/enumerations.js';
import { formatHresult, HR, succeeded } from '../../src/contract/hresult.js';
import type { Check } from '../../src/checks/check.js';
import type { Context, CreatedLun } from '../../src/checks/context.js';
import { idOf } from '../../src/checks/devices.js';
import { addPortal, createPortalGroup, portals } from '../../src/checks/iscsi.js';
import { ended } from '../../src/checks/operations.js';
import type { IVdsLun } from '../../src/port/generated/typed.js';
import { adoptCreation, status, type Started } from './operation.js';

const MIB = 1024n * 1024n;
const T = VDS_ASYNC_OUTPUT_TYPE;

/** A LUN of another type than the simplest, which the operation on it needs. Not applicable where it cannot be made. */
async function mirror(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly other: CreatedLun }> {
  const subSystem = await ctx.subSystem();
  const { lun } = await ctx.createLun(subSystem);
  const other = await ctx.createLun(subSystem);
  const added = await lun.addPlex({ lunId: other.id });
  if (!succeeded(added.hr)) ctx.notApplicable(`AddPlex answered ${formatHresult(added.hr)}`);
  await ctx.completed(added, T.VDS_ASYNCOUT_ADDLUNPLEX);
  return { lun, other };
}

/** Every method that starts an operation, on objects of the check's own, with the type that its operation owes (8.4). */
const OPERATIONS: readonly {
  readonly name: string;
  readonly type: number;
  readonly start: (ctx: Context) => Promise<Started>;
}[] = [
  {
    name: 'CreateLun',
    type: T.VDS_ASYNCOUT_CREATELUN,
    start: async (ctx) => {
      const started = await ctx.startLun(await ctx.subSystem());
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'CreateLun2',
    type: T.VDS_ASYNCOUT_CREATELUN,
    start: async (ctx) => {
      const subSystem = await ctx.optional(await ctx.subSystem(), 'IVdsSubSystem2');
      const started = await subSystem.createLun2({
        type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
        sizeInBytes: 64n * MIB,
        unmaskingList: '',
      });
      if (!succeeded(started.hr)) ctx.notApplicable(`CreateLun2 answered ${formatHresult(started.hr)}`);
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'Extend',
    type: T.VDS_ASYNCOUT_EXTENDLUN,
    start: async (ctx) => (await ctx.createLun(await ctx.subSystem())).lun.extend({ numberOfBytesToAdd: 16n * MIB }),
  },
  {
    name: 'Shrink',
    type: T.VDS_ASYNCOUT_SHRINKLUN,
    start: async (ctx) =>
      (await ctx.createLun(await ctx.subSystem(), 128n * MIB)).lun.shrink({ numberOfBytesToRemove: 32n * MIB }),
  },
  {
    name: 'AddPlex',
    type: T.VDS_ASYNCOUT_ADDLUNPLEX,
    start: async (ctx) => {
      const subSystem = await ctx.subSystem();
      const { lun } = await ctx.createLun(subSystem);
      const other = await ctx.createLun(subSystem);
      return lun.addPlex({ lunId: other.id });
    },
  },
  {
    name: 'RemovePlex',
    type: T.VDS_ASYNCOUT_REMOVELUNPLEX,
    start: async (ctx) => {
      const { lun } = await mirror(ctx);
      const plexes = await ctx.list(await lun.queryPlexes(), 'enum', 'IVdsLunPlex', 'VDS-6.7b');
      const last = plexes.at(-1);
      return last === undefined
        ? ctx.broken('VDS-6.7b', 'QueryPlexes lists no plex of a LUN')
        : lun.removePlex({ plexId: await idOf(ctx, last, 'VDS-6.7b') });
    },
  },
  { name: 'Recover', type: T.VDS_ASYNCOUT_RECOVERLUN, start: async (ctx) => (await mirror(ctx)).lun.recover() },
  {
    name: 'CreateTarget',
    type: T.VDS_ASYNCOUT_CREATETARGET,
    start: async (ctx) => {
      const started = await (
        await ctx.iscsi(await ctx.subSystem())
      ).createTarget({ iscsiName: ctx.uniqueIscsiName(), friendlyName: ctx.uniqueName() });
      if (started.hr !== HR.VDS_E_NOT_SUPPORTED) await adoptCreation(ctx, started, 'target');
      return started;
    },
  },
  {
    name: 'DeleteTarget',
    type: T.VDS_ASYNCOUT_DELETETARGET,
    start: async (ctx) => (await ctx.createTarget(await ctx.subSystem())).target.delete(),
  },
  {
    name: 'CreatePortalGroup',
    type: T.VDS_ASYNCOUT_CREATEPORTALGROUP,
    start: async (ctx) => {
      const started = await (await ctx.createTarget(await ctx.subSystem())).target.createPortalGroup();
      if (started.hr === HR.S_OK) await adoptCreation(ctx, started, 'portalGroup');
      return started;
    },
  },
  {
    name: 'DeletePortalGroup',
    type: T.VDS_ASYNCOUT_DELETEPORTALGROUP,
    start: async (ctx) => {
      const { group, existed } = await createPortalGroup(ctx, (await ctx.createTarget(await ctx.subSystem())).target);
      return existed ? ctx.notApplicable('a new target can have no more portal groups') : group.delete();
    },
  },
  {
    name: 'AddPortal',
    type: T.VDS_ASYNCOUT_ADDPORTAL,
    start: async (ctx) => {
      const subSystem = await ctx.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await createPortalGroup(ctx, (await ctx.createTarget(subSystem)).target);
      ctx.onCleanUp('remove a portal from its group', async () => {
        await ended(ctx, await group.removePortal({ portalId }));
      });
      return group.addPortal({ portalId });
    },
  },
  {
    name: 'RemovePortal',
    type: T.VDS_ASYNCOUT_REMOVEPORTAL,
    start: async (ctx) => {
      const subSystem = await ctx.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await createPortalGroup(ctx, (await ctx.createTarget(subSystem)).target);
      await addPortal(ctx, group, portalId);
      return group.removePortal({ portalId });
    },
  },
];

export const typeChecks: readonly Check[] = OPERATIONS.map(({ name, type, start }): Check => ({
  id: `async.type.${name}`,
  title: `${name} answers an IVdsAsync whose type is the operation's, whose results agree, and which is repeatable`,
  requirements: ['VDS-8.1b', 'VDS-8.4a', 'VDS-8.3b', 'VDS-8.5a'],
  cost: { calls: 50, recoveries: 0 },
  async run(ctx) {
    const started = ctx.supported(await start(ctx));
    const owed =
      started.record.method === 'IVdsSubSystem.CreateLun' || started.record.method === 'IVdsSubSystemIscsi.CreateTarget'
        ? 'VDS-8.1a'
        : 'VDS-8.1b';
    ctx.ok(owed, started);
    const operation = ctx.output(owed, started, 'async');
    const before = await status(ctx, operation);
    const first = await operation.wait();
    const second = await operation.wait();
    for (const waited of [first, second]) {
      ctx.ok('VDS-8.3b', waited);
      ctx.equal(
        waited === first ? 'VDS-8.2' : 'VDS-8.3b',
        '*pHrResult of Wait',
        ctx.output('VDS-8.2', waited, 'hrResult'),
        HR.S_OK,
        waited,
      );
      ctx.equal('VDS-8.4a', 'VDS_ASYNC_OUTPUT.type', ctx.output('VDS-8.4a', waited, 'asyncOut').type, type, waited);
    }
    const after = await status(ctx, operation);
    ctx.holds('VDS-8.5a', after.over, 'QueryStatus still tells pending after Wait has returned');
    ctx.equal('VDS-8.5a', 'the final result that QueryStatus tells', after.result, HR.S_OK);
    ctx.holds(
      'VDS-8.6',
      after.percent >= before.percent,
      `the percentage went down from ${before.percent} to ${after.percent}`,
    );
  },
}));
