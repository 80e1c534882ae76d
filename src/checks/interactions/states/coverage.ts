// Which cells a tour of states has visited: command × role of a related object × state of that.
import type { VisitedCells } from '../../outcome.js';
import { roleText, type Cell } from './roles.js';

/** By command the roles. */
type Table = Map<string, Set<string>>;

export class CellCoverage {
  private readonly seen = new Map<string, Table>();
  private readonly possible = new Map<string, Table>();

  /** The provider can be brought into the state, and has what the cells are about. */
  mayVisit(state: string, cells: readonly Cell[]): void {
    for (const cell of cells) add(this.possible, state, cell);
  }

  visited(state: string, cell: Cell): void {
    add(this.possible, state, cell);
    add(this.seen, state, cell);
  }

  has(state: string, cell: Cell): boolean {
    return this.seen.get(state)?.get(cell.command)?.has(roleText(cell)) === true;
  }

  get size(): number {
    return [...this.seen.values()].reduce((sum, table) => sum + sizeOf(table), 0);
  }

  /** In a form for reports. */
  report(): readonly VisitedCells[] {
    return [...this.possible].map(([state, cells]) => {
      const seen: Table = this.seen.get(state) ?? new Map();
      const left = [...cells].map(([command, roles]): [string, string[]] => [
        command,
        [...roles].filter((role) => seen.get(command)?.has(role) !== true),
      ]);
      return { state, seen: listed([...seen]), left: listed(left.filter(([, roles]) => roles.length > 0)) };
    });
  }
}

function add(all: Map<string, Table>, state: string, cell: Cell): void {
  const table: Table = all.get(state) ?? new Map();
  all.set(state, table);
  const roles = table.get(cell.command) ?? new Set<string>();
  table.set(cell.command, roles);
  roles.add(roleText(cell));
}

const sizeOf = (table: Table): number => [...table.values()].reduce((sum, roles) => sum + roles.size, 0);

const listed = (table: readonly (readonly [string, Iterable<string>])[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(table.map(([command, roles]) => [command, [...roles].sort()] as const).sort());
