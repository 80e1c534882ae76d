// Runs checks against lawful variants and says what, by the verdict, a lawful provider was failed for.
import type { OpenOptions } from '../../../src/port/port.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { compose, openDeviating, type Variant } from '../../../providers/lawful/variant.js';
import { VARIANTS } from '../../../providers/lawful/variants.js';
import { FRAME_OF_EFFORT } from '../../../src/run/frame.js';
import { select, type Selection } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { LIGHT_SUITES } from '../../support/size.js';
import { runChecks } from '../../support/run-checks.js';

const SEED: Pick<OpenOptions, 'seed'> = { seed: 'lawful' };

/**
 * Runs checks; strictly, unless one of the deviations leaves a SHOULD unkept. `bare` is quick: nothing is furnished,
 * and the system is compared now and then only.
 */
export const runLawful = (
  variants: readonly Variant[],
  selection: Selection & { readonly seed?: string },
  bare = false,
): Promise<CheckResult[]> =>
  runChecks(async () => openDeviating(variants, SEED), {
    strict: variants.every(({ finds }) => finds === undefined),
    ...selection,
    ...(bare ? { bare, frame: FRAME_OF_EFFORT.quick } : {}),
  });

/**
 * Findings that a lawful provider must not get: failures, an incomplete check that nothing excuses, findings beyond
 * those it may have, clean-up that failed.
 */
export function falseAlarms(variants: readonly Variant[], results: readonly CheckResult[]): string[] {
  const may = new Set(variants.flatMap(({ finds = [] }) => finds));
  const incomplete = variants.some((each) => each.incomplete !== undefined);
  const settled = ['passed', 'not-applicable', ...(incomplete ? ['inconclusive'] : [])];
  return [
    ...results.filter((r) => !settled.includes(r.verdict)).map((r) => `${r.id} ${r.verdict}: ${r.reason}`),
    ...results.flatMap((r) =>
      r.findings
        .filter((f) => r.verdict === 'passed' && !may.has(f.requirement))
        .map((f) => `${r.id} found ${f.requirement}`),
    ),
    ...(variants.some(({ leaves }) => leaves === true) ? [] : results.flatMap(notesOfCleanUp)),
  ];
}

const notesOfCleanUp = ({ id, notes }: CheckResult): string[] =>
  notes.flatMap(({ kind, text }) => (kind === 'clean-up' ? [`${id} ${text}`] : []));

/** With more deviations at once, some would keep others from being seen. */
const MOST = 8;

/**
 * The variants in as few compositions as their decisions allow; one that leaves a run incomplete would hide the others,
 * and stays alone.
 */
function inGroups(variants: readonly Variant[]): readonly (readonly Variant[])[] {
  const groups: Variant[][] = [];
  for (const variant of variants) {
    const fitting =
      variant.incomplete === undefined
        ? groups.find(
            (group) => group.length < MOST && group[0]?.incomplete === undefined && compose([...group, variant]),
          )
        : undefined;
    if (fitting === undefined) groups.push([variant]);
    else fitting.push(variant);
  }
  return groups;
}

/** The hand-written checks of the suites that are quick. */
export const LIGHT_CHECKS = select(SUITES, { suites: LIGHT_SUITES, effort: 'quick' }).map(({ check }) => check.id);

/** All variants but those that take long. */
export const GROUPS = inGroups(VARIANTS.filter(({ slow }) => slow !== true));

/** Some of the variants that go together, by chance of a seed. */
export function someOf(variants: readonly Variant[], below: (limit: number) => number): readonly Variant[] {
  const chosen: Variant[] = [];
  const left = variants.filter(({ incomplete, slow }) => incomplete === undefined && slow !== true);
  for (let wanted = 2 + below(5); wanted > 0 && left.length > 0; wanted--) {
    const [candidate] = left.splice(below(left.length), 1);
    if (candidate !== undefined && compose([...chosen, candidate])) chosen.push(candidate);
  }
  return chosen;
}
