// Events between the changes of a system, one by one and in generated stories; after each step everything that can be
// observed is compared with the model.
import {
  administer,
  ADMINISTRATIONS,
  CORRUPTION_FORMS,
  defineSuite,
  disconnect,
  failAndRepair,
  livesThrough,
  loseEquipment,
  tellStories,
  troubleWhileRecovering,
  vanish,
  type Check,
  type Effort,
} from '../src/checks/index.js';

const REQUIREMENTS = ['VDS-4.1a', 'VDS-7.1a', 'VDS-10.6', 'VDS-1.4a', 'VDS-10.11'];
/** The calls and recoveries of a story, on average. */
const CALLS = 8000;
const RECOVERIES = 5;

const stories = (id: string, effort: Effort, numRuns: number): Check => ({
  id: `stories.${id}`,
  title: `${numRuns} generated stories of changes, damage and recovery go as the documents say`,
  requirements: ['VDS-2.4', 'VDS-2.5a', 'VDS-2.5b', 'VDS-5.3', 'VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', ...REQUIREMENTS],
  faults: [
    ...CORRUPTION_FORMS.slice(0, -1),
    'change-object',
    'recreate-object',
    'import-lun',
    'delete-object',
    'disconnect',
    'device-error',
    'fail-status',
  ],
  effort,
  cost: { calls: numRuns * CALLS, recoveries: numRuns * RECOVERIES },
  run: (ctx) => tellStories(ctx, numRuns, 'troubled'),
});

export const suite = defineSuite('stories', 'What happens to a system, and generated stories', [
  {
    id: 'stories.neighbours-vanish',
    title:
      'Objects beside each other that vanish at the array, one while its entry is damaged, are all gone ' +
      'after Reenumerate and Refresh, and nothing else is',
    requirements: ['VDS-7.1a', 'VDS-6.7a', 'VDS-9.6e'],
    faults: ['delete-object'],
    cost: { calls: 5000, recoveries: 2 },
    run: (ctx) => livesThrough(ctx, (player, n) => vanish(player, 2, n), [2, 1]),
  },
  {
    id: 'stories.changed-at-the-array',
    title:
      'What an administrator changes at the array and what a caller changes before Reenumerate and Refresh is there ' +
      'after them, and nothing else is changed',
    requirements: ['VDS-5.3', 'VDS-7.1a', 'VDS-4.1a'],
    faults: ['change-object', 'recreate-object', 'import-lun', 'delete-object'],
    effort: 'standard',
    cost: { calls: 9000, recoveries: 8 },
    run: (ctx) => livesThrough(ctx, administer, ADMINISTRATIONS),
  },
  {
    id: 'stories.equipment-goes',
    title:
      'After a portal, a controller, a storage pool or an unused drive was taken out of the array, what had depended ' +
      'on it is possible with what is left',
    requirements: ['VDS-5.3', 'VDS-7.1a', 'VDS-7.2', 'VDS-10.10', 'VDS-11.2c'],
    faults: ['delete-object'],
    // Its connections would be cut off.
    capabilities: ['disposable'],
    effort: 'standard',
    cost: { calls: 18000, recoveries: 4 },
    run: loseEquipment,
  },
  {
    id: 'stories.subsystem-returns',
    title: 'A subsystem that was disconnected over a recovery comes back with all that it had',
    requirements: ['VDS-4.1a', 'VDS-5.5d', 'VDS-7.1a'],
    faults: ['disconnect'],
    effort: 'standard',
    cost: { calls: 6000, recoveries: 4 },
    run: (ctx) => livesThrough(ctx, disconnect, [0, 3]),
  },
  {
    id: 'stories.failed-and-repaired',
    title:
      'A device that fails at the array, and is repaired, is reported so after each pair, and all is then as before',
    requirements: ['VDS-5.3', 'VDS-4.1a'],
    faults: ['fail-status'],
    effort: 'standard',
    cost: { calls: 8000, recoveries: 8 },
    run: (ctx) => livesThrough(ctx, failAndRepair, [0, 5, 10, 3]),
  },
  {
    id: 'stories.errors-while-recovering',
    title: 'Errors of the array while the caller recovers take nothing away',
    requirements: ['VDS-7.1a', 'VDS-5.5d', 'VDS-4.1a'],
    faults: ['device-error'],
    effort: 'standard',
    cost: { calls: 8000, recoveries: 8 },
    run: (ctx) => livesThrough(ctx, troubleWhileRecovering, [0, 1, 2, 3]),
  },
  stories('few', 'quick', 2),
  stories('some', 'standard', 5),
  stories('many', 'full', 22),
  {
    id: 'stories.long',
    title: '20 generated stories of changes alone, which are longer, go as the documents say',
    requirements: REQUIREMENTS,
    effort: 'full',
    cost: { calls: 20 * CALLS, recoveries: 0 },
    run: (ctx) => tellStories(ctx, 20, 'quiet'),
  },
]);
