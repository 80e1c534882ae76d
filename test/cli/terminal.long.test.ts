// The command line on a real terminal: a pseudo terminal of util-linux's `script`, where there is one.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

const WIDTH = 90;
const HAS_SCRIPT =
  process.platform === 'linux' &&
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

interface Terminal {
  /** All that the terminal was given so far. */
  readonly shown: () => string;
  readonly type: (keys: string) => void;
  readonly ended: Promise<number | null>;
}

/** Runs the command line on a terminal of WIDTH columns. */
function onTerminal(reports: string, ...args: string[]): Terminal {
  const words = [process.execPath, CLI, 'run', '--reports', reports, ...args].map((word) => `'${word}'`);
  const { CI: _, NO_COLOR: __, ...own } = env;
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${WIDTH} rows 30; exec ${words.join(' ')}`, '/dev/null'],
    { env: { ...own, TERM: 'xterm', SHELL: '/bin/sh' }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return {
    shown: () => text,
    type: (keys) => void child.stdin.write(keys),
    ended: new Promise((resolve) => {
      child.once('close', resolve);
    }),
  };
}

/** The lines that a person sees in the end: of each what was written since it was cleared last, without colour. */
const seen = (text: string): string[] =>
  text.split('\r\n').map((line) => line.replace(/^.*\x1b\[2K/s, '').replace(/\x1b\[[\d;?]*[a-z]/g, ''));

describe.skipIf(!HAS_SCRIPT)(
  'on a terminal (made by `script` of util-linux, which is missing here if this is skipped)',
  () => {
    test("a run shows how far it is, in the terminal's width, and nothing of that stays", async () => {
      const terminal = onTerminal(
        newFolder(),
        '--provider',
        'in-memory',
        '--effort',
        'quick',
        '--suite',
        'luns',
        'import-target',
      );
      expect(await terminal.ended).toBe(0);
      const progress = [...terminal.shown().matchAll(/\r\x1b\[2K\x1b\[2m(\[[#-]{20}\] \d+\/\d+[^\x1b]*)/g)].map(
        ([, line]) => line ?? '',
      );
      expect(progress.length).toBeGreaterThan(0);
      for (const line of progress) {
        expect(line).toMatch(/: (luns\.|import-target\.|writing)/);
        expect(line.length).toBeLessThan(WIDTH);
      }
      const lines = seen(terminal.shown());
      expect(lines[0]).toMatch(/^vds-conformance .* checks$/);
      expect(lines.join('\n')).not.toMatch(/\[[#-]{20}\]/);
      expect(lines.at(-2)).toMatch(/^CONFORMANT: .* Exit code 0: conformant\.$/);
    });

    test('Ctrl-C shows the summary of what ran', async () => {
      const reports = newFolder();
      const terminal = onTerminal(reports, '--provider', 'lawful:synchronous', '--effort', 'quick', '--no-color');
      await expect.poll(terminal.shown, { timeout: 45_000, interval: 5 }).toMatch(/\] [5-9]\/\d+/);
      terminal.type('\x03');
      expect(await terminal.ended).toBe(130);
      const lines = seen(terminal.shown());
      expect(lines).toContainEqual(
        expect.stringMatching(/^INTERRUPTED: \d+ checks ended .* Exit code 130: interrupted\.$/),
      );
      expect(lines.at(-2)).toMatch(/^To go on with the \d+ checks that are left, .*--resume/);
      expect(existsSync(join(reports, 'report.html'))).toBe(true);
      expect(readFileSync(join(reports, 'results.json'), 'utf8')).toMatch(/"interrupted": ?true/);
    });

    test('--quiet shows no progress, and --no-color no colour', async () => {
      const show = async (flag: string): Promise<string> => {
        const terminal = onTerminal(
          newFolder(),
          '--provider',
          'in-memory',
          '--effort',
          'quick',
          '--suite',
          'luns',
          flag,
        );
        expect(await terminal.ended).toBe(0);
        return terminal.shown();
      };
      const [quiet, plain] = [await show('--quiet'), await show('--no-color')];
      expect(quiet).not.toContain('\x1b[2K');
      expect(quiet).toContain('\x1b[32mCONFORMANT');
      expect(plain).toContain('\x1b[2K');
      expect(plain).not.toMatch(/\x1b\[\d+m/);
    });
  },
);
