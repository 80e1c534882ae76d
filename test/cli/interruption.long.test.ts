// Ctrl-C as a terminal gives it: to every process of the job at once. What ran is reported, nothing is left running,
// and whoever asks twice need not wait.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPILED, running } from '../port/module.js';
import { CLI, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const REPORTS = ['badge.json', 'badge.svg', 'journal.ndjson', 'junit.xml', 'report.html', 'results.json'];
const patiently = { timeout: 45_000, interval: 5 };

interface Job {
  readonly child: ChildProcess;
  readonly group: number;
  readonly reports: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ids of the results in the journal's whole lines. */
  readonly completed: () => string[];
}

/** Starts a run in a process group of its own, as a shell does. */
function start(...args: string[]): Job {
  const reports = newFolder();
  const child = spawn(process.execPath, [CLI, 'run', ...args, '--reports', reports], {
    env,
    detached: true,
    stdio: 'ignore',
  });
  const journal = join(reports, 'journal.ndjson');
  return {
    child,
    group: child.pid ?? 0,
    reports,
    ended: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    completed: () =>
      existsSync(journal)
        ? readFileSync(journal, 'utf8')
            .split('\n')
            .slice(0, -1)
            .flatMap((line) => (JSON.parse(line) as { result?: { id: string } }).result?.id ?? [])
        : [],
  };
}

/** The processes of a group, from /proc. */
function membersOf(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ')[2] === String(group)
        );
      } catch {
        return false;
      }
    });
}

const resultsIn = (
  reports: string,
): {
  readonly results: readonly { readonly id: string; readonly verdict: string }[];
  readonly summary: { readonly interrupted: boolean; readonly exitCode: number };
} => JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8')) as ReturnType<typeof resultsIn>;

/** All reports are there, say that the run was interrupted, and hold what the journal held before. */
function expectReported({ reports, completed }: Job, before: readonly string[]): void {
  expect(readdirSync(reports)).toEqual(expect.arrayContaining(REPORTS));
  const { results, summary } = resultsIn(reports);
  expect(summary).toMatchObject({ interrupted: true, exitCode: 130 });
  expect(results.map((r) => r.id)).toEqual(completed());
  expect(completed().slice(0, before.length)).toEqual(before);
  for (const { verdict } of results) expect(['passed', 'not-applicable', 'inconclusive']).toContain(verdict);
  const junit = readFileSync(join(reports, 'junit.xml'), 'utf8');
  // And one that reports the interruption.
  expect(junit.match(/<testcase /g)?.length).toBe(results.length + 1);
  expect(junit).toContain('VDSC_INTERRUPTED');
  expect(readFileSync(join(reports, 'report.html'), 'utf8')).toContain('INTERRUPTED');
}

describe.skipIf(process.platform !== 'linux')(
  'Ctrl-C to the whole process group (its processes are counted in /proc, so on Linux)',
  () => {
    test('leaves all reports of what ran, and no process', async () => {
      // In a host process of its own, which a Ctrl-C must not end before the run does.
      const job = start('--provider', 'lawful:id-dialect-bare', '--effort', 'quick');
      await expect.poll(() => job.completed().length, patiently).toBeGreaterThan(3);
      const [members, before] = [membersOf(job.group), job.completed()];
      expect(members.length).toBeGreaterThan(1);
      process.kill(-job.group, 'SIGINT');
      expect(await job.ended).toEqual({ code: 130, signal: null });
      expectReported(job, before);
      await expect.poll(() => members.filter(running), patiently).toEqual([]);
    });

    /**
     * The reference provider as a vendor's module that is never heard of again from its first Reenumerate on, and says
     * beforehand in which process it is.
     */
    function hanging(): { readonly path: string; readonly process: () => number | undefined } {
      const at = newFolder();
      const [path, note] = [join(at, 'hanging.mjs'), join(at, 'process')];
      const compiled = (file: string): string => JSON.stringify(new URL(`../${file}`, COMPILED).href);
      writeFileSync(
        path,
        `
      import { writeFileSync } from 'node:fs';
      import { adapter as inMemory } from ${compiled('providers/in-memory/adapter.js')};
      import { withOverrides } from ${compiled('providers/defective/override.js')};
      export const adapter = withOverrides(inMemory, () => ({
        methods: {
          'IVdsHwProvider.Reenumerate': async () => {
            writeFileSync(${JSON.stringify(note)}, String(process.pid));
            for (;;) {}
          },
        },
      }));
    `,
      );
      return { path, process: () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : undefined) };
    }

    const startOn = (path: string): Job =>
      start('--provider', path, '--suite', 'async', 'recovery', '--effort', 'quick', '--allow-destructive');

    test('does not wait for a provider that hangs, and ends it', async () => {
      const module = hanging();
      const job = startOn(module.path);
      await expect.poll(module.process, patiently).toBeGreaterThan(0);
      const [members, before] = [membersOf(job.group), job.completed()];
      expect(members).toContain(module.process());
      process.kill(-job.group, 'SIGINT');
      expect(await job.ended).toEqual({ code: 130, signal: null });
      expectReported(job, before);
      await expect.poll(() => members.filter(running), patiently).toEqual([]);
    });

    test('ends the run at once when it comes again while the first is being seen to', async () => {
      const module = hanging();
      const job = startOn(module.path);
      await expect.poll(module.process, patiently).toBeGreaterThan(0);
      const members = membersOf(job.group);
      // As somebody who keeps pressing.
      const pressing = setInterval(() => process.kill(-job.group, 'SIGINT'), 20);
      const ended = await job.ended;
      clearInterval(pressing);
      expect(ended).toEqual({ code: 130, signal: null });
      expect(existsSync(join(job.reports, 'results.json'))).toBe(false);
      await expect.poll(() => members.filter(running), patiently).toEqual([]);
    });
  },
);

describe('one interruption', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s that npm or npx passes on again counts once', async (signal) => {
    const job = start('--provider', 'in-memory', '--effort', 'quick');
    await expect.poll(() => job.completed().length, patiently).toBeGreaterThan(3);
    const before = job.completed();
    for (let i = 0; i < 3; i++) job.child.kill(signal);
    expect(await job.ended).toEqual({ code: 130, signal: null });
    expectReported(job, before);
  });
});
