// Every command of the model.
import { method } from '../../contract/tables.js';
import type { Command } from '../command.js';
import type { Kind } from '../state.js';
import { DRIVE_COMMANDS } from './drives.js';
import { EQUIPMENT_COMMANDS } from './equipment.js';
import { IMPORT_TARGET_COMMANDS } from './import-target.js';
import { IPSEC_COMMANDS } from './ipsec.js';
import { LUN_MAKING_COMMANDS } from './lun-making.js';
import { LUN_SETTING_COMMANDS } from './lun-settings.js';
import { LUN_SIZE_COMMANDS } from './lun-size.js';
import { MAINTENANCE_COMMANDS } from './maintenance.js';
import { MULTIPATH_COMMANDS } from './multipath.js';
import { PLEX_COMMANDS } from './plexes.js';
import { POOL_COMMANDS } from './pools.js';
import { PORTAL_GROUP_COMMANDS } from './portal-groups.js';
import { PORT_COMMANDS } from './ports.js';
import { TARGET_COMMANDS } from './targets.js';

const ALL: readonly Command[] = [
  ...IMPORT_TARGET_COMMANDS,
  ...LUN_MAKING_COMMANDS,
  ...LUN_SIZE_COMMANDS,
  ...LUN_SETTING_COMMANDS,
  ...PLEX_COMMANDS,
  ...TARGET_COMMANDS,
  ...PORTAL_GROUP_COMMANDS,
  ...EQUIPMENT_COMMANDS,
  ...PORT_COMMANDS,
  ...DRIVE_COMMANDS,
  ...POOL_COMMANDS,
  ...MULTIPATH_COMMANDS,
  ...MAINTENANCE_COMMANDS,
  ...IPSEC_COMMANDS,
];

/** The commands that are crossed with each other. */
export const COMMANDS: readonly Command[] = ALL.filter((c) => c.apart !== true);

/** The names of the others, each of whose requests is made by itself. */
export const commandsApart = (): readonly string[] => ALL.filter((c) => c.apart === true).map((c) => c.name);

/** The command of that name. Throws RangeError where there is none. */
export function commandNamed(name: string): Command {
  const found = ALL.find((c) => c.name === name);
  if (found === undefined) throw new RangeError(`the model has no command ${name}`);
  return found;
}

/** Every command by its name. */
export const commandNames = (): readonly string[] => COMMANDS.map((c) => c.name);

/** The commands that a provider may carry out, and after which something is as it was not before. */
export const commandsWithEffect = (): readonly string[] =>
  COMMANDS.filter((c) => c.refusal === undefined && c.touches.length > 0).map((c) => c.name);

/** The commands that start an operation, and that a provider may carry out. */
export const lastingCommands = (): readonly string[] =>
  COMMANDS.filter(
    (c) =>
      c.refusal === undefined && method(c.method).outs.some(({ type }) => 'name' in type && type.name === 'IVdsAsync'),
  ).map((c) => c.name);

/** Of commands of one method, the first. */
export const oneOfEachMethod = (names: readonly string[]): readonly string[] =>
  [...new Map(names.toReversed().map((name) => [commandNamed(name).method, name])).values()].toReversed();

/** Whether a command only sets something of its object, at once, and to a value that is then known. */
export const isSetting = (name: string): boolean => {
  const { outs, name: called } = method(commandNamed(name).method);
  return outs.length === 0 && /^(?:Set|Associate|Apply)/.test(called);
};

/** The settings of a kind of object that no other depends on, as on a status. */
export const settingsOf = (kind: Kind): readonly string[] =>
  COMMANDS.filter(
    (c) => c.on === kind && c.refusal === undefined && isSetting(c.name) && !c.touches.includes('status'),
  ).map((c) => c.name);

/** Of each interface the first of them that only sets something of an object, to a value that is then known. */
export function settingCommands(): readonly string[] {
  const settings = commandsWithEffect().map((name) => ({ name, called: method(commandNamed(name).method) }));
  const byInterface = new Map<string, string>();
  for (const { name, called } of settings)
    if (isSetting(name) && called.name !== 'ApplyHints' && !byInterface.has(called.interfaceName))
      byInterface.set(called.interfaceName, name);
  return [...byInterface.values()];
}

/**
 * The requirements that these commands may be found to break, by their effects and by answers that must not be given.
 */
export const requirementsOf = (names: readonly string[]): readonly string[] => [
  ...new Set(
    names
      .map(commandNamed)
      .flatMap(({ requirements, refusal, promised, allowedBy, refusable, choice }) => [
        ...requirements,
        ...[refusal?.requirement, promised?.requirement, allowedBy, refusable?.requirement, choice?.requirement].filter(
          (id) => id !== undefined,
        ),
      ]),
  ),
];
