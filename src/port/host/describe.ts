// Asks the adapter of a module what it says of itself, in a process of its own: foreign code never runs in the one that
// asks.
import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { errorFromWire, ProviderNotLoaded } from '../errors.js';
import { OPEN_LIMIT } from '../port.js';
import type { FromHost, ModuleDescription } from './messages.js';

/** The description of the adapter that a module exports. Rejects with ProviderNotLoaded. */
export function describeModule(module: string): Promise<ModuleDescription> {
  const child = fork(new URL('./host-process.js', import.meta.url), [], {
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  return new Promise<ModuleDescription>((done, reject) => {
    const timer = setTimeout(
      () => reject(new ProviderNotLoaded(`the module ${module} did not load within ${OPEN_LIMIT} ms`)),
      OPEN_LIMIT,
    );
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(
        new ProviderNotLoaded(
          `the module ${module} ended its process (${signal ?? `exit code ${code}`}) while it was loaded`,
        ),
      );
    });
    child.on('message', (message: FromHost) => {
      if ('described' in message) done(message.described);
      else if ('error' in message) reject(errorFromWire(message.error));
    });
    child.send({ id: 0, describe: module.startsWith('file:') ? module : resolve(module) }, () => {});
  }).finally(() => child.kill('SIGKILL'));
}
