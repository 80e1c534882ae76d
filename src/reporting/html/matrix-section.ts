// The matrix of faults: what became of each method, with each fault, at each moment.
import { VERDICTS, type CheckResult, type Verdict } from '../../checks/outcome.js';
import { MOMENTS } from '../../faults/moments.js';
import { failsIn as fails, faultMatrices, type FaultMatrix } from '../insight/fault-matrix.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Content, type Markup } from './markup.js';
import { signOf, VERDICT_SIGNS, type View } from './view.js';

export function matrixSection(view: View): Markup {
  const matrices = faultMatrices(view.results);
  return html`
<section id="matrix" aria-labelledby="matrix-heading">
<h2 id="matrix-heading">Faults, methods and moments</h2>
${
  matrices.length === 0
    ? html`<p>This run holds no generated checks; <code>--effort standard</code> takes them.</p>`
    : html`<p>Each sign is a check: a method, called with that fault at that moment. A sign that is a link leads to
the story.</p>
<ul class="legend">${VERDICTS.map(
        (v) =>
          html`<li><span class="swatch ${VERDICT_SIGNS[v].tone}" aria-hidden="true">${VERDICT_SIGNS[v].sign}</span>
${VERDICT_SIGNS[v].words}</li>`,
      )}<li>empty: not in this run</li></ul>
${matrices.map((matrix) => table(view, matrix))}`
}
</section>`;
}

const words = (name: string): string => terminalLine(name.replaceAll('-', ' '), 60);
const momentWords = (name: string): string => MOMENTS.find((moment) => moment.name === name)?.title ?? words(name);

function table(view: View, { suite, columns, rows }: FaultMatrix): Markup {
  const name = terminalLine(suite, 60);
  // The first moment of each fault draws the line that keeps the faults apart.
  const first = new Set<number>();
  let at = 0;
  for (const { moments } of columns) {
    first.add(at);
    at += moments.length;
  }
  return html`<h3 id="matrix-${name}">${name}</h3>
<div class="scroll whole" tabindex="0" role="region" aria-label="Matrix of ${name}">
<table class="matrix"><thead><tr>
<th scope="col" rowspan="2">Method</th>${columns.map(
    (c) => html`<th scope="colgroup" colspan="${c.moments.length}" class="first">${words(c.fault)}</th>`,
  )}<th scope="col" rowspan="2" class="total first">Failing</th></tr>
<tr>${columns.map((c) =>
    c.moments.map(
      (moment, index) =>
        html`<th scope="col" class="moment${index === 0 && ' first'}"><span>${momentWords(moment)}</span></th>`,
    ),
  )}</tr></thead>
<tbody>${rows.map((row) => methodRow(view, row, first))}</tbody>
<tfoot><tr><th scope="row">Failing</th>${columns
    .flatMap(({ moments }) => moments)
    .map((_, index) => {
      const column = rows.map((row) => row.cells[index]);
      return html`<td class="total${first.has(index) && ' first'}">${failing(column)}</td>`;
    })}<td class="total first">${failing(rows.flatMap((row) => row.cells))}</td></tr></tfoot></table></div>`;
}

function methodRow(view: View, { method, cells }: FaultMatrix['rows'][number], first: ReadonlySet<number>): Markup {
  return html`<tr><th scope="row">${terminalLine(method, 120)}</th>${cells.map((cell, index) =>
    place(view, cell, first.has(index)),
  )}<td class="total first">${failing(cells)}</td></tr>
`;
}

/** `2/8`: how many of the places that hold a check have one that failed. */
function failing(cells: FaultMatrix['rows'][number]['cells']): string {
  const held = cells.filter((cell) => cell !== undefined);
  return `${held.filter(fails).length}/${held.length}`;
}

/** The gravest verdict first: of checks that share a place, that one is shown. */
const GRAVITY: readonly Verdict[] = ['crashed', 'hung', 'failed', 'error', 'inconclusive', 'passed', 'not-applicable'];

function place(view: View, cell: readonly CheckResult[] | undefined, first: boolean): Markup {
  const edge: Content = first && ' first';
  if (cell === undefined) return html`<td class="${edge}"></td>`;
  const [gravest] = [...cell].sort(
    (a, b) =>
      GRAVITY.indexOf(a.verdict) - GRAVITY.indexOf(b.verdict) ||
      Number(a.known !== undefined) - Number(b.known !== undefined),
  );
  if (gravest === undefined) return html`<td class="${edge}"></td>`;
  const { tone, sign, words: verdict } = signOf(gravest);
  if (!view.reports(gravest)) return html`<td class="${tone}${edge}">${sign}</td>`;
  const told = gravest.faultVerdict ?? verdict;
  return html`<td class="${tone}${edge}"><a href="#${view.anchor(gravest)}" title="${told}"
aria-label="${told}">${sign}</a></td>`;
}
