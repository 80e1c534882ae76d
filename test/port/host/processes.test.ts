// The fate of provider hosts when the harness's own process ends, in whatever way, and of the harness's when the
// hosts do.
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMPILED, newPath, running, writeModule, type Module } from '../module.js';

/**
 * Starts a harness of its own that opens the module and runs `body`, with the session's `port`, its `provider` and
 * `invoke(method)`.
 */
function startHarness(module: Module, body: string): ChildProcess & { readonly output: () => string } {
  const path = newPath('.harness.mjs');
  writeFileSync(
    path,
    `
    import { openIsolated } from ${JSON.stringify(new URL('port/host/isolated.js', COMPILED).href)};
    import { interfaceDef } from ${JSON.stringify(new URL('contract/tables.js', COMPILED).href)};
    const open = () => openIsolated(${JSON.stringify(module.path)}, { settings: {}, seed: '1', scratch: '/tmp' });
    const invoke = async (port, name) => {
      const { iid } = interfaceDef('IVdsHwProvider');
      const { object } = await port.queryInterface(await port.createInstance(), iid, 'IVdsHwProvider');
      return port.invoke({ object, method: 'IVdsHwProvider.' + name, args: {} });
    };
    ${body}
  `,
  );
  // A process group of its own, as a terminal gives each job.
  const child = spawn(process.execPath, [path], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return Object.assign(child, { output: () => output });
}

const ended = (child: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
const patiently = { timeout: 20_000 };

describe('a host whose parent is gone', () => {
  const LOOPS = 'note("looping"); for (;;) {}';

  test.each([
    ['exits', 'process.exit(0)', undefined],
    ['is ended by SIGTERM', '', 'SIGTERM'],
    ['is killed', '', 'SIGKILL'],
  ] as const)('because it %s ends, even in an endless loop', async (_, then, signal) => {
    const module = writeModule({ reenumerate: LOOPS });
    const harness = startHarness(
      module,
      `
      import { existsSync } from 'node:fs';
      void invoke(await open(), 'Reenumerate').catch(() => {});
      setInterval(() => { if (existsSync(${JSON.stringify(module.notePath('looping'))})) { ${then} } }, 10);
    `,
    );
    const end = ended(harness);
    await expect.poll(() => module.noted('looping'), patiently).toBe(true);
    if (signal !== undefined) harness.kill(signal);
    await end;
    await expect.poll(() => running(module.pid()), patiently).toBe(false);
  });

  test('ends while it loops in an import', async () => {
    const module = writeModule({ top: LOOPS });
    const harness = startHarness(module, 'await open()');
    const end = ended(harness);
    await expect.poll(() => module.noted('looping'), patiently).toBe(true);
    harness.kill('SIGKILL');
    await end;
    await expect.poll(() => running(module.pid()), patiently).toBe(false);
  });

  test('ends while it waits', async () => {
    const module = writeModule({ reenumerate: 'note("looping"); setInterval(() => {}, 1000); await sleep()' });
    const harness = startHarness(module, 'void invoke(await open(), "Reenumerate")');
    const end = ended(harness);
    await expect.poll(() => module.noted('looping'), patiently).toBe(true);
    harness.kill('SIGKILL');
    await end;
    await expect.poll(() => running(module.pid()), patiently).toBe(false);
  });
});

test('an interrupt from the terminal leaves the host to its parent', async () => {
  const module = writeModule({ reenumerate: 'note("interrupted", process.pid)' });
  const harness = startHarness(
    module,
    `
    const port = await open();
    process.once('SIGINT', async () => {
      console.log('answered', (await invoke(port, 'Reenumerate')).hr);
      await port.close();
    });
    console.log('ready');
  `,
  );
  const end = ended(harness);
  await expect.poll(() => harness.output(), patiently).toContain('ready');
  process.kill(-(harness.pid ?? 0), 'SIGINT');
  expect(await end).toBe(0);
  expect(harness.output()).toContain('answered 0');
  expect(module.pid('interrupted')).toBe(module.pid());
});

test('nothing of a session keeps the harness from ending, however the session ended', async () => {
  const module = writeModule({
    refresh:
      'note("child" + process.pid, spawn("sleep", ["60"], { stdio: "inherit" ' +
      '}).pid); note("child", "child" + process.pid)',
    reenumerate: 'process.abort()',
    querySubSystems: 'for (;;) {}',
  });
  const harness = startHarness(
    module,
    `
    import { readFileSync } from 'node:fs';
    import { Session, DEFAULT_LIMITS } from ${JSON.stringify(new URL('port/session.js', COMPILED).href)};
    const limits = { ...DEFAULT_LIMITS, call: 300 };
    const session = async (limit) => {
      const made = new Session(await open(), { ...DEFAULT_LIMITS, ...(limit === undefined ? {} : { call: limit }) });
      const hw = await (await made.createInstance()).as('IVdsHwProvider');
      await hw.refresh();
      const path = ${JSON.stringify(`${module.path}.`)} + readFileSync(${JSON.stringify(module.notePath('child'))});
      const child = Number(readFileSync(path));
      process.on('exit', () => process.kill(child, 'SIGKILL'));
      return { made, hw };
    };
    const closed = await session();
    await closed.made.close();
    const crashed = await session();
    await crashed.hw.reenumerate().catch((error) => console.log(error.code));
    const hung = await session();
    await hung.hw.querySubSystems({ limit: 200 }).catch((error) => console.log(error.code));
    const unwanted = await open();
    await unwanted.terminate('no longer wanted');
    hung.made.notification(() => true, 0).catch((error) => console.log(error.code));
  `,
  );
  expect(await ended(harness)).toBe(0);
  expect(harness.output().trim().split('\n')).toEqual(['VDSC_CRASHED', 'VDSC_HUNG', 'VDSC_HUNG']);
});
