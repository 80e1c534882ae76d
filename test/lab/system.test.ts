// The system under test over the length of a run: when a check gets a new one.
import { describe, expect, test, vi } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import { ProviderCrashed, ProviderHung, ProviderProtocolError, ProviderUnreachable } from '../../src/port/errors.js';
import type { Call, Port } from '../../src/port/port.js';
import { DEFAULT_LIMITS } from '../../src/port/session.js';
import { newFolder } from '../support/folder.js';

function systemOf(disposable: boolean): { readonly system: SystemUnderTest; readonly opened: Port[] } {
  const opened: Port[] = [];
  const open = async (): Promise<Port> => {
    const port = createInMemory({ seed: 'test' });
    opened.push(port);
    return Object.create(port, { capabilities: { value: { ...port.capabilities, disposable } } }) as Port;
  };
  return { system: new SystemUnderTest(open, DEFAULT_LIMITS), opened };
}

describe('renew', () => {
  test('gives the next check a system of its own where each session has one', async () => {
    const { system, opened } = systemOf(true);
    const first = (await system.ready()).session;
    await system.renew();
    const second = (await system.ready()).session;
    expect(second).not.toBe(first);
    expect(opened.length).toBe(2);
    await system.close();
  });

  test('leaves a system alone that there is only one of', async () => {
    const { system, opened } = systemOf(false);
    const first = (await system.ready()).session;
    await system.renew();
    expect((await system.ready()).session).toBe(first);
    expect(opened.length).toBe(1);
    await system.close();
  });
});

describe('a provider that cannot be reached', () => {
  function away(times: number) {
    let tries = 0;
    const open = async (): Promise<Port> => {
      tries += 1;
      if (tries > 1 && tries <= 1 + times) throw new ProviderUnreachable('connect ECONNREFUSED');
      return createInMemory({ seed: 'test' });
    };
    return { system: new SystemUnderTest(open, DEFAULT_LIMITS), tries: () => tries };
  }

  test('is waited for where it was there before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { system, tries } = away(3);
    await system.ready();
    await system.renew();
    const back = system.ready();
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await back).session.broken).toBeUndefined();
    expect(tries()).toBe(5);
    vi.useRealTimers();
    await system.close();
  });

  test('is given up when it does not come back, and waited for only once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { system, tries } = away(Infinity);
    await system.ready();
    await system.renew();
    const failures = [];
    for (let i = 0; i < 4; i++) {
      const failed = system.ready().catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(60_000);
      failures.push(await failed);
    }
    expect(failures).toEqual(Array.from({ length: 4 }, () => expect.any(ProviderUnreachable)));
    expect(tries()).toBe(1 + 7 + 2);
    vi.useRealTimers();
  });
});

describe('the ledger at the first opening', () => {
  test.each([
    ['crashes', () => new ProviderCrashed('it died')],
    ['hangs', () => new ProviderHung('no answer')],
    ['breaks the protocol', () => new ProviderProtocolError('a structure that is too long')],
  ])('survives a getter that %s', async (_, error) => {
    let opened = 0;
    const open = async (): Promise<Port> => {
      opened += 1;
      const port = createInMemory({ seed: 'test' });
      const broken = opened === 1 || _ === 'breaks the protocol';
      return Object.create(port, {
        capabilities: { value: { ...port.capabilities, disposable: false, persistent: true } },
        invoke: {
          // On this object, whose own count of handles it must keep.
          value(this: Port, call: Call) {
            return broken && call.method === 'IVdsLun.GetProperties'
              ? Promise.reject(error())
              : port.invoke.call(this, call);
          },
        },
      }) as Port;
    };
    const ledger = newFolder();
    const scope = { subSystems: [], drives: [], pools: [] };
    const system = new SystemUnderTest(open, DEFAULT_LIMITS, { allowDestructive: true, scope, ledger });
    const { session } = await system.ready();
    expect(session.broken).toBeUndefined();
    expect(opened).toBe(_ === 'breaks the protocol' ? 1 : 2);
    await system.close();
  });
});
