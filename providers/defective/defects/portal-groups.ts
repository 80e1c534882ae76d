// Defects of portals, portal groups, and associations of LUNs with targets.
import { VDS_ISCSI_PORTAL_STATUS, VDS_SUB_SYSTEM_FLAG } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR, succeeded } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { lacks, reports } from '../answers.js';
import type { Defect } from '../defect.js';
import { answering, emptied } from '../follow.js';
import { ask, given, interfaceOf, type Overrides } from '../override.js';

/** A portal can be in the group of one target at a time; only what was added in this session is known. */
const onePortalOneTarget = (): Overrides => {
  const groupOf = new Map<Guid, Handle>();
  return {
    methods: {
      'IVdsIscsiPortalGroup.AddPortal': async (call, next) => {
        const owner = groupOf.get(call.args.portalId);
        if (owner !== undefined && owner !== call.object)
          return { hr: HR.VDS_E_INVALID_OPERATION, out: { async: null } };
        const reply = await next();
        if (succeeded(reply.hr)) groupOf.set(call.args.portalId, call.object);
        return reply;
      },
      'IVdsIscsiPortalGroup.RemovePortal': async (call, next) => {
        groupOf.delete(call.args.portalId);
        return next();
      },
    },
  };
};

/** The ids that a LUN is associated with, at the port of the provider as it is. */
async function targetsOf(inner: Port, lun: Handle): Promise<Guid[]> {
  const { out } = await ask(inner, lun, 'IVdsLunIscsi.QueryAssociatedTargets', {});
  const enumerator = given(out.enum) ?? null;
  if (enumerator === null) return [];
  const {
    out: { objectArray },
  } = await ask(inner, enumerator, 'IEnumVdsObject.Next', { celt: 64 });
  const ids: Guid[] = [];
  for (const object of given(objectArray) ?? []) {
    const target = await interfaceOf(inner, object, 'IVdsIscsiTarget');
    await inner.release(object);
    if (target === null) continue;
    const prop = given((await ask(inner, target, 'IVdsIscsiTarget.GetProperties', {})).out.targetProp);
    await inner.release(target);
    if (prop !== undefined) ids.push(prop.id);
  }
  await inner.release(enumerator);
  return ids;
}

const UNKNOWN = /^c0ffee00|^00000000/;

/** The associations that AssociateTargets has set since the load are gone after the next Refresh. */
const associationsForgotten = (inner: Port): Overrides => {
  const set = new Set<Handle>();
  const lost = new Set<Handle>();
  return {
    methods: {
      'IVdsLunIscsi.AssociateTargets': async (call, next) => {
        lost.delete(call.object);
        set.add(call.object);
        return next();
      },
      'IVdsHwProvider.Refresh': async (_call, next) => {
        for (const lun of set) lost.add(lun);
        set.clear();
        return next();
      },
      'IVdsLunIscsi.QueryAssociatedTargets': async (call, next) => {
        const reply = await next();
        return lost.has(call.object) ? ((await emptied(inner, reply)) as typeof reply) : reply;
      },
    },
  };
};

const PORTAL_METHODS = ['IVdsIscsiPortalGroup.AddPortal', 'IVdsIscsiPortalGroup.RemovePortal'] as const;
const IPSEC = [
  'IVdsIscsiPortal.SetIpsecTunnelAddress',
  'IVdsIscsiPortal.GetIpsecSecurity',
  'IVdsIscsiPortal.SetIpsecSecurity',
  'IVdsSubSystemIscsi.SetIpsecGroupPresharedKey',
] as const;

export const PORTAL_GROUPS: readonly Defect[] = [
  {
    name: 'failed-portals-are-offline',
    breaks: ['VDS-5.3'],
    noticedBy: ['faults.fail-status.portal'],
    says: 'GetProperties of a portal that has failed reports OFFLINE.',
    overrides: reports('IVdsIscsiPortal.GetProperties', () => ({ portalProp }) => ({
      portalProp:
        portalProp.status === VDS_ISCSI_PORTAL_STATUS.VDS_IPS_FAILED
          ? { ...portalProp, status: VDS_ISCSI_PORTAL_STATUS.VDS_IPS_OFFLINE }
          : portalProp,
    })),
  },
  {
    name: 'portal-status-uninitialised',
    breaks: ['VDS-12.1'],
    noticedBy: ['iscsi.portal-properties'],
    says: 'GetProperties of a portal leaves its status uninitialised.',
    overrides: () => ({
      methods: {
        'IVdsIscsiPortal.GetProperties': async (_call, next) => {
          const reply = await next();
          const prop = given(reply.out.portalProp);
          return prop === undefined
            ? reply
            : { ...reply, out: { portalProp: { ...prop, status: 0xcdcdcd as VDS_ISCSI_PORTAL_STATUS } } };
        },
      },
    }),
  },
  {
    name: 'portal-names-no-groups',
    breaks: ['VDS-11.4f'],
    noticedBy: ['iscsi.portals-and-groups-agree'],
    says: 'QueryAssociatedPortalGroups of a portal never lists anything.',
    overrides: (inner) => ({
      methods: {
        'IVdsIscsiPortal.QueryAssociatedPortalGroups': async (_call, next) => {
          const reply = await next();
          return (await emptied(inner, reply)) as typeof reply;
        },
      },
    }),
  },
  {
    name: 'portal-group-limit-answers-s-ok',
    breaks: ['VDS-11.3'],
    noticedBy: ['iscsi.portal-groups-of-one-target'],
    says: 'CreatePortalGroup answers S_OK where it hands over a group that was there before.',
    overrides: answering(['IVdsIscsiTarget.CreatePortalGroup'], HR.VDS_S_ALREADY_EXISTS, HR.S_OK),
  },
  {
    name: 'portal-group-limit-is-an-error',
    breaks: ['VDS-8.1b'],
    noticedBy: ['iscsi.portal-groups-of-one-target'],
    says: 'CreatePortalGroup answers E_ACCESSDENIED when a target can have no more groups.',
    overrides: answering(['IVdsIscsiTarget.CreatePortalGroup'], HR.VDS_S_ALREADY_EXISTS, 0x80070005),
  },
  {
    name: 'portal-group-null-async',
    breaks: ['VDS-8.1b'],
    noticedBy: ['async.type.AddPortal'],
    says: 'AddPortal and RemovePortal do their work at once and return NULL for their IVdsAsync.',
    overrides: (inner) => ({
      invoke: async (call, next) => {
        const reply = await next();
        const operation = reply.out['async'] as Handle | null | undefined;
        if (!(PORTAL_METHODS as readonly string[]).includes(call.method) || typeof operation !== 'number') return reply;
        await inner.invoke({ object: operation, method: 'IVdsAsync.Wait', args: {} });
        await inner.release(operation);
        return { ...reply, out: { async: null } };
      },
    }),
  },
  {
    name: 'deleted-portal-group-s-ok',
    breaks: ['VDS-7.1a'],
    noticedBy: ['iscsi.portal-group-deletion'],
    says: 'GetProperties of a deleted portal group answers S_OK.',
    overrides: () => ({
      methods: {
        'IVdsIscsiPortalGroup.GetProperties': async (_call, next) => {
          const reply = await next();
          return reply.hr === HR.VDS_E_OBJECT_DELETED
            ? { hr: HR.S_OK, out: { portalGroupProp: { id: '00000000-0000-0000-0000-000000000000', tag: 0 } } }
            : reply;
        },
      },
    }),
  },
  {
    name: 'portal-group-in-use-e-invalidarg',
    breaks: ['VDS-11.2c'],
    noticedBy: ['iscsi.portal-group-with-portals'],
    says: 'Delete of a portal group with portals answers E_INVALIDARG.',
    overrides: answering(['IVdsIscsiPortalGroup.Delete'], HR.VDS_E_ASSOCIATED_PORTALS_EXIST, HR.E_INVALIDARG),
  },
  {
    name: 'unknown-portal-e-invalidarg',
    breaks: ['VDS-11.4a'],
    noticedBy: ['iscsi.unknown-portals'],
    says: 'AddPortal and RemovePortal answer E_INVALIDARG for an id that no portal has.',
    overrides: answering(PORTAL_METHODS, HR.VDS_E_OBJECT_NOT_FOUND, HR.E_INVALIDARG),
  },
  {
    name: 'portal-of-no-group-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['iscsi.remove-portal-of-no-group'],
    says: 'RemovePortal answers E_FAIL for a portal that is not in the group.',
    overrides: () => ({
      methods: {
        'IVdsIscsiPortalGroup.RemovePortal': async (call, next) => {
          const reply = await next();
          return reply.hr === HR.VDS_E_OBJECT_NOT_FOUND && !UNKNOWN.test(call.args.portalId)
            ? { ...reply, hr: HR.E_FAIL }
            : reply;
        },
      },
    }),
  },
  {
    name: 'portal-in-a-second-group-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['iscsi.portal-in-one-group-of-a-target'],
    says: 'AddPortal answers E_UNEXPECTED for a portal that is in a group of the target already.',
    overrides: answering(['IVdsIscsiPortalGroup.AddPortal'], HR.VDS_E_INVALID_OPERATION, HR.E_UNEXPECTED),
  },
  {
    name: 'portal-for-one-target-only',
    breaks: ['VDS-11.4e'],
    noticedBy: ['iscsi.portal-in-groups-of-two-targets', 'interactions.portal-groups'],
    says: 'A portal that is in a group of one target cannot be added to a group of another.',
    overrides: onePortalOneTarget,
  },
  {
    name: 'ipsec-e-notimpl',
    breaks: ['VDS-7.8a'],
    noticedBy: ['iscsi.ipsec-of-portals', 'iscsi.ipsec-of-the-subsystem'],
    says: 'The IPsec methods answer E_NOTIMPL.',
    overrides: answering(IPSEC, HR.VDS_E_NOT_SUPPORTED, HR.E_NOTIMPL),
  },
  {
    name: 'portal-status-not-ready-taken',
    breaks: ['VDS-7.8b'],
    noticedBy: ['iscsi.portal-status'],
    says: 'SetStatus of a portal answers S_OK to any status.',
    overrides: answering(['IVdsIscsiPortal.SetStatus'], HR.E_INVALIDARG, HR.S_OK),
  },
  {
    name: 'associate-targets-adds',
    breaks: ['VDS-10.11'],
    noticedBy: ['iscsi.associate-targets-full-set'],
    says: 'AssociateTargets adds to the targets that the LUN has instead of replacing them.',
    overrides: (inner) => ({
      methods: {
        'IVdsLunIscsi.AssociateTargets': async (call, next) => {
          const asked = call.args.targetIdArray ?? [];
          if (asked.length === 0) return next();
          const all = [...new Set([...(await targetsOf(inner, call.object)), ...asked])];
          return next({ args: { targetIdArray: all, numberOfTargets: all.length } });
        },
      },
    }),
  },
  {
    name: 'target-lists-no-luns',
    breaks: ['VDS-10.11'],
    noticedBy: ['iscsi.associations-agree'],
    says: 'QueryAssociatedLuns of a target never lists anything.',
    overrides: (inner) => ({
      methods: {
        'IVdsIscsiTarget.QueryAssociatedLuns': async (_call, next) => {
          const reply = await next();
          return (await emptied(inner, reply)) as typeof reply;
        },
      },
    }),
  },
  {
    name: 'several-targets-are-not-found',
    breaks: ['VDS-7.2b'],
    noticedBy: ['interactions.targets'],
    says: 'AssociateTargets answers VDS_E_OBJECT_NOT_FOUND for more than one target, all of which exist.',
    overrides: lacks(
      'IVdsLunIscsi.AssociateTargets',
      HR.VDS_E_OBJECT_NOT_FOUND,
      ({ numberOfTargets }) => numberOfTargets > 1,
    ),
  },
  {
    name: 'associate-unknown-targets-ignored',
    breaks: ['VDS-7.2'],
    noticedBy: ['iscsi.associate-unknown-targets'],
    says: 'AssociateTargets passes over ids that are no targets.',
    overrides: () => ({
      methods: {
        'IVdsLunIscsi.AssociateTargets': async (call, next) => {
          const known = (call.args.targetIdArray ?? []).filter((id) => !UNKNOWN.test(id));
          return next({ args: { targetIdArray: known.length === 0 ? null : known, numberOfTargets: known.length } });
        },
      },
    }),
  },
  {
    name: 'associate-refused-clears',
    breaks: ['VDS-0.2b'],
    noticedBy: ['iscsi.associate-unknown-targets'],
    strict: true,
    says: 'An AssociateTargets that is refused leaves the LUN with no targets.',
    overrides: (inner) => ({
      methods: {
        'IVdsLunIscsi.AssociateTargets': async (call, next) => {
          const reply = await next();
          if (reply.hr === HR.VDS_E_OBJECT_NOT_FOUND)
            await ask(inner, call.object, 'IVdsLunIscsi.AssociateTargets', { targetIdArray: null, numberOfTargets: 0 });
          return reply;
        },
      },
    }),
  },
  {
    name: 'target-in-use-e-invalidarg',
    breaks: ['VDS-11.2b'],
    noticedBy: ['iscsi.target-with-luns'],
    says: 'Delete of a target that LUNs are associated with answers E_INVALIDARG.',
    overrides: answering(['IVdsIscsiTarget.Delete'], HR.VDS_E_ASSOCIATED_LUNS_EXIST, HR.E_INVALIDARG),
  },
  {
    name: 'associations-forgotten-on-refresh',
    breaks: ['VDS-5.5b'],
    noticedBy: ['iscsi.associations-survive-recovery'],
    says: 'A Refresh forgets the targets that a LUN was associated with since the last one.',
    overrides: associationsForgotten,
  },
  {
    name: 'simple-targets-without-a-target',
    breaks: ['VDS-10.4a'],
    noticedBy: ['creation.simple-target-config'],
    says:
      'A subsystem has VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG and refuses ' +
      'CreateTarget, but associates new LUNs with no target.',
    overrides: () => ({
      methods: {
        'IVdsSubSystem.GetProperties': async (_call, next) => {
          const reply = await next();
          const prop = given(reply.out.subSystemProp);
          return prop === undefined
            ? reply
            : {
                ...reply,
                out: {
                  subSystemProp: {
                    ...prop,
                    flags: prop.flags | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG,
                  },
                },
              };
        },
        'IVdsSubSystemIscsi.CreateTarget': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: { async: null } }),
      },
    }),
  },
];
