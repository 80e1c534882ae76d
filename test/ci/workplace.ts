// Where the tests run a template's shell lines: a folder with `vds-conformance` on the path, and the shell as the CIs
// start it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CLI, env } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

export const REAL = `exec '${process.execPath}' '${CLI}' "$@"`;
/** Does nothing but tell what it was asked. */
export const TELLS = `printf '%s\\n' "$@"`;

/** A folder to work in, with `vds-conformance` on the path. */
export function workplace(program: string): { readonly at: string; readonly path: string } {
  const at = newFolder();
  mkdirSync(join(at, 'bin'));
  writeFileSync(join(at, 'bin/vds-conformance'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  return { at, path: `${join(at, 'bin')}${delimiter}${env['PATH'] ?? ''}` };
}

export const run = (
  shell: string,
  script: string,
  cwd: string,
  variables: Record<string, string>,
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((done) => {
    // As the CIs do: the first line that fails ends the script.
    const child = spawn(shell, ['-e', '-c', script], {
      cwd,
      env: { ...env, GITHUB_STEP_SUMMARY: '', GITHUB_ACTIONS: '', ...variables },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', (code) => done({ code, output }));
  });
