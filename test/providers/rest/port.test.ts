// The port over REST: every operation arrives, and every kind of value comes back as it was.
import { join } from 'node:path';
import { openAdapter } from '../../../src/port/load-adapter.js';
import { ROOT } from '../../support/project.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import { interfaceDef, type Handle } from '../../../src/contract/tables.js';
import {
  ConfigurationError,
  ProviderCrashed,
  ProviderHung,
  ProviderNotLoaded,
  ProviderProtocolError,
  ProviderUnreachable,
} from '../../../src/port/errors.js';
import { ObjectServer } from '../../../src/port/object-server.js';
import type { Notification, Port, ProviderAdapter } from '../../../src/port/port.js';
import { Session } from '../../../src/port/session.js';
import { adapter } from '../../../providers/rest/adapter.js';
import { serve, type RunningServer } from '../../../providers/rest/server.js';
import { ID, lunEvent, pointer, SmallAdapter, U64_MAX } from './small-provider.js';

const open = (url: string, seed = 'seed'): Promise<Port> =>
  adapter.open({ settings: { url }, seed, scratch: '/nowhere' });
const openOptions = (seed: string) => ({ settings: {}, seed, scratch: '/scratch' });

let small: SmallAdapter;
let server: RunningServer;
let port: Port;

beforeEach(async () => {
  small = new SmallAdapter();
  server = await serve({ adapter: small, openOptions });
  port = await open(server.url);
});

afterEach(async () => {
  await port.close().catch(() => {});
  await server.close();
});

describe('operations', () => {
  test('an object: made, asked for an interface, counted, identified, released', async () => {
    const unknown = await port.createInstance();
    const found = await port.queryInterface(unknown, interfaceDef('IVdsHwProvider').iid, 'IVdsHwProvider');
    expect(found).toEqual({ hr: HR.S_OK, object: expect.any(Number) });
    const provider = found.object as Handle;
    expect(provider).not.toBe(unknown);
    expect(await port.identity(provider)).toBe(await port.identity(unknown));
    expect(await port.addRef(provider)).toBe(3);
    expect(await port.release(provider)).toBe(2);
    expect(await port.release(provider)).toBe(1);
    expect(await port.release(unknown)).toBe(0);
    expect(small.provider.released).toBe(1);
  });

  test('an interface that the object lacks', async () => {
    expect(await port.queryInterface(await port.createInstance(), interfaceDef('IVdsDrive').iid, 'IVdsDrive')).toEqual({
      hr: HR.E_NOINTERFACE,
      object: null,
    });
  });

  test('interface pointers come back, alone and in arrays', async () => {
    const { out } = await port.invoke({
      object: await pointer(port, 'IVdsHwProvider'),
      method: 'IVdsHwProvider.QuerySubSystems',
      args: {},
    });
    const next = await port.invoke({
      object: await pointer(port, 'IEnumVdsObject'),
      method: 'IEnumVdsObject.Next',
      args: { celt: 3 },
    });
    const handles = [out['enum'], ...(next.out['objectArray'] as Handle[])] as Handle[];
    expect(new Set(handles).size).toBe(4);
    const identities = await Promise.all(handles.map((handle) => port.identity(handle)));
    expect(new Set(identities).size).toBe(1);
  });

  test('an object that was never given out breaks the protocol, and the session goes on', async () => {
    await expect(port.addRef(4711 as Handle)).rejects.toThrow(
      new ProviderProtocolError('object 4711 does not exist, or its last reference was released'),
    );
    expect(await port.createInstance()).toBeGreaterThan(0);
  });

  test("the capabilities are the served provider's, and each session opens it with its seed", async () => {
    expect(port.capabilities).toEqual({
      outOfProcess: false,
      nullOuts: true,
      parallelCalls: true,
      releaseCounts: true,
      isolated: false,
      disposable: true,
      guardedMemory: false,
      persistent: false,
      transportFaults: true,
    });
    expect(small.opened).toEqual([{ settings: {}, seed: 'seed', scratch: '/scratch' }]);
    const poor = await serve({ adapter: new SmallAdapter({ nullOuts: false, isolated: true }), openOptions });
    const other = await open(poor.url);
    expect(other.capabilities).toMatchObject({ nullOuts: false, isolated: true });
    await other.close();
    await poor.close();
  });

  test('close ends the session on the server; afterwards nothing can be called', async () => {
    await port.close();
    expect(small.closed).toBe(1);
    expect(small.terminated).toEqual([]);
    await expect(port.createInstance()).rejects.toThrow('the session is closed');
    await port.close();
  });
});

describe('values', () => {
  test.each([
    ['NULL', null],
    ['the empty string', ''],
    ['a name', 'iqn.1991-05.com.microsoft:a'],
    ['a lone high surrogate', 'a\ud800b'],
    ['a lone low surrogate', '\udc00'],
    ['surrogates the wrong way round', '\udc00\ud800'],
    ['a pair', '\u{1f4be}'],
    ['control characters', '\0\r\n\t\u2028\u2029"\\'],
    ['a million characters', 'é'.repeat(1_000_000)],
  ])('a string: %s', async (_, text) => {
    const object = await pointer(port, 'IVdsSubSystemImportTarget');
    await port.invoke({ object, method: 'IVdsSubSystemImportTarget.SetImportTarget', args: { iscsiName: text } });
    expect(small.provider.importTarget).toBe(text);
    expect(await port.invoke({ object, method: 'IVdsSubSystemImportTarget.GetImportTarget', args: {} })).toEqual({
      hr: HR.S_OK,
      out: { iscsiName: text },
    });
  });

  test('64-bit integers keep every bit', async () => {
    const object = await pointer(port, 'IVdsLun');
    expect(
      await port.invoke({
        object,
        method: 'IVdsLun.QueryMaxLunExtendSize',
        args: { driveIdArray: null, numberOfDrives: 0 },
      }),
    ).toEqual({
      hr: HR.S_OK,
      out: { maxBytesToBeAdded: U64_MAX },
    });
    await port.invoke({
      object,
      method: 'IVdsLun.Extend',
      args: { numberOfBytesToAdd: U64_MAX - 1n, driveIdArray: [ID], numberOfDrives: 7 },
    });
    expect(small.provider.lastSize).toBe(U64_MAX - 1n);
    const { out } = await port.invoke({ object, method: 'IVdsLun.GetProperties', args: {} });
    expect(out['lunProp']).toMatchObject({ size: U64_MAX, friendlyName: null });
  });

  test('bytes', async () => {
    const key = Uint8Array.from({ length: 256 }, (_, i) => i);
    const object = await pointer(port, 'IVdsSubSystemIscsi');
    await port.invoke({
      object,
      method: 'IVdsSubSystemIscsi.SetIpsecGroupPresharedKey',
      args: { ipsecKey: { key, keySize: key.length } },
    });
    expect(small.provider.lastKey).toEqual(key);
  });

  test('a VDS failure is a value; NULL and what was left alone stay apart', async () => {
    const object = await pointer(port, 'IVdsLun');
    expect(await port.invoke({ object, method: 'IVdsLun.QueryPlexes', args: {} })).toEqual({
      hr: HR.VDS_E_OBJECT_DELETED,
      out: { enum: null },
    });
    expect(await port.invoke({ object, method: 'IVdsLun.GetSubSystem', args: {} })).toEqual({
      hr: HR.E_NOTIMPL,
      out: { subSystem: UNTOUCHED },
    });
  });

  test('an out parameter passed as NULL', async () => {
    const object = await pointer(port, 'IVdsLun');
    expect(await port.invoke({ object, method: 'IVdsLun.GetProperties', args: {}, nullOuts: ['lunProp'] })).toEqual({
      hr: HR.S_OK,
      out: {},
    });
    expect(small.provider.nullOuts).toEqual(['lunProp']);
  });
});

describe('notifications', () => {
  const loaded = async (to: Port): Promise<Handle> => {
    const sink = await to.createSink();
    await to.invoke({
      object: await pointer(to, 'IVdsProviderPrivate'),
      method: 'IVdsProviderPrivate.OnLoad',
      args: { machineName: null, callbackObject: sink },
    });
    return sink;
  };

  test('arrive in order, all of them before drain is done', async () => {
    const got: Notification[] = [];
    port.onNotification((n) => got.push(n));
    const sink = await loaded(port);
    for (let i = 0; i < 2_000; i++)
      small.provider.sink?.onNotify(i % 3 === 0 ? [lunEvent(i), lunEvent(i)] : [lunEvent(i)]);
    await port.drainNotifications();
    expect(got.map((n) => n.notifications[0]?.lun?.event)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    expect(got[0]).toEqual({ sink, count: 2, notifications: [lunEvent(0), lunEvent(0)] });
    await port.drainNotifications();
    expect(got).toHaveLength(2_000);
  });

  test('that came before there was a listener are kept for it', async () => {
    await loaded(port);
    small.provider.sink?.onNotify([lunEvent(1)]);
    await port.drainNotifications();
    const got: Notification[] = [];
    port.onNotification((n) => got.push(n));
    expect(got).toHaveLength(1);
  });

  test('are answered as the harness says, and the sink reports its references', async () => {
    const sink = await loaded(port);
    expect(small.provider.sink?.onNotify([lunEvent(1)])).toBe(HR.S_OK);
    await port.setSinkAnswer(HR.E_FAIL);
    expect(small.provider.sink?.onNotify([lunEvent(2)])).toBe(HR.E_FAIL);
    expect(await port.release(sink)).toBe(1);
  });

  test('go to the session that they belong to', async () => {
    const other = await open(server.url);
    const [mine, others]: Notification[][] = [[], []];
    port.onNotification((n) => mine?.push(n));
    other.onNotification((n) => others?.push(n));
    await loaded(port);
    await loaded(other);
    small.provider.sink?.onNotify([lunEvent(1)]);
    await Promise.all([port.drainNotifications(), other.drainNotifications()]);
    expect([mine?.length, others?.length]).toEqual([0, 1]);
    await other.close();
  });

  test('that the contract does not allow break the next call and not the server', async () => {
    await loaded(port);
    small.provider.sink?.onNotify([{ objectType: 33, lun: { event: 1, lunId: 'no id' } }]);
    await expect(port.drainNotifications()).rejects.toThrow(
      /OnNotify was given what the contract does not allow: .*lunId/,
    );
    await expect(port.createInstance()).rejects.toBeInstanceOf(ProviderProtocolError);
    const other = await open(server.url);
    await other.close();
  });

  test('a session waits for one by its content', async () => {
    const session = new Session(port);
    await loaded(port);
    const waiting = session.notification((n) => n.lun?.event === 7, 0);
    small.provider.sink?.onNotify([lunEvent(7)]);
    expect(await waiting).toEqual(lunEvent(7));
  });
});

describe('calls at once', () => {
  test('overlap, and do not wait for a slow one', async () => {
    const object = await pointer(port, 'IVdsHwProvider');
    let finish = (): void => {};
    small.provider.scan = new Promise((resolve) => {
      finish = resolve;
    });
    const slow = Array.from({ length: 40 }, () =>
      port.invoke({ object, method: 'IVdsHwProvider.Reenumerate', args: {} }),
    );
    await expect.poll(() => small.provider.scanning).toBe(40);
    expect((await port.invoke({ object, method: 'IVdsHwProvider.Refresh', args: {} })).hr).toBe(
      HR.VDS_E_PROVIDER_CACHE_CORRUPT,
    );
    finish();
    expect((await Promise.all(slow)).map((reply) => reply.hr)).toEqual(Array.from({ length: 40 }, () => HR.S_OK));
    expect(small.provider.mostScanning).toBe(40);
  });

  test('terminate ends them, and the server ends the provider', async () => {
    const object = await pointer(port, 'IVdsHwProvider');
    let finish = (): void => {};
    small.provider.scan = new Promise((resolve) => {
      finish = resolve;
    });
    const slow = port.invoke({ object, method: 'IVdsHwProvider.Reenumerate', args: {} });
    await expect.poll(() => small.provider.scanning).toBe(1);
    await Promise.all([
      expect(slow).rejects.toThrow(new ProviderHung('the provider was ended: it took too long')),
      port.terminate('it took too long'),
    ]);
    await expect(port.createInstance()).rejects.toBeInstanceOf(ProviderHung);
    await expect.poll(() => small.terminated).toEqual(['the session was closed while a call was under way']);
    finish();
  });

  test('a session holds a call to its limit', async () => {
    const session = new Session(port);
    const provider = await session.createInstance();
    const { object } = await session.queryInterface(provider.handle, 'IVdsHwProvider');
    small.provider.scan = new Promise(() => {});
    await expect(
      session.invoke(object?.handle as Handle, 'IVdsHwProvider.Reenumerate', {}, { limit: 50 }),
    ).rejects.toThrow('IVdsHwProvider::Reenumerate did not answer within 50 ms');
    await expect.poll(() => small.terminated).toHaveLength(1);
  });
});

describe('what is not VDS', () => {
  class Failing extends SmallAdapter {
    constructor(private readonly error: Error) {
      super();
    }
    override async open(): Promise<Port> {
      return new ObjectServer({
        create: () => {
          throw this.error;
        },
      });
    }
  }

  test.each([
    [new ProviderCrashed("the provider's process died of SIGSEGV", { hint: 'Its last output: oops' }), 502],
    [new ProviderHung('the provider was ended'), 504],
    [new ProviderProtocolError('no such thing'), 422],
    [new ProviderNotLoaded('not this one'), 500],
    [new ProviderUnreachable('connect ECONNREFUSED 10.0.0.1:80'), 502],
    [new ConfigurationError('no port'), 500],
  ])('%s crosses as what it is', async (error, status) => {
    const failing = await serve({ adapter: new Failing(error), openOptions });
    const client = await open(failing.url);
    const rejected: unknown = await client.createInstance().catch((e: unknown) => e);
    expect(rejected).toBeInstanceOf(error.constructor);
    expect(rejected).toMatchObject({ code: error.code, message: error.message, hint: error.hint });
    const opened = await fetch(`${failing.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"seed":"s"}',
    });
    const { session } = (await opened.json()) as { session: string };
    expect((await fetch(`${failing.url}/v1/sessions/${session}/objects`, { method: 'POST' })).status).toBe(status);
    await client.close();
    await failing.close();
  });

  test("an exception in the provider's own code breaks the protocol", async () => {
    const failing = await serve({ adapter: new Failing(new TypeError('x is not a function')), openOptions });
    const client = await open(failing.url);
    await expect(client.createInstance()).rejects.toThrow(new ProviderProtocolError('TypeError: x is not a function'));
    await client.close();
    await failing.close();
  });

  test('a provider that does not open is not loaded', async () => {
    const broken: ProviderAdapter = { name: 'broken', open: () => Promise.reject(new Error('no device')) };
    const failing = await serve({ adapter: broken, openOptions });
    await expect(open(failing.url)).rejects.toThrow(new ProviderNotLoaded('Error: no device'));
    await failing.close();
  });

  test('the server going away in mid-call', async () => {
    const object = await pointer(port, 'IVdsHwProvider');
    small.provider.scan = new Promise(() => {});
    const slow = port.invoke({ object, method: 'IVdsHwProvider.Reenumerate', args: {} });
    const [ended] = await Promise.all([slow.catch((e: unknown) => e), server.close()]);
    expect(ended).toBeInstanceOf(ProviderUnreachable);
    await expect(port.createInstance()).rejects.toBeInstanceOf(ProviderUnreachable);
  });

  test('a session that the server dropped', async () => {
    const idle = await serve({ adapter: small, openOptions, idleLimit: 20 });
    const opened = await fetch(`${idle.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"seed":"s"}',
    });
    const { session } = (await opened.json()) as { session: string };
    const listening = await open(idle.url);
    await expect.poll(() => small.closed).toBe(1);
    const late = await fetch(`${idle.url}/v1/sessions/${session}/objects`, { method: 'POST' });
    expect(late.status).toBe(404);
    expect(await late.json()).toMatchObject({
      error: { code: 'VDSC_UNREACHABLE', message: 'the session does not exist' },
    });
    // The one with a listener is not idle, however quiet it is.
    expect(await listening.createInstance()).toBeGreaterThan(0);
    await listening.close();
    await idle.close();
  });
});

describe('settings', () => {
  const opening = (settings: Record<string, unknown>): Promise<Port> =>
    openAdapter(join(ROOT, 'dist/providers/rest/adapter.js'), { settings, seed: 's', scratch: '/nowhere' });

  test.each([
    [{}, "the URL of the provider's server is not given"],
    [{ url: 5 }, "the URL of the provider's server is not given"],
    [{ url: '127.0.0.1:8443' }, "the URL of the provider's server is not a URL"],
    [{ url: 'localhost:8443' }, "the URL of the provider's server does not begin with http:// or https://"],
    [
      { url: 'http://me:secret@localhost' },
      "the URL of the provider's server has a user name or a password, which would not be sent",
    ],
    [{ url: 'http://localhost/?a=b' }, "the URL of the provider's server has a query or a fragment"],
  ])('%j is refused', async (settings, message) => {
    const error: unknown = await opening(settings).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'VDSC_CONFIG',
      message: `the settings of the provider rest are wrong: url: ${message}`,
      hint: expect.stringContaining('--url'),
    });
  });
});
