// Where the parts of the installed package are.
import { readdirSync, readFileSync } from 'node:fs';

const DIST = new URL('../../', import.meta.url);

/** An adapter's compiled module, as a file URL. */
export const adapterModule = (name: string): string => new URL(`providers/${name}/adapter.js`, DIST).href;

/** The modules of our own suites, as file URLs, in the order of their names. */
export function suiteModules(): string[] {
  const folder = new URL('suites/', DIST);
  return readdirSync(folder)
    .filter((f) => f.endsWith('.js'))
    .sort()
    .map((f) => new URL(f, folder).href);
}

/** The package's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', DIST), 'utf8')) as { version: string };
  return version;
}

/** A file that the package ships, by its path within it. */
export const packageFile = (path: string): URL => new URL(`../${path}`, DIST);
