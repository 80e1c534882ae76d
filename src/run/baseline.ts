// Known failures: which failure an entry excuses, until when, and what its entries come to in a run. Files are
// reporting's.
import type { CheckResult, Verdict } from '../checks/outcome.js';
import { matches } from './selection.js';

export interface BaselineEntry {
  /**
   * The id of the check, or of several where it ends in `*`: then the requirement is named, so that no new failure is
   * excused unseen.
   */
  readonly check: string;
  /** Excuses the failure of this requirement only; left out, whatever is wrong in the check. */
  readonly requirement?: string;
  readonly reason: string;
  /** The last day (YYYY-MM-DD, UTC) on which the entry excuses. */
  readonly expires: string;
}

/** The facts of a run that decide which entries count. */
export interface BaselineOfRun {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly baseline?: readonly BaselineEntry[];
}

/** The effect of a baseline, for people: no verdict depends on it. */
export interface BaselineOutcome {
  /** Checks whose failure is excused. */
  readonly known: number;
  /** Entries whose checks passed: they can go. */
  readonly unexpectedPasses: readonly BaselineEntry[];
  /** Entries of checks of this run that had expired when it began. */
  readonly expired: readonly BaselineEntry[];
}

/** Failures of the provider can be accepted as known; failures of the set-up must be mended. */
const EXCUSABLE: ReadonlySet<Verdict> = new Set(['failed', 'crashed', 'hung']);

/**
 * Judged by the start of the run, so that a run does not change its mind at midnight, nor when its reports are made
 * again.
 */
const expiredAt = ({ startedAt }: BaselineOfRun, { expires }: BaselineEntry): boolean =>
  expires < startedAt.slice(0, 10);

/** Whether an entry is about what the result shows, expired or not. */
export function isAbout(entry: BaselineEntry, result: CheckResult): boolean {
  if (!matches(entry.check, result.id) || !EXCUSABLE.has(result.verdict)) return false;
  // A body ends with the finding that made it fail, so it is the last.
  return (
    entry.requirement === undefined ||
    (result.verdict === 'failed' && result.findings.at(-1)?.requirement === entry.requirement)
  );
}

/** The result, marked as known where the run's baseline excuses it. */
export function excuse(result: CheckResult, header: BaselineOfRun): CheckResult {
  const entry = header.baseline?.find((e) => isAbout(e, result) && !expiredAt(header, e));
  return entry === undefined ? result : { ...result, known: { reason: entry.reason, expires: entry.expires } };
}

/** The effect of the entries; undefined for a run without a baseline. */
export function baselineOutcome(header: BaselineOfRun, results: readonly CheckResult[]): BaselineOutcome | undefined {
  if (header.baseline === undefined) return undefined;
  const ran = header.baseline
    .map((entry) => ({ entry, of: results.filter((r) => matches(entry.check, r.id)) }))
    .filter(({ of }) => of.length > 0);
  const entriesOf = (some: typeof ran): BaselineEntry[] => some.map(({ entry }) => entry);
  return {
    known: results.filter((r) => r.known !== undefined).length,
    unexpectedPasses: entriesOf(
      ran.filter(({ entry, of }) => of.some((r) => r.verdict === 'passed') && !of.some((r) => isAbout(entry, r))),
    ),
    expired: entriesOf(ran.filter(({ entry }) => expiredAt(header, entry))),
  };
}
