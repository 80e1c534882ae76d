import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requirement } from '../../../src/contract/requirements.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { JUnitReporter } from '../../../src/reporting/junit/junit.js';
import { call, ended, failed, header, notes, passed, play, summaryOf } from '../samples.js';
import { newFolder } from '../../support/folder.js';
import { all, attribute, parseJUnit, type XmlElement } from '../xml.js';

const read = (folder: string, file = 'junit.xml'): Promise<XmlElement> => parseJUnit(readFileSync(join(folder, file)));

async function report(results: readonly CheckResult[], change: Parameters<typeof play>[2] = {}): Promise<XmlElement> {
  const reports = newFolder();
  await play(new JUnitReporter({ reports }), results, change);
  return read(reports);
}

async function oneCase(result: CheckResult, change: Parameters<typeof play>[2] = {}): Promise<XmlElement> {
  const [found] = all(await report([result], change), 'testcase');
  if (found === undefined) throw new Error('no testcase');
  return found;
}

describe('a case', () => {
  test('of a broken duty is a failure: what is wrong, expected, called, answered, and how to repeat it', async () => {
    const found = await oneCase(failed('import-target.clear', { notes: notes('import-target dialect: id-bare') }), {
      header: { strict: true },
    });
    expect(found.attributes).toEqual({
      classname: 'vds-conformance.import-target',
      name: 'import-target.clear',
      time: '0.012',
    });
    const [failure] = found.children;
    expect(failure?.name).toBe('failure');
    expect(failure?.attributes).toEqual({
      type: 'VDS-1.3a',
      message:
        'IVdsSubSystemImportTarget::SetImportTarget on subsystem#1: GetImportTarget answered S_OK and must answer ' +
        'VDS_E_NO_IMPORT_TARGET',
    });
    const duty = requirement('VDS-1.3a');
    for (const part of [
      `VDS-1.3a (MUST): ${duty.statement}`,
      'Check          Title of import-target.clear\n',
      ...duty.source.map((page) => `https://learn.microsoft.com/en-us/windows/win32/api/vds/${page}`),
      'Expected       VDS_E_NO_IMPORT_TARGET (0x80042713)\n',
      'Actual         S_OK (0x00000000)\n',
      '1. IVdsSubSystemImportTarget::SetImportTarget(iscsiName: "{0}") on subsystem#1 → S_OK <== to blame\n',
      '2. IVdsSubSystemImportTarget::GetImportTarget() on subsystem#1 → S_OK <== shows it\n',
      'GetImportTarget answered S_OK and must answer',
      'silent wrong data',
      'vds-conformance run --provider in-memory --strict --seed cafe0001 ' +
        '--check import-target.clear --reports reports-again',
      'evidence/import-target.clear.json',
      'import-target dialect: id-bare',
      'IVdsSubSystemImportTarget::SetImportTarget(iscsiName: "{0}") on subsystem#1 → S_OK (0x00000000)',
      '<== shows it',
    ])
      expect(failure?.text).toContain(part);
  });

  test.each([
    ['crashed', 'VDSC_CRASHED'],
    ['hung', 'VDSC_HUNG'],
    ['error', 'VDSC_CONFIG'],
  ] as const)('that %s is an error whose type is its code', async (verdict, code) => {
    const found = await oneCase(ended('luns.extend', verdict, 'it broke during IVdsLun::Extend', { code }));
    const [error] = found.children;
    expect(error?.name).toBe('error');
    expect(error?.attributes).toEqual({ type: code, message: 'it broke during IVdsLun::Extend' });
    expect(error?.text).toContain('--check luns.extend');
    expect(error?.text).toContain('IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1');
  });

  test.each(['inconclusive', 'not-applicable'] as const)('that is %s is skipped with its reason', async (verdict) => {
    const found = await oneCase(ended('recovery.cache', verdict, 'no fault route offers flipped-bytes'));
    expect(found.children[0]?.name).toBe('skipped');
    expect(found.children[0]?.attributes['message']).toBe('no fault route offers flipped-bytes');
    // Whoever has to make it conclusive needs the way back; what does not apply needs nothing.
    expect(found.children.length).toBe(verdict === 'inconclusive' ? 2 : 1);
    if (verdict === 'inconclusive') expect(found.children[1]?.text).toContain('--check recovery.cache');
  });

  test('that passed says nothing, or its findings and notes', async () => {
    expect((await oneCase(passed('luns.create'))).children).toEqual([]);
    const found = await oneCase(
      passed('luns.create', {
        findings: [{ requirement: 'VDS-1.3b', level: 'SHOULD', message: 'GUID_NULL was refused' }],
        notes: notes('import-target dialect: name'),
      }),
    );
    expect(found.children.map((c) => c.name)).toEqual(['system-out']);
    expect(found.children[0]?.text).toContain('VDS-1.3b (SHOULD): GUID_NULL was refused');
    expect(found.children[0]?.text).toContain(requirement('VDS-1.3b').statement);
    expect(found.children[0]?.text).toContain('import-target dialect: name');
  });

  test('whose requirement the catalogue does not have is still a failure', async () => {
    const found = await oneCase(
      failed('a.b', { findings: [{ requirement: 'VDS-99.9', level: 'MUST', message: 'gone' }] }),
    );
    expect(found.children[0]?.attributes['type']).toBe('VDS-99.9');
  });

  test('that fails without a finding is a failure of what it verifies', async () => {
    const found = await oneCase(failed('a.b', { findings: [], reason: 'why' }));
    expect(found.children[0]?.attributes).toEqual({
      type: 'VDS-1.3a',
      message: expect.stringMatching(/SetImportTarget on subsystem#1: why$/),
    });
  });
});

describe('a suite', () => {
  const results = [
    passed('luns.a'),
    failed('luns.b'),
    ended('luns.c', 'hung', 'h'),
    passed('recovery.a'),
    ended('recovery.b', 'not-applicable', 'n'),
  ];

  test('carries its counts, its time, its start in UTC and what the run was', async () => {
    const root = await report(results);
    expect(root.attributes).toEqual({ name: 'vds-conformance', tests: '5', failures: '1', errors: '1', time: '0.062' });
    const [luns, recovery] = root.children;
    expect(luns?.attributes).toEqual({
      name: 'luns',
      tests: '3',
      failures: '1',
      errors: '1',
      skipped: '0',
      time: '0.037',
      timestamp: '2026-11-23T21:28:00Z',
    });
    expect(recovery?.attributes).toMatchObject({
      name: 'recovery',
      tests: '2',
      failures: '0',
      errors: '0',
      skipped: '1',
    });
    const properties = Object.fromEntries(
      all(luns as XmlElement, 'property').map((p) => [attribute(p, 'name'), attribute(p, 'value')]),
    );
    expect(properties).toEqual({
      seed: 'cafe0001',
      provider: 'in-memory',
      version: '0.1.0',
      strict: 'false',
      host: 'node v20.20.2 linux x64',
    });
  });

  test('starts when the checks before it had ended', async () => {
    const root = await report([passed('a.a', { ms: 61_500 }), passed('b.a')]);
    expect(root.children.map((s) => attribute(s, 'timestamp'))).toEqual([
      '2026-11-23T21:28:00Z',
      '2026-11-23T21:29:01Z',
    ]);
  });

  test('is on the disk as soon as a check of another one arrives, and has its name when the run ends', async () => {
    const reports = newFolder();
    const reporter = new JUnitReporter({ reports });
    const partial = join(reports, 'junit.xml.tmp');
    reporter.runStarted(header());
    for (const result of results.slice(0, 3)) reporter.checkFinished(result);
    expect(readFileSync(partial, 'utf8')).not.toContain('luns.a');
    reporter.checkFinished(passed('recovery.a'));
    expect(readFileSync(partial, 'utf8')).toContain('luns.c');
    expect(readFileSync(partial, 'utf8')).not.toContain('recovery.a');
    expect(existsSync(join(reports, 'junit.xml'))).toBe(false);
    reporter.runFinished(header(), [], summaryOf(results));
    expect(readdirSync(reports)).toEqual(['junit.xml']);
    expect(all(await read(reports), 'testcase').length).toBe(4);
  });

  test('that comes back, or grows beyond its size, goes on under a name of its own', async () => {
    const reports = newFolder();
    await play(
      new JUnitReporter({ reports, maxCases: 2 }),
      ['a.1', 'a.2', 'a.3', 'b.1', 'a.4'].map((id) => passed(id)),
    );
    const root = await read(reports);
    expect(root.children.map((s) => [attribute(s, 'name'), s.attributes['tests']])).toEqual([
      ['a', '2'],
      ['a (2)', '1'],
      ['b', '1'],
      ['a (3)', '1'],
    ]);
    expect(new Set(all(root, 'testcase').map((c) => c.attributes['classname']))).toEqual(
      new Set(['vds-conformance.a', 'vds-conformance.b']),
    );
  });
});

describe('a run', () => {
  test('without checks gives a valid file without cases, which Jenkins refuses by default', async () => {
    expect((await report([])).children).toEqual([]);
  });

  test('with a problem of its own, or interrupted, has an error that says so', async () => {
    const root = await report([passed('a.a')], {
      summary: { problems: ['luns.b never reported', 'the engine reported: \x1b[31mx'], interrupted: true },
    });
    const [found] = all(root, 'error');
    expect(found?.attributes).toEqual({ type: 'VDSC_INTERRUPTED', message: 'the run was interrupted' });
    expect(found?.text).toBe('the run was interrupted\nluns.b never reported\nthe engine reported: x');
    expect(root.attributes).toMatchObject({ tests: '2', errors: '1' });
  });

  test('removes what an earlier run left, and nothing else', async () => {
    const reports = newFolder();
    await play(new JUnitReporter({ reports, maxBytes: 1000 }), [passed('a.1'), passed('b.1'), passed('c.1')]);
    expect(readdirSync(reports)).toContain('junit-3.xml');
    writeFileSync(join(reports, 'junit-4.xml'), '<testsuites name="somebody else\'s"/>');
    const reporter = new JUnitReporter({ reports });
    reporter.runStarted(header());
    // A run that is killed from here on leaves nothing that could pass for its result.
    expect(readdirSync(reports).sort()).toEqual(['junit-4.xml', 'junit.xml.tmp']);
    reporter.runFinished(header(), [], summaryOf([]));
    expect(readdirSync(reports).sort()).toEqual(['junit-4.xml', 'junit.xml']);
  });
});

describe('size', () => {
  test('a file ends before it grows beyond the limit, and each is whole', async () => {
    const reports = newFolder();
    const maxBytes = 12_000;
    const ids = Array.from({ length: 120 }, (_, i) => `${'abc'[Math.floor(i / 40)]}.${i}`);
    const reporter = new JUnitReporter({ reports, maxBytes });
    await play(
      reporter,
      ids.map((id) => (Number(id.slice(2)) % 3 === 0 ? failed(id) : passed(id))),
    );
    expect(reporter.written.length).toBeGreaterThan(2);
    const roots = await Promise.all(
      reporter.written.map(async (file) => {
        expect(statSync(file).size).toBeLessThanOrEqual(maxBytes);
        return parseJUnit(readFileSync(file));
      }),
    );
    expect(reporter.written[0]).toBe(join(reports, 'junit.xml'));
    expect(reporter.written[1]).toBe(join(reports, 'junit-2.xml'));
    expect(roots.flatMap((root) => all(root, 'testcase').map((c) => attribute(c, 'name')))).toEqual(ids);
    expect(roots.reduce((sum, root) => sum + Number(attribute(root, 'tests')), 0)).toBe(120);
    expect(roots.reduce((sum, root) => sum + Number(attribute(root, 'failures')), 0)).toBe(40);
    for (const root of roots) expect(Number(attribute(root, 'tests'))).toBe(all(root, 'testcase').length);
  });

  test('a case larger than a file may be is not lost', async () => {
    const reports = newFolder();
    const reporter = new JUnitReporter({ reports, maxBytes: 3000 });
    await play(reporter, [passed('a.1'), failed('a.2', {}, 'x'.repeat(10_000)), passed('a.3')]);
    expect(reporter.written.length).toBe(3);
    const [big] = all(await read(reports, 'junit-2.xml'), 'failure');
    expect(big?.text).toContain('x'.repeat(10_000));
  });

  test('a message of 1 MB, full of ]]>, is cut to 64 KB with the rest named', async () => {
    const message = `${']]>'.repeat(350_000)}end`;
    const found = await oneCase(
      failed(
        'a.b',
        { trace: Array.from({ length: 200 }, (_, i) => call(i + 1, 'IVdsLun.Extend', { args: { text: message } })) },
        message,
      ),
    );
    const [failure] = found.children;
    expect(
      Buffer.byteLength(failure?.text ?? '') + Buffer.byteLength(failure?.attributes['message'] ?? ''),
    ).toBeLessThanOrEqual(64 * 1024);
    expect(failure?.text).toContain(']]>'.repeat(5000));
    expect(failure?.text).toMatch(
      /\[cut: 1\d,\d{3} of 1,050,003 bytes of "Wrong" are shown; all of it is in evidence\/a\.b\.json\]/,
    );
    // The text after the message must not fall victim to it.
    expect(failure?.text).toContain('--check a.b');
    expect(failure?.text).toContain('Last 20 of 200 entries of the trace:');
  });

  test('64 KB hold for every kind of case and any amount of notes, findings and calls', async () => {
    const many = Array.from({ length: 500 }, (_, i) => `${i} ${'\u{1f600}'.repeat(1000)}`);
    const findings = many.map((message) => ({
      requirement: 'VDS-1.3b',
      level: 'SHOULD' as const,
      message,
    }));
    const huge = (base: CheckResult): CheckResult => ({
      ...base,
      reason: many.join(),
      notes: notes(...many),
      findings: [...findings, ...base.findings],
      trace: many.map((text, i) => call(i + 1, 'IVdsLun.Extend', { args: { text } })),
    });
    const root = await report([
      huge(passed('a.a')),
      huge(failed('a.b', {}, many.join())),
      huge(ended('a.c', 'crashed', '')),
      huge(ended('a.d', 'inconclusive', '')),
      huge(ended('a.e', 'not-applicable', '')),
    ]);
    for (const found of all(root, 'testcase')) {
      const text = found.children
        .map((c) => c.text + (c.attributes['message'] ?? '') + (c.attributes['type'] ?? ''))
        .join('');
      expect(Buffer.byteLength(text), attribute(found, 'name')).toBeLessThanOrEqual(64 * 1024);
      expect(text).toContain('[cut: ');
    }
  });
});
