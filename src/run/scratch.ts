// A scratch folder for as long as something is done in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `use` with a new, empty folder, and removes it when `use` is done, however it ends. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vds-conformance-'));
  try {
    return await use(folder);
  } finally {
    // A provider that is just ending may still write into it.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
