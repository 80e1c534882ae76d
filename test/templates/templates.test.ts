// The files that init copies are checked like the project's own code, against the types that the package ships.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/project.js';

const TEMPLATES = join(ROOT, 'templates');
const modules = readdirSync(TEMPLATES).filter((name) => /\.[cm]?[jt]s$/.test(name));
const TYPE_CHECK =
  '--ignoreConfig --noEmit --allowJs --checkJs --strict --target es2022 --module nodenext --types node --skipLibCheck';

const run = (tool: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'node_modules', tool), ...args], { cwd: TEMPLATES, encoding: 'utf8' });

test('the adapter template type-checks strictly and passes the linter', () => {
  expect(modules).toContain('my-adapter.mjs');
  const types = run('typescript/bin/tsc', ...TYPE_CHECK.split(' '), ...modules);
  expect(types.stdout + types.stderr).toBe('');
  const lint = run('oxlint/bin/oxlint', '--deny-warnings', ...modules);
  expect({ code: lint.status, said: lint.status === 0 ? '' : lint.stdout }).toEqual({ code: 0, said: '' });
});

test('documents show the templates as they are', () => {
  const shown = /^<!-- templates\/my-adapter\.mjs -->\n```js\n([^]*?)^```$/m.exec(
    readFileSync(join(ROOT, 'docs/adapters.md'), 'utf8'),
  )?.[1];
  expect(shown).toBe(readFileSync(join(TEMPLATES, 'my-adapter.mjs'), 'utf8'));
});
