// One run at a time writes into a reports folder: a second would wipe the first one's reports under it.
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../lab/make-folder.js';
import { ConfigurationError } from '../../port/errors.js';

const LOCK = '.running';
/** The holder of a lock shows this often that it is alive. */
const HEARTBEAT = 5_000;
/** A lock from another machine, whose processes cannot be looked at, is left behind when it is as old as this. */
const STALE_AFTER = 20_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(file: string): boolean {
  const holder = holderOf(file);
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  // A process that is just writing its lock has not finished the line yet.
  if (holder === undefined || holder.host !== hostname()) return age < STALE_AFTER;
  // After a restart of its container a run may have the number that it had before.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Takes the folder for this process, which gives it back by what is returned, or by its end.
 *
 * @throws ConfigurationError when another run is writing into it, or it cannot be written
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  const isNew = !existsSync(folder);
  const write = (): void => {
    makeFolder(folder);
    const fd = openSync(file, 'wx');
    try {
      writeSync(fd, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    } finally {
      closeSync(fd);
    }
  };
  try {
    try {
      write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || isAlive(file)) throw error;
      rmSync(file, { force: true });
      write();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new ConfigurationError(`${folder} cannot be written: ${message}`, {
        hint: 'Free the disk or name another folder with --reports.',
        cause: error,
      });
    const holder = holderOf(file);
    throw new ConfigurationError(
      `another run writes into ${folder}${holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host})`}`,
      { hint: `Name another folder with --reports, or wait for it. If no run is under way, remove ${file}.` },
    );
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder is gone; the reports will say so.
    }
  }, HEARTBEAT).unref();
  const release = (): void => {
    clearInterval(heartbeat);
    process.off('exit', release);
    rmSync(file, { force: true });
    // A run that never began leaves nothing.
    if (isNew && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  };
  process.once('exit', release);
  return release;
}
