// The notes of checks besides their verdicts: faults that were shown to have happened, readings that the provider
// chose, lawful answers from its cache, and what could not be taken back.
import { counted } from '../../contract/wording.js';
import type { CheckResult, NoteKind } from '../../checks/outcome.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Markup } from './markup.js';
import type { View } from './view.js';

/** Notes of one kind beyond this are left out. */
const LISTED = 200;

/** The groups of notes, in the order in which a reader wants them. */
const GROUPS: readonly { readonly title: string; readonly kinds: readonly NoteKind[]; readonly open: boolean }[] = [
  { title: 'Not taken back', kinds: ['clean-up'], open: true },
  { title: 'Faults that were shown to have happened', kinds: ['fault'], open: false },
  {
    title: 'Readings that the provider chose, lawful caching, and other observations',
    kinds: ['reading', 'caching', 'observation'],
    open: true,
  },
];

export function notesSection(view: View): Markup {
  const kinds = GROUPS.map((kind) => ({ kind, notes: new Map<string, CheckResult[]>() }));
  for (const result of view.results) {
    for (const note of result.notes) {
      const notes = kinds.find(({ kind }) => kind.kinds.includes(note.kind))?.notes;
      const known = notes?.get(note.text);
      if (known === undefined) notes?.set(note.text, [result]);
      else known.push(result);
    }
  }
  return html`
<section id="notes" aria-labelledby="notes-heading">
<h2 id="notes-heading">Notes</h2>
<p>Observations that are no findings. Where the documents allow several readings, each passes; the one that the
provider chose is recorded, and must be kept.</p>
${kinds
  .filter(({ notes }) => notes.size > 0)
  .map(
    ({
      kind,
      notes,
    }) => html`<details class="card"${kind.open && html` open`}><summary>${kind.title} (${notes.size})</summary>
<ul class="plain">
${[...notes].slice(0, LISTED).map(
  ([note, results]) => html`<li data-find>${terminalLine(note, 600)} <span class="note">${
    results.length === 1 ? terminalLine(results[0]?.id ?? '', 200) : counted(results.length, 'check')
  }</span></li>
`,
)}</ul>${notes.size > LISTED && html`<p>and ${notes.size - LISTED} more in results.json</p>`}</details>`,
  )}
</section>`;
}
