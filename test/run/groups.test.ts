// Checks that share a recovery: judged by one playing, and by themselves where that shows something wrong.
import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { defineSuite, type Check, type Group } from '../../src/checks/check.js';
import type { Context } from '../../src/checks/context.js';
import type { CheckResult } from '../../src/checks/outcome.js';
import { checksOfShard } from '../../src/run/order/shards.js';
import { runChecks } from '../support/run-checks.js';

/** Checks of one group; those in `wrong` fail by themselves, and the whole group does where `together` says so. */
function groupOf(
  ids: readonly string[],
  { wrong = [], together = false, lacking = [] }: { wrong?: string[]; together?: boolean; lacking?: string[] } = {},
) {
  const played: string[] = [];
  const alone: string[] = [];
  const judge = (ctx: Context, id: string): void => {
    if (wrong.includes(id)) ctx.duties.broken('VDS-5.6', `${id} is wrong`);
  };
  const group: Group = {
    async play(ctx, checks) {
      played.push(checks.map((c) => c.id).join());
      for (const { id } of checks) judge(ctx, id);
      if (together) ctx.duties.broken('VDS-5.5b', 'they are wrong together');
      return new Map(lacking.map((id) => [id, 'there is no such thing']));
    },
  };
  const checks = ids.map((id): Check => ({
    id,
    title: 'a check',
    requirements: ['VDS-5.5b'],
    group,
    cost: { calls: 1, recoveries: 1 },
    async run(ctx) {
      alone.push(id);
      judge(ctx, id);
    },
  }));
  return { checks, played, alone };
}

const run = (checks: readonly Check[]): Promise<CheckResult[]> =>
  runChecks(async () => createInMemory({ seed: 'test' }), { bare: true, from: [defineSuite('own', 'Own', checks)] });

describe('the checks of a group', () => {
  test('are judged by one playing', async () => {
    const { checks, played, alone } = groupOf(['own.a', 'own.b', 'own.c'], { lacking: ['own.b'] });
    const results = await run(checks);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'not-applicable', 'passed']);
    expect(results[1]?.reason).toBe('there is no such thing');
    expect(results[2]?.notes.map((n) => n.text)).toContain('one fault and its recovery judged 3 checks, with own.a');
    expect(played).toEqual(['own.a,own.b,own.c']);
    expect(alone).toEqual([]);
  });

  test('are run by themselves where the playing shows something wrong, and the wrong one is named', async () => {
    const { checks, played, alone } = groupOf(['own.a', 'own.b', 'own.c'], { wrong: ['own.b'] });
    const results = await run(checks);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'failed', 'passed']);
    expect(results[1]?.reason).toContain('own.b is wrong');
    expect(played).toHaveLength(1);
    expect(alone).toEqual(['own.a', 'own.b', 'own.c']);
  });

  test('fail with the last of them where they fail together only', async () => {
    const { checks } = groupOf(['own.a', 'own.b', 'own.c'], { together: true });
    const results = await run(checks);
    expect(results.map((r) => r.verdict)).toEqual(['passed', 'passed', 'failed']);
    expect(results[2]?.reason).toBe(
      'by itself none of the 3 checks of its group fails, together they do: they are wrong together',
    );
  });

  test('are run by themselves where only one of them is selected', async () => {
    const { checks, played, alone } = groupOf(['own.a', 'own.b']);
    await run(checks.slice(1));
    expect(played).toEqual([]);
    expect(alone).toEqual(['own.b']);
  });

  test('stay in one shard', () => {
    const selected = [...groupOf(['own.a', 'own.b', 'own.c']).checks, ...groupOf(['own.d', 'own.e']).checks];
    const shards = [1, 2].map((index) =>
      checksOfShard(
        selected.map((check) => ({ check })),
        { index, count: 2 },
      ).map(({ check }) => check.id),
    );
    expect(shards.toSorted((a, b) => b.length - a.length)).toEqual([
      ['own.a', 'own.b', 'own.c'],
      ['own.d', 'own.e'],
    ]);
  });
});
