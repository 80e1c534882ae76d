// The providers that mutants are tried on, each with the checks that it meets: where a check comes to another end than
// without the mutant, the mutant is killed.
import { defectNamed } from '../../providers/defective/adapter.js';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { openDefective } from '../../providers/defective/defect.js';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { DEFAULT_PROFILE, PROFILE_NAMES, type ProfileName } from '../../providers/in-memory/profiles/profile.js';
import { openDeviating } from '../../providers/lawful/variant.js';
import { variantsNamed } from '../../providers/lawful/variants.js';
import type { Effort } from '../../src/checks/check.js';
import type { Port } from '../../src/port/port.js';
import { select, type SelectedCheck, type Selection } from '../../src/run/selection.js';
import { SUITES } from '../../suites/index.js';
import { GROUPS } from '../providers/lawful/judge.js';
import type { TargetName } from './targets.js';

export interface Bench {
  readonly name: string;
  readonly strict: boolean;
  /** How often the system is compared. */
  readonly effort: Effort;
  readonly checks: readonly SelectedCheck[];
  /** The checks show it in this order only, so that none can be left out. */
  readonly inOrder: boolean;
  readonly open: () => Port;
}

/** The checks that benches are left with. */
type Among = Pick<Selection, 'suites' | 'checks'>;

const SEED = { seed: 'mutation' };

const reference = (profile: ProfileName, effort: Effort, among: Among): Bench => ({
  name: `${profile} ${effort}`,
  strict: true,
  effort,
  checks: select(SUITES, { effort, ...among }),
  inOrder: false,
  open: () => createInMemory(SEED, {}, profile),
});

/** The default profile first in each effort. */
const PROFILES = [DEFAULT_PROFILE, ...PROFILE_NAMES.filter((name) => name !== DEFAULT_PROFILE)];

const references = (among: Among): readonly Bench[] =>
  (['quick', 'standard'] as const).flatMap((effort) => PROFILES.map((name) => reference(name, effort, among)));

/** The lawful variants, as few providers as they go into. */
const lawful = (among: Among): readonly Bench[] =>
  GROUPS.filter(([first]) => first?.incomplete === undefined).map((group): Bench => {
    const names = group.map(({ name }) => name).join('+');
    return {
      name: `lawful:${names}`,
      strict: group.every(({ finds }) => finds === undefined),
      effort: 'quick',
      checks: select(SUITES, { effort: 'quick', ...among }),
      inOrder: false,
      open: () => openDeviating(variantsNamed(names), SEED),
    };
  });

/** The defects, each with the checks that must notice it. */
function defective(among: Among): readonly Bench[] {
  const all = select(SUITES, { effort: 'full', ...among });
  return DEFECTS.filter(({ needsIsolation, breaksLoading }) => needsIsolation !== true && breaksLoading !== true).map(
    ({ name, strict, after = [], noticedBy }): Bench => {
      const ids = new Set([...after, ...noticedBy]);
      return {
        name: `defective:${name}`,
        strict: strict === true,
        effort: 'standard',
        checks: all.filter(({ check }) => ids.has(check.id)),
        inOrder: after.length > 0,
        open: () => openDefective(defectNamed(name), SEED),
      };
    },
  );
}

/**
 * The benches of a target, in the order in which a mutant meets them.
 *
 * @param among the checks that they are left with
 */
export function benchesOf(target: TargetName, among: Among): readonly Bench[] {
  const all =
    target === 'in-memory' ? references(among) : [...references(among), ...lawful(among), ...defective(among)];
  return all.filter(({ checks }) => checks.length > 0);
}
