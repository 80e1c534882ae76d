// Loads the suites and selects among their checks.
import { requirement, type Level } from '../contract/requirements.js';
import { didYouMean, hints } from '../port/did-you-mean.js';
import { ConfigurationError, messageOf } from '../port/errors.js';
import { DEFAULT_EFFORT, EFFORTS, type Check, type Effort, type Suite } from '../checks/check.js';

/** The suites that the module exports as `SUITES`, by its file URL. */
export async function loadSuites(module: string): Promise<readonly Suite[]> {
  const { SUITES } = (await import(module)) as { readonly SUITES?: readonly Suite[] };
  if (SUITES === undefined) throw new ConfigurationError(`${module} does not export SUITES`);
  return SUITES;
}

/** The levels by which checks can be selected. */
export const LEVELS_TO_SELECT = ['MUST', 'SHOULD', 'AMBIGUOUS'] as const satisfies readonly Level[];

export interface Selection {
  /** Names of suites; none means all. */
  readonly suites?: readonly string[];
  /** Ids of checks, or ids ending in `*`; none means all. */
  readonly checks?: readonly string[];
  /** A regular expression that a check's id or title must match. */
  readonly grep?: string | undefined;
  /** A level that at least one of a check's requirements must have. */
  readonly level?: (typeof LEVELS_TO_SELECT)[number] | undefined;
  /** `standard` unless given; checks named one by one are taken whatever their effort. */
  readonly effort?: Effort;
}

export interface SelectedCheck {
  readonly suite: Suite;
  readonly check: Check;
}

/** Whether a pattern names a check: its id, or the beginning of it before a `*`. */
export const matches = (pattern: string, id: string): boolean =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

function expression(grep: string | undefined): RegExp {
  try {
    return new RegExp(grep ?? '', 'i');
  } catch (error) {
    throw new ConfigurationError(`"${grep}" is not a regular expression: ${messageOf(error)}`, {
      hint: 'In --grep, put a backslash before ( [ { * + ? where they stand for themselves.',
    });
  }
}

/** A hint for a pattern that names no check. */
function hintFor(pattern: string, suites: readonly Suite[]): string {
  const suite = suites.find((s) => s.name === pattern || `${s.name}.*` === pattern);
  const ids = suites.flatMap((s) => s.checks.map((c) => c.id));
  return hints(
    suite === undefined
      ? ids.some((id) => id.startsWith(`${pattern}.`))
        ? `Did you mean "${pattern}.*"?`
        : didYouMean(pattern, ids)
      : `Did you mean --suite ${suite.name}?`,
    'vds-conformance list shows them all.',
  );
}

/** The selected checks, in the suites' order. Throws ConfigurationError for a suite or check that does not exist. */
export function select(suites: readonly Suite[], selection: Selection): SelectedCheck[] {
  const all = suites.flatMap((suite) => suite.checks.map((check) => ({ suite, check })));
  for (const name of selection.suites ?? []) {
    if (!suites.some((s) => s.name === name))
      throw new ConfigurationError(`unknown suite "${name}"`, {
        hint: hints(
          didYouMean(
            name,
            suites.map((s) => s.name),
          ),
          `Suites: ${suites.map((s) => s.name).join(', ')}.`,
        ),
      });
  }
  for (const pattern of selection.checks ?? []) {
    if (!all.some(({ check }) => matches(pattern, check.id)))
      throw new ConfigurationError(`no check matches "${pattern}"`, { hint: hintFor(pattern, suites) });
  }
  const effort = EFFORTS.indexOf(selection.effort ?? DEFAULT_EFFORT);
  const named = (id: string): boolean => (selection.checks ?? []).some((p) => matches(p, id));
  const wanted = expression(selection.grep);
  const { level } = selection;
  const found = all.filter(
    ({ suite, check }) =>
      (selection.suites === undefined || selection.suites.length === 0 || selection.suites.includes(suite.name)) &&
      (selection.checks === undefined || selection.checks.length === 0
        ? EFFORTS.indexOf(check.effort ?? 'quick') <= effort
        : named(check.id)) &&
      (wanted.test(check.id) || wanted.test(check.title)) &&
      (level === undefined || check.requirements.some((id) => requirement(id).level === level)),
  );
  if (found.length === 0 && (selection.grep !== undefined || level !== undefined)) {
    throw new ConfigurationError('no check fits all that was selected', {
      hint: 'Leave out one of --suite, --check, --grep, --level and --effort; vds-conformance list shows what each leaves.',
    });
  }
  return found;
}
