// Compares what two runs found: node scripts/compare-results.mjs A/results.json B/results.json [--only-common] [--words
// words.json]
//
// Two runs are equal when they have the same checks with the same verdicts, codes and fault verdicts, the same findings
// (requirement, level, message) and the same counts; times, traces and notes do not matter. --only-common leaves out
// the checks that only one of them has, and the totals.
// --words names a file of renamings, [["old", "new"], …]: messages are equal that differ by these only. Reads schema
// versions 1 and 2. Exits 0 when the runs are equal, 1 with the differences when they are not, and 2 when it cannot
// compare them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SCHEMA_VERSIONS = [1, 2];

export function readResults(file) {
  const run = JSON.parse(readFileSync(file, 'utf8'));
  if (run.schema !== 'vds-conformance/results' || !SCHEMA_VERSIONS.includes(run.schemaVersion))
    throw new Error(`${file} is not a results.json of version ${SCHEMA_VERSIONS.join(' or ')}`);
  return run;
}

/** A function that brings a message to the newer words. Longer old words go first: they may contain shorter ones. */
export function renaming(words) {
  const ordered = [...words].sort(([a], [b]) => b.length - a.length);
  return (message) => ordered.reduce((text, [from, to]) => text.replaceAll(from, to), message);
}

/** A finding's message is a text, or a record with the text in it. */
const textOf = (message) => (typeof message === 'string' ? message : (message?.text ?? JSON.stringify(message)));

const findingsOf = (result, rename) =>
  result.findings
    .map(
      (f) => `${f.level} ${f.requirement}${f.faultVerdict ? ` (${f.faultVerdict})` : ''}: ${rename(textOf(f.message))}`,
    )
    .sort();

/** Those of the items of one list beyond those of the other, each as often as it stands there. */
function beyond(items, others) {
  const left = [...others];
  return items.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function differencesOfCheck(id, a, b, rename) {
  const lines = [];
  for (const key of ['verdict', 'code', 'faultVerdict', 'suite'])
    if (a[key] !== b[key]) lines.push(`${id}: ${key} ${a[key] ?? 'absent'} → ${b[key] ?? 'absent'}`);
  const before = findingsOf(a, rename);
  const after = findingsOf(b, rename);
  for (const finding of beyond(before, after)) lines.push(`${id}: - ${finding}`);
  for (const finding of beyond(after, before)) lines.push(`${id}: + ${finding}`);
  return lines;
}

/** The differences between two runs, a line each. */
export function compareResults(a, b, { onlyCommon = false, words = [] } = {}) {
  const rename = renaming(words);
  const before = new Map(a.results.map((r) => [r.id, r]));
  const after = new Map(b.results.map((r) => [r.id, r]));
  const lines = [];
  for (const [id, result] of before) {
    const other = after.get(id);
    if (other !== undefined) lines.push(...differencesOfCheck(id, result, other, rename));
    else if (!onlyCommon) lines.push(`${id}: only in the first`);
  }
  if (onlyCommon) return lines;
  for (const id of after.keys()) if (!before.has(id)) lines.push(`${id}: only in the second`);
  const counts = { ...a.summary.counts, findings: a.summary.findings, exitCode: a.summary.exitCode };
  const others = { ...b.summary.counts, findings: b.summary.findings, exitCode: b.summary.exitCode };
  for (const key of new Set([...Object.keys(counts), ...Object.keys(others)]))
    if (counts[key] !== others[key]) lines.push(`${key}: ${counts[key] ?? 'absent'} → ${others[key] ?? 'absent'}`);
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'only-common': { type: 'boolean', default: false }, words: { type: 'string' } },
    });
    if (positionals.length !== 2) throw new Error('give two files: A/results.json B/results.json');
    const [a, b] = positionals.map(readResults);
    const words = values.words === undefined ? [] : JSON.parse(readFileSync(values.words, 'utf8'));
    const differences = compareResults(a, b, { onlyCommon: values['only-common'], words });
    for (const line of differences) console.log(line);
    const common = a.results.filter((r) => b.results.some((other) => other.id === r.id)).length;
    console.log(
      `${differences.length === 0 ? 'equal' : `${differences.length} differences`}: ${common} checks in both`,
    );
    process.exitCode = differences.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`compare-results: ${error.message}`);
    process.exitCode = 2;
  }
}
