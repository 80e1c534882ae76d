// Small files and small folders: fails where a file of src, suites, providers or test has more than 500 lines, or a
// folder more than 25 files, unless it is data, generated or a family of one kind; where a line of code has more than
// 120 columns; and where a file of the heart has no test of its own.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const MOST_LINES = 500;
const MOST_FILES = 25;
const MOST_COLUMNS = 120;
const FOLDERS = ['src', 'suites', 'providers', 'test'];
/** Folders in which only the width of lines counts. */
const ROUND_ABOUT = ['scripts', 'bench'];
const CODE = /\.(?:ts|mjs|js|cpp|h)$/;
/** Data, or generated from it. */
const IS_GENERATED = /\/generated\/|^providers\/ffi\/native\/(?:vds_contract|documented_codes)\.h$/;
const IS_DATA = /^src\/contract\/(?:data\/|requirements)/;
/** A regular expression on a line of its own: nothing can break it. */
const IS_PATTERN = /^\s*\/(?![/*]).*\/[a-z]*[,;)]*$/;
/** Folders whose files are of one kind each. */
const FAMILIES = ['suites', 'providers/defective/defects'];

/** Files of the heart, each of which has a test of its own under test/, by the same path. */
const HEART = [
  'checks/make',
  'checks/recovery-case',
  'checks/recovery/held-system',
  'checks/recovery/small-system',
  'lab/change-guard',
  'lab/system',
  'lab/wall',
  'lab/whereabouts',
  'port/session',
  'run/engine/run',
  'run/frame',
  'run/precondition',
  'run/reproduction',
  'run/run-check',
  'truth/compare',
  'truth/consistency',
  'truth/observe',
  'truth/read-inventory',
];

const complaints = [];
function look(folder) {
  let files = 0;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      look(path);
      continue;
    }
    files += 1;
    if (!CODE.test(path) || IS_GENERATED.test(path)) continue;
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    lookAtWidth(path, lines);
    if (!IS_DATA.test(path) && lines.length - 1 > MOST_LINES)
      complaints.push(`${path} has ${lines.length - 1} lines; split it by subject (at most ${MOST_LINES})`);
  }
  if (files > MOST_FILES && !FAMILIES.includes(folder))
    complaints.push(`${folder} has ${files} files; make rooms in it (at most ${MOST_FILES})`);
}
/** Characters are counted, not bytes. */
function lookAtWidth(path, lines) {
  lines.forEach((line, index) => {
    const columns = [...line].length;
    if (columns > MOST_COLUMNS && !IS_PATTERN.test(line))
      complaints.push(`${path}:${index + 1} has ${columns} columns; break it (at most ${MOST_COLUMNS})`);
  });
}

for (const folder of FOLDERS) look(folder);
for (const folder of ROUND_ABOUT)
  for (const { name } of readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()))
    if (CODE.test(name)) lookAtWidth(`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8').split('\n'));
for (const file of HEART) {
  if (!existsSync(join(root, `src/${file}.ts`)))
    complaints.push(`src/${file}.ts is not there; name what replaced it in HEART`);
  else if (!existsSync(join(root, `test/${file}.test.ts`)))
    complaints.push(`src/${file}.ts has no test/${file}.test.ts`);
}

for (const complaint of complaints) console.error(`check-layout: ${complaint}`);
process.exitCode = complaints.length === 0 ? 0 : 1;
