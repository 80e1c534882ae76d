// Foreign code that misbehaves, and the errors that its caller must still get.
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { HR } from '../../../src/contract/hresult.js';
import { ProviderCrashed, ProviderHung, ProviderProtocolError, ProviderUnreachable } from '../../../src/port/errors.js';
import { Session } from '../../../src/port/session.js';
import { endAll, openModule, openSession, running, writeModule, type Module } from '../module.js';
import { rejection } from '../rejection.js';

afterEach(endAll);

const gone = (module: Module): Promise<void> =>
  expect.poll(() => running(module.pid()), { timeout: 10_000 }).toBe(false);

describe('a provider that dies in a method', () => {
  test.each([
    [
      'exits as if all were well',
      'process.exit(0)',
      /ended by itself with exit code 0 during IVdsHwProvider::Reenumerate$/,
    ],
    ['exits with an error', 'process.exit(3)', /exit code 3 during IVdsHwProvider::Reenumerate$/],
    ['aborts', 'process.abort()', /died of SIGABRT during IVdsHwProvider::Reenumerate$/],
    [
      'has a segmentation fault',
      'process.kill(process.pid, "SIGSEGV"); await sleep()',
      /died of SIGSEGV during IVdsHwProvider::Reenumerate$/,
    ],
    [
      'throws where nobody catches',
      'setTimeout(() => { throw new Error("nobody caught me") }, 1); await sleep()',
      /exit code 1 during IVdsHwProvider::Reenumerate$/,
    ],
    [
      'leaves a rejection',
      'void Promise.reject("nobody handled me"); await sleep()',
      /exit code 1 during IVdsHwProvider::Reenumerate$/,
    ],
    ['closes its channel', 'process.disconnect(); await sleep()', /during IVdsHwProvider::Reenumerate$/],
    [
      'closes its channel and stays',
      'process.removeAllListeners("disconnect"); setInterval(() => {}, 1000); process.disconnect(); await sleep()',
      /closed the channel to the harness during IVdsHwProvider::Reenumerate$/,
    ],
  ])('because it %s crashed in that call', async (_, reenumerate, message) => {
    const module = writeModule({ reenumerate });
    const { session, hw } = await openSession(module);
    const error = await rejection(hw.reenumerate());
    expect(error).toBeInstanceOf(ProviderCrashed);
    expect((error as Error).message).toMatch(message);
    expect(session.broken).toBe(error);
    expect(await rejection(hw.refresh())).toBe(error);
    expect(await rejection(session.createInstance())).toBe(error);
    await session.close();
    expect(running(module.pid())).toBe(false);
  });

  test('says its last words, however many came before', async () => {
    const { hw } = await openSession(
      writeModule({
        refresh:
          'for (const stream of [process.stdout, process.stderr]) await new Promise((done) => { stream.write("words, ' +
          '".repeat(6e5), done); })',
        reenumerate: 'setTimeout(() => { throw new Error("the disk is on fire") }, 1); await sleep()',
      }),
    );
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
    const error = (await rejection(hw.reenumerate())) as ProviderCrashed;
    expect([error.hint.includes('Error: the disk is on fire\n    at '), error.hint.length < 2_100]).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    ['exception', 'onceThere("answered", () => { throw new Error("much later") })'],
    ['rejection', 'onceThere("answered", () => { void Promise.reject(new Error("much later")) })'],
  ])('of an %s between two calls is told as that, and not as one of the next call', async (_, later) => {
    const module = writeModule({ reenumerate: later });
    const { hw, session } = await openSession(module);
    expect((await hw.reenumerate()).hr).toBe(HR.S_OK);
    writeFileSync(module.notePath('answered'), '');
    // A call made when the process is gone, but before the harness was told so, is taken for the last one.
    await expect.poll(() => session.broken, { timeout: 10_000 }).toBeInstanceOf(ProviderCrashed);
    const error = await rejection(hw.refresh());
    expect(error).toBeInstanceOf(ProviderCrashed);
    expect((error as ProviderCrashed).describe()).toMatch(
      /exit code 1 while no call was under way, after IVdsHwProvider::Reenumerate had answered\. Its last output: [^]*much later/,
    );
  });

  test('while its caller waits for a notification is not taken for a silent one', async () => {
    const { session, hw } = await openSession(writeModule({ reenumerate: 'setTimeout(() => process.abort(), 1)' }));
    await hw.reenumerate();
    const error = await rejection(
      session.notification(() => true, 0, 50).then((found) => found ?? session.notification(() => true, 0, 5_000)),
    );
    expect(error).toBeInstanceOf(ProviderCrashed);
  });

  test('takes all calls under way with it', async () => {
    const { session, hw } = await openSession(
      writeModule({ refresh: 'await sleep()', reenumerate: 'process.abort()' }),
    );
    const errors = await Promise.all([
      ...Array.from({ length: 40 }, () => rejection(hw.refresh())),
      rejection(hw.reenumerate()),
    ]);
    for (const error of errors) expect(error).toBeInstanceOf(ProviderCrashed);
    expect(
      session.trace
        .callsSince(0)
        .filter((r) => r.method === 'IVdsHwProvider.Refresh')
        .map((r) => r.error),
    ).toEqual(Array.from({ length: 40 }, () => 'VDSC_CRASHED'));
  });

  test('with children that hold its output open is noticed all the same', async () => {
    const module = writeModule({
      refresh: 'note("child", spawn("sleep", ["60"], { stdio: "inherit" }).pid)',
      reenumerate: 'process.stderr.write("goodbye"); process.abort()',
    });
    const { hw } = await openSession(module);
    await hw.refresh();
    try {
      const error = (await rejection(hw.reenumerate())) as ProviderCrashed;
      expect(error.describe()).toMatch(/SIGABRT during IVdsHwProvider::Reenumerate\. Its last output: goodbye/);
      expect(running(module.pid('child'))).toBe(true);
    } finally {
      process.kill(module.pid('child'), 'SIGKILL');
    }
  });
});

describe('a provider that does not answer', () => {
  test.each([
    ['loops', 'for (;;) {}'],
    ['waits for ever', 'await sleep()'],
    ['loops in what it gives to OnNotify', 'sink.onNotify([{ get objectType() { for (;;) {} } }])'],
    ['loops after OnNotify', 'sink.onNotify([]); for (;;) {}'],
  ])('because it %s is ended at the limit of its call', async (_, reenumerate) => {
    const module = writeModule({ reenumerate });
    const { session, hw } = await openSession(module);
    const error = await rejection(hw.reenumerate({ limit: 200 }));
    expect(error).toBeInstanceOf(ProviderHung);
    expect((error as ProviderHung).message).toBe('IVdsHwProvider::Reenumerate did not answer within 200 ms');
    expect(await rejection(hw.refresh())).toBe(error);
    await session.close();
    expect(running(module.pid())).toBe(false);
  });

  test('OnLoad is held to its limit', async () => {
    const module = writeModule({ onLoad: 'await sleep()' });
    const { session } = await openSession(module, {}, false);
    const loader = await (await session.createInstance()).as('IVdsProviderPrivate');
    const error = await rejection(loader?.onLoad({ machineName: null }, { limit: 200 }) ?? Promise.resolve());
    expect(error).toBeInstanceOf(ProviderHung);
    expect((error as ProviderHung).message).toBe('IVdsProviderPrivate::OnLoad did not answer within 200 ms');
    await gone(module);
  });

  test('close is held to a limit', async () => {
    const module = writeModule({ close: 'for (;;) {}' });
    const { session } = await openSession(module, {}, false);
    // Only now, as it is the limit of making the provider object too, which must not fail on a busy machine.
    Object.assign(session.limits, { load: 200 });
    const error = await rejection(session.close());
    expect(error).toBeInstanceOf(ProviderHung);
    expect((error as ProviderHung).message).toBe('closing the session did not answer within 200 ms');
    expect(running(module.pid())).toBe(false);
  });

  test('terminate rejects every call under way, and leaves no process', async () => {
    const module = writeModule({ reenumerate: 'note("called"); await sleep()' });
    const { session, hw } = await openSession(module);
    const port = await openModule(module);
    const target = await port.createInstance();
    const calls = Array.from({ length: 100 }, () => rejection(port.identity(target)));
    await port.terminate('enough');
    for (const error of await Promise.all(calls))
      expect(error).toEqual(new ProviderHung('the provider was ended: enough'));
    expect(running(module.pid())).toBe(false);
    await port.terminate('twice does no harm');
    await port.close();
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
    await session.close();
  });
});

describe('a provider that breaks the protocol', () => {
  test('by rejecting with whatever it likes fails that call, and goes on', async () => {
    const thrown: readonly (readonly [string, string])[] = [
      ['undefined', 'undefined'],
      ['null', 'null'],
      ['"no more disks"', 'no more disks'],
      ['{ disk: 7 }', '{ disk: 7 }'],
      ['Symbol("odd")', 'Symbol(odd)'],
      ['Object.create(null)', '[Object: null prototype] {}'],
      ['new RangeError("too far")', 'RangeError: too far'],
      [
        '(() => { const deep = () => deep(); try { deep(); } catch (error) { return error } })()',
        'RangeError: Maximum call stack size exceeded',
      ],
      [
        'Object.defineProperty(new Error(), "message", { get() { throw 5 } })',
        'something was thrown that cannot be shown',
      ],
      [
        '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()',
        'something was thrown that cannot be shown',
      ],
    ];
    const { session, hw } = await openSession(
      writeModule({
        top:
          'const thrown = ' +
          `[${thrown.map(([code]) => `() => ${code.startsWith('{') ? `(${code})` : code}`).join(', ')}]`,
        reenumerate: 'throw thrown.shift()()',
      }),
    );
    for (const [, message] of thrown) {
      const error = await rejection(hw.reenumerate());
      expect(error).toBeInstanceOf(ProviderProtocolError);
      expect((error as Error).message).toBe(`${message} during IVdsHwProvider::Reenumerate`);
    }
    expect(session.broken).toBeUndefined();
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
  });

  test('by an exception shows where it was thrown', async () => {
    const module = writeModule({ reenumerate: 'nothing.atAll()' });
    const { hw } = await openSession(module);
    const error = (await rejection(hw.reenumerate())) as ProviderProtocolError;
    expect(error.describe()).toMatch(
      /ReferenceError: nothing is not defined during IVdsHwProvider::Reenumerate\. Thrown at .*\.mjs:\d+:\d+/,
    );
  });

  test('by an error of another copy of this package is understood', async () => {
    const thrown =
      'Object.assign(new Error("the array is off"), { name: "ProviderUnreachable", code: "VDSC_UNREACHABLE", hint: ' +
      '"Switch it on." })';
    const module = writeModule({ reenumerate: `throw ${thrown}` });
    const { session, hw } = await openSession(module);
    const error = (await rejection(hw.reenumerate())) as ProviderUnreachable;
    expect(error).toBeInstanceOf(ProviderUnreachable);
    expect(error.describe()).toMatch(/the array is off during IVdsHwProvider::Reenumerate\. Switch it on\./);
    // The session is over, so its process is as well.
    await session.close();
    expect(running(module.pid())).toBe(false);
  });

  test('by a malformed answer fails that call, and goes on', async () => {
    const answers: readonly (readonly [string, RegExp])[] = [
      [
        '{ hr: 0, out: { enum: "an object" } }',
        /IVdsHwProvider\.QuerySubSystems\.enum: expected a Servant or null, got 'an object'/,
      ],
      [
        '{ hr: 0, out: { enum: { interfaces: {} } } }',
        /IVdsHwProvider\.QuerySubSystems\.enum: expected a Servant or null/,
      ],
      ['undefined', /IVdsHwProvider\.QuerySubSystems answered no HRESULT: undefined/],
      ['{ hr: 0x80070057 | 0 }', /answered no HRESULT: -2147024809/],
      ['{ hr: "S_OK" }', /answered no HRESULT: 'S_OK'/],
      ['{ hr: 0.5 }', /answered no HRESULT: 0.5/],
      ['{ hr: 0n }', /answered no HRESULT: 0n/],
    ];
    const { session, hw } = await openSession(
      writeModule({
        top: `const answers = [${answers.map(([answer]) => answer).join(', ')}]`,
        querySubSystems: 'return answers.shift()',
      }),
    );
    for (const [, message] of answers) {
      const error = (await rejection(hw.querySubSystems())) as ProviderProtocolError;
      expect(error).toBeInstanceOf(ProviderProtocolError);
      expect(error.message).toMatch(message);
      expect(error.call).toBe('IVdsHwProvider::QuerySubSystems');
    }
    expect(session.broken).toBeUndefined();
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
  });

  test('by values outside their types names them', async () => {
    const module = writeModule({
      open: `
      class Lun extends Servant { interfaces = { IVdsLun: {
        Extend: () => ({ hr: 0, out: { async: null, extra: 1 } }),
        QueryMaxLunExtendSize: () => ({ hr: 0, out: { maxBytesToBeAdded: 5 } }),
        GetProperties: () => ({ hr: 0, out: { lunProp: { id: 'no guid' } } }),
      } } }
      return new ObjectServer({ create: () => new Lun() })`,
    });
    const session = new Session(await openModule(module));
    const lun = await (await session.createInstance()).as('IVdsLun');
    const errors = [
      await rejection(lun?.queryMaxLunExtendSize({ driveIdArray: [] }) ?? Promise.resolve()),
      await rejection(lun?.getProperties() ?? Promise.resolve()),
    ] as ProviderProtocolError[];
    expect(errors.map((e) => e.message)).toEqual([
      expect.stringMatching(
        /^IVdsLun\.QueryMaxLunExtendSize\.maxBytesToBeAdded: expected a bigint .*got 5 during IVdsLun::QueryMaxLunExtendSize$/,
      ),
      expect.stringMatching(
        /^IVdsLun\.GetProperties\.lunProp\.id: expected a GUID, got "no guid" during IVdsLun::GetProperties$/,
      ),
    ]);
    expect(session.broken).toBeUndefined();
  });

  test('by messages that answer nothing is not listened to', async () => {
    const junk = [
      '"ready"',
      '5',
      'null',
      '[]',
      '{}',
      '{ id: 9999, reply: { hr: 0 } }',
      '{ id: "x", error: null }',
      '{ id: 1, opened: {} }',
      '{ __proto__: null, id: null }',
    ];
    const { session, hw } = await openSession(
      writeModule({ reenumerate: junk.map((message) => `process.send(${message})`).join(';') }),
    );
    for (let i = 0; i < 3; i++) expect((await hw.reenumerate()).hr).toBe(HR.S_OK);
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
    expect(session.broken).toBeUndefined();
  });

  test("by answering in its host's place fails that call, and the second answer is dropped", async () => {
    const forged: readonly (readonly [string, RegExp])[] = [
      ['error: 5', /the answer should be an error, but has no code and message: 5/],
      ['error: { code: "constructor", message: "odd", hint: {} }', /^odd during/],
      ['', /the provider host gave no reply/],
      ['reply: "S_OK"', /IVdsHwProvider\.Reenumerate has no member "hr": "S_OK"/],
      ['reply: { hr: 0 }', /has no member "out"/],
      ['reply: { hr: 0, out: { more: 1 } }', /IVdsHwProvider\.Reenumerate\.more: is not in the contract/],
      ['reply: { hr: -1, out: {} }', /hr is not an unsigned 32-bit integer: -1/],
    ];
    // Loading takes six requests, and each call here one.
    const { session, hw } = await openSession(
      writeModule({
        top: `let id = 6; const forged = [${forged.map(([f]) => `{${f}}`).join(', ')}]`,
        reenumerate: 'process.send({ id: ++id, ...forged.shift() })',
      }),
    );
    for (const [, message] of forged) {
      const error = await rejection(hw.reenumerate());
      expect(error).toBeInstanceOf(ProviderProtocolError);
      expect((error as Error).message).toMatch(message);
    }
    expect(session.broken).toBeUndefined();
    expect((await hw.refresh()).hr).toBe(HR.S_OK);
  });

  test.each([
    [
      'sends a notification that is none',
      'process.send({ notification: 5 }); await sleep()',
      /a notification has no member "notifications": 5/,
    ],
    [
      'sends a notification with a wrong member',
      'process.send({ notification: { notifications: [{ objectType: 33, lun: { event: 1, lunId: "?" } }], count: 1, ' +
        'sink: 1 } }); await sleep()',
      /VDS_NOTIFICATION\.lun\.lunId: expected a GUID/,
    ],
    [
      'gives OnNotify what is no array',
      'sink.onNotify(5); await sleep()',
      /OnNotify was given what the contract does not allow/,
    ],
    [
      'gives OnNotify a notification with a wrong member',
      'sink.onNotify([{ objectType: 33, lun: { event: -1, lunId: "?" } }]); await sleep()',
      /OnNotify was given .* VDS_NOTIFICATION\.lun\.event: expected an integer/,
    ],
    [
      'says that it is broken without saying why',
      'process.send({ broken: null }); await sleep()',
      /the answer should be an error, but has no code and message: null/,
    ],
  ])('because it %s has no more session', async (_, reenumerate, message) => {
    const module = writeModule({ reenumerate });
    const { session, hw } = await openSession(module);
    const error = (await rejection(hw.reenumerate())) as ProviderProtocolError;
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(message);
    expect(error.call).toBe('IVdsHwProvider::Reenumerate');
    expect(session.broken).toBe(error);
    await session.close();
    expect(running(module.pid())).toBe(false);
  });
});

describe('notifications', () => {
  const event = (n: number): string =>
    `sink.onNotify([{ objectType: 33, lun: { event: ${n}, lunId: '11111111-2222-3333-4444-555555555555' } }])`;

  test('arrive in their order, before the answer of the call that they were made in', async () => {
    const { session, hw } = await openSession(
      writeModule({ reenumerate: `for (let i = 0; i < 50; i++) ${event(1).replace('event: 1', 'event: i')}` }),
    );
    await hw.reenumerate();
    expect(session.received.flatMap((call) => call.notifications.map((n) => n.lun?.event))).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });

  test('made later are waited for, and what the sink answers reaches the provider', async () => {
    const { session, hw } = await openSession(
      writeModule({ reenumerate: `setTimeout(() => ${event(8)}, 1); return { hr: ${event(7)} }` }),
    );
    const answers = [(await hw.reenumerate()).hr];
    await session.setSinkAnswer(HR.E_OUTOFMEMORY);
    const mark = session.received.length;
    const waiting = session.notification((n) => n.lun?.event === 8, mark);
    answers.push((await hw.reenumerate()).hr);
    expect(await waiting).toMatchObject({ lun: { event: 8 } });
    // The sink's answer is set on the other side, where it is asked.
    expect(answers).toEqual([HR.S_OK, HR.E_OUTOFMEMORY]);
  });
});

describe('a session that is closed', () => {
  test('leaves no process, and refuses calls', async () => {
    const module = writeModule({ close: 'note("closed")' });
    const { session, hw } = await openSession(module);
    await session.close();
    expect([module.noted('closed'), running(module.pid())]).toEqual([true, false]);
    expect(await rejection(hw.refresh())).toEqual(
      new ProviderProtocolError('the session is closed', { endsSession: true }),
    );
    await session.close();
  });

  test('twice at once is closed once', async () => {
    const module = writeModule({ close: 'note("closed", Number(closes += 1))', top: 'let closes = 0' });
    const port = await openModule(module);
    await Promise.all([port.close(), port.close()]);
    expect(module.pid('closed')).toBe(1);
  });

  test('by a provider that fails to, leaves no process either', async () => {
    const module = writeModule({ close: 'throw new Error("busy")' });
    const { session } = await openSession(module);
    const error = await rejection(session.close());
    expect((error as Error).message).toBe('Error: busy during closing the session');
    expect(running(module.pid())).toBe(false);
  });

  test('while calls are under way rejects them', async () => {
    const module = writeModule({ reenumerate: 'note("called"); await sleep()' });
    const { session, hw } = await openSession(module);
    const call = rejection(hw.reenumerate());
    await expect.poll(() => module.noted('called')).toBe(true);
    await session.close();
    expect(((await call) as Error).message).toMatch(/the session is closed/);
    expect(running(module.pid())).toBe(false);
  });

  test('does not wait for the children of the provider', async () => {
    const module = writeModule({ reenumerate: 'note("child", spawn("sleep", ["60"], { stdio: "inherit" }).pid)' });
    const { session, hw } = await openSession(module);
    await hw.reenumerate();
    try {
      await session.close();
      expect([running(module.pid()), running(module.pid('child'))]).toEqual([false, true]);
    } finally {
      process.kill(module.pid('child'), 'SIGKILL');
    }
  });
});

test('two sessions at once do not know of each other', async () => {
  const module = writeModule({
    top: 'let scans = 0',
    reenumerate: 'if (++scans === 2) process.abort()',
    refresh: 'return { hr: scans }',
  });
  const [one, two] = await Promise.all([openSession(module), openSession(module)]);
  await one.hw.reenumerate();
  expect([(await one.hw.refresh()).hr, (await two.hw.refresh()).hr]).toEqual([1, 0]);
  expect(await rejection(one.hw.reenumerate())).toBeInstanceOf(ProviderCrashed);
  await two.hw.reenumerate();
  expect((await two.hw.refresh()).hr).toBe(1);
});
