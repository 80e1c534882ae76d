// The adapter of the defective providers: `settings.defect` names one of the catalogue, or one of those written without sight of the checks.
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { BLIND } from './blind/defects.js';
import { DEFECTS } from './catalogue.js';
import { openDefective, type Defect } from './defect.js';

const MOST_SUGGESTED = 5;
const ALL: readonly Defect[] = [...DEFECTS, ...BLIND];

/** The number of single-character edits between two words. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, other] of [...b].entries()) {
      row.push(Math.min((row[j] ?? 0) + 1, (above[j + 1] ?? 0) + 1, (above[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}

/** Names like the one given, the likeliest first: those that share words with it, and those that are a slip of the finger away. */
function nearMatches(name: string): readonly string[] {
  const words = name.split('-').filter((word) => word.length > 2);
  return ALL.map((defect) => ({
    name: defect.name,
    shared: words.filter((word) => defect.name.split('-').includes(word)).length,
    edits: distance(name, defect.name),
  }))
    .filter(({ shared, edits }) => shared > 0 || edits <= Math.max(2, name.length / 4))
    .sort((a, b) => b.shared - a.shared || a.edits - b.edits)
    .slice(0, MOST_SUGGESTED)
    .map((near) => near.name);
}

/** The defect of a name. Throws ConfigurationError, with the names that come near. */
export function defectNamed(name: unknown): Defect {
  const found = ALL.find((defect) => defect.name === name);
  if (found !== undefined) return found;
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('the defective provider needs the name of a defect', {
      hint: 'For example --provider defective:stale-after-recovery; `vds-conformance providers` lists them.',
    });
  const near = nearMatches(name);
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}? ` : '';
  throw new ConfigurationError(`there is no defect "${name}"`, {
    hint: `${hint}\`vds-conformance providers\` lists all of them.`,
  });
}

export const adapter: ProviderAdapter = {
  name: 'defective',
  open: async (options) => openDefective(defectNamed(options.settings['defect']), options),
};
