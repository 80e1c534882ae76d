// The oracle of recovery, judgement by judgement, on a system of plain values: what fails on a wrong value passes on a
// lawful one.
import { describe, expect, test } from 'vitest';
import { HR } from '../../src/contract/hresult.js';
import { Duties } from '../../src/checks/duties.js';
import type { CheckLife } from '../../src/checks/life.js';
import { DutyBroken, Inconclusive } from '../../src/checks/outcome.js';
import { RecoveryCase, type RecoveryCaseOptions, type RecoveryContext } from '../../src/checks/recovery-case.js';
import type { RecoveryResult } from '../../src/faults/recover.js';
import type { Result } from '../../src/port/objects.js';
import { without, type Inventory, type LunState, type ObjectState } from '../../src/truth/inventory.js';

const id = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
const [ARRAY, OTHER_ARRAY, LUN, NEIGHBOUR] = [id(1), id(2), id(11), id(12)] as const;

const lun = (which: string, over: Partial<LunState> = {}): LunState => ({
  id: which,
  size: 1024n,
  identification: `serial of ${which}`,
  ...over,
});

/** Two subsystems; the first one has these LUNs. */
const state = (luns: readonly LunState[] = [lun(LUN), lun(NEIGHBOUR)]): Inventory => ({
  subSystems: [
    { id: ARRAY, identification: 'array 1', luns: [...luns] },
    { id: OTHER_ARRAY, identification: 'array 2', luns: [] },
  ],
});

function answer<T extends object>(hr: number, out: T, method = 'IVdsLun.GetProperties'): Result<T> {
  const record = { seq: 1, at: 0, ms: 0, method, hr, args: {}, outputs: {} };
  return { hr, out, record } as unknown as Result<T>;
}

/** A provider and its array as values, to be changed as a test goes on. */
class Bench {
  readonly notes: string[] = [];
  /** The values by the path that does not touch the provider; undefined where there is no such path. */
  truth: Inventory | undefined = state();
  /** The values by the provider. */
  observed: Inventory = state();
  pair: RecoveryResult = {
    reenumerate: answer(HR.S_OK, {}, 'IVdsHwProvider.Reenumerate'),
    refresh: answer(HR.S_OK, {}, 'IVdsHwProvider.Refresh'),
  };
  /** Whether the array makes the targets of its LUNs. */
  makesTargets = false;
  /** Happens with each pair. */
  onPair = (): void => {};
  healed = 0;
  duties: Duties | undefined;

  both(now: Inventory): void {
    this.truth = now;
    this.observed = now;
  }

  case(options?: RecoveryCaseOptions): RecoveryCase {
    const life = {
      session: { labels: { apply: (text: string) => text, applied: (text: string) => ({ text, named: [] }) } },
      calls: { refer: () => 1, value: (value: unknown) => value },
      note: (text: string) => this.notes.push(text),
      inconclusive: (reason: string): never => {
        throw new Inconclusive(reason);
      },
    };
    const context: RecoveryContext = {
      note: life.note,
      inconclusive: life.inconclusive,
      duties: (this.duties = new Duties(life as unknown as CheckLife, { strict: false, readings: new Map() })),
      faults: {
        truth: async () => this.truth,
        rememberCache: () => {},
        recover: async ({ fault } = {}) => {
          await fault?.heal();
          this.onPair();
          return this.pair;
        },
      },
      system: {
        makesTargets: async () => this.makesTargets,
        inventory: async (_requirement, _verdict, within) =>
          within === undefined
            ? this.observed
            : { subSystems: this.observed.subSystems.filter((s) => s.id === within) },
      },
    };
    return new RecoveryCase(context, options);
  }
}

/** A case that has seen the system before its fault. */
async function begun(options?: RecoveryCaseOptions): Promise<{ bench: Bench; c: RecoveryCase }> {
  const bench = new Bench();
  const c = bench.case(options);
  await c.snapshot();
  return { bench, c };
}

async function brokenBy(body: () => Promise<void>): Promise<{ requirement: string; verdict: unknown; text: string }> {
  const error: unknown = await body().then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof DutyBroken)) throw new Error('no duty was broken', { cause: error });
  return { requirement: error.finding.requirement, verdict: error.finding.faultVerdict, text: error.message };
}

const properties = (value: ObjectState) => answer(HR.S_OK, { lunProp: value });
const probe = (c: RecoveryCase, value: ObjectState): Promise<void> =>
  c.probe(
    'GetProperties',
    async () => properties(value),
    () => value,
  );
const probeCode = (c: RecoveryCase, hr: number): Promise<void> => c.probe('GetProperties', async () => answer(hr, {}));

describe('snapshot', () => {
  test('takes a provider that describes the truth', async () => {
    await expect(begun()).resolves.toBeDefined();
  });

  test('finds a value that is not true before any fault', async () => {
    const bench = new Bench();
    bench.observed = state([lun(LUN, { size: 1n }), lun(NEIGHBOUR)]);
    expect(await brokenBy(() => bench.case().snapshot())).toMatchObject({ requirement: 'VDS-5.3' });
  });

  test('finds an object id that is not the one of the truth', async () => {
    const bench = new Bench();
    bench.observed = state([lun(id(99), { identification: `serial of ${LUN}` }), lun(NEIGHBOUR)]);
    expect(await brokenBy(() => bench.case().snapshot())).toMatchObject({ requirement: 'VDS-4.2b' });
  });

  test('takes the provider at its word where there is no truth', async () => {
    const bench = new Bench();
    bench.truth = undefined;
    bench.observed = state([lun(LUN, { size: 7n })]);
    const c = bench.case();
    await c.snapshot();
    await expect(c.mustBeTrue()).resolves.toBeUndefined();
  });

  test('compares within one subsystem only where the case asks for it', async () => {
    const bench = new Bench();
    bench.observed = { subSystems: [{ ...state().subSystems[0]! }, { id: OTHER_ARRAY, status: 5, luns: [] }] };
    bench.truth = { subSystems: [{ ...state().subSystems[0]! }, { id: OTHER_ARRAY, status: 1, luns: [] }] };
    await expect(bench.case({ within: ARRAY }).snapshot()).resolves.toBeUndefined();
    expect(await brokenBy(() => bench.case({ within: OTHER_ARRAY }).snapshot())).toMatchObject({
      requirement: 'VDS-5.3',
    });
  });
});

test('snapshotTruth does not read the provider where there is a truth, and does where there is none', async () => {
  const bench = new Bench();
  bench.observed = state([]);
  await expect(bench.case().snapshotTruth()).resolves.toBeUndefined();
  bench.truth = undefined;
  const c = bench.case();
  await c.snapshotTruth();
  bench.observed = state();
  expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-5.5b' });
});

test('requireTruth ends a check as inconclusive where there is no path to the truth', async () => {
  const bench = new Bench();
  await expect(bench.case().requireTruth()).resolves.toBeUndefined();
  bench.truth = undefined;
  await expect(bench.case().requireTruth()).rejects.toThrow(Inconclusive);
});

describe('probe, before the pair', () => {
  test('passes the present truth without a note', async () => {
    const { bench, c } = await begun();
    await probe(c, lun(LUN));
    expect(bench.notes).toEqual([]);
    expect(c.sawCorruption).toBe(false);
  });

  test('passes an earlier truth, as caching, and notes it', async () => {
    const { bench, c } = await begun();
    bench.both(state([lun(LUN, { size: 2048n }), lun(NEIGHBOUR)]));
    await c.snapshot();
    await probe(c, lun(LUN));
    expect(bench.notes).toEqual([expect.stringContaining('earlier truth')]);
  });

  test('finds a value that was never true', async () => {
    const { c } = await begun();
    expect(await brokenBy(() => probe(c, lun(LUN, { size: 3n })))).toMatchObject({
      requirement: 'VDS-5.5a',
      verdict: 'silent wrong data',
      text: expect.stringContaining('is 3 (expected 1024)'),
    });
  });

  test('finds a mixture of two states that were true each', async () => {
    const { bench, c } = await begun();
    bench.both(state([lun(LUN, { size: 2048n, friendlyName: 'new' }), lun(NEIGHBOUR)]));
    await c.snapshot();
    bench.both(state([lun(LUN, { size: 1024n, friendlyName: 'old' }), lun(NEIGHBOUR)]));
    await c.snapshot();
    expect(await brokenBy(() => probe(c, lun(LUN, { size: 2048n, friendlyName: 'old' })))).toMatchObject({
      requirement: 'VDS-5.5a',
    });
  });

  test('finds an object id that never existed', async () => {
    const { c } = await begun();
    expect(await brokenBy(() => probe(c, lun(id(77))))).toMatchObject({
      requirement: 'VDS-5.5a',
      text: expect.stringContaining('never existed'),
    });
  });

  test('passes codes that a method may answer, and finds others', async () => {
    const { bench, c } = await begun();
    await probeCode(c, HR.VDS_E_OBJECT_STATUS_FAILED);
    expect(bench.notes).toEqual([expect.stringContaining('before recovery')]);
    await probeCode(c, HR.E_FAIL);
    expect(bench.duties?.findings).toMatchObject([{ requirement: 'VDS-0.2c', faultVerdict: 'wrong result code' }]);
  });

  test('keeps a call that answered VDS_E_PROVIDER_CACHE_CORRUPT in mind until the pair', async () => {
    const { c } = await begun();
    await probeCode(c, HR.VDS_E_PROVIDER_CACHE_CORRUPT);
    expect(c.sawCorruption).toBe(true);
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({
      requirement: 'VDS-5.6',
      verdict: 'detected, not recovered',
    });
  });

  test(
    'asks of such a call to succeed after the pair, or where something ' +
      'else may stand against it, to answer otherwise',
    async () => {
      for (const [hr, mustSucceed, passes] of [
        [HR.S_OK, true, true],
        [HR.E_INVALIDARG, true, false],
        [HR.E_INVALIDARG, false, true],
        [HR.VDS_E_PROVIDER_CACHE_CORRUPT, false, false],
      ] as const) {
        const { c } = await begun();
        const answers = [HR.VDS_E_PROVIDER_CACHE_CORRUPT, hr];
        await c.probe('GetProperties', async () => answer(answers.shift() ?? hr, {}), undefined, mustSucceed);
        if (passes) await expect(c.mustBeTrue()).resolves.toBeUndefined();
        else expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-5.6' });
      }
    },
  );
});

describe('reenumerateAndRefresh', () => {
  test('heals the fault before the pair and passes two times S_OK', async () => {
    const { bench, c } = await begun();
    const order: string[] = [];
    bench.onPair = () => order.push('pair');
    const heal = async (): Promise<void> => {
      order.push('heal');
    };
    await c.reenumerateAndRefresh({ fault: { heal, kind: 'lost-entry', route: 'cooperative', proof: '' } });
    expect(order).toEqual(['heal', 'pair']);
  });

  test('finds a Reenumerate and a Refresh that fail although the cause is gone', async () => {
    const { bench, c } = await begun();
    const { reenumerate } = bench.pair;
    bench.pair = { reenumerate, refresh: answer(HR.VDS_E_PROVIDER_CACHE_CORRUPT, {}, 'IVdsHwProvider.Refresh') };
    expect(await brokenBy(() => c.reenumerateAndRefresh())).toMatchObject({ requirement: 'VDS-5.5d' });
    bench.pair = {
      reenumerate: answer(HR.VDS_E_PROVIDER_CACHE_CORRUPT, {}, 'IVdsHwProvider.Reenumerate'),
      refresh: undefined,
    };
    expect(await brokenBy(() => c.reenumerateAndRefresh())).toMatchObject({
      requirement: 'VDS-5.5d',
      verdict: 'detected, not recovered',
    });
  });
});

describe('mustBeTrue, after the pair', () => {
  test('passes the truth, also one that has changed meanwhile with the consent of the check', async () => {
    const { bench, c } = await begun();
    await expect(c.mustBeTrue()).resolves.toBeUndefined();
    bench.both(state([lun(LUN, { friendlyName: 'acknowledged' }), lun(NEIGHBOUR)]));
    await c.snapshotAfterChange();
    await expect(c.mustBeTrue()).resolves.toBeUndefined();
  });

  test('finds a value that is not true, and says whether it is an earlier state', async () => {
    const { bench, c } = await begun();
    bench.truth = state([lun(LUN, { size: 2048n }), lun(NEIGHBOUR)]);
    await c.snapshotAfterChange();
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({
      requirement: 'VDS-5.5b',
      verdict: 'silent wrong data',
      text: expect.stringContaining('earlier state'),
    });
    bench.observed = state([lun(LUN, { size: 5n }), lun(NEIGHBOUR)]);
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({
      text: expect.stringContaining('wrong values'),
    });
  });

  test('breaks the requirement that the case names', async () => {
    const { bench, c } = await begun({ requirement: 'VDS-5.3' });
    bench.observed = state([lun(LUN, { size: 5n }), lun(NEIGHBOUR)]);
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-5.3' });
  });

  test('finds a missing, an added and a doubled object', async () => {
    for (const luns of [[lun(LUN)], [lun(LUN), lun(NEIGHBOUR), lun(id(13))], [lun(LUN), lun(LUN), lun(NEIGHBOUR)]]) {
      const { bench, c } = await begun();
      bench.observed = state(luns);
      expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-5.5b' });
    }
  });

  test('finds a new object id for the same object', async () => {
    const { bench, c } = await begun();
    bench.both(state([lun(id(99), { identification: `serial of ${LUN}` }), lun(NEIGHBOUR)]));
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-4.2b' });
  });

  test('passes what was deleted on purpose, and finds it when it still stands there', async () => {
    const { bench, c } = await begun();
    bench.both(without(state(), [LUN]));
    await expect(c.mustBeTrue([LUN])).resolves.toBeUndefined();
    bench.observed = state();
    expect(await brokenBy(() => c.mustBeTrue([LUN]))).toMatchObject({
      requirement: 'VDS-5.5b',
      text: expect.stringContaining(LUN),
    });
  });

  test('lets a target go with its LUN where the array makes those, and no other target', async () => {
    const [target, other] = [
      { id: id(21), iscsiName: 'iqn.a' },
      { id: id(22), iscsiName: 'iqn.b' },
    ];
    const [array] = state([lun(LUN, { associatedTargets: [target.id] }), lun(NEIGHBOUR)]).subSystems;
    const all: Inventory = { subSystems: [{ ...array!, targets: [target, other] }] };
    const bench = new Bench();
    bench.both(all);
    const c = bench.case();
    await c.snapshot();
    bench.both(without(all, [LUN, target.id]));
    expect(await brokenBy(() => c.mustBeTrue([LUN]))).toMatchObject({ requirement: 'VDS-5.5b' });
    bench.makesTargets = true;
    await expect(c.mustBeTrue([LUN])).resolves.toBeUndefined();
    bench.both(without(all, [LUN, target.id, other.id]));
    expect(await brokenBy(() => c.mustBeTrue([LUN]))).toMatchObject({ requirement: 'VDS-5.5b' });
  });

  test('finds an array that recovery itself has changed', async () => {
    const { bench, c } = await begun();
    bench.both(without(state(), [NEIGHBOUR]));
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({
      requirement: 'VDS-5.5b',
      text: expect.stringContaining('the array itself'),
    });
  });

  test('compares with the last snapshot where there is no truth', async () => {
    const bench = new Bench();
    bench.truth = undefined;
    const c = bench.case();
    await c.snapshot();
    await expect(c.mustBeTrue()).resolves.toBeUndefined();
    bench.observed = state([lun(LUN, { size: 5n }), lun(NEIGHBOUR)]);
    expect(await brokenBy(() => c.mustBeTrue())).toMatchObject({ requirement: 'VDS-5.5b' });
  });
});

test('mustRecover calls the pair and judges the state after it', async () => {
  const { bench, c } = await begun();
  bench.observed = state([]);
  bench.onPair = () => bench.both(state());
  await expect(c.mustRecover()).resolves.toBeUndefined();
  bench.onPair = () => {
    bench.observed = state([]);
  };
  expect(await brokenBy(() => c.mustRecover())).toMatchObject({ requirement: 'VDS-5.5b' });
});

test('mustBeIdempotent passes a pair that changes nothing and finds one that does', async () => {
  const { bench, c } = await begun();
  await expect(c.mustBeIdempotent()).resolves.toBeUndefined();
  bench.onPair = () => {
    bench.observed = state([lun(LUN, { size: 5n }), lun(NEIGHBOUR)]);
  };
  expect(await brokenBy(() => c.mustBeIdempotent())).toMatchObject({
    requirement: 'VDS-5.5b',
    text: expect.stringContaining('with nothing to repair'),
  });
});
