// Defects of what LUNs report and keep besides their sizes and types: statuses, identification, numbers, hints and
// names.
import { VDS_SUB_SYSTEM_FLAG } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import { answers, asks, overriding, pretends, reports } from '../answers.js';
import type { Defect } from '../defect.js';
import { withFlags } from './creation.js';

export const LUN_OBJECTS: readonly Defect[] = [
  {
    name: 'lun-status-unknown-accepted',
    breaks: ['VDS-7.6'],
    noticedBy: ['luns.status-unknown'],
    says: 'SetStatus of a LUN answers S_OK for UNKNOWN.',
    overrides: pretends('IVdsLun.SetStatus', ({ status }) => status === 0),
  },
  {
    name: 'lun-status-outside-its-enumeration',
    breaks: ['VDS-7.6c'],
    noticedBy: ['consistency.known-statuses'],
    says: 'The status of a LUN is 77, which VDS_LUN_STATUS does not have.',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({ lunProp: { ...lunProp, status: 77 } })),
  },
  {
    name: 'lun-set-status-does-nothing',
    breaks: ['VDS-7.6b'],
    noticedBy: ['luns.set-status'],
    says: 'SetStatus of a LUN answers S_OK and leaves the status.',
    overrides: pretends('IVdsLun.SetStatus', ({ status }) => status !== 0),
  },
  {
    name: 'all-luns-have-one-serial-number',
    breaks: ['VDS-10.18c'],
    noticedBy: ['luns.identification-of-its-own'],
    says: "GetIdentificationData tells the array's serial number for every LUN.",
    overrides: reports('IVdsLun.GetIdentificationData', () => ({ lunInfo }) => ({
      lunInfo: { ...lunInfo, serialNumber: 'VDSC-ARRAY-A' },
    })),
  },
  {
    name: 'absent-identification-is-empty',
    breaks: ['VDS-10.18a'],
    noticedBy: ['luns.identification-of-its-own'],
    says: 'GetIdentificationData reports an empty string for a revision that does not exist.',
    overrides: reports('IVdsLun.GetIdentificationData', () => ({ lunInfo }) => ({
      lunInfo: { ...lunInfo, productRevision: '' },
    })),
  },
  {
    name: 'lun-numbers-promised',
    breaks: ['VDS-4.6'],
    noticedBy: ['luns.number'],
    says: 'VDS_SF_SUPPORTS_LUN_NUMBER is set, and LUNs have no IVdsLunNumber.',
    overrides: withFlags(VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_LUN_NUMBER),
  },
  {
    name: 'hints-applied-without-their-bit',
    breaks: ['VDS-10.12a'],
    noticedBy: ['luns.hints-without-their-bit'],
    says: 'ApplyHints applies all hints, whatever their mask says.',
    overrides: asks('IVdsLun.ApplyHints', ({ hints }) => ({
      hints: hints === null ? null : { ...hints, hintMask: 0x1ffn },
    })),
  },
  {
    name: 'hints-applied-once',
    breaks: ['VDS-10.12a'],
    noticedBy: ['luns.hints-last-call'],
    says: 'A second ApplyHints on a LUN answers S_OK and changes nothing.',
    overrides: overriding('IVdsLun.ApplyHints', () => {
      const applied = new Set<Handle>();
      return async (call, next) => {
        if (applied.has(call.object)) return { hr: HR.S_OK, out: {} };
        const reply = await next();
        if (reply.hr === HR.S_OK) applied.add(call.object);
        return reply;
      };
    }),
  },
  {
    name: 'rebuild-priority-16-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['luns.rebuild-priority'],
    says: 'ApplyHints answers E_FAIL for rebuild priority 16.',
    overrides: overriding(
      'IVdsLun.ApplyHints',
      () => async (call, next) => (call.args.hints?.rebuildPriority === 16 ? { hr: HR.E_FAIL, out: {} } : next()),
    ),
  },
  {
    name: 'lun-name-is-not-kept',
    breaks: ['VDS-10.13c'],
    noticedBy: ['luns.friendly-name'],
    says: 'SetFriendlyName of a LUN answers S_OK and keeps the old name.',
    overrides: pretends('IVdsLunNaming.SetFriendlyName'),
  },
  {
    name: 'lun-name-shortened-in-silence',
    breaks: ['VDS-10.13'],
    noticedBy: ['luns.long-name'],
    says: 'SetFriendlyName of a LUN answers S_OK for a name that it shortened.',
    overrides: answers('IVdsLunNaming.SetFriendlyName', [HR.VDS_S_NAME_TRUNCATED], HR.S_OK),
  },
  {
    name: 'rare-letters-counted-once',
    breaks: ['VDS-10.13'],
    noticedBy: ['luns.international-name'],
    says:
      'SetFriendlyName of a LUN answers S_OK for a name of more than 24 letters beyond 16 bits, of which it keeps a ' +
      'beginning with 24 of them.',
    overrides: asks('IVdsLunNaming.SetFriendlyName', ({ friendlyName }) => ({
      friendlyName: friendlyName?.replace(/((?:[^]*?[\u{10000}-\u{10ffff}]){24})[^]*/u, '$1') ?? null,
    })),
  },
  {
    name: 'entities-of-lun-names-resolved',
    breaks: ['VDS-10.13c'],
    noticedBy: ['luns.special-name'],
    says: 'SetFriendlyName of a LUN keeps "&" for "&amp;" in a name, and answers S_OK.',
    overrides: asks('IVdsLunNaming.SetFriendlyName', ({ friendlyName }) => ({
      friendlyName: friendlyName?.replaceAll('&amp;', '&') ?? null,
    })),
  },
  {
    name: 'lun-name-that-fits-called-shortened',
    breaks: ['VDS-10.13'],
    noticedBy: ['luns.long-name'],
    says:
      'SetFriendlyName of a LUN answers VDS_S_NAME_TRUNCATED for a name that ' +
      'is just as long as the longest that it keeps.',
    overrides: overriding('IVdsLunNaming.SetFriendlyName', () => async (call, next) => {
      const reply = await next();
      return reply.hr === HR.S_OK && call.args.friendlyName?.length === 64
        ? { ...reply, hr: HR.VDS_S_NAME_TRUNCATED }
        : reply;
    }),
  },
];
