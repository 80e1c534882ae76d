// How much of what the documents demand was checked: the numbers with their denominator, and each requirement with what
// became of it.
import {
  requirementRows,
  REQUIREMENT_STATES,
  type RequirementRow,
  type RequirementState,
} from '../insight/requirement-states.js';
import { coverageSentence } from '../text/verdict-words.js';
import { html, type Content, type Markup } from './markup.js';
import { sources } from './sources.js';
import { badge, level, type Sign, type View } from './view.js';

const STATES: Readonly<Record<RequirementState, Sign>> = {
  broken: { tone: 'bad', sign: '✗', words: 'broken' },
  known: { tone: 'open', sign: '✗', words: 'broken, known' },
  finding: { tone: 'open', sign: '△', words: 'not followed' },
  kept: { tone: 'good', sign: '✓', words: 'kept' },
  open: { tone: 'open', sign: '?', words: 'left open' },
  'not applicable': { tone: 'none', sign: '–', words: 'not applicable' },
  'not reached': { tone: 'none', sign: '·', words: 'not reached' },
  waiting: { tone: 'none', sign: '·', words: 'waiting' },
  untestable: { tone: 'none', sign: '·', words: 'untestable' },
};

export function requirementsSection(view: View): Markup {
  const { coverage } = view.summary;
  const rows = requirementRows(view.results, view.header);
  const byState = REQUIREMENT_STATES.map((state) => ({ state, rows: rows.filter((r) => r.state === state) })).filter(
    (group) => group.rows.length > 0,
  );
  return html`
<section id="requirements" aria-labelledby="requirements-heading">
<h2 id="requirements-heading">Requirements</h2>
<p class="lead">${coverageSentence(coverage)}.</p>
${bar(
  byState.map(({ state, rows: { length } }) => ({ state, length })),
  rows.length,
)}
<div class="scroll" tabindex="0" role="region" aria-label="Requirements, table">
<table class="requirements"><thead><tr><th scope="col">State</th><th scope="col">Requirement</th>
<th scope="col">Duty</th><th scope="col" class="number">Checks</th></tr></thead>
${byState.map((group) => html`<tbody class="${group.state}">${group.rows.map(row)}</tbody>`)}
</table></div>
</section>`;
}

/** Drawn with attributes, because the style sheet cannot hold a width for each value. */
function bar(parts: readonly { readonly state: RequirementState; readonly length: number }[], all: number): Markup {
  let from = 0;
  const pieces = parts.map(({ state, length }) => {
    const width = (length * 100) / Math.max(1, all);
    const x = from;
    from += width;
    return html`<rect class="${STATES[state].tone} ${state === 'not applicable' && 'partly'}" x="${x.toFixed(2)}%"
width="${width.toFixed(2)}%" height="100%"/>`;
  });
  return html`<svg class="bar" role="img" aria-label="${parts
    .map(({ state, length }) => `${length} ${STATES[state].words}`)
    .join(', ')}" width="100%" height="14">${pieces}</svg>
<ul class="legend">${parts.map(
    ({ state, length }) =>
      html`<li><span class="swatch ${STATES[state].tone}" aria-hidden="true">${STATES[state].sign}</span>
${length} ${STATES[state].words}</li>`,
  )}</ul>`;
}

function row({ requirement: r, state, checks, failing }: RequirementRow): Markup {
  const why: Content =
    state === 'untestable'
      ? r.untestable
      : state === 'waiting' && r.waiting !== undefined && `Waits for a check of ${r.waiting}.`;
  return html`<tr data-find data-state="${state}"><td>${badge(STATES[state])}</td>
<th scope="row" id="${r.id}">${r.id}<br>${level(r.level)}</th>
<td>${r.statement}${why && html` <em>${why}</em>`}<br><span class="note">${sources(r.source)}</span></td>
<td class="number">${checks}${failing > 0 && html`<br><span class="bad">${failing} failed</span>`}</td></tr>
`;
}
