import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ProviderNotLoaded } from '../../src/port/errors.js';
import { loadAdapter, openAdapter } from '../../src/port/load-adapter.js';
import { ObjectServer } from '../../src/port/object-server.js';
import { openProvider } from '../../src/port/provider-spec.js';
import { RemotePort } from '../../src/port/operations.js';
import { newPath, options, writeModule } from './module.js';
import { rejection } from './rejection.js';

const file = (text: string, suffix = '.mjs'): string => {
  const path = newPath(suffix);
  writeFileSync(path, text);
  return path;
};

describe('an adapter is loaded', () => {
  test('from a path, a relative one, and a URL', async () => {
    const { path } = writeModule();
    for (const module of [path, relative(process.cwd(), path), pathToFileURL(path).href])
      expect((await loadAdapter(module)).name).toBe('a vendor');
  });

  test('by its name or as the default, and by its name where both are there', async () => {
    const adapter = (name: string): string => `{ name: '${name}', open() {} }`;
    expect((await loadAdapter(file(`export default ${adapter('default')}`))).name).toBe('default');
    expect(
      (await loadAdapter(file(`export default ${adapter('default')}; export const adapter = ${adapter('named')}`)))
        .name,
    ).toBe('named');
    expect((await loadAdapter(file(`exports.adapter = ${adapter('common')}`, '.cjs'))).name).toBe('common');
  });

  test.each([
    [
      'nothing at that path',
      '/nowhere/at/all.mjs',
      /^the module \/nowhere\/at\/all.mjs could not be loaded: Error: Cannot find module/,
    ],
    ['no export', file('export const other = 1'), /exports no provider adapter$/],
    ['an adapter without a name', file('export const adapter = { open() {} }'), /exports no provider adapter$/],
    ['a function', file('export default () => {}'), /exports no provider adapter$/],
    ['an error', file('throw new Error("in the module")'), /could not be loaded: Error: in the module$/],
    ['an error that is none', file('throw Symbol("odd")'), /could not be loaded: Symbol\(odd\)$/],
  ])('and not where there is %s', async (_, module, message) => {
    const error = await rejection(loadAdapter(module));
    expect(error).toBeInstanceOf(ProviderNotLoaded);
    expect((error as ProviderNotLoaded).message).toMatch(message);
    expect((error as ProviderNotLoaded).hint).not.toBe('');
  });
});

test('a module finds this package by its name, also where none is installed beside it', async () => {
  const module = file(`
    import { ObjectServer, Servant } from 'vds-conformance';
    import { adapter as inMemory } from 'vds-conformance/providers/in-memory';
    class Empty extends Servant { interfaces = {}; }
    const open = async () => new ObjectServer({ create: () => new Empty() });
    export const adapter = { name: inMemory.name, open };
  `);
  const port = await openProvider(
    { name: 'vendor', module, settings: {}, isolated: true },
    { seed: 's', scratch: '/tmp' },
  );
  expect(port.capabilities.isolated).toBe(true);
  await port.close();
});

test('what it opens must be a port', async () => {
  expect(await openAdapter(writeModule().path, options())).toHaveProperty('invoke');
  const error = (await rejection(openAdapter(writeModule({ open: 'return {}' }).path, options()))) as ProviderNotLoaded;
  expect(error).toBeInstanceOf(ProviderNotLoaded);
  expect(error.message).toMatch(
    /^the adapter a vendor opened something that is not a port: it lacks createInstance, queryInterface, .*, terminate$/,
  );
});

test('a provider is opened where its specification says', async () => {
  const { path } = writeModule({ open: 'note("settings", JSON.stringify(options))' });
  const spec = { name: 'vendor', module: path, settings: { array: 7 } };
  const here = await openProvider({ ...spec, isolated: false }, { seed: 's', scratch: '/tmp' });
  // Of a class of this process, although the module has it from its own import of the package.
  expect(here).toBeInstanceOf(ObjectServer);
  await here.close();
  const there = await openProvider({ ...spec, isolated: true }, { seed: 's', scratch: '/tmp' });
  expect(there).toBeInstanceOf(RemotePort);
  await there.close();
});
