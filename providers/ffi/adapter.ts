// The FFI adapter: a native COM provider, loaded into this process. Meant to be opened in a provider host
// (openIsolated), where a crash costs the session and not the run; in process it serves benchmarks.
import type { z } from 'zod';
import type { ProviderAdapter } from '../../src/port/port.js';
import { ffi } from './about.js';
import { loadKoffi } from './koffi.js';
import { classFactory } from './load.js';
import { NativePort } from './native-port.js';

const STATE = 'VDSC_NATIVE_STATE';
const PROFILE = 'VDSC_NATIVE_PROFILE';

/** The values that sessions in this process gave to variables. */
const given = new Map<string, string>();

const isUsers = (variable: string): boolean =>
  process.env[variable] !== undefined && process.env[variable] !== given.get(variable);

function give(variable: string, value: string | undefined): void {
  if (value === undefined) {
    delete process.env[variable];
    given.delete(variable);
  } else {
    process.env[variable] = value;
    given.set(variable, value);
  }
}

/**
 * Tells a provider that is a simulation where to keep its state, so that a respawned host finds it again, and what to
 * simulate. What the user has set stays, unless a setting of the run says otherwise; what an earlier session in this
 * process was given does not.
 */
function prepare(scratch: string, profile: string | undefined): void {
  if (!isUsers(STATE)) give(STATE, scratch);
  if (profile !== undefined || !isUsers(PROFILE)) give(PROFILE, profile);
}

export const adapter: ProviderAdapter = {
  ...ffi,
  async open({ settings, scratch }) {
    const { library, clsid, profile } = settings as z.output<typeof ffi.settings>;
    const koffi = await loadKoffi();
    prepare(scratch, profile);
    return new NativePort(koffi, classFactory(koffi, library, clsid));
  },
};
