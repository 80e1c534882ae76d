import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../src/contract/codec.js';
import { allMethods, interfaceDef, method } from '../../src/contract/tables.js';
import { ProviderProtocolError } from '../../src/port/errors.js';
import { decodeNotification, encodeNotification, perform, type Operation } from '../../src/port/operations.js';
import type { Notification, Reply } from '../../src/port/port.js';
import { valueOf } from '../support/contract-values.js';
import { rejection } from './rejection.js';
import { answering, handle, overTheWire, PortDouble, remote } from './port-double.js';

describe('over a wire', () => {
  test.each(allMethods.map((m) => [m.fullName, m] as const))('%s has any arguments and any answer', async (_, m) => {
    const nulls = fc.subarray(m.outs.map((p) => p.name));
    const args = fc.record(Object.fromEntries(m.ins.map((p) => [p.name, valueOf(p.type)])));
    const outs = fc.record(
      Object.fromEntries(
        m.outs.map((p) => [p.name, fc.oneof({ weight: 4, arbitrary: valueOf(p.type) }, fc.constant(UNTOUCHED))]),
      ),
    );
    const port = new PortDouble();
    const far = remote(port);
    await fc.assert(
      fc.asyncProperty(
        args,
        outs,
        nulls,
        fc.integer({ min: 0, max: 0xffffffff }),
        async (given, answered, nullOuts, hr) => {
          const out = Object.fromEntries(Object.entries(answered).filter(([name]) => !nullOuts.includes(name)));
          port.answer = async () => ({ hr, out });
          const call = { object: handle(7), method: m.fullName, args: given, nullOuts };
          expect(await far.invoke(call)).toEqual({ hr, out });
          expect(port.calls.splice(0)).toEqual([call]);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('every other operation asks for the same and answers the same', async () => {
    const asked: unknown[] = [];
    const port = new PortDouble();
    const answers: Record<string, unknown> = {
      createInstance: 5,
      createSink: 6,
      queryInterface: { hr: 0, object: 8 },
      addRef: 0xffffffff,
      release: 0,
      releaseAll: undefined,
      identity: 3,
      setSinkAnswer: undefined,
      drainNotifications: undefined,
    };
    for (const [name, answer] of Object.entries(answers))
      Object.assign(port, {
        [name]: async (...args: unknown[]) => {
          asked.push([name, ...args]);
          return answer;
        },
      });
    const far = remote(port);
    const { iid } = interfaceDef('IVdsLun');
    expect(await far.createInstance()).toBe(5);
    expect(await far.createSink()).toBe(6);
    expect(await far.queryInterface(handle(5), iid, 'IVdsLun')).toEqual({ hr: 0, object: 8 });
    expect(await far.addRef(handle(8))).toBe(0xffffffff);
    expect(await far.release(handle(8))).toBe(0);
    await far.releaseAll([handle(8), handle(5)]);
    expect(await far.identity(handle(5))).toBe(3);
    await far.setSinkAnswer(0x80004005);
    await far.drainNotifications();
    expect(asked).toEqual([
      ['createInstance'],
      ['createSink'],
      ['queryInterface', 5, iid, 'IVdsLun'],
      ['addRef', 8],
      ['release', 8],
      ['releaseAll', [8, 5]],
      ['identity', 5],
      ['setSinkAnswer', 0x80004005],
      ['drainNotifications'],
    ]);
    port.queryInterface = async () => ({ hr: 0x80004002, object: null });
    expect(await far.queryInterface(handle(5), iid, 'IVdsLun')).toEqual({ hr: 0x80004002, object: null });
    await far.close();
    await far.terminate('done');
    expect([port.closed, port.terminated]).toEqual([1, ['done']]);
    expect(far.capabilities).toBe(port.capabilities);
  });

  test('any notification is the same', () => {
    const notification = fc.record({
      sink: fc.integer({ min: 1, max: 9 }),
      count: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
      notifications: fc.array(valueOf({ kind: 'struct', name: 'VDS_NOTIFICATION' }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(notification, (n) => {
        expect(decodeNotification(overTheWire(encodeNotification(n as unknown as Notification)))).toEqual(n);
      }),
    );
  });
});

describe('an answer that is none', () => {
  const REFRESH = { object: handle(1), method: 'IVdsHwProvider.Refresh', args: {} } as const;
  const LUNS = { object: handle(1), method: 'IVdsSubSystem.QueryLuns', args: {} } as const;

  test.each<readonly [unknown, RegExp]>([
    [undefined, /has no member "hr": undefined/],
    [null, /no member "hr": null/],
    ['S_OK', /no member "hr": "S_OK"/],
    [[], /no member "hr": \[\]/],
    [{ out: {} }, /no member "hr"/],
    [{ hr: '0', out: {} }, /hr is not an unsigned 32-bit integer: "0"/],
    [{ hr: -1, out: {} }, /: -1/],
    [{ hr: 0x100000000, out: {} }, /: 4294967296/],
    [{ hr: null, out: {} }, /: null/],
    [{ hr: 1.5, out: {} }, /: 1.5/],
    [{ hr: 0 }, /has no member "out"/],
    [{ hr: 0, out: null }, /expected an object, got null/],
    [{ hr: 0, out: {} }, /IVdsSubSystem\.QueryLuns\.enum: is missing/],
    [{ hr: 0, out: { enum: 0 } }, /enum: expected an object handle or null, got 0/],
    [{ hr: 0, out: { enum: [1] } }, /enum: expected/],
    [{ hr: 0, out: { enum: 1, more: 1 } }, /more: is not in the contract/],
    [{ hr: 0, out: { enum: 'x'.repeat(1e6) } }, /^.{1,300}$/],
  ])('%j to a call', async (reply, message) => {
    const error = await rejection(answering(reply).invoke(LUNS));
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect((error as Error).message).toMatch(message);
  });

  test('to the other operations', async () => {
    const far = answering({ object: 'one', count: -1, identity: 'me', hr: 0 });
    const errors = await Promise.all(
      [
        far.createInstance(),
        far.createSink(),
        far.queryInterface(handle(1), '', 'IVdsLun'),
        far.addRef(handle(1)),
        far.release(handle(1)),
        far.identity(handle(1)),
      ].map(rejection),
    );
    for (const error of errors) expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(errors.map((e) => (e as Error).message)).toEqual([
      'createInstance is not an object handle: "one"',
      'createSink is not an object handle: "one"',
      'queryInterface is not an object handle: "one"',
      'count is not an unsigned 32-bit integer: -1',
      'count is not an unsigned 32-bit integer: -1',
      'identity is not an unsigned 32-bit integer: "me"',
    ]);
    await expect(answering(5).createInstance()).rejects.toThrow('createInstance has no member "object": 5');
    await expect(answering({ object: 0 }).createInstance()).rejects.toThrow('is not an object handle: 0');
    await expect(answering({ object: 2 ** 60 }).createInstance()).rejects.toThrow('is not an object handle');
  });

  test('is none whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (reply) => {
        const outcome = await answering(reply)
          .invoke(REFRESH)
          .catch((error: unknown) => error);
        if (!(outcome instanceof ProviderProtocolError)) expect(outcome).toEqual({ hr: expect.any(Number), out: {} });
      }),
    );
  });

  test.each<readonly [unknown, RegExp]>([
    [null, /has no member "notifications": null/],
    [{ notifications: {} }, /is not an array/],
    [{ notifications: [], count: 1 }, /no member "sink"/],
    [{ notifications: [], sink: 0, count: 1 }, /sink is not an object handle/],
    [{ notifications: [], sink: 1, count: 0.5 }, /count is not a 32-bit integer: 0.5/],
    [{ notifications: [5], sink: 1, count: 1 }, /VDS_NOTIFICATION: expected an object, got 5/],
    [{ notifications: [{ objectType: 33 }], sink: 1, count: 1 }, /VDS_NOTIFICATION\.lun: is missing/],
  ])('%j as a notification', (json, message) => {
    expect(() => decodeNotification(json)).toThrow(ProviderProtocolError);
    expect(() => decodeNotification(json)).toThrow(message);
  });

  test('of the provider is found where it is made', async () => {
    const port = new PortDouble();
    const ask = (reply: unknown): Promise<unknown> => {
      port.answer = async () => reply as Reply;
      return rejection(perform(port, { op: 'invoke', object: 1, method: 'IVdsSubSystem.QueryLuns', args: {} }));
    };
    expect(await ask({ hr: 0, out: {} })).toEqual(
      new ProviderProtocolError('IVdsSubSystem.QueryLuns.enum: is missing'),
    );
    expect(await ask({ hr: 0n, out: { enum: null } })).toEqual(
      new ProviderProtocolError('the HRESULT of IVdsSubSystem.QueryLuns is not an unsigned 32-bit integer: "0n"'),
    );
  });
});

describe('an operation that is none', () => {
  const port = new PortDouble();
  test.each<readonly [unknown, RegExp]>([
    [{ op: 'format' }, /unknown operation \{"op":"format"\}/],
    [{ op: 'release', object: 0 }, /object is not an object handle: 0/],
    [{ op: 'release', object: '1' }, /object is not an object handle: "1"/],
    [{ op: 'releaseAll', objects: 3 }, /objects is not an array: 3/],
    [{ op: 'releaseAll', objects: [1, null] }, /objects is not an object handle: null/],
    [{ op: 'setSinkAnswer', hr: -1 }, /hr is not an unsigned/],
    [
      { op: 'queryInterface', object: 1, iid: '00000000-0000-0000-c000-000000000046', interface: 'IUnheard' },
      /the contract has no interface IUnheard/,
    ],
    [
      { op: 'queryInterface', object: 1, iid: '00000000-0000-0000-c000-000000000046', interface: ['IUnknown'] },
      /the contract has no interface/,
    ],
    [{ op: 'queryInterface', object: 1, iid: 5, interface: 'IUnknown' }, /iid is not a GUID: 5/],
    [{ op: 'invoke', object: 1, method: 'IVdsLun.Paint', args: {} }, /the contract has no method IVdsLun\.Paint/],
    [{ op: 'invoke', object: 1, method: null, args: {} }, /the contract has no method null/],
    [
      { op: 'invoke', object: 1, method: 'IVdsLun.Shrink', args: { numberOfBytesToRemove: 5 } },
      /IVdsLun\.Shrink\.numberOfBytesToRemove: expected a decimal string/,
    ],
    [
      { op: 'invoke', object: 1, method: 'IVdsLun.GetProperties', args: {}, nullOuts: ['prop'] },
      /"nullOuts" lists names that are not out parameters of IVdsLun\.GetProperties: \["prop"\]/,
    ],
    [
      { op: 'invoke', object: 1, method: 'IVdsLun.GetProperties', args: {}, nullOuts: 'lunProp' },
      /"nullOuts" lists names/,
    ],
    [{ op: 'invoke', object: null, method: 'IVdsLun.GetProperties', args: {} }, /is not an object handle: null/],
  ])('%j', async (operation, message) => {
    const error = await rejection(perform(port, operation as Operation));
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect((error as Error).message).toMatch(message);
    expect(port.calls).toEqual([]);
  });

  test('what the port rejects with passes unchanged', async () => {
    const error = new RangeError('mine');
    port.answer = async () => {
      throw error;
    };
    expect(
      await rejection(
        perform(port, { op: 'invoke', object: 1, method: method('IVdsHwProvider.Refresh').fullName, args: {} }),
      ),
    ).toBe(error);
  });
});
