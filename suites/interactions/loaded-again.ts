// Provider objects that are loaded more than once.
import {
  CHANGES_WHEN_LOADED,
  loadAfterFailure,
  loadAfterUnload,
  requirementsOfChanges,
  type Check,
} from '../../src/checks/index.js';

const REQUIREMENTS = [
  ...requirementsOfChanges(CHANGES_WHEN_LOADED),
  'VDS-1.8',
  'VDS-2.5a',
  'VDS-5.5d',
  'VDS-9.6a',
  'VDS-9.6b',
  'VDS-9.6e',
];

export const LOADED_AGAIN: readonly Check[] = [
  {
    id: 'interactions.loaded-after-failure',
    title:
      'A provider object whose OnLoad failed while the array answered with errors, and then succeeds, is as good as ' +
      'one that was loaded at once',
    requirements: [...REQUIREMENTS, 'VDS-2.3', 'VDS-2.3c'],
    faults: ['device-error'],
    effort: 'standard',
    cost: { calls: 3000, recoveries: 1 },
    run: loadAfterFailure,
  },
  {
    id: 'interactions.loaded-after-unload',
    title:
      'A provider object that is loaded again after OnUnload, where it can be, is as good as a new one: its sink ' +
      'hears of everything, and that of before of nothing',
    requirements: [...REQUIREMENTS, 'VDS-2.5b', 'VDS-2.6', 'VDS-9.1'],
    faults: ['change-object'],
    effort: 'standard',
    cost: { calls: 6000, recoveries: 3 },
    run: loadAfterUnload,
  },
];
