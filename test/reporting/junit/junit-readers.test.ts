// Things that the programs that read JUnit reject or drop, each a test of one file that has it all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FILE_BYTES } from '../../../src/reporting/junit/junit-files.js';
import { JUnitReporter } from '../../../src/reporting/junit/junit.js';
import { ended, failed, notes, passed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';
import { all, attribute, parseJUnit, type XmlElement } from '../xml.js';

let xml: string;
let root: XmlElement;
let cases: XmlElement[];
const TIMES = [0, 1e-7, 0.0004, 12.3456, -5, NaN, Infinity, -Infinity, 1e21, 123_456_789.123_456];

beforeAll(async () => {
  const reports = newFolder();
  await play(new JUnitReporter({ reports }), [
    ...TIMES.map((ms, i) =>
      passed(`times.${i}`, {
        ms,
        findings: [{ requirement: 'VDS-1.3b', level: 'SHOULD', message: 'm' }],
        notes: notes('n'),
      }),
    ),
    failed('bad.a', {}, 'nul \0, \x1b[31mred\x1b[0m, \udc00 lone, \ufffe none, ]]> once ]]> twice'),
    // The same check twice, as an engine that retries would tell it.
    failed('bad.a'),
    passed('bad.a'),
    ended('bad.b', 'crashed', 'c', { code: 'VDSC_CRASHED' }),
    ended('bad.c', 'inconclusive', 'why\nnot'),
    ended('bad.d', 'not-applicable', 'absent'),
  ]);
  xml = readFileSync(join(reports, 'junit.xml'), 'utf8');
  root = await parseJUnit(xml);
  cases = all(root, 'testcase');
});

describe('Jenkins', () => {
  test('reads the file: it is well-formed and keeps to junit-10.xsd', () => {
    expect(cases.length).toBe(TIMES.length + 6);
  });

  test('finds no character that XML 1.0 forbids', () => {
    expect(xml).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u);
    expect(xml).not.toMatch(/&#(?!x[9AD];)/);
  });

  test('finds three decimals at most, and no exponent', () => {
    const times = [root, ...root.children, ...cases].map((e) => attribute(e, 'time'));
    for (const time of times) expect(time).toMatch(/^\d+(\.\d{1,3})?$/);
    expect(cases.slice(0, TIMES.length).map((c) => attribute(c, 'time'))).toEqual([
      '0',
      '0',
      '0',
      '0.012',
      '0',
      '0',
      '1000000000',
      '0',
      '1000000000',
      '123456.789',
    ]);
  });

  test('finds no attribute or element that its schema rejects', () => {
    expect(root.attributes).not.toHaveProperty('skipped');
    for (const found of cases) {
      expect(Object.keys(found.attributes).sort()).toEqual(['classname', 'name', 'time']);
      expect(found.children.map((c) => c.name)).not.toContain('properties');
    }
  });

  test('finds no two suites of one name, which it would take for copies', () => {
    const names = root.children.map((s) => attribute(s, 'name'));
    expect(new Set(names).size).toBe(names.length);
  });

  test('groups the cases by class', () => {
    for (const found of cases) expect(attribute(found, 'classname')).toMatch(/^vds-conformance\.(times|bad)$/);
  });
});

describe('Azure Pipelines', () => {
  test('finds no negative time and no other than a number', () => {
    for (const found of [root, ...root.children, ...cases])
      expect(Number(attribute(found, 'time'))).toBeGreaterThanOrEqual(0);
  });

  test('finds when a suite started, with its time zone', () => {
    for (const suite of root.children)
      expect(attribute(suite, 'timestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

describe('GitLab', () => {
  test('would refuse a file over 30 MB', () => {
    expect(FILE_BYTES).toBeLessThan(30_000_000);
  });

  test('finds no duplicate name, whose case it would drop', () => {
    const names = cases.map((c) => `${attribute(c, 'classname')} ${attribute(c, 'name')}`);
    expect(new Set(names).size).toBe(names.length);
    expect(cases.map((c) => attribute(c, 'name'))).toContain('bad.a (3)');
  });

  test('finds why a case was skipped', () => {
    expect(all(root, 'skipped').map((s) => attribute(s, 'message'))).toEqual(['why not', 'absent']);
  });
});

describe('CircleCI', () => {
  test('finds name, time and classname (file belongs to no case in the Jenkins schema, and a check has none)', () => {
    for (const found of cases)
      for (const name of ['name', 'time', 'classname']) expect(attribute(found, name)).not.toBe('');
  });
});

describe('GitHub (its JUnit actions)', () => {
  test('finds a message on one line for each annotation, and the whole text below it', () => {
    const bad = [...all(root, 'failure'), ...all(root, 'error')];
    expect(bad.length).toBe(3);
    for (const found of bad) {
      expect(attribute(found, 'message')).not.toMatch(/\n|^$/);
      expect(Buffer.byteLength(attribute(found, 'message') + found.text)).toBeLessThanOrEqual(64 * 1024);
    }
  });

  test('finds a root that holds suites, whose counts add up', () => {
    expect(root.name).toBe('testsuites');
    for (const count of ['tests', 'failures', 'errors']) {
      expect(root.children.reduce((sum, suite) => sum + Number(attribute(suite, count)), 0)).toBe(
        Number(attribute(root, count)),
      );
    }
  });
});

describe('Buildkite', () => {
  test('finds classname and name, and what failed in the failure itself rather than in a count', () => {
    for (const found of cases) expect(attribute(found, 'name') && attribute(found, 'classname')).toBeTruthy();
    expect(all(root, 'failure').length).toBe(Number(attribute(root, 'failures')));
    expect(all(root, 'error').length).toBe(Number(attribute(root, 'errors')));
    for (const failure of all(root, 'failure')) {
      expect(attribute(failure, 'message')).not.toBe('');
      expect(failure.text.length).toBeGreaterThan(100);
    }
  });
});
