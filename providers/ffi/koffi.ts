// The one place that loads koffi. It is an optional dependency and a native addon, so nothing else may import it other
// than as a type.
import type koffiModule from 'koffi';
import { ConfigurationError, ProviderNotLoaded, messageOf } from '../../src/port/errors.js';

export type Koffi = typeof koffiModule;
export type KoffiType = ReturnType<Koffi['type']>;

// koffi runs native code on stacks of its own, 128 KiB for an asynchronous call: a provider with one large local array
// would overflow it and look as if it had crashed. 1 MiB is what a Windows thread has. The other two let as many calls
// run as the largest thread pool.
const SETTINGS = { async_stack_size: 0x100000, resident_async_pools: 32, max_async_calls: 1024 } as const;

let loaded: Koffi | undefined;

/**
 * koffi, set up for providers. Rejects with ConfigurationError when it is not installed, ProviderNotLoaded when it does
 * not run here.
 */
export async function loadKoffi(): Promise<Koffi> {
  if (loaded !== undefined) return loaded;
  let koffi: Koffi;
  try {
    koffi = (await import('koffi')).default;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') {
      throw new ConfigurationError('the package koffi is not installed', {
        hint: 'Native providers are called through it: npm install koffi@3.3.4.',
        cause: error,
      });
    }
    throw new ProviderNotLoaded(`koffi could not be loaded: ${messageOf(error)}`, {
      hint:
        `Its binary for ${process.platform}-${process.arch} comes as an optional package; do not install with ` +
        '--omit=optional.',
      cause: error,
    });
  }
  if (koffi.sizeof('void *') !== 8)
    throw new ConfigurationError('this Node.js is a 32-bit process', {
      hint: 'The contract has the 64-bit layout only: use a 64-bit Node.js and provider.',
    });
  try {
    koffi.config(SETTINGS);
  } catch {
    // Something else in this process has called native code through koffi before; then its own settings hold.
  }
  loaded = koffi;
  return koffi;
}
