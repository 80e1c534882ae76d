// The top of the page: the verdict in words, what the exit code means, the numbers, and what went wrong with the run
// itself.
import { counted } from '../../contract/wording.js';
import { VERDICTS } from '../../checks/outcome.js';
import { duration } from '../text/times.js';
import { verdictWords } from '../text/verdict-words.js';
import { providerText } from '../../run/repeat-command.js';
import type { Cause } from '../insight/causes.js';
import { html, type Markup } from './markup.js';
import { VERDICT_SIGNS, type View } from './view.js';

export function verdictSection(view: View, causes: readonly Cause[]): Markup {
  const { header, results, summary } = view;
  const { word, tone, sentence, meaning } = verdictWords(summary, results);
  return html`
<section class="verdict ${tone}" aria-labelledby="verdict">
<h1 id="verdict">${word.charAt(0)}${word.slice(1).toLowerCase()}</h1>
<p class="lead">${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${
    causes.length > 0 && html` <a href="#fix">${counted(causes.length, 'cause')} to fix</a>.`
  }</p>
<p>Exit code <strong>${summary.exitCode}</strong>: ${meaning}.${
    header.strict && ' Strict: a duty at level SHOULD fails as well.'
  }</p>
<ul class="counts" aria-label="Checks by verdict">${VERDICTS.filter((v) => summary.counts[v] > 0).map(
    (v) =>
      html`<li class="${VERDICT_SIGNS[v].tone}"><strong>${summary.counts[v]}</strong> ${VERDICT_SIGNS[v].words}</li>`,
  )}</ul>
${
  summary.problems.length > 0 &&
  html`<h2>Problems of the run</h2>
<ul>${summary.problems.slice(0, 50).map((problem) => html`<li>${problem.slice(0, 2000)}</li>`)}</ul>`
}
<dl class="run">
<div><dt>Provider</dt><dd><code>${providerText(header)}</code></dd></div>
<div><dt>Started</dt>
<dd><time datetime="${header.startedAt}">${header.startedAt.replace('T', ' ').replace('Z', ' UTC')}</time></dd></div>
<div><dt>Took</dt><dd>${took(summary.ms)}</dd></div>
<div><dt>Seed</dt><dd><code>${header.seed}</code></dd></div>
<div><dt>Checks selected</dt><dd>${header.checks.length}</dd></div>
<div><dt>vds-conformance</dt><dd>${header.version}</dd></div>
<div><dt>Machine</dt><dd>${header.host}</dd></div>
</dl>
</section>`;
}

/** `850 ms`, `12.3 s`, `4 min 7 s` */
function took(ms: number): string {
  const time = duration(ms);
  if (time < 1000) return `${Math.round(time)} ms`;
  if (time < 60_000) return `${(time / 1000).toFixed(1)} s`;
  return `${Math.floor(time / 60_000)} min ${Math.floor((time % 60_000) / 1000)} s`;
}
