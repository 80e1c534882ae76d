// Where the parts of the installed package are.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const DIST = new URL('../../', import.meta.url);

/** The module that lists our own suites, as a file URL. */
export const SUITES_MODULE = new URL('suites/index.js', DIST).href;

/** The package's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', DIST), 'utf8')) as { version: string };
  return version;
}

/** A file that the package ships, by its path within it. */
export const packageFile = (path: string): URL => new URL(`../${path}`, DIST);

/**
 * The node_modules folder in which what stands in `root` finds this package, from there; undefined where it is
 * installed elsewhere, as with --global.
 */
export function installationFor(root: string): string | undefined {
  for (let at = root; ; at = dirname(at)) {
    const folder = join(at, 'node_modules');
    if (existsSync(join(folder, 'vds-conformance/package.json'))) return relative(root, folder).replaceAll('\\', '/');
    if (at === dirname(at)) return undefined;
  }
}

/**
 * Whether the program is to be started through npx: it was, or it is a dependency of the project around the current
 * folder.
 */
export const startsThroughNpx = (): boolean =>
  process.env['npm_command'] === 'exec' || installationFor(process.cwd()) !== undefined;
