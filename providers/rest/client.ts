// The harness's end of the REST transport: a channel that carries operations as HTTP requests and listens to one stream
// of events. What can go wrong with a single request is in exchange.ts.
import { capabilitiesSchema, NO_CAPABILITIES } from '../../src/port/capabilities.js';
import type { EventSourceMessage } from 'eventsource-parser';
import { buildConnector, Client, Pool } from 'undici';
import { z } from 'zod';
import { HarnessError, ProviderHung, ProviderProtocolError } from '../../src/port/errors.js';
import { decodeNotification, type Channel, type Operation } from '../../src/port/operations.js';
import type { Capabilities, Notification, SpoiltAnswer, TransportFault } from '../../src/port/port.js';
import { eventReader } from './event-stream.js';
import { exchange, REPLY_LIMIT, STREAMING } from './exchange.js';
import { pathOf, PROTOCOL, ROUTES, toRequest, type SessionResource } from './routes.js';
import { SpoilingProxy } from './spoiling-proxy.js';

// The session's limits decide how long a call may take (IVdsHwProvider::Reenumerate scans for minutes); undici's own
// default ends it after five.
const CONNECT_LIMIT = 30_000;
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_LIMIT } } as const;
/** For dropping a session whose server may hang; nobody waits for it. */
const LAST_REQUEST_LIMIT = 2_000;

const Description = z.object({ protocol: z.number(), provider: z.string() });
// A capability that a gateway leaves out is missing: checks that need it are then not applicable, rather than failing.
const Opened = z.object({
  session: z.string().min(1).max(200),
  capabilities: capabilitiesSchema,
});
const Drained = z.object({ sent: z.int().min(0) });

function checked<T>(schema: z.ZodType<T>, answer: unknown, name: keyof typeof ROUTES): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new ProviderProtocolError(
    `${describe(name)} answered ${JSON.stringify(answer)?.slice(0, 200)}: ` +
      `${z.prettifyError(result.error).replaceAll('\n', ' ')}`,
  );
}

const describe = (name: keyof typeof ROUTES): string => `${ROUTES[name].verb} ${ROUTES[name].path}`;

interface Drain {
  readonly sent: number;
  readonly resolve: () => void;
  readonly reject: (error: HarnessError) => void;
}

export class RestChannel implements Channel {
  capabilities: Capabilities = NO_CAPABILITIES;
  /** Nothing is between the client and an encrypted connection's server that could tell where an answer ends. */
  get transportFaults(): { spoil(kind: TransportFault): Promise<SpoiltAnswer> } | undefined {
    return this.capabilities.transportFaults ? { spoil: (kind) => this.spoil(kind) } : undefined;
  }

  private readonly calls: Pool;
  /** Stands for `calls` while answers are spoilt. */
  private detour: { readonly calls: Pool; readonly proxy: SpoilingProxy } | undefined;
  private readonly events: Client;
  /** The session's id, and its path; empty while there is none at the server. */
  private id = '';
  private session = '';
  private ended: HarnessError | undefined;
  private listener: ((notification: Notification) => void) | undefined;
  private readonly early: Notification[] = [];
  private received = 0;
  private drains: Drain[] = [];

  /** `origin` as undici wants it; `base` is the path below which /v1 lies, empty or without a slash at its end. */
  private constructor(
    private readonly origin: string,
    private readonly base: string,
  ) {
    // A connection for each call under way: on one connection Cancel would wait behind the IVdsAsync::Wait that it is
    // to end.
    this.calls = new Pool(origin, { ...NO_TIMEOUTS, pipelining: 1 });
    this.events = new Client(origin, NO_TIMEOUTS);
  }

  /**
   * Opens a session, and its events. Rejects with ProviderUnreachable, ProviderProtocolError, ProviderHung after
   * `limit` milliseconds, or what the server says about its provider.
   */
  static async open(url: URL, seed: string, limit: number): Promise<RestChannel> {
    const channel = new RestChannel(url.origin, url.pathname.replace(/\/+$/, ''));
    const timer = setTimeout(() => {
      void channel.abandon(
        new ProviderHung(`the server did not open a session within ${limit} ms`, { call: 'loading the provider' }),
      );
    }, limit);
    try {
      await channel.start(seed);
      return channel;
    } catch (error) {
      await channel.abandon(error instanceof HarnessError ? error : new ProviderProtocolError(String(error)));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async start(seed: string): Promise<void> {
    const { protocol } = checked(Description, await this.ask('describe'), 'describe');
    if (protocol !== PROTOCOL)
      throw new ProviderProtocolError(`the server speaks protocol ${protocol}, this harness ${PROTOCOL}`, {
        hint: 'Use a harness and a gateway of versions that fit.',
      });
    const opened = checked(Opened, await this.ask('openSession', JSON.stringify({ seed })), 'openSession');
    this.id = opened.session;
    this.session = pathOf('closeSession', this.base, this.id);
    this.capabilities = { ...opened.capabilities, transportFaults: this.origin.startsWith('http:') };
    const read = eventReader((event) => this.receive(event), REPLY_LIMIT);
    const lost = (error: HarnessError): void => {
      if (this.ended === undefined) void this.abandon(error);
    };
    const answer = await exchange(this.events, ROUTES.listen.verb, pathOf('listen', this.base, this.id), undefined, {
      chunk: read,
      lost,
    });
    if (answer !== STREAMING) throw new ProviderProtocolError(`${describe('listen')} answered no event stream`);
  }

  async request(operation: Operation): Promise<unknown> {
    if (this.ended !== undefined) throw this.ended;
    const { verb, path, body } = toRequest(this.session, operation);
    const answer = await exchange(this.detour?.calls ?? this.calls, verb, path, body);
    if (operation.op === 'drainNotifications') await this.drained(checked(Drained, answer, 'drainNotifications').sent);
    return answer;
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
    for (const notification of this.early.splice(0)) listener(notification);
  }

  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    // Set before the server ends the event stream, which is then no loss.
    const closed = (this.ended = new ProviderProtocolError('the session is closed'));
    try {
      await this.ask('closeSession');
    } finally {
      await this.disconnect(closed);
    }
  }

  terminate(reason: string): Promise<void> {
    return this.abandon(new ProviderHung(`the provider was ended: ${reason}`));
  }

  /** Sends what comes next by way of a proxy, which spoils the first answer. */
  private async spoil(kind: TransportFault): Promise<SpoiltAnswer> {
    await this.straightOn();
    const proxy = await SpoilingProxy.start(this.origin);
    const connector = buildConnector({ timeout: CONNECT_LIMIT });
    const calls = new Pool(this.origin, {
      ...NO_TIMEOUTS,
      pipelining: 1,
      connect: (options, done) => connector({ ...options, hostname: '127.0.0.1', port: String(proxy.port) }, done),
    });
    const detour = (this.detour = { calls, proxy });
    proxy.spoil(kind);
    return {
      struck: () => proxy.struck,
      stop: async () => {
        if (this.detour === detour) await this.straightOn();
      },
    };
  }

  private async straightOn(): Promise<void> {
    const { detour } = this;
    this.detour = undefined;
    await detour?.calls.destroy();
    await detour?.proxy.stop();
  }

  private ask(resource: SessionResource, body?: string): Promise<unknown> {
    return exchange(this.calls, ROUTES[resource].verb, pathOf(resource, this.base, this.id), body);
  }

  private receive({ event, id = '', data }: EventSourceMessage): void {
    if (event !== 'notification') return;
    // A lost event would show only as a wait without end, or not at all: the ids are there to be checked.
    if (id !== String(this.received + 1))
      throw new ProviderProtocolError(
        `expected the event of notification ${this.received + 1}, but its id is "${id.slice(0, 40)}"`,
      );
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch (error) {
      throw new ProviderProtocolError(`the data of notification ${id} is not JSON: ${data.slice(0, 200)}`, {
        cause: error,
      });
    }
    const notification = decodeNotification(json);
    this.received += 1;
    if (this.listener === undefined) this.early.push(notification);
    else this.listener(notification);
    if (this.drains.length === 0) return;
    for (const drain of this.drains) if (drain.sent <= this.received) drain.resolve();
    this.drains = this.drains.filter((drain) => drain.sent > this.received);
  }

  private async drained(sent: number): Promise<void> {
    if (this.received >= sent) return;
    if (this.ended !== undefined) throw this.ended;
    await new Promise<void>((resolve, reject) => {
      this.drains.push({ sent, resolve, reject });
    });
  }

  /**
   * No more calls: those under way reject with the error. The server is asked to drop the session, without waiting, for
   * the reason may be that it does not answer.
   */
  private abandon(error: HarnessError): Promise<void> {
    // A close() that hangs has set it already, and its request is still to be ended.
    this.ended ??= error;
    if (this.session !== '') {
      this.session = '';
      const last = new Client(this.origin, NO_TIMEOUTS);
      const timer = setTimeout(() => {
        void last.destroy();
      }, LAST_REQUEST_LIMIT);
      void exchange(last, ROUTES.closeSession.verb, pathOf('closeSession', this.base, this.id))
        .catch(() => {})
        .finally(() => {
          clearTimeout(timer);
          void last.destroy();
        });
    }
    return this.disconnect(this.ended);
  }

  private async disconnect(error: HarnessError): Promise<void> {
    for (const drain of this.drains.splice(0)) drain.reject(error);
    await Promise.all([this.calls.destroy(error), this.events.destroy(error), this.detour?.calls.destroy(error)]);
    await this.straightOn();
  }
}
