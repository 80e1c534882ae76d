// vitest.config.js lets tests run from source; see there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { HarnessError } from '../../src/port/errors.js';
import { ROOT } from './project.js';

test('a compiled module that is imported by its address is the source', async () => {
  const { href } = pathToFileURL(join(ROOT, 'dist/src/port/errors.js'));
  const errors = (await import(href)) as { readonly HarnessError: unknown };
  expect(errors.HarnessError).toBe(HarnessError);
});

test('a module finds other files from where its compiled twin is', () => {
  expect(existsSync(fileURLToPath(new URL('../../src/port/host/host-process.js', import.meta.url)))).toBe(true);
});
