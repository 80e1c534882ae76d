// Serves any adapter's port over HTTP, on loopback unless told otherwise. Also the reference for a gateway that a
// vendor writes; README.md describes the resources, routes.ts lists them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { ConfigurationError, errorToWire, ProviderProtocolError, messageOf } from '../../src/port/errors.js';
import type { OpenOptions, ProviderAdapter } from '../../src/port/port.js';
import { JSON_TYPE, noSession, readJson, refuse, sendError, sendJson, shuttingDown } from './messages.js';
import { match, PROTOCOL, toOperation, type Match } from './routes.js';
import { ServedSession } from './served-session.js';

interface ServeOptions {
  readonly adapter: ProviderAdapter;
  /** The adapter's options for a session that asks for this seed. Each session opens the adapter once. */
  readonly openOptions: (seed: string) => OpenOptions;
  /** 0, or none, for any that is free. */
  readonly port?: number;
  /** 127.0.0.1 unless given. There is no authentication: whoever reaches the address may use the provider. */
  readonly host?: string;
  /** A path before all others, so that the address cannot be guessed: without slashes. None unless given. */
  readonly path?: string;
  /**
   * Milliseconds after which a session that has no listener and gets no request is closed: its client is gone. Half an
   * hour unless given.
   */
  readonly idleLimit?: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:8443`, as --url takes it. */
  readonly url: string;
  /** Stops accepting, lets calls under way finish for a short while, closes every session and every connection. */
  close(): Promise<void>;
}

/**
 * How long a client may take over a request's headers and over the whole request; not how long the provider may take to
 * answer.
 */
const HEADERS_LIMIT = 5_000;
const REQUEST_LIMIT = 60_000;
const CHECK_LIMITS_EVERY = 1_000;
/**
 * Longer than a client's pause between two checks, so that a connection is not closed under a request that is just
 * being sent.
 */
const CONNECTION_IDLE_LIMIT = 60_000;
const KEEP_ALIVE_EVERY = 15_000;
const IDLE_LIMIT = 30 * 60_000;
/** For calls under way when the server closes, and for a session's close. */
const GRACE = 2_000;
const CLOSE_LIMIT = 30_000;
const LAST_ANSWERS_LIMIT = 200;

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
/** How long a client that gets no more answers may take to close its side. */
const LINGER = 1_000;

/** Starts the server. Rejects with ConfigurationError when it cannot listen there. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const gateway = new Gateway(options);
  const { port, host = '127.0.0.1' } = options;
  await gateway.listen(port ?? 0, host);
  return gateway;
}

class Gateway implements RunningServer {
  url = '';
  private readonly sessions = new Map<string, ServedSession>();
  private readonly server: Server;
  private readonly timers: readonly NodeJS.Timeout[];
  private closing: Promise<void> | undefined;
  private readonly prefix: string;

  constructor(private readonly options: ServeOptions) {
    this.prefix = options.path === undefined ? '' : `/${options.path}`;
    this.server = createServer(
      {
        headersTimeout: HEADERS_LIMIT,
        requestTimeout: REQUEST_LIMIT,
        connectionsCheckingInterval: CHECK_LIMITS_EVERY,
        keepAliveTimeout: CONNECTION_IDLE_LIMIT,
      },
      (request, response) => {
        void this.handle(request, response);
      },
    );
    this.server.on('clientError', answerNoHttp);
    this.timers = [
      setInterval(() => {
        for (const session of this.sessions.values()) session.keepAlive();
      }, KEEP_ALIVE_EVERY).unref(),
      setInterval(() => this.dropUnused(), options.idleLimit ?? IDLE_LIMIT).unref(),
    ];
  }

  async listen(port: number, host: string): Promise<void> {
    try {
      // The listener stays: later errors (no file descriptor left to accept with) concern one connection, and unheard
      // they would end the process.
      await new Promise<void>((resolve, reject) => {
        this.server.on('error', reject).listen(port, host, resolve);
      });
    } catch (error) {
      this.stopTimers();
      throw new ConfigurationError(messageOf(error), {
        hint: 'Choose another port, or 0 for any that is free.',
        cause: error,
      });
    }
    const address = this.server.address() as AddressInfo;
    this.url = `http://${
      address.family === 'IPv6' ? `[${address.address}]` : address.address
    }:${address.port}${this.prefix}`;
  }

  close(): Promise<void> {
    this.closing ??= this.closeNow();
    return this.closing;
  }

  private async closeNow(): Promise<void> {
    this.stopTimers();
    const stopped = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    // A provider that crashed cannot close in order; that must not keep the others, or the server, from it.
    await Promise.allSettled([...this.sessions.values()].map((session) => session.end(GRACE, CLOSE_LIMIT)));
    this.sessions.clear();
    this.server.closeIdleConnections();
    // Left are answers on their way, and connections without any request, which node:http does not count as idle.
    const timer = setTimeout(() => this.server.closeAllConnections(), LAST_ANSWERS_LIMIT);
    await stopped;
    clearTimeout(timer);
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private dropUnused(): void {
    for (const [id, session] of this.sessions) {
      if (session.takeUsed()) continue;
      this.sessions.delete(id);
      session.end(0, CLOSE_LIMIT).catch(() => {});
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let fallback: 'VDSC_LOAD' | 'VDSC_PROTOCOL' = 'VDSC_PROTOCOL';
    try {
      if (this.closing !== undefined) throw shuttingDown();
      if (request.headers.origin !== undefined) throw refuse(403, 'a web page may not use this server');
      if (!this.isOurs(request.headers.host))
        throw refuse(403, 'this server does not go by the name in the header Host');
      const url = request.url ?? '';
      if (!url.startsWith(`${this.prefix}/`)) throw refuse(404, 'there is nothing at this address');
      const found = match(request.method ?? '', url.slice(this.prefix.length));
      if ('problem' in found)
        throw found.allow.length === 0
          ? refuse(404, found.problem)
          : refuse(405, found.problem, '', { allow: found.allow.join(', ') });
      if (found.name === 'openSession') fallback = 'VDSC_LOAD';
      await this.answer(found, request, response);
    } catch (error) {
      sendError(response, error, fallback);
    }
  }

  /** A web page can have a name of its own resolve to the loopback address; the browser then sends that name. */
  private isOurs(host: string | undefined): boolean {
    const { host: listening = '127.0.0.1' } = this.options;
    if (!LOOPBACK.has(listening)) return true;
    return host !== undefined && LOOPBACK.has(host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
  }

  private async answer(found: Match, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (found.name) {
      case 'describe':
        sendJson(response, 200, { protocol: PROTOCOL, provider: this.options.adapter.name });
        return;
      case 'openSession':
        await this.openSession(found, request, response);
        return;
      case 'listen':
        this.session(found.session).listen(response);
        return;
      case 'closeSession': {
        const session = this.session(found.session);
        this.sessions.delete(session.id);
        await session.end(0, CLOSE_LIMIT);
        sendJson(response, 200, {});
        return;
      }
      default: {
        const session = this.session(found.session);
        const body = found.route.body === undefined ? {} : await checkedBody(found, request);
        const operation = toOperation(found, body);
        if (operation !== undefined) sendJson(response, 200, await session.perform(operation));
      }
    }
  }

  private async openSession(found: Match, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { seed } = (await checkedBody(found, request)) as { readonly seed: string };
    const session = new ServedSession(await this.options.adapter.open(this.options.openOptions(seed)));
    // Opening may take minutes. A client that left meanwhile never learns the session's id, and nobody would close it.
    if (response.destroyed || this.closing !== undefined) {
      await session.end(0, CLOSE_LIMIT);
      throw shuttingDown();
    }
    this.sessions.set(session.id, session);
    sendJson(response, 201, { session: session.id, capabilities: session.port.capabilities });
  }

  private session(id: string): ServedSession {
    const found = this.sessions.get(id);
    if (found === undefined) throw noSession();
    return found;
  }
}

async function checkedBody({ route }: Match, request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const checked = route.body?.safeParse(await readJson(request));
  if (checked?.success === true) return checked.data;
  throw refuse(
    400,
    'the body is not what is wanted here: ' +
      `${checked === undefined ? '' : z.prettifyError(checked.error).replaceAll('\n', ' ')}`,
  );
}

/** For what node:http could not read as a request at all, or gave up waiting for. */
function answerNoHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  const body = JSON.stringify({
    error: errorToWire(new ProviderProtocolError(`this is not an HTTP request: ${error.message}`), 'VDSC_PROTOCOL'),
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: ` +
      `close\r\n\r\n${body}`,
  );
  // The socket is half open now, and a client that never closes its side would keep the descriptor for ever.
  const timer = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(timer));
}
