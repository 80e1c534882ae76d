// The native reference provider, built once for a test file.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './project.js';

export interface NativeLibrary {
  readonly library: string;
  readonly clsid: string;
}

/**
 * Builds the native provider and its array's administrator program, and says where they are. Throws with the compiler's
 * output.
 */
export function buildNativeWithAdmin(): NativeLibrary & { readonly arrayadmin: string } {
  const { native, out } = build('--admin');
  const arrayadmin = /^arrayadmin: (.+)$/m.exec(out)?.[1];
  if (arrayadmin === undefined) throw new Error(`the build does not say where arrayadmin is:\n${out}`);
  return { ...native, arrayadmin };
}

/** The same for Windows. */
export function buildForWindows(defect?: string): NativeLibrary {
  return build('--target', 'windows', ...(defect === undefined ? [] : ['--defect', defect])).native;
}

/**
 * Builds the native provider, or a defective one, and says where it is. Throws with the compiler's output when it
 * cannot be built.
 */
export function buildNative(defect?: string): NativeLibrary {
  return build(...(defect === undefined ? [] : ['--defect', defect])).native;
}

function build(...args: string[]): { readonly native: NativeLibrary; readonly out: string } {
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build-native.mjs'), ...args], { encoding: 'utf8' });
  const library = /^library: (.+)$/m.exec(built.stdout)?.[1];
  const clsid = /^clsid: (.+)$/m.exec(built.stdout)?.[1];
  if (built.status !== 0 || library === undefined || clsid === undefined)
    throw new Error(`the native provider could not be built:\n${built.stdout}\n${built.stderr}`);
  return { native: { library, clsid }, out: built.stdout };
}
