// Controllers and their ports (semantics.md 6.7, 10.10 and 10.13).
import {
  type Check,
  type Context,
  controllersOf,
  defineSuite,
  type FoundController,
  idsOf,
  setStatus,
  sizeOf,
  statusOf,
  named,
  nameIn,
} from '../src/checks/index.js';
import {
  HR,
  NULL_GUID,
  OBJECT_STATUS,
  VDS_CONTROLLER_STATUS,
  type VDS_PORT_PROP,
  VDS_PORT_STATUS,
} from '../src/contract/index.js';
import { healthAgrees, statusIsReached, unknownRefused, type StatusKind } from './shared/status.js';

/** One of several, so that a way to the array's data is left whatever happens to it. */
async function spareController(ctx: Context): Promise<FoundController> {
  return (
    (await controllersOf(ctx, await ctx.system.subSystem(), 2)).at(-1) ?? ctx.notApplicable('there is no controller')
  );
}

const CONTROLLER: StatusKind = {
  suite: 'controllers',
  interfaceName: 'IVdsController',
  all: async (ctx) => (await controllersOf(ctx, await ctx.system.subSystem())).map(({ controller }) => controller),
  spare: async (ctx) => (await spareController(ctx)).controller,
};

/** The ports of a controller by their numbers. Not applicable where GetPortProperties is not supported. */
async function portsOf(ctx: Context, { controller, prop }: FoundController): Promise<VDS_PORT_PROP[]> {
  const ports: VDS_PORT_PROP[] = [];
  for (let portNumber = 0; portNumber < prop.numberOfPorts; portNumber++) {
    const result = ctx.duties.supported(await controller.getPortProperties({ portNumber }));
    ports.push(ctx.duties.output('VDS-4.1a', result, 'portProp'));
  }
  return ports;
}

/** A method that works on one controller's cache must leave the controllers and the LUNs as they are. */
const cacheMethod = (id: string, title: string, name: 'flushCache' | 'invalidateCache' | 'reset'): Check => ({
  id: `controllers.${id}`,
  title,
  requirements: ['VDS-10.13d'],
  cost: { calls: 24, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const { lun, size } = await ctx.make.lun(subSystem);
    const { controller, prop } = await spareController(ctx);
    // A check must not lose data that is not written yet.
    const flushed = await controller.flushCache();
    const result = ctx.duties.supported(name === 'flushCache' ? flushed : await controller[name]());
    ctx.duties.ok('VDS-10.13d', result);
    for (const each of await controllersOf(ctx, subSystem)) {
      if (each.prop.id === prop.id)
        // A controller that is being reset may be busy for a while.
        ctx.duties.holds(
          'VDS-10.13d',
          each.prop.status === prop.status ||
            (name === 'reset' && each.prop.status === VDS_CONTROLLER_STATUS.VDS_CS_NOT_READY),
          `the status of the controller is ${nameIn('VDS_CONTROLLER_STATUS', each.prop.status)} afterwards, and was ` +
            `${nameIn('VDS_CONTROLLER_STATUS', prop.status)} before`,
          result,
        );
    }
    ctx.duties.code(
      'VDS-10.13d',
      await controller.getProperties(),
      [HR.S_OK, HR.VDS_S_PROPERTIES_INCOMPLETE],
      'on a controller whose cache was just worked on',
    );
    ctx.duties.equal('VDS-10.13d', 'the size of a LUN afterwards', await sizeOf(ctx, lun, 'VDS-10.13d'), size);
  },
});

export const suite = defineSuite('controllers', 'Controllers', [
  healthAgrees(CONTROLLER),
  unknownRefused(CONTROLLER),
  statusIsReached(CONTROLLER),
  cacheMethod('flush-cache', 'FlushCache of a controller succeeds and changes nothing else', 'flushCache'),
  cacheMethod(
    'invalidate-cache',
    'InvalidateCache of a controller succeeds and changes nothing else',
    'invalidateCache',
  ),
  cacheMethod('reset', 'Reset of a controller succeeds, and the controller is as it was', 'reset'),
  {
    id: 'controllers.ports',
    title: 'GetPortProperties reports each port of a controller, numbered from 0, with an id of its own that stays',
    requirements: ['VDS-4.1a', 'VDS-4.2b', 'VDS-4.2f'],
    changes: false,
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const ids = new Set<string>();
      for (const found of await controllersOf(ctx, await ctx.system.subSystem())) {
        const ports = await portsOf(ctx, found);
        for (const { id } of ports) {
          ctx.duties.holds('VDS-4.2f', id !== NULL_GUID, 'a port has the id GUID_NULL');
          ctx.duties.holds('VDS-4.2f', !ids.has(id), 'two ports have one id');
          ids.add(id);
        }
        const again = await portsOf(ctx, found);
        ctx.duties.equal(
          'VDS-4.2b',
          "the ids of a controller's ports when asked again",
          again.map(({ id }) => id),
          ports.map(({ id }) => id),
        );
        const bridge = await found.controller.as('IVdsControllerControllerPort');
        if (bridge === null) continue;
        const query = await bridge.queryControllerPorts();
        if (query.hr === HR.VDS_E_NOT_SUPPORTED) continue;
        const listed = await idsOf(
          ctx,
          await ctx.duties.list(query, 'enum', 'IVdsControllerPort', 'VDS-6.6b'),
          'VDS-4.1a',
        );
        ctx.duties.equal(
          'VDS-4.1a',
          'the ports that QueryControllerPorts lists',
          [...listed].sort(),
          ports.map(({ id }) => id).sort(),
        );
      }
    },
  },
  {
    id: 'controllers.no-such-port',
    title: 'GetPortProperties refuses the number of a port that the controller does not have',
    requirements: ['VDS-4.1a'],
    changes: false,
    cost: { calls: 8, recoveries: 0 },
    async run(ctx) {
      const [{ controller, prop }] = await controllersOf(ctx, await ctx.system.subSystem());
      for (const portNumber of [prop.numberOfPorts, -1]) {
        ctx.duties.refused(
          'VDS-4.1a',
          await controller.getPortProperties({ portNumber }),
          `for port ${portNumber} of a controller of ${prop.numberOfPorts} ports`,
        );
      }
    },
  },
  {
    id: 'controllers.associated-luns',
    title:
      'QueryAssociatedLuns of each controller lists a LUN exactly if the ' +
      "LUN's QueryActiveControllers lists the controller",
    requirements: ['VDS-4.1a', 'VDS-6.6b'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const active = await idsOf(
        ctx,
        await ctx.duties.list(await lun.queryActiveControllers(), 'enum', 'IVdsController', 'VDS-6.6b'),
        'VDS-4.1a',
      );
      for (const { controller, prop } of await controllersOf(ctx, subSystem)) {
        const result = ctx.duties.supported(await controller.queryAssociatedLuns());
        const luns = await idsOf(ctx, await ctx.duties.list(result, 'enum', 'IVdsLun', 'VDS-6.6b'), 'VDS-4.1a');
        ctx.duties.equal(
          'VDS-4.1a',
          'whether a controller lists the LUN as associated',
          luns.includes(id),
          active.includes(prop.id),
          result,
        );
      }
      for (const each of active)
        ctx.duties.holds(
          'VDS-4.1a',
          (await controllersOf(ctx, subSystem)).some(({ prop }) => prop.id === each),
          'QueryActiveControllers lists a controller that the subsystem does not have',
        );
    },
  },
  {
    id: 'controllers.offline-is-listed',
    title: 'QueryControllers lists an offline controller as well',
    requirements: ['VDS-6.7c'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { controller, prop } = await spareController(ctx);
      const result = ctx.duties.supported(await setStatus(ctx, controller, OBJECT_STATUS.STATUS_OFFLINE));
      if (result.hr === HR.E_INVALIDARG) ctx.notApplicable('SetStatus answered E_INVALIDARG for OFFLINE');
      ctx.duties.ok('VDS-7.6b', result);
      ctx.duties.equal(
        'VDS-7.6b',
        'the status after SetStatus(OFFLINE) succeeded',
        named('VDS_CONTROLLER_STATUS', await statusOf(ctx, controller)),
        named('VDS_CONTROLLER_STATUS', OBJECT_STATUS.STATUS_OFFLINE),
        result,
      );
      const listed = (await controllersOf(ctx, await ctx.system.subSystem())).map((found) => found.prop.id);
      ctx.duties.holds(
        'VDS-6.7c',
        listed.includes(prop.id),
        'QueryControllers does not list a controller that was set offline',
      );
    },
  },
  {
    id: 'controllers.ports-go-offline',
    title: 'The ports of a controller that was set offline are not online',
    requirements: ['VDS-7.11'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const found = await spareController(ctx);
      await portsOf(ctx, found);
      const result = ctx.duties.supported(await setStatus(ctx, found.controller, OBJECT_STATUS.STATUS_OFFLINE));
      if (result.hr === HR.E_INVALIDARG) ctx.notApplicable('SetStatus answered E_INVALIDARG for OFFLINE');
      ctx.duties.ok('VDS-7.6b', result);
      for (const { status } of await portsOf(ctx, found))
        ctx.duties.holds(
          'VDS-7.11',
          status !== VDS_PORT_STATUS.VDS_PRS_ONLINE,
          'a controller was set OFFLINE, and one of its ports is ONLINE',
        );
    },
  },
]);
