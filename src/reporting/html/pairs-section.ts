// The pairs of changes that the run's tours have played one directly after the other, and which are left.
import { seenPairs } from '../../run/pair-coverage.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Markup } from './markup.js';
import type { View } from './view.js';

const IN_A_ROW = 'nothing';

export function pairsSection({ results, summary }: View): Markup {
  const { pairs = [] } = summary;
  const all = seenPairs(results);
  if (pairs.length === 0) return html``;
  return html`
<section id="pairs" aria-labelledby="pairs-heading">
<h2 id="pairs-heading">Pairs of changes</h2>
<p>Each pair is one change directly after another, judged by what the documents say that both do, and that they do
nothing else.</p>
<table><thead><tr><th scope="col">Between the two</th><th scope="col">Seen</th><th scope="col">Possible</th>
<th scope="col">Share</th></tr></thead>
<tbody>${pairs.map(
    ({ between, seen, possible }) =>
      html`<tr><th scope="row">${terminalLine(between, 60)}</th><td>${seen}</td><td>${possible}</td>
<td>${Math.floor((100 * seen) / possible)} %</td></tr>
`,
  )}</tbody></table>
${[...all].map(([between, followers]) => (between === IN_A_ROW ? matrix(followers) : html``))}
</section>`;
}

/** First by second command; a sign where the pair was seen. */
function matrix(followers: ReadonlyMap<string, ReadonlySet<string>>): Markup {
  const commands = [...followers.keys()].sort();
  return html`<details><summary>Which change after which, with nothing between</summary>
<div class="scroll whole" tabindex="0" role="region" aria-label="Pairs of changes">
<table class="matrix"><thead><tr>
<th scope="col">First</th>${commands.map(
    (c) => html`<th scope="col" class="moment"><span>${terminalLine(c, 60)}</span></th>`,
  )}<th scope="col" class="total first">Seen</th></tr></thead>
<tbody>${commands.map((first) => {
    const seen = followers.get(first);
    return html`<tr><th scope="row">${terminalLine(first, 60)}</th>${commands.map(
      (second) => html`<td>${seen?.has(second) === true ? '•' : ''}</td>`,
    )}<td class="total first">${seen?.size ?? 0}/${commands.length}</td></tr>
`;
  })}</tbody></table></div></details>`;
}
