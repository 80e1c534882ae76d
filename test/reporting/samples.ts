// Events of a run as reporters get them, with only what a test is about spelled out.
import type { RunHeader, RunListener, RunSummary } from '../../src/run/events.js';
import type { CheckResult } from '../../src/checks/outcome.js';
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

/** Fails for VDS-1.3a. */
export function failed(
  id: string,
  change: Partial<CheckResult> = {},
  message = 'GetImportTarget answered S_OK and must answer VDS_E_NO_IMPORT_TARGET',
): CheckResult {
  const call = 'IVdsSubSystemImportTarget::GetImportTarget() → S_OK (0x00000000) iscsiName: "iqn.2026-11.example:a"';
  return passed(id, {
    verdict: 'failed',
    reason: message,
    requirements: ['VDS-1.3a'],
    findings: [{ requirement: 'VDS-1.3a', level: 'MUST', message, call, faultVerdict: 'silent wrong data' }],
    trace: ['IVdsSubSystemImportTarget::SetImportTarget(iscsiName: "{0}") → S_OK (0x00000000)', call],
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
    trace: ['IVdsLun::Extend(numberOfBytesToAdd: 1048576) → (no answer)'],
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
