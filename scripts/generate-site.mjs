// Writes site/pages/: the documents as they are, and a page for each requirement by its id, /requirements/VDS-5.5b.
// `npm run site` builds the site of them. It reads the compiled project: build first.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const pages = process.argv[2] ?? join(root, 'site/pages');
const compiled = (path) => import(join(root, 'dist', path));

const { REQUIREMENTS } = await compiled('src/contract/requirements.js');
const { addressOf } = await compiled('src/contract/pages.js');
const { SUITES } = await compiled('suites/index.js');
const { DEFECTS } = await compiled('providers/defective/catalogue.js');

const DOCUMENT = /\.(?:md|png)$/;

/** Markdown in a folder and below, as paths from the root. */
const documents = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => DOCUMENT.test(name))
    .map((name) => `${folder}/${name}`.replaceAll('\\', '/'));

const write = (path, text) => {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  writeFileSync(join(pages, path), text);
};

const known = new Set(REQUIREMENTS.map((r) => r.id));

/**
 * Where a link of a document leads among the pages: a folder's is its README, the catalogue's is the list of
 * requirements.
 */
const linkFrom = (folder) => (link, text, target) => {
  if (/^[a-z]+:|^#/.test(target)) return link;
  const [file, anchor] = target.split('#');
  const path = posix.normalize(posix.join(folder, file));
  if (path === 'README.md')
    return `[${text}](${posix.relative(folder, 'index.md')}${anchor === undefined ? '' : `#${anchor}`})`;
  if (path === 'src/contract/data/requirements/')
    return `[${text}](${posix.relative(folder, 'requirements/index.md')})`;
  return path.endsWith('/') ? `[${text}](${target}README.md)` : link;
};

/**
 * A document as a page: an id of a requirement leads to its page, and comments that tell generators where things go are
 * gone.
 */
const asPage = (markdown, path) => {
  const folder = posix.dirname(path);
  return markdown
    .replace(/^<!--.*?-->\n/gm, '')
    .split(/(```[^]*?```|`[^`\n]*`|\[[^\]\n]*\]\([^)\n]*\)|^ {4}.*$)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part.replace(/^\[([^\]]*)\]\(([^)]*)\)$/, linkFrom(folder))
        : part.replace(/\bVDS-\d+(?:\.\d+)?[a-z]?\b/g, (id) =>
            known.has(id) ? `[${id}](${posix.relative(folder, `requirements/${id}.md`)})` : id,
          ),
    )
    .join('');
};

const cell = (text) => text.replaceAll('|', '\\|');

const source = (page) => {
  const address = addressOf(page);
  return address === undefined ? `\`${page}\`` : `[${page}](${address})`;
};

const checks = SUITES.flatMap((suite) => suite.checks);

function requirementPage(r) {
  const verifying = checks.filter((c) => c.requirements.includes(r.id));
  const breaking = DEFECTS.filter((d) => d.breaks.includes(r.id));
  const shown = verifying.slice(0, 40);
  return [
    `# ${r.id}`,
    `**${r.level}**: ${r.statement}`,
    ...(r.verb === undefined ? [] : [`The documents' own word: *${r.verb}*.`]),
    ...(r.why === undefined ? [] : [`Why this level: ${r.why}`]),
    ...(r.waiting === undefined ? [] : [`No check verifies it yet: ${r.waiting}`]),
    ...(r.untestable === undefined ? [] : [`No check can observe it: ${r.untestable}`]),
    `## Documented at`,
    r.source.map((page) => `- ${source(page)}`).join('\n'),
    `## Verified by`,
    verifying.length === 0 ? 'No check.' : shown.map((c) => `- \`${c.id}\`: ${c.title}`).join('\n'),
    ...(verifying.length > shown.length
      ? [`and ${verifying.length - shown.length} more: \`vds-conformance list\``]
      : []),
    ...(breaking.length === 0
      ? []
      : ['## See it broken', breaking.map((d) => `- \`--provider defective:${d.name}\`: ${d.says}`).join('\n')]),
    '',
  ].join('\n\n');
}

rmSync(pages, { recursive: true, force: true });
const copied = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...documents('docs'), ...documents('providers')];
for (const path of copied) {
  if (!existsSync(join(root, path))) continue;
  if (path.endsWith('.md'))
    write(path === 'README.md' ? 'index.md' : path, asPage(readFileSync(join(root, path), 'utf8'), path));
  else {
    mkdirSync(dirname(join(pages, path)), { recursive: true });
    cpSync(join(root, path), join(pages, path));
  }
}
for (const requirement of REQUIREMENTS) write(`requirements/${requirement.id}.md`, requirementPage(requirement));
write(
  'requirements/index.md',
  [
    '# Requirements',
    '',
    'What the suite checks: every duty and documented effect, by the section of the catalogue. [How verdicts are ' +
      'reached](../docs/verdicts.md) explains the levels.',
    '',
    '| Requirement | Level | |',
    '|---|---|---|',
    ...REQUIREMENTS.map((r) => `| [${r.id}](${r.id}.md) | ${r.level} | ${cell(r.statement)} |`),
    '',
  ].join('\n'),
);
console.log(`wrote ${pages}: ${copied.length} documents, ${REQUIREMENTS.length} requirements`);
