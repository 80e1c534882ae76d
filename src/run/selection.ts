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
  /** `standard` unless given; a check that is named whole is taken whatever its effort. */
  readonly effort?: Effort;
}

export interface SelectedCheck {
  readonly suite: Suite;
  readonly check: Check;
}

/** Whether a pattern names a check: its id, or the beginning of it before a `*`. */
export const matches = (pattern: string, id: string): boolean =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

const ofEffort = (check: Check, effort: Effort): boolean =>
  EFFORTS.indexOf(check.effort ?? 'quick') <= EFFORTS.indexOf(effort);

/** Checks that a pattern with a `*` names beyond the effort of a run. */
export interface BeyondEffort {
  readonly pattern: string;
  readonly count: number;
  /** The least effort that has them all. */
  readonly effort: Effort;
}

/** The patterns that name checks of a higher effort than is selected, which are not taken. */
export function beyondEffort(
  suites: readonly Suite[],
  { checks = [], effort = DEFAULT_EFFORT }: Selection,
): BeyondEffort[] {
  const all = suites.flatMap((suite) => suite.checks).filter((check) => !checks.includes(check.id));
  return checks.flatMap((pattern) => {
    const left = all.filter((check) => matches(pattern, check.id) && !ofEffort(check, effort));
    const enough = EFFORTS.find((each) => left.every((check) => ofEffort(check, each)));
    return left.length === 0 || enough === undefined ? [] : [{ pattern, count: left.length, effort: enough }];
  });
}

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
  const { checks = [], effort = DEFAULT_EFFORT } = selection;
  const named = (check: Check): boolean =>
    checks.includes(check.id) || (checks.some((p) => matches(p, check.id)) && ofEffort(check, effort));
  for (const { pattern, effort: enough } of beyondEffort(suites, selection)) {
    if (all.some(({ check }) => matches(pattern, check.id) && named(check))) continue;
    throw new ConfigurationError(`"${pattern}" names only checks that --effort ${effort} does not take`, {
      hint: `Add --effort ${enough}, or name one of them whole: that takes it whatever the effort.`,
    });
  }
  const wanted = expression(selection.grep);
  const { level } = selection;
  const found = all.filter(
    ({ suite, check }) =>
      (selection.suites === undefined || selection.suites.length === 0 || selection.suites.includes(suite.name)) &&
      (checks.length === 0 ? ofEffort(check, effort) : named(check)) &&
      (wanted.test(check.id) || wanted.test(check.title)) &&
      (level === undefined || check.requirements.some((id) => requirement(id).level === level)),
  );
  if (found.length === 0 && (selection.grep !== undefined || level !== undefined)) {
    throw new ConfigurationError('no check fits all that was selected', {
      hint:
        'Leave out one of --suite, --check, --grep, --level and --effort; ' +
        'vds-conformance list shows what each leaves.',
    });
  }
  return found;
}
