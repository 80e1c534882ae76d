// The native reference provider, built once for a test file.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './project.js';

export interface NativeLibrary {
  readonly library: string;
  readonly clsid: string;
}

/** Builds the native provider, or a defective one, and says where it is. Throws with the compiler's output when it cannot be built. */
export function buildNative(defect?: string): NativeLibrary {
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build-native.mjs'), ...(defect === undefined ? [] : ['--defect', defect])], { encoding: 'utf8' });
  const library = /^library: (.+)$/m.exec(built.stdout)?.[1];
  const clsid = /^clsid: (.+)$/m.exec(built.stdout)?.[1];
  if (built.status !== 0 || library === undefined || clsid === undefined) throw new Error(`the native provider could not be built:\n${built.stdout}\n${built.stderr}`);
  return { library, clsid };
}
