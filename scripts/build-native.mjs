// Builds the native reference provider (providers/ffi/native) with the system's C++ compiler:
//   npm run build:native [-- --defect <name>] [--target windows] [--sanitize] [--compiler <c++ compiler>]
//                        [--out <directory>] [--smoke] [--admin]
// Prints where the library is and how to run the suite on it; --admin also builds arrayadmin, which changes its array
// behind its back. What has not changed is not compiled again. --target windows makes a DLL with mingw-w64, as any
// compiler does that makes Windows code; --sanitize builds with AddressSanitizer and UndefinedBehaviorSanitizer. Exit
// codes: 0 built, 1 the compiler or the smoke test failed, 2 wrong usage or no compiler.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'providers', 'ffi', 'native');
const run = promisify(execFile);

/** A source that includes this differs from one defect to the next. */
const DEFECTS = '"com/defects.h"';

class Stop extends Error {
  constructor(exitCode, problem, hint) {
    super(hint === undefined ? problem : `${problem}\n${hint}`);
    this.exitCode = exitCode;
  }
}

const read = (name) => readFileSync(join(sources, name), 'utf8');
/**
 * The provider's files with this ending, by their paths within its folder; what stands beside the provider (admin,
 * test) is left out.
 */
const sourceFiles = (ending) =>
  readdirSync(sources, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending) && !/^(?:admin|test)\//.test(path))
    .sort();
const hash = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
const found = (pattern, file) => {
  const match = pattern.exec(read(file));
  if (match === null) throw new Stop(1, `${file} does not define what this script reads from it`);
  return match[1];
};

function options() {
  try {
    const string = { type: 'string' };
    return parseArgs({
      options: {
        defect: string,
        compiler: string,
        out: string,
        target: string,
        smoke: { type: 'boolean', default: false },
        admin: { type: 'boolean', default: false },
        sanitize: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Stop(
      2,
      error.message,
      'Options: --defect <name>, --target windows, --sanitize, --compiler <c++ compiler>, --out <directory>, ' +
        '--smoke, --admin.',
    );
  }
}

/** The defect as it is written in C++, `none` for the reference provider. */
function defectName(given) {
  if (given === undefined) return 'none';
  const known = [...found(/enum class Defect \{([^}]*)\}/, 'com/defects.h').matchAll(/^\s*(\w+),/gm)]
    .map((m) => m[1])
    .filter((n) => n !== 'none');
  const name = given.replaceAll('-', '_');
  if (!known.includes(name))
    throw new Stop(
      2,
      `unknown defect ${given}`,
      `Known defects: ${known.map((n) => n.replaceAll('_', '-')).join(', ')}.`,
    );
  return name;
}

// The provider needs std::mutex, which Debian's mingw-w64 has with POSIX threads only.
const USUAL = { host: ['c++', 'g++', 'clang++'], windows: ['x86_64-w64-mingw32-g++-posix', 'x86_64-w64-mingw32-g++'] };

/** The first compiler for the target that runs: the one asked for, or the usual ones. */
function findCompiler(target, asked) {
  const candidates = asked === undefined ? USUAL[target] : [asked];
  for (const candidate of candidates) {
    // $CXX may hold arguments, as in "ccache g++".
    const [program, ...args] = candidate.split(/\s+/).filter(Boolean);
    if (program === undefined) continue;
    const answer = spawnSync(program, [...args, '-dumpmachine'], { encoding: 'utf8' });
    if (answer.status !== 0) continue;
    const version = spawnSync(program, [...args, '--version'], { encoding: 'utf8' }).stdout;
    return { program, args, version, windows: /mingw|windows/.test(answer.stdout), linux: /linux/.test(answer.stdout) };
  }
  const hint =
    target === 'windows'
      ? 'Install one (Debian: apt-get install g++-mingw-w64-x86-64-posix), or name one by --compiler.'
      : 'Install one (Debian: apt-get install g++), or name one by --compiler or $CXX.';
  throw new Stop(2, `no C++ compiler: tried ${candidates.join(', ')}`, hint);
}

/** Runs the compiler on a temporary output first: another build may want the same file at the same time. */
async function make(compiler, args, output) {
  const temporary = `${output}.${process.pid}`;
  try {
    await run(compiler.program, [...compiler.args, ...args, '-o', temporary], { maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Stop(1, `${compiler.program} failed:\n${error.stderr || error.message}`);
  }
  renameSync(temporary, output);
}

// Calls run on stacks that AddressSanitizer does not know: there an exception, thrown and caught, would look like an
// overrun. And an object of the caller, as the sink is, need not be one of this compiler's, so its vtable says nothing
// about its type.
const SANITIZE = [
  '-fsanitize=address,undefined',
  '-fno-sanitize=vptr',
  '-fno-sanitize-recover=undefined',
  '--param',
  'asan-stack=0',
  '-fno-omit-frame-pointer',
];

// DWARF 4: valgrind gives up on what newer compilers write by default. No debugger of Windows reads DWARF.
const compileFlags = (compiler, { defect, sanitize }) => [
  '-std=c++17',
  '-O1',
  `-I${sources}`,
  ...(compiler.windows ? [] : ['-g', '-gdwarf-4', '-fPIC']),
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fvisibility=hidden',
  '-pthread',
  ...(sanitize ? SANITIZE : []),
  ...(defect === 'none' ? [] : [`-DVDSC_DEFECT=${defect}`]),
];

/**
 * Compiles what has changed of the units, each a list of sources that are compiled as one: the headers, above all those
 * of Windows, take most of the time. Returns the objects.
 */
async function compile(compiler, units, variant, out) {
  mkdirSync(join(out, 'obj'), { recursive: true });
  const headers = sourceFiles('.h').map(read).join('\0');
  const objects = units.map(({ name, files }) => {
    const texts = files.map(read);
    // Only these differ from one defect to the next.
    const flags = compileFlags(
      compiler,
      texts.some((t) => t.includes(DEFECTS)) ? variant : { ...variant, defect: 'none' },
    );
    const path = join(out, 'obj', `${name}-${hash(compiler.program, compiler.version, ...flags, headers, ...texts)}`);
    return { files, flags, source: `${path}.cpp`, path: `${path}.o` };
  });
  await Promise.all(
    objects
      .filter((o) => !existsSync(o.path))
      .map(async ({ files, flags, source, path }) => {
        writeFileSync(source, files.map((f) => `#include "${join(sources, f)}"\n`).join(''));
        await make(compiler, [...flags, '-c', source], path);
      }),
  );
  return objects.map((o) => o.path);
}

/** Links unless the output was linked from the same objects. */
async function link(compiler, args, objects, output) {
  const stamp = hash(...args, ...objects);
  const stampFile = `${output}.stamp`;
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  // The provider's libraries come after the objects that need them.
  await make(compiler, [...objects, '-pthread', ...args], output);
  writeFileSync(stampFile, stamp);
}

// The memory of a thread that drops the last reference to a provider, and is about to end when the program does, is
// "possibly lost".
const DEFINITE = ['--show-leak-kinds=definite', '--errors-for-leak-kinds=definite'];

function runSmokeTest(program) {
  // Under valgrind where it is installed: the test then also proves that nothing leaks and nothing is overrun.
  const valgrind =
    spawnSync('valgrind', ['--version']).status === 0
      ? ['valgrind', '--quiet', '--leak-check=full', ...DEFINITE, '--error-exitcode=99']
      : [];
  const [command, ...args] = [...valgrind, program];
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, VDSC_NATIVE_STATE: '' } });
  if (result.status !== 0)
    throw new Stop(
      1,
      `${basename(program)} failed (${result.error?.message ?? result.signal ?? `exit code ${result.status}`})`,
    );
  console.log(`${basename(program)}: passed${valgrind.length > 0 ? ', under valgrind' : ''}`);
}

async function main() {
  const given = options();
  const defect = defectName(given.defect);
  const target = given.target ?? 'host';
  if (!Object.hasOwn(USUAL, target))
    throw new Stop(2, `unknown target ${target}`, `Known targets: ${Object.keys(USUAL).join(', ')}.`);
  const compiler = findCompiler(target, given.compiler ?? (target === 'host' ? process.env.CXX : undefined));
  if (given.sanitize && compiler.windows)
    throw new Stop(2, 'mingw-w64 has no sanitizers', 'Build for this machine with --sanitize.');
  const variant = { defect, sanitize: given.sanitize };
  const out = resolve(given.out ?? join(root, 'build', 'native'));
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw new Stop(2, `cannot write to ${out}: ${error.message}`, 'Pass another directory as --out.');
  }

  const names = sourceFiles('.cpp');
  const differs = (name) => read(name).includes(DEFECTS);
  const objects = await compile(
    compiler,
    [
      { name: 'defective', files: names.filter(differs) },
      { name: 'sound', files: names.filter((n) => !differs(n)) },
    ],
    variant,
    out,
  );
  const libraries = [
    ...(compiler.windows ? ['-static', '-lole32', '-luuid'] : []),
    ...(given.sanitize ? SANITIZE : []),
  ];
  const exported = compiler.windows
    ? [join(sources, 'exports.def')]
    : compiler.linux
      ? [`-Wl,--version-script=${join(sources, 'exports.map')}`]
      : [];
  const named = defect === 'none' ? '' : `_${defect.replaceAll('_', '-')}`;
  const base = `libvdsc_native${named}${given.sanitize ? '_sanitized' : ''}`;
  const library = join(out, compiler.windows ? `${base}.dll` : `${base}.so`);
  await link(compiler, ['-shared', ...exported, ...libraries], objects, library);

  /** A program of one source beside the provider's, linked with the provider's objects. */
  const program = async (source, name) => {
    const path = join(out, compiler.windows ? `${name}.exe` : name);
    await link(
      compiler,
      libraries,
      [...objects, ...(await compile(compiler, [{ name, files: [source] }], variant, out))],
      path,
    );
    return path;
  };
  if (given.smoke)
    for (const walk of ['smoke', 'smoke_profiles']) runSmokeTest(await program(`test/${walk}.cpp`, walk));
  if (given.admin) console.log(`arrayadmin: ${await program('admin/arrayadmin.cpp', 'arrayadmin')}`);
  const clsid = `{${found(/kClassId\[\] = "([0-9a-f-]{36})"/, 'com/class_id.h').toUpperCase()}}`;
  const quoted = /\s/.test(library) ? `"${library}"` : library;
  console.log(
    `library: ${library}\nclsid: ${clsid}\n` +
      `vds-conformance run --provider ffi --library ${quoted} --clsid ${clsid} --allow-destructive`,
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(`build-native: ${error.message}`);
  process.exitCode = error.exitCode;
}
