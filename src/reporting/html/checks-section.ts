// Every check of the run, a line each, by suite.
import { counted } from '../../contract/wording.js';
import { VERDICTS, type CheckResult } from '../../checks/outcome.js';
import { isFailure } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import { duration } from '../text/times.js';
import { html, type Markup } from './markup.js';
import { badge, signOf, VERDICT_SIGNS, type View } from './view.js';

/** Lines of passing checks beyond this are left out: a browser has its limits, and results.json has them all. */
const LINES = 20_000;

/** The section, a suite at a time. */
export function* checksSection(view: View): Generator<Markup> {
  const suites = new Map<string, CheckResult[]>();
  for (const result of view.results) {
    const suite = suites.get(result.suite);
    if (suite === undefined) suites.set(result.suite, [result]);
    else suite.push(result);
  }
  yield html`
<section id="checks" aria-labelledby="checks-heading">
<h2 id="checks-heading">All checks</h2>
${slowest(view)}`;
  let left = LINES;
  for (const [suite, results] of suites) {
    const shown = results.filter((r) => r.verdict !== 'passed' || (left -= 1) >= 0);
    yield html`<details class="suite"${results.some(isFailure) && html` open`}>
<summary><span class="id">${terminalLine(suite, 60)}</span> ${VERDICTS.flatMap((v) => {
      const n = results.filter((r) => r.verdict === v).length;
      return n === 0 ? [] : [html` <span class="tally ${VERDICT_SIGNS[v].tone}">${n} ${VERDICT_SIGNS[v].words}</span>`];
    })}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Checks of ${terminalLine(suite, 60)}">
<table class="checks"><thead><tr><th scope="col">Verdict</th><th scope="col">Check</th>
<th scope="col" class="number">Calls</th><th scope="col" class="number">ms</th></tr></thead><tbody>
${shown.map((result) => row(view, result))}</tbody></table></div>
${
  shown.length < results.length &&
  html`<p>${counted(results.length - shown.length, 'passing check')} more: see results.json.</p>`
}</details>
`;
  }
  yield html`</section>`;
}

/** How many of the checks that took longest are shown. */
const SLOWEST = 10;

/** Where the time of the run went. */
function slowest(view: View): Markup {
  const all = view.results.reduce((sum, { ms }) => sum + ms, 0);
  const longest = view.results.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  return html`<details class="suite" id="slowest">
<summary>The ${longest.length} slowest took ${seconds(longest)} of ${seconds(view.results)} s</summary>
<ol class="plain">${longest.map(
    (r) =>
      html`<li>${view.check(r)} <span class="note">${seconds([r])} s, ${counted(r.calls, 'call')}, ${
        all === 0 ? 0 : Math.round((r.ms / all) * 100)
      } %</span></li>`,
  )}</ol></details>
`;
}

const seconds = (results: readonly CheckResult[]): string =>
  (results.reduce((sum, { ms }) => sum + duration(ms), 0) / 1000).toFixed(1);

function row(view: View, result: CheckResult): Markup {
  const reason = result.verdict === 'not-applicable' || result.verdict === 'inconclusive' ? result.reason : undefined;
  return html`<tr data-find data-verdict="${result.verdict}" data-suite="${result.suite}"
data-duties="${view.duties(result)}"><td>${badge(signOf(result))}</td>
<th scope="row">${view.check(result)}<br>${terminalLine(result.title, 240)}${
    reason !== undefined && html`<br><em>${terminalLine(reason, 240)}</em>`
  }</th><td class="number">${result.calls}</td><td class="number">${Math.round(duration(result.ms))}</td></tr>
`;
}
