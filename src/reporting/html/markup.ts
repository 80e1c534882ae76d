// HTML as values that cannot be forgotten to escape: a string that is put into markup becomes text, and only markup
// stays markup.
import { capBytes, inert, terminalLine } from '../text/plain-text.js';

/** A piece of HTML. Only html`` makes one from text, and it escapes. */
export class Markup {
  constructor(readonly text: string) {}
}

/** The values for a template; undefined and false are left out. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Text for an element or a quoted attribute: no markup, no control character, no escape sequence, no turned direction
 * of writing.
 */
const escape = (text: string): string => inert(text).replace(/[&<>"'`]/g, (c) => ENTITIES[c] ?? c);

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(render).join('');
  return escape(String(content));
}

/**
 * HTML from a template. Values stand in elements' text or in quoted attributes, never as a tag's name, in a URL's
 * scheme, in style or script.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((whole, part, index) => `${whole}${render(values[index - 1])}${part}`));
}

/** Code on one line of at most `max` characters. */
export const code = (text: string, max = 400): Markup => html`<code>${terminalLine(text, max)}</code>`;

/** The most that one text of several lines takes. */
const BLOCK_BYTES = 8 * 1024;

/** Text of one line or several, each kept. */
export function block(text: string, whole: string): Markup {
  const shown = capBytes(inert(text), BLOCK_BYTES, 'this text', `all of it is in ${whole}`).trim();
  return shown.includes('\n') ? html`<pre>${shown}</pre>` : html`${shown}`;
}
