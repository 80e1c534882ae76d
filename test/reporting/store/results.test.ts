import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ResultsReporter } from '../../../src/reporting/store/results.js';
import { resultsSchema, type ResultsFile } from '../../../src/reporting/store/schema.js';
import { hostileText } from '../hostile.js';
import { ended, failed, notes, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

const RESULTS = [
  passed('luns.a', { notes: notes('n') }),
  failed('luns.b'),
  ended('luns.c', 'hung', 'h', { code: 'VDSC_HUNG' }),
  ended('recovery.a', 'not-applicable', 'n'),
];

async function written(results: readonly CheckResult[], change: Parameters<typeof play>[2] = {}): Promise<string> {
  const reports = newFolder();
  await play(new ResultsReporter(reports), results, change);
  return readFileSync(join(reports, 'results.json'), 'utf8');
}
const parse = (text: string): ResultsFile => resultsSchema.parse(JSON.parse(text));

describe('results.json', () => {
  test('holds the header, the summary and every result', async () => {
    const file = parse(await written(RESULTS));
    expect(file).toMatchObject({
      schema: 'vds-conformance/results',
      schemaVersion: 2,
      header: { seed: 'cafe0001', provider: 'in-memory', checks: RESULTS.map((r) => r.id) },
    });
    expect(file.summary).toMatchObject({ exitCode: 1, counts: { passed: 1, failed: 1, hung: 1, 'not-applicable': 1 } });
    expect(file.results).toEqual(RESULTS.map((r) => ({ ...r, ms: 12.346 })));
  });

  test('is the same for two runs but for startedAt and ms', async () => {
    // Members in another order, as another process may send them.
    const turned = (r: CheckResult): CheckResult =>
      Object.fromEntries(Object.entries({ ...r, ms: r.ms * 7 }).reverse()) as unknown as CheckResult;
    const first = await written(RESULTS);
    const second = await written(RESULTS.map(turned), {
      header: { startedAt: '2027-01-01T00:00:00Z' },
      summary: { ms: 1 },
    });
    expect(second).not.toBe(first);
    const timeless = (text: string): string => text.replace(/"(at|ms|startedAt)": ?("[^"]*"|[\d.]+)/g, '"$1"');
    expect(timeless(second)).toBe(timeless(first));
  });

  test('carries any text exactly, and any duration as one', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText(), fc.double(), async (text, ms) => {
        const [result] = parse(await written([failed('a.b', { notes: notes(text), ms }, text)])).results;
        expect(result?.notes).toEqual(notes(text));
        expect(result?.findings[0]?.message).toBe(text);
        expect(result?.ms).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });

  test('of an empty run is valid', async () => {
    expect(parse(await written([])).results).toEqual([]);
  });

  test('has a line for each check', async () => {
    const lines = (await written(RESULTS)).split('\n').filter((line) => line.startsWith('    {"id":'));
    expect(lines.map((line) => (JSON.parse(line.replace(/,$/, '')) as CheckResult).id)).toEqual(
      RESULTS.map((r) => r.id),
    );
  });

  test("of an earlier run is gone as soon as the next begins; a stranger's is not", async () => {
    const reports = newFolder();
    await play(new ResultsReporter(reports), RESULTS);
    new ResultsReporter(reports).runStarted();
    expect(readdirSync(reports)).toEqual([]);
    writeFileSync(join(reports, 'results.json'), '{"mine":1}');
    new ResultsReporter(reports).runStarted();
    expect(readdirSync(reports)).toEqual(['results.json']);
  });
});
