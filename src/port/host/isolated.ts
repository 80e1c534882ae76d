// The parent's side of a provider host: starts the child, carries operations to it, ends it, and says how it ended.
import { NO_CAPABILITIES } from '../capabilities.js';
import { fork, type ChildProcess } from 'node:child_process';
import {
  errorFromWire,
  errorToWire,
  HarnessError,
  ProviderCrashed,
  ProviderHung,
  ProviderNotLoaded,
  ProviderProtocolError,
} from '../errors.js';
import { decodeNotification, RemotePort, type Channel, type Operation } from '../operations.js';
import {
  OPEN_LIMIT,
  type Capabilities,
  type Notification,
  type OpenOptions,
  type Port,
  type ProviderAdapter,
} from '../port.js';
import { displayName } from '../show-value.js';
import type { Answer, FromHost, ToHost } from './messages.js';

const HOST = new URL('./host-process.js', import.meta.url);
/** How long a closed provider's process may take to end, and an ended one's to be gone. */
const EXIT_LIMIT = 5_000;
/**
 * How long the last answers and output of a process that ended may take to arrive, and a process whose channel broke to
 * end.
 */
const LAST_WORDS_LIMIT = 1_000;
const OUTPUT_KEPT = 8_192;
/** Enough for the message and the stack of an exception that nobody caught. */
const LAST_WORDS = 2_000;

export interface IsolationOptions {
  /** Environment for the child, on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds for loading the provider. */
  readonly openLimit?: number;
}

interface Pending {
  readonly resolve: (value: Answer) => void;
  readonly reject: (error: HarnessError) => void;
}

/** Windows ends a process that crashed with an NTSTATUS of severity error as its exit code. */
const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal !== null) return `the provider's process died of ${signal}`;
  if (code !== null && code >= 0xc0000000)
    return `the provider's process died of exception 0x${code.toString(16).toUpperCase()}`;
  return `the provider's process ended by itself with exit code ${code}`;
};

/** Foreign code may have made the object: only what says true is true. */
const capabilitiesOf = (given: unknown): Capabilities => {
  const entries = Object.keys(NO_CAPABILITIES).map((name) => [
    name,
    (given as Record<string, unknown> | null)?.[name] === true,
  ]);
  // A host carries operations and nothing else.
  return { ...(Object.fromEntries(entries) as unknown as Capabilities), isolated: true, transportFaults: false };
};

/** A call as a trace names it. */
const nameOf = (operation: Operation): string =>
  operation.op === 'invoke' ? displayName(operation.method) : operation.op;

class HostChannel implements Channel {
  capabilities = NO_CAPABILITIES;
  private readonly pending = new Map<number, Pending>();
  /** Opens another session of the same kind: in a new process, or in this one through a channel that takes it over. */
  private reopen: ((channel: HostChannel) => Promise<void>) | undefined;
  private listener: (notification: Notification) => void = () => {};
  private died: (error: HarnessError) => void = () => {};
  private ended: HarnessError | undefined;
  private closing: Promise<void> | undefined;
  private output = '';
  private onOutput: OpenOptions['onOutput'];
  /** The call that was answered last. */
  private lastCall = '';
  private readonly exited: Promise<void>;
  /** Leaves the child's events to another channel. */
  private readonly detach: () => void;

  /** @param nextId the number of its first message: no channel of one child may use another's */
  constructor(
    private readonly child: ChildProcess,
    private readonly env: IsolationOptions['env'],
    private nextId = 1,
  ) {
    const attached: (() => void)[] = [];
    const on = (emitter: NodeJS.EventEmitter | null, event: string, listener: (...args: never[]) => void): void => {
      const given = listener as (...args: unknown[]) => void;
      emitter?.on(event, given);
      attached.push(() => emitter?.off(event, given));
    };
    on(child, 'message', (message: unknown) => this.receive(message));
    for (const stream of [child.stdout, child.stderr]) {
      on(stream?.setEncoding('utf8') ?? null, 'data', (text: string) => {
        this.output = (this.output + text).slice(-OUTPUT_KEPT);
        this.onOutput?.(text);
      });
    }
    let unconnected: NodeJS.Timeout | undefined;
    on(child, 'disconnect', () => {
      if (this.ended !== undefined) return;
      unconnected = setTimeout(
        () =>
          this.fail(new ProviderCrashed('the provider closed the channel to the harness', { hint: this.lastWords() })),
        LAST_WORDS_LIMIT,
      );
    });
    let over = (): void => {};
    this.exited = new Promise((resolve) => {
      over = resolve;
      on(child, 'exit', (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(unconnected);
        // Now, and not when the last words are in: a call that is made meanwhile never reaches it.
        const idle = this.pending.size === 0 && this.lastCall !== '';
        const ended = (): void => {
          clearTimeout(timer);
          this.end(this.death(describeEnd(code, signal), idle));
          this.letGo();
          resolve();
        };
        // Its last answers and output may still be on their way, which 'close' would tell; but another process that it
        // started can hold its pipes open for ever, and after a disconnect from this side Node never sends it.
        const timer = setTimeout(ended, this.ended === undefined ? LAST_WORDS_LIMIT : 0);
        child.once('close', ended);
      });
      on(child, 'error', (error: Error) => {
        this.end(new ProviderNotLoaded(`the provider host could not be started: ${error.message}`));
        if (child.pid === undefined) resolve();
      });
    });
    this.detach = () => {
      clearTimeout(unconnected);
      for (const off of attached) off();
      over();
    };
  }

  /** A death with no call under way is reported as that: the call that finds out was never sent. */
  private death(how: string, idle: boolean): ProviderCrashed {
    return new ProviderCrashed(idle ? `${how} while no call was under way, after ${this.lastCall} had answered` : how, {
      hint: this.lastWords(),
      ...(idle ? { betweenCalls: true } : {}),
    });
  }

  async open(module: string, options: OpenOptions, limit: number): Promise<void> {
    this.reopen = (channel) => channel.open(module, options, limit);
    const { onOutput, ...plain } = options;
    this.onOutput = onOutput;
    const what = 'loading the provider';
    const timer = setTimeout(
      () => this.fail(new ProviderHung(`the provider did not load within ${limit} ms`, { call: what })),
      limit,
    );
    try {
      const reply = await this.send((id) => ({ id, open: { module, ...plain } }));
      this.capabilities = capabilitiesOf((reply as { readonly opened?: unknown }).opened);
    } catch (error) {
      throw error instanceof ProviderCrashed ? error.during(what) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async request(operation: Operation): Promise<unknown> {
    const reply = await this.send((id) => ({ id, operation }));
    this.lastCall = nameOf(operation);
    if (!('reply' in reply)) throw new ProviderProtocolError('the provider host gave no reply');
    return reply.reply;
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
  }

  /**
   * Another session, in the same process unless that is at its end or still busy with a call, whose answer would come
   * to the next session. What the code of a provider keeps beyond a session stays, as it does for a service that loads
   * the provider again.
   */
  async renew(): Promise<HostChannel> {
    const { child, reopen } = this;
    if (reopen === undefined) throw new ProviderProtocolError('the session was never opened');
    const busy = this.pending.size > 0;
    if (busy) await this.close();
    else await this.send((id) => ({ id, close: true }));
    const alive = !busy && child.connected && child.exitCode === null && child.signalCode === null;
    if (!alive) {
      await this.close();
      return started(reopen, this.env);
    }
    this.end(new ProviderProtocolError('the session is closed', { endsSession: true }));
    this.detach();
    return opened(new HostChannel(child, this.env, this.nextId), reopen);
  }

  onDeath(listener: (error: HarnessError) => void): void {
    this.died = listener;
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    try {
      if (this.ended === undefined) await this.send((id) => ({ id, close: true }));
    } finally {
      this.end(new ProviderProtocolError('the session is closed', { endsSession: true }));
      if (this.child.connected) this.child.disconnect();
      // The session is over; what still keeps the child is a native call that was abandoned.
      if (!(await this.exits())) this.child.kill('SIGKILL');
      await this.exits();
    }
  }

  async terminate(reason: string): Promise<void> {
    this.fail(new ProviderHung(`the provider was ended: ${reason}`));
    if (await this.exits()) return;
    // It hangs in the kernel, where no signal reaches it, as with a device that does not answer. It must not keep this
    // process too.
    this.letGo();
    if (this.child.connected) this.child.disconnect();
    this.child.unref();
  }

  private send(make: (id: number) => ToHost): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(this.ended);
        return;
      }
      const id = this.nextId++;
      // When the channel is broken the child's end, which follows, says why and rejects whatever is pending.
      this.child.send(make(id), () => {});
      this.pending.set(id, { resolve, reject });
    });
  }

  /** Foreign code can write to the channel as well: any value can come here, and what answers no call is not for us. */
  private receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    const given = message as FromHost;
    if ('notification' in given) this.notify(given.notification);
    else if ('broken' in given)
      this.fail(new ProviderProtocolError(errorFromWire(given.broken).message, { endsSession: true }));
    else {
      const waiting = this.pending.get(given.id);
      this.pending.delete(given.id);
      if ('error' in given) waiting?.reject(errorFromWire(given.error));
      else waiting?.resolve(given);
    }
  }

  private notify(given: unknown): void {
    let notification: Notification;
    try {
      notification = decodeNotification(given);
    } catch (error) {
      this.fail(
        new ProviderProtocolError(errorToWire(error, 'VDSC_PROTOCOL').message, { endsSession: true, cause: error }),
      );
      return;
    }
    this.listener(notification);
  }

  private end(error: HarnessError): void {
    if (this.ended === undefined && error instanceof ProviderCrashed) this.died(error);
    this.ended ??= error;
    for (const waiting of this.pending.values()) waiting.reject(this.ended);
    this.pending.clear();
  }

  /** Ends the session, and the child by force. */
  private fail(error: HarnessError): void {
    this.end(error);
    this.child.kill('SIGKILL');
  }

  /** Whether the child is gone within the limit. */
  private async exits(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), EXIT_LIMIT);
    });
    const gone = await Promise.race([this.exited.then(() => true), late]);
    clearTimeout(timer);
    return gone;
  }

  /** Closes this end of the child's output, which would keep this process from ending. */
  private letGo(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  private lastWords(): string {
    const text = this.output.trim();
    return text === '' ? '' : `Its last output: ${text.slice(-LAST_WORDS)}`;
  }
}

/** The channel, once its session is open. */
async function opened(channel: HostChannel, open: (channel: HostChannel) => Promise<void>): Promise<HostChannel> {
  try {
    await open(channel);
  } catch (error) {
    await channel.terminate('it did not open');
    throw error;
  }
  return channel;
}

/** A session in a process of its own. */
function started(
  open: (channel: HostChannel) => Promise<void>,
  env: IsolationOptions['env'] = {},
): Promise<HostChannel> {
  const child = fork(HOST, [], {
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Blocking calls each take a thread: IVdsAsync::Wait on several operations must not keep Cancel from getting one.
    env: { UV_THREADPOOL_SIZE: '32', ...process.env, ...env },
    execArgv: [],
  });
  return opened(new HostChannel(child, env), open);
}

/** Opens the adapter that `module` (a file URL or path) exports, in a process of its own. */
export async function openIsolated(
  module: string,
  options: OpenOptions,
  { env, openLimit = OPEN_LIMIT }: IsolationOptions = {},
): Promise<Port> {
  return new RemotePort(await started((channel) => channel.open(module, options, options.openLimit ?? openLimit), env));
}

/** The same as an adapter, for code that takes one. */
export function isolated(name: string, module: string, isolation?: IsolationOptions): ProviderAdapter {
  return { name, open: (options) => openIsolated(module, options, isolation) };
}
