// The way from a provider that died before any check was run to its stack. A run that has begun says it in its reports.
import type { ProviderCrashed } from '../port/errors.js';
import { EXIT } from '../run/summary.js';

/** The lines that follow the error: how to see it again and, unless the provider left by itself, how to get a stack. */
export function crashHints({ message }: ProviderCrashed, platform = process.platform): readonly string[] {
  const again = `  No check was run: exit code ${EXIT.notLoaded}. The same command shows it again.`;
  if (!message.includes(' died of ')) return [again];
  return [
    again,
    platform === 'win32'
      ? '  For a stack, run the command under `procdump -e -ma -w node.exe`, ' +
        'and open the dump in WinDbg or Visual Studio.'
      : '  For a stack, run `ulimit -c unlimited` and the command again, ' +
        'and open the core dump of node in gdb or lldb.',
  ];
}
