// A lawful variant: the reference provider with one deviation that the documents allow. Deviations compose: a variant
// is a set of them.
import type { OpenOptions, Port } from '../../src/port/port.js';
import { overridePort, type MakeOverrides } from '../defective/override.js';
import { createInMemory, type Parts } from '../in-memory/adapter.js';
import { DEFAULT_PROFILE, type ProfileName } from '../in-memory/profiles/profile.js';

export interface Variant {
  /** As in --provider lawful:<name>. */
  readonly name: string;
  /** The deviation, and why it is lawful, in one sentence. */
  readonly says: string;
  /** Of which reference provider it is a variant; of the default one unless given. */
  readonly profile?: ProfileName;
  /** The classes that it puts in place of the reference provider's own. */
  readonly parts?: Partial<Parts>;
  /** Its other answers at the port. Called for each session. */
  readonly overrides?: MakeOverrides;
  /** The subject that it decides. A provider has at most one of two deviations with the same subject. */
  readonly decides?: readonly string[];
  /** The SHOULD requirements that it does not keep: findings, and failures under --strict only. */
  readonly finds?: readonly string[];
  /** Why a run against it ends incomplete (exit code 4): what its lab or array does not let anybody find out. */
  readonly incomplete?: string;
  /** What a check made may stay behind, as it may refuse to delete it; a note of the check says so. */
  readonly leaves?: true;
  /** It concerns every generated check, so that it is tried with all of them. */
  readonly everywhere?: true;
  /** It is slow, and tried where time does not matter. */
  readonly slow?: true;
}

/** Whether one provider can have all of these deviations. */
export function compose(variants: readonly Variant[]): boolean {
  const decided = variants.flatMap(({ decides = [], parts = {} }) => [...decides, ...Object.keys(parts)]);
  const profiles = new Set(variants.map(({ profile = DEFAULT_PROFILE }) => profile));
  return new Set(decided).size === decided.length && profiles.size <= 1;
}

/**
 * Opens a session with a provider of one profile that has all of these deviations; what a later one changes, it changes
 * of what the ones before it answer.
 */
export function openDeviating(variants: readonly Variant[], options: Pick<OpenOptions, 'seed'>): Port {
  const parts = Object.assign({}, ...variants.map((each) => each.parts)) as Partial<Parts>;
  return variants.reduce<Port>(
    (port, { overrides }) => (overrides === undefined ? port : overridePort(port, overrides(port))),
    createInMemory(options, parts, variants[0]?.profile),
  );
}
