// `vds-conformance serve`: an address that nobody guesses, for callers on this machine only.
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLI, env } from '../support/command-line.js';

const child = spawn(process.execPath, [CLI, 'serve', '--provider', 'in-memory', '--port', '0'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let url = '';

beforeAll(async () => {
  url = await new Promise<string>((done) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const [, found] = /^ready: (\S+)$/m.exec(out) ?? [];
      if (found !== undefined) done(found);
    });
  });
});

afterAll(async () => {
  const ended = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  await ended;
});

const status = (path: string, host?: string): Promise<number | undefined> =>
  new Promise((done, reject) => {
    const asked = request(new URL(path, url), host === undefined ? {} : { headers: { host } }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    asked.on('error', reject).end();
  });

test('stands below a random path, without which nothing answers', async () => {
  const { pathname } = new URL(url);
  expect(pathname).toMatch(/^\/[0-9a-f]{8}-[0-9a-f-]{27}\/?$/);
  expect(await status(`${pathname.replace(/\/$/, '')}/v1`)).toBe(200);
  expect(await status('/v1')).toBe(404);
});

test('answers under the names of this machine only, so that no page reaches it by a name of its own', async () => {
  const path = `${new URL(url).pathname.replace(/\/$/, '')}/v1`;
  for (const host of ['localhost', '127.0.0.1:8443', '[::1]:80']) expect(await status(path, host), host).toBe(200);
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8443'])
    expect(await status(path, host), host).toBe(403);
});
