// The thread in which defects that need no process of their own are run; see outcomesOf() in lanes.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { defectNamed } from '../../../providers/defective/adapter.js';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import type { LaneOrder, LaneReport } from './lanes.js';
import { outcomeOf } from './outcome.js';

const { defects, checks } = workerData as LaneOrder;
const wanted = new Set(checks);
const selected = select(SUITES, { effort: 'quick' }).filter(({ check }) => wanted.has(check.id));
for (const name of defects) {
  const { results, lenient, ms } = await outcomeOf(defectNamed(name), selected);
  const report: LaneReport = { name, results, lenient, ms };
  parentPort?.postMessage(report);
}
