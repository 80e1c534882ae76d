// The steps that make an incomplete run complete, for the reader of "incomplete".
import { requirement } from '../contract/requirements.js';
import { HELD_BACK, type CheckResult } from '../checks/outcome.js';
import { HOW_TO_ALLOW } from '../lab/change-guard.js';
import { quote } from './repeat-command.js';
import { matches } from './selection.js';

/** More than this many are named by their common beginnings. */
const MOST_PATTERNS = 12;

const beginning = (id: string, parts: number): string => {
  const words = id.split('.');
  return words.length > parts ? `${words.slice(0, parts).join('.')}.*` : id;
};

/** Few patterns that name all of the ids: the ids themselves, or as much of their beginnings as it takes. */
function patternsFor(ids: readonly string[]): string[] {
  for (const parts of [Infinity, 2, 1]) {
    const patterns = [...new Set(ids.map((id) => (parts === Infinity ? id : beginning(id, parts))))];
    if (patterns.length <= MOST_PATTERNS || parts === 1) return patterns;
  }
  return [];
}

/**
 * Lines that say what is missing, and the option that accepts it; none where nothing ended inconclusive that counts.
 */
export function howToComplete(results: readonly CheckResult[], allowed: readonly string[] = []): string[] {
  const open = results.filter(
    (r) =>
      r.verdict === 'inconclusive' &&
      r.requirements.some((id) => requirement(id).level === 'MUST') &&
      !allowed.some((pattern) => matches(pattern, r.id)),
  );
  if (open.length === 0) return [];
  const held = open.some((r) => r.code === HELD_BACK);
  return [
    `To complete the run: ${open.length} ${open.length === 1 ? 'check' : 'checks'} of MUST duties ended inconclusive.`,
    ...(held ? [`  ${HOW_TO_ALLOW}`] : []),
    ...(open.some((r) => r.code !== HELD_BACK)
      ? [
          '  Those that need a fault which nobody can cause here become conclusive with --cache-file, with device ' +
            'commands in the configuration',
          '  (docs/device-faults.md), or with a test build that offers IVdsConformanceControl ' +
            '(docs/control-interface.md).',
        ]
      : []),
    `  To accept them as they are: --allow-inconclusive ${patternsFor(open.map((r) => r.id))
      .map(quote)
      .join(' ')}`,
  ];
}
