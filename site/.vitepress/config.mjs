// The site of documents: pages/ is written by scripts/generate-site.mjs from docs/, the README files and the contract.
import { defineConfig } from 'vitepress';

const pages = (...entries) => entries.map(([text, link]) => ({ text, link }));

export default defineConfig({
  title: 'vds-conformance',
  description: 'Fault-injection test harness and conformance suite for providers of the Windows Virtual Disk Service',
  srcDir: 'pages',
  outDir: '../build/site',
  // Files that are no pages (schemas, templates) are found in the package, not here.
  ignoreDeadLinks: [/\.json$/, /\/(?:schemas|ci|templates)\//],
  cleanUrls: true,
  // Documents are Markdown alone, so that `<…>` in them is text.
  markdown: { html: false },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Use it',
        items: pages(
          ['Overview', '/'],
          ['Tutorial', '/docs/tutorial'],
          ['Adapters', '/docs/adapters'],
          ['REST gateways', '/providers/rest/README'],
          ['Native providers', '/providers/ffi/README'],
          ['Control interface', '/docs/control-interface'],
          ['Faults by your own commands', '/docs/device-faults'],
          ['Lab safety', '/docs/lab-safety'],
          ['CI', '/docs/ci'],
        ),
      },
      {
        text: 'Understand a result',
        items: pages(['Verdicts', '/docs/verdicts'], ['Results', '/docs/results'], ['Requirements', '/requirements/']),
      },
      {
        text: 'Reference',
        items: pages(
          ['Command line', '/docs/reference/cli'],
          ['Files', '/docs/reference/files'],
          ['Methods, structures and codes', '/docs/reference/contract'],
          ['Capabilities', '/docs/reference/capabilities'],
          ['Reference system', '/docs/reference-system'],
        ),
      },
      {
        text: 'Work on it',
        items: pages(
          ['Contributing', '/CONTRIBUTING'],
          ['Architecture', '/docs/architecture'],
          ['Writing a check', '/docs/writing-a-check'],
          ['Writing a fault', '/docs/writing-a-fault'],
          ['Decisions', '/docs/decisions'],
          ['Benchmarks', '/docs/benchmarks'],
          ['Changes', '/CHANGELOG'],
        ),
      },
    ],
  },
});
