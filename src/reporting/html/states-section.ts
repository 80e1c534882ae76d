// The states in which objects were while a change was made on them or on what is related to them, and by how many of
// the roles that they can have to it.
import type { CheckResult } from '../../checks/outcome.js';
import { terminalLine } from '../text/plain-text.js';
import { html, type Markup } from './markup.js';
import type { View } from './view.js';

/** Roles by state and command. */
type Cells = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

export function statesSection({ results, summary }: View): Markup {
  const { states = [] } = summary;
  if (states.length === 0) return html``;
  return html`
<section id="states" aria-labelledby="states-heading">
<h2 id="states-heading">States of objects</h2>
<p>A cell is a change, and the part that an object in a state has in it: the change is of that object, of one of the
same container, of one that it contains or is associated with, or elsewhere.</p>
<table><thead><tr><th scope="col">State of the object</th><th scope="col">Seen</th><th scope="col">Possible</th>
<th scope="col">Share</th></tr></thead>
<tbody>${states.map(
    ({ state, seen, possible }) =>
      html`<tr><th scope="row">${terminalLine(state, 60)}</th><td>${seen}</td><td>${possible}</td>
<td>${Math.floor((100 * seen) / Math.max(possible, 1))} %</td></tr>
`,
  )}</tbody></table>
${matrix(
  states.map(({ state }) => state),
  cellsIn(results, ['seen']),
  cellsIn(results, ['seen', 'left']),
)}
</section>`;
}

/** The cells of all tours of a run. */
function cellsIn(results: readonly CheckResult[], parts: readonly ('seen' | 'left')[]): Cells {
  const all = new Map<string, Map<string, Set<string>>>();
  for (const visited of results.flatMap((r) => r.visited ?? [])) {
    const commands = all.get(visited.state) ?? new Map<string, Set<string>>();
    all.set(visited.state, commands);
    for (const part of parts)
      for (const [command, roles] of Object.entries(visited[part]))
        commands.set(command, new Set([...(commands.get(command) ?? []), ...roles]));
  }
  return all;
}

/** Command by state, with the number of roles that were seen of those that were possible. */
function matrix(states: readonly string[], seen: Cells, possible: Cells): Markup {
  const commands = [...new Set(states.flatMap((state) => [...(possible.get(state)?.keys() ?? [])]))].sort();
  return html`<details><summary>Which change in which state, by the number of parts of the object in it</summary>
<div class="scroll whole" tabindex="0" role="region" aria-label="Changes by states of objects">
<table class="matrix"><thead><tr>
<th scope="col">Change</th>${states.map(
    (state) => html`<th scope="col" class="moment"><span>${terminalLine(state, 60)}</span></th>`,
  )}</tr></thead>
<tbody>${commands.map(
    (command) => html`<tr><th scope="row">${terminalLine(command, 60)}</th>${states.map((state) => {
      const most = possible.get(state)?.get(command)?.size ?? 0;
      return html`<td>${most === 0 ? '' : `${seen.get(state)?.get(command)?.size ?? 0}/${most}`}</td>`;
    })}</tr>
`,
  )}</tbody></table></div></details>`;
}
