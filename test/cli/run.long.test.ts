// Runs of the command line that take long: twice with one seed, and against a server of the command's own.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const SUITES = ['lifecycle', 'luns', 'import-target', 'async', 'faults'];

describe('run', () => {
  test('gives the same results for the same seed, apart from times', () => {
    const read = (): unknown => {
      const reports = newFolder();
      cli('run', '--provider', 'in-memory', '--suite', ...SUITES, '--reports', reports, '--seed', 'fixed', '--quiet');
      return JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8'), (key, value: unknown) =>
        key === 'ms' || key === 'at' || key === 'startedAt' ? undefined : value,
      );
    };
    expect(read()).toEqual(read());
  });
});

describe('serve', () => {
  test('offers a provider that run --provider rest then passes', async () => {
    const server = spawn(process.execPath, [CLI, 'serve', '--provider', 'in-memory'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = await new Promise<string>((resolve) => {
        server.stdout.setEncoding('utf8').on('data', (text: string) => {
          const found = /ready: (\S+)/.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        });
      });
      const { code, out } = cli(
        'run',
        '--provider',
        'rest',
        '--url',
        url,
        '--suite',
        'deletion',
        'faults',
        '--effort',
        'quick',
        '--quiet',
      );
      expect(out).toMatch(/CONFORMANT/);
      expect(code).toBe(0);
    } finally {
      const ended = new Promise((resolve) => {
        server.once('exit', resolve);
      });
      server.kill('SIGINT');
      expect(await ended).toBe(0);
    }
  });
});
