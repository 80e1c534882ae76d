// The command line that repeats a run, or a check of it, from what the run's header says. Every text that a person is
// to paste comes from here.
import type { CheckResult } from '../checks/outcome.js';
import { ENOUGH } from './families.js';
import type { OptionValue, ProviderChoice, RunHeader } from './events.js';

/** Characters that mean nothing to cmd.exe, to PowerShell or to a POSIX shell, wherever in a word they stand. */
const PLAIN = /^[\w./:=+-]+$/;
/**
 * Characters that double quotes do not protect in each of the three shells: variables, command substitution, history,
 * escapes, and the quote itself.
 */
const ALIVE_IN_DOUBLE_QUOTES = /["$`!]|%[^%]+%|\\\\|\\$/;

/**
 * One word of a command line, quoted where it must be. Double quotes serve cmd.exe, PowerShell and POSIX shells alike,
 * so they are used wherever the text allows; the few texts that no quoting carries through all three (with `$`, a
 * backquote, `!`, `%NAME%` or a double quote in them) are quoted for PowerShell and POSIX shells. `\\server\share` is
 * quoted for the two shells of Windows, as no other can use it.
 */
export function quote(text: string): string {
  if (PLAIN.test(text)) return text;
  const path = text.startsWith('\\\\') ? text.slice(2) : text;
  if (!ALIVE_IN_DOUBLE_QUOTES.test(path)) return `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function option(name: string, value: OptionValue): string[] {
  if (typeof value === 'boolean') return [value ? `--${kebab(name)}` : `--no-${kebab(name)}`];
  const values = (typeof value === 'object' ? value : [value]).map(String);
  // A value that looks like an option would be taken for one.
  return values.length === 1 && values[0]?.startsWith('-') === true
    ? [quote(`--${kebab(name)}=${values[0]}`)]
    : [`--${kebab(name)} ${values.map(quote).join(' ')}`];
}

const optionsOf = (values: Readonly<Record<string, OptionValue>> = {}): string[] =>
  Object.entries(values).flatMap(([name, value]) => option(name, value));

/** A setting as --set takes it: text as it is, anything else as JSON. */
const setting = ([name, value]: [string, unknown]): string =>
  `--set ${quote(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`;

/** `rest --set url=http://…`: the provider and its settings, for people and to be pasted after --provider. */
export const providerText = ({ provider, settings = {} }: ProviderChoice): string =>
  [quote(provider), ...Object.entries(settings).map(setting)].join(' ');

/** The options by which a run is the same run again, without its selection. */
export function runOptionsText(header: RunHeader, choice: ProviderChoice = header): string {
  return [
    `--provider ${providerText(choice)}`,
    ...optionsOf(choice.options),
    ...optionsOf(header.limits),
    ...(header.strict ? ['--strict'] : []),
    `--seed ${quote(header.seed)}`,
  ].join(' ');
}

/** Where a repetition writes its reports: never over those that its reader is looking at. */
export const REPEAT_REPORTS = 'reports-again';

/** How to start the program, the way in which the run was started. */
export const programOf = ({ npx }: Pick<RunHeader, 'npx'>): string =>
  npx === true ? 'npx vds-conformance' : 'vds-conformance';

/**
 * The command that runs checks of a run again, with the same provider, settings, limits and seed, and with a reports
 * folder of its own. In a run put together from shards each may have had a system of its own, and a check is shown
 * again where it was seen: all of `checks` are then of one shard.
 */
export function repeatCommand(header: RunHeader, ...checks: readonly string[]): string {
  const choice = shardOf(header, checks[0]) ?? header;
  // As many as a family may have failures before its other cells are left out, and one more.
  const allCells = checks.length > ENOUGH && choice.options?.['allCells'] !== true ? ['--all-cells'] : [];
  return [
    `${programOf(header)} run`,
    runOptionsText(header, choice),
    `--check ${checks.map(quote).join(' ')}`,
    ...allCells,
    `--reports ${REPEAT_REPORTS}`,
  ].join(' ');
}

/**
 * The command that makes the whole run again in which a check was seen, but for its selection where that was not all.
 */
const repeatRunCommand = (header: RunHeader, check: string): string =>
  `${programOf(header)} run ${runOptionsText(header, shardOf(header, check) ?? header)} --reports ${REPEAT_REPORTS}`;

const shardOf = ({ shards }: RunHeader, check: string | undefined): ProviderChoice | undefined =>
  shards?.find((shard) => shard.checks.includes(check ?? ''));

/**
 * The command that shows a failure again: by what was seen to, else by the check itself where nothing was tried, else
 * by the whole run, which is then all that was seen to fail.
 */
export function commandFor(header: RunHeader, { id, reproduction }: Pick<CheckResult, 'id' | 'reproduction'>): string {
  if (reproduction?.status === 'not-reproduced') return repeatRunCommand(header, id);
  const { checks = [] } = reproduction ?? {};
  return repeatCommand(header, ...(checks.length > 0 ? checks : [id]));
}
