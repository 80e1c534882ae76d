// Defects of who is who: one object for each device, its id, and the way back to what contains it.
import { VDS_OBJECT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR, succeeded } from '../../../src/contract/hresult.js';
import type { Handle, MethodName } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import type { Defect } from '../defect.js';
import { follow, withMembers } from '../follow.js';
import type { Overrides } from '../override.js';

const CONTAINER_GETTERS: readonly MethodName[] = [
  'IVdsController.GetSubSystem',
  'IVdsControllerPort.GetController',
  'IVdsDrive.GetSubSystem',
  'IVdsLun.GetSubSystem',
  'IVdsLunPlex.GetLun',
  'IVdsIscsiTarget.GetSubSystem',
  'IVdsIscsiPortal.GetSubSystem',
  'IVdsIscsiPortalGroup.GetTarget',
];
const MEMBERS: readonly number[] = [
  VDS_OBJECT_TYPE.VDS_OT_CONTROLLER,
  VDS_OBJECT_TYPE.VDS_OT_PORT,
  VDS_OBJECT_TYPE.VDS_OT_DRIVE,
  VDS_OBJECT_TYPE.VDS_OT_LUN_PLEX,
  VDS_OBJECT_TYPE.VDS_OT_PORTAL,
  VDS_OBJECT_TYPE.VDS_OT_PORTAL_GROUP,
];

/** Each getter keeps what it found first, as a static variable would. */
const firstAnswerForAll = (inner: Port): Overrides => {
  const first = new Map<MethodName, Handle>();
  return {
    invoke: async (call, next) => {
      const reply = await next();
      const [name, pointer] = Object.entries(reply.out)[0] ?? [];
      if (!CONTAINER_GETTERS.includes(call.method) || name === undefined || typeof pointer !== 'number') return reply;
      const kept = first.get(call.method);
      if (kept === undefined) {
        first.set(call.method, pointer as Handle);
        await inner.addRef(pointer as Handle);
        return reply;
      }
      await inner.release(pointer as Handle);
      await inner.addRef(kept);
      return { ...reply, out: { [name]: kept } };
    },
  };
};

const lastDigit = (id: unknown, digit: number): string => `${String(id).slice(0, -1)}${(digit % 16).toString(16)}`;

export const IDENTITY: readonly Defect[] = [
  {
    name: 'get-object-finds-no-members',
    breaks: ['VDS-3.5a'],
    noticedBy: ['identity.get-object.controller'],
    says:
      'GetObject knows subsystems, LUNs and targets, but no ' +
      'controllers, drives, plexes, portals and portal groups.',
    overrides: () => ({
      methods: {
        'IVdsProviderPrivate.GetObject': async (call, next) =>
          MEMBERS.includes(call.args.type) ? { hr: HR.VDS_E_OBJECT_NOT_FOUND, out: { objectUnk: null } } : next(),
      },
    }),
  },
  {
    name: 'get-object-finds-the-provider',
    breaks: ['VDS-3.5b'],
    noticedBy: ['identity.types-that-no-device-has'],
    says: 'GetObject with the type of a provider hands out the provider object, whatever the id.',
    overrides: (inner) => ({
      methods: {
        'IVdsProviderPrivate.GetObject': async (call, next) => {
          if (call.args.type !== VDS_OBJECT_TYPE.VDS_OT_PROVIDER) return next();
          await inner.addRef(call.object);
          return { hr: HR.S_OK, out: { objectUnk: call.object } };
        },
      },
    }),
  },
  {
    name: 'container-is-kept-from-the-first-call',
    breaks: ['VDS-4.4'],
    noticedBy: ['plexes.at-least-one'],
    says:
      'GetSubSystem, GetLun and GetTarget keep what they found first in a ' +
      'static variable and answer it for every object.',
    overrides: firstAnswerForAll,
  },
  {
    name: 'get-provider-null',
    breaks: ['VDS-4.4'],
    noticedBy: ['identity.container.subsystem'],
    says: 'GetProvider of a subsystem answers S_OK and NULL.',
    overrides: (inner) => ({
      methods: {
        'IVdsSubSystem.GetProvider': async (_call, next) => {
          const reply = await next();
          if (typeof reply.out.provider === 'number') await inner.release(reply.out.provider);
          return succeeded(reply.hr) ? { ...reply, out: { provider: null } } : reply;
        },
      },
    }),
  },
  {
    name: 'container-of-a-drive-is-another-object',
    breaks: ['VDS-4.1b'],
    noticedBy: ['identity.container-object'],
    says: 'GetSubSystem of a drive makes a second object for the subsystem, which other ways do not.',
    overrides: () => {
      const marks = new Map<Handle, number>();
      return {
        ...follow({ from: ['IVdsDrive.GetSubSystem'], change: {} }, marks),
        identity: async (object, next) => (marks.has(object) ? 1_000_000 + (await next()) : next()),
      };
    },
  },
  {
    name: 'associated-lun-has-another-name',
    breaks: ['VDS-4.1a'],
    noticedBy: ['identity.associations-show-the-same-devices'],
    says: 'A LUN that QueryAssociatedLuns lists reports the friendly name that it was created with.',
    overrides: () =>
      follow({
        from: ['IVdsController.QueryAssociatedLuns', 'IVdsIscsiTarget.QueryAssociatedLuns'],
        change: {
          'IVdsLun.GetProperties': (reply) => withMembers(reply, 'lunProp', { friendlyName: 'a name of long ago' }),
        },
      }),
  },
  {
    name: 'controller-lists-a-lun-twice',
    breaks: ['VDS-4.1a'],
    noticedBy: ['identity.listed-once'],
    says: 'QueryAssociatedLuns of a controller lists its first LUN twice.',
    overrides: (inner) =>
      follow({
        from: ['IVdsController.QueryAssociatedLuns'],
        change: {
          'IEnumVdsObject.Next': async (reply, call) => {
            const objects = Array.isArray(reply.out['objectArray'])
              ? (reply.out['objectArray'] as readonly Handle[])
              : [];
            const [first] = objects;
            if (first === undefined || objects.length >= (call.args['celt'] as number)) return reply;
            await inner.addRef(first);
            return { ...reply, out: { objectArray: [first, ...objects], fetched: objects.length + 1 } };
          },
        },
      }),
  },
  {
    name: 'portal-ids-anew-with-each-query',
    breaks: ['VDS-4.2b'],
    noticedBy: ['identity.enumerated-twice'],
    says: 'Each QueryPortals gives the portals other ids.',
    wide: 'every inventory of the system reads the portals',
    overrides: () =>
      follow({
        from: ['IVdsSubSystemIscsi.QueryPortals'],
        change: {
          'IVdsIscsiPortal.GetProperties': (reply, _call, number) =>
            withMembers(reply, 'portalProp', {
              id: lastDigit((reply.out['portalProp'] as { id?: string } | null)?.id, number),
            }),
        },
      }),
  },
  {
    name: 'drive-ids-anew-with-each-scan',
    breaks: ['VDS-4.2b'],
    noticedBy: ['identity.ids-stay-over-drive-scans'],
    says: 'IVdsSubSystem::Reenumerate makes up new ids for the drives.',
    overrides: () => {
      let scans = 0;
      return {
        methods: {
          'IVdsSubSystem.Reenumerate': async (_call, next) => {
            scans += 1;
            return next();
          },
          'IVdsDrive.GetProperties': async (_call, next) => {
            const reply = await next();
            const prop = reply.out.driveProp;
            return scans === 0 || typeof prop !== 'object' || prop === null
              ? reply
              : {
                  ...reply,
                  out: {
                    driveProp: { ...prop, id: lastDigit(prop.id, Number.parseInt(prop.id.at(-1) ?? '0', 16) + scans) },
                  },
                };
          },
        },
      };
    },
  },
  {
    name: 'created-target-has-no-friendly-name',
    breaks: ['VDS-4.1a'],
    noticedBy: ['identity.created-objects'],
    says: 'The target object that CreateTarget hands out reports no friendly name; the one that is listed does.',
    overrides: () =>
      follow({
        from: ['IVdsSubSystemIscsi.CreateTarget'],
        change: {
          'IVdsIscsiTarget.GetProperties': (reply) => withMembers(reply, 'targetProp', { friendlyName: null }),
        },
      }),
  },
];
