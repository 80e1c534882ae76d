// Portals and portal groups (semantics.md 11.2 to 11.4, 7.8).
import {
  addPortal,
  type Check,
  ended,
  groupsOf,
  groupsWith,
  portals,
  portalsIn,
  removePortalOnCleanUp,
  UNKNOWN_ID,
  untilNotBusy,
} from '../../src/checks/index.js';
import {
  formatHresult,
  HR,
  NULL_GUID,
  succeeded,
  VDS_IPADDRESS_TYPE,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_OBJECT_TYPE,
} from '../../src/contract/index.js';
import { ipsecChecks } from './ipsec.js';
import { mustKeepName } from '../shared/naming.js';

/** A target that takes more groups than this has no limit that a check could reach. */
const MOST_GROUPS = 32;

export const portalGroupChecks: readonly Check[] = [
  {
    id: 'iscsi.portal-properties',
    title: 'Every portal reports an address and a status of their enumerations',
    requirements: ['VDS-12.1', 'VDS-6.6b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const types: readonly number[] = Object.values(VDS_IPADDRESS_TYPE);
      const statuses: readonly number[] = Object.values(VDS_ISCSI_PORTAL_STATUS);
      for (const { portal } of await portals(ctx, await ctx.system.subSystem())) {
        const result = await portal.getProperties();
        const { address, status } = ctx.duties.output('VDS-12.1', result, 'portalProp');
        ctx.duties.holds(
          'VDS-12.1',
          types.includes(address.type),
          `VDS_ISCSI_PORTAL_PROP.address.type is ${address.type}, none of its enumeration`,
          result,
        );
        ctx.duties.holds(
          'VDS-12.1',
          statuses.includes(status),
          `VDS_ISCSI_PORTAL_PROP.status is ${status}, none of its enumeration`,
          result,
        );
      }
    },
  },
  {
    id: 'iscsi.portals-and-groups-agree',
    title: 'A portal names the groups that name it, and is in at most one group of a target',
    requirements: ['VDS-11.4d', 'VDS-11.4f'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const byPortal = new Map<string, string[]>();
      for (const target of await ctx.duties.list(
        await (await ctx.system.iscsi(subSystem)).queryTargets(),
        'enum',
        'IVdsIscsiTarget',
        'VDS-6.6a',
      )) {
        const inTarget: string[] = [];
        for (const group of await ctx.duties.list(
          await target.queryPortalGroups(),
          'enum',
          'IVdsIscsiPortalGroup',
          'VDS-6.6b',
        )) {
          const { id } = ctx.duties.output('VDS-11.4f', await group.getProperties(), 'portalGroupProp');
          for (const portal of await portalsIn(ctx, group)) {
            inTarget.push(portal);
            byPortal.set(portal, [...(byPortal.get(portal) ?? []), id]);
          }
        }
        ctx.duties.equal(
          'VDS-11.4d',
          'the number of different portals in the groups of one target',
          new Set(inTarget).size,
          inTarget.length,
        );
      }
      for (const { portal, id } of await portals(ctx, subSystem)) {
        ctx.duties.equal(
          'VDS-11.4f',
          `the groups that portal ${id} names, and those that name it`,
          (await groupsWith(ctx, portal)).sort(),
          (byPortal.get(id) ?? []).sort(),
        );
      }
    },
  },
  {
    id: 'iscsi.portal-group-creation',
    title:
      'CreatePortalGroup hands over a group of the target, which ' +
      'QueryPortalGroups lists once and which has no portals yet',
    requirements: ['VDS-8.1b', 'VDS-8.4a', 'VDS-8.4d', 'VDS-11.3', 'VDS-4.4', 'VDS-6.6b', 'VDS-6.5c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { target, id: targetId } = await ctx.make.target(await ctx.system.subSystem());
      const before = await groupsOf(ctx, target);
      const { group, id, existed } = await ctx.make.portalGroup(target);
      ctx.duties.listedOnce(
        'VDS-11.3',
        { query: 'IVdsIscsiTarget.QueryPortalGroups', of: id, which: 'the group that was handed over' },
        (await groupsOf(ctx, target)).filter((each) => each === id).length,
      );
      const result = await group.getTarget();
      ctx.duties.equal(
        'VDS-4.4',
        'the id of the target that GetTarget of the group hands out',
        ctx.duties.output('VDS-4.4', await ctx.duties.output('VDS-4.4', result, 'target').getProperties(), 'targetProp')
          .id,
        targetId,
        result,
      );
      ctx.duties.equal(
        'VDS-11.3',
        'whether the group was there before CreatePortalGroup',
        before.includes(id),
        existed,
      );
      if (!existed)
        ctx.duties.equal(
          'VDS-6.6b',
          'the number of portals in a new portal group',
          (await portalsIn(ctx, group)).length,
          0,
        );
    },
  },
  {
    id: 'iscsi.portal-groups-of-one-target',
    title: 'Each CreatePortalGroup hands over another group, or answers VDS_S_ALREADY_EXISTS and one that is there',
    requirements: ['VDS-11.3', 'VDS-8.1b'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      for (let time = 0; time < MOST_GROUPS; time++) {
        const before = await groupsOf(ctx, target);
        const { id, existed } = await ctx.make.portalGroup(target);
        const after = await groupsOf(ctx, target);
        ctx.duties.equal(
          'VDS-11.3',
          'whether the group that CreatePortalGroup handed over ' +
            `${existed ? 'with VDS_S_ALREADY_EXISTS ' : ''}was there before`,
          before.includes(id),
          existed,
        );
        ctx.duties.equal(
          'VDS-11.3',
          'the number of portal groups after CreatePortalGroup',
          after.length,
          before.length + (existed ? 0 : 1),
        );
        // Once more at the end: the answer must be kept.
        if (existed) {
          ctx.duties.code(
            'VDS-11.3',
            await target.createPortalGroup(),
            HR.VDS_S_ALREADY_EXISTS,
            'on a target that could have no more groups a moment ago',
          );
          return;
        }
      }
      ctx.note(`a target takes more than ${MOST_GROUPS} portal groups`);
    },
  },
  {
    id: 'iscsi.portal-group-deletion',
    title: 'Delete of a portal group without portals removes it',
    requirements: ['VDS-8.1b', 'VDS-8.4a', 'VDS-7.1a', 'VDS-3.5d'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      const { group, id, existed } = await ctx.make.portalGroup(target);
      if (existed) return ctx.notApplicable('a new target can have no more portal groups');
      await ctx.duties.completed(await group.delete());
      ctx.duties.code(
        'VDS-7.1a',
        await group.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a portal group that was deleted',
      );
      ctx.duties.holds(
        'VDS-7.1a',
        !(await groupsOf(ctx, target)).includes(id),
        'QueryPortalGroups still lists a portal group that was deleted',
      );
      ctx.duties.code(
        'VDS-3.5d',
        await ctx.system.providerPrivate.getObject({ objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP }),
        HR.VDS_E_OBJECT_NOT_FOUND,
        'for the id of a deleted portal group',
      );
    },
  },
  {
    id: 'iscsi.portal-group-with-portals',
    title:
      'Delete of a portal group answers VDS_E_ASSOCIATED_PORTALS_EXIST while portals are in it, and changes nothing',
    requirements: ['VDS-11.2c', 'VDS-0.2b'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { target } = await ctx.make.target(subSystem);
      const { group, id } = await ctx.make.portalGroup(target);
      await addPortal(ctx, group, portalId);
      ctx.duties.code(
        'VDS-11.2c',
        await ended(ctx, await group.delete()),
        HR.VDS_E_ASSOCIATED_PORTALS_EXIST,
        'while a portal is in the group',
      );
      ctx.duties.holds(
        'VDS-0.2b',
        (await groupsOf(ctx, target)).includes(id) && (await portalsIn(ctx, group)).includes(portalId),
        'a Delete that was refused has taken the group or its portal away',
      );
      await ctx.duties.completed(await group.removePortal({ portalId }));
      await ctx.duties.completed(await group.delete());
    },
  },
  {
    id: 'iscsi.add-and-remove-portal',
    title: 'AddPortal puts a portal into a group and RemovePortal takes it out, by the group and by the portal',
    requirements: ['VDS-8.1b', 'VDS-8.4a', 'VDS-11.4c'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ portal, id: portalId }] = await portals(ctx, subSystem);
      const { target } = await ctx.make.target(subSystem);
      const { group, id } = await ctx.make.portalGroup(target);
      await addPortal(ctx, group, portalId);
      ctx.duties.equal('VDS-11.4c', 'the portals in the group after AddPortal', await portalsIn(ctx, group), [
        portalId,
      ]);
      ctx.duties.holds(
        'VDS-11.4c',
        (await groupsWith(ctx, portal)).includes(id),
        'QueryAssociatedPortalGroups of a portal lacks the group that it was added to',
      );
      await ctx.duties.completed(await group.removePortal({ portalId }));
      ctx.duties.equal(
        'VDS-11.4c',
        'the number of portals in the group after RemovePortal',
        (await portalsIn(ctx, group)).length,
        0,
      );
      ctx.duties.holds(
        'VDS-11.4c',
        !(await groupsWith(ctx, portal)).includes(id),
        'QueryAssociatedPortalGroups of a portal has the group that it was removed from',
      );
    },
  },
  {
    id: 'iscsi.unknown-portals',
    title: 'AddPortal and RemovePortal answer VDS_E_OBJECT_NOT_FOUND for an id that no portal has, and change nothing',
    requirements: ['VDS-11.4a', 'VDS-0.2b'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { target, id: targetId } = await ctx.make.target(subSystem);
      const { group, id } = await ctx.make.portalGroup(target);
      await addPortal(ctx, group, portalId);
      for (const [what, unknown] of [
        ['an id that names nothing', UNKNOWN_ID],
        ['GUID_NULL', NULL_GUID],
        ['the id of a target', targetId],
        ['the id of the group itself', id],
      ] as const) {
        // An unknown id of a portal may be an invalid argument as well.
        const expected =
          unknown === UNKNOWN_ID ? [HR.VDS_E_OBJECT_NOT_FOUND] : [HR.VDS_E_OBJECT_NOT_FOUND, HR.E_INVALIDARG];
        ctx.duties.code(
          'VDS-11.4a',
          await ended(ctx, await group.addPortal({ portalId: unknown })),
          expected,
          `for ${what}`,
        );
        ctx.duties.code(
          'VDS-11.4a',
          await ended(ctx, await group.removePortal({ portalId: unknown })),
          expected,
          `for ${what}`,
        );
      }
      ctx.duties.equal(
        'VDS-0.2b',
        'the portals in the group after calls that were refused',
        await portalsIn(ctx, group),
        [portalId],
      );
    },
  },
  {
    id: 'iscsi.remove-portal-of-no-group',
    title: 'RemovePortal refuses a portal that is not in the group',
    requirements: ['VDS-11.4c', 'VDS-0.2e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ id: first }, other] = await portals(ctx, subSystem, 2);
      const { target } = await ctx.make.target(subSystem);
      const { group } = await ctx.make.portalGroup(target);
      await addPortal(ctx, group, first);
      ctx.duties.refused(
        'VDS-0.2e',
        await ended(ctx, await group.removePortal({ portalId: other!.id })),
        'for a portal that is not in the group',
      );
      ctx.duties.equal(
        'VDS-11.4c',
        'the portals in the group after another one was to be removed',
        await portalsIn(ctx, group),
        [first],
      );
    },
  },
  {
    id: 'iscsi.portal-in-one-group-of-a-target',
    title: 'A portal that is in one group of a target cannot be added to another, or twice to the same',
    requirements: ['VDS-11.4d', 'VDS-11.4b'],
    cost: { calls: 70, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ id: portalId }] = await portals(ctx, subSystem);
      const { target } = await ctx.make.target(subSystem);
      const first = await ctx.make.portalGroup(target);
      await addPortal(ctx, first.group, portalId);
      const again = await ended(ctx, await first.group.addPortal({ portalId }));
      ctx.duties.permitted('VDS-11.4b', again, 'for a portal that is in the group already');
      ctx.duties.equal(
        'VDS-11.4d',
        'the portals in the group after one was added twice',
        await portalsIn(ctx, first.group),
        [portalId],
      );
      const second = await ctx.make.portalGroup(target);
      if (second.id === first.id) return ctx.notApplicable('a target has one portal group at most');
      ctx.duties.refused(
        'VDS-11.4b',
        await ended(ctx, await second.group.addPortal({ portalId })),
        'for a portal that is in another group of the target',
      );
      ctx.duties.equal(
        'VDS-11.4d',
        'the number of portals in the second group',
        (await portalsIn(ctx, second.group)).length,
        0,
      );
      ctx.duties.equal('VDS-11.4d', 'the portals in the first group', await portalsIn(ctx, first.group), [portalId]);
    },
  },
  {
    id: 'iscsi.portal-in-groups-of-two-targets',
    title: 'A portal may be in groups of several targets, and leaves each by itself',
    requirements: ['VDS-11.4c', 'VDS-11.4e'],
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ portal, id: portalId }] = await portals(ctx, subSystem);
      const groups = [];
      for (let time = 0; time < 2; time++) {
        const made = await ctx.make.portalGroup((await ctx.make.target(subSystem)).target);
        if ((await portalsIn(ctx, made.group)).includes(portalId))
          ctx.notApplicable('the portal is in the group that a target comes with');
        const started = await made.group.addPortal({ portalId });
        ctx.duties.code('VDS-11.4e', started, HR.S_OK, `for a portal that is in ${time} groups of other new targets`);
        await ctx.duties.completed(started);
        removePortalOnCleanUp(ctx, portalId, made.id);
        groups.push(made);
      }
      const [one, other] = groups as [(typeof groups)[0], (typeof groups)[0]];
      const both = await groupsWith(ctx, portal);
      ctx.duties.holds(
        'VDS-11.4e',
        groups.every((g) => both.includes(g.id)),
        'QueryAssociatedPortalGroups of a portal lacks one of the two groups that it was added to',
      );
      await ctx.duties.completed(await one.group.removePortal({ portalId }));
      ctx.duties.equal(
        'VDS-11.4c',
        "the portals in one target's group after the portal was removed from another's",
        await portalsIn(ctx, other.group),
        [portalId],
      );
    },
  },
  {
    id: 'iscsi.target-goes-with-its-groups',
    title: "IVdsIscsiTarget::Delete removes the target's portal groups with it",
    requirements: ['VDS-11.2a', 'VDS-7.1a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ portal, id: portalId }] = await portals(ctx, subSystem);
      const { target } = await ctx.make.target(subSystem);
      const { group, id } = await ctx.make.portalGroup(target);
      await addPortal(ctx, group, portalId);
      await ctx.duties.completed(await target.delete());
      ctx.duties.code(
        'VDS-7.1a',
        await group.getProperties(),
        HR.VDS_E_OBJECT_DELETED,
        'on a portal group whose target was deleted',
      );
      ctx.duties.holds(
        'VDS-11.2a',
        !(await groupsWith(ctx, portal)).includes(id),
        'a portal is still in a group whose target was deleted',
      );
      const found = await ctx.system.providerPrivate.getObject({
        objectId: id,
        type: VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP,
      });
      ctx.duties.code('VDS-11.2a', found, HR.VDS_E_OBJECT_NOT_FOUND, 'for a portal group whose target was deleted');
    },
  },
  ...ipsecChecks,
  {
    id: 'iscsi.portal-status',
    title:
      'SetStatus of a portal is not supported, or takes ONLINE and OFFLINE and nothing else; a target can be named ' +
      'meanwhile',
    requirements: ['VDS-7.8b', 'VDS-0.2b', 'VDS-10.13c'],
    cost: { calls: 34, recoveries: 0 },
    async run(ctx) {
      const S = VDS_ISCSI_PORTAL_STATUS;
      const subSystem = await ctx.system.subSystem();
      const [{ portal }] = await portals(ctx, subSystem);
      const status = async (): Promise<number> =>
        ctx.duties.output('VDS-7.8b', await portal.getProperties(), 'portalProp').status;
      const set = (wanted: VDS_ISCSI_PORTAL_STATUS) => untilNotBusy(() => portal.setStatus({ status: wanted }));
      const before = await status();
      if (before !== S.VDS_IPS_ONLINE)
        ctx.notApplicable('the portal is not online, so its status could not be put back');
      ctx.onCleanUp('bring the portal online again', async () => {
        await set(S.VDS_IPS_ONLINE);
      });
      const online = await set(S.VDS_IPS_ONLINE);
      if (!succeeded(online.hr))
        ctx.duties.code('VDS-7.8b', online, HR.VDS_E_NOT_SUPPORTED, 'for ONLINE on a portal that is online');
      ctx.duties.reading(
        'IVdsIscsiPortal::SetStatus',
        online.hr === HR.VDS_E_NOT_SUPPORTED ? 'not supported' : 'takes ONLINE and OFFLINE',
        'VDS-7.8b',
      );
      for (const refused of [
        S.VDS_IPS_UNKNOWN,
        S.VDS_IPS_NOT_READY,
        S.VDS_IPS_FAILED,
        9999 as VDS_ISCSI_PORTAL_STATUS,
      ]) {
        ctx.duties.refused(
          'VDS-7.8b',
          await set(refused),
          `for the status ${refused}, which is neither ONLINE nor OFFLINE`,
        );
        ctx.duties.equal('VDS-0.2b', 'the status of the portal after SetStatus was refused', await status(), before);
      }
      // Taking a portal offline cuts off whoever is connected through it: only where nobody is.
      if (online.hr === HR.VDS_E_NOT_SUPPORTED || !ctx.session.capabilities.disposable) return;
      const { target } = await ctx.make.target(subSystem);
      for (const next of [S.VDS_IPS_OFFLINE, S.VDS_IPS_ONLINE]) {
        const result = await set(next);
        ctx.duties.code(
          'VDS-7.8b',
          result,
          HR.S_OK,
          `for ${next === S.VDS_IPS_ONLINE ? 'ONLINE' : 'OFFLINE'}, although ONLINE was taken before ` +
            `(${formatHresult(online.hr)})`,
        );
        ctx.duties.equal('VDS-7.8b', 'the status of the portal after SetStatus', await status(), next, result);
        await mustKeepName(ctx, { named: target, naming: target });
      }
    },
  },
];
