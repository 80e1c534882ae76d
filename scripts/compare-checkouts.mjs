// Shows that a change of structure changes no verdict: runs a built checkout of the state before and this one over the
// same providers with one seed, and compares the results: node scripts/compare-checkouts.mjs BASE [--words words.json]
// [--only-common] [--whole] [--before folder] [name…]
//
// The in-memory provider, the same behind REST, and five lawful variants meet every check at quick effort. Each defect
// meets the checks that are known to notice it; with --whole, all of them, which takes about an hour. --before keeps
// the results of BASE in a folder and takes them from it next time. Names select among the providers (in-memory, rest,
// lawful:…, defective:…; a name may end in *). Exits 1 where the two differ.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareResults, readResults } from './compare-results.mjs';

const SEED = 'c0ffee01';
const LAWFUL = ['id-dialect-braced', 'answers-from-a-copy', 'nothing-optional', 'serialising', 'notifies-later'];
/** Short, as nothing here is slow by right: each hang of a defect costs one of these. */
const LIMITS = { timeout: 3000, 'scan-timeout': 3000, 'wait-timeout': 3000, 'notification-timeout': 1000 };

const HEAD = fileURLToPath(new URL('../', import.meta.url));
const compiled = (path) => import(join(HEAD, 'dist', path));
const { DEFECTS } = await compiled('providers/defective/catalogue.js');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    words: { type: 'string' },
    'only-common': { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    before: { type: 'string' },
  },
});
const [base, ...names] = positionals;
if (base === undefined || !existsSync(join(base, 'dist/src/cli/main.js'))) {
  console.error('compare-checkouts: the first argument is a built checkout to compare with');
  process.exit(2);
}

const chosen = (name) =>
  names.length === 0 || names.some((n) => (n.endsWith('*') ? name.startsWith(n.slice(0, -1)) : n === name));
const cases = [
  { name: 'in-memory', args: ['--provider', 'in-memory'] },
  { name: 'rest', args: ['--provider', 'rest'], served: true },
  ...LAWFUL.map((name) => ({ name: `lawful:${name}`, args: ['--provider', `lawful:${name}`] })),
  ...DEFECTS.map((d) => ({
    name: `defective:${d.name}`,
    args: ['--provider', `defective:${d.name}`, ...(values.whole ? [] : ['--check', ...d.noticedBy])],
  })),
].filter(({ name }) => chosen(name));

/** Serves the in-memory provider by REST on a port of its own; resolves with its address. */
function serve(checkout) {
  const server = spawn(
    process.execPath,
    [join(checkout, 'dist/src/cli/main.js'), 'serve', '--provider', 'in-memory', '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((resolveUrl, reject) => {
    let printed = '';
    server.stdout.on('data', (data) => {
      const url = /http:\/\/[^\s]+/.exec((printed += data))?.[0];
      if (url !== undefined) resolveUrl({ url, stop: () => server.kill() });
    });
    server.once('exit', () => reject(new Error(`serve ended: ${printed}`)));
  });
}

/** Runs one case with one checkout; resolves with the results, or with what it printed where there are none. */
async function run(checkout, { args, served }, folder) {
  const server = served ? await serve(checkout) : undefined;
  const limits = Object.entries(LIMITS).flatMap(([name, ms]) => [`--${name}`, String(ms)]);
  const url = server === undefined ? [] : ['--url', server.url, '--allow-destructive'];
  const options = ['--effort', 'quick', '--seed', SEED, '--quiet', '--reports', folder, ...limits, ...url];
  try {
    mkdirSync(folder, { recursive: true });
    const child = spawn(process.execPath, [join(checkout, 'dist/src/cli/main.js'), 'run', ...args, ...options]);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
    await new Promise((done) => child.once('close', done));
    const file = join(folder, 'results.json');
    if (!existsSync(file)) throw new Error(printed.trim());
    return readResults(file);
  } finally {
    server?.stop();
  }
}

const words = values.words === undefined ? [] : JSON.parse(readFileSync(values.words, 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'vdsc-compare-'));
const kept = values.before === undefined ? join(scratch, 'before') : resolve(values.before);
let different = 0;
let checks = 0;

async function compare(one) {
  const folder = one.name.replace(':', '-');
  const before = join(kept, folder);
  try {
    const file = join(before, 'results.json');
    const a = existsSync(file) ? readResults(file) : await run(base, one, before);
    const b = await run(HEAD, one, join(scratch, 'after', folder));
    const differences = compareResults(a, b, { onlyCommon: values['only-common'], words });
    checks += b.results.length;
    if (differences.length === 0) return;
    different += 1;
    console.log(`${one.name}:\n  ${differences.join('\n  ')}`);
  } catch (error) {
    different += 1;
    console.log(`${one.name}: ${error.message}`);
  }
}

const started = performance.now();
const left = [...cases];
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await compare(next);
  }),
);
rmSync(scratch, { recursive: true, force: true });
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${cases.length} providers, ${checks} checks, ${different} providers differ; ${seconds} s`);
process.exitCode = different === 0 && cases.length > 0 ? 0 : 1;
