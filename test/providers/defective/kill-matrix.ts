// The whole kill matrix, by `npm run test:matrix`: every defect meets every hand-written check. Written to
// reports/kill-matrix.md; proves that a defect fails few checks beside its own, and shows what else notices it.
// defects.test.ts and every-check.test.ts prove the rest in seconds.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { requirement } from '../../../src/contract/requirements.js';
import { select, type SelectedCheck } from '../../../src/run/selection.js';
import { ROOT } from '../../support/project.js';
import { SUITES } from '../../../suites/index.js';
import { outcomesOf } from './lanes.js';
import { brief, named, noticed, type Outcome } from './outcome.js';

let quick: readonly SelectedCheck[] = [];
let outcomes: ReadonlyMap<string, Outcome> = new Map();
let took = 0;

const outcome = (name: string): Outcome => {
  const found = outcomes.get(name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
};

beforeAll(async () => {
  const started = performance.now();
  quick = select(SUITES, { effort: 'quick' });
  outcomes = new Map((await outcomesOf(DEFECTS, quick)).map((o) => [o.defect.name, o]));
  took = performance.now() - started;
  mkdirSync(join(ROOT, 'reports'), { recursive: true });
  writeFileSync(join(ROOT, 'reports/kill-matrix.md'), report());
}, 1_800_000);

describe.each(DEFECTS.map((d) => [d.name, d] as const))('%s', (name, defect) => {
  test('is noticed, for what it breaks, also among all checks', () => {
    const failed = outcome(name).results.filter(noticed);
    expect(failed.length).toBeGreaterThan(0);
    if (defect.ends !== undefined) return;
    const found = named(failed);
    expect(
      defect.breaks.filter((id) => !found.has(id)),
      brief(failed).join('\n'),
    ).toEqual([]);
    expect(failed.filter((r) => r.verdict === 'error')).toEqual([]);
  });

  test('fails no more than a fifth of the checks, unless it says why', () => {
    const { results } = outcome(name);
    const share = results.filter(noticed).length / quick.length;
    if (defect.breaksLoading === true) {
      expect(share).toBe(1);
      expect(results.filter((r) => r.verdict === 'passed')).toEqual([]);
    } else if (defect.wide === undefined) expect(share).toBeLessThanOrEqual(0.2);
    // A defect that is said to be wide must be about so; where it is not, the reason has gone stale.
    else expect(share).toBeGreaterThan(0.15);
  });

  if (defect.strict !== true) return;
  test('fails no check without --strict', () => {
    expect(brief(outcome(name).lenient.filter(noticed))).toEqual([]);
  });
});

/** The matrix for people: by defect, by check, and the requirements that checks claim and no defect makes them name. */
function report(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = [
    '# Kill matrix',
    '',
    `${DEFECTS.length} defects against ${quick.length} checks in ${(took / 1000).toFixed(1)} s.`,
    '',
    '## By defect',
    '',
    '| defect | what is wrong | breaks | noticed by | which |',
    '|---|---|---|---|---|',
  ];
  const byCheck = new Map<string, string[]>();
  for (const { defect, results } of outcomes.values()) {
    const failed = results.filter(noticed).map((r) => r.id);
    if (defect.breaksLoading !== true)
      for (const id of failed) byCheck.set(id, [...(byCheck.get(id) ?? []), defect.name]);
    const which =
      defect.breaksLoading === true
        ? 'all: it cannot be loaded'
        : failed.length > 8
          ? `${failed.slice(0, 8).join(', ')} and ${failed.length - 8} more`
          : failed.join(', ');
    lines.push(
      `| ${defect.name} | ${cell(defect.says)} | ` +
        `${defect.breaks.join(', ')}${defect.strict === true ? ' (strict)' : ''} | ${failed.length} | ${cell(which)} |`,
    );
  }
  lines.push('', '## By check', '', '| check | failed by | which |', '|---|---|---|');
  for (const { check } of quick) {
    const by = byCheck.get(check.id) ?? [];
    lines.push(
      `| ${check.id} | ${by.length} | ` +
        `${
          by.length === 0
            ? '**none**'
            : by.length > 8
              ? `${by.slice(0, 8).join(', ')} and ${by.length - 8} more`
              : by.join(', ')
        } ` +
        '|',
    );
  }
  const all = named([...outcomes.values()].flatMap((o) => [...o.results, ...o.lenient]));
  const claimed = [...new Set(quick.flatMap(({ check }) => check.requirements))].sort();
  lines.push(
    '',
    '## Requirements that checks claim and no finding named',
    '',
    'Each is implied by others, can be broken only natively, or is claimed without being looked at.',
    '',
  );
  for (const id of claimed.filter((c) => !all.has(c))) lines.push(`- ${id}: ${requirement(id).statement}`);
  return `${lines.join('\n')}\n`;
}
