// One <testsuite> by junit-report-builder, as text, and text as it can carry it. The package's traps are dealt with
// here and nowhere else: it loses or garbles characters that XML has no place for, and ends a CDATA section too early.
import builderModule, { type Builder, type TestSuite } from 'junit-report-builder';
import { seconds } from '../text/times.js';
import { plain, plainLine } from '../text/plain-text.js';

/**
 * The package is CommonJS whose whole export is the builder; its declarations speak of a default export, which exists
 * in bundlers only.
 */
const builder = builderModule as unknown as Builder;

/** An element of the tree that the package makes of a suite. */
type Element = ReturnType<TestSuite['build']>;

export interface CaseText {
  readonly element: 'failure' | 'error' | 'skipped' | 'none';
  readonly type: string;
  /** One line; empty for a passing case. */
  readonly message: string;
  /** The text of the failure or error; for the others the case's system-out. May be empty. */
  readonly body: string;
}

export interface JUnitCase extends CaseText {
  readonly name: string;
  readonly classname: string;
  readonly ms: number;
}

interface JUnitSuite {
  readonly name: string;
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly JUnitCase[];
}

/**
 * Bytes that a case takes at most, once escaped. An attribute's character may become six (`&quot;`), or three bytes of
 * UTF-8.
 */
export function sizeOfCase({ name, classname, type, message, body }: JUnitCase): number {
  return 500 + 6 * (name.length + classname.length + type.length + message.length) + Buffer.byteLength(cdataText(body));
}

/** Likewise for a suite without its cases. */
export function sizeOfSuite({ name, properties }: Omit<JUnitSuite, 'cases'>): number {
  return (
    500 + 6 * name.length + Object.entries(properties).reduce((sum, [k, v]) => sum + 60 + 6 * (k.length + v.length), 0)
  );
}

/**
 * The suite as `<testsuite>…</testsuite>` with a line end, indented for its place in a root. All text must be sanitised
 * already.
 */
export function suiteXml(suite: JUnitSuite): string {
  // A builder of its own: the package keeps whatever it was ever given.
  const built = builder
    .newBuilder()
    .testSuite()
    .name(suite.name)
    .timestamp(suite.timestamp)
    .time(seconds(suite.cases.reduce((sum, c) => sum + c.ms, 0)));
  for (const [name, value] of Object.entries(suite.properties)) built.property(name, value);
  for (const item of suite.cases) {
    const { message, type } = item;
    const testCase = built.testCase().name(item.name).className(item.classname).time(seconds(item.ms));
    const body = cdataText(item.body);
    if (item.element === 'failure') testCase.failure(message, type).stacktrace(body);
    else if (item.element === 'error') testCase.error(message, type, body);
    else {
      if (item.element === 'skipped') testCase.skipped();
      testCase.standardOutput(body);
    }
  }
  // The suite builds itself, not the builder: its own root carries an attribute `skipped` that the Jenkins schema
  // rejects, and ours spans many suites.
  const tree = built.build();
  addReasons(tree, suite.cases);
  return tree.toString({ pretty: true, offset: 1 });
}

/** skipped() takes no message, so the reasons are set on the elements that it made, before the tree is written. */
function addReasons(suite: Element, cases: readonly JUnitCase[]): void {
  const elements = named(suite, 'testcase');
  for (const [index, { element, message }] of cases.entries()) {
    if (element !== 'skipped') continue;
    for (const skipped of named(elements[index], 'skipped')) skipped.att('message', message);
  }
}

function named(parent: Element | undefined, name: string): Element[] {
  return (parent?.children ?? []).filter((child): child is Element => 'name' in child && child.name === name);
}

/** A value for an attribute: one line, never empty (Buildkite and Jenkins want a name). */
export function attributeText(text: string, max = 1000): string {
  return plainLine(text, max) || '(empty)';
}

/** Text for an element, before it is capped and put into CDATA. */
export const elementText = plain;

/**
 * Prepares an element's text for the builder's CDATA. A section ends at the first `]]>`, so each must be split over two
 * sections. The builder splits the first one and forgets the others: those are split here, and the first is left to it
 * (split already, it would be split once more).
 */
export function cdataText(text: string): string {
  const first = text.indexOf(']]>') + 3;
  return first < 3 ? text : text.slice(0, first) + text.slice(first).replaceAll(']]>', ']]]]><![CDATA[>');
}
