// `vds-conformance run`: the suite against a provider.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { startEngine } from '../conformance/engine/run.js';
import type { RunHeader, RunSummary } from '../conformance/events.js';
import type { CheckResult } from '../conformance/outcome.js';
import { EFFORTS } from '../conformance/check.js';
import { loadSuites, select } from '../conformance/suites.js';
import { couldNotOpen, countVerdicts, coverageOf, exitCodeOf } from '../conformance/verdict.js';
import { DEFAULT_LIMITS } from '../provider/session.js';
import { createReporters } from '../reporting/reporters.js';
import type { ArgumentsOf, OptionsOf } from './options-of.js';
import { packageVersion, suiteModules } from './package-files.js';
import { providerSpec, PROVIDERS } from './provider-option.js';
import { newSeed } from './seed.js';

/** Longest wait for the engine to give up after an interruption; reports are written whatever it does. */
const INTERRUPTION_GRACE = 800;

const options = (yargs: Argv<object>) => yargs
  .option('provider', { type: 'string', demandOption: true, describe: PROVIDERS.map((p) => p.name).join(' | ') })
  .option('url', { type: 'string', describe: 'where the provider answers, for --provider rest' })
  .option('library', { type: 'string', describe: 'the provider\'s DLL or shared library, for --provider ffi' })
  .option('clsid', { type: 'string', describe: 'the provider\'s class id, for --provider ffi' })
  .option('suite', { type: 'string', array: true, requiresArg: true, describe: 'only these suites' })
  .option('effort', { choices: EFFORTS, default: 'standard' as const, describe: 'quick: the hand-written checks; standard: every method with every corruption form and with every moment; full: the whole product' })
  .option('check', { type: 'string', array: true, requiresArg: true, describe: 'only these checks; an id may end in *' })
  .option('seed', { type: 'string', requiresArg: true, describe: 'repeat the run that printed it' })
  .option('reports', { type: 'string', default: 'reports', requiresArg: true, describe: 'folder for junit.xml, results.json and evidence' })
  .option('strict', { type: 'boolean', default: false, describe: 'findings at level SHOULD fail too' })
  .option('timeout', { type: 'number', requiresArg: true, describe: `milliseconds for one call (default ${DEFAULT_LIMITS.call})` })
  .option('scan-timeout', { type: 'number', requiresArg: true, describe: `milliseconds for Reenumerate, Refresh and Wait (default ${DEFAULT_LIMITS.scan})` })
  .option('cache-file', { type: 'string', requiresArg: true, describe: 'the file in which the provider caches its devices: corruption is then done to it from outside; {scratch} stands for the run\'s scratch folder' })
  .option('allow-inconclusive', { type: 'string', array: true, requiresArg: true, describe: 'checks that may end inconclusive without making the run incomplete' })
  .option('quiet', { type: 'boolean', default: false, describe: 'print the summary only' })
  .option('color', { type: 'boolean', describe: 'colour, also where the output is no terminal (--no-color for none)' })
  .example('$0 run --provider in-memory', 'try the suite on the reference provider')
  .example('$0 run --provider ffi --library ./provider.dll --clsid {…}', 'validate a native provider')
  .example('$0 run --provider rest --url http://127.0.0.1:8443 --suite recovery deletion', 'two suites, through a gateway');

export const runCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: ['run', '$0'],
  describe: 'Run the conformance suite against a provider (the default command)',
  builder: options,
  handler: async (args) => {
    process.exitCode = await run(args);
  },
};

async function run(args: ArgumentsOf<typeof options>): Promise<number> {
  const spec = providerSpec(args);
  const modules = suiteModules();
  const selected = select(await loadSuites(modules), { suites: args.suite ?? [], checks: args.check ?? [], effort: args.effort });
  const seed = args.seed ?? newSeed();
  const scratch = mkdtempSync(join(tmpdir(), 'vds-conformance-'));
  const started = performance.now();
  const header: RunHeader = {
    version: packageVersion(), seed, provider: commandFor(args), strict: args.strict, checks: selected.map(({ check }) => check.id),
    startedAt: `${new Date().toISOString().slice(0, 19)}Z`, host: `node ${process.version} ${process.platform} ${process.arch}`,
  };
  const reporters = createReporters({ reports: resolve(args.reports), out: process.stdout, color: args.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined), quiet: args.quiet });
  const results: CheckResult[] = [];
  const problems: string[] = [];
  let interrupted = false;
  let unopened = false;
  try {
    reporters.runStarted(header);
    const before = new Set(process.listeners('SIGINT'));
    const engine = await startEngine({
      provider: spec, seed, strict: args.strict, scratch, suiteModules: modules, checks: header.checks,
      limits: {
        ...DEFAULT_LIMITS, ...(args.timeout === undefined ? {} : { call: args.timeout }),
        ...(args.scanTimeout === undefined ? {} : { scan: args.scanTimeout, wait: args.scanTimeout }),
      },
      cacheFile: args.cacheFile === undefined ? null : resolve(args.cacheFile.replace('{scratch}', scratch)),
    }, (result) => {
      if (unopened) return;
      results.push(result);
      reporters.checkFinished(result);
      if (results.length === 1 && couldNotOpen(result)) {
        unopened = true;
        engine.cancel();
      }
    });
    // The engine's own handler would exit at once and report nothing.
    for (const listener of process.listeners('SIGINT')) if (!before.has(listener)) process.removeListener('SIGINT', listener);
    const interruption = new Promise<undefined>((done) => {
      const stop = (): void => {
        if (interrupted) process.exit(130);
        interrupted = true;
        engine.cancel();
        setTimeout(() => done(undefined), INTERRUPTION_GRACE);
      };
      process.on('SIGINT', stop).on('SIGTERM', stop);
    });
    const outcome = await Promise.race([engine.outcome, interruption]);
    if (unopened) problems.push(`the provider could not be opened, so ${header.checks.length - 1} other checks were not run`);
    else if (!interrupted) problems.push(...(outcome?.problems ?? []));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const order = new Map(header.checks.map((id, index) => [id, index]));
  results.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const summary: RunSummary = {
    counts: countVerdicts(results),
    findings: results.filter((r) => r.verdict === 'passed').reduce((sum, r) => sum + r.findings.length, 0),
    exitCode: exitCodeOf(results, problems, interrupted, args.allowInconclusive ?? []),
    problems, interrupted, ms: performance.now() - started, coverage: coverageOf(results),
  };
  await reporters.runFinished(header, results, summary);
  // A check cut short keeps its provider waiting, and so this process; everything is written by now.
  if (interrupted) process.exit(summary.exitCode);
  return summary.exitCode;
}

/** What to type after --provider to get the same provider again. */
function commandFor(args: ArgumentsOf<typeof options>): string {
  const quote = (text: string): string => (/^[\w./:@{}-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`);
  return [quote(args.provider), ...(['url', 'library', 'clsid', 'cacheFile'] as const).flatMap((k) => {
    const value = args[k];
    return value === undefined ? [] : [`--${k === 'cacheFile' ? 'cache-file' : k} ${quote(value)}`];
  })].join(' ');
}
