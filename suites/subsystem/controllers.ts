// IVdsSubSystem::SetControllerStatus.
import {
  type Check,
  type Context,
  controllersOf,
  type FoundController,
  type IVdsSubSystem,
  restoreStatus,
  type Result,
  UNKNOWN_ID,
  named,
} from '../../src/checks/index.js';
import { HR, OBJECT_STATUS } from '../../src/contract/index.js';

/** SetControllerStatus; not applicable where it is not supported. */
async function setControllers(
  ctx: Context,
  subSystem: IVdsSubSystem,
  online: readonly string[],
  offline: readonly string[],
): Promise<Result<object>> {
  const set = (empty: readonly string[] | null) =>
    subSystem.setControllerStatus({
      onlineControllerIdArray: online.length === 0 ? empty : online,
      offlineControllerIdArray: offline.length === 0 ? empty : offline,
    });
  // The IDL does not make these arrays unique, so that NULL may be refused; and an array of none may be no array.
  const result = await set([]);
  const either =
    result.hr === HR.E_INVALIDARG && (online.length === 0 || offline.length === 0) ? await set(null) : result;
  return ctx.duties.supported(either);
}

/**
 * The controllers, online all of them, so that setting them online changes nothing. They are online again when the
 * check ends.
 */
async function onlineControllers(
  ctx: Context,
  subSystem: IVdsSubSystem,
  atLeast = 1,
): Promise<readonly FoundController[]> {
  const controllers = await controllersOf(ctx, subSystem, atLeast);
  if (controllers.some(({ prop }) => prop.status !== OBJECT_STATUS.STATUS_ONLINE))
    ctx.notApplicable('not every controller is online');
  for (const { controller } of controllers) await restoreStatus(ctx, controller);
  // SetStatus of a controller may not be supported where SetControllerStatus is.
  ctx.onCleanUp('set the controllers online', async () => {
    const onlineControllerIdArray = idOfEach(controllers);
    const { hr } = await subSystem.setControllerStatus({ onlineControllerIdArray, offlineControllerIdArray: [] });
    if (hr !== HR.S_OK)
      await subSystem.setControllerStatus({ onlineControllerIdArray, offlineControllerIdArray: null });
  });
  return controllers;
}

const idOfEach = (controllers: readonly FoundController[]): string[] => controllers.map(({ prop }) => prop.id);

export const controllerStatusChecks: readonly Check[] = [
  {
    id: 'subsystem.controllers-left-out',
    title: 'SetControllerStatus refuses lists of which neither has a controller, and changes nothing',
    requirements: ['VDS-10.10b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const controllers = await onlineControllers(ctx, subSystem);
      const result = await setControllers(ctx, subSystem, idOfEach(controllers).slice(1), []);
      ctx.duties.refused('VDS-10.10b', result, 'with one controller in neither list');
      const [, ...others] = idOfEach(controllers);
      if (others.length > 0) {
        // As many as there are, and still not all of them.
        const twice = await setControllers(ctx, subSystem, [...others, ...others.slice(-1)], []);
        ctx.duties.refused('VDS-10.10b', twice, 'with one controller in neither list and another twice');
      }
      for (const { prop } of await controllersOf(ctx, subSystem))
        ctx.duties.equal(
          'VDS-0.2b',
          'the status of a controller after a SetControllerStatus that failed',
          named('VDS_CONTROLLER_STATUS', prop.status),
          named('VDS_CONTROLLER_STATUS', OBJECT_STATUS.STATUS_ONLINE),
        );
    },
  },
  {
    id: 'subsystem.controllers-in-both',
    title: 'SetControllerStatus refuses lists that both have a controller, and changes nothing',
    requirements: ['VDS-10.10d'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const controllers = await onlineControllers(ctx, subSystem);
      const result = await setControllers(ctx, subSystem, idOfEach(controllers), idOfEach(controllers).slice(-1));
      ctx.duties.refused('VDS-10.10d', result, 'with one controller in both lists');
      for (const { prop } of await controllersOf(ctx, subSystem))
        ctx.duties.equal(
          'VDS-0.2b',
          'the status of a controller after a SetControllerStatus that failed',
          named('VDS_CONTROLLER_STATUS', prop.status),
          named('VDS_CONTROLLER_STATUS', OBJECT_STATUS.STATUS_ONLINE),
        );
    },
  },
  {
    id: 'subsystem.controllers-unknown',
    title: 'SetControllerStatus refuses an id that no controller has, with VDS_E_OBJECT_NOT_FOUND',
    requirements: ['VDS-7.2', 'VDS-7.2d'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      // At least one in each list: the page has no word on a list of none.
      const controllers = await onlineControllers(ctx, subSystem, 2);
      const ids = idOfEach(controllers);
      const online = [...ids.slice(0, -1), UNKNOWN_ID];
      const result = await setControllers(ctx, subSystem, online, ids.slice(-1));
      ctx.duties.notFound(result, 'with an unknown id besides those of all controllers');
    },
  },
  {
    id: 'subsystem.controllers-set',
    title: 'SetControllerStatus sets the controllers of each list to its status, and QueryControllers lists them all',
    requirements: ['VDS-10.10', 'VDS-6.7c'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const controllers = await onlineControllers(ctx, subSystem, 2);
      const ids = idOfEach(controllers);
      for (const { online, offline } of [
        { online: ids.slice(0, -1), offline: ids.slice(-1) },
        { online: ids.slice(-1), offline: ids.slice(0, -1) },
      ]) {
        const result = await setControllers(ctx, subSystem, online, offline);
        ctx.duties.ok('VDS-10.10', result);
        const now = await controllersOf(ctx, subSystem);
        ctx.duties.equal('VDS-6.7c', 'the number of controllers listed', now.length, controllers.length);
        for (const { prop } of now)
          ctx.duties.equal(
            'VDS-10.10',
            'the status of a controller after SetControllerStatus succeeded',
            named('VDS_CONTROLLER_STATUS', prop.status),
            named(
              'VDS_CONTROLLER_STATUS',
              offline.includes(prop.id) ? OBJECT_STATUS.STATUS_OFFLINE : OBJECT_STATUS.STATUS_ONLINE,
            ),
            result,
          );
      }
    },
  },
];
