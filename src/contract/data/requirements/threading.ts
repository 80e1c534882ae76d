// The duties about threading.
import { PROVIDER_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const THREADING: readonly Entry[] = [
  {
    id: 'VDS-13.1',
    level: 'AMBIGUOUS',
    statement:
      'No apartment or threading model, security initialisation or account ' +
      'is prescribed for a provider; any choice passes.',
    source: ['vds-object-model.md', 'SDK 8.1 vds.h'],
    interfaces: [],
    untestable: 'Threading model and account are set where the provider is registered, not shown by a method.',
  },
  {
    id: 'VDS-13.2',
    level: 'MUST',
    statement:
      'The provider serialises operations that touch the same objects on different threads, such as IVdsLun::Delete ' +
      'and IVdsSubSystem::QueryLuns, ' +
      'without a crash. Two parallel QueryLuns may differ.',
    source: ['nf-vdshwprv-ivdslun-delete', 'nf-vdshwprv-ivdssubsystem-queryluns'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-13.3',
    level: 'MUST',
    statement:
      'The provider takes calls from several threads; one that overlaps another is carried out or answers ' +
      'VDS_E_ANOTHER_CALL_IN_PROGRESS.',
    why:
      'vds-object-model.md has VDS invoke methods asynchronously, about-vds.md has it synchronise what providers do: ' +
      'a provider may meet overlapping calls, and may refuse them.',
    source: ['vds-object-model.md'],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-13.4',
    level: 'CALLER',
    statement:
      'The caller runs as a member of Administrators or Backup Operators, or is prepared for VDS_E_ACCESS_DENIED.',
    source: ['virtual-disk-service-common-return-codes.md', 'vdserr.h'],
    interfaces: [],
  },
  {
    id: 'VDS-13.5',
    level: 'SHOULD',
    statement: 'No method lets an exception escape to its caller.',
    source: ['MS-VDS'],
    interfaces: PROVIDER_INTERFACES,
  },
];
