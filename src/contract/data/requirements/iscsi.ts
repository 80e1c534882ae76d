// The duties about iscsi.
import type { Entry } from './entry.js';

export const ISCSI: readonly Entry[] = [
  {
    id: 'VDS-11.1',
    level: 'MUST',
    statement:
      'CreateTarget makes up an iSCSI name when given NULL or "", and answers VDS_E_NAME_NOT_UNIQUE for a name in ' +
      'use on any subsystem it sees. The ' +
      'new target comes as pTargetUnk.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsAsync'],
  },
  {
    id: 'VDS-11.1b',
    level: 'AMBIGUOUS',
    statement:
      'A target that is made again under the iSCSI name of one that was deleted has the object id of before or ' +
      'another one; the provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget', 'vds-data-types.md'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.2a',
    level: 'MUST',
    statement: 'IVdsIscsiTarget::Delete removes a target without associated LUNs, and its portal groups with it.',
    source: ['nf-vdshwprv-ivdsiscsitarget-delete'],
    interfaces: ['IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.2b',
    level: 'MUST',
    statement: 'IVdsIscsiTarget::Delete answers VDS_E_ASSOCIATED_LUNS_EXIST while LUNs are associated with the target.',
    source: ['nf-vdshwprv-ivdsiscsitarget-delete'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.2c',
    level: 'MUST',
    statement: 'IVdsIscsiPortalGroup::Delete answers VDS_E_ASSOCIATED_PORTALS_EXIST while portals are in the group.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-delete'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.3',
    level: 'MUST',
    statement:
      'When no more portal groups can be created, CreatePortalGroup answers the success VDS_S_ALREADY_EXISTS, and ' +
      'Wait hands out an existing group.',
    source: ['nf-vdshwprv-ivdsiscsitarget-createportalgroup'],
    interfaces: ['IVdsIscsiTarget', 'IVdsAsync'],
  },
  {
    id: 'VDS-11.4a',
    level: 'MUST',
    statement: 'AddPortal and RemovePortal answer VDS_E_OBJECT_NOT_FOUND for an id that no portal has.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal', 'nf-vdshwprv-ivdsiscsiportalgroup-removeportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4b',
    level: 'AMBIGUOUS',
    statement:
      'The code for adding a portal to a second group of the same target is not documented: AddPortal fails with any ' +
      'permitted code.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4c',
    level: 'MUST',
    statement: 'AddPortal puts the portal into the group, and RemovePortal takes it out of that group and of no other.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal', 'nf-vdshwprv-ivdsiscsiportalgroup-removeportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4d',
    level: 'MUST',
    statement: 'A portal is in at most one group of a target.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4e',
    level: 'MUST',
    statement: 'A portal can be in groups of several targets.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4f',
    level: 'MUST',
    statement:
      'QueryAssociatedPortals of a group lists the portals that are in it, and QueryAssociatedPortalGroups of a ' +
      'portal the groups that it is in.',
    source: [
      'nf-vdshwprv-ivdsiscsiportalgroup-queryassociatedportals',
      'nf-vdshwprv-ivdsiscsiportal-queryassociatedportalgroups',
    ],
    interfaces: ['IVdsIscsiPortalGroup', 'IVdsIscsiPortal'],
  },
  {
    id: 'VDS-11.5a',
    level: 'MUST',
    statement: 'SetSharedSecret takes a secret of 12 to 16 bytes.',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret', 'ns-vdshwprv-vds_iscsi_shared_secret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.5b',
    level: 'MUST',
    verb: 'must',
    statement:
      'The provider itself configures the secret on the array, sends it there securely, and keeps no copy of it on ' +
      'this computer.',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
    untestable:
      'What a provider sends to its array, and what it stores on the ' +
      'computer, shows in no answer of a provider method.',
  },
  {
    id: 'VDS-11.5c',
    level: 'AMBIGUOUS',
    statement:
      'The code for a secret of a wrong length is not documented: SetSharedSecret refuses it with any permitted code ' +
      '(E_INVALIDARG is the plausible ' +
      'one).',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.5d',
    level: 'MUST',
    statement: 'SetSharedSecret clears the secret of a target for NULL with the size 0.',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret', 'ns-vdshwprv-vds_iscsi_shared_secret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.5e',
    level: 'MUST',
    statement: 'bChapEnabled says whether a secret is needed to log on to the target.',
    source: ['ns-vdshwprv-vds_iscsi_target_prop'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.5f',
    level: 'MUST',
    statement:
      'SetSharedSecret takes a secret for one initiator, or answers VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED where a ' +
      'target has one secret for all.',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.6a',
    level: 'MUST',
    verb: 'must',
    statement:
      "RememberInitiatorSharedSecret stores an initiator's secret for mutual CHAP; the initiator name is required, " +
      'and VDS_E_NOT_SUPPORTED is ' +
      'allowed.',
    source: ['nf-vdshwprv-ivdsiscsitarget-rememberinitiatorsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.6b',
    level: 'MUST',
    statement:
      'VDS_SF_SUPPORTS_AUTH_CHAP and _MUTUAL_CHAP of a subsystem are true: where the flag is set, the method that ' +
      'sets that secret is supported.',
    source: [
      'ne-vdshwprv-vds_sub_system_flag',
      'nf-vdshwprv-ivdsiscsitarget-setsharedsecret',
      'nf-vdshwprv-ivdsiscsitarget-rememberinitiatorsharedsecret',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.7',
    level: 'MUST',
    statement:
      'GetConnectedInitiators allocates the array and each string in it by CoTaskMemAlloc, in blocks of their own ' +
      'that the caller can free.',
    source: ['nf-vdshwprv-ivdsiscsitarget-getconnectedinitiators'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.8',
    level: 'MUST',
    statement: "An initiator can log on to a target only where one of the target's portal groups has a portal.",
    source: ['target-object.md'],
    interfaces: ['IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
    untestable: 'Logging on is the act of an iSCSI initiator, often on another host; no provider method does it.',
  },
  {
    id: 'VDS-11.9',
    level: 'SHOULD',
    statement: 'A portal that is ONLINE reports an address of its type and a TCP port.',
    why: 'The page describes the members, and nothing of a portal without them.',
    source: ['ns-vdshwprv-vds_ipaddress', 'ns-vdshwprv-vds_iscsi_portal_prop'],
    interfaces: ['IVdsIscsiPortal'],
  },
  {
    id: 'VDS-11.10',
    level: 'MUST',
    statement:
      'The tag of a portal group is what RFC 3720 (12.9) calls one: a number of 16 bits that no other group of its ' +
      'target has at the time.',
    source: ['ns-vdshwprv-vds_iscsi_portalgroup_prop'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
];
