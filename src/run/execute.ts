// Carries out a plan: starts the engine in a scratch folder of its own, takes each result as it comes, and stops for an
// interruption, a failure under --bail, the end of the time that was given, or a provider that cannot be opened.
import { counted } from '../contract/wording.js';
import { resolve } from 'node:path';
import { isFailure, type CheckResult } from '../checks/outcome.js';
import { excuse, type BaselineOfRun } from './baseline.js';
import { startEngine, type EngineRun } from './engine/run.js';
import { left, type RunPlan } from './plan.js';
import { couldNotOpen, type Circumstances } from './summary.js';
import { withScratch } from './scratch.js';

export interface Interruption {
  readonly happened: boolean;
  /** Resolves when the check under way has had its time; never, where nothing interrupts. */
  readonly graceIsOver: Promise<undefined>;
}

interface Execution extends Circumstances {
  /** Those of the earlier sitting too, in no particular order. */
  readonly results: readonly CheckResult[];
}

interface Surroundings {
  /** Called once, with what stops the run; says from then on whether somebody asked for that. */
  readonly takeInterruptions: (stop: () => void) => Interruption;
  /** Called for each result as its check ends, not for those of an earlier sitting. */
  readonly onResult: (result: CheckResult) => void;
}

type Stop = 'not opened' | 'failure' | 'time';

const checks = (count: number): string => counted(count, 'check was', 'checks were');

/** How many checks of these there are in each suite, as `912 of recovery, 43 of iscsi and 12 of others`. */
function bySuite(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const [suite = ''] of ids.map((id) => id.split('.'))) counts.set(suite, (counts.get(suite) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, SUITES_NAMED).map(([suite, count]) => `${count} of ${suite}`);
  const others = sorted.slice(SUITES_NAMED).reduce((sum, [, count]) => sum + count, 0);
  return [named.join(', '), ...(others > 0 ? [`${others} of others`] : [])].join(' and ');
}
const SUITES_NAMED = 4;

const baselineOf = ({ startedAt, baseline }: RunPlan['header']): BaselineOfRun => ({
  startedAt,
  ...(baseline === undefined ? {} : { baseline }),
});

/**
 * Runs the checks that are left. Rejects when the engine cannot be started; nothing that a check or a provider does
 * makes it reject.
 */
export async function execute(plan: RunPlan, { takeInterruptions, onResult }: Surroundings): Promise<Execution> {
  const started = performance.now();
  const toRun = left(plan);
  const results: CheckResult[] = [...plan.known];
  let engine: EngineRun | undefined;
  let stopped: Stop | undefined;
  const stop = (why: Stop): void => {
    stopped ??= why;
    engine?.cancel();
  };
  const interruption = takeInterruptions(() => engine?.cancel());
  const take = (raw: CheckResult): void => {
    // The provider may have been interrupted along with the run, and would take the blame.
    const blamed = raw.verdict === 'crashed' || raw.verdict === 'error';
    if (stopped === 'not opened' || stopped === 'failure' || (interruption.happened && blamed)) return;
    const result = excuse(raw, plan.header);
    results.push(result);
    onResult(result);
    if (results.length === plan.known.length + 1 && couldNotOpen(result)) stop('not opened');
    else if (plan.bail && isFailure(result)) stop('failure');
  };
  const timer = plan.maxTime === undefined ? undefined : setTimeout(() => stop('time'), plan.maxTime.ms);
  const problems = await withScratch(async (scratch) => {
    engine = await startEngine(
      {
        provider: plan.provider,
        seed: plan.header.seed,
        strict: plan.header.strict,
        scratch,
        suitesModule: plan.suitesModule,
        checks: toRun,
        reproduce: plan.reproduce,
        allCells: plan.allCells,
        baseline: baselineOf(plan.header),
        limits: plan.limits,
        lab: plan.lab,
        lunSize: plan.lunSize === undefined ? null : `${plan.lunSize}`,
        frame: plan.frame ?? null,
        cacheFile: plan.cacheFile === undefined ? null : resolve(plan.cacheFile.replace('{scratch}', scratch)),
        device: plan.device ?? null,
        providerLog: plan.providerLog ?? null,
      },
      take,
    );
    if (interruption.happened || stopped !== undefined) engine.cancel();
    const outcome = await Promise.race([engine.outcome, interruption.graceIsOver]);
    const rest = left({ header: plan.header, known: results });
    const notRun = rest.length;
    if (interruption.happened) return [];
    switch (stopped) {
      case 'not opened':
        return [`the provider could not be opened, so ${checks(notRun)} not run`];
      case 'failure':
        return [`stopped at the first failure, as --bail asks: ${checks(notRun)} not run`];
      case 'time':
        return notRun === 0
          ? []
          : [
              `the time of --${plan.maxTime?.option} is over: ${checks(notRun)} ` +
                `not run (${bySuite(rest)}); --resume goes on`,
            ];
      case undefined:
        return [...(outcome?.problems ?? [])];
    }
  }).finally(() => clearTimeout(timer));
  return {
    results,
    problems,
    interrupted: interruption.happened,
    ms: performance.now() - started + plan.known.reduce((sum, r) => sum + r.ms, 0),
  };
}
