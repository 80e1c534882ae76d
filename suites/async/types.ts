// Every method that starts an operation, with the type that its operation owes (semantics.md 8.1 and 8.4).
import {
  addPortal,
  type Check,
  type Context,
  type CreatedLun,
  ended,
  idOf,
  type IVdsLun,
  portals,
} from '../../src/checks/index.js';
import { formatHresult, HR, succeeded, VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_TYPE } from '../../src/contract/index.js';
import { adoptCreation, status, type Started } from './operation.js';

const MIB = 1024n * 1024n;
const T = VDS_ASYNC_OUTPUT_TYPE;

/** A LUN of another type than the simplest, which the operation on it needs. Not applicable where it cannot be made. */
async function mirror(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly other: CreatedLun }> {
  const subSystem = await ctx.system.subSystem();
  const { lun } = await ctx.make.lun(subSystem);
  const other = await ctx.make.lun(subSystem);
  const added = await lun.addPlex({ lunId: other.id });
  if (!succeeded(added.hr)) ctx.notApplicable(`AddPlex answered ${formatHresult(added.hr)}`);
  await ctx.duties.completed(added, T.VDS_ASYNCOUT_ADDLUNPLEX);
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
      const started = await ctx.make.startLun(await ctx.system.subSystem());
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'CreateLun2',
    type: T.VDS_ASYNCOUT_CREATELUN,
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const second = await ctx.system.optional(subSystem, 'IVdsSubSystem2');
      const started = await second.createLun2({
        type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
        sizeInBytes: 64n * MIB,
        unmaskingList: '',
        ...(await ctx.make.room(subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE)),
      });
      if (!succeeded(started.hr)) ctx.notApplicable(`CreateLun2 answered ${formatHresult(started.hr)}`);
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'Extend',
    type: T.VDS_ASYNCOUT_EXTENDLUN,
    start: async (ctx) =>
      (await ctx.make.lun(await ctx.system.subSystem())).lun.extend({ numberOfBytesToAdd: 16n * MIB }),
  },
  {
    name: 'Shrink',
    type: T.VDS_ASYNCOUT_SHRINKLUN,
    start: async (ctx) =>
      (await ctx.make.lun(await ctx.system.subSystem(), { size: 128n * MIB })).lun.shrink({
        numberOfBytesToRemove: 32n * MIB,
      }),
  },
  {
    name: 'AddPlex',
    type: T.VDS_ASYNCOUT_ADDLUNPLEX,
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const other = await ctx.make.lun(subSystem);
      return lun.addPlex({ lunId: other.id });
    },
  },
  {
    name: 'RemovePlex',
    type: T.VDS_ASYNCOUT_REMOVELUNPLEX,
    start: async (ctx) => {
      const { lun } = await mirror(ctx);
      const plexes = await ctx.duties.list(await lun.queryPlexes(), 'enum', 'IVdsLunPlex', 'VDS-6.7b');
      const last = plexes.at(-1);
      return last === undefined
        ? ctx.duties.broken('VDS-6.7b', 'QueryPlexes lists no plex of a LUN')
        : lun.removePlex({ plexId: await idOf(ctx, last, 'VDS-6.7b') });
    },
  },
  { name: 'Recover', type: T.VDS_ASYNCOUT_RECOVERLUN, start: async (ctx) => (await mirror(ctx)).lun.recover() },
  {
    name: 'CreateTarget',
    type: T.VDS_ASYNCOUT_CREATETARGET,
    start: async (ctx) => {
      const started = await (
        await ctx.system.iscsi(await ctx.system.subSystem())
      ).createTarget({ iscsiName: ctx.make.uniqueIscsiName(), friendlyName: ctx.make.uniqueName() });
      if (started.hr !== HR.VDS_E_NOT_SUPPORTED) await adoptCreation(ctx, started, 'target');
      return started;
    },
  },
  {
    name: 'DeleteTarget',
    type: T.VDS_ASYNCOUT_DELETETARGET,
    start: async (ctx) => (await ctx.make.target(await ctx.system.subSystem())).target.delete(),
  },
  {
    name: 'CreatePortalGroup',
    type: T.VDS_ASYNCOUT_CREATEPORTALGROUP,
    start: async (ctx) => {
      const started = await (await ctx.make.target(await ctx.system.subSystem())).target.createPortalGroup();
      if (started.hr === HR.S_OK) await adoptCreation(ctx, started, 'portal-group');
      return started;
    },
  },
  {
    name: 'DeletePortalGroup',
    type: T.VDS_ASYNCOUT_DELETEPORTALGROUP,
    start: async (ctx) => {
      const { group, existed } = await ctx.make.portalGroup(
        (await ctx.make.target(await ctx.system.subSystem())).target,
      );
      return existed ? ctx.notApplicable('a new target can have no more portal groups') : group.delete();
    },
  },
  {
    name: 'AddPortal',
    type: T.VDS_ASYNCOUT_ADDPORTAL,
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await ctx.make.portalGroup((await ctx.make.target(subSystem)).target);
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
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await ctx.make.portalGroup((await ctx.make.target(subSystem)).target);
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
    const started = ctx.duties.supported(await start(ctx));
    const owed =
      started.record.method === 'IVdsSubSystem.CreateLun' || started.record.method === 'IVdsSubSystemIscsi.CreateTarget'
        ? 'VDS-8.1a'
        : 'VDS-8.1b';
    ctx.duties.ok(owed, started);
    const operation = ctx.duties.output(owed, started, 'async');
    const before = await status(ctx, operation);
    const first = await operation.wait();
    const second = await operation.wait();
    for (const waited of [first, second]) {
      ctx.duties.ok('VDS-8.3b', waited);
      ctx.duties.equal(
        waited === first ? 'VDS-8.2' : 'VDS-8.3b',
        '*pHrResult of Wait',
        ctx.duties.output('VDS-8.2', waited, 'hrResult'),
        HR.S_OK,
        waited,
      );
      ctx.duties.equal(
        'VDS-8.4a',
        'VDS_ASYNC_OUTPUT.type',
        ctx.duties.output('VDS-8.4a', waited, 'asyncOut').type,
        type,
        waited,
      );
    }
    const after = await status(ctx, operation);
    ctx.duties.holds('VDS-8.5a', after.over, 'QueryStatus still tells pending after Wait has returned');
    ctx.duties.equal('VDS-8.5a', 'the final result that QueryStatus tells', after.result, HR.S_OK);
    ctx.duties.holds(
      'VDS-8.6',
      after.percent >= before.percent,
      `the percentage went down from ${before.percent} to ${after.percent}`,
    );
  },
}));
