// A run that is killed while its objects are there, and `clean` after it, on an array that outlives both: that of the
// native provider.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { LEDGER, leftoversOf, nothingLeft, readLedger } from '../../src/lab/ledger.js';
import { CLI, cli, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { buildNativeWithAdmin } from '../support/native.js';
import { needs } from '../support/tools.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** The processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

needs('native', 'clean after kill -9', () =>
  describe.runIf(process.platform === 'linux')('clean after kill -9', () => {
    let provider: string[];
    let truth: () => unknown;
    let before: unknown;

    beforeAll(() => {
      const { library, clsid, arrayadmin } = buildNativeWithAdmin();
      provider = ['--provider', 'ffi', '--library', library, '--clsid', clsid];
      env['VDSC_NATIVE_STATE'] = newFolder();
      truth = () => JSON.parse(spawnSync(arrayadmin, ['list'], { env, encoding: 'utf8' }).stdout) as unknown;
      // The array is made when a provider is loaded for the first time.
      cli('run', ...provider, '--check', 'lifecycle.*', '--effort', 'quick', '--reports', newFolder(), '--quiet');
      before = truth();
    });

    /**
     * Starts a run and kills it with so many things of its making there, and waits until its provider is gone as well.
     */
    async function killedWith(things: number, reports: string): Promise<void> {
      const run = spawn(
        process.execPath,
        [
          CLI,
          'run',
          ...provider,
          '--allow-destructive',
          '--suite',
          'luns',
          'iscsi',
          'import-target',
          '--effort',
          'quick',
          '--reports',
          reports,
          '--quiet',
        ],
        { env, stdio: 'ignore' },
      );
      const ended = new Promise<NodeJS.Signals | null>((resolve) => {
        run.once('exit', (_, signal) => resolve(signal));
      });
      await vi.waitUntil(() => leftoversOf(readLedger(reports)).created.length >= things, {
        timeout: 60_000,
        interval: 2,
      });
      const hosts = childrenOf(run.pid as number);
      run.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      await vi.waitUntil(() => !hosts.some(isThere), { timeout: 20_000 });
    }

    test.each([1, 2, 3])('leaves the array as it was before, with %i things left behind', async (things) => {
      const reports = newFolder();
      await killedWith(things, reports);
      expect(nothingLeft(leftoversOf(readLedger(reports)))).toBe(false);
      const left = truth();

      const dry = cli('clean', ...provider, '--reports', reports, '--dry-run');
      expect(dry.out).toMatch(/would delete|already gone|NOT CLEAN/);
      expect(truth(), 'a dry run changes nothing').toEqual(left);

      let cleaned = cli('clean', ...provider, '--reports', reports);
      // A LUN whose creation was under way has no name of ours: a person has to say.
      const unsure = [...cleaned.out.matchAll(/--also (\S+)/g)].map(([, id]) => id as string);
      if (unsure.length > 0) {
        expect(cleaned.code).toBe(4);
        cleaned = cli('clean', ...provider, '--reports', reports, '--also', ...unsure);
      }
      expect(cleaned).toMatchObject({
        code: 0,
        out: expect.stringMatching(/The system is clean\./) as string,
        err: '',
      });
      expect(existsSync(join(reports, LEDGER))).toBe(false);
      expect(truth()).toEqual(before);
      expect(cli('clean', ...provider, '--reports', reports).out).toMatch(/Nothing to clean/);
    });
  }),
);
