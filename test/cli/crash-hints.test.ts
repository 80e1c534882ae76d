import { expect, test } from 'vitest';
import { crashHints } from '../../src/cli/crash-hints.js';
import { ProviderCrashed } from '../../src/port/errors.js';

test('a provider that dies as it is loaded: the exit code, and the way to its stack where it was ended', () => {
  const again = '  No check was run: exit code 3. The same command shows it again.';
  const died = new ProviderCrashed("the provider's process died of SIGSEGV");
  expect(crashHints(died, 'linux')).toEqual([again, expect.stringContaining('gdb')]);
  expect(crashHints(died, 'win32')).toEqual([again, expect.stringContaining('procdump')]);
  expect(crashHints(new ProviderCrashed("the provider's process ended by itself with exit code 0"))).toEqual([again]);
});
