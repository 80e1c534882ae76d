import { describe, expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { identify } from '../../src/run/identify.js';
import { ProviderUnreachable } from '../../src/port/errors.js';
import { DEFAULT_LIMITS } from '../../src/port/session.js';

describe('identify', () => {
  test('reports the properties of the provider, and leaves it closed', async () => {
    const port = createInMemory({ seed: 'test' });
    const identity = await identify(async () => port, DEFAULT_LIMITS);
    expect(identity).toEqual({
      disposable: true,
      product: { name: expect.stringMatching(/\S/), version: expect.stringMatching(/\d/) },
    });
    await expect(port.createInstance()).rejects.toThrow();
  });

  test('rejects as opening does', async () => {
    await expect(
      identify(async () => {
        throw new ProviderUnreachable('nobody there');
      }, DEFAULT_LIMITS),
    ).rejects.toThrow(ProviderUnreachable);
  });
});
