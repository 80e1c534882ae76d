// Runs the selected checks with vitest as the engine, from a process of its own choosing of files, cache and pool:
// nothing of a project around us, and nothing written into our own package.
import { realpathSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckResult } from '../../checks/outcome.js';
import { takeResult, type Job } from './job.js';

const PACKAGE_ROOT = realpathSync(fileURLToPath(new URL('../../../../', import.meta.url)));

export interface EngineOutcome {
  /** The engine's own errors, and checks that never reported. */
  readonly problems: readonly string[];
}

export interface EngineRun {
  readonly outcome: Promise<EngineOutcome>;
  /** Lets the check under way finish its clean-up and starts no other. */
  cancel(): void;
}

/** Starts the engine. `onResult` is called as each check ends. */
export async function startEngine(job: Job, onResult: (result: CheckResult) => void): Promise<EngineRun> {
  // A resumed run may have nothing left to do, and a file without tests is an error to vitest.
  if (job.checks.length === 0) return { outcome: Promise.resolve({ problems: [] }), cancel: () => {} };
  // Imported here: it takes 160 ms that `list` and `--help` need not pay.
  const { createVitest } = await import('vitest/node');
  const reported = new Set<string>();
  const problems: string[] = [];
  const take = (result: CheckResult | undefined): void => {
    if (result === undefined || reported.has(result.id)) return;
    reported.add(result.id);
    onResult(result);
  };
  // The engine forgets a cancellation that comes before the run has begun, and at a second one it ends the worker
  // without letting the check clean up.
  let [begun, cancelled, passedOn] = [false, false, false];
  const passOn = (): void => {
    if (!begun || !cancelled || passedOn) return;
    passedOn = true;
    void vitest.cancelCurrentRun('keyboard-input');
  };
  const cancel = (): void => {
    cancelled = true;
    passOn();
  };
  // Nearly all that a check reads dies young; with V8's own few megabytes for it, much would be copied to the old
  // generation first. For the worker.
  setFlagsFromString('--max-semi-space-size=64');
  const vitest = await createVitest(
    'test',
    {
      config: false,
      root: PACKAGE_ROOT,
      watch: false,
      cache: false,
      include: ['dist/src/run/engine/checks.run.js'],
      exclude: [],
      // Foreign code is in the provider host, so one shared thread is enough, and the quickest to start.
      pool: 'threads',
      isolate: false,
      fileParallelism: false,
      maxWorkers: 1,
      // Each call has its own limit; the engine's would cut a lawful scan short.
      testTimeout: 0,
      hookTimeout: 0,
      teardownTimeout: 10_000,
      server: { deps: { external: [/.*/] } },
      provide: { vdsJob: job },
      reporters: [
        {
          onTestModuleQueued: () => {
            begun = true;
            passOn();
          },
          onTestCaseResult: (testCase) => take(takeResult(testCase.meta())),
          onTestRunEnd: (modules, errors) => {
            for (const error of errors) problems.push(`the engine reported: ${error.message}`);
            for (const module of modules) {
              for (const error of module.errors())
                problems.push(`the checks could not be registered: ${error.message}`);
              for (const testCase of module.children.allTests()) take(takeResult(testCase.meta()));
            }
          },
        },
      ],
    },
    { cacheDir: join(job.scratch, 'vite'), logLevel: 'silent' },
  );
  const outcome = (async (): Promise<EngineOutcome> => {
    try {
      await vitest.start();
    } finally {
      await vitest.close();
    }
    for (const id of job.checks) if (!reported.has(id)) problems.push(`${id} never reported`);
    return { problems };
  })();
  return { outcome, cancel };
}
