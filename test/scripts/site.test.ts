// The pages of the site of documents: written without building the site, and every link among them leads somewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { REQUIREMENTS } from '../../src/contract/requirements.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

let pages = '';

beforeAll(() => {
  pages = join(newFolder(), 'pages');
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/generate-site.mjs'), pages], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

const markdown = (): string[] =>
  readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));

/** The links of a page that lead to another, or to a file of the repository. */
const links = (text: string): string[] =>
  [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

test('each requirement has a page by its id, with its statement and the pages that it is documented at', () => {
  for (const { id, statement } of REQUIREMENTS) {
    const page = readFileSync(join(pages, 'requirements', `${id}.md`), 'utf8');
    expect(page).toContain(statement);
    expect(page).toMatch(/## Documented at\n\n- /);
  }
  expect(readFileSync(join(pages, 'requirements/VDS-5.5b.md'), 'utf8')).toMatch(
    /https:\/\/learn\.microsoft\.com[^]*## Verified by\n\n- `[^]*## See it broken\n\n- `--provider defective:/,
  );
});

test('every link between pages leads to one', () => {
  const dead = markdown().flatMap((page) =>
    links(readFileSync(join(pages, page), 'utf8'))
      .filter((target) => target.endsWith('.md') || target.endsWith('.png') || target.endsWith('/'))
      .filter((target) => !existsSync(resolve(pages, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test('every link in the documents leads to a file of the repository', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const dead = documents.flatMap((file) =>
    links(readFileSync(join(ROOT, file), 'utf8'))
      .filter((target) => !existsSync(resolve(ROOT, dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test('the sidebar names pages that exist', () => {
  const config = readFileSync(join(ROOT, 'site/.vitepress/config.mjs'), 'utf8');
  const named = [...config.matchAll(/\['[^']+', '(\/[^']*)'\]/g)].map(([, page]) => page ?? '');
  expect(named.length).toBeGreaterThan(15);
  for (const page of named)
    expect(existsSync(join(pages, page.endsWith('/') ? `${page}index.md` : `${page}.md`)), page).toBe(true);
});
