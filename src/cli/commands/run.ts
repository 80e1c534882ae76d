// `vds-conformance run`: the suite against a provider.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { excuse } from '../../run/baseline.js';
import { startEngine, type EngineRun } from '../../run/engine/run.js';
import type { RunHeader } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import { loadSuites, select } from '../../run/selection.js';
import { couldNotOpen, summarize } from '../../run/summary.js';
import { readBaseline } from '../../reporting/store/baseline-file.js';
import { InOrder, journalToResume, mustBeSameRun } from '../../reporting/store/continue-run.js';
import { JOURNAL } from '../../reporting/store/journal.js';
import { createReporters } from '../../reporting/reporters.js';
import { isFailure } from '../../reporting/insight/explain.js';
import { inOrder, withoutResult } from '../../reporting/store/read-run.js';
import { timestamp } from '../../reporting/text/times.js';
import { deviceFrom } from '../options/config.js';
import { takeInterruptions } from './interruption.js';
import type { ArgumentsOf, OptionsOf } from '../options/options-of.js';
import { packageVersion, SUITES_MODULE } from '../package-files.js';
import { providerSpec } from '../options/provider-option.js';
import { configOptions, labFrom, limitsFrom, runOptions, selectionFrom } from '../options/run-options.js';
import { newSeed } from '../options/seed.js';
import { lookAt, mustNotShareASystem, takeShard } from '../options/shard-options.js';
import { certify, offerBaseline, signingKey } from './stored-reports.js';

const options = (yargs: Argv<object>) =>
  yargs
    .options(configOptions)
    .options(runOptions)
    .demandOption('provider')
    .example('$0 run --provider in-memory', 'try the suite on the reference provider')
    .example('$0 run --provider ffi --library ./provider.dll --clsid {…}', 'validate a native provider')
    .example(
      '$0 run --provider rest --url http://127.0.0.1:8443 --suite recovery deletion',
      'two suites, through a gateway',
    );

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
  const device = await deviceFrom(args.config, args.target);
  const cacheFile = args.cacheFile ?? device.cacheFile;
  const suites = await loadSuites(SUITES_MODULE);
  const baseline =
    args.baseline === undefined
      ? undefined
      : readBaseline(args.baseline, new Set(suites.flatMap((s) => s.checks.map((c) => c.id))));
  const chosen = select(suites, selectionFrom(args));
  const reports = resolve(args.reports);
  const earlier = args.resume ? journalToResume(reports) : undefined;
  const seed = args.seed ?? earlier?.header.seed ?? newSeed();
  const { selected, shard } = takeShard(args, chosen);
  const limits = limitsFrom(args);
  const key = signingKey(args);
  const identity = shard === undefined && key === undefined ? undefined : await lookAt(spec, seed, limits);
  if (shard !== undefined && identity !== undefined) mustNotShareASystem(shard, identity, spec);
  const started = performance.now();
  const now: RunHeader = {
    version: packageVersion(),
    seed,
    provider: commandFor(args, device),
    strict: args.strict,
    checks: selected.map(({ check }) => check.id),
    startedAt: timestamp(Date.now()),
    host: `node ${process.version} ${process.platform} ${process.arch}`,
    ...(args.allowInconclusive === undefined ? {} : { allowInconclusive: args.allowInconclusive }),
    ...(baseline === undefined
      ? {}
      : { baseline: baseline.filter((e) => chosen.some(({ check }) => check.id === e.check)) }),
    ...(shard === undefined ? {} : { shard }),
    ...(identity?.product === undefined ? {} : { product: identity.product }),
  };
  if (earlier !== undefined) mustBeSameRun(earlier, now, join(reports, JOURNAL));
  const header = earlier?.header ?? now;
  const known = earlier?.results ?? [];
  const left = withoutResult(header, known);
  const reporters = createReporters({
    reports,
    out: process.stdout,
    color: args.color,
    quiet: args.quiet,
    journal: earlier,
  });
  const told = new InOrder(header, known, (result) => reporters.checkFinished(result));
  const results: CheckResult[] = [...known];
  const problems: string[] = [];
  let engine: EngineRun | undefined;
  let unopened = false;
  let bailed = false;
  // Started before any signal is taken: a folder that hangs must not keep a Ctrl-C from ending the process.
  reporters.runStarted(header);
  const interruption = takeInterruptions(() => engine?.cancel());
  const scratch = mkdtempSync(join(tmpdir(), 'vds-conformance-'));
  try {
    told.begin();
    engine = await startEngine(
      {
        provider: spec,
        seed,
        strict: args.strict,
        scratch,
        suitesModule: SUITES_MODULE,
        checks: left,
        limits,
        lab: labFrom(args, reports),
        cacheFile: cacheFile === undefined ? null : resolve(cacheFile.replace('{scratch}', scratch)),
        device: device.commands ?? null,
      },
      (raw) => {
        // What was interrupted may have been interrupted with its provider, which would take the blame.
        if (unopened || bailed || (interruption.happened && (raw.verdict === 'crashed' || raw.verdict === 'error')))
          return;
        const result = excuse(raw, header);
        results.push(result);
        told.take(result);
        if (results.length === known.length + 1 && couldNotOpen(result)) {
          unopened = true;
          engine?.cancel();
        } else if (args.bail && isFailure(result)) {
          bailed = true;
          engine?.cancel();
        }
      },
    );
    if (interruption.happened) engine.cancel();
    const outcome = await Promise.race([engine.outcome, interruption.graceIsOver]);
    if (unopened) problems.push(`the provider could not be opened, so ${left.length - 1} other checks were not run`);
    else if (bailed)
      problems.push(
        `stopped at the first failure, as --bail asks: ${left.length - (results.length - known.length)} checks were not run`,
      );
    else if (!interruption.happened) problems.push(...(outcome?.problems ?? []));
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
  told.end();
  const interrupted = interruption.happened;
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

/** What to type after --provider to get the same provider again, and the same leave to change its system. */
function commandFor(args: ArgumentsOf<typeof options>, device: Awaited<ReturnType<typeof deviceFrom>>): string {
  const quote = (text: string): string => (/^[\w./:@{}-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const option = (name: string, value: string | readonly string[] | undefined): string[] =>
    value === undefined ? [] : [`--${name} ${[value].flat().map(quote).join(' ')}`];
  return [
    // What only the file can hold.
    quote(args.provider),
    ...(device.commands === undefined && device.cacheFile === undefined
      ? []
      : [...option('config', args.config), ...option('target', args.target)]),
    ...option('url', args.url),
    ...option('library', args.library),
    ...option('clsid', args.clsid),
    ...option('cache-file', args.cacheFile),
    ...(args.allowDestructive ? ['--allow-destructive'] : []),
    ...option('subsystem', args.subsystem),
    ...option('drive', args.drive),
    ...option('pool', args.pool),
  ].join(' ');
}
