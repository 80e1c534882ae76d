// A subsystem that is set OFFLINE: what it holds is out of use, and is there.
import {
  type Check,
  type Context,
  displayName,
  type IVdsSubSystem,
  plausibleArguments,
  setStatus,
  statusOf,
  type VdsObject,
} from '../../src/checks/index.js';
import { allMethods, formatHresult, HR, OBJECT_STATUS } from '../../src/contract/index.js';

/** Calls every method of an object's own interface but Delete: none of them may say that the object is gone. */
async function nothingSaysDeleted(ctx: Context, object: VdsObject, when: string): Promise<void> {
  for (const method of allMethods) {
    if (method.name === 'Delete' || !method.codes.includes('VDS_E_OBJECT_DELETED')) continue;
    if (method.interfaceName !== object.interfaceName) continue;
    const result = await object.call(method.fullName, await ctx.make.keptToScope(method, plausibleArguments(method)));
    ctx.duties.holds(
      'VDS-7.1a',
      result.hr !== HR.VDS_E_OBJECT_DELETED,
      `${displayName(method.fullName)} answered ${formatHresult(result.hr)} ${when}, although the object is there`,
      result,
    );
  }
}

/** A subsystem that SetStatus can bring back into its status: one that is managed in part is so for a reason. */
async function onlineOne(ctx: Context): Promise<IVdsSubSystem> {
  for (const subSystem of await ctx.system.subSystems())
    if ((await statusOf(ctx, subSystem)) === OBJECT_STATUS.STATUS_ONLINE) return subSystem;
  return ctx.notApplicable('no subsystem is ONLINE, so that SetStatus could not bring it back into its status');
}

export const offlineChecks: readonly Check[] = [
  {
    id: 'subsystem.offline-is-not-deleted',
    title: 'Nothing that a subsystem holds says that it is deleted while the subsystem is OFFLINE',
    requirements: ['VDS-7.1a', 'VDS-7.6b'],
    cost: { calls: 160, recoveries: 0 },
    async run(ctx) {
      if (!ctx.session.capabilities.disposable)
        ctx.notApplicable('a subsystem that hosts use is not taken out of their reach: the system is not disposable');
      const subSystem = await onlineOne(ctx);
      const { lun } = await ctx.make.lun(subSystem);
      const iscsi = await subSystem.as('IVdsSubSystemIscsi');
      const target = iscsi === null ? undefined : (await ctx.make.target(subSystem)).target;
      const result = ctx.duties.supported(await setStatus(ctx, subSystem, OBJECT_STATUS.STATUS_OFFLINE));
      // Callers pass a subset of the values, and no page says which.
      if (result.hr === HR.E_INVALIDARG) ctx.notApplicable('SetStatus of a subsystem does not take OFFLINE');
      ctx.duties.ok('VDS-7.6b', result);
      for (const object of [lun, target])
        if (object !== undefined) await nothingSaysDeleted(ctx, object, 'while its subsystem is OFFLINE');
      ctx.duties.ok('VDS-7.6b', await setStatus(ctx, subSystem, OBJECT_STATUS.STATUS_ONLINE));
      ctx.duties.code('VDS-7.1a', await lun.getProperties(), HR.S_OK, 'on a LUN whose subsystem is back in use');
    },
  },
];
