import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../src/contract/codec.js';
import { formatGuidBraced } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { interfaceDef, type Handle, type InterfaceName } from '../../src/contract/tables.js';
import { ProviderHung, ProviderNotLoaded, ProviderProtocolError } from '../../src/port/errors.js';
import {
  ObjectServer,
  Servant,
  type InterfaceMap,
  type ServerOptions,
  type Sink,
} from '../../src/port/object-server.js';
import type { Notification, Port } from '../../src/port/port.js';
import { Session } from '../../src/port/session.js';
import { rejection } from './rejection.js';
import { lunEvent } from './port-double.js';

class Lun extends Servant {
  readonly interfaces: InterfaceMap = { IVdsLun: {}, IVdsLunMpio: {} };
  final = 0;
  override onFinalRelease(): void {
    this.final += 1;
  }
}

class Provider extends Servant {
  readonly lun = new Lun();
  sink: Sink | null = null;
  /** The answer of the next call of QuerySubSystems, or its deed. */
  next: () => unknown = () => ({ hr: HR.S_OK });
  seen: unknown;
  readonly interfaces: InterfaceMap = {
    IVdsProviderPrivate: {
      OnLoad: ({ callbackObject }) => {
        this.sink = callbackObject as Sink | null;
        return { hr: HR.S_OK };
      },
    },
    IVdsHwProvider: {
      QuerySubSystems: (args, context) => {
        this.seen = { args, nullOuts: [...context.nullOuts] };
        return this.next() as { hr: number };
      },
    },
    IVdsAsync: { Wait: () => this.next() as { hr: number } },
    IEnumVdsObject: { Next: () => this.next() as { hr: number } },
  };
}

let provider: Provider;
let server: ObjectServer;
let unknown: Handle;

const serve = async (options: Partial<ServerOptions> = {}): Promise<void> => {
  provider = new Provider();
  server = new ObjectServer({ create: () => provider, ...options });
  unknown = await server.createInstance();
};
beforeEach(() => serve());

const query = async (object: Handle, name: InterfaceName): Promise<Handle> =>
  (await server.queryInterface(object, interfaceDef(name).iid, name)).object as Handle;
const querySubSystems = async (nullOuts: readonly string[] = []) =>
  server.invoke({
    object: await query(unknown, 'IVdsHwProvider'),
    method: 'IVdsHwProvider.QuerySubSystems',
    args: {},
    nullOuts,
  });
const giveLun = async (): Promise<Handle> => {
  provider.next = () => ({ hr: HR.S_OK, out: { enum: provider.lun } });
  return (await querySubSystems()).out['enum'] as Handle;
};
const dead = (object: Handle): ProviderProtocolError =>
  new ProviderProtocolError(`object ${object} does not exist, or its last reference was released`);

describe('references', () => {
  test('are counted over all pointers to an object, and the last release is told to it', async () => {
    const one = await giveLun();
    const two = await query(one, 'IVdsLun');
    expect([await server.addRef(one), provider.lun.references]).toEqual([3, 3]);
    expect([
      await server.release(one),
      await server.release(two),
      provider.lun.final,
      await server.release(one),
      provider.lun.final,
    ]).toEqual([2, 1, 0, 0, 1]);
  });

  test('keep a handle alive until its own last one is released, although the object lives on', async () => {
    const one = await giveLun();
    const two = await query(one, 'IVdsLun');
    await server.release(one);
    for (const use of [
      server.addRef(one),
      server.release(one),
      server.identity(one),
      query(one, 'IVdsLun'),
      server.invoke({ object: one, method: 'IVdsLun.GetProperties', args: {} }),
    ]) {
      expect(await rejection(use)).toEqual(dead(one));
    }
    expect(await server.release(two)).toBe(0);
  });

  test('taken and released in any order, agree with a model, and no handle is ever used twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), fc.nat(9)), { maxLength: 60 }), async (steps) => {
        await serve();
        const held = new Map<Handle, number>();
        const everGiven = new Set<Handle>();
        const give = (handle: Handle): void => {
          expect(everGiven.has(handle)).toBe(false);
          everGiven.add(handle);
          held.set(handle, 1);
        };
        for (const [what, which] of steps) {
          const handle = [...held.keys()][which % Math.max(held.size, 1)];
          if (what === 0 || handle === undefined)
            give(handle === undefined || which % 2 === 0 ? await giveLun() : await query(handle, 'IVdsLun'));
          else {
            const count = (held.get(handle) ?? 0) + (what === 1 ? 1 : -1);
            const total = [...held.values()].reduce((a, b) => a + b, 0) + (what === 1 ? 1 : -1);
            expect(await (what === 1 ? server.addRef(handle) : server.release(handle))).toBe(total);
            if (count === 0) held.delete(handle);
            else held.set(handle, count);
          }
        }
        expect(provider.lun.references).toBe([...held.values()].reduce((a, b) => a + b, 0));
      }),
      { numRuns: 50 },
    );
  });

  test('identity is one number for each live object, whichever interface asks', async () => {
    const one = await giveLun();
    const two = await query(one, 'IVdsLunMpio');
    const [lun, again, other] = [
      await server.identity(one),
      await server.identity(two),
      await server.identity(unknown),
    ];
    expect(again).toBe(lun);
    expect(other).not.toBe(lun);
    await server.release(one);
    await server.release(two);
    const later = await server.identity(await giveLun());
    expect([lun, other]).not.toContain(later);
  });
});

describe('QueryInterface', () => {
  test('gives the interfaces that the servant has, and IUnknown', async () => {
    const { iid } = interfaceDef('IVdsHwProvider');
    expect((await server.queryInterface(unknown, formatGuidBraced(iid), 'IVdsHwProvider')).hr).toBe(HR.S_OK);
    expect((await server.queryInterface(unknown, interfaceDef('IUnknown').iid, 'IUnknown')).hr).toBe(HR.S_OK);
    expect(await server.queryInterface(unknown, interfaceDef('IVdsLun').iid, 'IVdsLun')).toEqual({
      hr: HR.E_NOINTERFACE,
      object: null,
    });
    expect(await server.queryInterface(unknown, interfaceDef('IVdsLun').iid, 'IVdsHwProvider')).toEqual({
      hr: HR.E_NOINTERFACE,
      object: null,
    });
    expect(await server.queryInterface(unknown, 'nonsense', 'IVdsHwProvider')).toEqual({
      hr: HR.E_NOINTERFACE,
      object: null,
    });
  });
});

describe('a call', () => {
  test('must be made through a pointer to its interface', async () => {
    expect(await rejection(server.invoke({ object: unknown, method: 'IVdsHwProvider.Refresh', args: {} }))).toEqual(
      new ProviderProtocolError('IVdsHwProvider.Refresh was called through a pointer to IUnknown'),
    );
  });

  test('of a method that is left out is answered as the provider says', async () => {
    const refresh = async () =>
      server.invoke({ object: await query(unknown, 'IVdsHwProvider'), method: 'IVdsHwProvider.Refresh', args: {} });
    expect(await refresh()).toEqual({ hr: HR.E_NOTIMPL, out: {} });
    await serve({
      unimplemented: (servant, name) =>
        servant === provider && name === 'IVdsHwProvider.Refresh' ? HR.VDS_E_NOT_SUPPORTED : HR.E_FAIL,
    });
    expect(await refresh()).toEqual({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} });
  });

  test('may be ended by the guard, which sees what is passed as NULL', async () => {
    const seen: unknown[] = [];
    await serve({
      guard: (servant, name, { nullOuts }) => {
        seen.push([servant === provider, name, [...nullOuts]]);
        return nullOuts.size > 0 ? HR.E_INVALIDARG : undefined;
      },
    });
    expect(await querySubSystems(['enum'])).toEqual({ hr: HR.E_INVALIDARG, out: {} });
    expect(await querySubSystems()).toEqual({ hr: HR.S_OK, out: { enum: UNTOUCHED } });
    expect(seen).toEqual([
      [true, 'IVdsHwProvider.QuerySubSystems', ['enum']],
      [true, 'IVdsHwProvider.QuerySubSystems', []],
    ]);
  });

  test('leaves untouched what it does not name, and has no output that was passed as NULL', async () => {
    expect(await querySubSystems()).toEqual({ hr: HR.S_OK, out: { enum: UNTOUCHED } });
    provider.next = () => ({ hr: HR.VDS_E_OBJECT_DELETED, out: { enum: null } });
    expect(await querySubSystems()).toEqual({ hr: HR.VDS_E_OBJECT_DELETED, out: { enum: null } });
    provider.next = () => ({ hr: HR.S_OK, out: { enum: provider.lun } });
    expect(await querySubSystems(['enum'])).toEqual({ hr: HR.S_OK, out: {} });
    expect(provider.lun.references).toBe(0);
    expect(provider.seen).toEqual({ args: {}, nullOuts: ['enum'] });
  });

  test('gives pointers out of arrays and of the arms of VDS_ASYNC_OUTPUT', async () => {
    provider.next = () => ({ hr: HR.S_FALSE, out: { objectArray: [provider.lun, null, provider.lun], fetched: 2 } });
    const next = await server.invoke({
      object: await query(unknown, 'IEnumVdsObject'),
      method: 'IEnumVdsObject.Next',
      args: { celt: 3 },
    });
    expect(next.out).toEqual({ objectArray: [expect.any(Number), null, expect.any(Number)], fetched: 2 });
    provider.next = () => ({
      hr: HR.S_OK,
      out: { hrResult: HR.S_OK, asyncOut: { type: 50, cl: { lunUnk: provider.lun } } },
    });
    const wait = await server.invoke({ object: await query(unknown, 'IVdsAsync'), method: 'IVdsAsync.Wait', args: {} });
    expect(wait.out).toEqual({ hrResult: HR.S_OK, asyncOut: { type: 50, cl: { lunUnk: expect.any(Number) } } });
    expect(provider.lun.references).toBe(3);
  });

  test.each<readonly [string, () => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new TypeError('lost');
      },
      /^TypeError: lost during IVdsHwProvider::QuerySubSystems$/,
    ],
    ['rejects', () => Promise.reject(new Error('lost')), /^Error: lost during IVdsHwProvider::QuerySubSystems$/],
    ['answers nothing', () => undefined, /QuerySubSystems answered no HRESULT: undefined during/],
    ['answers a signed HRESULT', async () => ({ hr: -1 }), /answered no HRESULT: -1 during/],
    [
      'gives out what is no servant',
      () => ({ hr: 0, out: { enum: {} } }),
      /IVdsHwProvider\.QuerySubSystems\.enum: expected a Servant or null, got \{\} during/,
    ],
    ['gives out a number', () => ({ hr: 0, out: { enum: 5 } }), /enum: expected a Servant or null, got 5 during/],
  ])('that %s is an error that names the call, never an answer of VDS', async (_, next, message) => {
    const session = new Session(server);
    const hw = await (await session.createInstance()).as('IVdsHwProvider');
    provider.next = next;
    const error = (await rejection(hw?.querySubSystems() ?? Promise.resolve())) as ProviderProtocolError;
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(message);
    provider.next = () => ({ hr: HR.S_OK });
    expect((await hw?.querySubSystems())?.hr).toBe(HR.S_OK);
  });

  test('passes servants for handles, and refuses handles that are dead', async () => {
    const object = await query(unknown, 'IVdsProviderPrivate');
    const onLoad = (callbackObject: Handle | null) =>
      server.invoke({ object, method: 'IVdsProviderPrivate.OnLoad', args: { machineName: null, callbackObject } });
    const sink = await server.createSink();
    await onLoad(sink);
    expect(provider.sink).toMatchObject({ handle: sink });
    await onLoad(null);
    expect(provider.sink).toBeNull();
    await server.release(sink);
    expect(await rejection(onLoad(sink))).toEqual(dead(sink));
  });
});

test('create() may fail, take its time, or make something other than a servant', async () => {
  const created = (create: unknown): Promise<unknown> =>
    rejection(new ObjectServer({ create: create as () => Servant }).createInstance());
  expect(
    await created(() => {
      throw new ProviderNotLoaded('no licence');
    }),
  ).toEqual(new ProviderNotLoaded('no licence'));
  expect(await created(async () => ({ interfaces: {} }))).toBeInstanceOf(ProviderNotLoaded);
  expect(await created(() => undefined)).toBeInstanceOf(ProviderNotLoaded);
  expect(await new ObjectServer({ create: async () => new Provider() }).createInstance()).toBe(1);
});

describe('the advise sink', () => {
  const load = async (): Promise<{ sink: Handle; held: Sink }> => {
    const sink = await server.createSink();
    await server.invoke({
      object: await query(unknown, 'IVdsProviderPrivate'),
      method: 'IVdsProviderPrivate.OnLoad',
      args: { machineName: null, callbackObject: sink },
    });
    return { sink, held: provider.sink as Sink };
  };

  test('counts the references of both sides, and tells the harness those of the provider', async () => {
    const { sink, held } = await load();
    expect([held.addRef(), held.addRef(), await server.addRef(sink)]).toEqual([2, 3, 4]);
    expect([held.release(), await server.release(sink), await server.release(sink)]).toEqual([3, 2, 1]);
    expect(held.release()).toBe(0);
    expect(() => held.release()).toThrow('the provider released the advise sink more often than it called AddRef');
  });

  test('delivers at once, in order, and answers what it is told to', async () => {
    const received: Notification[] = [];
    server.onNotification((n) => received.push(n));
    const { sink, held } = await load();
    expect(held.onNotify([lunEvent(1), lunEvent(2)])).toBe(HR.S_OK);
    await server.setSinkAnswer(HR.E_FAIL);
    expect(held.onNotify([])).toBe(HR.E_FAIL);
    await server.drainNotifications();
    expect(received).toEqual([
      { sink, count: 2, notifications: [lunEvent(1), lunEvent(2)] },
      { sink, count: 0, notifications: [] },
    ]);
  });

  test('has its interface', async () => {
    const sink = await server.createSink();
    expect((await server.queryInterface(sink, interfaceDef('IVdsAdviseSink').iid, 'IVdsAdviseSink')).hr).toBe(HR.S_OK);
    expect((await server.queryInterface(sink, interfaceDef('IVdsLun').iid, 'IVdsLun')).hr).toBe(HR.E_NOINTERFACE);
    expect(await server.identity(sink)).not.toBe(await server.identity(await server.createSink()));
  });
});

describe('the end', () => {
  const everything = (port: Port): Promise<unknown>[] => [
    port.createInstance(),
    port.queryInterface(unknown, '', 'IUnknown'),
    port.addRef(unknown),
    port.release(unknown),
    port.identity(unknown),
    port.invoke({ object: unknown, method: 'IVdsHwProvider.Refresh', args: {} }),
  ];

  test('by close() is told to the provider once, and no call comes after it', async () => {
    let closed = 0;
    await serve({
      close: async () => {
        closed += 1;
      },
    });
    await Promise.all([server.close(), server.close()]);
    await server.terminate('late');
    expect(closed).toBe(1);
    for (const error of await Promise.all(everything(server).map(rejection)))
      expect(error).toEqual(new ProviderProtocolError('the session is closed', { endsSession: true }));
  });

  test('by terminate() rejects calls whose methods have not answered, whatever they answer then', async () => {
    let finish: (answer: unknown) => void = () => {};
    provider.next = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const calls = [querySubSystems(), querySubSystems()].map(rejection);
    await expect.poll(() => provider.seen).toBeDefined();
    await server.terminate('enough');
    for (const error of await Promise.all(calls))
      expect(error).toEqual(new ProviderHung('the provider was ended: enough'));
    for (const error of await Promise.all(everything(server).map(rejection)))
      expect(error).toEqual(new ProviderHung('the provider was ended: enough'));
    finish({ hr: 0, out: { enum: provider.lun } });
    await Promise.resolve();
    expect(provider.lun.references).toBe(0);
  });

  test('comes while an object is made', async () => {
    const making = rejection(new ObjectServer({ create: () => new Promise<Servant>(() => {}) }).createInstance());
    const other = new ObjectServer({ create: () => new Promise<Servant>(() => {}) });
    const created = rejection(other.createInstance());
    await other.terminate('enough');
    expect(await created).toBeInstanceOf(ProviderHung);
    expect(await Promise.race([making, Promise.resolve('still waiting')])).toBe('still waiting');
  });
});
