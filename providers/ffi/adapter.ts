// The FFI adapter: a native COM provider, loaded into this process. Meant to be opened in a provider host (openIsolated), where a crash costs
// the session and not the run; in process it serves benchmarks.
import type { z } from 'zod';
import type { ProviderAdapter } from '../../src/port/port.js';
import { ffi } from './about.js';
import { loadKoffi } from './koffi.js';
import { classFactory } from './load.js';
import { NativePort } from './native-port.js';

const STATE = 'VDSC_NATIVE_STATE';
let chosenState: string | undefined;
/**
 * Tells a provider that is a simulation where to keep its state, so that a respawned host finds it again. What the user has set stays; what an
 * earlier session in this process was given does not.
 */
function chooseState(scratch: string): void {
  if (process.env[STATE] !== undefined && process.env[STATE] !== chosenState) return;
  process.env[STATE] = scratch;
  chosenState = scratch;
}

export const adapter: ProviderAdapter = {
  ...ffi,
  async open({ settings, scratch }) {
    const { library, clsid } = settings as z.output<typeof ffi.settings>;
    const koffi = await loadKoffi();
    chooseState(scratch);
    return new NativePort(koffi, classFactory(koffi, library, clsid));
  },
};
