// Whatever a provider says, the report is well-formed, keeps to the schema, and still says it.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunHeader } from '../../../src/run/events.js';
import { FAULT_VERDICTS, VERDICTS, type CheckResult, type Finding } from '../../../src/checks/outcome.js';
import { JUnitReporter } from '../../../src/reporting/junit/junit.js';
import { hostileText, printable, withoutEscapes } from '../hostile.js';
import type { CallEntry } from '../../../src/port/trace-entry.js';
import { formatValue } from '../../../src/port/show-value.js';
import { quote } from '../../../src/run/repeat-command.js';
import { call, header, notes, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';
import { all, attribute, parseJUnit, type XmlElement } from '../xml.js';

/** A call that holds the text wherever a call may hold one. */
const hostileCall = (number: number, text: string): CallEntry =>
  call(number, `IVds${text}`, { object: text, args: { text }, outputs: { text } });

function resultWith(text: fc.Arbitrary<string>): fc.Arbitrary<CheckResult> {
  const finding: fc.Arbitrary<Finding> = fc.record(
    {
      requirement: fc.oneof(fc.constantFrom('VDS-1.3a', 'VDS-1.3b'), text),
      level: fc.constantFrom('MUST', 'SHOULD', 'AMBIGUOUS', 'CALLER'),
      message: text,
      call: fc.constantFrom(1, 2, 3),
      expected: text,
      actual: text,
      faultVerdict: fc.constantFrom(...FAULT_VERDICTS),
    },
    { requiredKeys: ['requirement', 'level', 'message'] },
  ) as fc.Arbitrary<Finding>;
  return fc.record(
    {
      id: text,
      suite: fc.oneof(fc.constantFrom('luns', 'recovery'), text),
      title: text,
      requirements: fc.array(text, { maxLength: 3 }),
      verdict: fc.constantFrom(...VERDICTS),
      faultVerdict: fc.constantFrom(...FAULT_VERDICTS),
      reason: text,
      code: text,
      findings: fc.array(finding, { maxLength: 3 }),
      notes: fc.array(
        text.map((t) => ({ kind: 'observation' as const, text: t })),
        { maxLength: 3 },
      ),
      trace: fc.array(text, { maxLength: 5 }).map((all) => all.map((t, i) => hostileCall(i + 1, t))),
      calls: fc.nat(),
      ms: fc.double(),
    },
    { requiredKeys: ['id', 'suite', 'title', 'requirements', 'verdict', 'findings', 'notes', 'calls', 'ms'] },
  ) as fc.Arbitrary<CheckResult>;
}

async function report(
  results: readonly CheckResult[],
  head: Partial<RunHeader> = {},
  options = {},
): Promise<XmlElement[]> {
  const reporter = new JUnitReporter({ reports: newFolder(), ...options });
  await play(reporter, results, { header: { ...header(), ...head }, summary: { exitCode: 0, problems: [] } });
  return Promise.all(reporter.written.map((file) => parseJUnit(readFileSync(file))));
}

test('hostile text in every field gives valid XML with each case once and all names apart', async () => {
  const text = hostileText(12);
  await fc.assert(
    fc.asyncProperty(
      fc.array(resultWith(text), { maxLength: 30, size: 'max' }),
      fc.record({ seed: text, provider: text, version: text, host: text }),
      fc.constantFrom(3000, 25_000_000),
      async (results, head, maxBytes) => {
        const roots = await report(results, head, { maxBytes });
        const cases = roots.flatMap((root) => all(root, 'testcase'));
        expect(cases.length).toBe(results.length);
        const names = cases.map((c) => `${attribute(c, 'classname')}\n${attribute(c, 'name')}`);
        expect(new Set(names).size).toBe(names.length);
        for (const element of roots.flatMap((root) => [root, ...all(root, 'testsuite'), ...cases]))
          expect(attribute(element, 'time')).toMatch(/^\d+(\.\d{1,3})?$/);
        const count = (name: string): number => roots.flatMap((root) => all(root, name)).length;
        expect(count('failure')).toBe(results.filter((r) => r.verdict === 'failed').length);
        expect(count('error')).toBe(results.filter((r) => ['crashed', 'hung', 'error'].includes(r.verdict)).length);
        expect(count('skipped')).toBe(
          results.filter((r) => ['inconclusive', 'not-applicable'].includes(r.verdict)).length,
        );
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

test('every text can be found again, but for what XML cannot carry', async () => {
  const text = hostileText(12).map(withoutEscapes);
  // One suite and ids that stay apart, so that the cases come back in order.
  const results = fc
    .array(resultWith(text), { minLength: 1, maxLength: 25, size: 'max' })
    .map((list) => list.map((r, i) => ({ ...r, suite: 'luns', id: `luns.${i}.${r.id}` })));
  await fc.assert(
    fc.asyncProperty(results, async (list) => {
      const [root] = await report(list);
      const cases = all(root as XmlElement, 'testcase');
      for (const [index, result] of list.entries()) checkCase(result, cases[index] as XmlElement);
    }),
    { numRuns: 15 },
  );
}, 120_000);

/** An attribute is never empty, so what has nothing to show in one shows that. */
const shown = (text: string): string => printable(text.replace(/^\(empty\)$/, ''));

function checkCase(result: CheckResult, found: XmlElement): void {
  const said = printable(found.children.map((c) => c.text).join('\n'));
  const expected = [...result.notes.map((n) => n.text), ...result.findings.map((f) => f.message)];
  if (result.verdict !== 'passed' && result.verdict !== 'not-applicable')
    expected.push(
      ...(result.trace ?? []).flatMap((e) =>
        e.type === 'call' ? [e.object, ...Object.values(e.args).map(formatValue)] : [],
      ),
      // A quote within the command is one for a shell, which also writes some paths otherwise.
      ...quote(result.id).split("'"),
    );
  for (const part of expected) expect(said).toContain(printable(part));
  expect(shown(attribute(found, 'name'))).toBe(printable(result.id));
  if (result.verdict === 'passed') return;
  const message = found.children.find((c) => c.name === 'failure' || c.name === 'error' || c.name === 'skipped')
    ?.attributes['message'];
  const reason =
    (result.verdict === 'failed' ? result.findings.at(-1)?.message : undefined) ?? result.reason ?? result.verdict;
  // Before it stands the call that it is about.
  expect(shown(message ?? '').endsWith(shown(reason))).toBe(true);
}

/** Strings of one kind in all; each result takes five of them. */
const STRINGS = 8_000;
const PER_RESULT = 5;

/** Results that hold `count` hostile strings between them, in documents of at most 2000 cases. */
function* manyResults(text: fc.Arbitrary<string>, count: number): Generator<CheckResult[]> {
  // fast-check prints a seed for a property only; this one stands in the test's name when it fails.
  const strings = fc.sample(text, { numRuns: count, seed: SEED });
  const verdicts = VERDICTS.length;
  const results = Array.from({ length: count / PER_RESULT }, (_, i): CheckResult => {
    const [id = '', message = '', called = '', note = '', line = ''] = strings.slice(
      i * PER_RESULT,
      (i + 1) * PER_RESULT,
    );
    const verdict = VERDICTS[i % verdicts] ?? 'passed';
    return {
      id: `luns.${i}.${id}`,
      suite: 'luns',
      title: 't',
      requirements: ['VDS-1.3a'],
      verdict,
      reason: message,
      findings: verdict === 'failed' ? [{ requirement: 'VDS-1.3a', level: 'MUST', message, call: 1 }] : [],
      notes: notes(note),
      trace: [hostileCall(1, called), hostileCall(2, line)],
      calls: 1,
      ms: 1,
    };
  });
  for (let from = 0; from < results.length; from += 2000) yield results.slice(from, from + 2000);
}
const SEED = Date.now() % 1_000_000;

test(`${STRINGS} hostile strings (seed ${SEED}) make no invalid XML, no two equal names, the same twice`, async () => {
  for (const results of manyResults(hostileText(12), STRINGS)) {
    const reporter = new JUnitReporter({ reports: newFolder() });
    await play(reporter, results, { summary: { exitCode: 0, problems: [] } });
    const roots = await Promise.all(reporter.written.map((file) => parseJUnit(readFileSync(file))));
    const names = roots.flatMap((root) => all(root, 'testcase')).map((c) => attribute(c, 'name'));
    expect(names.length).toBe(results.length);
    expect(new Set(names).size).toBe(results.length);
    const again = new JUnitReporter({ reports: newFolder() });
    await play(again, results, { summary: { exitCode: 0, problems: [] } });
    expect(again.written.map((file) => readFileSync(file, 'utf8'))).toEqual(
      reporter.written.map((file) => readFileSync(file, 'utf8')),
    );
  }
}, 240_000);

test(`${STRINGS} hostile strings (seed ${SEED}) can each be found again`, async () => {
  for (const results of manyResults(hostileText(12).map(withoutEscapes), STRINGS)) {
    const [root] = await report(results);
    const cases = all(root as XmlElement, 'testcase');
    for (const [index, result] of results.entries()) checkCase(result, cases[index] as XmlElement);
  }
}, 240_000);

test('very long text in every field gives a valid case within its size', async () => {
  const text = hostileText(20).map((piece) => piece.repeat(Math.ceil(200_000 / Math.max(1, piece.length))));
  await fc.assert(
    fc.asyncProperty(resultWith(text), async (result) => {
      const [root] = await report([result]);
      const [found] = all(root as XmlElement, 'testcase');
      const said = (found?.children ?? []).map((c) => c.text + Object.values(c.attributes).join('')).join('');
      expect(Buffer.byteLength(said)).toBeLessThanOrEqual(64 * 1024);
    }),
    { numRuns: 15 },
  );
}, 120_000);
