// report.html as text: what it says, in which order, and that no text of a provider becomes markup.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { html, Markup } from '../../../src/reporting/html/markup.js';
import { HtmlReporter } from '../../../src/reporting/html/html-report.js';
import { HR } from '../../../src/contract/hresult.js';
import type { CallEntry } from '../../../src/port/trace-entry.js';
import { hostileText } from '../hostile.js';
import { call, ended, failed, notes, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

async function report(results: readonly CheckResult[], change: Parameters<typeof play>[2] = {}): Promise<string> {
  const reports = newFolder();
  await play(new HtmlReporter(reports), results, change);
  return readFileSync(join(reports, 'report.html'), 'utf8');
}

/** The part of the page from one heading's id to the end of its section. */
const section = (page: string, id: string): string =>
  page.slice(page.indexOf(`<section id="${id}"`)).split('</section>')[0] ?? '';
/** The text of a piece of the page as a reader sees it, roughly. */
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
  test('which changes were made in which states of objects, and of how many cells', async () => {
    const visited = [
      { state: 'OFFLINE', seen: { 'mask-lun': ['subject LUN'] }, left: { 'mask-lun': ['sibling LUN', 'beside'] } },
    ];
    const states = [{ state: 'OFFLINE', seen: 1, possible: 3 }];
    const page = await report([passed('a.a', { visited })], { summary: { states } });
    expect(words(section(page, 'states'))).toMatch(/OFFLINE 1 3 33 % .* Change OFFLINE mask-lun 1\/3$/);
    expect(await report([passed('a.a')])).not.toContain('id="states"');
  });

  test('the verdict in words, with the exit code and what it means', async () => {
    expect(words(await report([passed('a.a'), failed('a.b')]))).toMatch(
      /Not conformant Of 2 checks 1 failed; 2 of \d+ MUSTs were checked\. 1 cause to fix \. Exit code 1 : not conformant\./,
    );
    expect(words(await report([passed('a.a')]))).toMatch(
      /Conformant 1 of \d+ MUSTs was checked, and none of them is broken.*Exit code 0 : conformant\..*Nothing that was checked is broken/,
    );
    expect(
      words(await report([passed('a.a'), ended('a.b', 'inconclusive', 'w', { requirements: ['VDS-1.4a'] })])),
    ).toMatch(/Incomplete .*Exit code 4/);
    expect(words(await report([]))).toMatch(/No verdict Nothing was checked.*Exit code 3/);
    expect(words(await report([passed('a.a')], { summary: { interrupted: true } }))).toMatch(
      /Interrupted 1 check ended before.*Exit code 130/,
    );
  });

  test('what went wrong with the run itself', async () => {
    expect(words(await report([passed('a.a')], { summary: { problems: ['a.z never reported'] } }))).toContain(
      'Problems of the run a.z never reported',
    );
  });

  test('what to fix first: crashes, then broken duties by how many checks fail, then set-up', async () => {
    const page = await report([
      ended('a.a', 'error', 'no', { code: 'VDSC_INTERNAL' }),
      failed('a.b', { findings: [{ requirement: 'VDS-6.1', level: 'MUST', message: 'the one' }] }),
      failed('a.c', {}, 'the other'),
      failed('a.d', {}, 'the other'),
      ended('a.e', 'crashed', 'it died', { code: 'VDSC_CRASHED' }),
    ]);
    const fix = words(section(page, 'fix'));
    const order = ['it died', 'the other', 'the one', 'VDSC_INTERNAL'].map((type) => fix.indexOf(type));
    expect(order.every((at, i) => at > (order[i - 1] ?? -1))).toBe(true);
    expect(fix).toMatch(/the other 2 checks/);
  });

  test('for each: sentence, duty, expected and actual, the call and its answer, the command, the page', async () => {
    const fix = section(await report([failed('import-target.clear'), passed('a.a')]), 'fix');
    expect(words(fix)).toMatch(
      /GetImportTarget answered S_OK .* 1 check 1\. IVdsSubSystemImportTarget::SetImportTarget\(.*\) on subsystem#1 → S_OK .*== to blame 2\. IVdsSubSystemImportTarget::GetImportTarget\(\) on subsystem#1 → S_OK .*== shows it Expected .*VDS_E_NO_IMPORT_TARGET.* Actual .*S_OK .* vds-conformance run .*VDS-1\.3a MUST .*Where the provider takes target ids/,
    );
    expect(words(fix)).toContain(
      'vds-conformance run --provider in-memory --seed cafe0001 --check ' +
        'import-target.clear --reports reports-again Copy',
    );
    expect(fix).toContain('href="evidence/import-target.clear.json"');
    expect(fix).toContain(
      'href="https://learn.microsoft.com/en-us/windows/win32/api/vds/nf-vds-ivdssubsystemimporttarget-setimporttarget"',
    );
  });

  test('the example that names a call, is written by hand and has no fault, and of those the shortest', async () => {
    const message = 'm';
    const matrix = { fault: 'torn-write', method: 'IVdsLun.Extend', moment: 'before-the-call' };
    const fix = words(
      section(
        await report([
          failed('a.generated', { calls: 1, matrix }, message),
          failed('a.with-fault', { calls: 2, faultVerdict: 'silent wrong data' }, message),
          failed('a.long', { calls: 9 }, message),
          failed('a.short', { calls: 4 }, message),
        ]),
        'fix',
      ),
    );
    expect(fix).toContain('Shown by a.short');
    expect(fix).toContain('m 4 checks');
  });

  test('ten causes open, and the others folded', async () => {
    const many = Array.from({ length: 12 }, (_, i) => ended(`a.${i}`, 'crashed', 'x', { code: `C${i}`, trace: [] }));
    const fix = section(await report(many), 'fix');
    expect(fix.split('<details class="more">')[0]?.match(/<li class="card"/g)).toHaveLength(10);
    expect(fix).toContain('2 more causes');
    expect(fix.match(/<li class="card"/g)).toHaveLength(12);
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

  test(
    'the matrix, from the places that checks state, with its moments in the order of time and what fails in each ' +
      'row and column',
    async () => {
      const place = (
        id: string,
        fault: string,
        method: string,
        moment: string,
        make: typeof passed = passed,
      ): CheckResult => make(id, { suite: 'recovery', matrix: { fault, method, moment } });
      const page = await report([
        place('recovery.2', 'torn-write', 'IVdsLun.Extend', 'after-recovery'),
        place('recovery.4', 'torn-write', 'IVdsLun.GetProperties', 'during-the-call'),
        place('recovery.1', 'torn-write', 'IVdsLun.GetProperties', 'before-the-call'),
        place('recovery.3', 'lost-entry', 'IVdsLun.Extend', 'during-the-call', failed),
        passed('a.a'),
      ]);
      const rows = [...section(page, 'matrix').matchAll(/<tr>(.*?)<\/tr>/gs)].map((row) =>
        [...(row[1] ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((cell) => words(cell[1] ?? '')),
      );
      expect(rows).toEqual([
        ['Method', 'torn write', 'lost entry', 'Failing'],
        ['before the call', 'during the call', 'after a recovery', 'during the call'],
        ['IVdsLun::Extend', '', '', '✓', '✗', '1/2'],
        ['IVdsLun::GetProperties', '✓', '✓', '', '', '0/2'],
        ['Failing', '0/1', '0/1', '0/1', '1/1', '1/4'],
      ]);
      expect(words(section(await report([passed('a.a')]), 'matrix'))).toContain('no generated checks');
    },
  );

  test('the story of a failing check, with the fault, the pair and the call that shows it marked', async () => {
    const plexes = (number: number): CallEntry =>
      call(number, 'IVdsLun.QueryPlexes', { outputs: { enum: { object: 'enum#1' } } });
    const shows = (number: number, mark?: 'shows-it'): CallEntry =>
      call(number, 'IVdsLun.GetProperties', {
        outputs: { lunProp: { size: 3 } },
        ...(mark === undefined ? {} : { mark }),
      });
    const page = await report([
      failed('recovery.x', {
        findings: [
          { requirement: 'VDS-5.5b', level: 'MUST', message: 'm', call: 12, expected: 'abcd1', actual: 'abcd2' },
        ],
        notes: [{ kind: 'fault', text: 'lost-entry of lun#1 by the cooperative route', times: 89 }],
        trace: [
          shows(1),
          { type: 'fault', number: 2, at: 2, kind: 'flipped-bytes', object: 'lun#1', route: 'device', proof: 'byte 7' },
          ...Array.from({ length: 5 }, (_, i) => plexes(i + 3)),
          call(8, 'IVdsConformanceControl.Heal', { object: 'provider#1' }),
          call(9, 'IVdsHwProvider.Reenumerate', { object: 'provider#1' }),
          call(10, 'IVdsHwProvider.Refresh', { object: 'provider#1', hr: HR.VDS_E_PROVIDER_CACHE_CORRUPT }),
          {
            type: 'notification',
            number: 11,
            at: 11,
            count: 1,
            notifications: [{ objectType: { enum: 'VDS_NTT_LUN' } }],
          },
          shows(12, 'shows-it'),
          { ...call(13, 'IVdsLun.Delete'), phase: 'clean-up' },
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
      '11 notification',
      '12 shows-it',
      '13',
    ]);
    const story = words(section(page, 'failures'));
    expect(story).toContain('fault: flipped-bytes of lun#1 byte 7 device route');
    expect(story).toContain('5 calls that succeeded (3–7): QueryPlexes');
    expect(story).toContain('lost-entry of lun#1 by the cooperative route (89 times)');
    expect(story).toMatch(
      /12\.0 ms shows it IVdsLun::GetProperties \(\) on lun#1 → S_OK \(0x00000000\) lunProp: \{size: 3\} 0\.5 ms/,
    );
    expect(story).toMatch(/Clean-up 13\.0 ms IVdsLun::Delete/);
    // The part that two values have in common stands outside the mark.
    expect(section(page, 'failures')).toContain('<code>&quot;abcd<mark>2</mark>&quot;</code>');
    // A code that says that something failed is lawful in most places; red is for what shows the fault.
    expect(section(page, 'failures')).toMatch(
      /<span class="lawful">VDS_E_PROVIDER_CACHE_CORRUPT \(0x8004241F\)<\/span>/,
    );
    expect(section(page, 'failures')).toMatch(/<span class="bad">S_OK \(0x00000000\)<\/span>/);
    expect(section(page, 'failures')).toContain('href="evidence/recovery.x.json"');
    expect(page).toContain('<details class="story" id="check-recovery.x"');
  });

  test('where a provider was lost', async () => {
    expect(section(await report([ended('a.a', 'crashed', 'it died')]), 'failures')).toMatch(
      /<li class="died" value="1"><span class="at">1\.0 ms<\/span>\s<strong class="mark">the provider was lost here/,
    );
  });

  test('notes by what they are about, each once', async () => {
    const notes = words(
      section(
        await report([
          passed('a.a', {
            notes: [
              { kind: 'reading', text: 'import-target dialect: name' },
              { kind: 'fault', text: 'torn-write of lun#1 by the device route' },
            ],
          }),
          passed('a.b', {
            notes: [
              { kind: 'reading', text: 'import-target dialect: name' },
              { kind: 'clean-up', text: 'delete a LUN: x' },
            ],
          }),
        ]),
        'notes',
      ),
    );
    expect(notes).toMatch(
      /Not taken back \(1\) delete a LUN: x.*Faults that were shown to have happened \(1\) torn-write.*Readings that the provider chose.*\(1\) import-target dialect: name 2 checks/,
    );
  });

  test('known failures as what they are, and the entries of the baseline that want attention', async () => {
    const entry = (check: string) => ({ check, reason: `ticket of ${check}`, expires: '2027-01-31' });
    const results = [broke('a.a', 'VDS-1.3a', { known: { reason: 'ticket 7', expires: '2027-01-31' } }), passed('a.b')];
    const page = await report(results, {
      summary: { exitCode: 0, baseline: { known: 1, unexpectedPasses: [entry('a.b')], expired: [entry('a.c')] } },
    });
    expect(words(page)).toMatch(
      /Conformant \d+ of \d+ MUSTs (?:were|was) checked, and none of them is broken but what the baseline excuses.*Nothing that was checked is broken\./,
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

  test(
    'with a failure in each of 3,000 checks, huge messages and long ' +
      'traces: what is cut is said, and the evidence named',
    async () => {
      const huge = 'm'.repeat(50_000);
      const page = await report(
        Array.from({ length: 3000 }, (_, i) =>
          failed(
            `a.${i}`,
            {
              trace: Array.from({ length: 200 }, (_t, n) =>
                call(n + 1, 'IVdsLun.Extend', {
                  args: { numberOfBytesToAdd: n },
                  hr: HR.VDS_E_NOT_SUPPORTED,
                  outputs: { text: huge.slice(0, 500) },
                }),
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
    },
  );
});

describe('text of a provider', () => {
  const VOCABULARY =
    /^<\/?(?:!doctype html|!-- vds-conformance report --|html|head|meta|title|style|body|a|header|p|nav|ul|li|search|input|select|option|button|output|main|section|h[1-4]|strong|dl|div|dt|dd|time|code|pre|ol|span|details|summary|svg|rect|table|thead|tbody|tr|th|td|br|em|b|mark|tfoot|footer|script)(?:\s[^<>]*)?\/?>$/;
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
    'data-duties',
    'start',
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
            notes: notes(text),
            trace: [
              call(1, text, { object: text, args: { [text]: text }, outputs: { a: text }, mark: 'shows-it' }),
              { type: 'fault', number: 2, at: 1, kind: text, object: text, route: text, proof: text },
              { type: 'notification', number: 3, at: 1, count: 1, notifications: [text] },
              call(4, 'IVdsLun.Extend', { error: text }),
            ],
            requirements: ['VDS-1.4a', text],
            matrix: { fault: text, method: text, moment: text },
            findings: [
              { requirement: text, level: 'SHOULD', message: text, call: 4 },
              { requirement: 'VDS-1.3a', level: 'MUST', message: text, call: 1, expected: text, actual: `${text}x` },
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
          header: {
            provider: text,
            settings: { url: text },
            seed: text,
            version: text,
            host: text,
            startedAt: text,
          },
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

  test('20,000 hostile strings: none leaves anything that markup is made of', () => {
    const entities: Readonly<Record<string, string>> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
      '&#96;': '`',
    };
    for (const text of fc.sample(hostileText(8), 20_000)) {
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
