import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forecast } from '../../src/run/forecast.js';
import { select } from '../../src/run/selection.js';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { SUITES } from '../../suites/index.js';
import { cli } from '../support/command-line.js';
import { ROOT } from '../support/project.js';

test('every suite is listed, under the name of its file', () => {
  const files = readdirSync(join(ROOT, 'suites')).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  expect(SUITES.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

test('a whole run of full effort takes fewer than 1,000 recoveries, which are dear on a real array', async () => {
  const { recoveries } = await forecast(
    select(SUITES, { effort: 'full' }).map(({ check }) => check),
    {
      readOnly: false,
      capabilities: createInMemory({ seed: 'forecast' }).capabilities,
      offers: async () => true,
      hasControl: async () => true,
    },
  );
  expect(recoveries).toBeLessThan(1000);
});

test('a suite whose source is gone does not run', () => {
  const ghost = join(ROOT, 'dist/suites/ghost.js');
  const suite = {
    name: 'ghost',
    title: 'A ghost',
    checks: [{ id: 'ghost.walks', title: 'It walks', requirements: [] }],
  };
  writeFileSync(ghost, `export const suite = ${JSON.stringify(suite)};\n`);
  try {
    const { code, out } = cli('list');
    expect(code).toBe(0);
    expect(out).not.toContain('ghost');
    expect(out).toContain('luns.');
  } finally {
    rmSync(ghost, { force: true });
  }
});
