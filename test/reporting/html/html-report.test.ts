// report.html as text: what it says, in which order, and that no text of a provider becomes markup.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { html, Markup } from '../../../src/reporting/html/markup.js';
import { HtmlReporter } from '../../../src/reporting/html/html-report.js';
import { hostileText } from '../hostile.js';
import { ended, failed, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

async function report(results: readonly CheckResult[], change: Parameters<typeof play>[2] = {}): Promise<string> {
  const reports = newFolder();
  await play(new HtmlReporter(reports), results, change);
  return readFileSync(join(reports, 'report.html'), 'utf8');
}

/** The part of the page from one heading's id to the end of its section. */
const section = (page: string, id: string): string =>
  page.slice(page.indexOf(`<section id="${id}"`)).split('</section>')[0] ?? '';
/** What a reader sees of a piece of the page, roughly. */
const words = (piece: string): string =>
  piece
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replace(/\s+/g, ' ')
    .trim();
const broke = (id: string, requirement: string, change: Partial<CheckResult> = {}): CheckResult =>
  failed(id, { findings: [{ requirement, level: 'MUST', message: `${id} is wrong` }], ...change });

describe('the page says', () => {
  test('the verdict in words, with the exit code and what it means', async () => {
    expect(words(await report([passed('a.a'), failed('a.b')]))).toMatch(
      /Not conformant Of 2 checks 1 failed\. They come down to 1 broken duty \. Exit code 1 : not conformant\./,
    );
    expect(words(await report([passed('a.a')]))).toMatch(
      /Conformant No MUST that was checked is broken.*Exit code 0 : conformant\..*Nothing that was checked is broken/,
    );
    expect(
      words(await report([passed('a.a'), ended('a.b', 'inconclusive', 'w', { requirements: ['VDS-1.4a'] })])),
    ).toMatch(/Incomplete .*Exit code 4/);
    expect(words(await report([]))).toMatch(/No verdict Nothing was checked.*Exit code 3/);
    expect(words(await report([passed('a.a')], { summary: { interrupted: true } }))).toMatch(
      /Interrupted 1 checks ended before.*Exit code 130/,
    );
  });

  test('what went wrong with the run itself', async () => {
    expect(words(await report([passed('a.a')], { summary: { problems: ['a.z never reported'] } }))).toContain(
      'Problems of the run a.z never reported',
    );
  });

  test('what to fix first: crashes, then duties by how many checks they fail, then set-up', async () => {
    const page = await report([
      ended('a.a', 'error', 'no', { code: 'VDSC_INTERNAL' }),
      broke('a.b', 'VDS-1.3a'),
      broke('a.c', 'VDS-1.4a'),
      broke('a.d', 'VDS-1.4a'),
      ended('a.e', 'crashed', 'it died', { code: 'VDSC_CRASHED' }),
    ]);
    const fix = words(section(page, 'fix'));
    const order = ['VDSC_CRASHED', 'VDS-1.4a', 'VDS-1.3a', 'VDSC_INTERNAL'].map((type) => fix.indexOf(type));
    expect(order.every((at, i) => at > (order[i - 1] ?? -1))).toBe(true);
    expect(fix).toMatch(/VDS-1\.4a MUST fails 2 checks/);
  });

  test('for each: the duty with its source, the call and its answer, and the command', async () => {
    const fix = section(await report([failed('import-target.clear'), passed('a.a')]), 'fix');
    expect(words(fix)).toMatch(
      /VDS-1\.3a MUST .*Where the provider takes target ids.*Source nf-vds-ivdssubsystemimporttarget-setimporttarget Called IVdsSubSystemImportTarget::GetImportTarget\(\) Came back S_OK \(0x00000000\) iscsiName: "iqn\.2026-11\.example:a" Wrong GetImportTarget answered S_OK/,
    );
    expect(words(fix)).toContain(
      'Again vds-conformance run --provider in-memory --seed cafe0001 --check import-target.clear',
    );
    expect(fix).toContain(
      'href="https://learn.microsoft.com/en-us/windows/win32/api/vds/nf-vds-ivdssubsystemimporttarget-setimporttarget"',
    );
  });

  test('the example that names a call, before one that does not, and the shortest', async () => {
    const call = 'IVdsLun::Delete() → S_OK (0x00000000)';
    const named = (id: string, calls: number): CheckResult =>
      failed(id, { calls, findings: [{ requirement: 'VDS-1.4a', level: 'MUST', message: 'm', call }] });
    const fix = words(
      section(await report([broke('a.a', 'VDS-1.4a', { calls: 1 }), named('a.b', 9), named('a.c', 4)]), 'fix'),
    );
    expect(fix).toContain('Shown by a.c');
    expect(fix).toContain('3 checks that fail for it');
  });

  test('recommendations that are not followed, apart from what is broken', async () => {
    const finding = { requirement: 'VDS-8.6', level: 'SHOULD', message: 'went down' } as const;
    const fix = words(
      section(await report([passed('a.a', { findings: [finding] }), passed('a.b', { findings: [finding] })]), 'fix'),
    );
    expect(fix).toMatch(
      /Nothing that was checked is broken\. 1 recommendation is not followed.*VDS-8\.6 SHOULD .*a\.a and 1 more: went down/,
    );
  });

  test('the coverage with its denominator, and what became of each requirement', async () => {
    const page = await report([
      passed('a.a'),
      broke('a.b', 'VDS-1.3a', { requirements: ['VDS-1.3a'] }),
      ended('a.c', 'not-applicable', 'n', { requirements: ['VDS-1.2'] }),
      ended('a.d', 'inconclusive', 'w', { requirements: ['VDS-5.6'] }),
    ]);
    const part = section(page, 'requirements');
    expect(words(part)).toMatch(/\d+ of \d+ requirements checked, 1 not applicable, \d+ untestable/);
    const state = (id: string): string =>
      words(
        part
          .slice(0, part.indexOf(`id="${id}"`))
          .split('<tr')
          .at(-1) ?? '',
      );
    expect(state('VDS-1.3a')).toContain('broken');
    expect(state('VDS-1.4a')).toContain('kept');
    expect(state('VDS-1.2')).toContain('not applicable');
    expect(state('VDS-5.6')).toContain('left open');
    expect(state('VDS-13.1')).toContain('untestable');
    const denominator = Number(/of (\d+) requirements/.exec(words(part))?.[1]);
    expect(part.match(/<tr data-find/g)).toHaveLength(denominator);
  });

  test('the matrix, from the places that checks state', async () => {
    const place = (
      id: string,
      fault: string,
      method: string,
      moment: string,
      make: typeof passed = passed,
    ): CheckResult => make(id, { suite: 'recovery', matrix: { fault, method, moment } });
    const page = await report([
      place('recovery.1', 'torn-write', 'IVdsLun.GetProperties', 'before'),
      place('recovery.2', 'torn-write', 'IVdsLun.Extend', 'after'),
      place('recovery.3', 'lost-entry', 'IVdsLun.Extend', 'before', failed),
      passed('a.a'),
    ]);
    const rows = [...section(page, 'matrix').matchAll(/<tr>(.*?)<\/tr>/gs)].map((row) =>
      [...(row[1] ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((cell) => words(cell[1] ?? '')),
    );
    expect(rows).toEqual([
      ['Method', 'torn write', 'lost entry'],
      ['before', 'after', 'before'],
      ['IVdsLun::Extend', '', '✓', '✗'],
      ['IVdsLun::GetProperties', '✓', '', ''],
    ]);
    expect(words(section(await report([passed('a.a')]), 'matrix'))).toContain('no generated checks');
  });

  test('the story of a failing check, with the fault, the pair and the call that shows it marked', async () => {
    const shows = 'IVdsLun::GetProperties() → S_OK (0x00000000) lunProp: {size: 3}';
    const page = await report([
      failed('recovery.x', {
        findings: [{ requirement: 'VDS-5.5b', level: 'MUST', message: 'm', call: shows }],
        notes: ['lost-entry of lun#1 by the cooperative route'],
        trace: [
          shows,
          'IVdsConformanceControl::Inject(kind: 1, objectId: "lun#1", notify: 0) → S_OK (0x00000000) faultId: 1',
          ...Array.from({ length: 5 }, () => 'IVdsLun::QueryPlexes() → S_OK (0x00000000) enum: object'),
          'IVdsConformanceControl::Heal(faultId: 1) → S_OK (0x00000000)',
          'IVdsHwProvider::Reenumerate() → S_OK (0x00000000)',
          'IVdsHwProvider::Refresh() → VDS_E_PROVIDER_CACHE_CORRUPT (0x8004241F)',
          shows,
        ],
      }),
    ]);
    const marks = [...section(page, 'failures').matchAll(/<li class="([^"]*)" value="(\d+)">/g)].map((m) =>
      `${m[2]} ${m[1]}`.trim(),
    );
    expect(marks).toEqual([
      '1',
      '2 fault',
      '3 between',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8 healed',
      '9 reenumerate',
      '10 refresh',
      '11 showed-it',
    ]);
    const story = words(section(page, 'failures'));
    expect(story).toMatch(/fault injected: flipped-bytes IVdsConformanceControl::Inject/);
    expect(story).toContain('5 calls that succeeded (3–7): QueryPlexes');
    expect(story).toContain('lost-entry of lun#1 by the cooperative route');
    expect(section(page, 'failures')).toMatch(/<span class="bad">VDS_E_PROVIDER_CACHE_CORRUPT \(0x8004241F\)<\/span>/);
    expect(section(page, 'failures')).toContain('href="evidence/recovery.x.json"');
  });

  test('where a provider was lost', async () => {
    expect(section(await report([ended('a.a', 'crashed', 'it died')]), 'failures')).toMatch(
      /<li class="died" value="1"><strong class="mark">the provider was lost here/,
    );
  });

  test('notes by what they are about, each once', async () => {
    const notes = words(
      section(
        await report([
          passed('a.a', { notes: ['import-target dialect: name', 'torn-write of lun#1 by the device route'] }),
          passed('a.b', { notes: ['import-target dialect: name', 'clean-up failed: delete a LUN: x'] }),
        ]),
        'notes',
      ),
    );
    expect(notes).toMatch(
      /Not taken back \(1\) clean-up failed.*Faults that were shown to have happened \(1\) torn-write.*Readings that the provider chose.*\(1\) import-target dialect: name 2 checks/,
    );
  });

  test('known failures as what they are, and the entries of the baseline that want attention', async () => {
    const entry = (check: string) => ({ check, reason: `ticket of ${check}`, expires: '2027-01-31' });
    const results = [broke('a.a', 'VDS-1.3a', { known: { reason: 'ticket 7', expires: '2027-01-31' } }), passed('a.b')];
    const page = await report(results, {
      summary: { exitCode: 0, baseline: { known: 1, unexpectedPasses: [entry('a.b')], expired: [entry('a.c')] } },
    });
    expect(words(page)).toMatch(
      /Conformant No MUST that was checked is broken but what the baseline excuses.*Nothing that was checked is broken\./,
    );
    expect(words(section(page, 'fix'))).toMatch(
      /Known failures, which the baseline excuses \(1\) a\.a until 2027-01-31: ticket 7.*these entries of the baseline can go \(1\) a\.b .*Expired entries.*\(1\) a\.c/,
    );
    expect(words(section(page, 'failures'))).toMatch(
      /✗ failed, known a\.a .*Known known failure until 2027-01-31: ticket 7/,
    );
    expect(words(section(page, 'requirements'))).toContain('1 broken, known');
  });

  test('every check, with reasons where it was not carried out', async () => {
    const list = section(
      await report([
        passed('a.a'),
        ended('a.b', 'not-applicable', 'the interface is optional'),
        ended('b.a', 'inconclusive', 'no route'),
      ]),
      'checks',
    );
    expect(words(list)).toMatch(
      /a 1 passed 1 not applicable .*a\.b Title of a\.b the interface is optional.*b 1 inconclusive .*no route/,
    );
    expect(list.match(/<tr data-find/g)).toHaveLength(3);
  });
});

describe('the page stays usable', () => {
  test('with 2,000 checks', async () => {
    const results = Array.from({ length: 2000 }, (_, i) =>
      passed(`s${i % 10}.check-with-a-rather-long-name-${i}`, {
        suite: `s${i % 10}`,
        matrix: { fault: `fault-${i % 5}`, method: `IVdsLun.Method${i % 100}`, moment: `moment-${i % 4}` },
      }),
    );
    expect((await report(results)).length).toBeLessThan(1_500_000);
  });

  test('with a failure in each of 3,000 checks, huge messages and long traces: what is cut is said, and the evidence named', async () => {
    const huge = 'm'.repeat(50_000);
    const page = await report(
      Array.from({ length: 3000 }, (_, i) =>
        failed(
          `a.${i}`,
          {
            trace: Array.from(
              { length: 200 },
              (_t, n) =>
                `IVdsLun::Extend(numberOfBytesToAdd: ${n}) → VDS_E_NOT_SUPPORTED (0x80042400) ${huge.slice(0, 500)}`,
            ),
          },
          huge,
        ),
      ),
    );
    expect(page.length).toBeLessThan(30_000_000);
    expect(page).toContain('2500 more checks');
    expect(page).toMatch(/Its calls are in evidence\/a\.\d+\.json/);
    expect(page).toMatch(
      /\[cut: [\d,]+ of 50,000 bytes of this text are shown; all of it is in evidence\/a\.0\.json\]/,
    );
    expect(page.match(/<tr data-find data-verdict/g)).toHaveLength(3000);
  });
});

describe('text of a provider', () => {
  const VOCABULARY =
    /^<\/?(?:!doctype html|!-- vds-conformance report --|html|head|meta|title|style|body|a|header|p|nav|ul|li|search|input|select|option|button|output|main|section|h[1-4]|strong|dl|div|dt|dd|time|code|pre|ol|span|details|summary|svg|rect|table|thead|tbody|tr|th|td|br|em|b|footer|script)(?:\s[^<>]*)?\/?>$/;
  const ATTRIBUTES = new Set([
    'lang',
    'charset',
    'http-equiv',
    'content',
    'name',
    'class',
    'id',
    'href',
    'rel',
    'type',
    'value',
    'title',
    'role',
    'tabindex',
    'scope',
    'colspan',
    'rowspan',
    'datetime',
    'autocomplete',
    'spellcheck',
    'placeholder',
    'for',
    'hidden',
    'open',
    'x',
    'width',
    'height',
    'data-find',
    'data-verdict',
    'data-suite',
    'data-state',
    'aria-label',
    'aria-labelledby',
    'aria-hidden',
    'aria-live',
  ]);

  test('becomes no markup, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText(), async (text) => {
        const hostile = (make: typeof passed, id: string): CheckResult =>
          make(`${id}${text}`, {
            suite: text,
            title: text,
            notes: [text],
            trace: [text, `IVdsLun::Extend(a: ${text}) → S_OK (0x00000000) b: ${text}`, `${text}(`],
            requirements: ['VDS-1.4a', text],
            matrix: { fault: text, method: text, moment: text },
            findings: [
              { requirement: text, level: 'SHOULD', message: text, call: text },
              { requirement: 'VDS-1.3a', level: 'MUST', message: text, call: `X(${text}) → ${text}` },
            ],
          });
        const results = [
          hostile(passed, 'a.a'),
          hostile(failed, 'a.b'),
          { ...hostile(failed, 'a.c'), verdict: 'crashed', reason: text, code: text } as const,
          { ...hostile(failed, 'a.d'), verdict: 'inconclusive', reason: text } as const,
          { ...hostile(failed, 'a.e'), verdict: 'not-applicable', reason: text } as const,
        ];
        const page = await report(results, {
          header: { provider: text, seed: text, version: text, host: text, startedAt: text },
          summary: { problems: [text], exitCode: 1 },
        });
        const body = page.replace(/<style>.*?<\/style>/s, '').replace(/<script>.*?<\/script>/s, '');
        for (const tag of new Set(body.match(/<[^>]*>?/g))) {
          expect(tag).toMatch(VOCABULARY);
          for (const [, name = ''] of tag.replace(/"[^"]*"/g, '""').matchAll(/\s([^\s=/>]+)/g))
            if (!tag.startsWith('<!')) expect(ATTRIBUTES).toContain(name);
        }
        for (const [, address = ''] of body.matchAll(/href="([^"]*)"/g))
          expect(address).toMatch(
            /^(?:#[\w.-]+|evidence\/[\w.-]+|results\.json|junit\.xml|https:\/\/learn\.microsoft\.com\/[\w/.-]+)$/,
          );
        expect(page.match(/<script/g)).toHaveLength(1);
        expect(page).not.toMatch(
          /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('100,000 hostile strings: none leaves anything that markup is made of', () => {
    const entities: Readonly<Record<string, string>> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
      '&#96;': '`',
    };
    for (const text of fc.sample(hostileText(8), 100_000)) {
      const written = html`${text}`.text;
      if (/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/.test(written)) throw new Error(JSON.stringify([text, written]));
      const back = written.replace(/&[^;]+;/g, (entity) => entities[entity] ?? entity);
      if (html`${back}`.text !== written)
        throw new Error(`not the same when written again: ${JSON.stringify([text, written])}`);
    }
  });

  test('only markup stays markup', () => {
    expect(html`<p>${'<b>'}${html`<i>${'&'}</i>`}${[1, '"', undefined, false]}</p>`.text).toBe(
      '<p>&lt;b&gt;<i>&amp;</i>1&quot;</p>',
    );
    expect(html`${new Markup('<hr>')}`.text).toBe('<hr>');
  });
});

describe('the file', () => {
  test('forbids all but its own style and script', async () => {
    const page = await report([failed('a.b')]);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const digestOf = (element: string): string =>
      `'sha256-${createHash('sha256')
        .update(new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page)?.[1] ?? '')
        .digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${digestOf('style')}`,
      `script-src ${digestOf('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/ style="| src="|@import|url\(/);
  });

  test('of an earlier run is gone when a run begins, and a file of another kind is not', () => {
    const reports = newFolder();
    const file = join(reports, 'report.html');
    writeFileSync(file, '<!doctype html><!-- vds-conformance report -->');
    const reporter = new HtmlReporter(reports);
    reporter.runStarted();
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
    writeFileSync(file, '<!doctype html><p>mine</p>');
    reporter.runStarted();
    expect(readFileSync(file, 'utf8')).toContain('mine');
  });
});
