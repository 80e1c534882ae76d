// That the schema we check against would catch what it is there for, by the package's own output.
import builderModule, { type Builder } from 'junit-report-builder';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { evidenceSchema, journalLineSchema, resultsSchema } from '../../../src/reporting/store/schema.js';
import { parseJUnit } from '../xml.js';

const builder = builderModule as unknown as Builder;
const suite = (inside: string, attributes = ''): string =>
  `<testsuites><testsuite name="s" tests="1" failures="0" errors="0"${attributes}>${inside}</testsuite></testsuites>`;

describe('junit-10.xsd', () => {
  test('takes a plain suite', async () => {
    await expect(
      parseJUnit(
        suite(
          '<testcase name="a" classname="c" time="0.5"><failure type="t" message="m">text</failure></testcase>',
          ' time="0.5"',
        ),
      ),
    ).resolves.toBeDefined();
  });

  test.each([
    ['skipped on testsuites', '<testsuites skipped="0"/>'],
    [
      'properties of a case',
      suite('<testcase name="a"><properties><property name="p" value="v"/></properties></testcase>'),
    ],
    ['file of a case', suite('<testcase name="a" file="f"/>')],
    ['text of a property', suite('<properties><property name="p">v</property></properties>')],
    ['a suite without counts', '<testsuites><testsuite name="s"/></testsuites>'],
    ['a case without a name', suite('<testcase classname="c"/>')],
    ['an exponent', suite('', ' time="1e-7"')],
    ['a negative time', suite('', ' time="-1"')],
    ['NaN', suite('', ' time="NaN"')],
    ['an element within a failure', suite('<testcase name="a"><failure><b/></failure></testcase>')],
    ['malformed XML', suite('<testcase name="a"><failure><![CDATA[a]]>b]]></failure></testcase>')],
  ])('rejects %s', async (_, xml) => {
    await expect(parseJUnit(xml)).rejects.toThrow('not valid');
  });

  test('rejects what the package writes by itself, which is why we do not let it', async () => {
    const own = builder.newBuilder();
    own.testSuite().name('s').testCase().name('a').className('c').skipped();
    await expect(parseJUnit(own.build())).rejects.toThrow('skipped');
  });
});

describe('the schemas of our own files', () => {
  test.each([
    ['results', resultsSchema],
    ['evidence', evidenceSchema],
    ['journal', journalLineSchema],
  ] as const)('%s can be published as JSON Schema', (_, schema) => {
    const published = z.toJSONSchema(schema);
    expect(JSON.stringify(published)).toContain('"verdict"');
    // Zod's way of saying that a type has no equivalent there.
    expect(JSON.stringify(published)).not.toContain(':{}');
  });
});
