// The story of each check that failed or stayed open: what is wrong, what was noted, and its trace in order with the
// fault and the pair marked.
import { counted } from '../../contract/wording.js';
import { succeeded } from '../../contract/hresult.js';
import { displayName, formatValue } from '../../port/show-value.js';
import type { CallEntry, TraceEntry } from '../../port/trace-entry.js';
import type { CheckResult } from '../../checks/outcome.js';
import { valuesText } from '../../port/show-value.js';
import { commandFact, faultText, noteText } from '../text/cause-text.js';
import { stepsOf } from '../text/steps.js';
import { titleOf } from '../text/title.js';
import { answerText } from '../text/trace-text.js';
import { explain, isBroken, isFailure, requirementOf } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import { timelineOf, type Mark, type TimelineItem } from '../insight/timeline.js';
import { command, fact, stepList } from './causes-section.js';
import { comparisonDiff } from './comparison.js';
import { block, html, type Markup } from './markup.js';
import { sources } from './sources.js';
import { badge, duty, level, signOf, type View } from './view.js';

/**
 * The room of all timelines of a page together, in characters of HTML. Later stories do without: the evidence has every
 * call.
 */
const TIMELINES = 8_000_000;
/** Characters of its arguments or outputs that one call shows. */
const PART = 300;
/** The same for a call between those that matter. */
const LESS = 80;
const NOTES = 40;
/** Lines of the provider's output that a story shows, from the end. */
const OUTPUT = 40;

/** The section, a story at a time: all of them in one string may be large. */
export function* storiesSection(view: View): Generator<Markup> {
  const failures = view.results.filter(isFailure).length;
  yield html`
<section id="failures" aria-labelledby="failures-heading">
<h2 id="failures-heading">Failing checks and their stories</h2>
${
  view.told.length === 0
    ? html`<p>No check failed or stayed open.</p>`
    : html`<p>${counted(failures, 'check')} failed; open one to see its calls.${
        view.told.length > failures && ' Checks that stayed open, and known failures, follow.'
      }</p>`
}
`;
  let left = TIMELINES;
  for (const result of view.told) {
    const timeline = timelineOf(result);
    const calls =
      timeline.length === 0
        ? undefined
        : html`<h4>Trace</h4><ol class="timeline">${timeline.map((item, index) => [
            startsCleanUp(timeline, index) && html`<li class="phase">Clean-up</li>`,
            itemLine(item),
          ])}</ol>`;
    left -= calls?.text.length ?? 0;
    yield story(
      view,
      result,
      calls === undefined || left >= 0
        ? calls
        : html`<p class="note">Its calls are in ${view.whole(result)}: the page has no room for more.</p>`,
    );
  }
  yield html`${
    view.untold > 0 &&
    html`<p>${counted(view.untold, 'more check')} that failed or stayed open: see the list below, and the evidence.</p>`
  }</section>`;
}

function story(view: View, result: CheckResult, trace: Markup | undefined): Markup {
  const explained = explain(result, view.header);
  const { requirement } = explained;
  const steps = stepsOf(explained);
  const whole = view.whole(result);
  const failed = result.verdict === 'failed';
  const shown = result.notes.slice(0, NOTES);
  return html`<details class="story" id="${view.anchor(result)}" data-find data-verdict="${result.verdict}"
data-suite="${result.suite}" data-duties="${view.duties(result)}">
<summary>${badge(signOf(result))} <span class="id">${terminalLine(result.id, 200)}</span>
<span class="what">${terminalLine(isBroken(result) ? titleOf(explained) : explained.message, 160)}</span></summary>
<div class="body">
<h3>${terminalLine(result.title, 240)}</h3>
<dl class="facts">
${fact(failed ? 'Wrong' : isBroken(result) ? 'Happened' : 'Reason', block(explained.message, whole))}
${steps.length > 0 && fact('Steps', stepList(steps))}
</dl>
${comparisonDiff(explained)}
<dl class="facts">
${
  requirement !== undefined
    ? fact('Requirement', html`${duty(requirement.id)} ${level(requirement.level)} ${requirement.statement}`)
    : fact('Checked', result.requirements.join(', '))
}
${requirement !== undefined && fact('Documented at', sources(requirement.source))}
${explained.faultVerdict !== undefined && fact('Fault', faultText(explained.fault, explained.faultVerdict))}
${explained.excuse !== undefined && fact('Known', terminalLine(explained.excuse, 600))}
${explained.reproduced !== undefined && fact('Reproduced', terminalLine(explained.reproduced, 600))}
${fact(commandFact(explained)[0], command(explained.command))}
${fact('Evidence', html`<a href="${whole}">${whole}</a>`)}
</dl>
${
  explained.otherFindings.length > 0 &&
  html`<h4>Also found</h4><ul>${explained.otherFindings.slice(0, NOTES).map(
    (f) =>
      html`<li>${duty(f.requirement)} ${level(f.level)} ${terminalLine(f.message, 600)}<br><span class="note">duty:
${requirementOf(f.requirement)?.statement}</span></li>`,
  )}</ul>`
}
${
  shown.length > 0 &&
  html`<h4>Notes</h4><ul>${shown.map((note) => html`<li>${terminalLine(noteText(note), 600)}</li>`)}</ul>`
}
${
  result.output !== undefined &&
  html`<h4>What the provider printed</h4><pre>${result.output
    .slice(-OUTPUT)
    .map((line) => `${terminalLine(line, 600)}\n`)}</pre>`
}
${trace}
</div>
</details>
`;
}

const MARKS: Readonly<Record<Mark, string>> = {
  fault: 'fault',
  healed: 'cause healed',
  reenumerate: 'recovery: Reenumerate',
  refresh: 'recovery: Refresh',
  notification: 'OnNotify',
  'shows-it': 'shows it',
  died: 'the provider was lost here',
};

const phaseOf = (item: TimelineItem | undefined): string | undefined =>
  item === undefined ? undefined : 'entry' in item ? item.entry.phase : item.between[0]?.phase;

const startsCleanUp = (items: readonly TimelineItem[], index: number): boolean =>
  phaseOf(items[index]) !== undefined && phaseOf(items[index - 1]) === undefined;

function itemLine(item: TimelineItem): Markup {
  if ('entry' in item) return entryLine(item.entry, item.marks, item.marks.length === 0 ? LESS : PART);
  const [first] = item.between;
  const last = item.between.at(-1);
  const methods = [...new Set(item.between.map((c) => c.method.slice(c.method.indexOf('.') + 1)))];
  return html`<li class="between" value="${first?.number ?? 0}"><details>
<summary>${counted(item.between.length, 'call')} that succeeded (${first?.number ?? 0}–${last?.number ?? 0}):
${terminalLine(methods.join(', '), 120)}</summary>
<ol class="timeline">${item.between.map((call) => entryLine(call, [], LESS))}</ol></details></li>
`;
}

function entryLine(entry: TraceEntry, marks: readonly Mark[], part: number): Markup {
  return html`<li class="${marks.join(' ')}" value="${entry.number}"><span class="at">${entry.at.toFixed(1)} ms</span>
${marks.map(
  (mark) =>
    html`<strong class="mark">${MARKS[mark]}${
      mark === 'fault' && entry.type === 'fault' && `: ${entry.kind} of ${entry.object}`
    }</strong> `,
)}${entryContent(entry, part)}</li>
`;
}

function entryContent(entry: TraceEntry, part: number): Markup {
  switch (entry.type) {
    case 'call':
      return callContent(entry, part);
    case 'fault':
      return html`<code>${terminalLine(entry.proof, PART)}</code> <span class="note">${entry.route} route</span>`;
    case 'notification':
      return html`<code>numberOfNotifications: ${entry.count}, notificationArray:
${terminalLine(formatValue(entry.notifications), PART)}</code>`;
  }
}

/** Red marks what shows the fault: a failure code is lawful in most places. */
function callContent(call: CallEntry, part: number): Markup {
  const outputs = valuesText(call.outputs);
  const tone =
    call.mark !== undefined || call.error !== undefined ? 'bad' : succeeded(call.hr ?? -1) ? 'fine' : 'lawful';
  return html`<code><b>${terminalLine(displayName(call.method), 120)}</b>(${terminalLine(valuesText(call.args), part)})
on ${terminalLine(call.object, 120)} <span class="arrow">→</span>
<span class="${tone}">${terminalLine(answerText(call), part)}</span>${
    outputs !== '' && html` <span class="outs">${terminalLine(outputs, part)}</span>`
  }</code> <span class="took">${call.ms} ms</span>`;
}
