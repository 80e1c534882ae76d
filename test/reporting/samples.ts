// Events of a run as reporters get them, with only what a test is about spelled out.
import type { RunHeader, RunListener, RunSummary } from '../../src/run/events.js';
import type { CheckResult, Note } from '../../src/checks/outcome.js';
import { HR } from '../../src/contract/hresult.js';
import type { Output } from '../../src/reporting/console/console.js';
import type { CallEntry } from '../../src/port/trace-entry.js';
import { countVerdicts, coverageOf, exitCodeOf } from '../../src/run/summary.js';

export function header(change: Partial<RunHeader> = {}): RunHeader {
  return {
    version: '0.1.0',
    seed: 'cafe0001',
    provider: 'in-memory',
    startedAt: '2026-11-23T21:28:00Z',
    strict: false,
    checks: [],
    host: 'node v20.20.2 linux x64',
    ...change,
  };
}

export function passed(id: string, change: Partial<CheckResult> = {}): CheckResult {
  return {
    id,
    suite: id.split('.')[0] ?? id,
    title: `Title of ${id}`,
    requirements: ['VDS-1.4a'],
    verdict: 'passed',
    findings: [],
    notes: [],
    calls: 3,
    ms: 12.3456,
    ...change,
  };
}

/** A call that answered S_OK, unless another answer or an error is given. */
export function call(
  number: number,
  method: string,
  { hr = HR.S_OK, error, ...rest }: Partial<Omit<CallEntry, 'type' | 'number' | 'method'>> = {},
): CallEntry {
  return {
    type: 'call',
    number,
    at: number,
    object: 'lun#1',
    method,
    args: {},
    ...(error === undefined ? { hr } : { error }),
    outputs: {},
    ms: 0.5,
    ...rest,
  };
}

/** Notes of no special kind. */
export const notes = (...texts: readonly string[]): Note[] => texts.map((text) => ({ kind: 'observation', text }));

/** Fails for VDS-1.3a. */
export function failed(
  id: string,
  change: Partial<CheckResult> = {},
  message = 'GetImportTarget answered S_OK and must answer VDS_E_NO_IMPORT_TARGET',
): CheckResult {
  return passed(id, {
    verdict: 'failed',
    reason: message,
    requirements: ['VDS-1.3a'],
    findings: [
      {
        requirement: 'VDS-1.3a',
        level: 'MUST',
        message,
        call: 2,
        expected: { hresult: HR.VDS_E_NO_IMPORT_TARGET },
        actual: { hresult: HR.S_OK },
        faultVerdict: 'silent wrong data',
      },
    ],
    trace: [
      call(1, 'IVdsSubSystemImportTarget.SetImportTarget', {
        object: 'subsystem#1',
        args: { iscsiName: '{0}' },
      }),
      call(2, 'IVdsSubSystemImportTarget.GetImportTarget', {
        object: 'subsystem#1',
        outputs: { iscsiName: 'iqn.2026-11.example:a' },
        mark: 'shows-it',
      }),
    ],
    ...change,
  });
}

export function ended(
  id: string,
  verdict: 'crashed' | 'hung' | 'error' | 'inconclusive' | 'not-applicable',
  reason: string,
  change: Partial<CheckResult> = {},
): CheckResult {
  return passed(id, {
    verdict,
    reason,
    trace: [
      call(
        1,
        'IVdsLun.Extend',
        verdict === 'crashed' || verdict === 'hung'
          ? { args: { numberOfBytesToAdd: 1048576 }, error: `VDSC_${verdict.toUpperCase()}`, mark: 'died' }
          : { args: { numberOfBytesToAdd: 1048576 } },
      ),
    ],
    ...change,
  });
}

export function summaryOf(results: readonly CheckResult[], change: Partial<RunSummary> = {}): RunSummary {
  const { problems = [], interrupted = false } = change;
  return {
    counts: countVerdicts(results),
    findings: results.filter((r) => r.verdict === 'passed').flatMap((r) => r.findings).length,
    exitCode: change.exitCode ?? exitCodeOf(results, problems, interrupted),
    problems,
    interrupted,
    ms: 99.5,
    coverage: coverageOf(results),
    ...change,
  };
}

/** Plays a run to a listener. */
export async function play(
  listener: RunListener,
  results: readonly CheckResult[],
  change: { readonly header?: Partial<RunHeader>; readonly summary?: Partial<RunSummary> } = {},
): Promise<void> {
  const head = header({ checks: results.map((r) => r.id), ...change.header });
  listener.runStarted(head);
  for (const result of results) listener.checkFinished(result);
  await listener.runFinished(head, results, summaryOf(results, change.summary));
}

/** An output that keeps what is written. */
export function collector(): Output & { text: () => string } {
  let text = '';
  return {
    write: (piece, done) => {
      text += piece;
      done?.();
    },
    text: () => text,
  };
}
