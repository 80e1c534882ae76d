import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckResult } from '../../src/checks/outcome.js';
import { failed, passed, summaryOf } from '../reporting/samples.js';
import { ROOT } from '../support/project.js';
import { newFolder } from '../support/folder.js';

const folder = newFolder();

function write(name: string, results: readonly CheckResult[], schemaVersion = 1): string {
  const file = join(folder, name);
  const run = { schema: 'vds-conformance/results', schemaVersion, header: {}, summary: summaryOf(results), results };
  writeFileSync(file, JSON.stringify(run));
  return file;
}

function compare(...args: readonly string[]): { readonly code: number | null; readonly lines: readonly string[] } {
  const script = join(ROOT, 'scripts/compare-results.mjs');
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { code: status, lines: stdout.trimEnd().split('\n') };
}

test('two runs that differ in times, notes and calls only are equal', () => {
  const a = write('a.json', [passed('x.one'), failed('x.two')]);
  const b = write(
    'b.json',
    [passed('x.one', { ms: 99, notes: [{ kind: 'observation', text: 'slow' }], calls: 7 }), failed('x.two')],
    2,
  );
  expect(compare(a, b)).toEqual({ code: 0, lines: ['equal: 2 checks in both'] });
});

test('another verdict, another finding and other counts are differences', () => {
  const { code, lines } = compare(write('a.json', [passed('x.one')]), write('b.json', [failed('x.one', {}, 'wrong')]));
  expect(code).toBe(1);
  expect(lines).toEqual([
    'x.one: verdict passed → failed',
    'x.one: + MUST VDS-1.3a (silent wrong data): wrong',
    'passed: 1 → 0',
    'failed: 0 → 1',
    'exitCode: 0 → 1',
    '5 differences: 1 checks in both',
  ]);
});

test('a finding that one run has twice is a difference', () => {
  const one = failed('x.one');
  const two = { ...one, findings: [...one.findings, ...one.findings] };
  const { code, lines } = compare(write('a.json', [two]), write('b.json', [one]));
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/^x\.one: - MUST VDS-1\.3a /);
});

test('a renamed word is a difference only where it is not in the list', () => {
  const a = write('a.json', [failed('x.one', {}, 'the owed answer')]);
  const b = write('b.json', [failed('x.one', {}, 'the expected answer')]);
  const words = join(folder, 'words.json');
  writeFileSync(words, JSON.stringify([['owed', 'expected']]));
  expect(compare(a, b).code).toBe(1);
  expect(compare(a, b, '--words', words).code).toBe(0);
});

test('a check of one run only is a difference, unless only common ones are compared', () => {
  const a = write('a.json', [passed('x.one')]);
  const b = write('b.json', [passed('x.one'), passed('x.two')]);
  expect(compare(a, b)).toEqual({
    code: 1,
    lines: ['x.two: only in the second', 'passed: 1 → 2', '2 differences: 1 checks in both'],
  });
  expect(compare(a, b, '--only-common').code).toBe(0);
});

test('something else than two runs is an error, not a difference', () => {
  const a = write('a.json', [passed('x.one')]);
  const other = join(folder, 'other.json');
  writeFileSync(other, '{"schema": "something"}');
  expect(compare(a).code).toBe(2);
  expect(compare(a, other).code).toBe(2);
  expect(compare(a, write('b.json', [], 3)).code).toBe(2);
});
