// What to fix first: each broken duty once, with the call that shows it and the command that shows it again.
import type { BaselineEntry } from '../../run/baseline.js';
import { requirementOf } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import type { Fix, FoundBeside } from '../insight/what-to-fix.js';
import { block, code, count, html, type Content, type Markup } from './markup.js';
import { sources } from './sources.js';
import { duty, level, VERDICT_SIGNS, type View } from './view.js';

/** What a list of checks shows before it says how many more there are. */
const LISTED = 50;

export function fixesSection(view: View, fixes: readonly Fix[], beside: ReadonlyMap<string, FoundBeside>): Markup {
  return html`
<section id="fix" aria-labelledby="fix-heading">
<h2 id="fix-heading">What to fix first</h2>
${
  fixes.length === 0
    ? html`<p>Nothing that was checked is broken.</p>`
    : html`<p>The gravest first, then by how many checks fail for it.</p>
<ol class="fixes">${fixes.map((fix, index) => fixItem(view, fix, index + 1))}</ol>`
}
${beside.size > 0 && recommendations(view, beside)}
${baseline(view)}
</section>`;
}

function fixItem(view: View, fix: Fix, number: number): Markup {
  const { result, explained } = fix.example;
  const { requirement } = fix;
  const failed = fix.kind === 'duty';
  return html`<li class="card" data-find>
<h3><span class="rank" aria-hidden="true">${number}</span> ${requirement === undefined ? title(fix) : html`${duty(requirement.id)} ${level(requirement.level)}`}
<span class="weight">fails ${count(fix.results.length, 'check')}</span></h3>
${requirement !== undefined && html`<p class="owed">${requirement.statement}</p>`}
<dl class="facts">
${requirement !== undefined && fact('Source', sources(requirement.source))}
${explained.called !== undefined ? fact('Called', code(explained.called)) : failed && fact('Called', html`several calls together: see ${view.check(result)}`)}
${explained.cameBack !== undefined && fact('Came back', code(explained.cameBack))}
${fact(failed ? 'Wrong' : 'Happened', block(explained.message, view.whole(result)))}
${explained.faultVerdict !== undefined && fact('Fault', explained.faultVerdict)}
${fact('Shown by', html`${view.check(result)}: ${terminalLine(result.title, 240)}`)}
${fact('Again', html`<code class="command">${explained.command}</code>`)}
</dl>
${
  fix.results.length > 1 &&
  html`<details><summary>${count(fix.results.length, 'check')} that fail for it</summary><ul class="plain">${fix.results.slice(0, LISTED).map((each) => html`<li>${view.check(each)}</li>`)}</ul>
${fix.results.length > LISTED && html`<p>and ${fix.results.length - LISTED} more, among the checks below.</p>`}</details>`
}
</li>`;
}

const title = ({ type, example: { result } }: Fix): Markup =>
  html`<code>${terminalLine(type, 100)}</code> <span class="level">${VERDICT_SIGNS[result.verdict].words}</span>`;

export const fact = (label: string, content: Content): Markup => html`<div><dt>${label}</dt><dd>${content}</dd></div>`;

/** Findings that made nothing fail. */
function recommendations(view: View, beside: ReadonlyMap<string, FoundBeside>): Markup {
  const rows = [...beside].sort(([, a], [, b]) => b.checks.size - a.checks.size);
  return html`<details class="card"><summary>${count(rows.length, 'recommendation is not followed', 'recommendations are not followed')}${!view.header.strict && ' (level SHOULD: fails only under --strict)'}</summary>
<ul class="plain">${rows.map(([id, { finding, checks }]) => {
    const [first = '', ...more] = checks;
    return html`<li data-find><p>${duty(id)} ${level(finding.level)} ${requirementOf(id)?.statement}</p><p class="note">${terminalLine(first, 200)}${more.length > 0 && ` and ${more.length} more`}: ${terminalLine(finding.message, 600)}</p></li>`;
  })}</ul></details>`;
}

/** Known failures, and the entries of the baseline that want attention. */
function baseline(view: View): Markup {
  const { unexpectedPasses = [], expired = [] } = view.summary.baseline ?? {};
  const list = (title: string, items: readonly Markup[], open: boolean): Content =>
    items.length > 0 &&
    html`<details class="card"${open && html` open`}><summary>${title} (${items.length})</summary><ul class="plain">${items.map((item) => html`<li data-find>${item}</li>`)}</ul></details>`;
  const entry = (e: BaselineEntry): Markup =>
    html`<span class="id">${terminalLine(e.check, 200)}</span> ${e.requirement} <span class="note">until ${e.expires}: ${terminalLine(e.reason, 600)}</span>`;
  return html`${list(
    'Known failures, which the baseline excuses',
    view.results
      .filter((r) => r.known !== undefined)
      .map(
        (r) =>
          html`${view.check(r)} <span class="note">until ${r.known?.expires}: ${terminalLine(r.known?.reason ?? '', 600)}</span>`,
      ),
    false,
  )}
${list('Known to fail, and passed: these entries of the baseline can go', unexpectedPasses.map(entry), true)}
${list('Expired entries of the baseline, which excuse nothing any more', expired.map(entry), true)}`;
}
