// The form of an entry of the requirement catalogue. The entries are next to this file, one file a subject.

/**
 * Levels of a requirement: MUST breaks conformance, SHOULD is a finding (and fails only under --strict), AMBIGUOUS is
 * recorded and must be kept, CALLER binds the caller (our suites obey it). docs/verdicts.md says how the level follows
 * from what a page says.
 */
export type Level = 'MUST' | 'SHOULD' | 'AMBIGUOUS' | 'CALLER';

/** The word by which a page binds: it demands, recommends, or says what happens as a fact. */
export type Verb = 'must' | 'should' | 'states';

export interface Entry {
  /**
   * `VDS-<section>.<item>`, with a lower-case letter appended where one item of the facts states duties of different
   * level or that need different checks: `VDS-8.2`, `VDS-1.3a`, `VDS-1.3b`. An id, once published, keeps its meaning.
   */
  readonly id: string;
  readonly level: Level;
  /** The page's own word; `states` unless given. */
  readonly verb?: Verb;
  /**
   * The duty of a provider (or the caller, for CALLER), in a sentence or two that show the reader of a failure report
   * which duty was broken.
   */
  readonly statement: string;
  /** Why it has this level, where the page's word does not show it. */
  readonly why?: string;
  /**
   * The pages that state it: a documentation page id, `idl:FILE` for a comment or attribute in the SDK's IDL, `MS-VDS
   * n`, or a header. Never empty.
   */
  readonly source: readonly string[];
  /** Interfaces whose methods it concerns; empty only where none applies. */
  readonly interfaces: readonly string[];
  /** Why no check can observe it, where that is so. */
  readonly untestable?: string;
  /** Set where it can be checked but is not yet: which methods, interfaces or fault kinds the check waits for. */
  readonly waiting?: string;
}
