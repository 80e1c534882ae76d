// How early a run finds what there is to find: cost-weighted APFD (Elbaum, Malishevsky and Rothermel, "Incorporating
// varying test costs and fault severities into test case prioritization", 2001) of orders of the same checks. 1 is
// everything at once, 0.5 what chance gives. Which checks notice a defect is what the catalogue says and its tests
// prove; nothing is run.
import fc from 'fast-check';
import type { Check } from '../src/checks/check.js';
import { SUITES_MODULE } from '../src/cli/package-files.js';
import { byDetection } from '../src/run/order/detection-order.js';
import { DETECTIONS } from '../src/run/order/generated/detections.js';
import { loadSuites, select, type SelectedCheck } from '../src/run/selection.js';
import { costOf, PACE_OF_AN_ARRAY, unitsOf } from '../src/run/order/units.js';

type Detections = Readonly<Record<string, readonly string[]>>;

/** Milliseconds of each check, a group's shared by its members. */
function costs(checks: readonly Check[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const members of unitsOf(checks)) {
    const its = members.flatMap((at) => checks[at] ?? []);
    for (const { id } of its) found.set(id, costOf(its, PACE_OF_AN_ARRAY) / its.length);
  }
  return found;
}

interface Figures {
  /** Cost-weighted APFD. */
  readonly apfd: number;
  /** The share of the whole cost after which 90 % of the defects are found. */
  readonly most: number;
}

/** How early an order finds these defects. */
function figures(order: readonly SelectedCheck[], detections: Detections): Figures {
  const cost = costs(order.map(({ check }) => check));
  const total = [...cost.values()].reduce((a, b) => a + b, 0);
  const found = new Map<string, number>();
  let spent = 0;
  for (const { check } of order) {
    const its = cost.get(check.id) ?? 0;
    for (const defect of detections[check.id] ?? []) if (!found.has(defect)) found.set(defect, spent + its / 2);
    spent += its;
  }
  const times = [...found.values()].sort((a, b) => a - b);
  return {
    apfd: 1 - times.reduce((sum, at) => sum + at, 0) / (total * times.length),
    most: (times[Math.ceil(times.length * 0.9) - 1] ?? total) / total,
  };
}

const only = (keep: (defect: string) => boolean): Detections =>
  Object.fromEntries(Object.entries(DETECTIONS).map(([check, defects]) => [check, defects.filter(keep)]));

/** A table for docs/benchmarks.md. */
export async function detectionTable(): Promise<string[]> {
  const standard = select(await loadSuites(SUITES_MODULE), { effort: 'standard' });
  const defects = [...new Set(Object.values(DETECTIONS).flat())].sort();
  const [shuffled = [], mixed = []] = [
    fc.sample(fc.shuffledSubarray([...standard], { minLength: standard.length }), { numRuns: 1, seed: 1 })[0],
    fc.sample(fc.shuffledSubarray(defects, { minLength: defects.length }), { numRuns: 1, seed: 1 })[0],
  ];
  const learnt = new Set(mixed.slice(0, mixed.length / 2));
  const unseen = only((defect) => !learnt.has(defect));
  const rows: readonly (readonly [string, Figures])[] = [
    ['by detection (`--time-budget`)', figures(byDetection(standard, PACE_OF_AN_ARRAY), DETECTIONS)],
    [
      'by detection, learnt from one half of the defects and measured with the other',
      figures(
        byDetection(
          standard,
          PACE_OF_AN_ARRAY,
          only((defect) => learnt.has(defect)),
        ),
        unseen,
      ),
    ],
    ['suite by suite', figures(standard, DETECTIONS)],
    ['in the order of a seed', figures(shuffled, DETECTIONS)],
  ];
  return [
    '| order of the checks of standard effort | APFD by cost | 90 % of the defects found after |',
    '|---|---|---|',
    ...rows.map(
      ([name, { apfd, most }]) => `| ${name} | ${apfd.toFixed(3)} | ${(most * 100).toFixed(1)} % of the cost |`,
    ),
  ];
}
