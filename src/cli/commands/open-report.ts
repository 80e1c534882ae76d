// Shows a report in the browser, by the program with which each system opens a file as a double click does.
import { spawn } from 'node:child_process';

const OPENERS: { readonly [platform in NodeJS.Platform]?: string } = { win32: 'explorer.exe', darwin: 'open' };

/** The program that opens a file. */
export const openerOf = (platform: NodeJS.Platform): string => OPENERS[platform] ?? 'xdg-open';

/** Opens a file, and says so where that cannot be done. Resolves when the program was started, or was not. */
export async function openFile(
  file: string,
  say: (line: string) => void,
  opener = openerOf(process.platform),
): Promise<void> {
  const child = spawn(opener, [file], { detached: true, stdio: 'ignore' });
  await new Promise<void>((done) => {
    child.once('spawn', done);
    child.once('error', (error) => {
      say(`${file} could not be opened by ${opener}: ${error.message}`);
      done();
    });
  });
  child.unref();
}
