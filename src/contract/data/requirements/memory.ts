// The duties about memory.
import { PROVIDER_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const MEMORY: readonly Entry[] = [
  {
    id: 'VDS-12.1',
    level: 'MUST',
    statement:
      "Property getters fill the caller's structure; each string member in it is NULL or a block of its own from " +
      'CoTaskMemAlloc, which the caller ' +
      'frees.',
    source: [
      'nf-vdshwprv-ivdsprovider-getproperties',
      'nf-vdshwprv-ivdssubsystem-getproperties',
      'nf-vdshwprv-ivdslun-getproperties',
      'nf-vdshwprv-ivdsiscsitarget-getproperties',
    ],
    interfaces: [
      'IVdsProvider',
      'IVdsSubSystem',
      'IVdsSubSystem2',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsDrive2',
      'IVdsLun',
      'IVdsIscsiTarget',
    ],
  },
  {
    id: 'VDS-12.2a',
    level: 'MUST',
    statement:
      'Extent, path, policy and initiator arrays come from CoTaskMemAlloc, with the pointers inside the elements of ' +
      'GetPathInfo. So do the ANSI ' +
      'strings and interconnect buffers of VDS_LUN_INFORMATION.',
    source: [
      'nf-vdshwprv-ivdslun-getidentificationdata',
      'nf-vdshwprv-ivdsiscsitarget-getconnectedinitiators',
      'nf-vdshwprv-ivdsdrive-queryextents',
      'nf-vdshwprv-ivdslunplex-queryextents',
      'nf-vdshwprv-ivdslunmpio-getpathinfo',
      'nf-vdshwprv-ivdslunmpio-getloadbalancepolicy',
      'ns-vdslun-vds_lun_information',
    ],
    interfaces: ['IVdsLun', 'IVdsIscsiTarget', 'IVdsDrive', 'IVdsLunPlex', 'IVdsLunMpio'],
  },
  {
    id: 'VDS-12.2b',
    level: 'AMBIGUOUS',
    statement:
      'The identifiers in VDS_LUN_INFORMATION and the strings in pool attributes have no documented rule for ' +
      'freeing; they are valid while the caller ' +
      'reads them, whatever allocated them.',
    source: [
      'ns-vdslun-vds_lun_information',
      'nf-vdshwprv-ivdslun-getidentificationdata',
      'nf-vdshwprv-ivdsstoragepool-getattributes',
    ],
    interfaces: ['IVdsLun', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-12.3',
    level: 'MUST',
    statement:
      'An interface pointer that a method returns carries one reference of its own, which the caller releases.',
    source: [
      'nf-vdshwprv-ienumvdsobject-next',
      'nf-vdshwprv-ivdsproviderprivate-getobject',
      'nf-vdshwprv-ivdsasync-wait',
    ],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-12.3b',
    level: 'MUST',
    statement:
      'An object lives at least until the references that its callers hold are released, whatever becomes of the ' +
      'object that handed it out.',
    why: 'The rule is that of COM, under which every interface of VDS stands; the pages have the caller release each.',
    source: [
      'nf-vdshwprv-ienumvdsobject-next',
      'nf-vdshwprv-ivdsproviderprivate-getobject',
      'nf-vdshwprv-ivdsasync-wait',
      'COM, rules for reference counts',
    ],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-12.3c',
    level: 'MUST',
    statement: 'A call that fails hands out no interface pointer.',
    why: 'The rule is that of COM for [out] interface pointers; of VDS_ASYNC_OUTPUT the page of CreateLun says it.',
    source: [
      'nf-vdshwprv-ienumvdsobject-next',
      'nf-vdshwprv-ivdsproviderprivate-getobject',
      'nf-vdshwprv-ivdsasync-wait',
      'nf-vdshwprv-ivdssubsystem-createlun',
      'COM, rules for [out] parameters',
    ],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-12.4',
    level: 'MUST',
    statement:
      "Strings and arrays passed in stay the caller's: the provider neither changes nor frees them, and does not use " +
      'them after the call has ' +
      'returned.',
    why: 'No page of VDS repeats the rule of COM, under which every interface of VDS stands.',
    source: ['COM, rules for [in] parameters'],
    interfaces: PROVIDER_INTERFACES,
  },
];
