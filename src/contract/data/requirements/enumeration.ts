// The duties about enumeration.
import type { Entry } from './entry.js';

export const ENUMERATION: readonly Entry[] = [
  {
    id: 'VDS-6.1',
    level: 'MUST',
    statement:
      'Next answers S_OK only with celt objects and *pcFetched equal to celt; when fewer are left it answers ' +
      'S_FALSE, all of ' +
      'them, and their number.',
    source: ['nf-vdshwprv-ienumvdsobject-next'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.2a',
    level: 'SHOULD',
    statement: 'At the end of an enumeration each further Next answers S_FALSE with 0 fetched, until Reset.',
    source: ['MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.2b',
    level: 'AMBIGUOUS',
    statement:
      'Next with celt 0 is not described: S_OK, S_FALSE or E_INVALIDARG passes, provided that nothing is fetched, ' +
      'the position stays and the provider ' +
      'keeps to its choice.',
    source: ['nf-vdshwprv-ienumvdsobject-next', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.3',
    level: 'MUST',
    statement:
      'Skip answers S_OK when it passed over celt objects. With fewer left, or none, it passes over what there is ' +
      'and answers S_FALSE.',
    source: ['nf-vdshwprv-ienumvdsobject-skip', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.4',
    level: 'MUST',
    statement: 'Reset answers S_OK and goes back to the beginning.',
    source: ['nf-vdshwprv-ienumvdsobject-reset'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.4b',
    level: 'MUST',
    statement: 'Clone hands out a second enumerator of the same objects at the same position.',
    source: ['nf-vdshwprv-ienumvdsobject-clone'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.4c',
    level: 'MUST',
    statement: 'An enumerator and its clone move independently, and each outlives the other.',
    source: ['nf-vdshwprv-ienumvdsobject-clone'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5a',
    level: 'MUST',
    statement: 'An enumeration is a snapshot that nothing changes afterwards: objects added later do not appear in it.',
    source: ['working-with-enumeration-objects.md', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5d',
    level: 'MUST',
    statement: 'Objects that are removed later stay in an enumeration, and answer VDS_E_OBJECT_DELETED.',
    source: ['working-with-enumeration-objects.md', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5b',
    level: 'SHOULD',
    statement: 'An enumerator returns after Reset the same objects in the same order.',
    source: ['MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5c',
    level: 'MUST',
    statement: 'An enumeration lists no object twice.',
    source: ['using-vds.md', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.6a',
    level: 'MUST',
    verb: 'must',
    statement:
      'QuerySubSystems, QueryLuns and QueryTargets answer S_OK with an empty enumerator when there is nothing to ' +
      'list. No query that succeeds returns ' +
      'a NULL enumerator, and no Next a NULL object.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdssubsystem-queryluns',
      'nf-vdshwprv-ivdssubsystemiscsi-querytargets',
      'working-with-enumeration-objects.md',
    ],
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi', 'IEnumVdsObject'],
  },
  {
    id: 'VDS-6.6b',
    level: 'MUST',
    verb: 'must',
    statement:
      'The queries for controllers, controller ports, drives, portals, portal groups, storage pools, active ' +
      'controllers and ports, and associated LUNs ' +
      'and portals answer S_OK with an empty enumerator when there is ' +
      'nothing to list, or a pool filter matches nothing.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querycontrollers',
      'nf-vdshwprv-ivdssubsystem-querydrives',
      'nf-vdshwprv-ivdssubsystemiscsi-queryportals',
      'nf-vdshwprv-ivdscontrollercontrollerport-querycontrollerports',
      'nf-vdshwprv-ivdscontroller-queryassociatedluns',
      'nf-vdshwprv-ivdscontrollerport-queryassociatedluns',
      'nf-vdshwprv-ivdslun-queryactivecontrollers',
      'nf-vdshwprv-ivdsluncontrollerports-queryactivecontrollerports',
      'nf-vdshwprv-ivdsiscsitarget-queryportalgroups',
      'nf-vdshwprv-ivdsiscsitarget-queryassociatedluns',
      'nf-vdshwprv-ivdsiscsiportalgroup-queryassociatedportals',
      'nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsSubSystemIscsi',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsControllerControllerPort',
      'IVdsLun',
      'IVdsLunControllerPorts',
      'IVdsIscsiTarget',
      'IVdsIscsiPortalGroup',
      'IVdsHwProviderStoragePools',
    ],
  },
  {
    id: 'VDS-6.7a',
    level: 'MUST',
    statement:
      'One enumeration holds objects of one kind only, each of which gives the interface of that kind by ' +
      'QueryInterface. QueryLuns lists every LUN of the subsystem, however it is masked.',
    source: ['idl:vdscmmn', 'nf-vdshwprv-ienumvdsobject-next', 'nf-vdshwprv-ivdssubsystem-queryluns'],
    interfaces: ['IVdsSubSystem', 'IVdsHwProvider', 'IVdsSubSystemIscsi', 'IEnumVdsObject'],
  },
  {
    id: 'VDS-6.7b',
    level: 'MUST',
    statement: 'QueryPlexes lists at least one plex for every LUN.',
    source: ['nf-vdshwprv-ivdslun-queryplexes'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-6.7c',
    level: 'MUST',
    statement: 'QueryControllers lists offline controllers as well as online ones.',
    source: ['nf-vdshwprv-ivdssubsystem-querycontrollers'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-6.8',
    level: 'MUST',
    statement:
      'A query lists every object that its page says it enumerates, however many there are: what another query, a ' +
      'container getter or an extent names is ' +
      'among what the query for its kind lists.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querydrives',
      'nf-vdshwprv-ivdssubsystemiscsi-querytargets',
      'nf-vdshwprv-ivdssubsystemiscsi-queryportals',
      'nf-vdshwprv-ivdsiscsitarget-queryportalgroups',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystemIscsi', 'IVdsIscsiTarget', 'IEnumVdsObject'],
  },
];
