// The generated checks of a run as tables of method by fault and moment, one a suite. Which place a check has is the
// check's to say.
import type { CheckResult } from '../../checks/outcome.js';
import { MOMENTS } from '../../faults/moments.js';
import { displayName } from '../../port/show-value.js';
import { isFailure } from './explain.js';

export interface FaultMatrix {
  readonly suite: string;
  /** The columns: each fault with the moments at which it was tried. */
  readonly columns: readonly { readonly fault: string; readonly moments: readonly string[] }[];
  /** Methods at which something failed come first. */
  readonly rows: readonly {
    /** `IVdsLun::Extend` */
    readonly method: string;
    /**
     * A cell for each moment of each fault, in the columns' order; undefined where the run holds no such check. Two
     * checks may share a place.
     */
    readonly cells: readonly (readonly CheckResult[] | undefined)[];
  }[];
}

/** One table for each suite that has generated checks, in the order of the run. */
export function faultMatrices(results: readonly CheckResult[]): FaultMatrix[] {
  const suites = new Map<string, Map<string, CheckResult[]>>();
  const columns = new Map<string, Map<string, Set<string>>>();
  const rows = new Map<string, Set<string>>();
  for (const result of results) {
    const { suite, matrix } = result;
    if (matrix === undefined) continue;
    const cells = at(suites, suite, () => new Map<string, CheckResult[]>());
    at(cells, key(matrix.method, matrix.fault, matrix.moment), () => []).push(result);
    at(
      at(columns, suite, () => new Map<string, Set<string>>()),
      matrix.fault,
      () => new Set<string>(),
    ).add(matrix.moment);
    at(rows, suite, () => new Set<string>()).add(matrix.method);
  }
  return [...suites].map(([suite, cells]) => {
    const faults = [...(columns.get(suite) ?? [])];
    // Moments stand in one order in all columns: that of time; other names follow in the order in which the run first
    // met them.
    const met = new Set(faults.flatMap(([, moments]) => [...moments]));
    const order = [...MOMENTS.map((m) => m.name).filter((m) => met.has(m)), ...[...met].filter((m) => !IN_TIME.has(m))];
    const head = faults.map(([fault, moments]) => ({ fault, moments: order.filter((moment) => moments.has(moment)) }));
    return {
      suite,
      columns: head,
      rows: [...(rows.get(suite) ?? [])]
        .map((method) => ({
          method: displayName(method),
          cells: head.flatMap(({ fault, moments }) => moments.map((moment) => cells.get(key(method, fault, moment)))),
        }))
        .sort((a, b) => Number(b.cells.some(failsIn)) - Number(a.cells.some(failsIn))),
    };
  });
}

const IN_TIME: ReadonlySet<string> = new Set(MOMENTS.map((m) => m.name));

/** Whether a check of the cell failed. */
export const failsIn = (cell: readonly CheckResult[] | undefined): boolean => cell?.some(isFailure) === true;

const key = (...parts: readonly string[]): string => JSON.stringify(parts);

function at<K, V>(map: Map<K, V>, where: K, make: () => V): V {
  let found = map.get(where);
  if (found === undefined) map.set(where, (found = make()));
  return found;
}
