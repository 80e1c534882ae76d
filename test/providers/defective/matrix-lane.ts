// The thread in which defects that need no process of their own are run; see outcomesOf() in matrix.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { defectNamed } from '../../../providers/defective/adapter.js';
import { select } from '../../../src/conformance/suites.js';
import { allSuites } from '../../support/run-checks.js';
import { outcomeOf, type LaneOrder, type LaneReport } from './matrix.js';

const { defects, checks } = workerData as LaneOrder;
const selected = select(await allSuites(), { checks });
for (const name of defects) {
  const { results, lenient, ms } = await outcomeOf(defectNamed(name), selected);
  const report: LaneReport = { name, results, lenient, ms };
  parentPort?.postMessage(report);
}
