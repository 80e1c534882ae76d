import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../src/contract/codec.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import { NULL_GUID } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import {
  allMethods,
  structure,
  structures,
  type FieldDef,
  type Method,
  type MethodName,
  type TypeDef,
} from '../../src/contract/tables.js';
import { Session } from '../../src/port/session.js';
import { Trace, type CallRecord, type TraceRecord } from '../../src/port/trace.js';
import { entryOf, type TraceEntry } from '../../src/port/trace-entry.js';
import { formatValue } from '../../src/port/show-value.js';
import { KIND_BY_STRUCTURE, Labels } from '../../src/port/labels.js';
import { redact } from '../../src/port/redact.js';
import { valueOf } from '../support/contract-values.js';
import { handle, PortDouble } from './port-double.js';

const record = (method: MethodName, rest: Partial<CallRecord> = {}): CallRecord => ({
  type: 'call',
  seq: 1,
  at: 0,
  ms: 1,
  method,
  object: handle(1),
  args: {},
  nullOuts: [],
  hr: 0,
  out: {},
  error: undefined,
  ...rest,
});
/** A record as a report gets it. */
const entry = (kept: TraceRecord, labels = new Labels()): TraceEntry => entryOf(kept, { labels, number: 1, began: 0 });
/** All that is in a value, for whoever would write it to a file. */
const asText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'bigint' || typeof v === 'symbol' ? String(v) : v instanceof Uint8Array ? [...v] : v,
  ) ?? '';

const secretsIn = (type: TypeDef): boolean => {
  switch (type.kind) {
    case 'struct':
      return structure(type.name).fields.some((f) => f.secret === true || secretsIn(f.type));
    case 'pointer':
      return secretsIn(type.to);
    case 'array':
      return secretsIn(type.of);
    default:
      return false;
  }
};
const SECRETIVE: readonly Method[] = allMethods.filter((m) => [...m.ins, ...m.outs].some((p) => secretsIn(p.type)));

describe('secrets', () => {
  const secret = fc.uint8Array({ minLength: 16, maxLength: 16 }).filter((bytes) => new Set(bytes).size > 8);
  /** As it should come, and as a wrong caller or provider might give it. */
  const disguised = (bytes: Uint8Array): unknown[] => [
    bytes,
    Buffer.from(bytes),
    [...bytes],
    Buffer.from(bytes).toString('base64'),
    Buffer.from(bytes).toString('hex'),
    Buffer.from(bytes).toString('latin1'),
    { inner: bytes },
    BigInt(`0x${Buffer.from(bytes).toString('hex')}`),
  ];
  const holder = (bytes: Uint8Array): Arbitrary<unknown> =>
    fc
      .constantFrom(...disguised(bytes))
      .chain((value) =>
        fc.constantFrom<unknown>(
          { key: value, keySize: 16, sharedSecret: value, sharedSecretSize: 16 },
          { secret: value },
          { sharedSecretSize: 16, sharedSecret: null, comment: value },
          value,
          [value],
          [{ sharedSecret: value, key: value }],
        ),
      );

  test('are arguments of the methods that the contract marks, and in no other structure', () => {
    expect(SECRETIVE.map((m) => m.fullName)).toContain('IVdsIscsiTarget.SetSharedSecret');
    expect(
      [...structures.values()].filter((s) => s.fields.some((f: FieldDef) => f.secret === true)).map((s) => s.name),
    ).toEqual(['VDS_ISCSI_IPSEC_KEY', 'VDS_ISCSI_SHARED_SECRET']);
  });

  test.each(SECRETIVE.map((m) => [m.fullName, m] as const))(
    'of %s never reach a record or a line of a report',
    async (name, m) => {
      const port = new PortDouble();
      const session = new Session(port);
      const given = secret.chain((bytes) =>
        fc.tuple(
          fc.constant(bytes),
          fc.record(
            Object.fromEntries(
              [...m.ins, ...m.outs].map((p) => [p.name, secretsIn(p.type) ? holder(bytes) : valueOf(p.type)]),
            ),
          ),
        ),
      );
      await fc.assert(
        fc.asyncProperty(given, fc.boolean(), async ([bytes, values], fails) => {
          const pick = (params: Method['ins']): Record<string, unknown> =>
            Object.fromEntries(params.map((p) => [p.name, values[p.name]]));
          port.answer = () =>
            fails ? Promise.reject(new Error('odd')) : Promise.resolve({ hr: HR.S_OK, out: pick(m.outs) });
          await session.invoke(handle(1), name, pick(m.ins)).catch(() => {});
          const kept = session.trace.since(session.trace.total - 1)[0];
          const text = kept === undefined ? '' : asText(kept) + asText(entry(kept, session.labels));
          for (const form of disguised(bytes)) expect(text).not.toContain(asText(form).replace(/^[["]|[\]"]$/g, ''));
          // The arguments of the call are not changed.
          expect(port.calls.at(-1)?.args).toEqual(pick(m.ins));
        }),
        { numRuns: 200 },
      );
    },
  );

  test('that are not there are told from those that are', () => {
    const shown = (targetSharedSecret: unknown): unknown =>
      redact('IVdsIscsiTarget.SetSharedSecret', { targetSharedSecret, initiatorName: 'iqn' });
    expect(shown(null)).toEqual({ targetSharedSecret: null, initiatorName: 'iqn' });
    expect(shown({ sharedSecret: null, sharedSecretSize: 0 })).toEqual({
      targetSharedSecret: { sharedSecret: null, sharedSecretSize: 0 },
      initiatorName: 'iqn',
    });
    expect(shown({ sharedSecret: new Uint8Array(3), sharedSecretSize: 3 })).toEqual({
      targetSharedSecret: { sharedSecret: '(secret)', sharedSecretSize: 3 },
      initiatorName: 'iqn',
    });
  });

  test('cost nothing where there are none', () => {
    const args = { numberOfBytesToRemove: 5n };
    expect(redact('IVdsLun.Shrink', args)).toBe(args);
  });
});

describe('labels', () => {
  const [a, b] = ['83bfb87f-43fb-4903-baa6-127f01029eec', '11111111-2222-3333-4444-555555555555'] as const;

  test('are given in the order in which ids are seen, by kind, and stay', () => {
    const labels = new Labels();
    labels.learn('lun', a);
    labels.learn('target', b);
    labels.learn('lun', b);
    expect(labels.apply(`${a} ${b} 99999999-2222-3333-4444-555555555555 ${a}`)).toBe('lun#1 target#1 guid#1 lun#1');
    labels.learn('lun', '99999999-2222-3333-4444-555555555555');
    expect(labels.apply('99999999-2222-3333-4444-555555555555')).toBe('guid#1');
    labels.clear();
    expect(labels.apply(b)).toBe('guid#1');
  });

  test('know an id however it is written', () => {
    const labels = new Labels();
    labels.learn('lun', `{${a.toUpperCase()}}`);
    expect(labels.apply(`${a} {${a}} ${a.toUpperCase()} ${a.replaceAll('-', '')} "${a}"`)).toBe(
      'lun#1 lun#1 lun#1 lun#1 "lun#1"',
    );
  });

  test('leave GUID_NULL and text that is not a GUID', () => {
    const text = '00000000-0000-0000-0000-000000000000 83bfb87f-43fb-4903-baa6 83bfb87f43fb4903baa6127f01029eecff';
    expect(new Labels().apply(text)).toBe(text);
  });

  test('of two runs with other ids give the same text', () => {
    const guid = fc.uuid({ version: [1, 4] });
    fc.assert(
      fc.property(
        fc.uniqueArray(guid, { minLength: 4, maxLength: 4 }),
        fc.uniqueArray(guid, { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(3), { maxLength: 20 }),
        (one, two, uses) => {
          const run = (ids: readonly string[]): string => {
            const labels = new Labels();
            labels.learn('lun', ids[0] ?? '');
            return uses.map((i) => labels.apply(`id {${ids[i]}}`)).join();
          };
          expect(run(one)).toBe(run(two));
        },
      ),
    );
  });

  test('are learnt from the properties of every kind of object as calls pass', async () => {
    const port = new PortDouble();
    const session = new Session(port);
    const kinds = allMethods.flatMap((m) =>
      m.outs.flatMap((p) =>
        p.type.kind === 'struct' && KIND_BY_STRUCTURE[p.type.name] !== undefined
          ? [{ m, p, kind: KIND_BY_STRUCTURE[p.type.name] ?? '' }]
          : [],
      ),
    );
    expect(new Set(kinds.map((k) => k.kind))).toEqual(new Set(Object.values(KIND_BY_STRUCTURE)));
    for (const [i, { m, p, kind }] of kinds.entries()) {
      const id = `${String(i).padStart(8, '0')}-2222-3333-4444-555555555555`;
      session.labels.clear();
      for (const [hr, out] of [
        [HR.E_FAIL, { id }],
        [HR.S_OK, null],
        [HR.S_OK, UNTOUCHED],
        [HR.S_OK, { id: 5 }],
      ] as const) {
        port.answer = async () => ({ hr, out: { [p.name]: out } });
        await session.invoke(handle(1), m.fullName, {});
      }
      port.answer = async () => ({ hr: HR.S_OK, out: { [p.name]: { id } } });
      const { record: made } = await session.invoke(handle(1), m.fullName, {});
      expect(entry(made, session.labels)).toMatchObject({ outputs: { [p.name]: { id: `${kind}#1` } } });
    }
  });

  test('of what an object tells of another do not become its own name', async () => {
    const port = new PortDouble();
    const session = new Session(port);
    const [controller, ofPort] = ['11111111', '22222222'].map((head) => `${head}-2222-3333-4444-555555555555`);
    const ask = async (method: MethodName, param: string, id = ''): Promise<TraceEntry> => {
      port.answer = async () => ({ hr: HR.S_OK, out: { [param]: { id } } });
      return entry((await session.invoke(handle(1), method, {})).record, session.labels);
    };
    session.labels.point(handle(1), 'IVdsController');
    await ask('IVdsController.GetProperties', 'controllerProp', controller);
    expect(await ask('IVdsController.GetPortProperties', 'portProp', ofPort)).toMatchObject({
      object: 'controller#1',
      outputs: { portProp: { id: 'port#1' } },
    });
  });
});

describe('an entry of a report', () => {
  const base = { type: 'call', number: 1, at: 0, ms: 1, args: {}, outputs: {} };

  test.each<readonly [CallRecord, object]>([
    [
      record('IVdsLun.Shrink', { args: { numberOfBytesToRemove: 5n }, out: { async: handle(12) } }),
      {
        object: 'lun#1',
        method: 'IVdsLun.Shrink',
        args: { numberOfBytesToRemove: 5 },
        hr: 0,
        outputs: { async: { object: 'async#1' } },
      },
    ],
    [
      record('IVdsSubSystem.QueryLuns', { hr: HR.VDS_E_OBJECT_DELETED, out: { enum: UNTOUCHED } }),
      {
        object: 'subsystem#1',
        method: 'IVdsSubSystem.QueryLuns',
        hr: HR.VDS_E_OBJECT_DELETED,
        outputs: { enum: { untouched: true } },
      },
    ],
    [
      record('IVdsSubSystem.QueryLuns', { nullOuts: ['enum'], hr: HR.E_INVALIDARG }),
      { object: 'subsystem#1', method: 'IVdsSubSystem.QueryLuns', args: { enum: null }, hr: HR.E_INVALIDARG },
    ],
    [
      record('IEnumVdsObject.Next', { args: { celt: 3 }, hr: 1, out: { objectArray: [handle(5), null], fetched: 1 } }),
      {
        object: 'enum#1',
        method: 'IEnumVdsObject.Next',
        args: { celt: 3 },
        hr: 1,
        outputs: { objectArray: [{ object: 'object#1' }, null], fetched: 1 },
      },
    ],
    [
      record('IVdsAsync.Wait', { out: { hrResult: 0x80070005, asyncOut: { type: 50, cl: { lunUnk: handle(9) } } } }),
      {
        object: 'async#1',
        method: 'IVdsAsync.Wait',
        hr: 0,
        outputs: {
          hrResult: { hresult: 0x80070005 },
          asyncOut: { type: { enum: 'VDS_ASYNCOUT_CREATELUN' }, cl: { lunUnk: { object: 'object#1' } } },
        },
      },
    ],
    [
      record('IVdsHwProvider.Refresh', { hr: undefined, error: 'VDSC_HUNG' }),
      { object: 'provider#1', method: 'IVdsHwProvider.Refresh', error: 'VDSC_HUNG' },
    ],
    [record('IVdsHwProvider.Refresh', { hr: undefined }), { object: 'provider#1', method: 'IVdsHwProvider.Refresh' }],
  ])('%#', (call, expected) => {
    expect(entry(call)).toEqual({ ...base, ...expected });
  });

  test('names an object alike by all its pointers and by its id, whichever was seen first', () => {
    const labels = new Labels();
    const id = '11111111-2222-3333-4444-555555555555';
    labels.point(handle(1), 'IUnknown');
    labels.pointSame(handle(2), handle(1), 'IVdsSubSystem');
    labels.pointSame(handle(3), handle(2), 'IVdsSubSystemImportTarget');
    expect(labels.of(handle(3))).toBe('subsystem#1');
    labels.identify(handle(2), id);
    labels.point(handle(4), 'IVdsSubSystem');
    expect(labels.of(handle(4))).toBe('subsystem#2');
    labels.identify(handle(4), id);
    expect([handle(1), handle(2), handle(3), handle(4)].map((h) => labels.of(h))).toEqual(
      Array.from({ length: 4 }, () => 'subsystem#1'),
    );
    expect(labels.apply(id)).toBe('subsystem#1');
  });

  test('keeps the pointers that a check goes on to hold, and forgets the others', () => {
    const labels = new Labels();
    labels.point(handle(1), 'IVdsLun');
    labels.point(handle(2), 'IVdsLun');
    expect([labels.of(handle(2)), labels.of(handle(1))]).toEqual(['lun#1', 'lun#2']);
    labels.clear(new Map([[handle(1), 1]]));
    expect([labels.of(handle(1)), labels.of(handle(2))]).toEqual(['lun#1', 'object#1']);
  });

  test('of a fault and of a notification stand beside calls', () => {
    const id = '11111111-2222-3333-4444-555555555555';
    const labels = new Labels();
    labels.learn('lun', id);
    expect(
      entry({ type: 'fault', at: 2, kind: 'crash', object: NULL_GUID, route: 'device', proof: id }, labels),
    ).toEqual({ type: 'fault', number: 1, at: 2, kind: 'crash', object: 'provider', route: 'device', proof: 'lun#1' });
    const notification = { objectType: 33, lun: { event: 108, lunId: id } } as unknown as VDS_NOTIFICATION;
    expect(
      entry({ type: 'notification', at: 3, sink: handle(1), count: 3, notifications: [notification] }, labels),
    ).toEqual({
      type: 'notification',
      number: 1,
      at: 3,
      count: 3,
      notifications: [
        { objectType: { enum: 'VDS_NTT_LUN' }, lun: { event: { enum: 'VDS_NF_LUN_ARRIVE' }, lunId: 'lun#1' } },
      ],
    });
  });

  test('does not grow with what it shows', () => {
    expect(formatValue('x'.repeat(1e6))).toBe(`"${'x'.repeat(197)}..."`);
    expect(formatValue(Array.from({ length: 1e5 }, (_, i) => i))).toBe('[0, 1, 2, 3, 4, 5, 6, 7, … 99992 more]');
    expect(formatValue(new Uint8Array(1e6))).toBe('1000000 bytes');
    expect(formatValue(`${'x'.repeat(196)}\ud83d\ude00${'x'.repeat(9)}`)).toBe(`"${'x'.repeat(196)}\\ud83d..."`);
  });

  test('can be made of any arguments and any answer', () => {
    const anything = fc.constantFrom(...allMethods).chain((m) =>
      fc.record({
        method: fc.constant(m.fullName),
        args: fc.record(Object.fromEntries(m.ins.map((p) => [p.name, valueOf(p.type)]))),
        out: fc.record(
          Object.fromEntries(m.outs.map((p) => [p.name, fc.oneof(valueOf(p.type), fc.constant(UNTOUCHED))])),
        ),
      }),
    );
    fc.assert(
      fc.property(anything, ({ method, ...rest }) => {
        const made = entry(record(method, rest));
        // Plain data: what JSON holds, and nothing that it would lose.
        expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the ring', () => {
  const filled = (capacity: number, count: number): Trace => {
    const trace = new Trace(capacity);
    for (let seq = 1; seq <= count; seq++) trace.add(record('IVdsHwProvider.Refresh', { seq }));
    return trace;
  };

  test('gives the calls since a mark, the newest of them where there are too many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(60), fc.nat(70), (capacity, count, mark) => {
        const all = Array.from({ length: count }, (_, i) => i + 1);
        const trace = filled(capacity, count);
        expect([trace.total, trace.calls]).toEqual([count, count]);
        expect(trace.callsSince(mark).map((r) => r.seq)).toEqual(all.slice(mark).slice(-capacity));
      }),
    );
  });

  test('keeps the last faults however many calls came after it', () => {
    const trace = new Trace(4);
    const struck = { type: 'fault' as const, at: 0, kind: 'exhaust-memory', object: NULL_GUID, route: 'r', proof: 'p' };
    const before = { ...struck, kind: 'device-error' };
    trace.add(before);
    trace.add(struck);
    for (let seq = 1; seq <= 20; seq++) trace.add(record('IVdsHwProvider.Refresh', { seq }));
    expect(trace.lastFaults).toEqual([before, struck]);
    expect(struck).toMatchObject({ place: 2 });
    expect(trace.since(0).every((r) => r.type === 'call')).toBe(true);
  });
});
