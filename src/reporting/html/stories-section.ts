// The story of each check that failed or stayed open: what is wrong, what was noted, and its calls in order with the fault and the pair marked.
import type { CheckResult } from '../../checks/outcome.js';
import { explain, isBroken, isFailure, requirementOf } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import { timelineOf, type Mark, type TimelineCall, type TimelineEntry } from '../insight/timeline.js';
import { fact } from './fixes-section.js';
import { block, code, count, html, type Markup } from './markup.js';
import { sources } from './sources.js';
import { badge, duty, level, signOf, type View } from './view.js';

/** What all timelines of a page take together, in characters of HTML. Later stories do without: the evidence has every call. */
const TIMELINES = 8_000_000;
/** What one call shows of its arguments or its outputs. */
const PART = 300;
/** The same for a call between those that matter. */
const LESS = 80;
const NOTES = 40;

/** The section, a story at a time: all of them in one string may be large. */
export function* storiesSection(view: View): Generator<Markup> {
  const failures = view.results.filter(isFailure).length;
  yield html`
<section id="failures" aria-labelledby="failures-heading">
<h2 id="failures-heading">Failing checks and their stories</h2>
${view.told.length === 0 ? html`<p>No check failed or stayed open.</p>` : html`<p>${count(failures, 'check')} failed; open one to see its calls.${view.told.length > failures && ' Checks that stayed open, and known failures, follow.'}</p>`}
`;
  let left = TIMELINES;
  for (const result of view.told) {
    const timeline = timelineOf(result, view.header);
    const calls =
      timeline.length === 0 ? undefined : html`<h4>Calls</h4><ol class="timeline">${timeline.map(entry)}</ol>`;
    left -= calls?.text.length ?? 0;
    yield story(
      view,
      result,
      calls === undefined || left >= 0
        ? calls
        : html`<p class="note">Its calls are in ${view.whole(result)}: the page has no room for more.</p>`,
    );
  }
  yield html`${view.untold > 0 && html`<p>${count(view.untold, 'more check')} that failed or stayed open: see the list below, and the evidence.</p>`}</section>`;
}

function story(view: View, result: CheckResult, calls: Markup | undefined): Markup {
  const explained = explain(result, view.header);
  const { requirement } = explained;
  const whole = view.whole(result);
  const failed = result.verdict === 'failed';
  const shown = result.notes.slice(0, NOTES);
  return html`<details class="story" data-find data-verdict="${result.verdict}" data-suite="${result.suite}"><summary>${badge(signOf(result))} <span class="id">${terminalLine(result.id, 200)}</span> <span class="what">${terminalLine(explained.message, 160)}</span></summary>
<div class="body" id="${view.anchor(result)}">
<h3>${terminalLine(result.title, 240)}</h3>
<dl class="facts">
${requirement !== undefined ? fact('Owed', html`${duty(requirement.id)} ${level(requirement.level)} ${requirement.statement}`) : fact('Checked', result.requirements.join(', '))}
${requirement !== undefined && fact('Source', sources(requirement.source))}
${explained.called !== undefined ? fact('Called', code(explained.called)) : failed && fact('Called', 'several calls together: see them below')}
${explained.cameBack !== undefined && fact('Came back', code(explained.cameBack))}
${fact(failed ? 'Wrong' : isBroken(result) ? 'Happened' : 'Reason', block(explained.message, whole))}
${explained.faultVerdict !== undefined && fact('Fault', explained.faultVerdict)}
${explained.excuse !== undefined && fact('Known', terminalLine(explained.excuse, 600))}
${fact('Again', html`<code class="command">${explained.command}</code>`)}
${fact('Evidence', html`<a href="${whole}">${whole}</a>`)}
</dl>
${explained.otherFindings.length > 0 && html`<h4>Also found</h4><ul>${explained.otherFindings.slice(0, NOTES).map((f) => html`<li>${duty(f.requirement)} ${level(f.level)} ${terminalLine(f.message, 600)}<br><span class="note">owed: ${requirementOf(f.requirement)?.statement}</span></li>`)}</ul>`}
${shown.length > 0 && html`<h4>Notes</h4><ul>${shown.map((note) => html`<li>${terminalLine(note, 600)}</li>`)}</ul>`}
${calls}
</div></details>
`;
}

const MARKS: Readonly<Record<Mark, string>> = {
  fault: 'fault injected',
  healed: 'cause healed',
  reenumerate: 'recovery: Reenumerate',
  refresh: 'recovery: Refresh',
  'showed-it': 'shows it',
  died: 'the provider was lost here',
};

function entry(item: TimelineEntry): Markup {
  if ('call' in item) return line(item.call, item.call.succeeded && item.call.marks.length === 0 ? LESS : PART);
  const [first] = item.between;
  const last = item.between.at(-1);
  const methods = [...new Set(item.between.map((c) => c.method.slice(c.method.indexOf('::') + 2)))];
  return html`<li class="between" value="${first?.number ?? 0}"><details><summary>${item.between.length} calls that succeeded (${first?.number ?? 0}–${last?.number ?? 0}): ${terminalLine(methods.join(', '), 120)}</summary><ol class="timeline">${item.between.map((call) => line(call, LESS))}</ol></details></li>
`;
}

function line(call: TimelineCall, part: number): Markup {
  return html`<li class="${call.marks.join(' ')}" value="${call.number}">${call.marks.map((mark) => html`<strong class="mark">${MARKS[mark]}${mark === 'fault' && call.fault !== undefined && `: ${call.fault}`}</strong> `)}<code><b>${terminalLine(call.method, 120)}</b>(${terminalLine(call.args, part)}) <span class="arrow">→</span> <span class="${call.succeeded ? 'fine' : 'bad'}">${terminalLine(call.answer, part)}</span>${call.outputs !== '' && html` <span class="outs">${terminalLine(call.outputs, part)}</span>`}</code></li>
`;
}
