// Our own tests run compiled, so that child processes, the command line and the tests are one and the same code.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages that come with source maps but without the sources are nothing to be told about.
  logLevel: 'error',
  test: {
    include: ['dist/test/**/*.test.js'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    // It imports JSON in a way that Node 20 does not know.
    server: { deps: { inline: [/@actions\//] } },
  },
});
