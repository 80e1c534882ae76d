// Writes docs/reference/*.md from the command line's help, the schemas and the contract, and puts the files of
// templates/ into the documents that include them. With --check it writes nothing and fails where one is stale. It
// reads the compiled project and schemas/: build and generate these first.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const compiled = join(root, 'dist/src/cli/parser.js');
if (!existsSync(compiled)) {
  console.error('generate-reference: the project is not compiled; run npm run build first');
  process.exit(2);
}
const { createParser } = await import(compiled);
const { CAPABILITIES } = await import(join(root, 'dist/src/port/capabilities.js'));

/** The output of --help, whoever's language and terminal. */
const helpOf = (...args) => createParser(args).locale('en').wrap(110).getHelp();

async function commandLine() {
  const general = await helpOf();
  const commands = [...general.matchAll(/^ {2}vds-conformance ([a-z]+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'completion');
  const sections = await Promise.all(
    commands.map(async (name) => `## ${name}\n\n\`\`\`text\n${await helpOf(name)}\n\`\`\`\n`),
  );
  return `# The command line

Generated from what the command line itself says; \`vds-conformance <command> --help\` prints the same.

\`\`\`text
${general}
\`\`\`

${sections.join('\n')}`;
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Whether a definition stands for itself within itself, as that of any JSON does. */
const isRecursive = ($ref, resolve) => JSON.stringify(resolve($ref)).includes(`"${$ref}"`);

function typeOf(schema, resolve) {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map((each) => typeOf(each, resolve)))].join(' or ');
  if (schema.$ref !== undefined)
    return isRecursive(schema.$ref, resolve) ? 'any JSON' : typeOf(resolve(schema.$ref), resolve);
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {}, resolve)}`;
  if (schema.type === 'object' && schema.properties === undefined && typeof schema.additionalProperties === 'object')
    return `object of ${typeOf(schema.additionalProperties, resolve)} by name`;
  return [schema.type ?? 'anything'].flat().join(' or ');
}

/**
 * A row for each member, and those within it by dotted names; `[]` stands for each of a list, `*` for a name of one's
 * own.
 */
function rowsOf(schema, resolve, at = '') {
  if (schema.$ref !== undefined)
    return isRecursive(schema.$ref, resolve) ? [] : rowsOf(resolve(schema.$ref), resolve, at);
  const inner = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((each) =>
    each.$ref === undefined ? each : isRecursive(each.$ref, resolve) ? {} : resolve(each.$ref),
  );
  const rows = inner.flatMap((each) => [
    ...Object.entries(each.properties ?? {}).flatMap(([name, member]) => {
      const path = at === '' ? name : `${at}.${name}`;
      return [
        `| \`${path}\` | ${cell(typeOf(member, resolve))} | ` +
          `${(each.required ?? []).includes(name) ? 'yes' : ''} | ${cell(member.description ?? '')} |`,
        ...rowsOf(member, resolve, path),
      ];
    }),
    ...(each.items !== undefined ? rowsOf(each.items, resolve, `${at}[]`) : []),
    ...(typeof each.additionalProperties === 'object' ? rowsOf(each.additionalProperties, resolve, `${at}.*`) : []),
  ]);
  return [...new Set(rows)];
}

function files() {
  const schemas = readdirSync(join(root, 'schemas'))
    .filter((name) => name.endsWith('.schema.json'))
    .sort();
  const sections = schemas.map((name) => {
    const schema = JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8'));
    const resolve = (ref) =>
      ref
        .replace(/^#\//, '')
        .split('/')
        .reduce((within, part) => within[part], schema);
    const [, title] = /^vds-conformance: (.*)$/.exec(schema.title) ?? [];
    return `## ${title}

[schemas/${name}](../../schemas/${name})

| member | type | needed | |
|---|---|---|---|
${rowsOf(schema, resolve).join('\n')}
`;
  });
  return `# Files that a run reads and writes

Generated from the schemas in the package. \`a.b\` is the member \`b\` of \`a\`, \`a[].b\` that of each in the \
list \`a\`, \`a.*.b\` that of each by a name of your own.

${sections.join('\n')}`;
}

function capabilities() {
  const rows = Object.entries(CAPABILITIES).map(
    ([name, { says, without }]) => `| \`${name}\` | ${cell(says)} | ${cell(without)} |`,
  );
  return `# Capabilities of a transport

What an adapter declares in \`capabilities\`, and what checks do where one is missing.

| capability | with it | without it |
|---|---|---|
${rows.join('\n')}
`;
}

const { codes, enumerations, interfaces, structures } = await import(join(root, 'dist/src/contract/tables.js'));
const { addressOf } = await import(join(root, 'dist/src/contract/pages.js'));

/** A type of the contract as an author of an adapter reads it: `VDS_LUN_PROP`, `u32`, `IVdsLun`, a list of one. */
function contractType({ kind, name, of, to }) {
  if (of !== undefined) return `list of ${contractType(of)}`;
  if (to !== undefined) return contractType(to);
  return name ?? kind;
}

const camelCase = (values) =>
  values
    .map(({ name, type, nullable }) => `\`${name}\`: ${contractType(type)}${nullable ? ' or null' : ''}`)
    .join(', ');

/**
 * The methods, structures, events and codes that an adapter in JavaScript answers, with the pages that document them.
 */
function contract() {
  const methods = [...interfaces.values()].map((i) => {
    const rows = i.methods.map((m) => {
      const address = addressOf(m.page);
      const [ins, outs] = ['in', 'out'].map((direction) =>
        camelCase(m.params.filter((p) => p.direction === direction)),
      );
      const named = address === undefined ? m.name : `[${m.name}](${address})`;
      return `| ${named} | ${cell(ins)} | ${cell(outs)} | ${cell(m.codes.join(', '))} |`;
    });
    return `### ${i.name}

On: ${i.objects.join(', ')}. ${i.presence}

| method | arguments | outputs | documented codes |
|---|---|---|---|
${rows.join('\n')}
`;
  });
  const fields = [...structures.values()].map(
    (s) => `### ${s.name}\n\n${s.fields.map((f) => `- \`${f.name}\`: ${contractType(f.type)}`).join('\n')}\n`,
  );
  const values = [...enumerations.values()].map(
    (e) =>
      `### ${e.name}\n\n${Object.entries(e.values)
        .map(([name, value]) => `- \`${name}\` ${value}`)
        .join('\n')}\n`,
  );
  const results = codes.map((c) => `| ${c.name} | 0x${c.value.toString(16).padStart(8, '0')} |`);
  return `# Methods, structures, enumerations and codes

Generated from the contract. Names of arguments, outputs and members are those that an adapter in \
JavaScript uses; events (\`VDS_NF_…\`) stand among the enumerations.

## Methods

${methods.join('\n')}
## Structures

${fields.join('\n')}
## Enumerations

${values.join('\n')}
## Codes

| name | value |
|---|---|
${results.join('\n')}
`;
}

/** A document with the files that it includes: `<!-- templates/name -->` stands before the block that shows one. */
const withTemplates = (file) =>
  readFileSync(join(root, file), 'utf8').replace(
    /^(<!-- (templates\/[\w.-]+) -->\n```\w+\n)[^]*?^```$/gm,
    (_, before, template) => `${before}${readFileSync(join(root, template), 'utf8')}\`\`\``,
  );

const check = process.argv.includes('--check');
mkdirSync(join(root, 'docs/reference'), { recursive: true });
const stale = [];
for (const [name, text] of [
  ['docs/reference/cli.md', await commandLine()],
  ['docs/reference/files.md', files()],
  ['docs/reference/contract.md', contract()],
  ['docs/reference/capabilities.md', capabilities()],
  ['docs/adapters.md', withTemplates('docs/adapters.md')],
]) {
  const file = join(root, name);
  if (check && (!existsSync(file) || readFileSync(file, 'utf8') !== text)) stale.push(file);
  if (!check) writeFileSync(file, text);
}
if (stale.length > 0) {
  console.error(`stale, run npm run generate:\n${stale.join('\n')}`);
  process.exitCode = 1;
}
