// The job summary and the annotations on GitHub, and that text of a provider acts in neither.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { annotations } from '../../../src/reporting/github/github-annotations.js';
import { summaryMarkdown } from '../../../src/reporting/github/github-summary.js';
import { commandMessage, commandProperty, mdCode, mdText } from '../../../src/reporting/github/github-text.js';
import { createReporters } from '../../../src/reporting/reporters.js';
import { hostileText } from '../hostile.js';
import { call, ended, failed, header, passed, play, summaryOf } from '../samples.js';
import { newFolder } from '../../support/folder.js';

const broke = (id: string, requirement: string, message = 'wrong'): CheckResult =>
  failed(id, { findings: [{ requirement, level: 'MUST', message }] });
const markdown = (results: readonly CheckResult[]): string => summaryMarkdown(header(), results, summaryOf(results));
const commands = (results: readonly CheckResult[]): string[] => annotations(header(), results, summaryOf(results));

describe('the job summary', () => {
  test('says the verdict, the numbers, the coverage and what to fix first', () => {
    const text = markdown([
      passed('a.a'),
      failed('import-target.clear'),
      failed('import-target.again'),
      ended('a.b', 'not-applicable', 'n'),
    ]);
    expect(text).toMatch(
      /^## ❌ vds-conformance: not conformant\n\n\*\*NOT CONFORMANT\*\*: of 4 checks 2 failed; 2 of \d+ MUSTs were checked\. Exit code 1: not conformant\./,
    );
    expect(text).toContain('| passed | failed | not-applicable |\n|---:|---:|---:|\n| 1 | 2 | 1 |');
    expect(text).toMatch(/Coverage: \d+ of \d+ requirements checked/);
    expect(text).toMatch(/1\. \*\*IVds.*SetImportTarget on .*GetImportTarget answered S\\_OK.*\*\* \(2 checks\)/);
    expect(text).toMatch(/ {3}- Requirement: VDS\\-1\\\.3a \\\(MUST\\\)\\: Where the provider takes target ids/);
    expect(text).toContain(
      '   - Step: ` 2. IVdsSubSystemImportTarget::GetImportTarget() on subsystem#1 → S_OK <== shows it `',
    );
    expect(text).toContain(
      '   - Reproduce with:\n     ```sh\n     vds-conformance run --provider in-memory --seed cafe0001 --check ' +
        'import-target.clear --reports reports-again\n     ```',
    );
  });

  test('is short where nothing is broken', () => expect(markdown([passed('a.a')])).not.toContain('What to fix'));

  test('is appended to what the step wrote before, and stays within its size', async () => {
    const file = join(newFolder(), 'summary.md');
    writeFileSync(file, 'before\n');
    const huge = 'é`'.repeat(3_000);
    const results = Array.from({ length: 60 }, (_, i) =>
      ended(`a.${i}`, 'crashed', huge, {
        code: `CODE_${i}${huge}`,
        trace: [call(1, `IVdsLun.Extend${i}`, { args: { huge }, error: huge, mark: 'died' })],
      }),
    );
    await play(
      createReporters({
        reports: newFolder(),
        out: { write: (_text, done) => done?.() },
        env: { GITHUB_STEP_SUMMARY: file },
      }),
      results,
      { summary: { problems: Array.from({ length: 99 }, () => huge) } },
    );
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^before\n## ❌/);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('and 40 more');
  });
});

describe('annotations', () => {
  test('name what to fix, the gravest first, each on one line', () => {
    const lines = commands([
      broke('a.a', 'VDS-1.3a', 'first\nsecond, 100%: done'),
      broke('a.b', 'VDS-1.4a'),
      broke('a.c', 'VDS-1.4a'),
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^::error title=IVds.*%3A wrong \(2 checks\)::Step: .*%0AReproduce with: vds-conformance run.*%0ARequirement: VDS-1\.4a \(MUST\): .*%0ACheck: a\.b$/,
    );
    expect(lines[1]).toMatch(/^::error title=IVds.*%3A first second%2C 100%25%3A done \(1 check\)::/);
  });

  test('are ten at most, the last about the rest', () => {
    const lines = commands(
      Array.from({ length: 25 }, (_, i) =>
        ended(`a.${i}`, 'crashed', `died of ${'x'.repeat(i)}`, { code: `CODE_${i}`, trace: [] }),
      ),
    );
    expect(lines).toHaveLength(10);
    expect(lines[9]).toMatch(
      /^::error title=NOT CONFORMANT%3A 16 more to fix::.*Also broken: died of x{9}; died of x{10}; .*died of x{24}$/,
    );
  });

  test('are printed on GitHub only', async () => {
    const printed = async (env: Record<string, string>): Promise<string> => {
      let text = '';
      await play(
        createReporters({
          reports: newFolder(),
          out: {
            write: (piece, done) => {
              text += piece;
              done?.();
            },
          },
          env,
        }),
        [failed('a.a')],
      );
      return text;
    };
    expect(await printed({ GITHUB_ACTIONS: 'true' })).toMatch(
      /^::error title=IVds.*SetImportTarget on .*%3A GetImportTarget answered S_OK .* \(1 check\)::/m,
    );
    expect(await printed({})).not.toContain('::error');
  });
});

describe('text of a provider', () => {
  test('is escaped as GitHub reads it', () => {
    expect(mdCode('a `b` ``c``')).toBe('``` a `b` ``c`` ```');
    expect(mdText('<b> & [x](http://y) @me #1 *a* _b_ |')).toBe(
      '&lt;b\\> &amp; \\[x\\]\\(http\\:\\/\\/y\\) \\@me \\#1 \\*a\\* \\_b\\_ \\|',
    );
    expect(commandProperty('a: b, 100%\n::error::')).toBe('a%3A b%2C 100%25 %3A%3Aerror%3A%3A');
    expect(commandMessage('50%\r\nb')).toBe('50%25%0D%0Ab');
  });

  test('leaves its place nowhere', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const results = [
          failed(`a.a${text}`, {
            findings: [{ requirement: 'VDS-1.3a', level: 'MUST', message: text, call: 1 }],
            trace: [call(1, `X.${text}`, { object: text, args: { text }, outputs: { text } })],
          }),
          ended(`a.b${text}`, 'crashed', text, { code: text }),
        ];
        const head = header({ provider: text, seed: text });
        for (const line of annotations(head, results, summaryOf(results)))
          expect(line).toMatch(/^::error title=[^,:\r\n]*::[^\r\n]*$/);
        const lines = summaryMarkdown(head, results, summaryOf(results, { problems: [text] })).split('\n');
        // Our own lines, and nothing else begins one.
        for (const line of lines)
          expect(line).toMatch(
            /^(?:$|##+ |\*\*|Provider |\||Coverage: |- |\d+\. \*\*| {3}- | {5}```+(?:sh)?$| {5}vds-conformance run )/,
          );
        // Outside code spans, what acts is escaped.
        for (const line of lines.filter((l) => !l.startsWith('     ')))
          expect(line.replace(/(`+) .*? \1(?!`)/g, '')).not.toMatch(/(?<!\\)[<[\]!]|&(?!(?:lt|amp);)/);
      }),
      { numRuns: 100 },
    );
  });
});
