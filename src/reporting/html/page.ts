// The whole page: its sections in the order in which a reader wants them, and the policy by which nothing but our own
// style and script may act.
import { createHash } from 'node:crypto';
import type { RunHeader, RunSummary } from '../../run/events.js';
import { VERDICTS, type CheckResult } from '../../checks/outcome.js';
import { terminalLine } from '../text/plain-text.js';
import { verdictWords } from '../text/verdict-words.js';
import { providerText } from '../../run/repeat-command.js';
import type { StoredRun } from '../store/read-run.js';
import { causesOf, findingsBeside } from '../insight/causes.js';
import { checksSection } from './checks-section.js';
import { causesSection } from './causes-section.js';
import { html, Markup } from './markup.js';
import { matrixSection } from './matrix-section.js';
import { notesSection } from './notes-section.js';
import { SCRIPT } from './page-script.js';
import { STYLE } from './page-style.js';
import { pairsSection } from './pairs-section.js';
import { requirementsSection } from './requirements-section.js';
import { sinceSection } from './since-section.js';
import { statesSection } from './states-section.js';
import { storiesSection } from './stories-section.js';
import { verdictSection } from './verdict-section.js';
import { VERDICT_SIGNS, View } from './view.js';

/** How the file begins, by which a later run knows it for one of ours. */
export const BEGINNING = '<!doctype html><!-- vds-conformance report -->';

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** Nothing is loaded, sent or framed, and no style or script acts but the page's own, whatever stands in it. */
const POLICY =
  `default-src 'none'; style-src ${digest(STYLE)}; script-src ${digest(SCRIPT)}; ` +
  "base-uri 'none'; form-action 'none'";

/**
 * The page, in pieces that are written one after another. Its essentials need no script; script adds search and filter.
 *
 * @param results in the order of the run
 * @param since an earlier run to compare with
 */
export function* page(
  header: RunHeader,
  results: readonly CheckResult[],
  summary: RunSummary,
  since?: StoredRun,
): Generator<string> {
  const view = new View(header, results, summary);
  const causes = causesOf(results, header);
  for (const piece of sections(view)) yield piece.text;

  function* sections(of: View): Generator<Markup> {
    yield head(of, since !== undefined);
    yield verdictSection(of, causes);
    yield causesSection(of, causes, findingsBeside(results, header));
    const changes = sinceSection(of, since);
    if (changes !== undefined) yield changes;
    yield requirementsSection(of);
    yield matrixSection(of);
    yield pairsSection(of);
    yield statesSection(of);
    yield* storiesSection(of);
    yield* checksSection(of);
    yield notesSection(of);
    yield html`
</main>
<footer><p>Written by vds-conformance ${header.version}. Everything in one file: it loads nothing and sends nothing.
For programs: <a href="results.json">results.json</a>, <a href="junit.xml">junit.xml</a>.</p></footer>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  }
}

function head(view: View, compares: boolean): Markup {
  const { word } = verdictWords(view.summary, view.results);
  const suites = [...new Set(view.results.map((r) => r.suite))];
  return html`${new Markup(BEGINNING)}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${word}: ${terminalLine(providerText(view.header), 100)}, vds-conformance</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
<header class="top">
<p class="brand">vds-conformance</p>
<nav aria-label="Sections"><ul>
<li><a href="#fix">Fix first</a></li>${
    compares && html`<li><a href="#since">Since</a></li>`
  }<li><a href="#requirements">Requirements</a></li><li><a href="#matrix">Matrix</a></li>
<li><a href="#failures">Failures</a></li><li><a href="#checks">Checks</a></li>
<li><a href="#notes">Notes</a></li></ul></nav>
<search id="finder" hidden>
<input type="search" id="find" aria-label="Search checks, duties and notes" autocomplete="off" spellcheck="false"
placeholder="Search ( / )">
<select id="verdict-filter" aria-label="Show verdict"><option value="">all verdicts</option>${VERDICTS.filter(
    (v) => view.summary.counts[v] > 0,
  ).map((v) => html`<option value="${v}">${VERDICT_SIGNS[v].words}</option>`)}</select>
<select id="suite-filter" aria-label="Show suite"><option value="">all suites</option>${suites.map(
    (suite) => html`<option value="${suite}">${terminalLine(suite, 60)}</option>`,
  )}</select>
<button type="button" id="clear">Clear</button>
<output id="found" aria-live="polite"></output>
</search>
</header>
<main>`;
}
