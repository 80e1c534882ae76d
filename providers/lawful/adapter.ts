// The adapter of the lawful variants: `settings.variant` names one of them.
import { didYouMean, hints } from '../../src/port/did-you-mean.js';
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { lawful } from './about.js';
import { openLawful, VARIANTS } from './variants.js';

export const adapter: ProviderAdapter = {
  ...lawful,
  open: async (options) => {
    const { variant } = options.settings;
    const found = VARIANTS.find((v) => v.name === variant);
    if (found === undefined)
      throw new ConfigurationError(`there is no lawful variant "${String(variant)}"`, {
        hint: hints(
          didYouMean(
            String(variant),
            VARIANTS.map((v) => v.name),
          ),
          `Known: ${VARIANTS.map((v) => v.name).join(', ')}.`,
        ),
      });
    return openLawful(found, options);
  },
};
