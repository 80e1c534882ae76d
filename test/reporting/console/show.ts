// The console's text of a run, for tests.
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ConsoleReporter, type ConsoleOptions, type Output } from '../../../src/reporting/console/console.js';
import { play } from '../samples.js';

export interface Collected {
  readonly during: string;
  readonly summary: string;
}

/** The output on a stream, apart for the run and its end. */
export async function show(
  results: readonly CheckResult[],
  options: Partial<ConsoleOptions> & { readonly isTTY?: boolean } = {},
  change: Parameters<typeof play>[2] = {},
): Promise<Collected> {
  let text = '';
  const out: Output = {
    isTTY: options.isTTY ?? false,
    columns: 60,
    write: (piece, done) => {
      text += piece;
      done?.();
    },
  };
  const reporter = new ConsoleReporter({ out, reports: '/tmp/reports', ...options });
  let during = '';
  await play(
    {
      runStarted: (head) => reporter.runStarted(head),
      checkFinished: (result) => reporter.checkFinished(result),
      runFinished: async (...end) => {
        during = text;
        await reporter.runFinished(...end);
      },
    },
    results,
    change,
  );
  return { during, summary: text.slice(during.length) };
}
