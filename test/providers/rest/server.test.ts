// The server against requests that are malformed, too large, too slow or in the wrong place: each gets an error it can
// read, and the next one works.
import fc from 'fast-check';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allMethods } from '../../../src/contract/tables.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { ObjectServer } from '../../../src/port/object-server.js';
import type { Port, ProviderAdapter } from '../../../src/port/port.js';
import { BODY_LIMIT } from '../../../providers/rest/messages.js';
import { serve, type RunningServer } from '../../../providers/rest/server.js';
import { lunEvent, SmallAdapter } from './small-provider.js';

const openOptions = (seed: string) => ({ settings: {}, seed, scratch: '/scratch' });
const JSON_HEADERS = { 'content-type': 'application/json' };

interface Answer {
  readonly status: number;
  readonly body: {
    readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
    readonly [key: string]: unknown;
  };
  readonly headers: Headers;
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}

const post = (url: string, body: unknown): Promise<Answer> =>
  ask(url, { method: 'POST', headers: JSON_HEADERS, body: typeof body === 'string' ? body : JSON.stringify(body) });

async function openSession(url: string): Promise<string> {
  return `${url}/v1/sessions/${String((await post(`${url}/v1/sessions`, { seed: 's' })).body['session'])}`;
}

/** Sends bytes as they are and gives all that comes back until the server ends the connection. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    socket
      .setEncoding('utf8')
      .on('data', (text) => {
        got += text;
      })
      .on('close', () => resolve(got))
      .on('error', () => {});
  });
}

const small = new SmallAdapter();
let server: RunningServer;
let session: string;
let lun: string;

beforeAll(async () => {
  server = await serve({ adapter: small, openOptions });
  session = await openSession(server.url);
  const { object } = (await ask(`${session}/objects`, { method: 'POST' })).body;
  const found = await post(`${session}/objects/${String(object)}/interfaces`, {
    interface: 'IVdsLun',
    iid: '3540a9c7-e60f-4111-a840-8bba6c2c83d8',
  });
  lun = `${session}/objects/${String(found.body['object'])}`;
});

afterAll(() => server.close());

describe('resources', () => {
  test('as a client without this library sees them', async () => {
    expect((await ask(`${server.url}/v1`)).body).toEqual({ protocol: 1, provider: 'small' });
    const opened = await post(`${server.url}/v1/sessions`, { seed: 'x' });
    expect(opened.status).toBe(201);
    expect(opened.body).toEqual({
      session: expect.stringMatching(/^[0-9a-f-]{36}$/),
      capabilities: expect.objectContaining({ nullOuts: true }),
    });
    const call = await post(`${lun}/IVdsLun/QueryMaxLunExtendSize`, {
      args: { driveIdArray: null, numberOfDrives: 0 },
    });
    expect(call).toMatchObject({ status: 200, body: { hr: 0, out: { maxBytesToBeAdded: '18446744073709551615' } } });
    expect((await post(`${lun}/IVdsLun/GetSubSystem`, { args: {} })).body).toEqual({
      hr: 0x80004001,
      out: { subSystem: { untouched: true } },
    });
    expect((await post(`${lun}/IVdsLun/GetProperties`, { args: {}, nullOuts: ['lunProp'] })).body).toEqual({
      hr: 0,
      out: {},
    });
    expect(
      await ask(`${session}/sink-answer`, { method: 'PUT', headers: JSON_HEADERS, body: '{"hr":1}' }),
    ).toMatchObject({ status: 200, body: {} });
    const closed = `${server.url}/v1/sessions/${String(opened.body['session'])}`;
    expect(await ask(closed, { method: 'DELETE' })).toMatchObject({ status: 200, body: {} });
    expect(await ask(closed, { method: 'DELETE' })).toMatchObject({
      status: 404,
      body: { error: { code: 'VDSC_UNREACHABLE' } },
    });
  });

  test('events: those before the listener came, then each as it happens', async () => {
    const own = await openSession(server.url);
    const sink = Number((await ask(`${own}/sinks`, { method: 'POST' })).body['object']);
    const unknown = Number((await ask(`${own}/objects`, { method: 'POST' })).body['object']);
    const { object } = (
      await post(`${own}/objects/${unknown}/interfaces`, {
        interface: 'IVdsProviderPrivate',
        iid: '11f3cd41-b7e8-48ff-9472-9dff018aa292',
      })
    ).body;
    await post(`${own}/objects/${String(object)}/IVdsProviderPrivate/OnLoad`, {
      args: { machineName: null, callbackObject: sink },
    });
    small.provider.sink?.onNotify([lunEvent(1)]);
    expect((await ask(`${own}/events/drain`, { method: 'POST' })).body).toEqual({ sent: 1 });
    const stream = await fetch(`${own}/events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(await ask(`${own}/events`)).toMatchObject({ status: 409 });
    small.provider.sink?.onNotify([lunEvent(2)]);
    await ask(own, { method: 'DELETE' });
    small.provider.sink?.onNotify([lunEvent(3)]);
    const data = (event: number): string => JSON.stringify({ sink, count: 1, notifications: [lunEvent(event)] });
    expect(await stream.text()).toBe(
      `id: 1\nevent: notification\ndata: ${data(1)}\n\nid: 2\nevent: notification\ndata: ${data(2)}\n\n`,
    );
  });

  test('a listener that left is replaced by the next', async () => {
    const own = await openSession(server.url);
    const leave = new AbortController();
    await fetch(`${own}/events`, { signal: leave.signal });
    leave.abort();
    await expect
      .poll(async () => {
        const next = await fetch(`${own}/events`);
        await (next.status === 200 ? next.body?.cancel() : next.text());
        return next.status;
      })
      .toBe(200);
  });
});

describe('what is refused', () => {
  test.each<[string, string, RequestInit, number, RegExp]>([
    ['an unknown path', '/nowhere', {}, 404, /no such resource/],
    ['the root', '/', {}, 404, /no such resource/],
    ['an unknown session', '/v1/sessions/x/objects', { method: 'POST' }, 404, /the session does not exist/],
    [
      'an unknown method',
      '/v1/sessions/x/objects/1/IVdsLun/Explode',
      { method: 'POST' },
      404,
      /the contract has no method IVdsLun.Explode/,
    ],
    ['a handle that is none', '/v1/sessions/x/objects/one/identity', {}, 404, /"one" is not an object handle/],
    ['a session without a seed', '/v1/sessions', { method: 'POST', headers: JSON_HEADERS, body: '{}' }, 400, /seed/],
    [
      'JSON that ends early',
      '/v1/sessions',
      { method: 'POST', headers: JSON_HEADERS, body: '{"seed":' },
      400,
      /not JSON/,
    ],
    ['an empty body', '/v1/sessions', { method: 'POST', headers: JSON_HEADERS, body: '' }, 400, /not JSON/],
    [
      'bytes that are not UTF-8',
      '/v1/sessions',
      { method: 'POST', headers: JSON_HEADERS, body: new Uint8Array([0x22, 0xff]) },
      400,
      /not UTF-8/,
    ],
    [
      'another type',
      '/v1/sessions',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"seed":"s"}' },
      415,
      /type is text\/plain/,
    ],
    ['a web page', '/v1', { headers: { origin: 'https://evil.example' } }, 403, /web page/],
    [
      'a body that is announced too large',
      '/v1/sessions',
      { method: 'POST', headers: JSON_HEADERS, body: 'x'.repeat(BODY_LIMIT + 1) },
      413,
      /larger than \d+ bytes/,
    ],
  ])('%s', async (_, path, init, status, message) => {
    const answer = await ask(server.url + path, init);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual({
      code: expect.stringMatching(/^VDSC_/),
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('a body that is too large without saying so, and one without end', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const head =
      'POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: ' +
      'chunked\r\n\r\n';
    const after = 'GET /v1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
    expect(await raw(server.url, `${head}${chunk.repeat(9)}0\r\n\r\n${after}`)).toMatch(
      /^HTTP\/1.1 413 .*HTTP\/1.1 200 /s,
    );
    expect(await raw(server.url, head + chunk.repeat(100))).toMatch(/^(HTTP\/1.1 413 .*)?$/s);
  });

  test('a verb that the resource lacks; Allow names the others', async () => {
    const answer = await ask(`${lun}/references`, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, DELETE');
  });

  test.each<[string, unknown, number, RegExp]>([
    ['no arguments', {}, 400, /args/],
    ['arguments that are no object', { args: [] }, 422, /IVdsLun.Extend: expected an object/],
    [
      'a missing argument',
      { args: { driveIdArray: null, numberOfDrives: 0 } },
      422,
      /IVdsLun.Extend.numberOfBytesToAdd: is missing/,
    ],
    [
      'an unknown argument',
      { args: { numberOfBytesToAdd: '1', driveIdArray: null, numberOfDrives: 0, force: true } },
      422,
      /IVdsLun.Extend.force: is not in the contract/,
    ],
    [
      'a 64-bit integer as a number',
      { args: { numberOfBytesToAdd: 1, driveIdArray: null, numberOfDrives: 0 } },
      422,
      /expected a decimal string/,
    ],
    [
      'NULL outs that are no names',
      { args: { numberOfBytesToAdd: '1', driveIdArray: null, numberOfDrives: 0 }, nullOuts: [1] },
      400,
      /nullOuts/,
    ],
    ['an unknown member', { args: {}, arguments: {} }, 400, /arguments/],
    ['arguments nested without end', `{"args":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, 422, /./],
  ])('a call with %s', async (_, body, status, message) => {
    const answer = await post(`${lun}/IVdsLun/Extend`, body);
    expect(answer.body.error?.message).toMatch(message);
    expect(answer).toMatchObject({ status, body: { error: { code: 'VDSC_PROTOCOL' } } });
  });

  test('a call through a pointer to another interface', async () => {
    expect(await post(`${lun}/IVdsDrive/GetProperties`, { args: {} })).toMatchObject({
      status: 422,
      body: { error: { message: 'IVdsDrive.GetProperties was called through a pointer to IVdsLun' } },
    });
  });

  test('whatever JSON a call is given, the answer is an HRESULT or an error that says why', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...allMethods),
        fc.jsonValue(),
        fc.boolean(),
        async ({ interfaceName, name }, json, whole) => {
          const answer = await post(`${lun}/${interfaceName}/${name}`, whole ? json : { args: json });
          expect([200, 400, 422]).toContain(answer.status);
          expect(answer.status === 200 ? answer.body['hr'] : answer.body.error?.code).toEqual(
            answer.status === 200 ? expect.any(Number) : 'VDSC_PROTOCOL',
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('whatever is asked for, the answer is JSON and the server goes on', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'v1',
        'sessions',
        session.slice(-36),
        'objects',
        '1',
        'IVdsLun',
        'Extend',
        'events',
        'drain',
        'references',
      ),
      fc.webSegment(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'OPTIONS'),
        fc.array(segment, { maxLength: 8 }),
        async (method, segments) => {
          const response = await fetch(`${server.url}/${segments.join('/')}`, { method });
          if (response.headers.get('content-type') === 'text/event-stream') {
            await response.body?.cancel();
            return;
          }
          const body = (await response.json()) as Answer['body'];
          expect(response.ok || body.error?.code.startsWith('VDSC_')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what is not HTTP', () => {
  test.each([
    ['noise', '\0\x01\x02\r\n\r\n', /^HTTP\/1.1 400 .*"VDSC_PROTOCOL"/s],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', /^HTTP\/1.1 400 /],
    [
      'two lengths',
      'POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
      /^HTTP\/1.1 400 /,
    ],
    [
      'headers without end',
      `GET /v1 HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
      /^HTTP\/1.1 431 /,
    ],
  ])('%s', async (_, bytes, answer) => {
    expect(await raw(server.url, bytes)).toMatch(answer);
    expect((await ask(`${server.url}/v1`)).status).toBe(200);
  });

  test('a client that stops in the middle of its headers is sent away', { timeout: 40_000 }, async () => {
    expect(await raw(server.url, 'GET /v1 HTTP/1.1\r\nhost: localhost\r\n')).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('its end', () => {
  test('closes every session, ends every stream, refuses what comes later', async () => {
    const own = new SmallAdapter();
    const other = await serve({ adapter: own, openOptions });
    const [first] = await Promise.all([openSession(other.url), openSession(other.url)]);
    const stream = await fetch(`${first}/events`);
    await other.close();
    await other.close();
    expect(own.closed).toBe(2);
    expect(await stream.text()).toBe('');
    await expect(fetch(`${other.url}/v1`)).rejects.toThrow();
  });

  test('lets a call under way finish', async () => {
    const own = new SmallAdapter();
    const other = await serve({ adapter: own, openOptions });
    const opened = await openSession(other.url);
    const { object } = (await ask(`${opened}/objects`, { method: 'POST' })).body;
    const found = await post(`${opened}/objects/${String(object)}/interfaces`, {
      interface: 'IVdsHwProvider',
      iid: 'd99bdaae-b13a-4178-9fdb-e27f16b4603e',
    });
    let finish = (): void => {};
    own.provider.scan = new Promise((resolve) => {
      finish = resolve;
    });
    const call = post(`${opened}/objects/${String(found.body['object'])}/IVdsHwProvider/Reenumerate`, { args: {} });
    await expect.poll(() => own.provider.scanning).toBe(1);
    const closing = other.close();
    setTimeout(finish, 50);
    expect(await call).toMatchObject({ status: 200, body: { hr: 0 } });
    await closing;
    expect([own.closed, own.terminated]).toEqual([1, []]);
  });

  test('a client that leaves while its session is opened leaves none behind', async () => {
    let finish: (port: Port) => void = () => {};
    const opening = new Promise<Port>((resolve) => {
      finish = resolve;
    });
    const slow: ProviderAdapter = { name: 'slow', open: () => opening };
    const other = await serve({ adapter: slow, openOptions });
    const leave = new AbortController();
    const left = fetch(`${other.url}/v1/sessions`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: '{"seed":"s"}',
      signal: leave.signal,
    });
    // Another answer on the same server shows that the first request has arrived.
    await ask(`${other.url}/v1`);
    leave.abort();
    await expect(left).rejects.toThrow();
    await ask(`${other.url}/v1`);
    let closed = 0;
    finish(
      new ObjectServer({
        create: () => small.provider,
        close: () => {
          closed += 1;
        },
      }),
    );
    await expect.poll(() => closed).toBe(1);
    await other.close();
  });

  test('a port that is taken is a matter of configuration', async () => {
    const error: unknown = await serve({ adapter: small, openOptions, port: Number(new URL(server.url).port) }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({
      message: expect.stringContaining('EADDRINUSE'),
      hint: expect.stringContaining('port'),
    });
  });
});
