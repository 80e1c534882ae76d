// The score of a target by file, and its survivors.
import type { Explanation } from './explanation.js';
import { explanationOf } from './explanation.js';
import { brief, type Mutant } from './mutants.js';
import { escaped, STATUSES, type MutantOutcome, type Status } from './records.js';

export interface Tried {
  readonly mutant: Mutant;
  readonly outcome: MutantOutcome;
}

interface Score {
  readonly count: Readonly<Record<Status, number>>;
  /** Survivors with an explanation. */
  readonly explained: number;
  /** Killed of all, timeouts apart. */
  readonly score: number;
  /** The same without the survivors that are explained. */
  readonly adjusted: number;
}

export function scoreOf(tried: readonly Tried[], explanations: readonly Explanation[]): Score {
  const count: Record<Status, number> = { killed: 0, timeout: 0, survived: 0, 'not covered': 0 };
  let explained = 0;
  for (const { mutant, outcome } of tried) {
    count[outcome.status] += 1;
    if (escaped(outcome) && explanationOf(mutant, explanations) !== undefined) explained += 1;
  }
  const all = count.killed + count.survived + count['not covered'];
  const share = (of: number): number => (of === 0 ? 1 : count.killed / of);
  return { count, explained, score: share(all), adjusted: share(all - explained) };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('`', "'");

/** The report for people. */
export function markdown(
  title: string,
  tried: readonly Tried[],
  explanations: readonly Explanation[],
  among: number,
): string {
  const row = (name: string, some: readonly Tried[]): string => {
    const { count, explained, score, adjusted } = scoreOf(some, explanations);
    const counts = STATUSES.map((status) => count[status]);
    return `| ${[name, some.length, ...counts, explained, percent(score), percent(adjusted)].join(' | ')} |`;
  };
  const files = [...new Set(tried.map(({ mutant }) => mutant.file))];
  const lines = [
    `# Mutants of ${title}`,
    '',
    `${tried.length} of ${among} mutants were tried. The score is what was killed of all but timeouts; adjusted: ` +
      'without explained survivors.',
    '',
    `| file | mutants | ${STATUSES.join(' | ')} | explained | score | adjusted |`,
    `|---|${'---|'.repeat(STATUSES.length + 4)}`,
    ...files.map((file) =>
      row(
        file,
        tried.filter(({ mutant }) => mutant.file === file),
      ),
    ),
    row('**all**', tried),
  ];
  const survivors = tried.filter(({ outcome }) => escaped(outcome));
  const told = ({ mutant, outcome }: Tried): string =>
    `- \`${mutant.file}:${mutant.line}\` ${outcome.status === 'survived' ? '' : '(not covered) '}${mutant.mutator}: ` +
    `\`${cell(brief(mutant.original))}\` → \`${cell(brief(mutant.replacement))}\` in ` +
    `\`${cell(brief(mutant.source, 120))}\``;
  lines.push('', '## Survivors without an explanation', '');
  lines.push(...survivors.filter(({ mutant }) => explanationOf(mutant, explanations) === undefined).map(told));
  lines.push('', '## Explained survivors', '');
  for (const explanation of explanations) {
    const its = survivors.filter(({ mutant }) => explanationOf(mutant, explanations) === explanation);
    if (its.length > 0) lines.push(`${explanation.kind}: ${explanation.why}`, '', ...its.map(told), '');
  }
  return `${lines.join('\n')}\n`;
}
