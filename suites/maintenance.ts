// Maintenance operations of subsystems, controllers and drives (semantics.md 10.17). Lights are blinked and drives are
// pinged; people hear an alarm, so that one sounds only where the system is thrown away. Spindles, on which data
// depends, are left alone.
import {
  type Check,
  type Context,
  defineSuite,
  DEVICE_KINDS,
  type DeviceInterface,
  devicesOf,
  type IVdsMaintenance,
  nameIn,
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

/**
 * The operations that run until they are stopped, whatever else the device does. SpinUp and SpinDown are not of them:
 * each is the end of the other.
 */
const signals = (ctx: Context): readonly number[] => [
  OP.BlinkLight,
  ...(ctx.session.capabilities.disposable ? [OP.BeepAlarm] : []),
  OP.Ping,
];

interface Running {
  readonly device: IVdsMaintenance;
  readonly operation: number;
}

/** Those that the device supports. None runs, and all are stopped when the check ends. */
async function allIdle(ctx: Context, device: IVdsMaintenance): Promise<readonly Running[]> {
  const found: Running[] = [];
  for (const operation of signals(ctx)) {
    if ((await device.stopMaintenance({ operation })).hr === HR.VDS_E_NOT_SUPPORTED) continue;
    found.push({ device, operation });
    ctx.onCleanUp('stop a maintenance operation', async () => {
      await device.stopMaintenance({ operation });
    });
  }
  return found;
}

const said = (operation: number): string => nameIn('VDS_MAINTENANCE_OPERATION', operation);

/** An operation ends: it is stopped, or pulses once and then stops. */
async function end(ctx: Context, { device, operation }: Running, by: 'stop' | 'pulse'): Promise<void> {
  const pulsed = by === 'pulse' ? await device.pulseMaintenance({ operation, count: 1 }) : undefined;
  const result =
    pulsed === undefined || pulsed.hr === HR.VDS_E_NOT_SUPPORTED ? await device.stopMaintenance({ operation }) : pulsed;
  ctx.duties.code(
    'VDS-10.17',
    result,
    HR.S_OK,
    `for ${said(operation)}, which runs, after others had been started and ended`,
  );
}

/** Starts them in turn, and ends them in turn: each ran until then, and runs no longer. */
async function startAndEnd(ctx: Context, all: readonly Running[], by: 'stop' | 'pulse'): Promise<void> {
  for (const { device, operation } of all) await start(ctx, device, operation);
  for (const each of all) {
    await end(ctx, each, by);
    ctx.duties.code(
      'VDS-10.17b',
      await each.device.stopMaintenance({ operation: each.operation }),
      HR.S_FALSE,
      `for ${said(each.operation)}, which was ended, while others run`,
    );
  }
}

/** Operations of one device, and of another of its kind: each ends by itself. */
const besides = (kind: (typeof KINDS)[number]): Check => ({
  id: `maintenance.besides.${DEVICE_KINDS[kind].slug}`,
  title:
    `A maintenance operation of a ${DEVICE_KINDS[kind].name} runs on when another is started, stopped or pulsed, of ` +
    `it or of another ${DEVICE_KINDS[kind].name}`,
  requirements: ['VDS-10.17', 'VDS-10.17b'],
  cost: { calls: 110, recoveries: 0 },
  async run(ctx) {
    const all: Running[] = [];
    for (const { object } of (await devicesOf(ctx, kind, 'VDS-10.17')).slice(-2))
      all.push(...(await allIdle(ctx, await ctx.system.optional(object, 'IVdsMaintenance'))));
    if (all.length < 2) ctx.notApplicable('no two operations can run at once');
    // Each is before and after each other one, in being started and in being ended.
    for (const by of ['stop', 'pulse'] as const)
      for (const inTurn of [all, all.toReversed()]) await startAndEnd(ctx, inTurn, by);
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
