// Lets a vendor's module import this package by its name where that is installed elsewhere: globally, in an image, or
// in a CI's own folder. How the name is resolved then is own-package-hook.ts.
import { createRequire, register } from 'node:module';
import { OWN_NAME } from './own-package-hook.js';

/** Makes the package known to what the module at this file URL imports, unless it finds a copy of its own. */
export function offerOwnPackage(url: string): void {
  try {
    createRequire(url).resolve(OWN_NAME);
  } catch {
    register('./own-package-hook.js', import.meta.url);
  }
}
