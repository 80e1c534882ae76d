// reports/provider.log: what the provider's process printed. A run begins a new one; --provider-output shows what is
// added to it.
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const PROVIDER_LOG = 'provider.log';

export const providerLog = (reports: string): string => join(reports, PROVIDER_LOG);

export const removeProviderLog = (reports: string): void => rmSync(providerLog(reports), { force: true });

/** Gives, each time that it is called, the whole lines that were added to the file since. */
export function follow(file: string): () => string[] {
  let at = 0;
  let rest = '';
  return () => {
    const added = readFrom(file, at);
    at += added.length;
    const lines = (rest + added.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

/** The content of a file from a position on; empty if the file does not exist. */
function readFrom(file: string, start: number): Buffer {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const chunks: Buffer[] = [];
    for (let at = start; ;) {
      const chunk = Buffer.alloc(65_536);
      const read = readSync(fd, chunk, 0, chunk.length, at);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(fd);
  }
}
