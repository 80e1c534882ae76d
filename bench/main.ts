// Prints what each layer costs, as ratios against its limit in the same run. Never a test: machines differ and are
// noisy.
import { fork, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'undici';
import { createInMemory } from '../providers/in-memory/adapter.js';
import { adapter as rest } from '../providers/rest/adapter.js';
import { serve } from '../providers/rest/server.js';
import { openIsolated } from '../src/port/host/isolated.js';
import { detectionTable } from './detection.js';
import { junitTable } from './junit.js';
import { checksTable, recoveriesTable } from './checks.js';
import { nativeCases } from './native.js';
import { measure, type Case, type Row } from './measure.js';
import { startUpTable } from './start-up.js';
import { inMemory, subjectOn, wireBodies } from './systems.js';

const scratch = mkdtempSync(join(tmpdir(), 'vdsc-bench-'));
const options = { settings: {}, seed: 'bench', scratch };
const closers: (() => Promise<unknown>)[] = [];

async function memoryCases(): Promise<Case[]> {
  const subject = await inMemory();
  const answer = (await subject.lun.getProperties()).out;
  const bare = async (): Promise<unknown> => ({ hr: 0, out: answer });
  return [
    {
      name: 'in-memory, GetProperties through the session, trace on',
      against: 'a bare async call',
      ours: () => subject.lun.getProperties(),
      limit: bare,
    },
  ];
}

async function restCases(): Promise<Case[]> {
  const server = await serve({
    adapter: { name: 'in-memory', open: async (o) => createInMemory(o) },
    openOptions: () => options,
  });
  const port = await rest.open({ ...options, settings: { url: server.url } });
  const subject = await subjectOn(port);
  const { request, reply } = await wireBodies(subject);
  const body = JSON.stringify(reply);
  const echo = createServer((incoming, outgoing) => {
    incoming
      .resume()
      .on('end', () =>
        outgoing
          .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
          .end(body),
      );
  });
  await new Promise<void>((resolve) => {
    echo.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  const raw = new Map<number, Client[]>([
    [1, [new Client(origin)]],
    [16, Array.from({ length: 16 }, () => new Client(origin))],
  ]);
  let turn = 0;
  const post = async (inFlight: number): Promise<unknown> => {
    const clients = raw.get(inFlight) ?? [];
    const response = await clients[turn++ % clients.length]?.request({
      method: 'POST',
      path: '/',
      body: request,
      headers: { 'content-type': 'application/json' },
    });
    return response?.body.json();
  };
  closers.push(async () => {
    await subject.session.close();
    await server.close();
    for (const clients of raw.values()) for (const client of clients) await client.close();
    echo.close();
  });
  return [1, 16].map((inFlight) => ({
    name: `REST, ${inFlight} in flight`,
    against: 'undici and node:http with the same bodies',
    inFlight,
    ours: () => subject.lun.getProperties(),
    limit: () => post(inFlight),
  }));
}

async function isolationCases(): Promise<Case[]> {
  const subject = await subjectOn(
    await openIsolated(fileURLToPath(new URL('../providers/in-memory/adapter.js', import.meta.url)), options),
  );
  const { reply } = await wireBodies(subject);
  const child = fork(fileURLToPath(new URL('./echo-child.js', import.meta.url)), [], {
    serialization: 'json',
    execArgv: [],
  });
  const waiting = new Map<number, (value: unknown) => void>();
  child.on('message', (message: { id: number }) => {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let id = 0;
  const echo = (body?: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      id += 1;
      waiting.set(id, resolve);
      child.send({ id, operation: { op: 'invoke', object: 12, method: 'IVdsLun.GetProperties', args: {} }, body });
    });
  await echo(reply);
  closers.push(async () => {
    await subject.session.close();
    child.kill();
  });
  return [1, 16].map((inFlight) => ({
    name: `isolated in-memory, ${inFlight} in flight`,
    against: 'a raw fork that echoes the same JSON',
    inFlight,
    ours: () => subject.lun.getProperties(),
    limit: () => echo(),
  }));
}

function print(rows: readonly Row[]): void {
  const figure = (n: number): string => (n >= 10_000 ? `${Math.round(n / 1000)}k` : Math.round(n).toString());
  console.log(
    `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ` +
      `${cpus()[0]?.model ?? 'unknown'}\n`,
  );
  console.log('| what | calls/s | limit | limit/s | ratio |\n|---|---|---|---|---|');
  for (const row of rows)
    console.log(
      `| ${row.name} | ${figure(row.ours)} | ${row.against} | ${figure(row.limit)} | ${row.ratio.toFixed(1)} |`,
    );
}

const built = spawnSync(process.execPath, [fileURLToPath(new URL('../../scripts/build-native.mjs', import.meta.url))], {
  encoding: 'utf8',
});
const library = /^library: (.+)$/m.exec(built.stdout)?.[1];
const clsid = /^clsid: (.+)$/m.exec(built.stdout)?.[1];
const cases = [
  ...(await memoryCases()),
  ...(await restCases()),
  ...(await isolationCases()),
  ...(library === undefined || clsid === undefined ? [] : await nativeCases({ library, clsid }, options, closers)),
];
const rows: Row[] = [];
for (const each of cases) rows.push(await measure(each));
print(rows);
if (library === undefined) console.log(`\nThe native cases were left out: ${built.stderr.trim()}`);
for (const close of closers) await close();
for (const table of [
  await checksTable(),
  await recoveriesTable(),
  await detectionTable(),
  await startUpTable(),
  junitTable(),
])
  console.log(`\n${table.join('\n')}`);
process.exit(0);
