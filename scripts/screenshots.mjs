// Makes the pictures of the report that the README shows: a real run against a defective provider, seen in a real
// browser. `npm run screenshots` after a change of the report.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withBrowser } from '../dist/test/support/browser.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROVIDER = 'defective:import-target-cleared-on-refresh';
/** Enough to fill the page, and not all, so that the pictures are made in a minute. */
const SUITES = ['import-target', 'lifecycle', 'luns', 'recovery'];
const IMAGES = join(ROOT, 'docs/images');
const WIDTH = 1100;

const reports = mkdtempSync(join(tmpdir(), 'vdsc-screenshots-'));
try {
  const run = spawnSync(
    process.execPath,
    [
      join(ROOT, 'dist/src/cli/main.js'),
      'run',
      '--provider',
      PROVIDER,
      '--suite',
      ...SUITES,
      '--seed',
      'readme',
      '--reports',
      reports,
      '--quiet',
    ],
    { encoding: 'utf8' },
  );
  if (run.status !== 1)
    throw new Error(
      `a run against ${PROVIDER} should end with 1, and ended with ${run.status}:\n${run.stdout}\n${run.stderr}`,
    );
  mkdirSync(IMAGES, { recursive: true });
  await withBrowser({ headless: true, colorScheme: 'light' }, async (browser) => {
    const tab = await browser.newPage();
    await tab.goto(pathToFileURL(join(reports, 'report.html')).href);
    await shoot(tab, 'report.png', 900);
    await tab.locator('.story summary').first().click();
    await show(tab, '.story[open]');
    await shoot(tab, 'report-story.png', 980);
    await show(tab, '#matrix-recovery');
    await shoot(tab, 'report-matrix.png', 620);
  });
} finally {
  rmSync(reports, { recursive: true, force: true });
}

async function show(tab, selector) {
  await tab
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollIntoView());
}

async function shoot(tab, name, height) {
  await tab.setViewportSize({ width: WIDTH, height });
  await tab.screenshot({ path: join(IMAGES, name) });
  console.log(join('docs/images', name));
}
