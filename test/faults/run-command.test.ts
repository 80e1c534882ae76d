// Configured commands: how they are split, filled in and run.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deviceCommandsOf } from '../../src/faults/routes/device-commands.js';
import { fillIn, runCommand, splitCommand } from '../../src/faults/routes/run-command.js';
import { newFolder } from '../support/folder.js';

const node = (script: string, ...args: string[]): string[] => [process.execPath, '-e', script, ...args];

describe('a command line', () => {
  test.each([
    ['arraycli delete {objectType} {objectId}', ['arraycli', 'delete', '{objectType}', '{objectId}']],
    ['"C:\\Program Files\\array cli.exe"  -v', ['C:\\Program Files\\array cli.exe', '-v']],
    ['a \'b "c"\' --name="{friendlyName}" \'\'', ['a', 'b "c"', '--name={friendlyName}', '']],
  ])('%s is split into its arguments', (command, args) => {
    expect(splitCommand(command)).toEqual(args);
  });

  test.each([
    ['a "b', /quotation mark/],
    ['', /names no program/],
    ['   ', /names no program/],
  ])('%j is refused', (command, problem) => {
    expect(() => splitCommand(command)).toThrow(problem);
  });

  test('given as an array is taken as it is', () => {
    expect(splitCommand(['a b', '"c"'])).toEqual(['a b', '"c"']);
  });
});

describe('values', () => {
  const hostile = 'x"; touch /tmp/owned; $(id) `id` \n {objectId}';

  test('stay one argument whatever they hold, and are not looked through for placeholders', async () => {
    const filled = fillIn(
      node('console.log(JSON.stringify(process.argv.slice(1)))', 'is {friendlyName}', '{objectId}'),
      { friendlyName: hostile, objectId: 'id' },
    );
    if ('reason' in filled) throw new Error(filled.reason);
    const { stdout, problem } = await runCommand(filled.args);
    expect(problem).toBeUndefined();
    expect(JSON.parse(stdout)).toEqual([`is ${hostile}`, 'id']);
  });

  test.each([
    [{ friendlyName: '--all' }, /hyphen/],
    [{ friendlyName: 'a\0b' }, /NUL/],
    [{ friendlyName: null }, /has no friendlyName/],
    [{}, /has no friendlyName/],
  ])('%j are refused', (values, reason) => {
    expect(fillIn(['cli', '{friendlyName}'], values)).toEqual({ reason: expect.stringMatching(reason) as string });
  });
});

describe('a command that is run', () => {
  test('reports its exit code and the end of its output', async () => {
    const outcome = await runCommand(node('console.log("out"); console.error("no such LUN"); process.exitCode = 3'));
    expect(outcome).toMatchObject({
      exitCode: 3,
      stdout: 'out\n',
      problem: expect.stringMatching(/ended with exit code 3: .*no such LUN/s) as string,
    });
    const long = await runCommand(node('process.stdout.write("x".repeat(1e6) + "end")'));
    expect(long.stdout).toHaveLength(1_000_003);
    expect(long.output).toMatch(/^x{3997}end$/);
  });

  test('is ended at its limit with all that it started', async () => {
    const file = join(newFolder(), 'pid');
    const script =
      "const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); " +
      `require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid)); setInterval(() => {}, 1000)`;
    const outcome = await runCommand(node(script), 3_000);
    expect(outcome).toMatchObject({
      exitCode: null,
      problem: expect.stringMatching(/did not end within 3000 ms and wrote nothing/) as string,
    });
    expect(existsSync(file)).toBe(true);
    const pid = Number(readFileSync(file, 'utf8'));
    await expect
      .poll(
        () => {
          try {
            // A process that ended and whose parent has not asked yet is gone as well.
            return (
              process.kill(pid, 0) &&
              !(existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
            );
          } catch {
            return false;
          }
        },
        { timeout: 5_000 },
      )
      .toBe(false);
  });

  test('does not keep the run waiting for a service that it leaves behind', async () => {
    const started = performance.now();
    const script =
      'const child = require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 8000)"], { stdio: ' +
      '"inherit", detached: true }); child.unref(); console.log("started")';
    expect(await runCommand(node(script), 30_000)).toMatchObject({
      exitCode: 0,
      stdout: 'started\n',
      problem: undefined,
    });
    expect(performance.now() - started).toBeLessThan(7_000);
  });

  test('that does not exist is a problem and no exception', async () => {
    expect(await runCommand(['/there/is/no/such/program'])).toMatchObject({
      exitCode: null,
      problem: expect.stringMatching(/could not be run: .*ENOENT/) as string,
    });
  });
});

describe('the commands of a configuration', () => {
  test('are taken out of its members, with the cache file', () => {
    const members = {
      provider: 'x',
      faults: { objectDeletion: { command: 'cli delete {objectId}' }, cacheCorruption: { file: 'cache.bin' } },
      groundTruth: { command: ['cli', 'list'] },
    };
    expect(deviceCommandsOf(members)).toEqual({
      commands: {
        faults: { objectDeletion: { command: 'cli delete {objectId}' } },
        groundTruth: { command: ['cli', 'list'] },
      },
      cacheFile: 'cache.bin',
    });
    expect(deviceCommandsOf({ provider: 'x' })).toEqual({ commands: undefined, cacheFile: undefined });
  });

  test.each([
    [
      { faults: { objectDeletion: { command: 'cli {objectID}' } } },
      /faults\.objectDeletion\.command: unknown placeholder \{objectID\}/,
      /\{objectId\}/,
    ],
    [
      { faults: { disconnection: { command: 'cli', heal: 'cli "' } } },
      /faults\.disconnection\.heal: .*quotation mark/,
      /device-faults/,
    ],
    [{ groundTruth: { command: 'cli {objectId}' } }, /groundTruth\.command: unknown placeholder/, /no placeholder/],
    [{ import: { command: 'cli' } }, /without faults\.objectDeletion/, /removed/],
  ])('%j are refused with the member and a hint', (members, message, hint) => {
    let thrown: unknown;
    try {
      deviceCommandsOf(members);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'VDSC_CONFIG',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });
});
