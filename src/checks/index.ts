// Everything that a suite imports: a check and its context, what checks share, and the few things of the floors below
// that checks speak of. The contract's codes, types and enumerations come from src/contract/index.ts.
export { defineSuite, type Check, type Effort, type Suite } from './check.js';
export type { Context } from './context.js';
export { LeftBehind } from './life.js';
export { type Departed, disconnectedAs, pulledAs, saysDeleted } from './departed.js';
export * from './devices.js';
export { untilNotBusy } from '../faults/recover.js';
export { deleteReleased } from '../lab/deletion.js';
export * from './equipment.js';
export { HeldSystem } from './recovery/held-system.js';
export { disconnect, failAndRepair, troubleWhileRecovering, vanish } from './interactions/events.js';
export { CHANGES_WHEN_LOADED, loadAfterFailure, loadAfterUnload } from './interactions/loaded-again.js';
export { loseEquipment } from './interactions/losses.js';
export { livesThrough, tellStories } from './interactions/stories.js';
export {
  costOfTour,
  requirementsOfChanges,
  requirementsOfTour,
  type Part,
  type Tour,
} from './interactions/tour-plan.js';
export { besideAnother } from './interactions/second-instance.js';
export { costOfStates, requirementsOfStates } from './interactions/states/scope.js';
export { goThroughStates, type StateTour } from './interactions/states/tour.js';
export { STATES_OF_OBJECTS } from './interactions/states/kinds.js';
export { goOnTour, holdReferences } from './interactions/tours.js';
export { goThroughQueries, goThroughRefusals, REQUIREMENTS_OF_QUERIES } from './interactions/probing/every-probe.js';
export * from './provider-object.js';
export { readAtOnce, REQUIREMENTS_OF_READING_AT_ONCE } from './interactions/probing/reads-at-once.js';
export { goThroughProviderPhases, REQUIREMENTS_OF_PHASES } from './interactions/provider-phases.js';
export { goThroughRefusedSettings, requirementsOfRefusedSettings } from './interactions/calls/refused-settings.js';
export { goThroughRequests, requirementsOfRequests } from './interactions/requests.js';
export {
  BAD_INPUT,
  commandNames,
  commandsWithEffect,
  EnumeratorPosition,
  lastingCommands,
  oneOfEachMethod,
  plausibleArguments,
  settingCommands,
  settingsOf,
  tour,
  type BadInput,
  type BadInputKind,
  divisor,
} from '../model/index.js';
export * from './iscsi.js';
export { modestHints, NO_ROOM, OF_THE_LAB, refusesAnyRequest } from './lun-habits.js';
export * from './lun-requests.js';
export * from '../contract/lun-types.js';
export {
  importTargetOf,
  importTargetValue,
  noImportTarget,
  type ImportTargetDialect,
  type ImportTargetSubject,
} from './import-target.js';
export type { CreatedLun, CreatedTarget, LunWish } from './make.js';
export * from './notifications.js';
export { ended, judgedStatus, putsOff } from './operations.js';
export { attempt, DutyBroken, NotApplicable, wherePossible, whereSupported, type Evidence } from './outcome.js';
export { RecoveryCase } from './recovery-case.js';
export { ofThose, Sharing, type Lacking } from './recovery/sharing.js';
export { damageEntries, damageSome, everyId, smallSystems, type SmallSystem } from './recovery/small-system.js';
export { administer, ADMINISTRATIONS } from './interactions/array-changes.js';
export { refusesUntilLoaded, secondProvider, loadBeside, type SecondProvider } from './interactions/second-provider.js';
export { watchValues } from './unchanged.js';
export { supportsVersion } from './versions.js';
export { CORRUPTION_FORMS, type CorruptionForm, type FaultKind } from '../faults/kinds.js';
export { CHAINS, during, MOMENTS, type Call, type Moment, type Scene } from '../faults/moments.js';
export type { InjectedFault } from '../faults/routes/route.js';
export { UNKNOWN_ID } from '../contract/nobodys-ids.js';
export { initialize, load, type LoadedProvider } from '../lab/system.js';
export {
  HarnessError,
  ProviderCrashed,
  ProviderNotLoaded,
  ProviderProtocolError,
  ProviderUnreachable,
} from '../port/errors.js';
export type * from '../port/generated/typed.js';
export { MAKEABLE, madeBy, type MakeableKind } from '../port/made-objects.js';
export { VdsObject, type Result } from '../port/objects.js';
export type { TransportFault } from '../port/port.js';
export type { CallRecord } from '../port/trace.js';
export { displayName, eventName, formatValue, hresult, inWords, named, nameIn } from '../port/show-value.js';
export { KIND_BY_STRUCTURE } from '../port/labels.js';
export {
  compareInventories,
  isPassing,
  compareObservations,
  describeDifference,
  sameMember,
  sameImportTarget,
  SETTLING,
  unmasked,
} from '../truth/compare.js';
export type { Observation } from '../truth/observation.js';
export { inconsistencies, RULES as CONSISTENCY_RULES } from '../truth/consistency.js';
export { reporterOf } from '../truth/getters.js';
export { requirementOf } from '../truth/member-requirements.js';
export { allObjects, without, type Inventory, type ObjectState } from '../truth/inventory.js';
