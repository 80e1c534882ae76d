// Where the parts of the installed package are.
import { readFileSync } from 'node:fs';

const DIST = new URL('../../', import.meta.url);

/** An adapter's compiled module, as a file URL. */
export const adapterModule = (name: string): string => new URL(`providers/${name}/adapter.js`, DIST).href;

/** The module that lists our own suites, as a file URL. */
export const SUITES_MODULE = new URL('suites/index.js', DIST).href;

/** The package's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', DIST), 'utf8')) as { version: string };
  return version;
}

/** A file that the package ships, by its path within it. */
export const packageFile = (path: string): URL => new URL(`../${path}`, DIST);
