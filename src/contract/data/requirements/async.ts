// The duties about async.
import type { Entry } from './entry.js';

export const ASYNC: readonly Entry[] = [
  {
    id: 'VDS-8.1a',
    level: 'MUST',
    verb: 'must',
    statement:
      'CreateLun, Extend, CreateTarget and IVdsIscsiTarget::Delete return a non-NULL IVdsAsync with every success, ' +
      'even when the work is already done.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-extend',
      'nf-vdshwprv-ivdssubsystemiscsi-createtarget',
      'nf-vdshwprv-ivdsiscsitarget-delete',
      'helper-objects.md',
    ],
    interfaces: ['IVdsAsync', 'IVdsSubSystem', 'IVdsLun', 'IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-8.1b',
    level: 'MUST',
    statement:
      'The other methods with a ppAsync parameter (CreateLun2, CreateLunInStoragePool, Shrink, plex changes, ' +
      'Recover, portal group changes) return a ' +
      'non-NULL IVdsAsync with every success, too.',
    source: [
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
      'nf-vdshwprv-ivdslun-shrink',
      'nf-vdshwprv-ivdslun-addplex',
      'nf-vdshwprv-ivdslun-removeplex',
      'nf-vdshwprv-ivdslun-recover',
      'nf-vdshwprv-ivdsiscsitarget-createportalgroup',
      'nf-vdshwprv-ivdsiscsiportalgroup-addportal',
      'nf-vdshwprv-ivdsiscsiportalgroup-removeportal',
      'nf-vdshwprv-ivdsiscsiportalgroup-delete',
      'helper-objects.md',
    ],
    interfaces: [
      'IVdsAsync',
      'IVdsSubSystem2',
      'IVdsHwProviderStoragePools',
      'IVdsLun',
      'IVdsIscsiTarget',
      'IVdsIscsiPortalGroup',
    ],
  },
  {
    id: 'VDS-8.2',
    level: 'MUST',
    statement:
      'Wait keeps two results apart: its own HRESULT is the result of the call, *pHrResult that of the operation. A ' +
      'failed operation shows in *pHrResult, so ' +
      'a caller has to look at both.',
    source: ['nf-vdshwprv-ivdsasync-wait'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3a',
    level: 'MUST',
    statement: 'Wait returns only once the operation has ended, and reports how it ended.',
    source: ['nf-vdshwprv-ivdsasync-wait'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3b',
    level: 'SHOULD',
    statement: 'Once the operation has ended, every further Wait returns at once with the same result.',
    source: ['MS-VDS 3.4.1.5'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3c',
    level: 'MUST',
    statement: 'Each Wait hands out the one object that the operation made, and adds a reference to it.',
    source: ['nf-vdshwprv-ivdsasync-wait'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3d',
    level: 'MUST',
    statement: 'When either result of Wait is a failure, the interface pointers in VDS_ASYNC_OUTPUT are NULL.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4a',
    level: 'MUST',
    statement: 'A creation that succeeded hands over its non-NULL object in VDS_ASYNC_OUTPUT.',
    source: ['nf-vdshwprv-ivdsasync-wait', 'ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4b',
    level: 'AMBIGUOUS',
    statement:
      'A finished RemovePlex reports REMOVELUNPLEX (53); the union has no member for the IUnknown that one page ' +
      'promises, so its content after it is ' +
      'not judged.',
    source: ['ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4c',
    level: 'SHOULD',
    statement:
      'VDS_ASYNC_OUTPUT.type names the operation also where nothing else is handed over: Extend 54, Shrink, plex ' +
      'changes, Recover, deletions, portal changes.',
    why:
      'The IDL lets the caller of Wait ignore the structure of an operation without a result, and the page of the ' +
      'structure lists no member for these types.',
    source: ['idl:vdscmmn', 'ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4d',
    level: 'MUST',
    statement:
      'VDS_ASYNC_OUTPUT.type after a creation is the one documented for it: 50 ' +
      'for a LUN, 62 for a target, 63 for a portal group.',
    source: ['nf-vdshwprv-ivdsasync-wait', 'ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.5a',
    level: 'MUST',
    statement:
      'QueryStatus returns without waiting. *pHrResult is VDS_E_OPERATION_PENDING while the operation runs, and its ' +
      'final HRESULT afterwards.',
    source: ['nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.5b',
    level: 'MUST',
    statement:
      '*pulPercentCompleted of QueryStatus is 0 to 99 while the operation runs and 100 when it has finished; 0 ' +
      'stands for progress that cannot be ' +
      'estimated.',
    source: ['nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.5c',
    level: 'AMBIGUOUS',
    statement:
      'For an operation without progress QueryStatus may report -1 percent. While it runs, VDS_E_OPERATION_PENDING ' +
      'may also be the result of the call ' +
      'itself; its value is 0x80042409, and 0x00042409 passes.',
    source: ['idl:vdscmmn', 'MS-VDS', 'vdserr.h', 'nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
    untestable: 'It permits and forbids nothing: what it permits breaks neither VDS-8.5a nor VDS-8.5b.',
  },
  {
    id: 'VDS-8.6',
    level: 'SHOULD',
    statement: 'The percentage never goes down, except to 0 when the operation fails.',
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7a',
    level: 'MUST',
    statement:
      'Cancel answers S_OK when the operation will stop, VDS_E_NOT_SUPPORTED when it cannot be cancelled, ' +
      'VDS_E_OPERATION_CANCELED when it already ' +
      'was, and VDS_E_CANCEL_TOO_LATE when it is past that point.',
    why: 'The page has a code for each reason not to cancel, and none beside S_OK for an operation that is cancelled.',
    source: ['nf-vdshwprv-ivdsasync-cancel'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7b',
    level: 'SHOULD',
    statement: "After a Cancel that succeeded, Wait returns and the operation's result is VDS_E_OPERATION_CANCELED.",
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7c',
    level: 'SHOULD',
    statement: 'An operation that was cancelled leaves the object that it was working on unchanged.',
    why: 'The page of Cancel says nothing of going back; the protocol specification does.',
    source: ['MS-VDS 3.4.5.2.1'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7d',
    level: 'SHOULD',
    statement: 'A Cancel that failed changes nothing.',
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7e',
    level: 'SHOULD',
    statement: 'A Wait that gives up early answers VDS_E_TIMEOUT.',
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
    untestable: 'no caller can make a Wait give up, and a provider need never do it',
  },
  {
    id: 'VDS-8.8',
    level: 'MUST',
    statement:
      'Whether the work is done before the method returns or after, the caller sees the same: an IVdsAsync that ' +
      'answers Wait and QueryStatus.',
    source: ['helper-objects.md'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.9',
    level: 'AMBIGUOUS',
    statement:
      'Wait with NULL for its output on an operation that hands over nothing succeeds or is refused; the provider ' +
      'keeps to its choice.',
    why:
      'The IDL has the second argument ignored where there is no result, and ' +
      'declares it as a pointer that is not optional.',
    source: ['idl:vdscmmn', 'nf-vdshwprv-ivdsasync-wait'],
    interfaces: ['IVdsAsync'],
  },
];
