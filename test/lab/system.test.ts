// The system under test over the length of a run: when a check gets a new one.
import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { SystemUnderTest } from '../../src/lab/system.js';
import type { Port } from '../../src/port/port.js';
import { DEFAULT_LIMITS } from '../../src/port/session.js';

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
