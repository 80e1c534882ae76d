// Controller ports that are objects, as those of a Fibre Channel array are (semantics.md 10.10): what they report,
// their status, and the LUNs that are active on them.
import {
  type Context,
  controllersOf,
  defineSuite,
  type IVdsLunControllerPorts,
  idsOf,
  nameIn,
  statusOf,
  UNKNOWN_ID,
} from '../src/checks/index.js';
import { type Guid, HR, succeeded, VDS_PORT_STATUS } from '../src/contract/index.js';
import { portsOf, type FoundPort } from './shared/ports.js';
import { statusIsReached, unknownRefused, type StatusKind } from './shared/status.js';

/** One of several, so that a way to the array's data is left whatever happens to it. */
const sparePort = async (ctx: Context): Promise<FoundPort> =>
  (await portsOf(ctx, 2)).at(-1) ?? ctx.notApplicable('there is no port');

const PORT: StatusKind = {
  suite: 'ports',
  interfaceName: 'IVdsControllerPort',
  all: async (ctx) => (await portsOf(ctx)).map(({ port }) => port),
  spare: async (ctx) => (await sparePort(ctx)).port,
};

/** A new LUN with its interface for ports. */
async function lunWithPorts(
  ctx: Context,
  atLeast: number,
): Promise<{ readonly id: Guid; readonly lun: IVdsLunControllerPorts; readonly ports: readonly FoundPort[] }> {
  const ports = await portsOf(ctx, atLeast);
  const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
  return { id, ports, lun: await ctx.system.optional(lun, 'IVdsLunControllerPorts') };
}

const listOrNull = (ids: readonly Guid[]): readonly Guid[] | null => (ids.length === 0 ? null : ids);

const associate = (
  lun: IVdsLunControllerPorts,
  active: readonly Guid[],
  inactive: readonly Guid[],
): ReturnType<IVdsLunControllerPorts['associateControllerPorts']> =>
  lun.associateControllerPorts({
    activeControllerPortIdArray: listOrNull(active),
    inactiveControllerPortIdArray: listOrNull(inactive),
  });

async function activeOf(ctx: Context, lun: IVdsLunControllerPorts): Promise<string[]> {
  const ports = await ctx.duties.list(await lun.queryActiveControllerPorts(), 'enum', 'IVdsControllerPort', 'VDS-6.6b');
  return [...(await idsOf(ctx, ports, 'VDS-10.40'))].sort();
}

export const suite = defineSuite('ports', 'Controller ports', [
  unknownRefused(PORT),
  statusIsReached(PORT),
  {
    id: 'ports.properties-agree',
    title: 'GetPortProperties of a controller reports what GetProperties of the port object does',
    requirements: ['VDS-4.1a'],
    changes: false,
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const ports = new Map((await portsOf(ctx)).map(({ prop }) => [prop.id, prop]));
      for (const { controller, prop } of await controllersOf(ctx, await ctx.system.subSystem())) {
        for (let portNumber = 0; portNumber < prop.numberOfPorts; portNumber++) {
          const result = ctx.duties.supported(await controller.getPortProperties({ portNumber }));
          const byNumber = ctx.duties.output('VDS-4.1a', result, 'portProp');
          const own = ports.get(byNumber.id);
          if (own === undefined) continue;
          for (const name of ['friendlyName', 'identification', 'status'] as const)
            ctx.duties.equal(
              'VDS-4.1a',
              `VDS_PORT_PROP.${name} of port ${portNumber} by GetPortProperties`,
              byNumber[name],
              own[name],
              result,
            );
        }
      }
    },
  },
  {
    id: 'ports.reset',
    title: 'Reset of a port succeeds, and the port and the others are as they were',
    requirements: ['VDS-10.13d'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { port, prop } = await sparePort(ctx);
      const others = (await portsOf(ctx)).filter((each) => each.prop.id !== prop.id);
      const result = ctx.duties.supported(await port.reset());
      ctx.duties.ok('VDS-10.13d', result);
      const status = await statusOf(ctx, port);
      ctx.duties.holds(
        'VDS-10.13d',
        // It may be busy for a while.
        status === prop.status || status === VDS_PORT_STATUS.VDS_PRS_NOT_READY,
        `the status of the port is ${nameIn('VDS_PORT_STATUS', status)} after Reset, and was ` +
          `${nameIn('VDS_PORT_STATUS', prop.status)} before`,
        result,
      );
      for (const other of others)
        ctx.duties.equal(
          'VDS-10.13d',
          'the status of another port after Reset',
          await statusOf(ctx, other.port),
          other.prop.status,
          result,
        );
    },
  },
  {
    id: 'ports.active',
    title: 'AssociateControllerPorts makes exactly the ports of its first list active, and each port agrees',
    requirements: ['VDS-10.40', 'VDS-10.20'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const { lun, id, ports } = await lunWithPorts(ctx, 2);
      const ids = ports.map(({ prop }) => prop.id);
      for (const [active, inactive] of [
        [ids.slice(0, 1), ids.slice(1)],
        [ids.slice(1), ids.slice(0, 1)],
        [ids, []],
      ] as const) {
        const result = ctx.duties.supported(await associate(lun, active, inactive));
        ctx.duties.ok('VDS-10.40', result);
        ctx.duties.equal(
          'VDS-10.40',
          'the active ports after AssociateControllerPorts succeeded',
          await activeOf(ctx, lun),
          [...active].sort(),
          result,
        );
        for (const { port, prop } of ports) {
          const query = await port.queryAssociatedLuns();
          if (query.hr === HR.VDS_E_NOT_SUPPORTED) continue;
          const luns = await idsOf(ctx, await ctx.duties.list(query, 'enum', 'IVdsLun', 'VDS-6.6b'), 'VDS-10.20');
          ctx.duties.equal(
            'VDS-10.20',
            'whether a port lists the LUN after AssociateControllerPorts',
            luns.includes(id),
            active.includes(prop.id),
            query,
          );
        }
      }
    },
  },
  {
    id: 'ports.in-both-lists',
    title: 'AssociateControllerPorts refuses a port that is in both lists, and leaves the active ports as they were',
    requirements: ['VDS-10.10d', 'VDS-0.2b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, ports } = await lunWithPorts(ctx, 2);
      const ids = ports.map(({ prop }) => prop.id);
      ctx.duties.ok('VDS-10.40', ctx.duties.supported(await associate(lun, ids, [])));
      const before = await activeOf(ctx, lun);
      ctx.duties.refused('VDS-10.10d', await associate(lun, ids, ids.slice(0, 1)), 'with a port in both lists');
      ctx.duties.equal(
        'VDS-0.2b',
        'the active ports after AssociateControllerPorts with a port in both lists was refused',
        await activeOf(ctx, lun),
        before,
      );
    },
  },
  {
    id: 'ports.left-out',
    title: 'AssociateControllerPorts refuses lists that leave a port out, or does as they say with the others',
    requirements: ['VDS-10.10e', 'VDS-10.40', 'VDS-0.2b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, ports } = await lunWithPorts(ctx, 2);
      const [first, ...others] = ports.map(({ prop }) => prop.id).sort() as [Guid, ...Guid[]];
      ctx.duties.ok('VDS-10.40', ctx.duties.supported(await associate(lun, [first, ...others], [])));
      const result = await associate(lun, [], others);
      const taken = succeeded(result.hr);
      if (!taken) ctx.duties.permitted('VDS-10.10e', result, 'with a port in neither list');
      ctx.duties.reading('Lists that leave a port out', taken ? 'are taken' : 'are refused', 'VDS-10.10e');
      const active = await activeOf(ctx, lun);
      if (taken)
        ctx.duties.equal(
          'VDS-10.40',
          'the active ports among those that AssociateControllerPorts was given as inactive',
          active.filter((id) => id !== first),
          [],
          result,
        );
      else
        ctx.duties.equal('VDS-0.2b', 'the active ports after lists were refused', active, [first, ...others], result);
    },
  },
  {
    id: 'ports.unknown',
    title: 'AssociateControllerPorts answers VDS_E_OBJECT_NOT_FOUND for a port that does not exist',
    requirements: ['VDS-10.10c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { lun, ports } = await lunWithPorts(ctx, 1);
      const ids = ports.map(({ prop }) => prop.id);
      ctx.duties.supported(await associate(lun, ids, []));
      ctx.duties.code(
        'VDS-10.10c',
        await associate(lun, [...ids, UNKNOWN_ID], []),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'for a port that does not exist',
      );
    },
  },
]);
