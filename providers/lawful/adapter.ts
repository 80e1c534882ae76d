// The adapter of the lawful variants: `settings.variant` names one of them.
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { openDeviating } from './variant.js';
import { VARIANTS, variantsNamed } from './variants.js';

export const adapter: ProviderAdapter = {
  name: 'lawful',
  open: async (options) => {
    const { variant } = options.settings;
    try {
      return openDeviating(variantsNamed(String(variant)), options);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ConfigurationError(error.message, {
        hint: `Known: ${VARIANTS.map((v) => v.name).join(', ')}; several go together with + between them.`,
      });
    }
  },
};
