// run --watch: the run, again and again, in a process of its own each time, when the files of the provider change or a
// key is pressed.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, statSync, watch as watchPath, type FSWatcher } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../port/errors.js';
import { EXIT } from '../../run/summary.js';
import type { RunArguments } from '../options/run-command.js';
import { providerSpec } from '../options/provider-option.js';

/** Milliseconds without a further change before a run begins: an editor writes a file in several steps. */
const QUIET = 200;

/**
 * The files of a run that its user edits: the provider's module with its folder, or its library, and the configuration.
 */
function pathsOf(args: RunArguments): string[] {
  const { module, settings, isolated } = providerSpec(args);
  const library = settings['library'];
  const paths = [
    ...(typeof library === 'string' ? [library] : []),
    ...(library === undefined && isolated ? [module.startsWith('file:') ? fileURLToPath(module) : module] : []),
    ...(args.config === undefined ? [] : [resolve(args.config)]),
  ].filter((path) => !path.includes('vds-conformance/dist/'));
  if (paths.length === 0)
    throw new ConfigurationError(`--watch has nothing to watch with --provider ${args.provider}`, {
      hint: 'It watches the folder of an adapter module, a --library and a --config.',
    });
  return paths;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/**
 * Watches the folders of files with all that is in them, but for installed packages, hidden folders and the reports.
 */
function watchFolders(files: readonly string[], reports: string, changed: () => void): FSWatcher[] {
  const watchers: FSWatcher[] = [];
  const ours = (path: string): boolean => path === reports || path.startsWith(`${reports}-again`);
  const visit = (folder: string): void => {
    watchers.push(
      watchPath(folder, (_event, name) => {
        if (name === null || !ours(join(folder, name))) changed();
      }),
    );
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (name !== 'node_modules' && !name.startsWith('.') && !ours(path) && isFolder(path)) visit(path);
    }
  };
  for (const folder of new Set(files.map((file) => dirname(file)))) visit(folder);
  return watchers;
}

/**
 * Runs the command line over and over, until q or Ctrl-C. Resolves with the exit code of the last run, or that of an
 * interruption.
 *
 * @param commandLine the arguments of this process
 */
export async function watch(args: RunArguments, commandLine: readonly string[]): Promise<number> {
  const reports = resolve(args.reports);
  const again = commandLine.filter((arg) => arg !== '--watch');
  const program = process.argv[1] ?? '';
  let child: ChildProcess | undefined;
  let code: number = EXIT.conformant;
  let next: readonly string[] | undefined;

  return new Promise((done) => {
    const start = (): void => {
      if (next === undefined || child !== undefined) return;
      const options = next;
      next = undefined;
      child = spawn(process.execPath, [program, ...options, '--no-watch'], { stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('close', (ended) => {
        child = undefined;
        code = ended ?? EXIT.interrupted;
        if (next !== undefined) start();
        else console.log('\nWatching for changes. Press a to run again, f to run what failed, q to quit.');
      });
    };
    const request = (options: readonly string[]): void => {
      next = options;
      if (child === undefined) start();
      else child.kill('SIGINT');
    };
    let timer: NodeJS.Timeout | undefined;
    const watchers = watchFolders(pathsOf(args), reports, () => {
      clearTimeout(timer);
      timer = setTimeout(() => request(again), QUIET);
    });
    const quit = (exitCode: () => number): void => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      process.stdin.setRawMode?.(false);
      process.stdin.destroy();
      next = undefined;
      if (child === undefined) done(exitCode());
      else {
        child.once('close', () => done(exitCode()));
        child.kill('SIGINT');
      }
    };
    // The child has the same signal from the terminal, and ends in order.
    process.once('SIGINT', () => quit(() => EXIT.interrupted)).once('SIGTERM', () => quit(() => EXIT.interrupted));
    process.stdin.setRawMode?.(true);
    process.stdin.setEncoding('utf8').on('data', (keys: string) => {
      for (const key of keys) {
        if (key === 'a') request(again);
        else if (key === 'f') request(['run', '--rerun-failed', reports]);
        else if (key === 'q') quit(() => code);
        else if (key === '\u0003') quit(() => EXIT.interrupted);
      }
    });
    request(again);
  });
}
