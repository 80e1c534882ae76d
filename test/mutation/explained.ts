// The survivors that say nothing against the suite, each with the reason; docs/mutation.md says how to read them.
import type { Explanation } from './explanation.js';

export const EXPLAINED: readonly Explanation[] = [];
