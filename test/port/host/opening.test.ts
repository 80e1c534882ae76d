// Modules that cannot be opened, and the errors for their authors.
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { ProviderCrashed, ProviderHung, ProviderNotLoaded } from '../../../src/port/errors.js';
import { isolated } from '../../../src/port/host/isolated.js';
import { endAll, newPath, openModule, options, running, writeModule } from '../module.js';
import { rejection } from '../rejection.js';

afterEach(endAll);

describe('a module that does not open', () => {
  test.each([
    ['throws when it is imported', { top: 'throw new TypeError("boom")' }, /could not be loaded: .*boom/],
    ['throws in open()', { open: 'throw new Error("no array")' }, /Error: no array/],
    ['rejects with nothing', { open: 'return Promise.reject()' }, /undefined/],
    ['opens nothing', { open: 'return null' }, /is not a port: it lacks createInstance, .*terminate/],
    ['opens half a port', { open: 'return { createInstance() {}, invoke: 5 }' }, /lacks queryInterface, .*invoke/],
  ])('because it %s', async (_, text, message) => {
    const module = writeModule(text);
    const error = await rejection(openModule(module));
    expect(error).toBeInstanceOf(ProviderNotLoaded);
    expect((error as Error).message).toMatch(message);
    expect(running(module.pid())).toBe(false);
  });

  test('because it exports nothing', async () => {
    const path = newPath('.mjs');
    writeFileSync(path, 'export {}');
    const error = await rejection(isolated('vendor', path).open(options()));
    expect(error).toBeInstanceOf(ProviderNotLoaded);
    expect((error as ProviderNotLoaded).describe()).toMatch(/exports no provider adapter\. Export `adapter`/);
  });

  test.each([
    ['loops when it is imported', { top: 'for (;;) {}' }],
    ['loops in open()', { open: 'for (;;) {}' }],
    ['never answers open()', { open: 'setInterval(() => {}, 1000); await sleep()' }],
  ])('because it %s is ended at the limit', async (_, text) => {
    const module = writeModule(text);
    const error = await rejection(openModule(module, { openLimit: 700 }));
    expect(error).toBeInstanceOf(ProviderHung);
    expect((error as Error).message).toBe('the provider did not load within 700 ms during loading the provider');
    // On a busy machine the module may not have begun.
    expect(module.noted('pid') && running(module.pid())).toBe(false);
  });

  test.each([
    ['dies when it is imported', { top: 'process.abort()' }, /died of SIGABRT during loading the provider/],
    ['exits in open()', { open: 'process.exit(0)' }, /ended by itself with exit code 0 during loading the provider/],
    [
      'fails later, in open()',
      { open: 'setTimeout(() => { throw new Error("much later") }, 1); await sleep()' },
      /exit code 1 during loading the provider/,
    ],
  ])('because it %s', async (_, text, message) => {
    const error = await rejection(openModule(writeModule(text)));
    expect(error).toBeInstanceOf(ProviderCrashed);
    expect((error as Error).message).toMatch(message);
  });
});

test('opens with the capabilities that it has, whatever it says they are', async () => {
  const capabilities = '{ nullOuts: true, parallelCalls: "yes", isolated: false, coffee: true }';
  const port = await openModule(
    writeModule({
      open:
        'return Object.assign(new ObjectServer({ create: () => new ' +
        `Provider() }), { capabilities: ${capabilities} })`,
    }),
  );
  expect(port.capabilities).toEqual({
    outOfProcess: false,
    nullOuts: true,
    parallelCalls: false,
    releaseCounts: false,
    isolated: true,
    disposable: false,
    guardedMemory: false,
    persistent: false,
    transportFaults: false,
  });
});

test('what the environment is given reaches the module', async () => {
  const error = await rejection(
    openModule(writeModule({ open: 'throw new Error(process.env.GREETING + process.env.UV_THREADPOOL_SIZE)' }), {
      env: { GREETING: 'hello' },
    }),
  );
  expect((error as Error).message).toContain('hello32');
});
