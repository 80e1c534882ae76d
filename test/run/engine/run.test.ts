// The engine as a run starts it, with checks that note how far they came.
import { existsSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { adapter } from '../../../providers/in-memory/adapter.js';
import { EVERYTHING } from '../../../src/lab/scope.js';
import { DEFAULT_LIMITS } from '../../../src/port/session.js';
import { startEngine } from '../../../src/run/engine/run.js';
import { COMPILED, newPath } from '../../port/module.js';
import { newFolder } from '../../support/folder.js';
import { spec } from '../../support/run-checks.js';

/** The cancellation comes to the worker as a message, and may let some of these begin. */
const LATER = Array.from({ length: 100 }, (_, n) => `own.later-${n}`);

/** A module of checks. The second waits for the file `go` and cleans up after itself; notes are files too. */
function writeSuites(): {
  readonly url: string;
  readonly note: (name: string) => void;
  readonly noted: (name: string) => boolean;
} {
  const path = newPath('.mjs');
  writeFileSync(
    path,
    `
    import { existsSync, writeFileSync } from 'node:fs';
    import { defineSuite } from ${JSON.stringify(new URL('checks/check.js', COMPILED).href)};
    const at = (name) => ${JSON.stringify(`${path}.`)} + name;
    const cost = { calls: 0, recoveries: 0 };
    const check = (id, run) => ({ id, title: id, requirements: ['VDS-2.2'], cost, changes: false, run });
    export const SUITES = [defineSuite('own', 'Own', [
      check('own.first', async () => {}),
      check('own.second', async (ctx) => {
        ctx.onCleanUp('note it', async () => writeFileSync(at('cleaned'), ''));
        writeFileSync(at('begun'), '');
        while (!existsSync(at('go'))) await new Promise((resolve) => setImmediate(resolve));
      }),
      ...${JSON.stringify(LATER)}.map((id) => check(id, async () => {})),
    ])];
  `,
  );
  return {
    url: pathToFileURL(path).href,
    note: (name) => writeFileSync(`${path}.${name}`, ''),
    noted: (name) => existsSync(`${path}.${name}`),
  };
}

test('the check under way when a run is cancelled, once or twice, cleans up; the rest is not run', async () => {
  const suites = writeSuites();
  const reported: string[] = [];
  const { outcome, cancel } = await startEngine(
    {
      provider: spec(adapter.name),
      seed: 'engine',
      strict: false,
      limits: DEFAULT_LIMITS,
      scratch: newFolder(),
      cacheFile: null,
      device: null,
      providerLog: null,
      lab: { allowDestructive: false, scope: EVERYTHING, ledger: newFolder() },
      lunSize: null,
      suitesModule: suites.url,
      frame: null,
      checks: ['own.first', 'own.second', ...LATER],
      reproduce: 0,
      allCells: false,
      baseline: { startedAt: new Date(0).toISOString() },
    },
    ({ id, verdict }) => reported.push(`${id} ${verdict}`),
  );
  await expect.poll(() => suites.noted('begun'), { timeout: 60_000, interval: 5 }).toBe(true);
  cancel();
  cancel();
  suites.note('go');
  expect((await outcome).problems).toContain(`${LATER.at(-1)} never reported`);
  expect(suites.noted('cleaned')).toBe(true);
  expect(reported.slice(0, 2)).toEqual(['own.first passed', 'own.second passed']);
});
