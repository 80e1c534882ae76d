// Maintenance operations of subsystems, controllers and drives (semantics.md 10.17). Lights are blinked and drives are
// pinged; alarms and spindles are left alone, as people and data depend on them.
import {
  type Check,
  type Context,
  defineSuite,
  DEVICE_KINDS,
  type DeviceInterface,
  devicesOf,
  type IVdsMaintenance,
  type Result,
} from '../src/checks/index.js';
import { HR, VDS_MAINTENANCE_OPERATION as OP } from '../src/contract/index.js';

const KINDS = ['IVdsSubSystem', 'IVdsController', 'IVdsDrive'] as const satisfies readonly DeviceInterface[];

/** The interface of the last device of a kind. Not applicable where it does not have it. */
async function maintained(ctx: Context, kind: DeviceInterface): Promise<IVdsMaintenance> {
  const devices = await devicesOf(ctx, kind, 'VDS-10.17');
  return ctx.system.optional((devices.at(-1) ?? devices[0]).object, 'IVdsMaintenance');
}

/** An operation that is harmless, supported, and does not run; it is stopped again when the check ends. */
async function idle(ctx: Context, device: IVdsMaintenance): Promise<number> {
  for (const operation of [OP.BlinkLight, OP.Ping]) {
    // Somebody may be looking for the device.
    if ((await device.stopMaintenance({ operation })).hr === HR.VDS_E_NOT_SUPPORTED) continue;
    ctx.onCleanUp('stop a maintenance operation', async () => {
      await device.stopMaintenance({ operation });
    });
    return operation;
  }
  return ctx.notApplicable('neither lights nor pings are supported');
}

const start = async (ctx: Context, device: IVdsMaintenance, operation: number): Promise<Result<object>> => {
  const started = ctx.duties.supported(await device.startMaintenance({ operation }));
  ctx.duties.code('VDS-10.17', started, HR.S_OK, 'for an operation that does not run');
  return started;
};

const ofKind = (kind: (typeof KINDS)[number]): readonly Check[] => {
  const { name, slug } = DEVICE_KINDS[kind];
  return [
    {
      id: `maintenance.idle.${slug}`,
      title:
        `StopMaintenance and PulseMaintenance of a ${name} answer S_FALSE for ` +
        'an operation that does not run, and start none',
      requirements: ['VDS-10.17b'],
      cost: { calls: 12, recoveries: 0 },
      async run(ctx) {
        const device = await maintained(ctx, kind);
        const operation = await idle(ctx, device);
        ctx.duties.code('VDS-10.17b', await device.stopMaintenance({ operation }), HR.S_FALSE, 'when nothing runs');
        ctx.duties.code(
          'VDS-10.17b',
          ctx.duties.supported(await device.pulseMaintenance({ operation, count: 2 })),
          HR.S_FALSE,
          'when nothing runs',
        );
        ctx.duties.code(
          'VDS-10.17b',
          await device.stopMaintenance({ operation }),
          HR.S_FALSE,
          'after PulseMaintenance of an operation that did not run',
        );
      },
    },
    {
      id: `maintenance.stop.${slug}`,
      title: `StopMaintenance of a ${name} stops an operation that runs, and there is nothing more to stop then`,
      requirements: ['VDS-10.17', 'VDS-10.17b'],
      cost: { calls: 14, recoveries: 0 },
      async run(ctx) {
        const device = await maintained(ctx, kind);
        const operation = await idle(ctx, device);
        await start(ctx, device, operation);
        ctx.duties.code('VDS-10.17', await device.stopMaintenance({ operation }), HR.S_OK, 'while it runs');
        ctx.duties.code('VDS-10.17b', await device.stopMaintenance({ operation }), HR.S_FALSE, 'after it was stopped');
      },
    },
    {
      id: `maintenance.start-again.${slug}`,
      title: `A maintenance operation of a ${name} that runs still runs when it is started again`,
      requirements: ['VDS-10.17'],
      cost: { calls: 14, recoveries: 0 },
      async run(ctx) {
        const device = await maintained(ctx, kind);
        const operation = await idle(ctx, device);
        await start(ctx, device, operation);
        const again = await device.startMaintenance({ operation });
        ctx.duties.permitted('VDS-10.17', again, 'for an operation that runs already');
        ctx.duties.code(
          'VDS-10.17',
          await device.stopMaintenance({ operation }),
          HR.S_OK,
          'while it runs, after it had been started twice',
        );
      },
    },
    {
      id: `maintenance.pulse.${slug}`,
      title: `PulseMaintenance of a ${name} takes an operation that runs, which can be started again`,
      requirements: ['VDS-10.17'],
      cost: { calls: 16, recoveries: 0 },
      async run(ctx) {
        const device = await maintained(ctx, kind);
        const operation = await idle(ctx, device);
        await start(ctx, device, operation);
        const pulsed = ctx.duties.supported(await device.pulseMaintenance({ operation, count: 1 }));
        ctx.duties.code('VDS-10.17', pulsed, HR.S_OK, 'while it runs');
        await start(ctx, device, operation);
        ctx.duties.code(
          'VDS-10.17',
          await device.stopMaintenance({ operation }),
          HR.S_OK,
          'while it runs, after it had pulsed',
        );
      },
    },
  ];
};

/** Harmless operations that do not run on a device, which are stopped when the check ends. */
async function allIdle(ctx: Context, device: IVdsMaintenance): Promise<readonly number[]> {
  const found: number[] = [];
  for (const operation of [OP.BlinkLight, OP.Ping]) {
    if ((await device.stopMaintenance({ operation })).hr === HR.VDS_E_NOT_SUPPORTED) continue;
    found.push(operation);
    ctx.onCleanUp('stop a maintenance operation', async () => {
      await device.stopMaintenance({ operation });
    });
  }
  return found;
}

/** Operations of one device, and of another of its kind: each ends by itself. */
const besides = (kind: (typeof KINDS)[number]): Check => ({
  id: `maintenance.besides.${DEVICE_KINDS[kind].slug}`,
  title:
    `A maintenance operation of a ${DEVICE_KINDS[kind].name} runs on when another is stopped, of it or of another ` +
    `${DEVICE_KINDS[kind].name}`,
  requirements: ['VDS-10.17'],
  cost: { calls: 24, recoveries: 0 },
  async run(ctx) {
    const running: { readonly device: IVdsMaintenance; readonly operation: number }[] = [];
    for (const { object } of (await devicesOf(ctx, kind, 'VDS-10.17')).slice(-2)) {
      const device = await ctx.system.optional(object, 'IVdsMaintenance');
      for (const operation of await allIdle(ctx, device)) {
        await start(ctx, device, operation);
        running.push({ device, operation });
      }
    }
    if (running.length < 2) ctx.notApplicable('no two operations can run at once');
    for (const { device, operation } of running)
      ctx.duties.code(
        'VDS-10.17',
        await device.stopMaintenance({ operation }),
        HR.S_OK,
        'while it runs, after others had been started and stopped',
      );
  },
});

export const suite = defineSuite('maintenance', 'Maintenance operations', [
  ...KINDS.flatMap(ofKind),
  ...KINDS.map(besides),
  {
    id: 'maintenance.spindles-are-not-pulsed',
    title: 'PulseMaintenance does not take SpinUp and SpinDown',
    requirements: ['VDS-10.17c'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const device = await maintained(ctx, 'IVdsDrive');
      for (const operation of [OP.SpinUp, OP.SpinDown]) {
        // Neither runs, so that S_FALSE is right as well: the drive is left alone in both cases.
        const result = await device.pulseMaintenance({ operation, count: 1 });
        ctx.duties.holds(
          'VDS-10.17c',
          result.hr !== HR.S_OK,
          `PulseMaintenance answered S_OK for ${operation === OP.SpinUp ? 'SpinUp' : 'SpinDown'}`,
          result,
        );
      }
    },
  },
]);
