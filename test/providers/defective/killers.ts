// Which checks to run against each defect so that every requirement that one breaks is named and every check is failed by one: a small part of the
// whole matrix, chosen from it and kept in killers.json, so that `npm test` proves both in seconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ROOT } from '../../support/project.js';
import { named, noticed, type Outcome } from './matrix.js';

const FILE = join(ROOT, 'test/providers/defective/killers.json');

/** Defect to the ids of its checks. */
export type Killers = Readonly<Record<string, readonly string[]>>;

export const readKillers = (): Killers => JSON.parse(readFileSync(FILE, 'utf8')) as Killers;

/** One line for each defect, so that a change of one is a change of one line. */
export function writeKillers(killers: Killers): void {
  const lines = Object.entries(killers).map(
    ([defect, checks]) => `  ${JSON.stringify(defect)}: ${JSON.stringify(checks)}`,
  );
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}

/** Defects that only a later check notices, after what the others before it did. */
const LATER: Killers = {
  'get-object-without-addref': ['identity.get-object.subsystem', 'lifecycle.get-object'],
  'import-target-dialect-changes': [
    'import-target.round-trip',
    'lifecycle.unload-and-load-again',
    'recovery.held-references',
  ],
};

/** Whether the result shows that the provider ended as this defect ends it. */
export const endedAs = ({ defect: { ends } }: Outcome, result: CheckResult): boolean =>
  ends !== undefined && result.verdict === ends.as && result.reason?.includes(ends.during) === true;

/** What it costs to see this result again, the same in every run: calls, and the limit that one waits for which hangs. */
const costOf = ({ calls, verdict }: CheckResult): number => calls + (verdict === 'failed' ? 0 : 1_000);

const cell = (defect: string, check: string): string => `${defect} ${check}`;

/** What the defect makes fail, less the cells that are refused: a check that noticed it only because of what ran before. */
const noticing = ({ defect, results }: Outcome, refused: ReadonlySet<string>): CheckResult[] =>
  results.filter((r) => noticed(r) && !refused.has(cell(defect.name, r.id)));

/** Those that name what the defect breaks, the cheapest first. */
function namingAll(outcome: Outcome, refused: ReadonlySet<string>): CheckResult[] {
  const failed = noticing(outcome, refused).sort((a, b) => costOf(a) - costOf(b));
  if (outcome.defect.ends !== undefined) return failed.filter((r) => endedAs(outcome, r)).slice(0, 1);
  if (outcome.defect.breaksLoading === true) return failed.slice(0, 1);
  const left = new Set(outcome.defect.breaks);
  return failed.filter((result) => [...named([result])].filter((id) => left.delete(id)).length > 0);
}

/** Chooses from the whole matrix. The checks of a defect stand in the order in which they were run. */
function chooseKillers(outcomes: readonly Outcome[], refused: ReadonlySet<string>): Killers {
  const chosen = new Map(
    outcomes.map((o) => [o, new Set(LATER[o.defect.name] ?? namingAll(o, refused).map((r) => r.id))]),
  );
  // A defect that fails every check, or a check only after others, says nothing about the one check.
  const telling = outcomes.filter(({ defect }) => defect.breaksLoading !== true && LATER[defect.name] === undefined);
  const covered = new Set(telling.flatMap((outcome) => [...(chosen.get(outcome) ?? [])]));
  const cheapest = new Map<string, { readonly outcome: Outcome; readonly cost: number }>();
  for (const outcome of telling) {
    for (const result of noticing(outcome, refused)) {
      const cost = costOf(result);
      if (!covered.has(result.id) && cost < (cheapest.get(result.id)?.cost ?? Infinity))
        cheapest.set(result.id, { outcome, cost });
    }
  }
  for (const [id, { outcome }] of cheapest) chosen.get(outcome)?.add(id);
  return Object.fromEntries(
    [...chosen].map(([{ defect, results }, ids]) => [
      defect.name,
      results.filter((r) => ids.has(r.id)).map((r) => r.id),
    ]),
  );
}

/** Whether a check that runs without those before it notices as much. */
function isRepeated(whole: CheckResult | undefined, alone: CheckResult): boolean {
  const found = named([alone]);
  return noticed(alone) && (whole === undefined || [...named([whole])].every((id) => found.has(id)));
}

/**
 * Chooses from the whole matrix, and has `run` run what was chosen: a check that notices a defect only because of what others did before it is not
 * taken.
 */
export async function provenKillers(
  outcomes: readonly Outcome[],
  run: (killers: Killers) => Promise<readonly Outcome[]>,
): Promise<Killers> {
  const whole = new Map(outcomes.flatMap(({ defect, results }) => results.map((r) => [cell(defect.name, r.id), r])));
  const refused = new Set<string>();
  const proven = new Set<string>();
  for (;;) {
    const killers = chooseKillers(outcomes, refused);
    const open = Object.entries(killers).filter(
      ([defect, ids]) => LATER[defect] === undefined && ids.some((id) => !proven.has(cell(defect, id))),
    );
    if (open.length === 0) return killers;
    for (const { defect, results } of await run(Object.fromEntries(open))) {
      for (const alone of results)
        (isRepeated(whole.get(cell(defect.name, alone.id)), alone) ? proven : refused).add(cell(defect.name, alone.id));
    }
  }
}
