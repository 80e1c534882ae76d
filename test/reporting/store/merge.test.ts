import { describe, expect, test } from 'vitest';
import type { RunHeader } from '../../../src/run/events.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { summarize } from '../../../src/run/summary.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { repeatCommand } from '../../../src/run/repeat-command.js';
import { mergeShards } from '../../../src/reporting/store/merge.js';
import type { StoredRun } from '../../../src/reporting/store/read-run.js';
import { ended, failed, header, passed, summaryOf } from '../samples.js';

const ALL = [passed('a.1'), failed('a.2'), passed('a.3'), ended('b.1', 'not-applicable', 'n'), passed('b.2')];
const SELECTION = ALL.map((r) => r.id);

/** Shard `index` of two or as many as there are, holding the results at `places`. */
function shard(
  index: number,
  places: readonly number[],
  change: Partial<RunHeader> = {},
  shardChange: Partial<NonNullable<RunHeader['shard']>> = {},
  summary: Parameters<typeof summaryOf>[1] = {},
): StoredRun {
  const results = places.flatMap((at) => ALL[at] ?? []);
  return {
    file: `s${index}/journal.ndjson`,
    results,
    summary: summaryOf(results, summary),
    header: header({
      checks: results.map((r) => r.id),
      shard: { index, count: 2, selection: SELECTION, ownSystem: false, ...shardChange },
      ...change,
    }),
  };
}

const refused = (message: RegExp, ...runs: StoredRun[]): void => {
  expect(() => mergeShards(runs)).toThrow(ConfigurationError);
  expect(() => mergeShards(runs)).toThrow(message);
};

describe('merging shards', () => {
  test('gives the run that one machine would have made, whatever order they come in', () => {
    const merged = mergeShards([shard(2, [1, 3]), shard(1, [0, 2, 4], { startedAt: '2026-11-23T21:29:00Z' })]);
    expect(merged.results).toEqual(ALL);
    expect(merged.header).toEqual({
      ...header({ checks: SELECTION }),
      shards: [
        {
          index: 1,
          provider: 'in-memory',
          startedAt: '2026-11-23T21:29:00Z',
          host: 'node v20.20.2 linux x64',
          checks: ['a.1', 'a.3', 'b.2'],
        },
        {
          index: 2,
          provider: 'in-memory',
          startedAt: '2026-11-23T21:28:00Z',
          host: 'node v20.20.2 linux x64',
          checks: ['a.2', 'b.1'],
        },
      ],
    });
    // The later one began a minute after the other, and took 99.5 ms.
    expect(merged.circumstances).toEqual({ problems: [], interrupted: false, ms: 60_099.5 });
  });

  test("derives the verdict from all results, not from the shards' own", () => {
    // Shard 1 by itself is conformant.
    const { header: head, results, circumstances } = mergeShards([shard(1, [0, 2, 4]), shard(2, [1, 3])]);
    expect(summarize(head, results, circumstances)).toMatchObject({
      exitCode: 1,
      counts: { passed: 3, failed: 1, 'not-applicable': 1 },
    });
  });

  test('accepts what the run accepted', () => {
    const open = ended('a.1', 'inconclusive', 'w');
    const run = (allowInconclusive?: string[]): number => {
      const parts: StoredRun[] = [[open], [passed('a.2')]].map((results, i) => ({
        file: `s${i}`,
        results,
        header: header({
          checks: results.map((r) => r.id),
          shard: { index: i + 1, count: 2, selection: ['a.1', 'a.2'], ownSystem: false },
          ...(allowInconclusive === undefined ? {} : { allowInconclusive }),
        }),
      }));
      const merged = mergeShards(parts);
      return summarize(merged.header, merged.results, merged.circumstances).exitCode;
    };
    expect(run()).toBe(4);
    expect(run(['a.1'])).toBe(0);
  });

  test('says which shard had a problem of its own', () => {
    expect(
      mergeShards([shard(1, [0, 2, 4], {}, {}, { problems: ['the engine reported: x'] }), shard(2, [1, 3])])
        .circumstances.problems,
    ).toEqual(['shard 1/2: the engine reported: x']);
  });

  test('lets shards on systems of their own name them, and shows a check again where it was seen', () => {
    const own = { ownSystem: true };
    const merged = mergeShards([
      shard(1, [0, 2, 4], { provider: 'rest', settings: { url: 'http://a' } }, own),
      shard(2, [1, 3], { provider: 'rest', settings: { url: 'http://b' } }, own),
    ]);
    expect(repeatCommand(merged.header, 'a.2')).toContain('--provider rest --set url=http://b ');
    expect(repeatCommand(merged.header, 'a.1')).toContain('--provider rest --set url=http://a ');
  });

  test('refuses what does not belong together, by name', () => {
    refused(/no shards were given/);
    refused(/alone.*is a run of its own and no shard/, { file: 'alone', header: header(), results: [] });
    refused(/differ in the seed \("cafe0001" and "beef"\)/, shard(1, [0, 2, 4]), shard(2, [1, 3], { seed: 'beef' }));
    refused(
      /differ in the provider \("in-memory" and "rest"\), the provider's settings/,
      shard(1, [0, 2, 4]),
      shard(2, [1, 3], { provider: 'rest', settings: { url: 'http://b' } }),
    );
    refused(
      /version of vds-conformance \("0\.1\.0" and "0\.2\.0"\)/,
      shard(1, [0, 2, 4]),
      shard(2, [1, 3], { version: '0.2.0' }),
    );
    refused(/use of --strict/, shard(1, [0, 2, 4]), shard(2, [1, 3], { strict: true }));
    refused(/--allow-inconclusive/, shard(1, [0, 2, 4]), shard(2, [1, 3], { allowInconclusive: ['a.1'] }));
    refused(/number of shards \(2 and 3\)/, shard(1, [0, 2, 4]), shard(2, [1, 3], {}, { count: 3 }));
    refused(/selection of checks/, shard(1, [0, 2, 4]), shard(2, [1, 3], {}, { selection: SELECTION.slice(1) }));
    refused(/s1.* and s1.* are both shard 1\/2/, shard(1, [0, 2, 4]), shard(1, [0, 2, 4]));
    refused(/a\.1 is in s1.* and in s2/, shard(1, [0, 2, 4]), shard(2, [0, 1, 3]));
  });

  test('refuses to leave out what is missing, and with partial makes it a problem of the run', () => {
    const unfinished: StoredRun = { ...shard(1, [0, 2, 4]), results: [ALL[0] as CheckResult] };
    for (const [message, runs] of [
      [/^shard 2\/2 is missing$/, [shard(1, [0, 2, 4])]],
      [/^shard 1\/2 \(s1.*\) has no result of a\.3, b\.2$/, [unfinished, shard(2, [1, 3])]],
      [/^no shard has b\.2$/, [shard(1, [0, 2]), shard(2, [1, 3])]],
    ] as const) {
      refused(new RegExp(message.source.slice(1, -1)), ...runs);
      const { header: head, results, circumstances } = mergeShards(runs, { partial: true });
      expect(circumstances.problems).toEqual([expect.stringMatching(message)]);
      const passing = results.filter((r) => r.verdict === 'passed');
      expect(summarize(head, passing, circumstances).exitCode).toBe(4);
    }
  });
});
