// Our own tests. They run from source, so that watch mode sees a change at once; what runs in another process (the
// command line, provider hosts, the engine's worker, threads) runs compiled, from dist. docs/decisions.md says why.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

const ROOT = fileURLToPath(new URL('./', import.meta.url));
const FOLDERS = 'src|providers|suites|test|bench';
const source = new RegExp(`^${ROOT}((?:${FOLDERS})/.*)\\.ts$`);
const compiled = new RegExp(`^(?:file://)?${ROOT}dist/((?:${FOLDERS})/.*)\\.js$`);

/**
 * A module run from source finds files and programs where its compiled twin would, as its import.meta.url is its
 * twin's; and whatever imports a compiled module by its address gets the source, so that no module exists twice in one
 * process.
 */
const twins = {
  name: 'source and compiled are one',
  enforce: 'pre',
  resolveId(id) {
    const path = compiled.exec(id)?.[1];
    return path === undefined ? null : `${ROOT}${path}.ts`;
  },
  transform(code, id) {
    const path = source.exec(id)?.[1];
    if (path === undefined || !code.includes('import.meta.url')) return null;
    const url = JSON.stringify(pathToFileURL(`${ROOT}dist/${path}.js`).href);
    return { code: code.replaceAll('import.meta.url', url), map: null };
  },
};

const project = (name, include, more = {}) => ({ extends: true, test: { name, include, ...more } });

export default defineConfig({
  plugins: [twins],
  // Packages that come with source maps but without the sources are nothing to report.
  logLevel: 'error',
  test: {
    testTimeout: 300_000,
    hookTimeout: 600_000,
    globalSetup: 'test/support/temporary-files.ts',
    pool: 'forks',
    maxWorkers: 2,
    // It imports JSON in a way that Node 20 does not know.
    server: { deps: { inline: [/@actions\//] } },
    projects: [
      project('quick', ['test/**/*.test.ts'], { exclude: ['test/**/*.{long,whole}.test.ts'] }),
      // What takes longer, or needs a compiler, a browser or Wine.
      project('long', ['test/**/*.long.test.ts']),
      // Whole comparisons, seeds, kills and variants, and the long tests with all their cases: that takes hours.
      project('whole', ['test/**/*.{long,whole}.test.ts'], { env: { VDSC_WHOLE: 'true' } }),
      project('matrix', ['test/providers/defective/kill-matrix.ts']),
    ],
  },
});
