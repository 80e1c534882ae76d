// The duties about answers.
import { PROVIDER_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const ANSWERS: readonly Entry[] = [
  {
    id: 'VDS-0.2a',
    level: 'MUST',
    statement:
      'Whatever it is given, a method answers with a code that has a meaning there: a success that its page or ' +
      'vdserr.h knows, or a failure.',
    why:
      'The pages list codes after "such as", which closes no list, so any failure of vdserr.h or winerror.h passes ' +
      'unless a requirement of its own states one code.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-setstatus',
    ],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2e',
    level: 'MUST',
    statement: 'A method refuses an argument that has no meaning.',
    why:
      'The page of each method has E_INVALIDARG for what it cannot take; a success would say that something was done ' +
      'which has no meaning.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'nf-vdshwprv-ivdslun-setstatus'],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2b',
    level: 'SHOULD',
    statement:
      'A call that fails changes nothing: afterwards the system is as ' +
      'before. (Only the page of Extend says so outright.)',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2c',
    level: 'SHOULD',
    statement:
      'A failure gives the caller something to act on: E_FAIL, E_UNEXPECTED, E_NOTIMPL and E_POINTER, and numbers ' +
      'that no header names, say no ' +
      'more than that something went wrong.',
    why:
      'The pages name codes by example and exclude none of these; a caller ' +
      'such as the VDS service can do nothing with them.',
    source: ['virtual-disk-service-common-return-codes.md', 'nf-vdshwprv-ivdsdrive2-getproperties2'],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2d',
    level: 'MUST',
    statement: 'Every call returns to its caller with an HRESULT, however long its work takes.',
    why:
      'The page of each method describes what it returns; that of Reenumerate says that its query can take long, and ' +
      'none that a method may not return. How ' +
      'long is too long is open, so a call is given up only at a limit that the user of the run can raise.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdsasync-wait',
    ],
    interfaces: [...PROVIDER_INTERFACES],
  },
];
