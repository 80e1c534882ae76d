// Which cells of command × role of a related object × state of that a run has visited, over all of its tours.
import type { CheckResult, VisitedCells } from '../checks/outcome.js';
import type { StateCoverage } from './events.js';

/** `mask-lun, container subsystem` for each cell. */
const cellsOf = (table: VisitedCells['seen']): readonly string[] =>
  Object.entries(table).flatMap(([command, roles]) => roles.map((role) => `${command}, ${role}`));

/** How many cells of each state were visited of those that the provider has. */
export function stateCoverage(results: readonly CheckResult[]): readonly StateCoverage[] {
  const states = new Map<string, { readonly seen: Set<string>; readonly possible: Set<string> }>();
  for (const { visited = [] } of results)
    for (const { state, seen, left } of visited) {
      const known = states.get(state) ?? { seen: new Set(), possible: new Set() };
      states.set(state, known);
      for (const cell of cellsOf(seen)) known.seen.add(cell);
      for (const cell of [...cellsOf(seen), ...cellsOf(left)]) known.possible.add(cell);
    }
  return [...states].map(([state, { seen, possible }]) => ({ state, seen: seen.size, possible: possible.size }));
}
