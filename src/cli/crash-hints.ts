// The way from a provider that died before any check was run to its stack. A run that has begun says it in its reports.
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { EXIT } from '../run/summary.js';
import { providerLog } from './commands/provider-log.js';

/** The lines that follow the error: how to see it again, where the provider's output is, and how to get a stack. */
export function crashHints(reports: string, platform = process.platform): readonly string[] {
  const log = providerLog(resolve(reports));
  const printed = existsSync(log) ? `; ${relative('', log)} has what the provider printed` : '';
  return [
    `  No check was run: exit code ${EXIT.notLoaded}. The same command shows it again${printed}.`,
    platform === 'win32'
      ? '  For a stack, run the command under `procdump -e -ma -w node.exe`, and open the dump in WinDbg or Visual Studio.'
      : '  For a stack, run `ulimit -c unlimited` and the command again, and open the core dump of node in gdb or lldb.',
  ];
}
