import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CodecError } from '../../src/contract/codec.js';
import { HR } from '../../src/contract/hresult.js';
import type { MethodName } from '../../src/contract/tables.js';
import {
  HarnessError,
  ProviderCrashed,
  ProviderHung,
  ProviderProtocolError,
  ProviderUnreachable,
} from '../../src/port/errors.js';
import type { Reply } from '../../src/port/port.js';
import { DEFAULT_LIMITS, Session, type Limits } from '../../src/port/session.js';
import { rejection } from './rejection.js';
import { handle, lunEvent, PortDouble } from './port-double.js';

const never = (): Promise<never> => new Promise(() => {});
/** Generous for what must happen; a test gives a tiny one for what must not. */
const LIMITS: Limits = { ...DEFAULT_LIMITS, notification: 20_000 };
const REFRESH = 'IVdsHwProvider.Refresh' satisfies MethodName;

function start(limits: Partial<Limits> = {}): { readonly port: PortDouble; readonly session: Session } {
  const port = new PortDouble();
  return { port, session: new Session(port, { ...LIMITS, ...limits }) };
}

describe('a limit', () => {
  test.each<readonly [MethodName | string, keyof Limits]>([
    ['IVdsLun.Extend', 'call'],
    ['IVdsProviderPrivate.OnLoad', 'load'],
    ['IVdsProviderPrivate.OnUnload', 'load'],
    ['IVdsHwProvider.Reenumerate', 'scan'],
    ['IVdsHwProvider.Refresh', 'scan'],
    ['IVdsSubSystem.Reenumerate', 'scan'],
    ['IVdsAsync.Wait', 'wait'],
  ])('%s has that of a %s', async (name, kind) => {
    const { port, session } = start({ call: 600_000, load: 600_000, scan: 600_000, wait: 600_000, [kind]: 5 });
    port.answer = never;
    const error = (await rejection(session.invoke(handle(1), name as MethodName, {}))) as ProviderHung;
    expect(error).toBeInstanceOf(ProviderHung);
    expect(error.message).toBe(`${name.replace('.', '::')} did not answer within 5 ms`);
    expect(error.hint).toMatch(/raise its limit/);
    expect(session.broken).toBe(error);
    expect(port.terminated).toEqual([error.message]);
  });

  test.each([
    ['CoCreateInstance', 'createInstance', (s: Session) => s.createInstance()],
    ['creating the advise sink', 'createSink', (s: Session) => s.createSink()],
    ["setting the advise sink's answer", 'setSinkAnswer', (s: Session) => s.setSinkAnswer(0)],
    ['QueryInterface(IVdsLun)', 'queryInterface', (s: Session) => s.queryInterface(handle(1), 'IVdsLun')],
    ['AddRef', 'addRef', (s: Session) => s.addRef(handle(1))],
    ['Release', 'release', async (s: Session) => (await s.createInstance()).release()],
    ['QueryInterface(IUnknown)', 'identity', (s: Session) => s.identity(handle(1))],
    ['collecting notifications', 'drainNotifications', (s: Session) => s.notificationsSince(0)],
    ['closing the session', 'close', (s: Session) => s.close()],
  ] as const)('holds for %s', async (what, method, call) => {
    const { port, session } = start({ call: 5, load: method === 'release' ? 600_000 : 5 });
    port[method] = never;
    const error = (await rejection(call(session))) as ProviderHung;
    expect(error).toBeInstanceOf(ProviderHung);
    expect(error.call).toBe(what);
    expect(session.broken).toBeDefined();
    expect(port.terminated).toHaveLength(1);
  });

  test("of a single call replaces its method's", async () => {
    const { port, session } = start();
    port.answer = never;
    expect(await rejection(session.invoke(handle(1), REFRESH, {}, { limit: 1 }))).toBeInstanceOf(ProviderHung);
  });

  test('without end never fires', async () => {
    const { port, session } = start({ scan: Infinity });
    let answer: (reply: Reply) => void = () => {};
    port.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const call = session.invoke(handle(1), REFRESH, {});
    // A timer that does not take the limit fires at once.
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    answer({ hr: 0, out: {} });
    expect((await call).hr).toBe(0);
  });

  test('leaves no timer behind that keeps the process alive', async () => {
    const made = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    onTestFinished(() => void [made, cleared].map((spy) => spy.mockRestore()));
    const timers = (): number =>
      made.mock.results.filter(
        ({ value: timer }) => timer.hasRef() && !cleared.mock.calls.some(([each]) => each === timer),
      ).length;
    // It is let go of once for all calls of a turn of the event loop.
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const { port, session } = start();
    let answer: (reply: Reply) => void = () => {};
    port.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const call = session.invoke(handle(1), REFRESH, {});
    expect(timers()).toBe(1);
    answer({ hr: 0, out: {} });
    await call;
    await turn();
    expect(timers()).toBe(0);
    port.answer = () => Promise.reject(new ProviderProtocolError('odd'));
    await rejection(session.invoke(handle(1), REFRESH, {}));
    port.answer = () => {
      throw new Error('at once');
    };
    await rejection(session.invoke(handle(1), REFRESH, {}));
    const found = session.notification(() => true, 0);
    port.listener({ sink: handle(1), count: 1, notifications: [lunEvent(1)] });
    await found;
    await turn();
    expect(timers()).toBe(0);
    const waiting = rejection(session.notification(() => false, 0));
    port.answer = () => Promise.reject(new ProviderCrashed('gone'));
    await rejection(session.invoke(handle(1), REFRESH, {}));
    await waiting;
    await turn();
    expect(timers()).toBe(0);
  });

  test('of each of many calls is its own, also when a shorter one comes later', async () => {
    const { port, session } = start({ call: 60_000 });
    port.answer = never;
    const ended: string[] = [];
    const watch = (name: string, call: Promise<unknown>): Promise<unknown> =>
      rejection(call).then((e) => {
        ended.push(`${name} ${(e as ProviderHung).code}`);
      });
    const long = watch('long', session.invoke(handle(1), REFRESH, {}));
    const short = watch('short', session.invoke(handle(1), REFRESH, {}, { limit: 20 }));
    await Promise.all([long, short]);
    // The first that hangs ends the session, and with it the others.
    expect(ended).toEqual(['long VDSC_HUNG', 'short VDSC_HUNG']);
  });

  test('that was exceeded is not undone by an answer that comes later', async () => {
    const { port, session } = start();
    let late: (reply: Reply) => void = () => {};
    let fail: (error: Error) => void = () => {};
    port.answer = ({ object }) =>
      new Promise((resolve, reject) => {
        if (object === 1) late = resolve;
        else fail = reject;
      });
    const other = rejection(session.invoke(handle(2), REFRESH, {}));
    const error = await rejection(session.invoke(handle(1), REFRESH, {}, { limit: 1 }));
    late({ hr: 0, out: {} });
    fail(new Error('nobody waits for this'));
    expect(await other).toBe(error);
    await session.close();
    expect(session.trace.callsSince(0).map((r) => [r.hr, r.error])).toEqual([
      [undefined, 'VDSC_HUNG'],
      [undefined, 'VDSC_HUNG'],
    ]);
    expect(await rejection(session.createInstance())).toBe(error);
  });
});

describe('an error', () => {
  test.each([
    ['a crash', new ProviderCrashed('it died', { hint: 'Its last output: oops' })],
    ['a hang that the port noticed', new ProviderHung('it stands still')],
    ['a provider that went away', new ProviderUnreachable('the connection broke')],
    ['a protocol that is broken for good', new ProviderProtocolError('garbage', { endsSession: true })],
  ])('%s names the call, ends the session and what is left of the provider', async (_, cause) => {
    const { port, session } = start();
    port.answer = () => Promise.reject(cause);
    const error = (await rejection(session.invoke(handle(1), 'IVdsLun.Extend', {}))) as HarnessError;
    expect(error.constructor).toBe(cause.constructor);
    expect([error.message, error.call, error.hint, error.cause]).toEqual([
      `${cause.message} during IVdsLun::Extend`,
      'IVdsLun::Extend',
      cause.hint,
      cause,
    ]);
    expect(session.broken).toBe(error);
    expect(port.terminated).toHaveLength(1);
    expect(session.trace.callsSince(0)[0]?.error).toBe(cause.code);
    const asked = port.calls.length;
    for (const call of [
      session.invoke(handle(1), REFRESH, {}),
      session.createInstance(),
      session.notification(() => true, 0),
      session.notificationsSince(0),
      session.setSinkAnswer(0),
    ]) {
      expect(await rejection(call)).toBe(error);
    }
    expect(port.calls).toHaveLength(asked);
    await session.close();
    expect([port.closed, port.terminated.length]).toEqual([0, 1]);
  });

  test('that names its call keeps that name', async () => {
    const { port, session } = start();
    const error = new ProviderProtocolError('odd', { call: 'the third step' });
    port.answer = () => Promise.reject(error);
    expect(await rejection(session.invoke(handle(1), REFRESH, {}))).toBe(error);
    expect(session.broken).toBeUndefined();
  });

  test.each<readonly [string, unknown, string]>([
    ['an exception', new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['text', 'out of paper', 'out of paper'],
    ['nothing', undefined, 'undefined'],
  ])("of our own provider's code, %s, names the call and costs no more than that", async (_, thrown, message) => {
    const { port, session } = start();
    port.answer = () => {
      throw thrown;
    };
    const error = (await rejection(session.invoke(handle(1), REFRESH, {}))) as ProviderProtocolError;
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect([error.message, error.cause]).toEqual([`${message} during IVdsHwProvider::Refresh`, thrown]);
    expect(session.broken).toBeUndefined();
    port.answer = async () => ({ hr: HR.S_OK, out: {} });
    expect((await session.invoke(handle(1), REFRESH, {})).hr).toBe(HR.S_OK);
  });

  test("in an argument is the caller's, not the provider's", async () => {
    const { port, session } = start();
    port.answer = () => Promise.reject(new CodecError('IVdsLun.Extend.x', 'expected a bigint'));
    expect(await rejection(session.invoke(handle(1), 'IVdsLun.Extend', {}))).toBeInstanceOf(CodecError);
  });

  test('of terminate itself does not hide the one that ended the session', async () => {
    const { port, session } = start();
    port.terminate = () => {
      throw new Error('cannot');
    };
    port.answer = () => Promise.reject(new ProviderCrashed('gone'));
    expect(await rejection(session.invoke(handle(1), REFRESH, {}))).toBeInstanceOf(ProviderCrashed);
    await session.close();
  });

  test('ends every call under way, whatever their port does', async () => {
    const { port, session } = start();
    port.answer = ({ object }) => (object === 1 ? Promise.reject(new ProviderCrashed('gone')) : never());
    const calls = Array.from({ length: 20 }, () => rejection(session.invoke(handle(2), REFRESH, {})));
    const error = await rejection(session.invoke(handle(1), 'IVdsHwProvider.Reenumerate', {}));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([error]));
  });
});

describe('closing', () => {
  test('rejects what is under way, and every later call', async () => {
    const { port, session } = start();
    port.answer = never;
    const call = rejection(session.invoke(handle(1), REFRESH, {}));
    const waiting = rejection(session.notification(() => true, 0));
    await session.close();
    expect(((await call) as Error).message).toBe('the session is closed during IVdsHwProvider::Refresh');
    expect(((await waiting) as Error).message).toBe('the session is closed');
    expect(((await rejection(session.createInstance())) as Error).message).toBe('the session is closed');
    await session.close();
    expect([port.closed, port.terminated]).toEqual([1, []]);
  });

  test('that fails says so, and ends the provider by force', async () => {
    const { port, session } = start();
    port.close = () => Promise.reject(new Error('busy'));
    expect(((await rejection(session.close())) as Error).message).toBe('Error: busy during closing the session');
    expect(port.terminated).toHaveLength(1);
  });

  test('waits for the end of a provider that is being ended', async () => {
    const { port, session } = start();
    let gone = (): void => {};
    port.terminate = () =>
      new Promise((resolve) => {
        gone = resolve;
      });
    port.answer = () => Promise.reject(new ProviderCrashed('gone'));
    await rejection(session.invoke(handle(1), REFRESH, {}));
    let closed = false;
    const closing = session.close().then(() => {
      closed = true;
    });
    await Promise.resolve();
    expect(closed).toBe(false);
    gone();
    await closing;
  });
});

describe('references', () => {
  test('are counted as they are taken and given back', async () => {
    const { session } = start();
    const one = await session.createInstance();
    const { object: two } = await session.queryInterface(one.handle, 'IVdsLun');
    await session.createSink();
    await two?.addRef();
    expect([...session.owned()]).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
    ]);
    await two?.release();
    await one.release();
    expect([...session.owned()]).toEqual([
      [2, 1],
      [3, 1],
    ]);
    const error = await rejection(one.release());
    expect(error).toEqual(new ProviderProtocolError('object 1 was released more often than it was given out'));
  });

  test('taken since a moment are given back, the newest first, and those before are kept', async () => {
    const { port, session } = start();
    const released: number[] = [];
    port.release = async (object) => released.push(object);
    const old = await session.createInstance();
    await old.addRef();
    const before = new Map(session.owned());
    await session.createInstance();
    const last = await session.createInstance();
    await last.addRef();
    await old.addRef();
    expect(await session.releaseSince(before)).toBe(4);
    expect(released).toEqual([3, 3, 2, 1]);
    expect(session.owned()).toEqual(before);
    expect(await session.releaseSince(before)).toBe(0);
  });

  test('are all given back although one cannot be', async () => {
    const { port, session } = start();
    const released: number[] = [];
    port.release = async (object) => {
      released.push(object);
      if (object === 2) throw new ProviderProtocolError('it is stuck');
      return 0;
    };
    for (let i = 0; i < 3; i++) await session.createInstance();
    expect(((await rejection(session.releaseSince(new Map()))) as Error).message).toBe('it is stuck during Release');
    expect(released).toEqual([3, 2, 1]);
    expect(session.owned().size).toBe(0);
  });

  test('are not asked back from a provider that is gone', async () => {
    const { port, session } = start();
    let releases = 0;
    port.release = async () => {
      releases += 1;
      throw new ProviderCrashed('gone');
    };
    for (let i = 0; i < 3; i++) await session.createInstance();
    expect(await rejection(session.releaseSince(new Map()))).toBe(session.broken);
    expect(releases).toBe(1);
    expect(await rejection(session.releaseSince(new Map()))).toBe(session.broken);
  });

  test.each([
    [{ hr: HR.S_OK, object: null }, 'success without a pointer'],
    [{ hr: HR.E_NOINTERFACE, object: handle(5) }, 'a pointer with a failure'],
  ] as const)('QueryInterface must not answer %j', async (reply, message) => {
    const { port, session } = start();
    port.queryInterface = async () => reply;
    await expect(session.queryInterface(handle(1), 'IVdsLun')).rejects.toThrow(message);
    expect(session.owned().size).toBe(0);
  });
});

describe('a notification', () => {
  const notify = (port: PortDouble, ...events: number[]): void =>
    port.listener({ sink: handle(1), count: events.length, notifications: events.map(lunEvent) });

  test('is found among those that came since the mark, the first that matches', async () => {
    const { port, session } = start();
    notify(port, 1, 2);
    const mark = session.received.length;
    notify(port, 3, 4);
    notify(port, 5);
    expect(await session.notification((n) => (n.lun?.event ?? 0) > 3, mark)).toEqual(lunEvent(4));
    expect(await session.notification((n) => n.lun?.event === 1, 0)).toEqual(lunEvent(1));
    expect(await session.notificationsSince(mark)).toEqual([3, 4, 5].map(lunEvent));
  });

  test('is waited for, by several at once, each for its own', async () => {
    const { port, session } = start();
    const waiting = [7, 8, 7].map((event) => session.notification((n) => n.lun?.event === event, 0));
    notify(port, 6);
    notify(port, 8, 7);
    notify(port, 7);
    expect(await Promise.all(waiting)).toEqual([7, 8, 7].map(lunEvent));
  });

  test('that does not come is undefined at the limit', async () => {
    const { port, session } = start();
    notify(port, 1);
    expect(await session.notification((n) => n.lun?.event === 1, 1, 1)).toBeUndefined();
    expect(await session.notification((n) => n.lun?.event === 2, 0, 1)).toBeUndefined();
  });

  test('that is on its way at the limit is not missed', async () => {
    const { port, session } = start();
    port.drainNotifications = async () => {
      notify(port, 9);
    };
    expect(await session.notification((n) => n.lun?.event === 9, 0, 1)).toEqual(lunEvent(9));
  });

  test('that does not come because the provider died is that, and not silence', async () => {
    const { port, session } = start();
    port.drainNotifications = () => Promise.reject(new ProviderCrashed('it died'));
    expect(await rejection(session.notification(() => true, 0, 1))).toBeInstanceOf(ProviderCrashed);
  });

  test('that nobody waits for any more rejects without ending the run', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => {
      unhandled.push(error);
    };
    process.on('unhandledRejection', listener);
    const { port, session } = start();
    void session.notification(() => true, 0);
    port.answer = () => Promise.reject(new ProviderCrashed('gone'));
    await rejection(session.invoke(handle(1), REFRESH, {}));
    // Node reports them after the microtasks.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('whose matcher throws fails who waits, and not the provider', async () => {
    const { port, session } = start();
    const waiting = rejection(
      session.notification(() => {
        throw new Error('in the check');
      }, 0),
    );
    const other = session.notification((n) => n.lun?.event === 1, 0);
    expect(() => notify(port, 1)).not.toThrow();
    expect(await waiting).toEqual(new Error('in the check'));
    expect(await other).toEqual(lunEvent(1));
  });

  test('too many end the session before they fill the memory', () => {
    const { port, session } = start();
    const one = { sink: handle(1), count: 1, notifications: [lunEvent(1)] };
    for (let i = 0; i < 150_000; i++) port.listener(one);
    expect(session.received).toHaveLength(100_000);
    expect(session.broken).toBeInstanceOf(ProviderProtocolError);
    expect(port.terminated).toHaveLength(1);
  });
});

test('a session of a hundred thousand calls holds no more than the newest of them', async () => {
  const { session } = start();
  for (let i = 0; i < 100_000; i++) await session.invoke(handle(1), REFRESH, {});
  expect(session.trace.total).toBe(100_000);
  const kept = session.trace.callsSince(0);
  expect([kept.length, kept.at(-1)?.seq]).toEqual([256, 100_000]);
});
