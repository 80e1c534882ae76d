// The commands and the file by which a lab's own tools change a system behind its provider's back, as a configuration
// gives them (docs/device-faults.md). What is done with them is command.ts and cache-file.ts.
import { z } from 'zod';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import type { FaultKind } from '../kinds.js';
import { COMMAND_LIMIT, placeholdersOf, splitCommand, type CommandText } from './run-command.js';

const text = z.union([z.string().min(1), z.array(z.string()).min(1)]);
const timeLimit = z
  .number()
  .int()
  .positive()
  .optional()
  .describe(`milliseconds that the command may take (default ${COMMAND_LIMIT})`);
const commandThat = (does: string) =>
  z
    .strictObject({
      command: text.describe('a command line, or an array of the program and its arguments; run without a shell'),
      timeLimit,
    })
    .describe(does);
const lasting = (does: string, heals: string) =>
  commandThat(does)
    .extend({ heal: text.describe(heals) })
    .describe(does);

/** The members of a configuration. */
export const deviceShape = {
  faults: z
    .strictObject({
      objectDeletion: commandThat('deletes the object at the array').optional(),
      objectChange: lasting(
        'gives the object another friendly name at the array',
        'puts the old name, {friendlyName}, back',
      ).optional(),
      disconnection: lasting('pulls a drive, or the cable of a subsystem', 'puts it back').optional(),
      statusFailure: lasting('lets the object fail', 'repairs it').optional(),
      cacheCorruption: z.strictObject({ file: z.string().min(1).describe('as --cache-file, which wins') }).optional(),
    })
    .optional()
    .describe("faults behind the provider's back"),
  restart: commandThat("ends the provider's process, if it runs, and starts it").optional(),
  import: commandThat(
    'imports a LUN of a shadow-copy set on the subsystem {objectId}; may write {"newObject": "<id>"}',
  ).optional(),
  groundTruth: commandThat('writes the truth as JSON (docs/control-interface.md)').optional(),
} as const;

const schema = z.strictObject(deviceShape);
type Given = z.output<typeof schema>;

/** The configured commands that change or read a system, as plain data. */
export type DeviceCommands = Omit<Given, 'faults'> & {
  readonly faults?: Omit<NonNullable<Given['faults']>, 'cacheCorruption'> | undefined;
};

/** The kind of fault that each command of `faults` makes. */
export const KIND_OF = {
  objectDeletion: 'delete-object',
  objectChange: 'change-object',
  disconnection: 'disconnect',
  statusFailure: 'fail-status',
} as const satisfies Record<string, FaultKind>;

/** The values of an object for a command's placeholders. */
const PLACEHOLDERS = ['objectId', 'objectType', 'subSystemId', 'identification', 'friendlyName'] as const;

function mustBeRunnable(member: string, command: CommandText, known: readonly string[]): void {
  let args: readonly string[];
  try {
    args = splitCommand(command);
  } catch (error) {
    throw new ConfigurationError(`${member}: ${messageOf(error)}`, {
      hint: 'docs/device-faults.md has examples.',
      cause: error,
    });
  }
  const unknown = placeholdersOf(args).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigurationError(`${member}: unknown placeholder {${unknown[0]}}`, {
      hint:
        known.length === 0
          ? 'This command is about no object and takes no placeholder.'
          : `It may hold ${known.map((n) => `{${n}}`).join(', ')}.`,
    });
  }
}

/**
 * The commands among the members of a configuration, and the cache file; undefined for neither. Throws
 * ConfigurationError for a command that cannot be run as it stands.
 */
export function deviceCommandsOf(members: Readonly<Record<string, unknown>>): {
  readonly commands: DeviceCommands | undefined;
  readonly cacheFile: string | undefined;
} {
  const { faults: { cacheCorruption, ...faults } = {}, ...others } = schema.parse(
    Object.fromEntries(
      Object.keys(deviceShape).flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
    ),
  );
  for (const [name, fault] of Object.entries(faults)) {
    if (fault === undefined) continue;
    mustBeRunnable(`faults.${name}.command`, fault.command, PLACEHOLDERS);
    if ('heal' in fault) mustBeRunnable(`faults.${name}.heal`, fault.heal, PLACEHOLDERS);
  }
  if (others.import !== undefined) {
    mustBeRunnable('import.command', others.import.command, PLACEHOLDERS);
    if (faults.objectDeletion === undefined)
      throw new ConfigurationError('import.command is there without faults.objectDeletion.command', {
        hint: 'What was imported is removed by the latter when the check ends.',
      });
  }
  if (others.restart !== undefined) mustBeRunnable('restart.command', others.restart.command, []);
  if (others.groundTruth !== undefined) mustBeRunnable('groundTruth.command', others.groundTruth.command, []);
  const commands = { ...others, ...(Object.keys(faults).length === 0 ? {} : { faults }) };
  return { commands: Object.keys(commands).length === 0 ? undefined : commands, cacheFile: cacheCorruption?.file };
}
