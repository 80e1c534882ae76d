// The executable specification: what a caller can know of a system, and what each change does to it. It makes no calls.
export {
  COMMANDS,
  commandNamed,
  commandNames,
  commandsApart,
  commandsWithEffect,
  isSetting,
  lastingCommands,
  oneOfEachMethod,
  requirementsOf,
  settingCommands,
  settingsOf,
} from './commands/index.js';
export { numberOf, TARGETS_OF_A_NEW_LUN } from './commands/lun-making.js';
export type { Command, Outcome, Request, Target } from './command.js';
export { falseClaim, idsOfRequest, type Circumstances } from './answers.js';
export { deletedAtTheArray, failsAtTheArray, madeAtTheArray, renamedAtTheArray } from './array-changes.js';
export { agrees, departures, type Departure } from './compare.js';
export { Conservation, useOf, type Imbalance } from './conservation.js';
export { settable } from './commands/equipment.js';
export {
  bytesOf,
  bytesOfLun,
  bytesUnused,
  drivesChanged,
  drivesUnder,
  isEmpty,
  isSpare,
  lunsOn,
} from './drive-extents.js';
export { Expected, limitsOf, OneOf } from './expected.js';
export { after, apply, explain, reachedBy, shownBy, wouldShow, type Explanation, type Played } from './explain.js';
export { divisor, isStriped, Knowledge, newWays, type Ways } from './knowledge.js';
export { Layout, spaceToldBy } from './layout.js';
export { Mirrors } from './mirrors.js';
export { BAD_INPUT, type BadInput, type BadInputKind } from './probes/bad-input.js';
export {
  EnumeratorPosition,
  PROBE_CELLS,
  QUIET_CELLS,
  REFUSED_CELLS,
  type Probe,
  type ProbeCell,
} from './probes/index.js';
export { plausibleArguments, validArguments } from './probes/plausible-arguments.js';
export { nameAfter } from './commands/names.js';
export { FOREIGN_PATH, isTelling } from './probes/queries.js';
export { otherCounts, renaming } from './renaming.js';
export { Sinks } from './sinks.js';
export { Draft, idsIn, memberKey, modelled, SystemState, type Item, type Kind } from './state.js';
export { tour } from './tour.js';
