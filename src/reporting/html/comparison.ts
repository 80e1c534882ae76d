// The expected and the actual value, one above the other, with their difference marked.
import { comparison } from '../text/cause-text.js';
import type { Explanation } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Content, type Markup } from './markup.js';

const LONGEST = 600;
/** Marking less than this would mark single letters that happen to differ. */
const ALIKE = 4;

/** The lengths of the beginning and the end that two texts have in common. */
function common(one: string, other: string): { readonly begin: number; readonly end: number } {
  const shorter = Math.min(one.length, other.length);
  let begin = 0;
  while (begin < shorter && one[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < shorter - begin && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return begin + end < ALIKE ? { begin: 0, end: 0 } : { begin, end };
}

/** The two values of a finding; nothing where it compared none. */
export function comparisonDiff(explained: Explanation): Content {
  const [expected, actual] = comparison(explained).map(([, text]) => terminalLine(text, LONGEST));
  if (expected === undefined || actual === undefined) return undefined;
  const { begin, end } = common(expected, actual);
  const side = (text: string): Markup =>
    begin + end === 0
      ? html`<code>${text}</code>`
      : html`<code>${text.slice(0, begin)}<mark>${text.slice(begin, text.length - end)}</mark>${text.slice(
          text.length - end,
        )}</code>`;
  return html`<dl class="diff"><div class="expected"><dt>Expected</dt><dd>${side(expected)}</dd></div>
<div class="actual"><dt>Actual</dt><dd>${side(actual)}</dd></div></dl>`;
}
