// An operation that is under way while the caller recovers, on an array that answers late: whichever of them is first,
// in the end the provider reports what the array has. A Refresh that reads before the operation is done must not leave
// the old values in a cache which the operation has then forgotten.
import {
  type Check,
  compareObservations,
  type Context,
  type CreatedLun,
  describeDifference,
  type IVdsAsync,
  judgedStatus,
  type Observation,
  portals,
  RecoveryCase,
  removePortalOnCleanUp,
  type Result,
  SETTLING,
} from '../../src/checks/index.js';
import { succeeded } from '../../src/contract/index.js';

type Started = Result<{ readonly async: IVdsAsync | null }>;

interface Operation {
  readonly name: string;
  readonly title: string;
  /** The requirement of its effect. */
  readonly requirement: string;
  /** The object about which the array answers late, and the call that starts the operation. */
  prepare(
    ctx: Context,
  ): Promise<{ readonly object: string; start(): Promise<Started>; hasTakenEffect(): Promise<boolean> }>;
}

const sizeOf = async (ctx: Context, { lun }: CreatedLun): Promise<bigint> =>
  ctx.duties.output('VDS-10.7a', await lun.getProperties(), 'lunProp').size;

const OPERATIONS: readonly Operation[] = [
  {
    name: 'extend',
    title: 'Extend',
    requirement: 'VDS-10.7a',
    async prepare(ctx) {
      const made = await ctx.make.lun(await ctx.system.subSystem());
      const { lun, id, size, drives } = made;
      return {
        object: id,
        start: () => lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }),
        hasTakenEffect: async () => (await sizeOf(ctx, made)) > size,
      };
    },
  },
  {
    name: 'delete-target',
    title: 'the deletion of a target',
    requirement: 'VDS-11.2a',
    async prepare(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target, id } = await ctx.make.target(subSystem);
      const iscsi = await ctx.system.iscsi(subSystem);
      return {
        object: id,
        start: () => target.delete() as Promise<Started>,
        async hasTakenEffect() {
          for (const each of await ctx.duties.list(await iscsi.queryTargets(), 'enum', 'IVdsIscsiTarget', 'VDS-6.6b'))
            if (ctx.duties.output('VDS-11.1', await each.getProperties(), 'targetProp').id === id) return false;
          return true;
        },
      };
    },
  },
  {
    name: 'add-portal',
    title: 'AddPortal',
    requirement: 'VDS-11.4c',
    async prepare(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target } = await ctx.make.target(subSystem);
      const { group, id } = await ctx.make.portalGroup(target);
      const [portal] = await portals(ctx, subSystem);
      const held = async (): Promise<boolean> => {
        for (const each of await ctx.duties.list(
          await group.queryAssociatedPortals(),
          'enum',
          'IVdsIscsiPortal',
          'VDS-6.6b',
        ))
          if (ctx.duties.output('VDS-7.9', await each.getProperties(), 'portalProp').id === portal.id) return true;
        return false;
      };
      // A group that was there before may have it, and it is then not the check's to add and to remove.
      if (await held()) ctx.notApplicable('a new portal group has all portals');
      removePortalOnCleanUp(ctx, portal.id, id);
      return {
        object: id,
        start: () => group.addPortal({ portalId: portal.id }) as Promise<Started>,
        hasTakenEffect: held,
      };
    },
  },
];

const observed = (ctx: Context): Promise<Observation> =>
  ctx.system.observe('VDS-5.3', {
    depth: 'deep',
    isWithin: (subSystem) => ctx.system.admits('subSystems', subSystem),
  });

const underWay = ({ name, title, requirement, prepare }: Operation): Check => ({
  id: `recovery.under-way.${name}`,
  title:
    `With ${title} under way on an array that answers late, Reenumerate and Refresh leave nothing old behind: what ` +
    'is reported then is what they show again',
  requirements: [requirement, 'VDS-5.3', 'VDS-5.5b', 'VDS-5.5d', 'VDS-8.2', 'VDS-8.5b'],
  faults: ['latency'],
  capabilities: ['parallelCalls'],
  cost: { calls: 1800, recoveries: 2 },
  async run(ctx) {
    const { object, start, hasTakenEffect } = await prepare(ctx);
    const fault = await ctx.faults.inject({ kind: 'latency', object });
    const started = ctx.duties.supported(await start());
    const operation = ctx.duties.output('VDS-8.1b', started, 'async');
    const c = new RecoveryCase(ctx);
    await c.reenumerateAndRefresh();
    await judgedStatus(ctx, await operation.queryStatus());
    const waited = await operation.wait();
    ctx.duties.ok('VDS-8.2', waited);
    const done = succeeded(ctx.duties.output('VDS-8.2', waited, 'hrResult'));
    await fault.heal();
    const before = await observed(ctx);
    const effect = await hasTakenEffect();
    ctx.duties.holds(
      requirement,
      effect || !done,
      `${title} succeeded while the caller recovered, and its effect is not reported`,
      waited,
      'silent wrong data',
    );
    await c.reenumerateAndRefresh();
    const stale = compareObservations(await observed(ctx), before).filter((d) => !SETTLING.has(d.member));
    // A difference from the array that neither pair leaves is that fault, and one pair more does not matter.
    await c.mustBeTrue();
    const [first] = stale;
    ctx.duties.holds(
      'VDS-5.3',
      first === undefined,
      `after ${title} and Reenumerate and Refresh at the same time the provider reported what a further Reenumerate ` +
        `and Refresh corrected: ${stale.slice(0, 3).map(describeDifference).join('; ')}`,
      first === undefined ? undefined : { record: first.record },
      'silent wrong data',
    );
  },
});

export const operationsUnderWay: readonly Check[] = OPERATIONS.map(underWay);
