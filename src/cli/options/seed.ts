// A seed for a run that was given none.
import { v4 } from 'uuid';

/** Short enough to be read aloud; 32 bits of randomness. */
export const newSeed = (): string => v4().slice(0, 8);
