// Every change after every other: tours of the model's commands, each step compared with what the documents say that it does, and with nothing else
// having changed.
import { defineSuite, goOnTour, requirementsOfTour, type Check, type Effort, type Tour } from '../src/checks/index.js';

const IMPORT_TARGET = ['set-import-target', 'clear-import-target', 'create-target', 'delete-target', 'name-target'];
const LUNS = [
  'create-lun',
  'delete-lun',
  'extend-lun',
  'shrink-lun',
  'mask-lun',
  'name-lun',
  'hint-lun',
  'set-lun-status',
  'associate-targets',
  'associate-controllers',
];
const SPACE = [
  'create-lun',
  'create-mirror',
  'create-stripe',
  'create-span',
  'delete-lun',
  'extend-lun',
  'shrink-lun',
  'extend-lun-too-far',
  'shrink-lun-too-far',
  'add-plex',
  'add-smaller-plex',
  'remove-plex',
  'recover-lun',
  'hint-plex',
];
const TARGETS = [
  'create-target',
  'create-taken-target',
  'delete-target',
  'delete-target-in-use',
  'name-target',
  'set-secret',
  'clear-secret',
  'remember-secret',
  'associate-targets',
  'associate-unknown-target',
];
const GROUPS = [
  'create-portal-group',
  'delete-portal-group',
  'delete-portal-group-in-use',
  'add-portal',
  'remove-portal',
  'create-target',
  'delete-target',
  'set-portal-status',
];
const EQUIPMENT = [
  'set-controller-status',
  'set-controllers',
  'flush-cache',
  'invalidate-cache',
  'reset-controller',
  'associate-controllers',
  'name-subsystem',
  'set-portal-status',
  'reenumerate',
  'refresh',
  'reenumerate-subsystem',
];

const tourOf = (id: string, effort: Effort, subject: string, tour: Tour): Check => ({
  id: `interactions.${id}`,
  title: `Each change of ${subject}, after each other one, has its documented effect and no other`,
  requirements: requirementsOfTour(tour),
  effort,
  cost: { calls: tour.commands.length ** 2 * 120, recoveries: 0 },
  run: (ctx) => goOnTour(ctx, tour),
});

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
  tourOf('luns', 'quick', 'a LUN', { commands: LUNS, scenery: ['luns', 'targets'], relation: 'mixed' }),
  tourOf('targets', 'quick', 'a target', { commands: TARGETS, scenery: ['luns', 'targets'], relation: 'mixed' }),
  tourOf('space', 'standard', 'the space and plexes of LUNs', {
    commands: SPACE,
    scenery: ['luns', 'targets'],
    relation: 'mixed',
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
]);
