// The mutants of a target: their keys, which outlive moved lines, and a choice of them by chance.
import { randomFor } from '../../src/checks/random.js';

/** One small change of a source file, as the instrumenter made it. */
export interface Mutant {
  /** The number by which it is switched on; another after each change of the source. */
  readonly id: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  /** The source line in which it begins, without indentation. */
  readonly source: string;
  /** Names it as long as its line reads as it does, wherever the line moves. */
  readonly key: string;
}

const ONE_LINE = /\s+/g;

/** Text of the source in one line, cut where it is long. */
export function brief(text: string, most = 90): string {
  const line = text.replace(ONE_LINE, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** Gives each mutant its key. Mutants that read alike are told apart by their order. */
export function withKeys(mutants: readonly Omit<Mutant, 'key'>[]): readonly Mutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const { file, source, mutator, original, replacement } = mutant;
    const text = [file, source, mutator, original, replacement].map((part) => part.replace(ONE_LINE, ' ')).join(' | ');
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return { ...mutant, key: count === 1 ? text : `${text} | ${count}` };
  });
}

interface Choice {
  /** Paths of files or folders, or a file with a line (`a/b.ts:12`); none means all. */
  readonly files: readonly string[];
  /** How many to take by chance; all unless given. */
  readonly sample?: number | undefined;
  readonly seed: string;
}

/**
 * The chosen mutants. The same seed takes the same of the same source, in an order of chance: what was tried when a run
 * is stopped is a sample, too, and a larger sample begins with the smaller one.
 */
export function choose(mutants: readonly Mutant[], { files, sample, seed }: Choice): readonly Mutant[] {
  const among = mutants.filter(
    ({ file, line }) =>
      files.length === 0 ||
      files.some((path) => [file, `${file}:${line}`].includes(path) || file.startsWith(`${path.replace(/\/$/, '')}/`)),
  );
  if (sample === undefined || sample >= among.length) return among;
  const random = randomFor(seed, 'mutants');
  const left = [...among];
  return Array.from({ length: sample }, () => left.splice(random.below(left.length), 1)).flat();
}
