// report.html as a person meets it: in a real browser, after a real run against a provider that gives markup for names.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { adapter as inMemory } from '../../../providers/in-memory/adapter.js';
import { given, withOverrides } from '../../../providers/defective/override.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { HtmlReporter } from '../../../src/reporting/html/html-report.js';
import { withBrowser } from '../../support/browser.js';
import { runChecks } from '../../support/run-checks.js';
import { needs } from '../../support/tools.js';
import { call, ended, failed, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Each would set `ran` where it became markup. */
const PAYLOADS = [
  '<script>globalThis.ran = 1</script>',
  '<img src=x onerror="globalThis.ran = 2">',
  '"><svg onload="globalThis.ran = 3">',
  '\'><iframe srcdoc="<script>parent.ran = 4</script>">',
  '</style><script>globalThis.ran = 5</script>',
  '</title><img src=x onerror=globalThis.ran=6>',
  '<a href="javascript:globalThis.ran=7" autofocus onfocus="globalThis.ran = 7">',
  '\u202e\x1b[31m<details open ontoggle="globalThis.ran = 8">\ud800',
];

/** A provider that names its LUNs with markup, and forgets the import target for some. */
const hostile = withOverrides(inMemory, () => {
  let calls = 0;
  const payload = (): string => PAYLOADS[calls++ % PAYLOADS.length] ?? '';
  return {
    methods: {
      'IVdsLun.GetProperties': async (_call, next) => {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        return prop === undefined
          ? reply
          : { ...reply, out: { ...reply.out, lunProp: { ...prop, friendlyName: payload() } } };
      },
      'IVdsSubSystemImportTarget.GetImportTarget': async (_call, next) => {
        const reply = await next();
        return typeof reply.out.iscsiName === 'string' ? { ...reply, out: { iscsiName: payload() } } : reply;
      },
    },
  };
});

async function write(results: readonly CheckResult[], change: Parameters<typeof play>[2] = {}): Promise<string> {
  const reports = newFolder();
  await play(new HtmlReporter(reports), results, change);
  return join(reports, 'report.html');
}

interface Seen {
  readonly tab: Page;
  /** Faults of a page: messages on the console, errors, dialogs, requests beside the page itself. */
  readonly trouble: string[];
}

async function open(browser: BrowserContext, file: string): Promise<Seen> {
  const tab = await browser.newPage();
  const trouble: string[] = [];
  const address = pathToFileURL(file).href;
  tab.on('console', (message) => trouble.push(`console: ${message.text()}`));
  tab.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  tab.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  tab.on('request', (request) => {
    if (request.url() !== address) trouble.push(`request: ${request.url()}`);
  });
  await tab.goto(address);
  return { tab, trouble };
}

const ran = (tab: Page): Promise<unknown> => tab.evaluate('globalThis.ran');
const openAll = (tab: Page): Promise<unknown> =>
  tab.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');

/** Violations as axe reports them; empty when there are none. */
async function violations(tab: Page): Promise<string[]> {
  await tab.evaluate(AXE);
  return tab.evaluate(
    'axe.run().then(({ violations }) => violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => ' +
      'n.html).join(" | ")}`))',
  );
}

needs('browser', 'report.html in a browser', () => {
  // A browser starts for each test, and takes its time on a busy machine.
  describe('report.html in a browser', { timeout: 240_000 }, () => {
    let file: string;
    let results: CheckResult[];

    beforeAll(async () => {
      results = await runChecks((scratch) => hostile.open({ seed: 'test', scratch, settings: {} }), {
        checks: ['import-target.*', 'luns.*', 'recovery.torn-write.IVdsLun.GetProperties.*'],
      });
      file = await write(results, {
        header: { provider: PAYLOADS[0] ?? '', seed: PAYLOADS[1] ?? '' },
      });
    });

    test('the run was hostile enough to mean something, and these payloads do run where they are markup', async () => {
      expect(results.filter((r) => r.verdict === 'failed').length).toBeGreaterThan(1);
      expect(JSON.stringify(results)).toContain('<script>globalThis.ran = 1</script>');
      await withBrowser({ headless: true }, async (browser) => {
        const tab = await browser.newPage();
        for (const payload of [PAYLOADS[0], PAYLOADS[1]]) {
          await tab.setContent(`<p>${payload}</p>`);
          await tab.waitForFunction('globalThis.ran !== undefined');
          await tab.goto('about:blank');
        }
      });
    });

    test('nothing of a provider runs, is loaded, or is said on the console', async () => {
      await withBrowser({ headless: true }, async (browser) => {
        const { tab, trouble } = await open(browser, file);
        await openAll(tab);
        expect(await tab.locator('body').innerText()).toContain(PAYLOADS[0]);
        expect(await tab.title()).toContain(PAYLOADS[0]);
        expect(await tab.locator('script').count()).toBe(1);
        expect(
          await tab
            .locator('img, iframe, object, embed, link, form, [onerror], [onload], [onfocus], [ontoggle], [style]')
            .count(),
        ).toBe(0);
        expect(await ran(tab)).toBeUndefined();
        expect(trouble).toEqual([]);
      });
    });

    test("even markup that got into the file would not run: the page's policy forbids it", async () => {
      const spoilt = join(newFolder(), 'report.html');
      writeFileSync(
        spoilt,
        readFileSync(file, 'utf8').replace(
          '</main>',
          `${PAYLOADS.join('')}<style>body { display: none }</style></main>`,
        ),
      );
      await withBrowser({ headless: true }, async (browser) => {
        const { tab, trouble } = await open(browser, spoilt);
        await expect.poll(() => trouble.filter((t) => t.includes('Content Security Policy')).length).toBeGreaterThan(2);
        expect(await ran(tab)).toBeUndefined();
        expect(await tab.locator('h1').first().isVisible()).toBe(true);
      });
    });

    test('search and filter show what fits, and say how much', async () => {
      const sample = await write([
        passed('luns.create'),
        passed('luns.delete'),
        failed('import-target.clear'),
        failed('recovery.x', {}, 'a very special message'),
        ended('recovery.y', 'inconclusive', 'no route'),
      ]);
      await withBrowser({ headless: true }, async (browser) => {
        const { tab, trouble } = await open(browser, sample);
        const shown = (): Promise<string[]> => tab.locator('#checks tr[data-find]:visible .id').allInnerTexts();
        const told = (): Promise<string[]> => tab.locator('.story:visible > summary .id').allInnerTexts();
        const found = tab.locator('#found');
        await tab.getByLabel('Search').fill('LUNS delete');
        await expect.poll(() => found.innerText()).toBe('1 of 5 checks, 0 of 3 stories');
        expect(await shown()).toEqual(['luns.delete']);
        expect(await told()).toEqual([]);
        await tab.getByLabel('Search').fill('special message');
        await expect.poll(told).toEqual(['recovery.x']);
        await tab.getByRole('button', { name: 'Clear' }).click();
        await tab.getByLabel('Show verdict').selectOption('failed');
        expect(await shown()).toEqual(['import-target.clear', 'recovery.x']);
        await tab.getByLabel('Show suite').selectOption('recovery');
        expect(await shown()).toEqual(['recovery.x']);
        expect(await found.innerText()).toBe('1 of 5 checks, 1 of 3 stories');
        await tab.getByRole('button', { name: 'Clear' }).click();
        await tab.evaluate('document.activeElement.blur()');
        await tab.keyboard.press('/');
        await tab.keyboard.type('no route');
        await expect.poll(told).toEqual(['recovery.y']);
        await tab.keyboard.press('Escape');
        await expect.poll(async () => (await told()).length).toBe(3);
        expect(trouble).toEqual([]);
      });
    });

    test('a link leads to its story, opens it, and clears a filter that hides it', async () => {
      const sample = await write([failed('import-target.clear'), passed('luns.create')]);
      await withBrowser({ headless: true }, async (browser) => {
        const { tab } = await open(browser, sample);
        await tab.getByText('Page, evidence, checks').click();
        await tab.locator('#fix').getByRole('link', { name: 'import-target.clear' }).first().click();
        await tab.getByText('Trace', { exact: true }).first().waitFor({ state: 'visible' });
        await tab.goto(`${pathToFileURL(sample).href}#verdict`);
        await tab.getByLabel('Search').fill('luns');
        await expect.poll(() => tab.locator('.story:visible').count()).toBe(0);
        await tab.evaluate('location.hash = "check-import-target.clear"');
        await expect.poll(() => tab.locator('.story:visible').count()).toBe(1);
      });
    });

    test('filters keep what to fix first, and stand in the address, by which they can be sent', async () => {
      const sample = await write([
        failed('import-target.clear'),
        failed('recovery.x', { findings: [{ requirement: 'VDS-5.5b', level: 'MUST', message: 'another' }] }),
        passed('luns.a'),
      ]);
      await withBrowser({ headless: true }, async (browser) => {
        const { tab, trouble } = await open(browser, sample);
        const cards = tab.locator('#fix .card:visible');
        const shown = (): Promise<string[]> => tab.locator('#checks tr[data-find]:visible .id').allInnerTexts();
        await tab.getByLabel('Show verdict').selectOption('failed');
        expect(await cards.count()).toBe(2);
        expect(await tab.locator('#requirements tr[data-find]:visible').count()).toBeGreaterThan(100);
        await tab.getByLabel('Show suite').selectOption('recovery');
        expect(await shown()).toEqual(['recovery.x']);
        const address = tab.url();
        expect(address).toContain('#?verdict=failed&suite=recovery');
        const other = await browser.newPage();
        await other.goto(address);
        expect(await other.locator('#checks tr[data-find]:visible .id').allInnerTexts()).toEqual(['recovery.x']);
        expect(await other.getByLabel('Show suite').inputValue()).toBe('recovery');
        expect(trouble).toEqual([]);
      });
    });

    test('a duty finds its checks and their stories, and Enter goes to the first', async () => {
      const sample = await write([
        ...Array.from({ length: 40 }, (_, i) => failed(`a.${i}`, {}, `cause ${i % 2 === 0 ? 'one' : 'two'}`)),
        failed('b.last', { requirements: ['VDS-5.5b'] }),
        passed('luns.a', { requirements: ['VDS-5.5b'] }),
      ]);
      await withBrowser({ headless: true }, async (browser) => {
        const { tab } = await open(browser, sample);
        await tab.getByLabel('Search').fill('VDS-5.5b');
        await tab.keyboard.press('Enter');
        await expect.poll(() => tab.locator('#found').innerText()).toBe('2 of 42 checks, 1 of 41 stories');
        expect(await tab.locator('.story:visible > summary .id').allInnerTexts()).toEqual(['b.last']);
        const { top, header } = (await tab.evaluate(
          '({ top: document.getElementById("check-b.last").getBoundingClientRect().top, header: ' +
            'document.querySelector(".top").getBoundingClientRect().bottom })',
        )) as { top: number; header: number };
        expect(top).toBeGreaterThanOrEqual(header);
        expect(top).toBeLessThan(header + 120);
      });
    });

    test('the command of a cause can be copied', async () => {
      const sample = await write([failed('import-target.clear')]);
      await withBrowser({ headless: true, permissions: ['clipboard-read', 'clipboard-write'] }, async (browser) => {
        const { tab, trouble } = await open(browser, sample);
        await tab.locator('#fix').getByRole('button', { name: 'Copy' }).click();
        await tab.locator('#fix').getByRole('button', { name: 'Copied' }).waitFor();
        expect(await tab.evaluate('navigator.clipboard.readText()')).toBe(
          'vds-conformance run --provider in-memory --seed cafe0001 --check ' +
            'import-target.clear --reports reports-again',
        );
        expect(trouble).toEqual([]);
      });
    });

    test('the matrix can be read on a phone: names and signs are on the screen together', async () => {
      const places = ['before-the-call', 'during-the-call', 'between-calls', 'after-recovery'];
      const sample = await write(
        places.map((moment, i) =>
          passed(`recovery.${i}`, {
            matrix: { fault: 'torn-write', method: 'IVdsSubSystemImportTarget.GetImportTarget', moment },
          }),
        ),
      );
      await withBrowser({ headless: true, viewport: { width: 390, height: 844 } }, async (browser) => {
        const { tab } = await open(browser, sample);
        const name = await tab.locator('.matrix tbody th').first().boundingBox();
        const sign = await tab.locator('.matrix tbody td').nth(2).boundingBox();
        expect(name?.width).toBeLessThan(170);
        expect((sign?.x ?? 999) + (sign?.width ?? 0)).toBeLessThan(390);
        expect(sign?.x ?? 0).toBeGreaterThanOrEqual((name?.x ?? 0) + (name?.width ?? 0) - 1);
      });
    });

    test('prints on ten pages at most, with the verdict, the causes and the broken requirements', async () => {
      const sample = await write(
        Array.from({ length: 600 }, (_, i) => {
          const trace = Array.from({ length: 50 }, (_t, n) => call(n + 1, 'IVdsLun.Extend'));
          const each = failed(`a.${i}`, { trace });
          // Each cause is about a member of its own.
          return { ...each, findings: each.findings.map((f) => ({ ...f, member: `lun member${i % 30}` })) };
        }),
      );
      await withBrowser({ headless: true }, async (browser) => {
        const { tab } = await open(browser, sample);
        const pdf = (await tab.pdf({ format: 'A4' })).toString('latin1');
        const pages = Math.max(...[...pdf.matchAll(/\/Count (\d+)/g)].map((m) => Number(m[1])));
        expect(pages).toBeGreaterThan(0);
        expect(pages).toBeLessThanOrEqual(10);
        await tab.emulateMedia({ media: 'print' });
        expect(await tab.locator('#fix .card:visible').count()).toBe(10);
        expect(await tab.locator('#requirements tr[data-find]:visible').count()).toBe(1);
      });
    });

    test('without scripts the essentials are there: verdict, causes, requirements, matrix, stories', async () => {
      const place = { fault: 'torn-write', method: 'IVdsLun.Extend', moment: 'before' };
      const sample = await write([failed('import-target.clear'), passed('recovery.x', { matrix: place })]);
      await withBrowser({ headless: true, javaScriptEnabled: false }, async (browser) => {
        const { tab, trouble } = await open(browser, sample);
        expect(await tab.getByRole('heading', { level: 1 }).innerText()).toBe('Not conformant');
        expect(await tab.locator('#fix').innerText()).toMatch(
          /vds-conformance run --provider in-memory --seed cafe0001 --check import-target\.clear[\s\S]*VDS-1\.3a/,
        );
        expect(await tab.locator('#requirements tr[data-find]').count()).toBeGreaterThan(100);
        expect(await tab.locator('.matrix').innerText()).toContain('IVdsLun::Extend');
        expect(await tab.locator('#finder').isVisible()).toBe(false);
        const calls = tab.locator('.timeline').first();
        expect(await calls.isVisible()).toBe(false);
        await tab.locator('.story summary').first().click();
        expect(await calls.isVisible()).toBe(true);
        expect(await tab.locator('li.shows-it').innerText()).toContain('shows it');
        await tab.goto(`${pathToFileURL(sample).href}#check-import-target.clear`);
        expect(await calls.isVisible()).toBe(true);
        expect(trouble).toEqual([]);
      });
    });

    test.each(['light', 'dark'] as const)(
      'has no accessibility violations in %s, at 1440 and at 390 pixels, with everything open',
      async (colorScheme) => {
        const some = (verdict: CheckResult['verdict']): CheckResult[] =>
          results.filter((r) => r.verdict === verdict).slice(0, 2);
        const place = { fault: 'torn-write', method: 'IVdsLun.Extend', moment: 'before' };
        const sample = await write([
          ...some('failed'),
          ...some('passed'),
          ended('recovery.x', 'inconclusive', 'no route', { matrix: place }),
          ended('recovery.y', 'crashed', 'it died', { matrix: place }),
          ended('recovery.z', 'not-applicable', 'optional'),
        ]);
        await withBrowser({ headless: true, colorScheme }, async (browser) => {
          const { tab } = await open(browser, sample);
          await openAll(tab);
          for (const width of [1440, 390]) {
            await tab.setViewportSize({ width, height: 900 });
            expect(await violations(tab), `${width}`).toEqual([]);
          }
        });
      },
    );

    test('fits a phone: nothing is wider than the screen but what scrolls by itself', async () => {
      await withBrowser({ headless: true, viewport: { width: 360, height: 740 } }, async (browser) => {
        const { tab } = await open(browser, file);
        await openAll(tab);
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
      });
    });

    test('a page of 2,000 checks answers a search at once', async () => {
      const many = await write(
        Array.from({ length: 2000 }, (_, i) => passed(`s${i % 10}.check-${i}`, { suite: `s${i % 10}` })),
      );
      await withBrowser({ headless: true }, async (browser) => {
        const { tab } = await open(browser, many);
        await tab.getByLabel('Search').fill('check-1999');
        await expect
          .poll(() => tab.locator('#found').innerText(), { timeout: 5000 })
          .toBe('1 of 2000 checks, 0 of 0 stories');
      });
    });
  });
});
