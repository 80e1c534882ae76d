import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../src/contract/codec.js';
import { allMethods, interfaces, type InterfaceName, type Method } from '../../src/contract/tables.js';
import { VdsObject } from '../../src/port/objects.js';
import { holdsReference } from '../../src/port/references.js';
import { Session } from '../../src/port/session.js';
import type { Reply } from '../../src/port/port.js';
import { valueOf } from '../support/contract-values.js';
import { rejection } from './rejection.js';
import { handle, PortDouble } from './port-double.js';

const property = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
type Callable = Readonly<Record<string, (...args: unknown[]) => Promise<{ hr: number; out: Record<string, unknown> }>>>;

function start(reply: Reply = { hr: 0, out: {} }): {
  port: PortDouble;
  session: Session;
  object: (name: InterfaceName) => VdsObject & Callable;
} {
  const port = new PortDouble();
  port.answer = async () => reply;
  const session = new Session(port);
  return { port, session, object: (name) => session.own(handle(77), name) as VdsObject & Callable };
}
const countOf = (m: Method, param: string): string | undefined =>
  m.ins.find((p) => (p.type.kind === 'array' || p.type.kind === 'bytes') && p.type.count === param)?.name;

describe('typed objects', () => {
  test.each(allMethods.map((m) => [m.fullName, m] as const))(
    'have %s, which passes what it is given and fills in the counts',
    async (_, m) => {
      const { port, object } = start();
      const target = object(m.interfaceName);
      const counts = m.ins.filter((p) => countOf(m, p.name) !== undefined).map((p) => p.name);
      const given = fc.record(
        Object.fromEntries(
          m.ins
            .filter((p) => !counts.includes(p.name))
            .map((p) => [p.name, p.type.kind === 'interface' ? fc.constant(target) : valueOf(p.type)]),
        ),
      );
      await fc.assert(
        fc.asyncProperty(given, async (args) => {
          const options = { nullOuts: m.outs.map((p) => p.name) };
          const result = await (m.ins.length > 0
            ? target[property(m.name)]?.(args, options)
            : target[property(m.name)]?.(options));
          expect(result).toMatchObject({ hr: 0, out: {} });
          const [call] = port.calls.splice(0);
          expect([call?.object, call?.method, call?.nullOuts]).toEqual([77, m.fullName, options.nullOuts]);
          expect(Object.keys(call?.args ?? {}).sort()).toEqual(m.ins.map((p) => p.name).sort());
          for (const p of m.ins) {
            const array = countOf(m, p.name);
            const wanted =
              array !== undefined
                ? ((args[array] as { length: number } | null)?.length ?? 0)
                : p.type.kind === 'interface'
                  ? 77
                  : args[p.name];
            expect(call?.args[p.name]).toEqual(wanted);
          }
        }),
        { numRuns: 10 },
      );
    },
  );

  test('are of one class for each interface, and no method of VDS hides one of theirs', () => {
    const { object } = start();
    const own = new Set(Object.getOwnPropertyNames(VdsObject.prototype));
    for (const { name, methods } of interfaces.values()) {
      const made = object(name as InterfaceName);
      expect(Object.getPrototypeOf(made)).toBe(Object.getPrototypeOf(object(name as InterfaceName)));
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(made)).sort()).toEqual(
        ['constructor', ...methods.map((m) => property(m.name))].sort(),
      );
      expect(
        methods.filter(
          (m) => own.has(property(m.name)) || property(m.name) in { session: 1, handle: 1, interfaceName: 1 },
        ),
      ).toEqual([]);
    }
  });
});

describe('arguments', () => {
  test('may lie about a count, and leave out what is NULL', async () => {
    const { port, object } = start();
    const lun = object('IVdsLun');
    await lun['extend']?.({ numberOfBytesToAdd: 5n, driveIdArray: null, numberOfDrives: 1000 });
    await lun['extend']?.({ numberOfBytesToAdd: 5n, numberOfDrives: undefined });
    await lun['extend']?.({ numberOfBytesToAdd: 5n, driveIdArray: ['a', 'b'], numberOfDrives: 0 });
    await lun['extend']?.();
    expect(port.calls.map((c) => c.args)).toEqual([
      { numberOfBytesToAdd: 5n, driveIdArray: null, numberOfDrives: 1000 },
      { numberOfBytesToAdd: 5n, driveIdArray: null, numberOfDrives: 0 },
      { numberOfBytesToAdd: 5n, driveIdArray: ['a', 'b'], numberOfDrives: 0 },
      { numberOfBytesToAdd: null, driveIdArray: null, numberOfDrives: 0 },
    ]);
  });

  test('that are objects of another session are refused, since their numbers mean something else here', async () => {
    const here = start();
    const stranger = await start().session.createSink();
    const error = await rejection(
      here.object('IVdsProviderPrivate')['onLoad']?.({ machineName: null, callbackObject: stranger }) ??
        Promise.resolve(),
    );
    expect((error as Error).message).toBe('IVdsProviderPrivate.OnLoad: callbackObject is an object of another session');
    expect(here.port.calls).toEqual([]);
  });

  test('hold interface pointers only where objects are looked for', () => {
    for (const m of allMethods) for (const p of m.ins) expect(holdsReference(p.type)).toBe(p.type.kind === 'interface');
  });
});

describe('outputs', () => {
  test('that are interface pointers become objects, once each, and count as taken', async () => {
    const { session, object } = start({ hr: 0, out: { enum: handle(5) } });
    const before = new Map(session.owned());
    const found = (await object('IVdsSubSystem')['queryLuns']?.())?.out['enum'];
    expect(found).toBeInstanceOf(VdsObject);
    expect(found).toMatchObject({ handle: 5, interfaceName: 'IEnumVdsObject' });
    expect([...session.owned()].filter(([h]) => !before.has(h))).toEqual([
      [77, 1],
      [5, 1],
    ]);
  });

  test.each([[null], [UNTOUCHED]])('that are %s stay so', async (value) => {
    const { session, object } = start({ hr: 0x80004005, out: { enum: value } });
    expect((await object('IVdsSubSystem')['queryLuns']?.())?.out).toEqual({ enum: value });
    expect(session.owned().size).toBe(1);
  });

  test('in an array are wrapped one by one, NULL too', async () => {
    const reply = { hr: 1, out: { objectArray: [handle(5), null, handle(6)], fetched: 3 } };
    const { object } = start(reply);
    const { out } = (await object('IEnumVdsObject')['next']?.({ celt: 5 })) ?? { out: {} };
    expect(out).toMatchObject({
      objectArray: [{ handle: 5, interfaceName: 'IUnknown' }, null, { handle: 6 }],
      fetched: 3,
    });
    expect(reply.out.objectArray).toEqual([5, null, 6]);
    expect(
      (
        await start({ hr: 0, out: { objectArray: null, fetched: 0 } })
          .object('IEnumVdsObject')
          ['next']?.({ celt: 5 })
      )?.out,
    ).toEqual({ objectArray: null, fetched: 0 });
  });

  test.each([
    [50, 'cl', 'lunUnk'],
    [62, 'ct', 'targetUnk'],
    [63, 'cpg', 'portalGroupUnk'],
  ])('in the arm of VDS_ASYNC_OUTPUT for type %i are wrapped', async (type, arm, member) => {
    const wait = (value: unknown) =>
      start({ hr: 0, out: { hrResult: 0, asyncOut: { type, [arm]: { [member]: value } } } })
        .object('IVdsAsync')
        ['wait']?.();
    expect((await wait(5))?.out).toMatchObject({
      hrResult: 0,
      asyncOut: { type, [arm]: { [member]: { handle: 5, interfaceName: 'IUnknown' } } },
    });
    expect((await wait(null))?.out).toEqual({ hrResult: 0, asyncOut: { type, [arm]: { [member]: null } } });
  });

  test('of other arms, untouched ones and those passed as NULL are as they were', async () => {
    const wait = (out: Reply['out'], nullOuts: string[] = []) =>
      start({ hr: 0, out }).object('IVdsAsync')['wait']?.({ nullOuts });
    for (const asyncOut of [{ type: 52 }, UNTOUCHED, { type: 10, cp: { offset: 5n, volumeId: 'x' } }]) {
      expect((await wait({ hrResult: UNTOUCHED, asyncOut }))?.out).toEqual({ hrResult: UNTOUCHED, asyncOut });
    }
    expect((await wait({ hrResult: 0 }, ['asyncOut']))?.out).toEqual({ hrResult: 0 });
    expect((await wait({}, ['asyncOut', 'hrResult']))?.out).toEqual({});
  });
});

test('an object without the interface asked for is null, with the reason', async () => {
  const { port, object } = start();
  port.queryInterface = async () => ({ hr: 0x80004002, object: null });
  expect(await object('IVdsLun').as('IVdsLunMpio')).toBeNull();
  expect(await object('IVdsLun').queryInterface('IVdsLunMpio')).toEqual({ hr: 0x80004002, object: null });
});
