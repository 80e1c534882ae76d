// Finds the explanation of a survivor: by what its source line reads, not by the line's number.
import type { Mutant } from './mutants.js';

/** Mutants that nobody can notice, or that leave a lawful provider. */
export interface Explanation {
  readonly file: string;
  /** The source line in which it begins, without indentation; all lines of the file unless given. */
  readonly source?: string;
  readonly mutator?: string;
  readonly original?: string;
  readonly replacement?: string;
  /** Equivalent: no caller can tell. Lawful: a provider may do so. */
  readonly kind: 'equivalent' | 'lawful';
  readonly why: string;
}

type Explained = Pick<Mutant, 'file' | 'source' | 'mutator' | 'original' | 'replacement'>;

const explains = (explanation: Explanation, mutant: Explained): boolean =>
  (['file', 'source', 'mutator', 'original', 'replacement'] as const).every(
    (field) => explanation[field] === undefined || explanation[field] === mutant[field],
  );

/** The first explanation that fits. */
export const explanationOf = (mutant: Explained, all: readonly Explanation[]): Explanation | undefined =>
  all.find((explanation) => explains(explanation, mutant));
