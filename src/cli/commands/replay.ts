// `vds-conformance replay`: repeats the failure of an evidence file against any provider, and says whether it is gone.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { z } from 'zod';
import { isBroken, type CheckResult } from '../../checks/outcome.js';
import { SystemUnderTest } from '../../lab/system.js';
import { ProviderProcess } from '../../faults/routes/command.js';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import { openProvider } from '../../port/provider-spec.js';
import { evidenceSchema, versionProblem, type EvidenceFile } from '../../reporting/store/schema.js';
import { explain } from '../../reporting/insight/explain.js';
import { terminalLine } from '../../reporting/text/plain-text.js';
import { REPEAT_REPORTS, runOptionsText } from '../../run/repeat-command.js';
import { isSameFailure } from '../../run/reproduction.js';
import { Frame } from '../../run/frame.js';
import { Furnishing } from '../../run/furnishing.js';
import { checksById, rerun } from '../../run/rerun.js';
import { withScratch } from '../../run/scratch.js';
import { loadSuites } from '../../run/selection.js';
import { EXIT } from '../../run/summary.js';
import { deviceFrom } from '../options/config.js';
import type { ArgumentsOf, OptionsOf } from '../options/options-of.js';
import { providerSpec } from '../options/provider-option.js';
import {
  configOptions,
  frameOf,
  labFrom,
  labOptions,
  limitOptions,
  limitsFrom,
  providerOptions,
  runOptions,
} from '../options/run-options.js';
import { SUITES_MODULE } from '../package-files.js';

/** The options of replay from a configuration that is made for `run`. */
export const replayOptions = {
  ...providerOptions,
  ...labOptions,
  ...limitOptions,
  'cache-file': runOptions['cache-file'],
  reports: { ...runOptions.reports, default: REPEAT_REPORTS, describe: 'folder for the ledger of what is made' },
} as const;

const options = (yargs: Argv<object>) =>
  yargs
    .positional('evidence', { type: 'string', demandOption: true, describe: 'a file of the folder evidence of a run' })
    .options(configOptions)
    .options(replayOptions)
    .epilogue(
      'It runs the checks that the evidence names, in their order and with their seed, on a fresh system. They make ' +
        'their calls anew, with the ids that the provider hands out now. ' +
        'Provider and settings come from the evidence ' +
        'unless they are given.',
    )
    .example('$0 replay reports/evidence/luns.extend.json', 'is it fixed?')
    .example('$0 replay luns.extend.json --provider ./adapter.mjs', 'does another provider do the same?');

export const replayCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'replay <evidence>',
  describe: 'Repeat a recorded failure, and say FIXED (exit code 0) or STILL FAILS (1)',
  builder: options,
  handler: async (args) => {
    process.exitCode = await replay(args);
  },
};

async function replay(args: ArgumentsOf<typeof options>): Promise<number> {
  const evidence = readEvidence(args.evidence);
  const { run, result } = evidence;
  const known = checksById(await loadSuites(SUITES_MODULE));
  const checks = toPlay(result);
  const missing = checks.filter((id) => !known.has(id));
  if (missing.length > 0)
    throw new ConfigurationError(`this vds-conformance has no check ${missing.join(', ')}`, {
      hint: `The evidence was written by version ${run.version}.`,
    });
  const provider = args.provider ?? run.provider;
  const spec = providerSpec({ ...(args.provider === undefined ? { settings: run.settings } : {}), ...args, provider });
  const limits = limitsFrom({ ...run.limits, ...args });
  const device = await deviceFrom(args.config, args.target);
  const rules = labFrom(args, resolve(args.reports));
  const restart = device.commands?.restart;
  const frame = frameOf(run.options, true);
  console.log(
    `${checks.map((id) => terminalLine(id)).join(', ')}  provider ${terminalLine(provider)}  seed ` +
      `${terminalLine(run.seed)}`,
  );
  const again = await withScratch(async (scratch) => {
    const system = new SystemUnderTest(
      () => openProvider(spec, { seed: run.seed, scratch, openLimit: limits.load }),
      limits,
      rules,
      restart === undefined ? undefined : new ProviderProcess(restart),
    );
    try {
      const cacheFile = args.cacheFile ?? device.cacheFile;
      const habits = {};
      return await rerun(checks, known, {
        system,
        seed: run.seed,
        strict: run.strict,
        habits,
        furnishing: new Furnishing(system, { seed: run.seed, readings: new Map(), habits }),
        frame: frame === undefined ? undefined : new Frame(frame, (s) => system.wall.members.admits('subSystems', s)),
        cacheFile: cacheFile === undefined ? undefined : resolve(cacheFile.replace('{scratch}', scratch)),
        device: device.commands,
      });
    } finally {
      // How it takes its end changes nothing of what was seen.
      await system.close().catch(() => {});
    }
  });
  if (again === undefined) throw new ConfigurationError('the evidence names no check', { hint: 'Was it changed?' });
  const { word, sentence, code } = judge(result, again, evidence);
  console.log(`${word}: ${terminalLine(sentence, 1_000)}`);
  return code;
}

/**
 * The checks that were seen to reproduce the failure, or else the check alone. A reproduction of another check counts
 * for that one only.
 */
function toPlay({ id, reproduction }: CheckResult): readonly string[] {
  if (reproduction === undefined || reproduction.like !== undefined || reproduction.checks.length === 0) return [id];
  return reproduction.checks;
}

function judge(
  before: CheckResult,
  again: CheckResult,
  { run }: EvidenceFile,
): { readonly word: string; readonly sentence: string; readonly code: number } {
  const { message } = explain(again, { ...run, checks: [] });
  if (isBroken(again)) {
    const other = isSameFailure(again, before) ? '' : ' (otherwise than the evidence says)';
    return {
      word: 'STILL FAILS',
      sentence: `${again.id} ${again.verdict}${other}: ${message}`,
      code: EXIT.notConformant,
    };
  }
  if (again.verdict === 'passed') return { word: 'FIXED', sentence: `${again.id} passes.`, code: EXIT.conformant };
  return { word: 'NOT DECIDED', sentence: `${again.id} is ${again.verdict}: ${message}`, code: EXIT.incomplete };
}

function readEvidence(file: string): EvidenceFile {
  let why: string;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const parsed = evidenceSchema.safeParse(value);
    if (parsed.success) {
      if (isBroken(parsed.data.result)) return parsed.data;
      throw new ConfigurationError(`${file} records no failure: its check is ${parsed.data.result.verdict}`, {
        hint:
          `Run it with: vds-conformance run ${runOptionsText({ ...parsed.data.run, checks: [] })} --check ` +
          `${parsed.data.result.id}`,
      });
    }
    why = versionProblem(value) ?? z.prettifyError(parsed.error);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    why = messageOf(error);
  }
  throw new ConfigurationError(`${file} cannot be read as evidence: ${why}`, {
    hint: 'A run writes one for each failure into the folder evidence of its reports.',
  });
}
