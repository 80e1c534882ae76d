// An object that has the name of one that was deleted is new: nothing of what was bound to the other comes with it. The
// other was deleted through the provider, or at the array behind its back. What is new in such an object is learned
// from two that have names of their own: in whatever these are alike, it is as they are.
import {
  addPortal,
  associate,
  type Check,
  type Context,
  deleteReleased,
  displayName,
  formatValue,
  type IVdsSubSystem,
  portals,
  reporterOf,
  requirementOf,
  sameMember,
  whereSupported,
} from '../../src/checks/index.js';

interface Made {
  readonly id: string;
  /** Gives it all that can be bound to it. */
  dress(): Promise<void>;
  /** Takes away what stands against its deletion, and deletes it through the provider. */
  remove(): Promise<void>;
}

interface Kind {
  readonly name: string;
  readonly interfaceName: 'IVdsLun' | 'IVdsIscsiTarget';
  /** The requirements of what can be bound to this kind alone. */
  readonly bound: readonly string[];
  /** Makes one, with this name or a new one. */
  make(ctx: Context, subSystem: IVdsSubSystem, name: string): Promise<Made>;
  /** A name that no object has. */
  newName(ctx: Context): string;
}

const secret = (fill: number): { sharedSecret: Uint8Array; sharedSecretSize: number } => ({
  sharedSecret: new Uint8Array(14).fill(fill),
  sharedSecretSize: 14,
});

const TARGET: Kind = {
  name: 'target',
  interfaceName: 'IVdsIscsiTarget',
  bound: ['VDS-11.3', 'VDS-11.5e'],
  newName: (ctx) => ctx.make.uniqueIscsiName(),
  async make(ctx, subSystem, name) {
    const { target, id } = await ctx.make.target(subSystem, name);
    let unbind = async (): Promise<void> => {};
    return {
      id,
      async dress() {
        await target.setSharedSecret({ targetSharedSecret: secret(0x61), initiatorName: null });
        await whereSupported(async () => {
          const { group } = await ctx.make.portalGroup(target);
          const [portal] = await portals(ctx, subSystem);
          await addPortal(ctx, group, portal.id);
        });
        await whereSupported(async () => {
          const { lun } = await ctx.make.lun(subSystem);
          const iscsi = await ctx.system.optional(lun, 'IVdsLunIscsi');
          await associate(ctx, iscsi, [id]);
          unbind = async () => void (await iscsi.associateTargets({ targetIdArray: null }));
        });
      },
      async remove() {
        await unbind();
        for (const group of await ctx.duties.list(
          await target.queryPortalGroups(),
          'enum',
          'IVdsIscsiPortalGroup',
          'VDS-6.6b',
        )) {
          const held = await ctx.duties.list(
            await group.queryAssociatedPortals(),
            'enum',
            'IVdsIscsiPortal',
            'VDS-6.6b',
          );
          for (const portal of held) {
            const { id: portalId } = ctx.duties.output('VDS-7.9', await portal.getProperties(), 'portalProp');
            await ctx.duties.completed(await group.removePortal({ portalId }));
          }
        }
        await ctx.duties.completed(await target.delete());
      },
    };
  },
};

const LUN: Kind = {
  name: 'lun',
  interfaceName: 'IVdsLun',
  bound: ['VDS-10.9a'],
  newName: (ctx) => ctx.make.uniqueName(),
  async make(ctx, subSystem, name) {
    const { lun, id } = await ctx.make.lun(subSystem);
    await (await lun.as('IVdsLunNaming'))?.setFriendlyName({ friendlyName: name });
    return {
      id,
      async dress() {
        await lun.setMask({ unmaskingList: '*' });
        await whereSupported(async () => {
          const target = await ctx.make.target(subSystem);
          await associate(ctx, await ctx.system.optional(lun, 'IVdsLunIscsi'), [target.id]);
        });
      },
      async remove() {
        ctx.duties.ok('VDS-10.6', await deleteReleased(lun, () => lun.delete()));
      },
    };
  },
};

interface Way {
  readonly name: string;
  readonly title: string;
  readonly recoveries: number;
  readonly faults: Check['faults'];
  remove(ctx: Context, made: Made): Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    name: 'deleted',
    title: 'deleted through the provider',
    recoveries: 0,
    faults: [],
    remove: async (_ctx, made) => made.remove(),
  },
  {
    name: 'silently-gone',
    title: 'deleted at the array, before Reenumerate and Refresh',
    recoveries: 1,
    faults: ['delete-object'],
    async remove(ctx, { id }) {
      await ctx.faults.inject({ kind: 'delete-object', object: id });
      const { reenumerate, refresh } = await ctx.faults.recover();
      for (const answer of [reenumerate, refresh])
        if (answer !== undefined) ctx.duties.ok('VDS-5.5d', answer, 'detected, not recovered');
    },
  },
];

/** The work of the array after an object was made. */
const UNSETTLED: ReadonlySet<string> = new Set(['status', 'health', 'transitionState', 'properties2', 'container']);

const recreated = (kind: Kind, way: Way): Check => ({
  id: `recovery.recreated.${kind.name}.${way.name}`,
  title:
    `A ${kind.name} that is made with the name of one that was ` +
    `${way.title}, has nothing of what was bound to the other`,
  requirements: ['VDS-4.1a', 'VDS-10.2c', 'VDS-10.11', 'VDS-11.1', ...kind.bound],
  faults: way.faults ?? [],
  cost: { calls: 900, recoveries: way.recoveries },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const { id: within } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
    const fresh = [
      await kind.make(ctx, subSystem, kind.newName(ctx)),
      await kind.make(ctx, subSystem, kind.newName(ctx)),
    ];
    const name = kind.newName(ctx);
    const old = await kind.make(ctx, subSystem, name);
    const before = await ctx.system.observe('VDS-4.1a', { depth: 'deep', within });
    const [one = {}, other = {}] = fresh.map(({ id }) => before.objects.get(id)?.members);
    await old.dress();
    await way.remove(ctx, old);
    const again = await kind.make(ctx, subSystem, name);
    const after = await ctx.system.observe('VDS-4.1a', { depth: 'deep', within });
    const members = after.objects.get(again.id)?.members;
    if (members === undefined) return ctx.duties.broken('VDS-4.1a', `the ${kind.name} that was made is not listed`);
    for (const [member, value] of Object.entries(one)) {
      if (UNSETTLED.has(member) || !sameMember(member, value, other[member]) || member === 'friendlyName') continue;
      const actual = members[member];
      const { fullName } = reporterOf(kind.interfaceName, member);
      ctx.duties.holds(
        requirementOf(kind.interfaceName, member),
        actual === undefined || sameMember(member, value, actual),
        `${displayName(fullName)} of a ${kind.name} made with the name of one that was ${way.title} gives ${member} ` +
          `${formatValue(actual)}, and of others that are new ${formatValue(value)}`,
        undefined,
        way.faults?.length === 0 ? undefined : 'silent wrong data',
      );
    }
    mustHoldAsMuch(ctx, kind, [one, other, members]);
  },
});

/** It contains as many objects as new ones do. */
function mustHoldAsMuch(
  ctx: Context,
  kind: Kind,
  [one, other, actual]: readonly Readonly<Record<string, unknown>>[],
): void {
  for (const [member, value] of Object.entries(one ?? {})) {
    const [first, second, third] = [value, other?.[member], actual?.[member]];
    if (!Array.isArray(first) || !Array.isArray(second) || !Array.isArray(third)) continue;
    ctx.duties.holds(
      requirementOf(kind.interfaceName, member),
      first.length !== second.length || first.length === third.length,
      `a ${kind.name} made with the name of one that was deleted has ${third.length} ${member}, and others that are ` +
        `new have ${first.length}`,
    );
  }
}

export const recreations: readonly Check[] = [LUN, TARGET].flatMap((kind) => WAYS.map((way) => recreated(kind, way)));
