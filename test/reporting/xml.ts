// Reads JUnit XML back with a parser that is not ours: xmllint checks it against the schema and gives it in canonical
// form, of which a few lines make objects.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryPages, validateXML } from 'xmllint-wasm';
import { ROOT } from '../support/project.js';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element's own text, that of its children left out. */
  readonly text: string;
}

const SCHEMA = readFileSync(join(ROOT, 'test/reporting/junit/junit-10.xsd'), 'utf8');

/** Throws with xmllint's words when the file is malformed or the schema rejects it. */
export async function parseJUnit(xml: string | Uint8Array): Promise<XmlElement> {
  const { valid, rawOutput, normalized } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    schema: [{ fileName: 'junit-10.xsd', contents: SCHEMA }],
    normalization: 'c14n',
    maxMemoryPages: 512 * memoryPages.MiB,
  });
  if (!valid) throw new Error(`not valid: ${rawOutput.slice(0, 2000)}`);
  return parseCanonical(normalized);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x9;': '\t',
  '&#xA;': '\n',
  '&#xD;': '\r',
};
const decode = (text: string): string => text.replace(/&[^;]+;/g, (entity) => ENTITIES[entity] ?? entity);

/**
 * Canonical XML has no declaration, CDATA, comment of ours or empty-element tag, quotes with `"` (and may hold a bare
 * `>` between them), and knows only the entities above.
 */
function parseCanonical(xml: string): XmlElement {
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: XmlElement[];
    text: string;
  }
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [top];
  for (const [token] of xml.matchAll(/<(?:"[^"]*"|[^">])*>|[^<]+/g)) {
    const open = stack.at(-1) ?? top;
    if (!token.startsWith('<')) open.text += decode(token);
    else if (token.startsWith('</')) {
      stack.pop();
      stack.at(-1)?.children.push(open);
    } else {
      const attributes = Object.fromEntries(
        [...token.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]),
      );
      stack.push({ name: /^<([\w-]+)/.exec(token)?.[1] ?? '', attributes, children: [], text: '' });
    }
  }
  const root = top.children[0];
  if (root === undefined) throw new Error('no root element');
  return root;
}

/** All elements of a name, at any depth. */
export function all(element: XmlElement, name: string): XmlElement[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((child) => all(child, name))];
}

export function attribute(element: XmlElement | undefined, name: string): string {
  const value = element?.attributes[name];
  if (value === undefined) throw new Error(`no attribute ${name}`);
  return value;
}
