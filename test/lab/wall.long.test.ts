// The wall around --subsystem, --drive and --pool: the suite at standard effort under each option, alone and together,
// watched from outside: by what reaches the adapter, and by the array itself after each call.
import { describe, expect, test } from 'vitest';
import { changesSystem } from '../../src/contract/effects.js';
import type { Guid } from '../../src/contract/guid.js';
import { EVERYTHING, type Scope } from '../../src/lab/scope.js';
import type { Call, Port } from '../../src/port/port.js';
import { newFolder } from '../support/folder.js';
import { runChecks } from '../support/run-checks.js';
import { standardChecks } from '../support/size.js';
import { openPooled, POOLS, watchOutside, type Inside } from './pooled-system.js';

const BOTH = ['Array A', 'Array B'];

interface Case {
  readonly scope: Partial<Scope>;
  readonly inside: Inside;
  /** At least this share of the checks must pass: a wall that lets nothing through would be safe as well. */
  readonly passed: number;
}

const CASES: Readonly<Record<string, Case>> = {
  '--subsystem': {
    scope: { subSystems: ['Array B'] },
    inside: { subSystems: ['Array B'], drives: undefined },
    passed: 0.75,
  },
  '--drive': { scope: { drives: ['Drive A-1'] }, inside: { subSystems: BOTH, drives: ['Drive A-1'] }, passed: 0.6 },
  '--drive, two of them': {
    scope: { drives: ['Drive A-1', 'Drive A-2'] },
    inside: { subSystems: BOTH, drives: ['Drive A-1', 'Drive A-2'] },
    passed: 0.6,
  },
  '--pool': { scope: { pools: ['Pool one'] }, inside: { subSystems: BOTH, drives: POOLS[0]!.drives }, passed: 0.55 },
  'all three': {
    scope: { subSystems: ['Array A'], drives: ['Drive A-1', 'Drive A-2', 'Drive A-3'], pools: ['Pool two'] },
    inside: { subSystems: ['Array A'], drives: ['Drive A-1', 'Drive A-2', 'Drive A-3'] },
    passed: 0.55,
  },
};

/** The GUIDs in the arguments of a call. */
const named = (value: unknown): Guid[] =>
  typeof value === 'string'
    ? [value.replace(/[{}]/g, '').toLowerCase()]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(named)
      : [];

const shown = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

/** The pooled reference provider, whose array is looked at after each call. `left` gets what left the scope. */
const spied = (inside: Inside, changing: Call[], left: string[]) => async (): Promise<Port> => {
  let outside: ReturnType<typeof watchOutside> | undefined;
  const port = openPooled((array) => {
    outside = watchOutside(array, inside);
  });
  return new Proxy(port, {
    get: (target, name) => {
      if (name === 'invoke')
        return async (call: Call) => {
          const reply = await target.invoke(call);
          const changes = changesSystem(call.method);
          if (changes) {
            changing.push(call);
            const foreign = named(call.args).filter((id) => outside?.ids.has(id));
            if (foreign.length > 0) left.push(`${call.method} names ${foreign.join(', ')}`);
          }
          // A change is carried out by its own call, or by the operation that is waited for.
          if (!changes && call.method !== 'IVdsAsync.Wait') return reply;
          const changed = outside?.changed();
          if (changed !== undefined && left.length < 3)
            left.push(
              `${changing
                .slice(-2)
                .map((c) => `${c.method}(${shown(c.args)})`)
                .join(', ')}: ${changed}`,
            );
          return reply;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};

describe('a run that is kept to a part of the system', () => {
  test.each(Object.entries(CASES))('changes nothing outside with %s, and still checks', async (_name, each) => {
    const changing: Call[] = [];
    const left: string[] = [];
    const results = await runChecks(spied(each.inside, changing, left), {
      checks: standardChecks(8),
      lab: {
        allowDestructive: true,
        scope: { ...EVERYTHING, ...each.scope },
        ledger: newFolder(),
      },
    });
    expect(left.slice(0, 3)).toEqual([]);
    expect(changing.length).toBeGreaterThan(1000);
    const open = results.filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable');
    // A call outside the scope is held back, and is not a finding.
    expect(open.filter((r) => r.verdict !== 'inconclusive').map((r) => `${r.id}: ${r.reason}`)).toEqual([]);
    expect(
      results.flatMap((r) =>
        r.notes.filter((n) => JSON.stringify(n).includes('clean-up')).map((n) => `${r.id}: ${JSON.stringify(n)}`),
      ),
    ).toEqual([]);
    expect(results.filter((r) => r.verdict === 'passed').length / results.length).toBeGreaterThanOrEqual(each.passed);
  });
});
