// The parent's side of a provider host: starts the child, carries operations to it, ends it, and says how it ended.
import { fork, type ChildProcess } from 'node:child_process';
import { errorFromWire, ProviderCrashed, ProviderHung, ProviderNotLoaded, ProviderProtocolError, type HarnessError } from '../errors.js';
import { decodeNotification, RemotePort, type Channel, type Operation } from '../operations.js';
import type { Capabilities, Notification, OpenOptions, Port, ProviderAdapter } from '../port.js';
import type { FromHost, ToHost } from './messages.js';

const HOST = new URL('./host-process.js', import.meta.url);
/** Loading a library and finding its devices may take a while; an endless loop while loading must still end. */
const OPEN_LIMIT = 120_000;
/** How long a closed provider's process may take to end. */
const EXIT_LIMIT = 5_000;
const OUTPUT_KEPT = 8_192;

export interface IsolationOptions {
  /** Environment for the child, on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds for loading the provider. */
  readonly openLimit?: number;
}

interface Pending {
  readonly resolve: (value: FromHost) => void;
  readonly reject: (error: HarnessError) => void;
}

/** Windows ends a process that crashed with an NTSTATUS of severity error as its exit code. */
const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal !== null) return `the provider's process died of ${signal}`;
  if (code !== null && code >= 0xc0000000) return `the provider's process died of exception 0x${code.toString(16).toUpperCase()}`;
  return `the provider's process ended by itself with exit code ${code}`;
};

class HostChannel implements Channel {
  capabilities: Capabilities = { nullOuts: false, parallelCalls: false, releaseCounts: false, isolated: true, disposable: false, guardedMemory: false };
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private listener: (notification: Notification) => void = () => {};
  private ended: HarnessError | undefined;
  private output = '';
  private readonly exited: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => this.receive(message as FromHost));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => { this.output = (this.output + text).slice(-OUTPUT_KEPT); });
    }
    this.exited = new Promise((resolve) => {
      // 'close' comes with the last of its output, which a crash needs; but after a disconnect from this side Node never sends it.
      child.once('exit', () => { if (this.ended !== undefined) resolve(); });
      child.once('close', (code, signal) => {
        this.end(new ProviderCrashed(describeEnd(code, signal), { hint: this.lastWords() }));
        resolve();
      });
    });
    child.once('error', (error) => this.end(new ProviderNotLoaded(`the provider host could not be started: ${error.message}`)));
  }

  async open(module: string, options: OpenOptions, limit: number): Promise<void> {
    const timer = setTimeout(() => {
      this.end(new ProviderHung(`the provider did not load within ${limit} ms`, { call: 'loading the provider' }));
      this.child.kill('SIGKILL');
    }, limit);
    try {
      const reply = await this.send((id) => ({ id, open: { module, ...options } }));
      if (!('opened' in reply)) throw new ProviderProtocolError('the provider host answered something else than its capabilities');
      this.capabilities = { ...reply.opened, isolated: true };
    } finally {
      clearTimeout(timer);
    }
  }

  async request(operation: Operation): Promise<unknown> {
    const reply = await this.send((id) => ({ id, operation }));
    if (!('reply' in reply)) throw new ProviderProtocolError('the provider host gave no reply');
    return reply.reply;
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
  }

  async close(): Promise<void> {
    if (this.ended === undefined) await this.send((id) => ({ id, close: true }));
    this.end(new ProviderProtocolError('the session is closed'));
    if (this.child.connected) this.child.disconnect();
    // The session is over; what still keeps the child is a native call that was abandoned.
    const timer = setTimeout(() => this.child.kill('SIGKILL'), EXIT_LIMIT);
    await this.exited;
    clearTimeout(timer);
  }

  async terminate(reason: string): Promise<void> {
    this.end(new ProviderHung(`the provider was ended: ${reason}`));
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private send(make: (id: number) => ToHost): Promise<FromHost> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(this.ended);
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { resolve, reject });
      this.child.send(make(id), (error) => {
        // The channel breaks a moment before the exit is known; the exit says why and rejects whatever is pending.
        if (error !== null && this.child.exitCode !== null) this.end(new ProviderCrashed(describeEnd(this.child.exitCode, this.child.signalCode), { hint: this.lastWords() }));
      });
    });
  }

  private receive(message: FromHost): void {
    if ('notification' in message) {
      this.listener(decodeNotification(message.notification));
      return;
    }
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) waiting?.reject(errorFromWire(message.error));
    else waiting?.resolve(message);
  }

  private end(error: HarnessError): void {
    this.ended ??= error;
    for (const waiting of this.pending.values()) waiting.reject(this.ended);
    this.pending.clear();
  }

  private lastWords(): string {
    const text = this.output.trim();
    return text === '' ? '' : `Its last output: ${text.slice(-500)}`;
  }
}

/** Opens the adapter that `module` (a file URL or path) exports, in a process of its own. */
export async function openIsolated(module: string, options: OpenOptions, isolation: IsolationOptions = {}): Promise<Port> {
  const child = fork(HOST, [], {
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Blocking calls each take a thread: IVdsAsync::Wait on several operations must not keep Cancel from getting one.
    env: { UV_THREADPOOL_SIZE: '32', ...process.env, ...isolation.env },
    execArgv: [],
  });
  const channel = new HostChannel(child);
  try {
    await channel.open(module, options, isolation.openLimit ?? OPEN_LIMIT);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return new RemotePort(channel);
}

/** The same as an adapter, for code that takes one. */
export function isolated(name: string, module: string, isolation?: IsolationOptions): ProviderAdapter {
  return { name, open: (options) => openIsolated(module, options, isolation) };
}
