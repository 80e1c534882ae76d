// Proves that the suite can fail: every defect is noticed, for the right reason, and every check is failed by some defect. With VDSC_MATRIX set
// (`npm run test:matrix`) every defect meets every check, and the whole matrix is written to reports/kill-matrix.md; without, each defect meets
// the checks that were chosen from it (killers.ts).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import type { Defect } from '../../../providers/defective/defect.js';
import { defectNamed } from '../../../providers/defective/adapter.js';
import { requirement } from '../../../src/contract/requirements.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { select, type SelectedCheck } from '../../../src/run/selection.js';
import { ROOT } from '../../support/project.js';
import { allSuites, runChecks, spec } from '../../support/run-checks.js';
import { endedAs, provenKillers, readKillers, writeKillers, type Killers } from './killers.js';
import { named, noticed, outcomeOf, outcomesOf, type Outcome } from './matrix.js';

/**
 * Defects that the suite does not notice yet, and what is missing. When one is noticed, its test fails and says to take it off this list: a gap
 * must not be forgotten, nor outlive its closing.
 */
const GAPS: Readonly<Record<string, string>> = {};

/** Checks that no defect here can fail, and who does. */
const NOT_KILLED_HERE: Readonly<Record<string, string>> = {
  'memory.outputs-are-the-callers':
    'needs a transport with guarded memory; the native defects fail it (providers/ffi/native/defects.h)',
  ...Object.fromEntries(
    ['IVdsLun.Extend', 'IVdsLun.Delete', 'IVdsLun.GetProperties'].map((name) => [
      `faults.crash.${name}`,
      'needs a provider whose array outlives its process; a native defect fails it (test/run/adapters.test.ts)',
    ]),
  ),
  ...Object.fromEntries(
    ['reset', 'truncated', 'malformed', 'oversized', 'slow', 'slow.limit'].map((name) => [
      `transport.${name}`,
      'needs a transport; test/providers/rest/transport-faults.test.ts fails it with defects of a client and a gateway',
    ]),
  ),
};

/** The generated checks are many and of a few kinds. Each of these defects is run against those that the ones before it did not fail, the one that fails most first. */
const FOR_GENERATED_CHECKS = [
  'newest-objects-lost-in-every-refresh',
  'deleted-is-e-fail',
  'second-recovery-refused',
  'recovery-repairs-nothing',
  'bad-arguments-e-fail',
  'null-outputs-s-ok',
  'stubs-e-notimpl',
  'unfinished-methods-e-notimpl',
];

/** Those that break a SHOULD of generated checks beside their MUST, and so fail them under --strict. */
const STRICTLY_FOR_GENERATED_CHECKS = ['largest-lun-without-a-result', 'import-target-null-pointer-succeeds'];

const WHOLE = process.env['VDSC_MATRIX'] !== undefined;
let killers = readKillers();

let quick: readonly SelectedCheck[] = [];
let generated: readonly SelectedCheck[] = [];
let outcomes: ReadonlyMap<string, Outcome> = new Map();
const ofGenerated: Outcome[] = [];
let took = 0;

const outcome = (name: string): Outcome => {
  const found = outcomes.get(name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
};

beforeAll(async () => {
  const started = performance.now();
  const suites = await allSuites();
  quick = select(suites, { effort: 'quick' });
  const ids = new Set(quick.map(({ check }) => check.id));
  generated = select(suites, { effort: 'full' }).filter(({ check }) => !ids.has(check.id));
  const chosen = (from: Killers): Promise<readonly Outcome[]> =>
    outcomesOf(
      DEFECTS.filter(({ name }) => from[name] !== undefined),
      ({ name }) => quick.filter(({ check }) => from[name]?.includes(check.id) === true),
    );
  const all = WHOLE ? await outcomesOf(DEFECTS, () => quick) : await chosen(killers);
  outcomes = new Map(all.map((o) => [o.defect.name, o]));
  if (WHOLE) {
    killers = await provenKillers(all, chosen);
    writeKillers(killers);
  }
  let left = generated;
  const strictly = STRICTLY_FOR_GENERATED_CHECKS.map((name): Defect => ({ ...defectNamed(name), strict: true }));
  for (const defect of [...FOR_GENERATED_CHECKS.map(defectNamed), ...strictly]) {
    const next = await outcomeOf(defect, left);
    const failed = new Set(next.results.filter(noticed).map((r) => r.id));
    left = left.filter(({ check }) => !failed.has(check.id));
    ofGenerated.push(next);
  }
  took = performance.now() - started;
  if (!WHOLE) return;
  mkdirSync(join(ROOT, 'reports'), { recursive: true });
  writeFileSync(join(ROOT, 'reports/kill-matrix.md'), report());
}, 1_800_000);

const brief = (results: readonly CheckResult[]): string[] =>
  results.map((r) => `${r.id} ${r.verdict} ${r.findings.at(-1)?.requirement ?? ''}: ${r.reason}`);

describe('the catalogue of defects', () => {
  test('names each defect once, in words', () => {
    expect(new Set(DEFECTS.map((d) => d.name)).size).toBe(DEFECTS.length);
    for (const { name, says } of DEFECTS) {
      expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
      expect(says).toMatch(/^\w.{20,180}\.$/);
    }
  });

  test('names requirements that there are, and --strict exactly where only SHOULD is broken', () => {
    for (const { name, breaks, strict } of DEFECTS) {
      expect(breaks.length, name).toBeGreaterThan(0);
      expect(
        breaks.every((id) => requirement(id).level === 'SHOULD'),
        name,
      ).toBe(strict === true);
    }
  });

  test('holds one defect each: a part of the reference replaced, or an override', () => {
    for (const d of DEFECTS) expect(d.parts !== undefined || d.overrides !== undefined, d.name).toBe(true);
  });

  test('has its checks in killers.json: npm run test:matrix chooses them', () => {
    expect(Object.keys(killers)).toEqual(DEFECTS.map((d) => d.name));
  });

  test('is what the exceptions in this file speak of', () => {
    for (const name of [...Object.keys(GAPS), ...FOR_GENERATED_CHECKS, ...STRICTLY_FOR_GENERATED_CHECKS])
      expect(DEFECTS.map((d) => d.name)).toContain(name);
  });
});

describe.each(DEFECTS.filter((d) => GAPS[d.name] === undefined).map((d) => [d.name, d] as const))(
  '%s',
  (name, defect) => {
    test('is noticed, for what it breaks', () => {
      const { results } = outcome(name);
      const failed = results.filter(noticed);
      expect(failed.length).toBeGreaterThan(0);
      if (defect.ends !== undefined) {
        const { as, during } = defect.ends;
        const ended = failed.filter((r) => endedAs(outcome(name), r));
        expect(ended.length, `as ${as} during ${during}, but: ${brief(failed).join('\n')}`).toBeGreaterThan(0);
      } else {
        const found = named(failed);
        // All of them: a requirement that no finding names is decoration.
        expect(
          defect.breaks.filter((id) => !found.has(id)),
          brief(failed).join('\n'),
        ).toEqual([]);
        expect(
          failed.filter((r) => r.verdict === 'error'),
          'a defect of a provider is no error of the harness',
        ).toEqual([]);
      }
      if (defect.breaksLoading === true) expect(results.filter((r) => r.verdict === 'passed')).toEqual([]);
    });

    if (WHOLE)
      test('fails no more than a fifth of the checks, unless it says why', () => {
        const share = outcome(name).results.filter(noticed).length / quick.length;
        if (defect.breaksLoading === true) expect(share).toBe(1);
        else if (defect.wide === undefined) expect(share).toBeLessThanOrEqual(0.2);
        // What is said to be wide must be about so; where it is not, the reason has gone stale.
        else expect(share).toBeGreaterThan(0.15);
      });

    if (defect.strict !== true) return;
    test('is a finding of a run without --strict, and no failure', () => {
      const { lenient } = outcome(name);
      expect(brief(lenient.filter(noticed))).toEqual([]);
      const found = named(lenient);
      expect(defect.breaks.filter((id) => !found.has(id))).toEqual([]);
    });
  },
);

// An empty group is an error to vitest.
if (Object.keys(GAPS).length > 0)
  describe('what the suite does not notice yet', () => {
    for (const [name, missing] of Object.entries(GAPS)) {
      test.todo(`${name}: ${missing}`);
      test(`${name} is still a gap; once it is noticed, take it off the list`, () => {
        expect(brief(outcome(name).results.filter(noticed))).toEqual([]);
      });
    }
  });

describe('every check', () => {
  const killed = (ids: readonly Outcome[]): ReadonlySet<string> =>
    new Set(
      ids.filter((o) => o.defect.breaksLoading !== true).flatMap((o) => o.results.filter(noticed).map((r) => r.id)),
    );

  test('is failed by a defect', () => {
    const failed = killed([...outcomes.values()]);
    expect(
      quick
        .map(({ check }) => check.id)
        .filter((id) => !failed.has(id))
        .sort(),
    ).toEqual(Object.keys(NOT_KILLED_HERE).sort());
  });

  test('that is generated is failed by a defect', () => {
    const failed = killed(ofGenerated);
    expect(generated.map(({ check }) => check.id).filter((id) => !failed.has(id))).toEqual([]);
  });
});

describe('the reference provider', () => {
  test.each([
    [false, 'quick'],
    [true, 'standard'],
  ] as const)(
    'passes every check (strict: %s, effort: %s)',
    async (strict, effort) => {
      const results = await runChecks(spec('in-memory'), { strict, effort });
      expect(brief(results.filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable'))).toEqual([]);
      expect(results.flatMap((r) => [...r.findings, ...r.notes.filter((n) => n.startsWith('clean-up'))])).toEqual([]);
    },
    120_000,
  );
});

/** The matrix for people: by defect, by check, and the requirements that checks claim and no defect makes them name. */
function report(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = [
    '# Kill matrix',
    '',
    `${DEFECTS.length} defects against ${quick.length} checks, ${ofGenerated.length} of them against ${generated.length} generated checks as well, in ${(took / 1000).toFixed(1)} s.`,
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
    const remark = GAPS[defect.name] !== undefined ? `**gap:** ${GAPS[defect.name]}` : '';
    const which =
      defect.breaksLoading === true
        ? 'all: it cannot be loaded'
        : failed.length > 8
          ? `${failed.slice(0, 8).join(', ')} and ${failed.length - 8} more`
          : failed.join(', ');
    lines.push(
      `| ${defect.name} | ${cell(defect.says)} | ${defect.breaks.join(', ')}${defect.strict === true ? ' (strict)' : ''} | ${failed.length} | ${cell([remark, which].filter((t) => t !== '').join('; '))} |`,
    );
  }
  lines.push('', '## By check', '', '| check | failed by | which |', '|---|---|---|');
  for (const { check } of quick) {
    const by = byCheck.get(check.id) ?? [];
    lines.push(
      `| ${check.id} | ${by.length} | ${by.length === 0 ? cell(NOT_KILLED_HERE[check.id] ?? '**none**') : by.length > 8 ? `${by.slice(0, 8).join(', ')} and ${by.length - 8} more` : by.join(', ')} |`,
    );
  }
  const all = named([...outcomes.values(), ...ofGenerated].flatMap((o) => [...o.results, ...o.lenient]));
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
