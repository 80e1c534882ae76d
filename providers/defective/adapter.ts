// The adapter of the defective providers: `settings.defect` names one of the catalogue, or one of those written without
// sight of the checks.
import { didYouMean, hints } from '../../src/port/did-you-mean.js';
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { defective } from './about.js';
import { BLIND } from './blind/defects.js';
import { DEFECTS } from './catalogue.js';
import { openDefective, type Defect } from './defect.js';

const ALL: readonly Defect[] = [...DEFECTS, ...BLIND];

/** The defect of a name. Throws ConfigurationError, with the names that come near. */
export function defectNamed(name: unknown): Defect {
  const found = ALL.find((defect) => defect.name === name);
  if (found !== undefined) return found;
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('the defective provider needs the name of a defect', {
      hint: 'For example --provider defective:stale-after-recovery; `vds-conformance providers` lists them.',
    });
  throw new ConfigurationError(`unknown defect "${name}"`, {
    hint: hints(
      didYouMean(
        name,
        ALL.map((defect) => defect.name),
        5,
      ),
      '`vds-conformance providers` lists all of them.',
    ),
  });
}

export const adapter: ProviderAdapter = {
  ...defective,
  open: async (options) => openDefective(defectNamed(options.settings['defect']), options),
};
