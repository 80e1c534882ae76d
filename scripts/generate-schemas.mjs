// Writes schemas/*.schema.json, the JSON Schemas of the files that a run reads and writes, from the zod schemas that
// read and write them. With --check it writes nothing and fails where one is stale. It reads the compiled project:
// build first.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../', import.meta.url));
const compiled = join(root, 'dist/src/reporting/store/schema.js');
if (!existsSync(compiled)) {
  console.error('generate-schemas: the project is not compiled; run npm run build first');
  process.exit(2);
}
const { baselineSchema, certificateSchema, evidenceSchema, journalLineSchema, resultsSchema, statementSchema } =
  await import(compiled);

const { configSchema } = await import(join(root, 'dist/src/cli/options/config.js'));

const SCHEMAS = [
  ['results', 'results.json of a run', resultsSchema, 'output'],
  ['journal', 'A line of journal.ndjson', journalLineSchema, 'output'],
  ['evidence', 'evidence/<check>.json of a check that did not pass', evidenceSchema, 'output'],
  ['certificate', 'certificate.json of a run: a DSSE envelope', certificateSchema, 'output'],
  ['certificate-statement', 'The payload of certificate.json', statementSchema, 'output'],
  // Persons write these, so what may be left out may be left out.
  ['config', 'Options of run, for --config', configSchema, 'input'],
  ['baseline', 'Known failures, for run --baseline', baselineSchema, 'input'],
];

const check = process.argv.includes('--check');
const folder = join(root, 'schemas');
mkdirSync(folder, { recursive: true });
const stale = [];
for (const [name, title, schema, io] of SCHEMAS) {
  const file = join(folder, `${name}.schema.json`);
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  const text = `${JSON.stringify({ $schema, title: `vds-conformance: ${title}`, ...rest }, null, 2)}\n`;
  if (check && (!existsSync(file) || readFileSync(file, 'utf8') !== text)) stale.push(file);
  if (!check) writeFileSync(file, text);
}
if (stale.length > 0) {
  console.error(`stale, run npm run generate:\n${stale.join('\n')}`);
  process.exitCode = 1;
}
