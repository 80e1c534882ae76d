// The duties about answers.
import { PROVIDER_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const ANSWERS: readonly Entry[] = [
  {
    id: 'VDS-0.2a',
    level: 'MUST',
    statement:
      'Whatever it is given, a method answers success or a code that its page allows: one of its documented codes, E_INVALIDARG, E_OUTOFMEMORY, a common ' +
      'VDS code or a converted system error. An argument that has no meaning is refused.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-setstatus',
    ],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2b',
    level: 'SHOULD',
    statement:
      'A call that fails changes nothing: what the system holds afterwards is what it held before. (Only the page of Extend says so outright.)',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: [...PROVIDER_INTERFACES],
  },
];
