// The thread in which defects that need no process of their own are run; see outcomesOf() in matrix.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { defectNamed } from '../../../providers/defective/adapter.js';
import { select } from '../../../src/run/selection.js';
import { allSuites } from '../../support/run-checks.js';
import { outcomeOf, type LaneOrder, type LaneReport } from './matrix.js';

const known = new Map(select(await allSuites(), { effort: 'quick' }).map((selected) => [selected.check.id, selected]));
for (const { defect, checks } of workerData as LaneOrder) {
  const { results, lenient, ms } = await outcomeOf(
    defectNamed(defect),
    checks.flatMap((id) => known.get(id) ?? []),
  );
  const report: LaneReport = { name: defect, results, lenient, ms };
  parentPort?.postMessage(report);
}
