// The causes to fix first: each once, with the call that shows it and the command that repeats it.
import { counted } from '../../contract/wording.js';
import type { BaselineEntry } from '../../run/baseline.js';
import { hasEvidence } from '../store/evidence-names.js';
import { requirementOf } from '../insight/explain.js';
import { causeSentence, commandFact, faultText } from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';
import { terminalLine } from '../text/plain-text.js';
import type { Cause, FoundBeside } from '../insight/causes.js';
import { html, type Content, type Markup } from './markup.js';
import { comparisonDiff } from './comparison.js';
import { sources } from './sources.js';
import { duty, level, type View } from './view.js';

/** How many checks a list shows before it counts the others. */
const LISTED = 50;
/** Causes that stand open on the page; the others are folded. */
const CARDS = 10;

export function causesSection(view: View, causes: readonly Cause[], beside: ReadonlyMap<string, FoundBeside>): Markup {
  const card = (cause: Cause, index: number): Markup => causeCard(view, cause, index + 1);
  const folded = causes.slice(CARDS);
  return html`
<section id="fix" aria-labelledby="fix-heading">
<h2 id="fix-heading">What to fix first</h2>
${
  causes.length === 0
    ? html`<p>Nothing that was checked is broken.</p>`
    : html`<p>${counted(
        causes.reduce((sum, c) => sum + c.results.length, 0),
        'failure has',
        'failures have',
      )} ${counted(causes.length, 'cause')}: the gravest first, then by how many checks fail for it.</p>
<ol class="fixes">${causes.slice(0, CARDS).map(card)}</ol>`
}
${
  folded.length > 0 &&
  html`<details class="more"><summary>${counted(folded.length, 'more cause')}</summary>
<ol class="fixes" start="${CARDS + 1}">${folded.map((cause, index) => card(cause, CARDS + index))}</ol></details>`
}
${beside.size > 0 && recommendations(view, beside)}
${baseline(view)}
</section>`;
}

function causeCard(view: View, cause: Cause, number: number): Markup {
  const { result, explained } = cause.example;
  const { requirement } = explained;
  const steps = stepsOf(explained);
  const others = cause.requirements.filter((r) => r !== requirement);
  return html`<li class="card" id="cause-${number}">
<h3><span class="rank" aria-hidden="true">${number}</span>
<span class="sentence">${terminalLine(causeSentence(cause), 600)}</span>
<span class="weight">${counted(cause.results.length, 'check')}</span></h3>
${steps.length > 0 && stepList(steps)}
${comparisonDiff(explained)}
${command(explained.command)}
<p class="note">${commandFact(explained)[0]} this command${
    explained.reproduced !== undefined && `: ${terminalLine(explained.reproduced, 600)}`
  }</p>
${
  requirement === undefined
    ? html`<p class="requirement"><code>${terminalLine(explained.type, 100)}</code></p>`
    : html`<p class="requirement">${duty(requirement.id)} ${level(requirement.level)} ${requirement.statement}</p>`
}
<details><summary>Page, evidence, checks</summary>
<dl class="facts">
${requirement !== undefined && fact('Documented at', sources(requirement.source))}
${explained.faultVerdict !== undefined && fact('Fault', faultText(explained.fault, explained.faultVerdict))}
${fact('Shown by', html`${view.check(result)}: ${terminalLine(result.title, 240)}`)}
${hasEvidence(result) && fact('Evidence', html`<a href="${view.whole(result)}">${view.whole(result)}</a>`)}
${others.length > 0 && fact('Also breaks', html`${others.map((r, index) => html`${index > 0 && ', '}${duty(r.id)}`)}`)}
</dl>
<ul class="plain">${cause.results.slice(0, LISTED).map((each) => html`<li>${view.check(each)}</li>`)}</ul>
${cause.results.length > LISTED && html`<p>and ${cause.results.length - LISTED} more, among the checks below.</p>`}
</details>
</li>`;
}

/** The steps that led to a failure; each line has its number. */
export const stepList = (steps: readonly string[]): Markup =>
  html`<pre class="steps">${steps.map((step) => `${terminalLine(step, 600)}\n`)}</pre>`;

/** A command, with a button that the script shows where it can copy. */
export const command = (text: string): Markup =>
  html`<p class="repeat"><code class="command">${text}</code><button type="button" class="copy"
hidden>Copy</button></p>`;

export const fact = (label: string, content: Content): Markup => html`<div><dt>${label}</dt><dd>${content}</dd></div>`;

/** Findings that made nothing fail. */
function recommendations(view: View, beside: ReadonlyMap<string, FoundBeside>): Markup {
  const rows = [...beside].sort(([, a], [, b]) => b.checks.size - a.checks.size);
  return html`<details class="card">
<summary>${counted(rows.length, 'recommendation is not followed', 'recommendations are not followed')}${
    !view.header.strict && ' (level SHOULD: fails only under --strict)'
  }</summary>
<ul class="plain">${rows.map(([id, { finding, checks }]) => {
    const [first = '', ...more] = checks;
    return html`<li><p>${duty(id)} ${level(finding.level)} ${requirementOf(id)?.statement}</p>
<p class="note">${terminalLine(first, 200)}${
      more.length > 0 && ` and ${more.length} more`
    }: ${terminalLine(finding.message, 600)}</p></li>`;
  })}</ul></details>`;
}

/** Known failures, and the entries of the baseline that want attention. */
function baseline(view: View): Markup {
  const { unexpectedPasses = [], expired = [] } = view.summary.baseline ?? {};
  const list = (title: string, items: readonly Markup[], open: boolean): Content =>
    items.length > 0 &&
    html`<details class="card"${open && html` open`}><summary>${title} (${items.length})</summary>
<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul></details>`;
  const entry = (e: BaselineEntry): Markup =>
    html`<span class="id">${terminalLine(e.check, 200)}</span> ${e.requirement} <span class="note">until ${e.expires}:
${terminalLine(e.reason, 600)}</span>`;
  return html`${list(
    'Known failures, which the baseline excuses',
    view.results
      .filter((r) => r.known !== undefined)
      .map(
        (r) =>
          html`${view.check(r)} <span class="note">until ${r.known?.expires}:
${terminalLine(r.known?.reason ?? '', 600)}</span>`,
      ),
    false,
  )}
${list('Known to fail, and passed: these entries of the baseline can go', unexpectedPasses.map(entry), true)}
${list('Expired entries of the baseline, which excuse nothing any more', expired.map(entry), true)}`;
}
