// LUNs and targets (semantics.md 10.4, 10.11 and 11.2): AssociateTargets takes the whole new set, and both sides show
// it.
import {
  associable,
  associate,
  type Check,
  type Context,
  deleteReleased,
  ended,
  lunsOf,
  RecoveryCase,
  targetsOf,
  UNKNOWN_ID,
} from '../../src/checks/index.js';
import { configuresTargets, HR, NULL_GUID } from '../../src/contract/index.js';

/** A LUN without targets, and as many targets as asked for. */
async function lunAndTargets(ctx: Context, count: number) {
  const subSystem = await ctx.system.subSystem();
  const targets = [];
  for (let made = 0; made < count; made++) targets.push(await ctx.make.target(subSystem));
  const lun = await ctx.make.lun(subSystem);
  const iscsi = await associable(ctx, lun.lun);
  await associate(ctx, iscsi, null);
  return {
    subSystem,
    lun,
    iscsi,
    targets: targets as [(typeof targets)[0], ...typeof targets],
    ids: targets.map((t) => t.id),
  };
}

/** Both sides must show that exactly these of the targets are the LUN's. */
async function agree(
  ctx: Context,
  { lun, iscsi, targets }: Awaited<ReturnType<typeof lunAndTargets>>,
  ids: readonly string[],
  when: string,
  requirement = 'VDS-10.11',
): Promise<void> {
  ctx.duties.equal(
    requirement,
    `the targets of the LUN ${when}`,
    (await targetsOf(ctx, iscsi)).sort(),
    [...ids].sort(),
  );
  for (const { target, id } of targets) {
    const luns = await lunsOf(ctx, target);
    ctx.duties.times(
      requirement,
      `a target that is ${ids.includes(id) ? '' : 'not '}associated lists the LUN ${when}`,
      luns.filter((each) => each === lun.id).length,
      ids.includes(id) ? 1 : 0,
    );
  }
}

export const associationChecks: readonly Check[] = [
  {
    id: 'iscsi.associate-targets',
    title: 'AssociateTargets associates a LUN with targets, as the LUN and the targets show',
    requirements: ['VDS-10.11'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 2);
      await agree(ctx, made, [], 'before any association');
      await associate(ctx, made.iscsi, made.ids.slice(0, 1));
      await agree(ctx, made, made.ids.slice(0, 1), 'after it was associated with one');
      await associate(ctx, made.iscsi, made.ids);
      await agree(ctx, made, made.ids, 'after it was associated with both');
    },
  },
  {
    id: 'iscsi.associate-targets-full-set',
    title: 'AssociateTargets makes the given targets the whole new set: those left out are no longer associated',
    requirements: ['VDS-10.11'],
    cost: { calls: 70, recoveries: 0 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 3);
      const [one, two, three] = made.ids as [string, string, string];
      await associate(ctx, made.iscsi, [one, two]);
      await associate(ctx, made.iscsi, [two, three]);
      await agree(ctx, made, [two, three], 'after another set was given that keeps one of two');
      await associate(ctx, made.iscsi, [two, three]);
      await agree(ctx, made, [two, three], 'after the same set was given again');
      await associate(ctx, made.iscsi, null);
      await agree(ctx, made, [], 'after an empty set was given');
    },
  },
  {
    id: 'iscsi.associate-unknown-targets',
    title: 'AssociateTargets refuses an id that is not a target, with VDS_E_OBJECT_NOT_FOUND, and changes nothing',
    requirements: ['VDS-7.2', 'VDS-7.2d', 'VDS-0.2b'],
    cost: { calls: 70, recoveries: 0 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 2);
      const [one, two] = made.ids as [string, string];
      await associate(ctx, made.iscsi, [one]);
      for (const [what, unknown] of [
        ['an id that names nothing', UNKNOWN_ID],
        ['GUID_NULL', NULL_GUID],
        ['the id of the LUN itself', made.lun.id],
      ] as const) {
        // An unknown id of a target may be an invalid argument as well, and so may two targets for one LUN.
        for (const targetIdArray of [[unknown], [two, unknown]]) {
          const more =
            targetIdArray.length > 1
              ? [HR.E_INVALIDARG, HR.VDS_E_NOT_SUPPORTED]
              : unknown === UNKNOWN_ID
                ? []
                : [HR.E_INVALIDARG];
          const result = await made.iscsi.associateTargets({ targetIdArray });
          ctx.duties.notFound(result, `with ${what} among ${targetIdArray.length}`, more);
        }
      }
      await agree(ctx, made, [one], 'after calls that were refused', 'VDS-0.2b');
    },
  },
  {
    id: 'iscsi.luns-of-one-target',
    title: 'A target lists every LUN that is associated with it, and no longer one that was deleted',
    requirements: ['VDS-10.11', 'VDS-10.6'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 1);
      const [{ target }] = made.targets;
      const other = await ctx.make.lun(made.subSystem);
      const otherIscsi = await associable(ctx, other.lun);
      await associate(ctx, made.iscsi, made.ids);
      await associate(ctx, otherIscsi, made.ids);
      ctx.duties.equal(
        'VDS-10.11',
        'the LUNs of the target',
        (await lunsOf(ctx, target)).sort(),
        [made.lun.id, other.id].sort(),
      );
      ctx.duties.ok('VDS-10.6', await deleteReleased(other.lun, () => other.lun.delete()));
      ctx.duties.equal('VDS-10.11', 'the LUNs of the target after one of them was deleted', await lunsOf(ctx, target), [
        made.lun.id,
      ]);
    },
  },
  {
    id: 'iscsi.target-with-luns',
    title:
      'IVdsIscsiTarget::Delete answers VDS_E_ASSOCIATED_LUNS_EXIST while LUNs are associated, changes nothing, and ' +
      'works once they are not',
    requirements: ['VDS-11.2b', 'VDS-11.2a', 'VDS-0.2b'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 1);
      const [{ target }] = made.targets;
      await associate(ctx, made.iscsi, made.ids);
      ctx.duties.code(
        'VDS-11.2b',
        await ended(ctx, await target.delete()),
        HR.VDS_E_ASSOCIATED_LUNS_EXIST,
        'while a LUN is associated with the target',
      );
      await agree(ctx, made, made.ids, 'after a Delete of the target that was refused', 'VDS-0.2b');
      await associate(ctx, made.iscsi, null);
      await ctx.duties.completed(await target.delete());
      ctx.duties.equal(
        'VDS-11.2a',
        "the number of the LUN's targets after the target was deleted",
        (await targetsOf(ctx, made.iscsi)).length,
        0,
      );
    },
  },
  {
    id: 'iscsi.associations-agree',
    title: 'Every LUN names the targets that name it',
    requirements: ['VDS-10.11'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      for (const subSystem of await ctx.system.subSystems()) {
        const iscsi = await subSystem.as('IVdsSubSystemIscsi');
        if (iscsi === null) continue;
        const byTarget = new Set<string>();
        const byLun = new Set<string>();
        for (const target of await ctx.duties.list(await iscsi.queryTargets(), 'enum', 'IVdsIscsiTarget', 'VDS-6.6a')) {
          const { id } = ctx.duties.output('VDS-10.11', await target.getProperties(), 'targetProp');
          for (const lun of await lunsOf(ctx, target)) byTarget.add(`${lun} with ${id}`);
        }
        for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.6a')) {
          const side = await ctx.system.optional(lun, 'IVdsLunIscsi');
          const { id } = ctx.duties.output('VDS-10.11', await lun.getProperties(), 'lunProp');
          for (const target of await targetsOf(ctx, side)) byLun.add(`${id} with ${target}`);
        }
        ctx.duties.equal(
          'VDS-10.11',
          'the associations that the LUNs report, and those that the targets report',
          [...byLun].sort(),
          [...byTarget].sort(),
        );
      }
    },
  },
  {
    id: 'iscsi.associations-survive-recovery',
    title: 'Reenumerate and Refresh leave the associations of LUNs and targets as they are',
    requirements: ['VDS-5.5b', 'VDS-5.5d', 'VDS-10.11'],
    cost: { calls: 70, recoveries: 1 },
    async run(ctx) {
      const made = await lunAndTargets(ctx, 2);
      const ids = made.ids.slice(1);
      await associate(ctx, made.iscsi, ids);
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      await agree(ctx, made, ids, 'after Reenumerate and Refresh', 'VDS-5.5b');
    },
  },
  {
    id: 'iscsi.simple-target-luns',
    title:
      'On a subsystem with simple target configuration only a new LUN is associated with a target that has a portal',
    requirements: ['VDS-10.4a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { flags } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      if (!configuresTargets(flags))
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG');
      const { lun } = await ctx.make.lun(subSystem);
      const iscsi = await ctx.system.optional(lun, 'IVdsLunIscsi');
      let reachable = 0;
      for (const target of await ctx.duties.list(
        await iscsi.queryAssociatedTargets(),
        'enum',
        'IVdsIscsiTarget',
        'VDS-6.6b',
      )) {
        for (const group of await ctx.duties.list(
          await target.queryPortalGroups(),
          'enum',
          'IVdsIscsiPortalGroup',
          'VDS-6.6b',
        )) {
          reachable += (
            await ctx.duties.list(await group.queryAssociatedPortals(), 'enum', 'IVdsIscsiPortal', 'VDS-6.6b')
          ).length;
        }
      }
      ctx.duties.holds('VDS-10.4a', reachable > 0, 'a new LUN is associated with no target that has a portal');
    },
  },
];
