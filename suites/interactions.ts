// Every change after every other: tours of the model's commands, each step compared with what the documents say that it
// does, and with nothing else having changed.
import {
  besideAnother,
  commandNames,
  defineSuite,
  CORRUPTION_FORMS,
  costOfTour,
  goOnTour,
  goThroughProviderPhases,
  goThroughQueries,
  goThroughRequests,
  holdReferences,
  REQUIREMENTS_OF_PHASES,
  REQUIREMENTS_OF_QUERIES,
  requirementsOfRequests,
  oneOfEachMethod,
  readAtOnce,
  REQUIREMENTS_OF_READING_AT_ONCE,
  requirementsOfTour,
  settingsOf,
  type Check,
  type Effort,
  type Part,
  type Tour,
} from '../src/checks/index.js';
import {
  IMPORT_TARGET,
  LUNS,
  SPACE,
  TARGETS,
  GROUPS,
  EQUIPMENT,
  DRIVES,
  EXTRAS,
  IDLE,
  PORTS,
  PATHS,
  ASSOCIATIONS,
  LASTING,
  LASTING_OF_GROUPS,
  LASTING_OF_ONE,
  AT_ONCE,
  CANCELLABLE,
  SETTING_ASIDE,
  DEGRADED,
  SETTERS,
  ABOUT_OTHERS,
  ACKNOWLEDGED,
  SETTINGS,
} from './interactions/commands.js';
import { LOADED_AGAIN } from './interactions/loaded-again.js';
import { REFUSALS } from './interactions/refusals.js';
import { stateTours } from './interactions/states.js';

/** The walk over all pairs is cut into so many checks. */
const PARTS = 10;
const parts = (of: number): readonly Part[] => Array.from({ length: of }, (_, i) => ({ number: i + 1, of }));

const titledTour = (id: string, effort: Effort, title: string, tour: Tour): Check => ({
  id: `interactions.${id}`,
  title,
  requirements: requirementsOfTour(tour),
  effort,
  cost: costOfTour(tour),
  run: (ctx) => goOnTour(ctx, tour),
});

/**
 * A provider may notice with the first call that a subsystem is away, so that each command is the first once; what are
 * the first in different subsystems share a recovery.
 */
const awayTour = (id: string, effort: Effort, subject: string, commands: readonly string[]): Check => ({
  ...titledTour(
    id,
    effort,
    `${subject} that is acknowledged while a subsystem is disconnected ` +
      'holds when it is back, after Reenumerate and Refresh',
    { commands, scenery: ['luns', 'targets'], relation: 'same', between: 'away', once: true, width: 2 },
  ),
  faults: ['disconnect'],
});

/** Each change once, a row of them to a recovery, with entries damaged in a form that a provider can notice. */
const damagingTour = (
  id: string,
  title: string,
  tour: Pick<Tour, 'commands' | 'between'> & { width: number },
): Check => ({
  ...titledTour(id, 'standard', title, { ...tour, scenery: ['luns', 'targets'], relation: 'mixed', once: true }),
  faults: CORRUPTION_FORMS.slice(0, -1),
});

/** A change is refused because of a failure, or carried out whole. */
const degradedTour = (what: string, fails: NonNullable<Tour['fails']>): Check => ({
  ...titledTour(
    `degraded.${what}`,
    'standard',
    `A change of a LUN of which ${what === 'lun' ? 'the status is FAILED' : `a ${what} has failed`} has its ` +
      'documented effect and no other',
    { commands: DEGRADED, scenery: ['luns', 'targets'], relation: 'same', between: 'degraded', fails, once: true },
  ),
  faults: ['fail-status'],
});

const tourOf = (id: string, effort: Effort, subject: string, tour: Tour): Check =>
  titledTour(
    id,
    effort,
    `Each change of ${subject}, after each other one, has its documented effect and no other`,
    tour,
  );

export const suite = defineSuite('interactions', 'Interactions of changes', [
  tourOf('import-target.same', 'quick', 'the import target and targets of one subsystem', {
    commands: IMPORT_TARGET,
    scenery: ['targets'],
    relation: 'same',
  }),
  tourOf('import-target.other', 'quick', 'the import target and targets of two subsystems', {
    commands: IMPORT_TARGET,
    scenery: ['targets'],
    relation: 'other',
  }),
  tourOf('import-target.overlapping', 'standard', 'the import target, begun while LUNs and targets change', {
    commands: [
      'set-import-target',
      'clear-import-target',
      'create-lun',
      'extend-lun',
      'create-target',
      'delete-target',
    ],
    scenery: ['luns', 'targets'],
    relation: 'same',
    between: 'overlap',
  }),
  tourOf('import-target.recovering', 'standard', 'the import target and targets, around Reenumerate and Refresh', {
    commands: ['set-import-target', 'clear-import-target', 'delete-target', 'reenumerate', 'refresh'],
    scenery: ['targets'],
    relation: 'mixed',
  }),
  tourOf('luns', 'quick', 'a LUN', { commands: LUNS, scenery: ['luns', 'targets'], relation: 'mixed' }),
  tourOf('targets', 'quick', 'a target', { commands: TARGETS, scenery: ['luns', 'targets'], relation: 'mixed' }),
  {
    id: 'interactions.references',
    title: 'Reading the whole system leaves no reference to anything behind',
    requirements: ['VDS-12.3'],
    cost: { calls: 4000, recoveries: 0 },
    run: holdReferences,
  },
  {
    id: 'interactions.queries',
    title:
      'Every query, with each class of argument, by every enumerator and of what is gone, is answered as the state ' +
      'requires, and changes nothing',
    requirements: REQUIREMENTS_OF_QUERIES,
    effort: 'standard',
    cost: { calls: 22000, recoveries: 0 },
    run: goThroughQueries,
  },
  {
    id: 'interactions.reads-at-once',
    title:
      'Queries, Reenumerate and Refresh that overlap are carried out as alone, or refused as busy, and change nothing',
    requirements: REQUIREMENTS_OF_READING_AT_ONCE,
    capabilities: ['parallelCalls'],
    effort: 'standard',
    cost: { calls: 4300, recoveries: 2 },
    run: readAtOnce,
  },
  ...REFUSALS,
  {
    id: 'interactions.requests',
    title:
      'Each type of LUN, and what else is seldom asked for, is made as asked for, or refused as documented, alike ' +
      'each time',
    requirements: requirementsOfRequests(),
    cost: { calls: 6000, recoveries: 0 },
    run: goThroughRequests,
  },
  {
    id: 'interactions.provider-objects',
    title:
      'A provider object that is made, loaded, loaded again or in vain, and unloaded answers as in that phase, and ' +
      'the next one finds what it found',
    requirements: REQUIREMENTS_OF_PHASES,
    faults: ['device-error'],
    cost: { calls: 150, recoveries: 1 },
    run: goThroughProviderPhases,
  },
  tourOf('associations', 'quick', 'what LUNs and targets have to do with each other', {
    commands: ASSOCIATIONS,
    scenery: ['luns', 'targets'],
    relation: 'same',
  }),
  tourOf('overlapping', 'standard', 'LUNs and targets, begun while another is under way', {
    commands: LASTING,
    scenery: ['luns', 'targets'],
    relation: 'mixed',
    between: 'overlap',
  }),
  tourOf('overlapping.same', 'standard', 'one LUN or target, begun while another of it is under way', {
    commands: LASTING_OF_ONE,
    scenery: ['luns', 'targets'],
    relation: 'same',
    between: 'overlap',
  }),
  tourOf('overlapping.portal-groups', 'standard', 'one portal group, begun while another of it is under way', {
    commands: LASTING_OF_GROUPS,
    scenery: ['targets'],
    relation: 'same',
    between: 'overlap',
  }),
  titledTour(
    'overlapping.twice',
    'standard',
    'Two operations of one method that are under way at once, on one object or on two, have both their effects, ' +
      'or one is refused',
    { commands: CANCELLABLE, scenery: ['luns', 'targets'], relation: 'same', between: 'twice', once: true },
  ),
  ...[3, 4].map((width) =>
    tourOf(`at-once.${width}`, 'standard', `LUNs and targets, ${width} of them under way at once`, {
      commands: AT_ONCE,
      scenery: ['luns', 'targets'],
      relation: 'mixed',
      between: 'overlap',
      width,
      sample: 24,
    }),
  ),
  ...parts(PARTS).map((part) =>
    tourOf(`everything.${part.number}`, 'full', `everything, part ${part.number} of ${part.of}`, {
      commands: commandNames(),
      scenery: ['luns', 'targets'],
      relation: 'mixed',
      thorough: true,
      part,
    }),
  ),
  tourOf('in-a-row', 'full', 'everything, three in a row as the seed has them', {
    commands: commandNames(),
    scenery: ['luns', 'targets'],
    relation: 'mixed',
    sample: 600,
  }),
  tourOf('reloaded', 'standard', 'the import target and targets, with the provider loaded anew', {
    commands: ['set-import-target', 'clear-import-target', 'create-target', 'delete-target', 'set-secret'],
    scenery: ['luns', 'targets'],
    relation: 'mixed',
    between: 'reload',
  }),
  {
    id: 'interactions.second-instance',
    title:
      'What is changed through one provider object is found by another one after its Reenumerate and Refresh, and ' +
      'nothing else is changed',
    requirements: [
      'VDS-5.3',
      'VDS-2.4',
      'VDS-2.5a',
      'VDS-2.5b',
      'VDS-3.6',
      'VDS-4.1a',
      'VDS-7.1a',
      'VDS-9.6b',
      'VDS-10.13c',
    ],
    effort: 'standard',
    cost: { calls: 31000, recoveries: 14 },
    run: besideAnother,
  },
  titledTour(
    'reloaded.each',
    'standard',
    'A change after the provider was loaded anew has its documented effect and no other, and is announced as before',
    {
      commands: ACKNOWLEDGED,
      scenery: ['luns', 'targets'],
      relation: 'mixed',
      between: 'reload',
      once: true,
    },
  ),
  ...LOADED_AGAIN,
  tourOf('space', 'standard', 'the space and plexes of LUNs', {
    commands: SPACE,
    scenery: ['luns', 'targets'],
    relation: 'mixed',
    room: true,
  }),
  tourOf('portal-groups', 'standard', 'portal groups and portals', {
    commands: GROUPS,
    scenery: ['targets'],
    relation: 'mixed',
  }),
  tourOf('equipment', 'standard', 'controllers, portals and names', {
    commands: EQUIPMENT,
    scenery: ['luns', 'targets'],
    relation: 'mixed',
  }),
  tourOf('ports', 'standard', 'controller ports and the LUNs that are active on them', {
    commands: PORTS,
    scenery: ['luns'],
    relation: 'mixed',
  }),
  tourOf('paths', 'standard', 'the paths to a LUN', { commands: PATHS, scenery: ['luns'], relation: 'same' }),
  tourOf('drives', 'standard', 'drives that hold nothing, or LUNs of the run', {
    commands: DRIVES,
    scenery: ['luns'],
    relation: 'same',
    room: true,
  }),
  tourOf('extras', 'standard', 'LUNs made in pools and by second versions, and of the paths to them', {
    commands: EXTRAS,
    scenery: ['luns'],
    relation: 'mixed',
  }),
  ...stateTours,
  titledTour(
    'idle',
    'standard',
    'A change that nothing reports, such as a maintenance operation, changes nothing else',
    {
      commands: IDLE,
      scenery: ['luns', 'targets'],
      relation: 'mixed',
      once: true,
    },
  ),
  titledTour(
    'cancelled',
    'standard',
    'An operation that was cancelled has changed nothing, keeps nothing for itself, and can be started again',
    {
      commands: CANCELLABLE,
      scenery: ['luns', 'targets'],
      relation: 'same',
      between: 'cancel',
      once: true,
    },
  ),
  titledTour(
    'alike',
    'standard',
    'Of two objects that are set alike, one keeps its setting when the other is set otherwise',
    {
      commands: (['IVdsLun', 'IVdsIscsiTarget', 'IVdsLunPlex'] as const).flatMap(settingsOf),
      scenery: ['luns', 'targets'],
      relation: 'same',
      between: 'alike',
      once: true,
    },
  ),
  titledTour(
    'during',
    'standard',
    'A setting that is made while an operation on its object is under way holds, and so does the operation',
    {
      commands: CANCELLABLE,
      scenery: ['luns', 'targets'],
      relation: 'same',
      between: 'during',
      once: true,
    },
  ),
  titledTour(
    'over-recovery',
    'standard',
    'An operation that is under way while Reenumerate and Refresh are called has its documented effect and no other',
    {
      commands: CANCELLABLE,
      scenery: ['luns', 'targets'],
      relation: 'same',
      between: 'over recovery',
      once: true,
      width: 3,
    },
  ),
  {
    ...titledTour(
      'unanswered',
      'standard',
      'An operation whose array does not answer says at once, each time, that it is under way, and ends as it should ' +
        'when the array answers, or stays undone where it was cancelled',
      {
        commands: oneOfEachMethod(CANCELLABLE),
        scenery: ['luns', 'targets'],
        relation: 'same',
        between: 'hang',
        once: true,
        width: 3,
      },
    ),
    capabilities: ['parallelCalls'],
    faults: ['latency', 'hang'],
  },
  {
    ...titledTour(
      'lost',
      'standard',
      'An operation whose subsystem is lost changes nothing where it fails, and keeps nothing for itself: the same ' +
        'can be asked for again',
      {
        commands: oneOfEachMethod(SETTING_ASIDE),
        scenery: ['luns', 'targets'],
        relation: 'same',
        between: 'lost',
        once: true,
      },
    ),
    faults: ['latency', 'disconnect'],
  },
  titledTour(
    'between-the-pair',
    'standard',
    'A change between Reenumerate and Refresh has its documented effect and no other, and a setting again afterwards',
    {
      commands: SETTERS,
      scenery: ['luns', 'targets'],
      relation: 'same',
      between: 'recovery',
      once: true,
    },
  ),
  damagingTour(
    'damaged',
    'A change that is acknowledged while the cache is damaged holds after Reenumerate and Refresh',
    { commands: ACKNOWLEDGED, between: 'damage', width: 6 },
  ),
  damagingTour(
    'damaged.beside',
    "A change that is acknowledged while the entries of its object's parts, or of what it names, are damaged holds " +
      'after Reenumerate and Refresh',
    { commands: ABOUT_OTHERS, between: 'damage beside', width: 3 },
  ),
  damagingTour(
    'repaired',
    'What was changed holds when the entries of all that is concerned are damaged afterwards, and recovered',
    { commands: ACKNOWLEDGED, between: 'repair', width: 12 },
  ),
  {
    ...titledTour(
      'trouble',
      'standard',
      'A change, and whatever is asked, while the array errs or is slow, or there is no memory, is carried out or ' +
        'refused as it may be',
      {
        commands: ACKNOWLEDGED,
        scenery: ['luns', 'targets'],
        relation: 'mixed',
        between: 'trouble',
        width: 8,
        once: true,
      },
    ),
    faults: ['device-error', 'exhaust-memory', 'latency'],
  },
  ...(
    [
      ['plex', 'IVdsLunPlex'],
      ['drive', 'IVdsDrive'],
      ['lun', 'IVdsLun'],
    ] as const
  ).map(([what, fails]) => degradedTour(what, fails)),
  awayTour('away', 'standard', 'A setting', SETTINGS),
  // Settings have a tour of their own.
  awayTour(
    'away.everything',
    'full',
    'A change',
    ACKNOWLEDGED.filter((name) => !SETTINGS.includes(name)),
  ),
]);
