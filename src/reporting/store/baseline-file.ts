// The file of known failures: read for a run, and written from one for a person to complete.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { isAbout, type BaselineEntry } from '../../run/baseline.js';
import { matches } from '../../run/selection.js';
import type { CheckResult } from '../../checks/outcome.js';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import { requirementOf } from '../insight/explain.js';
import { baselineSchema, type BaselineFile } from './schema.js';
import { problemsIn } from '../../port/zod-problems.js';

/** The placeholder for the reason of a written entry. A run refuses it: a failure without a reason stays a failure. */
export const REASON_WANTED = 'TODO: why is this failure accepted, and who mends it?';

/** How long a written entry excuses, unless somebody says otherwise. */
const DAYS = 30;

/** The part of a written entry that a person decides. */
interface Excuse {
  readonly reason?: string | undefined;
  /** The last day, YYYY-MM-DD in UTC. */
  readonly until?: string | undefined;
}

/**
 * Reads a baseline.
 *
 * @param checks the ids of all checks that there are
 * @throws ConfigurationError when the file cannot be read, names a check or requirement that does not exist, or has an
 * entry without a reason
 */
export function readBaseline(file: string, checks: ReadonlySet<string>): BaselineEntry[] {
  const entries = parse(file);
  const refuse = (ids: readonly string[], problem: string, hint: string): void => {
    if (ids.length > 0) throw new ConfigurationError(`${file}: ${problem}: ${ids.join(', ')}`, { hint });
  };
  refuse(
    entries.filter((e) => ![...checks].some((id) => matches(e.check, id))).map((e) => e.check),
    'no such check exists',
    'vds-conformance list --effort full lists all checks. Change or delete ' +
      'the entry of one that was renamed or removed.',
  );
  refuse(
    entries.flatMap((e) =>
      e.requirement === undefined || requirementOf(e.requirement) !== undefined ? [] : [e.requirement],
    ),
    'no such requirement exists',
    'Name the requirement that the failure breaks.',
  );
  refuse(
    entries.filter((e) => e.check.endsWith('*') && e.requirement === undefined).map((e) => e.check),
    'the requirement is missing for',
    'An entry for several checks names the requirement whose failure is known; otherwise it would excuse failures ' +
      'that nobody has seen.',
  );
  refuse(
    entries.filter((e) => e.reason === REASON_WANTED).map((e) => e.check),
    'the reason is missing for',
    'Write into each entry why the failure is accepted, and until when.',
  );
  return entries;
}

function parse(file: string): BaselineEntry[] {
  let why: string;
  try {
    const parsed = baselineSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data.known;
    why = problemsIn(parsed.error);
  } catch (error) {
    why = messageOf(error);
  }
  throw new ConfigurationError(`${file} cannot be read as a baseline: ${why}`, {
    hint: 'run --write-baseline <file> makes one; its JSON Schema is schemas/baseline.schema.json.',
  });
}

/**
 * Writes the failures of a run as known ones. Of a file that is there already, the entries stay that still excuse a
 * failure, with their reasons and dates, and those of checks that the run did not take; those of checks that no longer
 * fail go.
 *
 * @returns how many entries want a reason
 * @throws ConfigurationError when what is there is no baseline, or cannot be written
 */
export function writeBaseline(
  file: string,
  results: readonly CheckResult[],
  now: Date,
  { reason = REASON_WANTED, until }: Excuse = {},
): number {
  const earlier = statSync(file, { throwIfNoEntry: false }) === undefined ? [] : parse(file);
  const kept = earlier.filter(
    // Of an entry for several checks others may still fail, which were not run.
    (entry) =>
      entry.check.endsWith('*') ||
      !results.some((r) => matches(entry.check, r.id)) ||
      results.some((r) => isAbout(entry, r)),
  );
  const expires = until ?? new Date(now.getTime() + DAYS * 86_400_000).toISOString().slice(0, 10);
  const added = results
    .filter((r) => !kept.some((entry) => isAbout(entry, r)))
    .flatMap((r): BaselineEntry[] => {
      const requirement = r.verdict === 'failed' ? r.findings.at(-1)?.requirement : undefined;
      const entry = {
        check: r.id,
        ...(requirement === undefined ? {} : { requirement }),
        reason,
        expires,
      };
      return isAbout(entry, r) ? [entry] : [];
    });
  const known = [...kept, ...added].sort((a, b) => (a.check < b.check ? -1 : a.check > b.check ? 1 : 0));
  const content: BaselineFile = { schema: 'vds-conformance/baseline', schemaVersion: 1, known };
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  return known.filter((e) => e.reason === REASON_WANTED).length;
}
