// Defects of what is answered to bad arguments, to NULL for outputs, and by methods that nobody has written yet.
import { failed, HR } from '../../../src/contract/hresult.js';
import { interfaceDef, type Handle, type InterfaceName, type MethodName } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { asks } from '../answers.js';
import type { Defect } from '../defect.js';
import type { Overrides } from '../override.js';

const UNFINISHED: readonly MethodName[] = [
  'IVdsController.FlushCache',
  'IVdsDrive.SetFlags',
  'IVdsLunPlex.ApplyHints',
  'IVdsIscsiPortal.SetIpsecSecurity',
  'IVdsIscsiPortalGroup.RemovePortal',
  'IVdsHwProviderPrivate.QueryIfCreatedLun',
  'IVdsIscsiTarget.SetSharedSecret',
];

/** Their pages say that the output is required, so that it is another duty that they break. */
const DEMANDED: ReadonlySet<MethodName> = new Set([
  'IVdsSubSystemImportTarget.GetImportTarget',
  'IVdsSubSystem.QueryMaxLunCreateSize',
]);

/** The codes of refused arguments. */
const REFUSALS: readonly number[] = [HR.E_INVALIDARG, HR.VDS_E_OBJECT_NOT_FOUND, HR.VDS_E_NOT_SUPPORTED];

/**
 * A class made by a wizard: it hands out every interface that its kind of object can have, with methods that are still
 * to be written.
 */
const stubs = (inner: Port): Overrides => {
  const stubbed = new Map<Handle, InterfaceName>();
  return {
    queryInterface: async (object, name, next) => {
      const reply = await next();
      if (reply.hr !== HR.E_NOINTERFACE || interfaceDef(name).extension === true) return reply;
      const unknown = await inner.queryInterface(object, interfaceDef('IUnknown').iid, 'IUnknown');
      if (unknown.object !== null) stubbed.set(unknown.object, name);
      return unknown;
    },
    invoke: async (call, next) =>
      stubbed.get(call.object) === call.method.slice(0, call.method.indexOf('.'))
        ? { hr: HR.E_NOTIMPL, out: {} }
        : next(),
  };
};

export const ARGUMENTS: readonly Defect[] = [
  {
    name: 'unfinished-methods-e-notimpl',
    breaks: ['VDS-10.21'],
    noticedBy: ['drives.hot-spare'],
    says: 'Methods that nobody needed so far, of the provider and of most kinds of device, answer E_NOTIMPL.',
    overrides: () => ({
      invoke: async (call, next) =>
        UNFINISHED.includes(call.method) ? { hr: HR.E_NOTIMPL, out: { async: null } } : next(),
    }),
  },
  {
    name: 'bad-arguments-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['iscsi.malformed-names'],
    says: 'Whatever is wrong with an argument is answered with E_FAIL.',
    overrides: () => ({
      invoke: async (_call, next) => {
        const reply = await next();
        return REFUSALS.includes(reply.hr) ? { ...reply, hr: HR.E_FAIL } : reply;
      },
    }),
  },
  {
    name: 'null-outputs-s-ok',
    breaks: ['VDS-13.5'],
    noticedBy: ['memory.null-out-pointers'],
    strict: true,
    says:
      'A call without a place for its output answers S_OK and does ' +
      'nothing, except where its page demands the output.',
    overrides: () => ({
      invoke: async (call, next) => {
        const reply = await next();
        return (call.nullOuts ?? []).length > 0 && failed(reply.hr) && !DEMANDED.has(call.method)
          ? { ...reply, hr: HR.S_OK }
          : reply;
      },
    }),
  },
  {
    name: 'targets-beyond-the-count-associated',
    breaks: ['VDS-10.11'],
    noticedBy: ['interactions.associations'],
    says: 'AssociateTargets goes by the end of the list that it is given, and not by the count.',
    overrides: asks('IVdsLunIscsi.AssociateTargets', (args) => ({
      ...args,
      numberOfTargets: args.targetIdArray?.length ?? args.numberOfTargets,
    })),
  },
  {
    name: 'stubs-e-notimpl',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['arguments.provider.permitted-answers'],
    says: 'Objects hand out interfaces that they do not implement, and the methods of these answer E_NOTIMPL.',
    overrides: stubs,
  },
];
