// Runs checks against many defects at once: those that need no process of their own in threads, beside those in
// provider hosts, whose calls they would hold up.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Defect } from '../../../providers/defective/defect.js';
import type { SelectedCheck } from '../../../src/run/selection.js';
import { ROOT } from '../../support/project.js';
import { outcomeOf, type Outcome } from './outcome.js';

/** Defects by name, and the checks to run against them. */
export interface LaneOrder {
  readonly defects: readonly string[];
  readonly checks: readonly string[];
}
/** A thread's message about one defect. */
export type LaneReport = Omit<Outcome, 'defect'> & { readonly name: string };

const THREADS = 2;
/** Threads run compiled code, wherever this module came from. */
const LANE = join(ROOT, 'dist/test/providers/defective/matrix-lane.js');

/** Runs the checks against each defect. */
export async function outcomesOf(
  defects: readonly Defect[],
  checks: readonly SelectedCheck[],
): Promise<readonly Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const inProcess = defects.filter((d) => d.needsIsolation !== true);
  const lane = (some: readonly Defect[]): Promise<void> => {
    const order: LaneOrder = { defects: some.map((d) => d.name), checks: checks.map(({ check }) => check.id) };
    const thread = new Worker(LANE, { workerData: order });
    thread.on('message', ({ name, ...rest }: LaneReport) => {
      const defect = some.find((d) => d.name === name);
      if (defect !== undefined) outcomes.set(name, { defect, ...rest });
    });
    return new Promise((resolve, reject) => {
      thread.once('error', reject);
      thread.once('exit', () => resolve());
    });
  };
  const hosts = async (): Promise<void> => {
    for (const defect of defects)
      if (defect.needsIsolation === true) outcomes.set(defect.name, await outcomeOf(defect, checks));
  };
  await Promise.all([
    hosts(),
    ...Array.from({ length: THREADS }, (_, n) => lane(inProcess.filter((_defect, index) => index % THREADS === n))),
  ]);
  return defects.flatMap((d) => outcomes.get(d.name) ?? []);
}
