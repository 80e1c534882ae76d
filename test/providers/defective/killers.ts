// Which checks to run against each defect so that every requirement that one breaks is named and every check is failed by one: a small part of the
// whole matrix, chosen from it and kept in killers.json, so that `npm test` proves both in seconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../../src/conformance/outcome.js';
import { ROOT } from '../../support/project.js';
import { named, noticed, type Outcome } from './matrix.js';

const FILE = join(ROOT, 'test/providers/defective/killers.json');

/** Defect to the ids of its checks. */
export type Killers = Readonly<Record<string, readonly string[]>>;

export const readKillers = (): Killers => JSON.parse(readFileSync(FILE, 'utf8')) as Killers;

/** One line for each defect, so that a change of one is a change of one line. */
export function writeKillers(killers: Killers): void {
  const lines = Object.entries(killers).map(([defect, checks]) => `  ${JSON.stringify(defect)}: ${JSON.stringify(checks)}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}

/** Whether the result shows that the provider ended as this defect ends it. */
export const endedAs = ({ defect: { ends } }: Outcome, result: CheckResult): boolean => ends !== undefined && result.verdict === ends.as && result.reason?.includes(ends.during) === true;

/** Those that name what the defect breaks, the quickest first. */
function namingAll(outcome: Outcome): CheckResult[] {
  const failed = outcome.results.filter(noticed).sort((a, b) => a.ms - b.ms);
  if (outcome.defect.ends !== undefined) return failed.filter((r) => endedAs(outcome, r)).slice(0, 1);
  if (outcome.defect.breaksLoading === true) return failed.slice(0, 1);
  const left = new Set(outcome.defect.breaks);
  const chosen: CheckResult[] = [];
  for (const result of failed) {
    const names = [...named([result])].filter((id) => left.delete(id));
    if (names.length > 0) chosen.push(result);
  }
  return chosen;
}

/** Chooses from the whole matrix. The checks of a defect stand in the order in which they were run. */
export function chooseKillers(outcomes: readonly Outcome[]): Killers {
  const chosen = new Map(outcomes.map((o) => [o, new Set(namingAll(o).map((r) => r.id))]));
  const failing = new Map<string, { readonly outcome: Outcome; readonly ms: number }>();
  for (const outcome of outcomes) {
    if (outcome.defect.breaksLoading === true) continue;
    for (const { id, ms } of outcome.results.filter(noticed)) if (ms < (failing.get(id)?.ms ?? Infinity)) failing.set(id, { outcome, ms });
  }
  const covered = new Set([...chosen].flatMap(([{ defect }, ids]) => (defect.breaksLoading === true ? [] : [...ids])));
  for (const [id, { outcome }] of failing) if (!covered.has(id)) chosen.get(outcome)?.add(id);
  return Object.fromEntries([...chosen].map(([{ defect, results }, ids]) => [defect.name, results.filter((r) => ids.has(r.id)).map((r) => r.id)]));
}
