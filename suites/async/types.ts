// Every method that starts an operation, with the required type of its operation (semantics.md 8.1 and 8.4).
import {
  addPortal,
  type Check,
  madeBy,
  type Context,
  displayName,
  ended,
  flagsOf,
  type IVdsLun,
  plexesOf,
  portalsIn,
  portals,
  hresult,
  lunsApart,
} from '../../src/checks/index.js';
import { formatHresult, HR, succeeded, VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';
import { adoptCreation, status, type Started } from './operation.js';

/**
 * A LUN with the plex of another added, and the id of a plex that is not its original one. Not applicable where plexes
 * cannot be added.
 */
async function mirror(ctx: Context): Promise<{ readonly lun: IVdsLun; readonly addedPlex: string }> {
  const subSystem = await ctx.system.subSystem();
  const [{ lun }, other] = await lunsApart(ctx, subSystem);
  const original = (await plexesOf(ctx, lun)).map(({ prop }) => prop.id);
  const added = await lun.addPlex({ lunId: other.id });
  if (!succeeded(added.hr)) ctx.notApplicable(`AddPlex answered ${formatHresult(added.hr)}`);
  await ctx.duties.completed(added);
  const addedPlex = (await plexesOf(ctx, lun)).find(({ prop }) => !original.includes(prop.id))?.prop.id;
  return addedPlex === undefined
    ? ctx.duties.broken('VDS-10.8a', 'AddPlex succeeded, and the LUN has no plex that it did not have before')
    : { lun, addedPlex };
}

/**
 * The answer; not applicable where the provider says that the operation is not valid there, which its page lets it say.
 */
function unlessInvalid(ctx: Context, started: Started): Started {
  if (started.hr === HR.VDS_E_INVALID_OPERATION)
    ctx.notApplicable(`${displayName(started.record.method)} answered ${formatHresult(started.hr)}`);
  return started;
}

/**
 * Every method that starts an operation, on objects of the check's own, with the required type of its operation (8.4).
 */
const OPERATIONS: readonly {
  readonly name: string;
  readonly start: (ctx: Context) => Promise<Started>;
}[] = [
  {
    name: 'CreateLun',
    start: async (ctx) => {
      const started = await ctx.make.startLun(await ctx.system.subSystem());
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'CreateLun2',
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const subSystem2 = await ctx.system.optional(subSystem, 'IVdsSubSystem2');
      const started = await subSystem2.createLun2({
        type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
        sizeInBytes: await ctx.make.lunSize(subSystem),
        unmaskingList: '',
        ...(await ctx.make.room(subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE)),
      });
      await adoptCreation(ctx, started);
      return started;
    },
  },
  {
    name: 'Extend',
    start: async (ctx) => {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      return lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives });
    },
  },
  {
    name: 'Shrink',
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const less = await ctx.make.lunSize(subSystem);
      return (await ctx.make.lun(subSystem, { size: less * 2n })).lun.shrink({ numberOfBytesToRemove: less });
    },
  },
  {
    name: 'AddPlex',
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const [{ lun }, other] = await lunsApart(ctx, subSystem);
      const started = await lun.addPlex({ lunId: other.id });
      const plexing = (await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_PLEXING_CAPABLE;
      return plexing === 0 ? unlessInvalid(ctx, started) : started;
    },
  },
  {
    name: 'RemovePlex',
    start: async (ctx) => {
      const { lun, addedPlex } = await mirror(ctx);
      return lun.removePlex({ plexId: addedPlex });
    },
  },
  {
    name: 'Recover',
    // A mirror that lacks nothing gives a provider no reason to start anything.
    start: async (ctx) => unlessInvalid(ctx, await (await mirror(ctx)).lun.recover()),
  },
  {
    name: 'CreateTarget',
    start: async (ctx) => {
      const started = await (
        await ctx.system.iscsi(await ctx.system.subSystem())
      ).createTarget({ iscsiName: ctx.make.uniqueIscsiName(), friendlyName: ctx.make.uniqueName() });
      await adoptCreation(ctx, started, 'target');
      return started;
    },
  },
  {
    name: 'DeleteTarget',
    start: async (ctx) => (await ctx.make.target(await ctx.system.subSystem())).target.delete(),
  },
  {
    name: 'CreatePortalGroup',
    start: async (ctx) => {
      const started = await (await ctx.make.target(await ctx.system.subSystem())).target.createPortalGroup();
      if (started.hr === HR.S_OK) await adoptCreation(ctx, started, 'portal-group');
      return started;
    },
  },
  {
    name: 'DeletePortalGroup',
    start: async (ctx) => {
      const { group, existed } = await ctx.make.portalGroup(
        (await ctx.make.target(await ctx.system.subSystem())).target,
      );
      return existed ? ctx.notApplicable('a new target can have no more portal groups') : group.delete();
    },
  },
  {
    name: 'AddPortal',
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await ctx.make.portalGroup((await ctx.make.target(subSystem)).target);
      if ((await portalsIn(ctx, group)).includes(portalId))
        ctx.notApplicable('the portal is in the group that the target came with');
      ctx.onCleanUp('remove a portal from its group', async () => {
        await ended(ctx, await group.removePortal({ portalId }));
      });
      return group.addPortal({ portalId });
    },
  },
  {
    name: 'RemovePortal',
    start: async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { group } = await ctx.make.portalGroup((await ctx.make.target(subSystem)).target);
      await addPortal(ctx, group, portalId);
      return group.removePortal({ portalId });
    },
  },
];

export const typeChecks: readonly Check[] = OPERATIONS.map(({ name, start }): Check => ({
  id: `async.type.${name}`,
  title: `${name} answers an IVdsAsync whose type is the operation's, whose results agree, and which is repeatable`,
  requirements: [
    ...(name === 'CreateLun' || name === 'Extend' || name === 'CreateTarget' || name === 'DeleteTarget'
      ? ['VDS-8.1a']
      : ['VDS-8.1b']),
    ...(name.startsWith('Create') ? ['VDS-8.3a', 'VDS-8.3c', 'VDS-8.4d'] : ['VDS-8.4c']),
    'VDS-8.2',
    'VDS-8.3b',
    'VDS-8.5a',
    'VDS-8.6',
  ],
  cost: { calls: 50, recoveries: 0 },
  async run(ctx) {
    const started = await start(ctx);
    const operation = ctx.duties.operation(started);
    const before = await status(ctx, operation);
    // Two callers may wait for one operation, and both until it has ended.
    const [first, ...atOnce] = await Promise.all([
      operation.wait(),
      ...(ctx.session.capabilities.parallelCalls ? [operation.wait()] : []),
    ]);
    ctx.duties.succeededIn(first, started.record, 'VDS-8.2');
    for (const waited of atOnce) ctx.duties.succeededIn(waited, started.record, 'VDS-8.3a');
    const again = await operation.wait();
    ctx.duties.succeededIn(again, started.record, 'VDS-8.3b');
    for (const waited of [first, ...atOnce, again]) ctx.duties.outputType(waited, started.record.method);
    if (name.startsWith('Create'))
      for (const waited of [...atOnce, again]) {
        const [one, other] = [madeBy(first), madeBy(waited)];
        ctx.duties.holds(
          'VDS-8.3c',
          one !== null && other !== null && (await one.identity()) === (await other.identity()),
          'two Waits do not hand out one object',
          waited,
        );
      }
    const result = ctx.duties.output('VDS-8.2', first, 'hrResult');
    ctx.duties.equal(
      'VDS-8.3b',
      'the result that a second Wait reports',
      hresult(ctx.duties.output('VDS-8.2', again, 'hrResult')),
      hresult(result),
    );
    const after = await status(ctx, operation);
    ctx.duties.holds('VDS-8.5a', after.over, 'QueryStatus still reports pending after Wait has returned');
    ctx.duties.equal('VDS-8.5a', 'the final result that QueryStatus reports', hresult(after.result), hresult(result));
    ctx.duties.holds(
      'VDS-8.6',
      after.percent >= before.percent,
      `the percentage went down from ${before.percent} to ${after.percent}`,
    );
  },
}));
