// IVdsAsync and IEnumVdsObject.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VDS_ASYNC_OUTPUT_TYPE as OUT } from '../../../src/contract/generated/enumerations.js';
import { as, code, events, FK, GIB, given, idOf, MIB, open } from './system.js';

const SIMPLE = { type: 10, sizeInBytes: GIB, driveIdArray: null, unmaskingList: '', hints: null };
const turn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('an operation', () => {
  test('is pending with rising percentage, then done with 100', async () => {
    const p = await open();
    const async = given((await (await p.subSystem()).createLun(SIMPLE)).out.async);
    const seen: number[] = [];
    let result = '';
    for (let i = 0; i < 50 && result !== 'S_OK'; i++) {
      const { hr, out } = await async.queryStatus();
      expect(code({ hr })).toBe('S_OK');
      result = code({ hr: given(out.hrResult) });
      seen.push(given(out.percentCompleted));
      await turn();
    }
    expect(result).toBe('S_OK');
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[0]).toBe(0);
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(100);
    expect(seen.slice(0, -1).every((percent) => percent < 100)).toBe(true);
  });

  test('nothing exists before it is done, and the arrival is reported before it', async () => {
    const p = await open();
    const before = await p.truth();
    const async = given((await (await p.subSystem()).createLun(SIMPLE)).out.async);
    while (code({ hr: given((await async.queryStatus()).out.hrResult) }) === 'VDS_E_OPERATION_PENDING') {
      expect(await p.truth()).toEqual(before);
      expect(events(p.session)).toEqual([]);
      await turn();
    }
    expect(p.session.received).toHaveLength(1);
  });

  test('Wait again and again gives references of the one object', async () => {
    const p = await open();
    const async = given((await (await p.subSystem()).createLun(SIMPLE)).out.async);
    const waits = await Promise.all([async.wait(), async.wait()]);
    waits.push(await async.wait());
    const objects = waits.map(({ out }) => given(given(out.asyncOut).cl?.lunUnk));
    expect(new Set(await Promise.all(objects.map((o) => o.identity()))).size).toBe(1);
    for (const [i, object] of objects.entries()) expect(await object.release()).toBe(objects.length - 1 - i);
    // The LUN itself stays, and can be had again.
    expect(
      code(await (await as(given(given((await async.wait()).out.asyncOut).cl?.lunUnk), 'IVdsLun')).getProperties()),
    ).toBe('S_OK');
  });

  test('cancelled: nothing is created, the type is still told', async () => {
    const p = await open();
    const before = await p.truth();
    const async = given((await (await p.subSystem()).createLun(SIMPLE)).out.async);
    const waiting = async.wait();
    await turn();
    expect(code(await async.cancel())).toBe('S_OK');
    expect(code(await async.cancel())).toBe('VDS_E_OPERATION_CANCELED');
    for (const { hr, out } of [await waiting, await async.wait()]) {
      expect([code({ hr }), code({ hr: given(out.hrResult) })]).toEqual(['S_OK', 'VDS_E_OPERATION_CANCELED']);
      expect(out.asyncOut).toEqual({ type: OUT.VDS_ASYNCOUT_CREATELUN, cl: { lunUnk: null } });
    }
    const status = (await async.queryStatus()).out;
    expect([code({ hr: given(status.hrResult) }), status.percentCompleted]).toEqual(['VDS_E_OPERATION_CANCELED', 100]);
    for (let i = 0; i < 10; i++) await turn();
    expect(await p.truth()).toEqual(before);
    expect(events(p.session)).toEqual([]);
  });

  test('finished: too late to cancel', async () => {
    const p = await open();
    const async = given((await (await p.subSystem()).createLun(SIMPLE)).out.async);
    await async.wait();
    expect(code(await async.cancel())).toBe('VDS_E_CANCEL_TOO_LATE');
    expect(code(await async.cancel())).toBe('VDS_E_CANCEL_TOO_LATE');
  });

  test.each([
    ['its subsystem was disconnected', FK.VDSC_FK_DISCONNECT, 'VDS_E_OBJECT_DELETED'],
    ['its subsystem was removed', FK.VDSC_FK_DELETE_OBJECT, 'VDS_E_OBJECT_DELETED'],
    ['its subsystem was removed, with the event,', FK.VDSC_FK_DELETE_OBJECT, 'VDS_E_OBJECT_DELETED', true],
    ['the cache was damaged', FK.VDSC_FK_FLIPPED_BYTES, 'VDS_E_PROVIDER_CACHE_CORRUPT'],
  ])('fails when %s meanwhile', async (_what, kind, expected, notify = false) => {
    const p = await open();
    const subSystem = await p.subSystem();
    const async = given((await subSystem.createLun({ ...SIMPLE, sizeInBytes: 16n * GIB })).out.async);
    const fault = await p.inject(kind, await idOf(subSystem), notify);
    const { out } = await async.wait();
    expect(code({ hr: given(out.hrResult) })).toBe(expected);
    expect(out.asyncOut).toEqual({ type: OUT.VDS_ASYNCOUT_CREATELUN, cl: { lunUnk: null } });
    if (kind === FK.VDSC_FK_DELETE_OBJECT) return;
    await p.control.heal({ faultId: fault.faultId });
    await p.recover();
    for (let i = 0; i < 3; i++) await p.createLun(await p.subSystem(), 16n * GIB);
  });
});

describe('an enumerator', () => {
  test('of nothing', async () => {
    const p = await open();
    const target = await p.createTarget(await p.subSystem());
    const enumerator = given((await target.queryPortalGroups()).out.enum);
    for (const celt of [1, 0]) {
      const { hr, out } = await enumerator.next({ celt });
      expect([code({ hr }), out.objectArray, out.fetched]).toEqual([celt === 0 ? 'S_OK' : 'S_FALSE', [], 0]);
    }
    expect([code(await enumerator.skip({ celt: 1 })), code(await enumerator.skip({ celt: 0 }))]).toEqual([
      'S_FALSE',
      'S_OK',
    ]);
  });

  test('does whatever a list with a position would', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    for (let i = 0; i < 4; i++) await p.createLun(subSystem, MIB);
    const identities = await Promise.all(
      given((await given((await subSystem.queryLuns()).out.enum).next({ celt: 5 })).out.objectArray).map((o) =>
        given(o).identity(),
      ),
    );
    expect(new Set(identities).size).toBe(5);
    const step = fc.oneof(
      fc.record({ op: fc.constant('next' as const), celt: fc.oneof(fc.nat(7), fc.constant(0xffffffff)) }),
      fc.record({ op: fc.constant('skip' as const), celt: fc.oneof(fc.nat(7), fc.constant(0xffffffff)) }),
      fc.record({ op: fc.constantFrom('reset' as const, 'clone' as const), celt: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { size: 'max', maxLength: 30 }), async (steps) => {
        let enumerator = given((await subSystem.queryLuns()).out.enum);
        let position = 0;
        for (const { op, celt } of steps) {
          const taken = identities.slice(position, position + celt);
          if (op === 'next') {
            const { hr, out } = await enumerator.next({ celt });
            expect(await Promise.all(given(out.objectArray).map((o) => given(o).identity()))).toEqual(taken);
            expect([code({ hr }), out.fetched]).toEqual([taken.length === celt ? 'S_OK' : 'S_FALSE', taken.length]);
            position += taken.length;
          } else if (op === 'skip') {
            expect(code(await enumerator.skip({ celt }))).toBe(taken.length === celt ? 'S_OK' : 'S_FALSE');
            position += taken.length;
          } else if (op === 'reset') {
            expect(code(await enumerator.reset())).toBe('S_OK');
            position = 0;
          } else {
            const original = enumerator;
            enumerator = given((await original.clone()).out.enum);
            // The copy goes its own way.
            await original.skip({ celt: 3 });
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('is a snapshot', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const enumerator = given((await subSystem.queryLuns()).out.enum);
    await p.createLun(subSystem);
    expect((await enumerator.next({ celt: 10 })).out.fetched).toBe(1);
  });
});
