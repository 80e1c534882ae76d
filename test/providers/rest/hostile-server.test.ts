// The client against servers that break down or break the protocol: each ends in a named error that says what came, and
// none in a wait.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { interfaceDef, type Handle } from '../../../src/contract/tables.js';
import { HarnessError, ProviderHung, ProviderProtocolError, ProviderUnreachable } from '../../../src/port/errors.js';
import type { Port } from '../../../src/port/port.js';
import { adapter } from '../../../providers/rest/adapter.js';
import { REPLY_LIMIT } from '../../../providers/rest/exchange.js';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanUp.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const capabilities = {
  nullOuts: true,
  parallelCalls: true,
  releaseCounts: true,
  isolated: true,
  disposable: true,
  guardedMemory: false,
};
const events: ServerResponse[] = [];

/** A gateway that is good until a call; what it does then, or instead of one of its other answers, is given. */
function gateway(call: Handler, instead: { readonly [resource: string]: Handler } = {}): Promise<string> {
  events.length = 0;
  return listening(
    createHttp((request, response) => {
      const resource = `${request.method} ${request.url}`;
      const own = instead[resource];
      if (own !== undefined) own(request, response);
      else if (resource === 'GET /v1') json(response, 200, { protocol: 1, provider: 'hostile' });
      else if (resource === 'POST /v1/sessions') json(response, 201, { session: 's', capabilities });
      else if (resource === 'DELETE /v1/sessions/s') json(response, 200, {});
      else if (resource === 'GET /v1/sessions/s/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        events.push(response);
      } else call(request, response);
    }),
  );
}

async function open(url: string, options: { readonly openLimit?: number } = {}): Promise<Port> {
  const port = await adapter.open({ settings: { url }, seed: 's', scratch: '/nowhere', ...options });
  cleanUp.push(() => {
    void port.terminate('the test is over');
  });
  return port;
}

async function failure(action: Promise<unknown>): Promise<HarnessError> {
  const error: unknown = await action.catch((e: unknown) => e);
  if (!(error instanceof HarnessError)) throw new Error(`no HarnessError, but ${String(error)}`);
  return error;
}

const bytes =
  (raw: string, end: (socket: Socket) => void = (socket) => socket.end()): Handler =>
  (request) => {
    const { socket } = request;
    socket.write(raw, () => end(socket));
  };

describe('an answer that is not what it should be', () => {
  const target = interfaceDef('IVdsLun').iid;
  const page = '<html>Welcome to nginx</html>';

  const answers: [string, Handler, RegExp][] = [
    [
      'is not JSON',
      bytes('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"object"'),
      /HTTP 200 to POST \/v1\/sessions\/s\/objects\/5\/interfaces has no JSON \(.*\): \{"object"/,
    ],
    [
      'is empty',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end();
      },
      /no JSON .*and no body/,
    ],
    [
      'is a page',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      },
      /type "text\/html" instead of application\/json: <html>Welcome/,
    ],
    [
      'has no type',
      (_, response) => {
        response.end('{}');
      },
      /type "" instead of/,
    ],
    [
      'is an error page',
      (_, response) => {
        response.writeHead(502, { 'content-type': 'text/html' }).end(page);
      },
      /^HTTP 502 to .* has type "text\/html"/,
    ],
    [
      'is a redirection',
      (_, response) => {
        response.writeHead(302, { location: '/elsewhere' }).end();
      },
      /^HTTP 302 to/,
    ],
    [
      'is an error without our body',
      (_, response) => json(response, 500, { message: 'oops' }),
      /^HTTP 500 to .* has no "error" with a code and a message: \{"message":"oops"\}/,
    ],
    ['is an error that is null', (_, response) => json(response, 500, null), /^HTTP 500 to .* no "error"/],
    ['is no object', (_, response) => json(response, 200, [1]), /has no member "object"/],
    ['lacks a member', (_, response) => json(response, 200, { object: 5 }), /queryInterface has no member "hr"/],
    [
      'has a member of another type',
      (_, response) => json(response, 200, { hr: 0, object: '5' }),
      /not an object handle: "5"/,
    ],
    [
      'has a negative HRESULT',
      (_, response) => json(response, 200, { hr: -2147467259, object: null }),
      /not an unsigned 32-bit integer: -2147467259/,
    ],
    [
      'is empty with status 204',
      (_, response) => {
        response.writeHead(204).end();
      },
      /has no member "object"/,
    ],
    [
      'is not UTF-8',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22]));
      },
      /bytes that are not UTF-8/,
    ],
    ['is not HTTP', bytes('SSH-2.0-OpenSSH_9.6\r\n'), /the answer is not HTTP: /],
    [
      'is shorter than announced',
      bytes('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"hr":0'),
      /broke off after 7 of 100 bytes/,
    ],
    [
      'is reset in its middle',
      bytes('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"hr":0', (socket) =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      ),
      /broke off after 7 of 100 bytes: .*ECONNRESET/,
    ],
    [
      'ends in the middle of a chunk',
      bytes('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n40\r\n{"hr":0'),
      /broke off after 7 of an unknown number of bytes/,
    ],
    [
      'announces too much',
      bytes(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${REPLY_LIMIT + 1}\r\n\r\n{"hr":0`,
        () => {},
      ),
      /is larger than \d+ bytes/,
    ],
    [
      'is too much without saying so',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          while (response.write('x'.repeat(1_000_000)));
          response.once('drain', more);
        };
        more();
      },
      /is larger than \d+ bytes/,
    ],
    ['has endless headers', bytes(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`), /not HTTP|connection broke/],
  ];

  test.each(answers)('%s', async (_, handler, message) => {
    const port = await open(await gateway(handler));
    const error = await failure(port.queryInterface(5 as Handle, target, 'IVdsLun'));
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(message);
  });

  test('outputs outside the contract name their parameter', async () => {
    const port = await open(
      await gateway((_, response) => json(response, 200, { hr: 0, out: { maxBytesToBeAdded: 17 } })),
    );
    const error = await failure(
      port.invoke({
        object: 5 as Handle,
        method: 'IVdsLun.QueryMaxLunExtendSize',
        args: { driveIdArray: null, numberOfDrives: 0 },
      }),
    );
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(/IVdsLun.QueryMaxLunExtendSize.maxBytesToBeAdded: expected a decimal string/);
  });

  test('the session goes on after it', async () => {
    let calls = 0;
    const port = await open(
      await gateway((_, response) => (++calls === 1 ? response.end('nonsense') : json(response, 200, { object: 9 }))),
    );
    await failure(port.createInstance());
    expect(await port.createInstance()).toBe(9);
    await port.close();
  });

  test('an unknown error code counts as a broken protocol', async () => {
    const port = await open(
      await gateway((_, response) => json(response, 418, { error: { code: 'TEAPOT', message: 'short and stout' } })),
    );
    expect(await failure(port.createInstance())).toMatchObject({
      code: 'VDSC_PROTOCOL',
      message: 'short and stout',
      hint: '',
    });
  });
});

describe('a connection that is not there', () => {
  test('refused', async () => {
    const server = createTcp();
    const url = await listening(server);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const error = await failure(open(url));
    expect(error).toBeInstanceOf(ProviderUnreachable);
    expect(error.describe()).toBe(
      `connect ECONNREFUSED ${url.slice(7)}. Is the provider's server running? Start it, or pass --url. ` +
        '[VDSC_UNREACHABLE]',
    );
    // localhost is more than one address, whose failures node:net wraps.
    expect((await failure(open(url.replace('127.0.0.1', 'localhost')))).message).toContain(
      `connect ECONNREFUSED ${url.slice(7)}`,
    );
  });

  test('unknown host', async () => {
    expect(await failure(open('http://no-such-host.invalid'))).toMatchObject({
      code: 'VDSC_UNREACHABLE',
      message: expect.stringMatching(/getaddrinfo E\w+ no-such-host.invalid/),
    });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['closed', (socket) => socket.end()],
  ])('%s in mid-call', async (_, end) => {
    const port = await open(await gateway((request) => end(request.socket)));
    const error = await failure(port.createInstance());
    expect(error).toBeInstanceOf(ProviderUnreachable);
    expect(error.message).toMatch(/^the connection broke: /);
  });

  test('a server that accepts and never answers', async () => {
    const url = await listening(createTcp());
    const error = await failure(open(url, { openLimit: 100 }));
    expect(error).toBeInstanceOf(ProviderHung);
    expect(error.message).toBe('the server did not open a session within 100 ms during loading the provider');
  });

  test('a server that hangs on closing is left', async () => {
    const port = await open(await gateway(() => {}, { 'DELETE /v1/sessions/s': () => {} }));
    const closing = failure(port.close());
    await port.terminate('it takes too long');
    expect((await closing).message).toBe('the session is closed');
  });
});

describe('opening', () => {
  test.each<[string, string, unknown, RegExp]>([
    ['another protocol', 'GET /v1', { protocol: 2, provider: 'x' }, /speaks protocol 2, this harness 1/],
    ['something else altogether', 'GET /v1', { hello: 'world' }, /GET \/v1 answered \{"hello":"world"\}/],
    ['no session', 'POST /v1/sessions', { capabilities }, /POST \/v1\/sessions answered .* session/],
    [
      'a capability that is neither true nor false',
      'POST /v1/sessions',
      { session: 's', capabilities: { nullOuts: 'yes' } },
      /capabilities.nullOuts/,
    ],
    ['no event stream', 'GET /v1/sessions/s/events', {}, /answered no event stream/],
  ])('a server with %s', async (_, resource, answer, message) => {
    const error = await failure(
      open(await gateway(() => {}, { [resource]: (__, response) => json(response, 200, answer) })),
    );
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(message);
  });

  test('a session is dropped when its events cannot be had', async () => {
    let dropped = 0;
    await failure(
      open(
        await gateway(() => {}, {
          'GET /v1/sessions/s/events': (_, response) => json(response, 500, {}),
          'DELETE /v1/sessions/s': (_, response) => {
            dropped += 1;
            json(response, 200, {});
          },
        }),
      ),
    );
    await expect.poll(() => dropped).toBe(1);
  });

  test('capabilities that a gateway leaves out are not there', async () => {
    const port = await open(
      await gateway(() => {}, {
        'POST /v1/sessions': (_, response) =>
          json(response, 201, { session: 's', capabilities: { parallelCalls: true } }),
      }),
    );
    expect(port.capabilities).toEqual({
      outOfProcess: false,
      nullOuts: false,
      parallelCalls: true,
      releaseCounts: false,
      isolated: false,
      disposable: false,
      guardedMemory: false,
      persistent: false,
      transportFaults: true,
    });
  });

  test('a gateway may lie below a path', async () => {
    const url = await listening(
      createHttp((request, response) => {
        expect(request.url).toMatch(/^\/vds\/array-1\/v1/);
        if (request.url?.endsWith('/events') === true)
          response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        else json(response, 200, { protocol: 1, provider: 'x', session: 'a/ü', object: 3 });
      }),
    );
    const port = await open(`${url}/vds/array-1/`);
    expect(await port.createInstance()).toBe(3);
  });
});

describe('events', () => {
  const send = (id: number | string, data: unknown): string =>
    `id: ${id}\nevent: notification\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  const good = { sink: 1, count: 0, notifications: [] };
  const drain: Handler = (_, response) => json(response, 200, { sent: 3 });

  test.each<[string, string, RegExp]>([
    ['that is missing', send(1, good) + send(3, good), /expected the event of notification 2, but its id is "3"/],
    ['without an id', 'event: notification\ndata: {}\n\n', /expected the event of notification 1/],
    ['that is not JSON', send(1, '{'), /the data of notification 1 is not JSON/],
    ['that is no notification', send(1, { sink: 1 }), /no member "notifications"/],
    ['with a count that is none', send(1, { ...good, count: '1' }), /count is not a 32-bit integer: "1"/],
    [
      'outside the contract',
      send(1, { sink: 1, count: 1, notifications: [{ objectType: 'lun' }] }),
      /VDS_NOTIFICATION.objectType/,
    ],
  ])('an event %s ends the session', async (_, text, message) => {
    const port = await open(await gateway(drain));
    events[0]?.write(text);
    const error = await failure(port.drainNotifications());
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(message);
    expect((await failure(port.createInstance())).message).toMatch(message);
  });

  test('events of other kinds are passed over', async () => {
    const port = await open(await gateway(drain));
    events[0]?.write(`event: news\ndata: x\n\n: quiet\n\n${send(1, good)}${send(2, good)}`);
    let seen = 0;
    port.onNotification(() => {
      seen += 1;
    });
    const drained = port.drainNotifications().then(() => seen);
    events[0]?.write(send(3, good));
    expect(await drained).toBe(3);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['ends', (r) => r.end()],
    ['breaks', (r) => r.destroy()],
    ['is reset', (r) => r.socket?.resetAndDestroy()],
  ])('a stream that %s ends the session', async (_, end) => {
    const port = await open(await gateway(() => {}));
    const waiting = failure(port.createInstance());
    if (events[0] !== undefined) end(events[0]);
    const error = await waiting;
    expect(error).toBeInstanceOf(ProviderUnreachable);
    expect(error.message).toMatch(/event stream/);
  });

  test('a count of sent events that is none', async () => {
    const port = await open(await gateway((_, response) => json(response, 200, { sent: 'all' })));
    expect((await failure(port.drainNotifications())).message).toMatch(/events\/drain answered \{"sent":"all"\}/);
  });
});
