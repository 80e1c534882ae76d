// Where the project is, for tests that run its programs.
import { fileURLToPath } from 'node:url';

/** The project's root folder. Tests run from dist/test. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
