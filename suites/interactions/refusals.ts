// What is refused, and must leave everything as it was.
import {
  goThroughRefusals,
  goThroughRefusedSettings,
  requirementsOfRefusedSettings,
  type Check,
} from '../../src/checks/index.js';

export const REFUSALS: readonly Check[] = [
  {
    id: 'interactions.refusals',
    title: 'Every change that a state must refuse is refused as documented, and leaves everything as it was',
    requirements: [
      'VDS-0.2a',
      'VDS-0.2b',
      'VDS-0.2c',
      'VDS-0.2e',
      'VDS-7.2',
      'VDS-7.2c',
      'VDS-7.2d',
      'VDS-7.5b',
      'VDS-7.6',
      'VDS-10.2c',
      'VDS-10.7f',
      'VDS-10.7h',
      'VDS-10.8f',
      'VDS-10.8h',
      'VDS-10.9e',
      'VDS-10.10b',
      'VDS-10.10c',
      'VDS-10.10d',
      'VDS-11.5c',
    ],
    effort: 'standard',
    cost: { calls: 9000, recoveries: 0 },
    run: goThroughRefusals,
  },
  {
    id: 'interactions.refused-settings',
    title:
      'A setting with one argument too few, too many or wrong, of an object of which everything else is set, leaves ' +
      'everything as it was where it is refused',
    requirements: requirementsOfRefusedSettings(),
    effort: 'standard',
    cost: { calls: 6000, recoveries: 0 },
    run: goThroughRefusedSettings,
  },
];
