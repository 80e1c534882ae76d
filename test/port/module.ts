// Modules that a vendor could have written, made by the tests that open them, and the processes in which they run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openIsolated, type IsolationOptions } from '../../src/port/host/isolated.js';
import type { IVdsHwProvider } from '../../src/port/generated/typed.js';
import type { Port } from '../../src/port/port.js';
import { DEFAULT_LIMITS, Session, type Limits } from '../../src/port/session.js';
import { ROOT } from '../support/project.js';
import { newFolder } from '../support/folder.js';

const folder = newFolder();

export const COMPILED = pathToFileURL(join(ROOT, 'dist/src/')).href;
let files = 0;
/** A path in the tests' folder that was never used before. */
export const newPath = (suffix: string): string => join(folder, `${++files}${suffix}`);

interface ModuleText {
  /** Runs when the module is imported. */
  readonly top?: string;
  /** Runs in open(); `options` are what it was given. */
  readonly open?: string;
  /**
   * Bodies of IVdsHwProvider's methods; `sink` is what OnLoad was given, `note(name)` makes a file that the test can
   * wait for, `onceThere(name, then)` waits for one of the test's.
   */
  readonly reenumerate?: string;
  readonly refresh?: string;
  readonly querySubSystems?: string;
  readonly onLoad?: string;
  /** Runs when the session is closed. */
  readonly close?: string;
}

export interface Module {
  readonly path: string;
  /** Where note(name) writes. */
  readonly notePath: (name: string) => string;
  readonly noted: (name: string) => boolean;
  /** The process that the module was imported in last, or what note(name, text) wrote. */
  readonly pid: (name?: string) => number;
}

/** Writes a module whose adapter opens an ObjectServer, with what is given in place of a provider's good manners. */
export function writeModule(text: ModuleText = {}): Module {
  const path = newPath('.mjs');
  const notePath = (name: string): string => `${path}.${name}`;
  writeFileSync(
    path,
    `
    import { existsSync, writeFileSync } from 'node:fs';
    import { spawn } from 'node:child_process';
    import { HR, ObjectServer, Servant } from ${JSON.stringify(new URL('index.js', COMPILED).href)};
    const note = (name, text = '') => writeFileSync(${JSON.stringify(`${path}.`)} + name, String(text));
    const onceThere = (name, then) => {
      const watch = setInterval(() => {
        if (!existsSync(${JSON.stringify(`${path}.`)} + name)) return;
        clearInterval(watch);
        then();
      }, 2);
    };
    const sleep = () => new Promise(() => {});
    note('pid', process.pid);
    let sink;
    const ok = { hr: HR.S_OK };
    ${text.top ?? ''}
    class Provider extends Servant {
      interfaces = {
        IVdsProviderPrivate: {
          async OnLoad({ callbackObject }) {
            sink = callbackObject;
            sink?.addRef();
            ${text.onLoad ?? ''};
            return ok;
          },
        },
        IVdsHwProvider: {
          async Reenumerate() { ${text.reenumerate ?? ''}; return ok; },
          async Refresh() { ${text.refresh ?? ''}; return ok; },
          async QuerySubSystems() { ${text.querySubSystems ?? ''}; return ok; },
        },
      };
    }
    export const adapter = {
      name: 'a vendor',
      async open(options) {
        ${text.open ?? ''};
        return new ObjectServer({ create: () => new Provider(), async close() { ${text.close ?? ''} } });
      },
    };
  `,
  );
  return {
    path,
    notePath,
    noted: (name) => existsSync(notePath(name)),
    pid: (name = 'pid') => Number(readFileSync(notePath(name), 'utf8')),
  };
}

export const options = (): { settings: Record<string, unknown>; seed: string; scratch: string } => ({
  settings: {},
  seed: '1',
  scratch: folder,
});

const open: { readonly port: Port; readonly terminate: Port['terminate'] }[] = [];
/** Opens the module in a provider host, which endAll() ends. */
export async function openModule(module: Module, isolation?: IsolationOptions): Promise<Port> {
  const port = await openIsolated(module.path, options(), isolation);
  open.push({ port, terminate: (reason) => port.terminate(reason) });
  return port;
}
export const endAll = async (): Promise<void> => {
  await Promise.all(open.splice(0).map(({ terminate }) => terminate('the test is over')));
};

/** Generous for what must happen; a test whose provider must hang gives a tiny one. */
const GENEROUS: Limits = { ...DEFAULT_LIMITS, call: 20_000, load: 20_000, scan: 20_000, notification: 20_000 };

interface Opened {
  readonly session: Session;
  readonly hw: IVdsHwProvider;
}

/** A session with the module's provider, loaded unless told otherwise. */
export async function openSession(module: Module, limits: Partial<Limits> = {}, load = true): Promise<Opened> {
  const session = new Session(await openModule(module), { ...GENEROUS, ...limits });
  const provider = await session.createInstance();
  if (load)
    await (
      await provider.as('IVdsProviderPrivate')
    )?.onLoad({ machineName: null, callbackObject: await session.createSink() });
  const hw = await provider.as('IVdsHwProvider');
  if (hw === null) throw new Error('no IVdsHwProvider');
  return { session, hw };
}

/**
 * Whether a process runs. One that ended counts as gone although nobody has asked for its exit code yet, as in a
 * container without an init.
 */
export function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
