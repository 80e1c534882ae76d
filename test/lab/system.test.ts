// The system under test over the length of a run: when a check gets a new one.
import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import { ProviderCrashed, ProviderHung, ProviderProtocolError } from '../../src/port/errors.js';
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
