// The cost of JUnit for many cases with 1 KB of output each, all in one suite: time against junit-report-builder's own
// for the same data, in pieces as it does not manage the whole, and peak memory by the number of cases. Each figure is
// a process of its own, since memory is a process's.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import builderModule, { type Builder } from 'junit-report-builder';
import type { RunHeader, RunSummary } from '../src/run/events.js';
import { summarize } from '../src/run/summary.js';
import { JUnitReporter } from '../src/reporting/junit/junit.js';

const OUTPUT = 'x'.repeat(1024);
/** Cases that the package is given at once. */
const PIECE = 10_000;
const SIZES = [100_000, 1_000_000];
const KINDS = ['ours', 'package'] as const;
type Kind = (typeof KINDS)[number];

const name = (n: number): string => `bench.case-${n}`;

async function ours(folder: string, cases: number): Promise<void> {
  const header: RunHeader = {
    version: '0.0.0',
    seed: 'bench',
    provider: 'bench',
    startedAt: '2026-11-23T21:28:00Z',
    strict: false,
    checks: [],
    host: 'bench',
  };
  const reporter = new JUnitReporter({ reports: folder });
  reporter.runStarted(header);
  for (let n = 0; n < cases; n++) {
    reporter.checkFinished({
      id: name(n),
      suite: 'bench',
      title: '',
      requirements: [],
      verdict: 'passed',
      findings: [],
      notes: [{ kind: 'observation', text: OUTPUT }],
      calls: 1,
      ms: 1,
    });
  }
  const summary: RunSummary = summarize(header, [], { problems: [], interrupted: false, ms: 1 });
  reporter.runFinished(header, [], summary);
}

function theirs(folder: string, cases: number): void {
  for (let from = 0; from < cases; from += PIECE) {
    const builder = (builderModule as unknown as Builder).newBuilder();
    const suite = builder.testSuite().name('bench');
    for (let n = from; n < from + PIECE; n++)
      suite
        .testCase()
        .name(name(n))
        .className('vds-conformance.bench')
        .time(0.001)
        .standardOutput(`Notes:\n  ${OUTPUT}`);
    writeFileSync(join(folder, `junit-${from}.xml`), builder.build());
  }
}

interface Figure {
  readonly seconds: number;
  /** Peak of the process, in MB. */
  readonly megabytes: number;
}

async function child(kind: Kind, cases: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vdsc-bench-'));
  // CPU time: others use the machine as well.
  const before = process.cpuUsage();
  if (kind === 'ours') await ours(folder, cases);
  else theirs(folder, cases);
  const { user, system } = process.cpuUsage(before);
  rmSync(folder, { recursive: true });
  const figure: Figure = { seconds: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 };
  console.log(JSON.stringify(figure));
}

/** The table, as lines. */
export function junitTable(): string[] {
  const lines = [
    '| JUnit, 1 KB of output a case, one suite | cases | CPU seconds | µs a case | peak MB |',
    '|---|---|---|---|---|',
  ];
  for (const cases of SIZES) {
    for (const kind of KINDS) {
      const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), kind, String(cases)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { seconds, megabytes } = JSON.parse(stdout) as Figure;
      lines.push(
        `| ${kind === 'ours' ? 'JUnitReporter' : `junit-report-builder, ${PIECE} cases a tree`} | ${cases} | ` +
          `${seconds.toFixed(1)} | ${((seconds * 1e6) / cases).toFixed(1)} | ${Math.round(megabytes)} |`,
      );
    }
  }
  return lines;
}

const [, , kind, cases] = process.argv;
if (process.argv[1] === fileURLToPath(import.meta.url) && kind !== undefined) await child(kind as Kind, Number(cases));
