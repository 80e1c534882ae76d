// A session: the one place that every call passes on its way to the port. It records the call, holds it to its limit,
// names it when a provider crashes or hangs, keeps the ledger of references, and collects notifications.
import { CodecError, type Untouched } from '../contract/codec.js';
import { changesSystem } from '../contract/effects.js';
import { succeeded } from '../contract/hresult.js';
import {
  interfaceDef,
  method as methodDef,
  type Handle,
  type InterfaceName,
  type MethodName,
} from '../contract/tables.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import { Deadlines, HINTS, LIMIT_OF } from './deadlines.js';
import { errorToWire, HarnessError, ProviderHung, ProviderProtocolError, thrownAt } from './errors.js';
import {
  releaseAll,
  type Capabilities,
  type Notification,
  type Port,
  type Reply,
  type TransportFaults,
} from './port.js';
import { identifiedOutputs } from './identified-outputs.js';
import { HeldReferences, type References } from './references.js';
import { Labels } from './labels.js';
import { redact } from './redact.js';
import { displayName } from './show-value.js';
import { Trace, type CallRecord, type FaultRecord, type NotificationRecord } from './trace.js';
import { VdsObject } from './objects.js';
import { Patience } from './patience.js';

/** Milliseconds that a call may take. What scans or waits has a limit of its own: on a real array it takes minutes. */
export interface Limits {
  readonly call: number;
  /** OnLoad and OnUnload. */
  readonly load: number;
  /** IVdsHwProvider and IVdsSubSystem Reenumerate, and Refresh. */
  readonly scan: number;
  /** IVdsAsync::Wait. */
  readonly wait: number;
  /** How long a notification may take to arrive after the call that must cause it. */
  readonly notification: number;
  /** How long after a recovery is looked again whether what it restored is still true. */
  readonly relapse: number;
}

export const DEFAULT_LIMITS: Limits = {
  call: 30_000,
  load: 120_000,
  scan: 600_000,
  wait: 600_000,
  notification: 5_000,
  relapse: 100,
};

interface RawResult extends Reply {
  readonly record: CallRecord;
}

interface InvokeOptions {
  readonly nullOuts?: readonly string[] | undefined;
  /** Milliseconds instead of the method's own limit. */
  readonly limit?: number | undefined;
}

/** A call that may change the system under test, about to be made. */
export interface Change {
  readonly method: MethodName;
  readonly object: Handle;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Looks at each change before it is made; what it throws refuses the call, which then does not reach the port. */
export type ChangeGuard = (change: Change) => void;

/** Looks on while a session calls. */
export interface CallWatcher {
  readonly beforeChange: ChangeGuard;
  /** A call was answered, whether it changes anything or not. */
  answered?(call: Change, reply: Reply): void;
  /** QueryInterface on a pointer answered another one to the same object. */
  sameObject?(known: Handle, other: Handle): void;
  /** The COM identity of the object behind a pointer was asked for. */
  identified?(object: Handle, identity: number): void;
  /** The last reference by a pointer was given back. */
  released?(object: Handle): void;
}

/** Whether a notification that came to a sink is the one that is waited for. */
type Matches = (n: VDS_NOTIFICATION, sink: Handle) => boolean;

interface Waiter {
  readonly matches: Matches;
  /** The notification that was found, or undefined. */
  readonly resolve: (found: VDS_NOTIFICATION | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** The longest that a timer takes; a longer one ends at once. */
export const LONGEST_LIMIT = 0x7fffffff;
/** As many as are sure to end within the limit of a call. */
const RELEASED_AT_ONCE = 64;
/** A provider that calls OnNotify without end must not fill the memory. */
const MOST_RECEIVED = 100_000;

export class Session {
  readonly trace = new Trace();
  readonly labels = new Labels();
  readonly capabilities: Capabilities;
  readonly transportFaults: TransportFaults | undefined;
  /** Every OnNotify call so far, oldest first. */
  readonly received: NotificationRecord[] = [];
  private readonly references = new HeldReferences();
  private readonly opened = performance.now();
  private seq = 0;
  private readonly waiters = new Set<Waiter>();
  /** The calls that have not been answered, and their limits. */
  private readonly deadlines = new Deadlines();
  private ended: HarnessError | undefined;
  /** Settles when what is left of the provider is gone. */
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly port: Port,
    readonly limits: Limits = DEFAULT_LIMITS,
    private readonly watcher?: CallWatcher,
    private readonly patience = new Patience(),
  ) {
    this.capabilities = port.capabilities;
    this.transportFaults = port.transportFaults;
    port.onNotification((n) => this.take(n));
    // Told at once, so that the check under way is charged and not the one that calls next. A call under way names
    // itself.
    port.onDeath?.((error) => setImmediate(() => this.break(error)));
  }

  /** Why the session can carry no more calls: the provider crashed, hung or went away, or the session is closed. */
  get broken(): HarnessError | undefined {
    return this.ended;
  }

  /** CoCreateInstance: a new provider object, as IUnknown, not yet loaded. */
  async createInstance(): Promise<VdsObject> {
    return this.own(await this.guarded('CoCreateInstance', 'load', () => this.port.createInstance()), 'IUnknown');
  }

  /** An advise sink to pass to OnLoad. */
  async createSink(): Promise<VdsObject> {
    return this.own(
      await this.guarded('creating the advise sink', 'call', () => this.port.createSink()),
      'IVdsAdviseSink',
    );
  }

  setSinkAnswer(hr: number): Promise<void> {
    return this.guarded("setting the advise sink's answer", 'call', () => this.port.setSinkAnswer(hr));
  }

  async queryInterface(object: Handle, name: InterfaceName): Promise<{ hr: number; object: VdsObject | null }> {
    const reply = await this.guarded(`QueryInterface(${name})`, 'call', () =>
      this.port.queryInterface(object, interfaceDef(name).iid, name),
    );
    if (succeeded(reply.hr) !== (reply.object !== null)) {
      throw new ProviderProtocolError(
        `QueryInterface answered ${reply.object === null ? 'success without a pointer' : 'a pointer with a failure'}`,
        { call: `QueryInterface(${name})` },
      );
    }
    if (reply.object === null) return { hr: reply.hr, object: null };
    this.labels.pointSame(reply.object, object, name);
    this.watcher?.sameObject?.(object, reply.object);
    return { hr: reply.hr, object: this.own(reply.object, name) };
  }

  async addRef(object: Handle): Promise<number> {
    const count = await this.guarded('AddRef', 'call', () => this.port.addRef(object));
    this.references.add(object);
    return count;
  }

  async release(object: Handle): Promise<number> {
    this.forget(object);
    return this.guarded('Release', 'call', () => this.port.release(object));
  }

  async identity(object: Handle): Promise<number> {
    const identity = await this.guarded('QueryInterface(IUnknown)', 'call', () => this.port.identity(object));
    this.watcher?.identified?.(object, identity);
    return identity;
  }

  /** One call through the port. Rejects with a HarnessError that names the call; a failing HRESULT is an answer. */
  async invoke(
    object: Handle,
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    options: InvokeOptions = {},
  ): Promise<RawResult> {
    const called = methodDef(name);
    const nullOuts = options.nullOuts ?? [];
    if (this.watcher !== undefined && changesSystem(name)) this.watcher.beforeChange({ method: name, object, args });
    const start = performance.now();
    const record: CallRecord = {
      type: 'call',
      seq: ++this.seq,
      at: start - this.opened,
      ms: 0,
      method: name,
      object,
      args: redact(name, args),
      nullOuts,
      hr: undefined,
      out: {},
      error: undefined,
    };
    this.trace.add(record);
    try {
      const reply = await this.guarded(displayName(name), options.limit ?? LIMIT_OF[name] ?? 'call', () =>
        this.port.invoke({ object, method: name, args, nullOuts }),
      );
      record.hr = reply.hr;
      record.out = redact(name, reply.out);
      for (const { param, kind, isOwn } of identifiedOutputs(called)) {
        const id = reply.out[param] as { id?: unknown } | null | Untouched | undefined;
        if (typeof id === 'object' && id !== null && typeof id.id === 'string' && succeeded(reply.hr)) {
          if (isOwn) this.labels.identify(object, id.id);
          this.labels.learn(kind, id.id);
        }
      }
      if (name === 'IVdsProviderPrivate.GetObject' && typeof reply.out['objectUnk'] === 'number') {
        this.labels.point(reply.out['objectUnk'] as Handle, 'IUnknown');
        this.labels.identify(reply.out['objectUnk'] as Handle, String(args['objectId']));
      }
      this.watcher?.answered?.({ method: name, object, args }, reply);
      return { hr: reply.hr, out: reply.out, record };
    } catch (error) {
      record.error = error instanceof HarnessError ? error.code : 'failed';
      throw error;
    } finally {
      record.ms = performance.now() - start;
    }
  }

  /** Takes a returned interface pointer into the ledger. */
  own(handle: Handle, name: InterfaceName): VdsObject {
    this.references.add(handle);
    this.labels.point(handle, name);
    return VdsObject.of(this, handle, name);
  }

  /** The handles that are to be released. Clean-up after a check releases those taken since `known` was copied. */
  owned(): References {
    return this.references.all;
  }

  /** Takes note of the references that are taken from now on, for `releaseNoted`. */
  note(): References {
    return this.references.note();
  }

  /** Releases what was taken since `note`, as `releaseSince` does. */
  async releaseNoted(note: References): Promise<number> {
    return this.giveBack(this.references.close(note));
  }

  /** Takes one reference out of the ledger. */
  private forget(object: Handle): void {
    const left = this.references.remove(object);
    if (left === undefined)
      throw new ProviderProtocolError(`object ${object} was released more often than it was given out`);
    if (left > 0) return;
    this.labels.forget(object);
    this.watcher?.released?.(object);
  }

  /**
   * Releases what was taken since `before` (a copy of `owned()`), the newest first. Gives the number of references
   * released. When a release fails the others are still made, as long as the session carries calls; rejects with the
   * first error.
   */
  async releaseSince(before: ReadonlyMap<Handle, number>): Promise<number> {
    return this.giveBack(this.references.since(before));
  }

  /** Releases these references, the last first. */
  private async giveBack(surplus: Handle[]): Promise<number> {
    let released = 0;
    const errors: unknown[] = [];
    surplus.reverse();
    for (let from = 0; from < surplus.length && this.ended === undefined; from += RELEASED_AT_ONCE) {
      const batch = surplus.slice(from, from + RELEASED_AT_ONCE);
      for (const handle of batch) this.forget(handle);
      await this.guarded('Release', 'call', () => releaseAll(this.port, batch)).then(
        () => {
          released += batch.length;
        },
        (error: unknown) => {
          errors.push(error);
        },
      );
    }
    if (errors.length > 0) throw errors[0];
    if (this.ended !== undefined) throw this.ended;
    return released;
  }

  /**
   * The first notification since `mark` (an earlier `received.length`) that matches, waiting for it up to the limit;
   * undefined when none came. Rejects when the provider died meanwhile, so that a crash is not taken for silence.
   */
  notification(
    matches: Matches,
    mark: number,
    limit = this.limits.notification,
  ): Promise<VDS_NOTIFICATION | undefined> {
    const found = this.waitFor(matches, mark, limit);
    // A check that fails before it looks at this leaves it behind, and a rejection that nobody handles would end the
    // run.
    found.catch(() => {});
    return found;
  }

  private async waitFor(matches: Matches, mark: number, limit: number): Promise<VDS_NOTIFICATION | undefined> {
    const sofar = (): VDS_NOTIFICATION | undefined => {
      for (const call of this.received.slice(mark)) {
        const found = call.notifications.find((each) => matches(each, call.sink));
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const early = sofar();
    if (early !== undefined) return early;
    if (this.ended !== undefined) throw this.ended;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      const found = await new Promise<VDS_NOTIFICATION | undefined>((resolve, reject) => {
        waiter = { matches, resolve, reject };
        this.waiters.add(waiter);
        timer = setTimeout(() => resolve(undefined), Math.min(limit, LONGEST_LIMIT));
      });
      if (found !== undefined) return found;
      // The last one may be on its way; and a provider that is gone says so here.
      await this.drain();
      return sofar();
    } finally {
      clearTimeout(timer);
      if (waiter !== undefined) this.waiters.delete(waiter);
    }
  }

  /** Every notification since `mark`, after those under way have arrived. */
  async notificationsSince(mark: number): Promise<readonly VDS_NOTIFICATION[]> {
    await this.drain();
    return this.received.slice(mark).flatMap((n) => n.notifications);
  }

  /** Milliseconds since the session opened. */
  get now(): number {
    return performance.now() - this.opened;
  }

  /** Puts a fault that struck into the trace. */
  struck(fault: Pick<FaultRecord, 'kind' | 'object' | 'route' | 'proof'>): void {
    this.trace.add({ type: 'fault', at: this.now, ...fault });
  }

  /**
   * Ends the session in order; calls under way reject. After a session that broke, waits until what is left of it is
   * gone.
   */
  async close(): Promise<void> {
    if (this.ended === undefined) this.ending = this.endBy(() => this.port.close());
    await this.ending;
  }

  /**
   * Closes the session, and gives another of the provider's process where the port can begin one; undefined where it
   * cannot.
   */
  async renew(): Promise<Port | undefined> {
    let next: Port | undefined;
    if (this.ended === undefined && this.port.renew !== undefined)
      this.ending = this.endBy(async () => (next = await this.port.renew?.()));
    await this.close();
    return next;
  }

  private async endBy(close: () => Promise<unknown>): Promise<void> {
    this.end(new ProviderProtocolError('the session is closed', { endsSession: true }));
    try {
      await this.limited('closing the session', 'load', close);
    } catch (error) {
      await this.terminate(String(error));
      throw error;
    }
  }

  private drain(): Promise<void> {
    return this.guarded('collecting notifications', 'call', () => this.port.drainNotifications());
  }

  private take(n: Notification): void {
    if (this.received.length === MOST_RECEIVED) {
      this.break(
        new ProviderProtocolError(`the provider called OnNotify ${MOST_RECEIVED} times without an end`, {
          endsSession: true,
        }),
      );
      return;
    }
    const record: NotificationRecord = { type: 'notification', at: this.now, ...n };
    this.received.push(record);
    this.trace.add(record);
    for (const waiter of this.waiters) {
      try {
        const found = n.notifications.find((each) => waiter.matches(each, n.sink));
        if (found !== undefined) waiter.resolve(found);
      } catch (error) {
        // Thrown here it would end whatever called OnNotify.
        waiter.reject(error);
      }
    }
  }

  private guarded<T>(what: string, limit: keyof Limits | number, run: () => Promise<T>): Promise<T> {
    return this.ended === undefined ? this.limited(what, limit, run) : Promise.reject(this.ended);
  }

  /**
   * Makes a call, held to its limit and named in what goes wrong. It rejects as well when the session ends for another
   * reason.
   */
  private limited<T>(what: string, limit: keyof Limits | number, run: () => Promise<T>): Promise<T> {
    // A limit that the caller chose is part of what it checks, and no option raises it.
    const { limit: allowed, reason } =
      typeof limit === 'number' ? { limit, reason: undefined } : this.patience.limitFor(what, this.limits[limit]);
    const advice = reason ?? (typeof limit === 'number' ? '' : HINTS[limit]);
    const hint = (): string => `${this.patience.othersOf(what)} ${advice}`.trim();
    const started = performance.now();
    return new Promise<T>((resolve, reject) => {
      const stop = (error: unknown): void => {
        this.deadlines.end(deadline);
        if (error instanceof ProviderHung && error.call === undefined) this.patience.hung(what);
        reject(this.named(error, what));
      };
      const deadline = this.deadlines.start(Math.min(allowed, LONGEST_LIMIT), hint, stop, started);
      // A port may also throw at once.
      try {
        run().then((value) => {
          this.deadlines.end(deadline);
          this.patience.answered(what, performance.now() - started);
          resolve(value);
        }, stop);
      } catch (error) {
        stop(error);
      }
    });
  }

  /** Adds the call to an error that was raised without knowing it, and ends the session where the error does. */
  private named(error: unknown, what: string): unknown {
    // The harness's own mistake, an argument that its method does not take; it says which.
    if (error instanceof CodecError) return error;
    let named: HarnessError;
    if (error instanceof HarnessError) named = error.during(what);
    else
      named = new ProviderProtocolError(errorToWire(error, 'VDSC_PROTOCOL').message, {
        hint: thrownAt(error),
        call: what,
        cause: error,
      });
    if (named.endsSession) this.break(named);
    return named;
  }

  /** Ends the session, and what is left of the provider: nobody will use it again. */
  private break(error: HarnessError): void {
    if (this.ended !== undefined) return;
    this.end(error);
    this.ending = this.terminate(error.message);
  }

  private async terminate(reason: string): Promise<void> {
    try {
      await this.port.terminate(reason);
    } catch {
      // The error that ended the session is the one to report.
    }
  }

  private end(error: HarnessError): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.deadlines.stopAll(error);
    for (const waiter of this.waiters) waiter.reject(error);
  }
}
