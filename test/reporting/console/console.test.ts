import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { requirement } from '../../../src/contract/requirements.js';
import { isBroken, type CheckResult } from '../../../src/checks/outcome.js';
import { EXIT } from '../../../src/run/summary.js';
import { coverageSentence } from '../../../src/reporting/text/verdict-words.js';
import {
  ConsoleReporter,
  LOG_EVERY,
  PROGRESS_EVERY,
  type ConsoleOptions,
  type Output,
} from '../../../src/reporting/console/console.js';
import { wantsColor } from '../../../src/reporting/text/paint.js';
import { hostileText } from '../hostile.js';
import { call, ended, failed, header, notes, passed, summaryOf } from '../samples.js';
import { show } from './show.js';

const SHOULD = { requirement: 'VDS-1.3b', level: 'SHOULD' as const, message: 'SetImportTarget refused GUID_NULL' };
const RESULTS = [
  passed('import-target.a'),
  passed('import-target.b', { findings: [SHOULD] }),
  passed('import-target.c', { findings: [SHOULD] }),
  failed('import-target.clear'),
  ended(
    'luns.extend',
    'crashed',
    "ProviderCrashed [VDSC_CRASHED]: the provider's process died during IVdsLun::Extend.",
    { code: 'VDSC_CRASHED' },
  ),
  ended('luns.slow', 'hung', 'ProviderHung'),
  ended('recovery.a', 'inconclusive', 'no fault route offers flipped-bytes'),
  ended('recovery.b', 'not-applicable', 'the interface is absent'),
  ended('recovery.c', 'error', 'TypeError: x', { code: 'VDSC_INTERNAL' }),
];

describe('during the run', () => {
  const MET = [
    'FAILED          import-target.clear  breaks VDS-1.3a',
    'CRASHED         luns.extend  breaks VDS-2.7',
    'HUNG            luns.slow  breaks VDS-0.2d',
    'ERROR           recovery.c  TypeError: x',
  ];
  const WORDS = [
    '  GetImportTarget answered S_OK and must answer VDS_E_NO_IMPORT_TARGET',
    "  ProviderCrashed [VDSC_CRASHED]: the provider's process died during IVdsLun::Extend.",
    '  ProviderHung',
    '',
  ];

  test('a line for each cause of failure as it is met', async () => {
    const { during } = await show([...RESULTS, failed('import-target.again')]);
    const lines = during.trimEnd().split('\n');
    expect(lines[0]).toBe('vds-conformance 0.1.0  provider in-memory  seed cafe0001  10 checks');
    expect(lines.slice(1)).toEqual(MET);
  });

  test('with --verbose a line for each check that did not pass', async () => {
    const { during } = await show([...RESULTS, failed('import-target.again')], { verbose: true });
    const met = MET.map((line, i) => `${line}${WORDS[i]}`);
    expect(during.trimEnd().split('\n').slice(1)).toEqual([
      ...met.slice(0, 3),
      'inconclusive    recovery.a  no fault route offers flipped-bytes',
      'not applicable  recovery.b  the interface is absent',
      ...met.slice(3),
      met[0]?.replace('import-target.clear', 'import-target.again'),
    ]);
  });

  test('in a log a line a minute, also while one check takes long', async () => {
    vi.useFakeTimers();
    try {
      let text = '';
      const reporter = new ConsoleReporter({
        out: { write: (piece, done) => ((text += piece), done?.()) },
        reports: '/tmp/reports',
      });
      const results = [failed('a.a'), passed('a.b')];
      const head = header({ checks: results.map((r) => r.id) });
      reporter.runStarted(head);
      reporter.checkFinished(failed('a.a'));
      vi.advanceTimersByTime(2 * LOG_EVERY);
      reporter.checkFinished(passed('a.b'));
      expect(text.split('\n').filter((line) => line === '1/2, 1 failed')).toHaveLength(2);
      await reporter.runFinished(head, results, summaryOf(results));
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  describe('progress', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => {
      vi.unstubAllEnvs();
      vi.useRealTimers();
    });

    /** The output on a terminal for a run of three checks while the clock goes on before, between and after them. */
    async function watch(options: Partial<ConsoleOptions>, out: Partial<Output> = {}): Promise<string> {
      vi.stubEnv('CI', '');
      vi.stubEnv('TERM', 'xterm');
      let text = '';
      const reporter = new ConsoleReporter({
        out: {
          isTTY: true,
          columns: 60,
          write: (piece, done) => {
            text += piece;
            done?.();
          },
          ...out,
        },
        reports: '/tmp/reports',
        ...options,
      });
      const results = [passed('luns.a'), failed('luns.b'), passed('luns.c')];
      const head = header({ checks: results.map((r) => r.id) });
      const tick = (): void => {
        vi.advanceTimersByTime(3 * PROGRESS_EVERY);
      };
      reporter.runStarted(head);
      for (const result of results) {
        tick();
        reporter.checkFinished(result);
      }
      tick();
      await reporter.runFinished(head, results, summaryOf(results));
      tick();
      return text;
    }

    test(
      'names the check under way, is reported once while nothing changes, ' +
        'and is cleared before anything else is written',
      async () => {
        const during = (await watch({ color: false })).split('1 check failed')[0];
        const clear = '\r\x1b[2K';
        expect(during?.split('checks\n')[1]).toBe(
          [
            `${clear}0/3: luns.a`,
            `${clear}1/3: luns.b`,
            `${clear}FAILED          luns.b  breaks VDS-1.3a\n`,
            `${clear}2/3, 1 failed: luns.c`,
            `${clear}3/3, 1 failed: writing the reports`,
            `${clear}\n`,
          ].join(''),
        );
      },
    );

    test('ends with the run', async () => {
      expect((await watch({ color: false })).endsWith('not conformant.\n')).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    });

    test('has a bar where the terminal has room, and fits also where it does not', async () => {
      expect(await watch({ color: false }, { columns: 0 })).toContain('[######--------------] 1/3: luns.b');
      expect(await watch({ color: false }, { columns: 10 })).toContain('\x1b[2K0/3: lun…\r');
    });

    test('is for terminals only, and neither for the quiet nor for the log of a CI', async () => {
      for (const text of [await watch({}, { isTTY: false }), await watch({ quiet: true })])
        expect(text).not.toContain('\x1b[2K');
    });
  });

  test('nothing when quiet', async () => {
    const { during, summary } = await show(RESULTS, { quiet: true, isTTY: true, color: false });
    expect(during).toBe('');
    expect(summary).toContain('NOT CONFORMANT');
  });
});

describe('the summary', () => {
  const rest = { provider: 'rest', settings: { url: 'http://127.0.0.1:8443' } };

  test(
    'reports each cause: one sentence, the calls, expected and actual, ' +
      'the duty and its page, the command, the evidence',
    async () => {
      const { summary } = await show([...RESULTS, failed('import-target.again', { calls: 99 })], {}, { header: rest });
      expect(summary).toMatch(/^\n5 checks failed, for 4 causes\n/);
      const causes = summary.split(/\n(?=\d\. )/);
      expect(causes.length - 1).toBe(4);
      const { statement, source } = requirement('VDS-1.3a');
      expect(causes[3]?.split('\n\n')[0]?.trimEnd().split('\n')).toEqual([
        '3. IVdsSubSystemImportTarget::SetImportTarget on subsystem#1: GetImportTarget answered S_OK and must answer ' +
          'VDS_E_NO_IMPORT_TARGET',
        '   Steps          1. IVdsSubSystemImportTarget::SetImportTarget(iscsiName: "{0}") on subsystem#1 → S_OK <== ' +
          'to blame',
        '                  2. IVdsSubSystemImportTarget::GetImportTarget() on subsystem#1 → S_OK <== shows it',
        '   Expected       VDS_E_NO_IMPORT_TARGET (0x80042713)',
        '   Actual         S_OK (0x00000000)',
        '   Reproduce with vds-conformance run --provider rest --set ' +
          'url=http://127.0.0.1:8443 --seed cafe0001 --check ' +
          'import-target.clear --reports reports-again',
        `   Requirement    VDS-1.3a (MUST): ${statement}`,
        `   Documented at  https://learn.microsoft.com/en-us/windows/win32/api/vds/${source[0]}`,
        '   Evidence       evidence/import-target.clear.json',
        '   Fault          silent wrong data',
        '   Failed check   import-target.clear: Title of import-target.clear',
        '   Also failed    import-target.again',
      ]);
      for (const part of [
        "1. IVdsLun::Extend on lun#1: ProviderCrashed [VDSC_CRASHED]: the provider's process died",
        'VDS-2.7 (MUST)',
        'nf-vdshwprv-ivdslun-extend\n',
        'Steps          1. IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1 → the provider died',
        'Failed check   luns.extend: Title of luns.extend',
        '--check luns.extend',
      ])
        expect(causes[1]).toContain(part);
    },
  );

  test('shows ten causes at most, and counts the others', async () => {
    const many = Array.from({ length: 13 }, (_, i) =>
      ended(`a.${i}`, 'crashed', 'gone', { code: `CODE_${i}`, trace: [] }),
    );
    const { summary } = await show([...many, ended('a.x', 'crashed', 'gone', { code: 'CODE_12', trace: [] })]);
    expect(summary.match(/^\d+\. /gm)).toHaveLength(10);
    expect(summary).toContain('\nand 3 more causes of 3 checks, in report.html\n');
  });

  test('fits on a screen where all is well, and on two where 300 checks fail for three causes', async () => {
    const green = Array.from({ length: 1500 }, (_, i) =>
      i % 20 === 0
        ? ended(`s${i % 25}.c${i}`, 'not-applicable', `reason number ${['one', 'two', 'three', 'four'][(i / 20) % 4]}`)
        : passed(`s${i % 25}.c${i}`),
    );
    const { during, summary } = await show(green);
    expect((during + summary).split('\n').length).toBeLessThanOrEqual(40);
    const red = await show([
      ...green,
      ...Array.from({ length: 300 }, (_, i) => {
        const requirement = ['VDS-1.3a', 'VDS-6.3', 'VDS-7.2'][i % 3] as string;
        return failed(`r.${i}`, { findings: [{ requirement, level: 'MUST', message: `cause ${i % 3}` }] });
      }),
    ]);
    expect(red.summary).toContain('300 checks failed, for 3 causes');
    expect((red.during + red.summary).split('\n').length).toBeLessThanOrEqual(80);
  });

  test('counts in one line what is not why the run failed', async () => {
    const { summary } = await show(RESULTS);
    expect(summary).toContain(
      '\nAlso: 1 recommendation not followed, 1 not applicable, 1 ' +
        'inconclusive; see report.html, or run with --verbose\n',
    );
    expect(summary).not.toContain('the interface is absent');
  });

  test('lists findings of one requirement together', async () => {
    expect((await show(RESULTS.filter((r) => !isBroken(r)))).summary).toContain(
      '\n1 recommendation is not followed (level SHOULD: they fail only under --strict)\n  VDS-1.3b  ' +
        `${requirement('VDS-1.3b').statement}\n    2 checks: SetImportTarget refused GUID_NULL\n`,
    );
  });

  test('counts what came to no verdict by its reason, and names the checks with --verbose', async () => {
    const results = [
      ...RESULTS.filter((r) => !isBroken(r)),
      ended('recovery.d', 'inconclusive', 'no fault route offers flipped-bytes'),
      ended('recovery.e', 'inconclusive', 'the array has no room'),
    ];
    expect((await show(results)).summary).toContain(
      '\n3 inconclusive\n      2  no fault route offers flipped-bytes\n      1  the array has no room\n',
    );
    expect((await show(results)).summary).toContain('\n1 not applicable\n      1  the interface is absent\n');
    expect((await show(results, { verbose: true })).summary).toContain(
      '      2  no fault route offers flipped-bytes\n           recovery.a\n           recovery.d\n',
    );
  });

  test('is one sentence where the provider could not be opened', async () => {
    const { summary } = await show([
      ended('a.a', 'error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'VDSC_UNREACHABLE', calls: 0 }),
    ]);
    expect(summary.split('\n').slice(0, 3)).toEqual(['', 'connect ECONNREFUSED 127.0.0.1:1', '']);
    expect(summary.trim().split('\n').at(-1)).toMatch(/^NO VERDICT: .* Exit code 3/);
    expect(summary.trim().split('\n')).toHaveLength(3);
  });

  test('counts per suite with --verbose', async () => {
    expect((await show(RESULTS)).summary).not.toContain('Suite ');
    const { summary } = await show(RESULTS, { verbose: true });
    const table = summary
      .slice(summary.indexOf('Suite '))
      .split('\n\n')[0]
      ?.split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(table).toEqual([
      ['Suite', 'passed', 'failed', 'not applicable', 'inconclusive', 'errors'],
      ['import-target', '3', '1', '0', '0', '0'],
      ['luns', '0', '0', '0', '0', '2'],
      ['recovery', '0', '0', '1', '1', '1'],
      ['all', '3', '1', '1', '1', '3'],
    ]);
  });

  test('ends with the coverage, the seed, the reports and the verdict', async () => {
    const { summary } = await show(
      RESULTS,
      {},
      {
        summary: {
          coverage: {
            observable: 140,
            checked: 80,
            must: { observable: 100, checked: 70 },
            notApplicable: 5,
            untestable: 6,
            waiting: 52,
          },
        },
      },
    );
    expect(summary.trimEnd().split('\n').slice(-6)).toEqual([
      'Checks    3 passed, 1 failed, 1 crashed, 1 hung, 1 error, 1 inconclusive, 1 not applicable',
      'Coverage  80 of 146 requirements checked, 5 not applicable, 6 untestable, 52 waiting for a later release, 3 ' +
        'not reached by this run',
      'Seed      cafe0001',
      'Reports   /tmp/reports: report.html, junit.xml, results.json, journal.ndjson, evidence/ (5 checks)',
      '',
      'NOT CONFORMANT: of 9 checks 1 failed, 1 crashed, 1 hung, 1 ended in an error; 70 of 100 MUSTs were checked. ' +
        'Exit code 1: not conformant.',
    ]);
  });

  test('the numbers of the coverage add up to its denominator', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 5, maxLength: 5 }),
        ([checked = 0, notApplicable = 0, waiting = 0, left = 0, untestable = 0]) => {
          const sentence = coverageSentence({
            observable: checked + notApplicable + waiting + left,
            checked,
            notApplicable,
            untestable,
            waiting,
          });
          const [first, whole, ...others] = [...sentence.matchAll(/\d+/g)].map(Number);
          expect([first, ...others].reduce<number>((sum, n) => sum + (n ?? 0), 0)).toBe(whole);
        },
      ),
    );
  });

  test.each([
    [
      EXIT.conformant,
      [passed('a.a')],
      {},
      /^CONFORMANT: 1 of \d+ MUSTs was checked, and none of them is broken \(1 of 1 check passed\)\. Exit code 0: conformant\.$/,
    ],
    [
      EXIT.incomplete,
      [passed('a.a'), ended('a.b', 'inconclusive', 'w')],
      {},
      /^INCOMPLETE: .*1 ended inconclusive.* Exit code 4: incomplete\.$/,
    ],
    [
      EXIT.incomplete,
      [passed('a.a')],
      { problems: ['a.b never reported'] },
      /^INCOMPLETE: .*1 problem of the run itself.* Exit code 4/,
    ],
    [
      EXIT.notLoaded,
      [],
      {},
      /^NO VERDICT: nothing was checked\. Exit code 3: the provider could not be loaded or opened, or nothing was checked\.$/,
    ],
    [
      EXIT.notLoaded,
      [ended('a.a', 'error', 'e', { code: 'VDSC_LOAD', calls: 0 })],
      {},
      /^NO VERDICT: of 1 check 1 ended in an error\. Exit code 3/,
    ],
    [
      EXIT.usage,
      [ended('a.a', 'error', 'e', { code: 'VDSC_CONFIG', calls: 0 })],
      {},
      /^NO VERDICT: .* Exit code 2: wrong usage or configuration\.$/,
    ],
    [
      EXIT.interrupted,
      [passed('a.a')],
      { interrupted: true },
      /^INTERRUPTED: 1 check ended before the run was stopped\. Exit code 130: interrupted\.$/,
    ],
  ] as const)('exit code %i has its sentence', async (exitCode, results, change, sentence) => {
    const summary = summaryOf(results, change);
    expect(summary.exitCode).toBe(exitCode);
    const shown = await show(results, {}, { summary: change });
    expect(shown.summary.trimEnd().split('\n').at(-1)).toMatch(sentence);
  });

  test('says of a run whose open checks were accepted how many they are', async () => {
    const results = [passed('a.a'), ended('a.b', 'inconclusive', 'w')];
    const { summary } = await show(results, {}, { summary: { exitCode: 0 } });
    expect(summary.trimEnd().split('\n').at(-1)).toMatch(
      /^CONFORMANT: .*\(1 of 2 checks passed; accepted as open: 1 ended inconclusive\)\. Exit code 0/,
    );
  });

  test('names the problems of the run', async () => {
    expect((await show([passed('a.a')], {}, { summary: { problems: ['a.b never reported'] } })).summary).toContain(
      'Problems of the run\n  a.b never reported\n',
    );
  });
});

describe('the terminal', () => {
  test('colour is for terminals whose user does not refuse it', () => {
    expect(wantsColor({ isTTY: true }, undefined)).toBe(true);
    expect(wantsColor({ isTTY: true }, '')).toBe(true);
    expect(wantsColor({ isTTY: true }, '1')).toBe(false);
    expect(wantsColor({ isTTY: false }, undefined)).toBe(false);
    expect(wantsColor({}, undefined)).toBe(false);
  });

  test('colour changes nothing but the colour', async () => {
    const plain = await show(RESULTS, { color: false, verbose: true });
    const coloured = await show(RESULTS, { color: true, verbose: true });
    expect(coloured.during).toContain('\x1b[31mFAILED');
    const bleached = (text: string): string => text.replace(/\x1b\[\d+m/g, '');
    expect(bleached(coloured.during)).toBe(plain.during);
    expect(bleached(coloured.summary)).toBe(plain.summary);
  });

  test('gets no control character from a provider, and no line of its own', async () => {
    const text = hostileText(12);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<'failed' | 'crashed' | 'inconclusive' | 'passed'>(
          'failed',
          'crashed',
          'inconclusive',
          'passed',
        ),
        fc.array(text, { minLength: 10, maxLength: 10 }),
        async (verdict, t) => {
          const at = (i: number): string => t[i] ?? '';
          const result: CheckResult = {
            id: at(0),
            suite: at(1),
            title: at(2),
            requirements: [at(3)],
            verdict,
            reason: at(4),
            code: at(5),
            notes: notes(at(6)),
            trace: [call(1, at(7), { object: at(7), args: { a: at(7) } })],
            calls: 1,
            ms: 1,
            findings: [{ requirement: at(8), level: 'SHOULD', message: at(9), call: 1 }],
          };
          const head = { seed: at(2), provider: at(3), settings: { url: at(6) }, version: at(4), host: at(5) };
          const { during, summary } = await show(
            [result],
            {},
            { header: head, summary: { exitCode: 1, problems: [at(6)] } },
          );
          expect(during + summary).not.toMatch(
            /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u,
          );
          const clean = await show(
            [
              {
                ...result,
                id: 'a',
                suite: 'a',
                title: 'a',
                requirements: ['a'],
                reason: 'a',
                notes: notes('a'),
                trace: [call(1, 'a')],
                findings: [{ requirement: 'a', level: 'SHOULD', message: 'a', call: 1 }],
              },
            ],
            {},
            { header: header({ seed: 'a' }), summary: { exitCode: 1, problems: ['a'] } },
          );
          expect(during.split('\n').length).toBe(clean.during.split('\n').length);
          expect(summary.split('\n').length).toBe(clean.summary.split('\n').length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
