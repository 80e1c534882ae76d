// Temporary folders of tests. They need not be removed one by one: all stand in the folder that temporary-files.ts
// removes when the tests have ended.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'vdsc-test-'));
