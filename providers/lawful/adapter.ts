// The adapter of the lawful variants: `settings.variant` names one of them.
import { didYouMean, hints } from '../../src/port/did-you-mean.js';
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { lawful } from './about.js';
import { openDeviating } from './variant.js';
import { VARIANTS, variantsNamed } from './variants.js';

export const adapter: ProviderAdapter = {
  ...lawful,
  open: async (options) => {
    const variant = String(options.settings['variant']);
    try {
      return openDeviating(variantsNamed(variant), options);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const names = VARIANTS.map((v) => v.name);
      throw new ConfigurationError(error.message, {
        hint: hints(didYouMean(variant, names), `Known: ${names.join(', ')}; several go together with + between them.`),
      });
    }
  },
};
