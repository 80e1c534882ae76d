// The changes since an earlier run: what fails newly, what was fixed, what still fails.
import { counted } from '../../contract/wording.js';
import { diffRuns, type Change } from '../insight/diff.js';
import type { StoredRun } from '../store/read-run.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Markup } from './markup.js';
import type { View } from './view.js';

/** Checks of one kind beyond this are counted only. */
const LISTED = 20;

export function sinceSection(view: View, before: StoredRun | undefined): Markup | undefined {
  if (before === undefined) return undefined;
  const diff = diffRuns(before, { file: '', header: view.header, results: view.results });
  const byId = new Map(view.results.map((r) => [r.id, r]));
  const item = ({ id, what }: Change): Markup => {
    const result = byId.get(id);
    return html`<li data-find>${
      result === undefined ? terminalLine(id, 200) : view.check(result)
    }${what !== undefined && html` ${terminalLine(what, 240)}`}</li>
`;
  };
  const group = (title: string, changes: readonly Change[], open: boolean): Markup | false =>
    changes.length > 0 &&
    html`<details class="card"${open && html` open`}><summary>${title} (${changes.length})</summary><ul class="plain">
${changes.slice(0, LISTED).map(item)}</ul>${
      changes.length > LISTED && html`<p>and ${changes.length - LISTED} more</p>`
    }</details>
`;
  return html`
<section id="since" aria-labelledby="since-heading">
<h2 id="since-heading">Since the run before</h2>
<p>Compared with the run of ${terminalLine(before.header.startedAt)}, version ${terminalLine(before.header.version)},
seed ${terminalLine(before.header.seed)}: ${
    diff.worse.length === 0 ? 'nothing got worse' : `${counted(diff.worse.length, 'check is', 'checks are')} worse off`
  }.</p>
${group('Fails newly', diff.newFailures, true)}
${group('Fixed', diff.fixed, false)}
${group('Still fails', diff.stillFailing, false)}
${group('Newly inconclusive', diff.newlyInconclusive, false)}
${group('Newly not applicable', diff.newlyNotApplicable, false)}</section>`;
}
