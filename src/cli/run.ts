// `vds-conformance run`: the suite against a provider.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { excuse } from '../conformance/baseline.js';
import { startEngine } from '../conformance/engine/run.js';
import type { RunHeader } from '../conformance/events.js';
import type { CheckResult } from '../conformance/outcome.js';
import { EFFORTS } from '../conformance/check.js';
import { loadSuites, select } from '../conformance/suites.js';
import { couldNotOpen, summarize } from '../conformance/verdict.js';
import { DEFAULT_LIMITS, type Limits } from '../provider/session.js';
import { readBaseline } from '../reporting/baseline-file.js';
import { InOrder, journalToResume, mustBeSameRun } from '../reporting/continue-run.js';
import { JOURNAL } from '../reporting/journal.js';
import { createReporters } from '../reporting/reporters.js';
import { inOrder, withoutResult } from '../reporting/read-run.js';
import { timestamp } from '../reporting/times.js';
import type { ArgumentsOf, OptionsOf } from './options-of.js';
import { packageVersion, suiteModules } from './package-files.js';
import { providerSpec, PROVIDERS } from './provider-option.js';
import { newSeed } from './seed.js';
import { lookAt, mustNotShareASystem, shardOptions, takeShard } from './shard-options.js';
import { certificateOptions, certify, consoleOptions, offerBaseline, signingKey, writeBaselineOption } from './stored-reports.js';

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
  .option('allow-inconclusive', { type: 'string', array: true, requiresArg: true, describe: 'checks that may end inconclusive without making the run incomplete; an id may end in *' })
  .option('resume', { type: 'boolean', default: false, describe: 'go on with the run whose journal is in the reports folder, if there is one, with the same provider, selection and seed' })
  .option('baseline', { type: 'string', requiresArg: true, describe: 'a file of known failures, which do not make the run non-conformant' })
  .options(writeBaselineOption)
  .options(certificateOptions)
  .options(shardOptions)
  .options(consoleOptions)
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
  const suites = await loadSuites(modules);
  const baseline = args.baseline === undefined ? undefined : readBaseline(args.baseline, new Set(suites.flatMap((s) => s.checks.map((c) => c.id))));
  const chosen = select(suites, { suites: args.suite ?? [], checks: args.check ?? [], effort: args.effort });
  const reports = resolve(args.reports);
  const earlier = args.resume ? journalToResume(reports) : undefined;
  const seed = args.seed ?? earlier?.header.seed ?? newSeed();
  const { selected, shard } = takeShard(args, chosen);
  const limits: Limits = {
    ...DEFAULT_LIMITS, ...(args.timeout === undefined ? {} : { call: args.timeout }),
    ...(args.scanTimeout === undefined ? {} : { scan: args.scanTimeout, wait: args.scanTimeout }),
  };
  const key = signingKey(args);
  const identity = shard === undefined && key === undefined ? undefined : await lookAt(spec, seed, limits);
  if (shard !== undefined && identity !== undefined) mustNotShareASystem(shard, identity, spec);
  const started = performance.now();
  const now: RunHeader = {
    version: packageVersion(), seed, provider: commandFor(args), strict: args.strict, checks: selected.map(({ check }) => check.id),
    startedAt: timestamp(Date.now()), host: `node ${process.version} ${process.platform} ${process.arch}`,
    ...(args.allowInconclusive === undefined ? {} : { allowInconclusive: args.allowInconclusive }), ...(baseline === undefined ? {} : { baseline: baseline.filter((e) => chosen.some(({ check }) => check.id === e.check)) }),
    ...(shard === undefined ? {} : { shard }),
    ...(identity?.product === undefined ? {} : { product: identity.product }),
  };
  if (earlier !== undefined) mustBeSameRun(earlier, now, join(reports, JOURNAL));
  const header = earlier?.header ?? now;
  const known = earlier?.results ?? [];
  const left = withoutResult(header, known);
  const reporters = createReporters({ reports, out: process.stdout, color: args.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined), quiet: args.quiet, journal: earlier });
  const told = new InOrder(header, known, (result) => reporters.checkFinished(result));
  const scratch = mkdtempSync(join(tmpdir(), 'vds-conformance-'));
  const results: CheckResult[] = [...known];
  const problems: string[] = [];
  let interrupted = false;
  let unopened = false;
  try {
    reporters.runStarted(header);
    const before = new Set(process.listeners('SIGINT'));
    const engine = await startEngine({
      provider: spec, seed, strict: args.strict, scratch, suiteModules: modules, checks: left,
      limits,
      cacheFile: args.cacheFile === undefined ? null : resolve(args.cacheFile.replace('{scratch}', scratch)),
    }, (raw) => {
      if (unopened) return;
      const result = excuse(raw, header);
      results.push(result);
      told.take(result);
      if (results.length === known.length + 1 && couldNotOpen(result)) {
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
    if (unopened) problems.push(`the provider could not be opened, so ${left.length - 1} other checks were not run`);
    else if (!interrupted) problems.push(...(outcome?.problems ?? []));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  told.end();
  const ms = performance.now() - started + known.reduce((sum, r) => sum + r.ms, 0);
  const ordered = inOrder(header, results);
  const summary = summarize(header, ordered, { problems, interrupted, ms });
  await reporters.runFinished(header, ordered, summary);
  certify(key, reports, header, summary);
  offerBaseline(args.writeBaseline, ordered);
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
