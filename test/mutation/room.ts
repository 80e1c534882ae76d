// The room in which mutants are tried: a copy of what was compiled, with the target's modules instrumented, every
// mutant in them and none switched on.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { transformWithOxc } from 'vite';
import { ROOT } from '../support/project.js';
import { withKeys, type Mutant } from './mutants.js';
import { TARGETS, type Target, type TargetName } from './targets.js';

interface Room {
  readonly mutants: readonly Mutant[];
  /** The compiled module of a lane. */
  readonly lane: string;
  readonly remove: () => void;
  /** Differs where any module differs. */
  readonly hash: string;
}

const SILENT = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
};

/** Paths of the files of a kind, from the folder. */
const filesIn = (folder: string, suffix: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

const sourcesIn = (folder: string): readonly string[] =>
  filesIn(join(ROOT, folder), '.ts').map((name) => `${folder}/${name}`);

interface Position {
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

function textBetween(lines: readonly string[], start: Position, end: Position): string {
  const some = lines.slice(start.line, end.line + 1);
  const last = some.length - 1;
  return some
    .map((line, index) => line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined))
    .join('\n');
}

/** Builds a room from dist/, which must be up to date. */
export async function buildRoom(target: TargetName): Promise<Room> {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  // Within the project, so that packages are found; of its own, so that two runs do not meet.
  const room = mkdtempSync(join(ROOT, 'build/mutation-'));
  cpSync(join(ROOT, 'dist'), join(room, 'dist'), {
    recursive: true,
    filter: (path) => !/\.(?:d\.ts|map|tsbuildinfo)$/.test(path),
  });
  const { folders, except }: Target = TARGETS[target];
  const files = folders
    .flatMap(sourcesIn)
    .filter((name) => !except.includes(name))
    .map((name) => ({ name, mutate: true, content: readFileSync(join(ROOT, name), 'utf8') }));
  const { files: instrumented, mutants } = await new Instrumenter(SILENT).instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  for (const { name, content } of instrumented) {
    const path = join(room, 'dist', name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await transformWithOxc(content, name, { target: 'es2022' })).code);
  }
  const hash = createHash('sha256');
  for (const name of filesIn(room, '.js')) hash.update(name).update(readFileSync(join(room, name)));
  const linesOf = new Map(files.map(({ name, content }) => [name, content.split('\n')]));
  return {
    remove: () => rmSync(room, { recursive: true, force: true }),
    hash: hash.digest('hex').slice(0, 16),
    lane: join(room, 'dist/test/mutation/lane.js'),
    mutants: withKeys(
      mutants.map(({ id, fileName, location, mutatorName, replacement }) => {
        const lines = linesOf.get(fileName) ?? [];
        return {
          id,
          file: fileName,
          line: location.start.line + 1,
          mutator: mutatorName,
          original: textBetween(lines, location.start, location.end),
          replacement,
          source: (lines[location.start.line] ?? '').trim(),
        };
      }),
    ),
  };
}
