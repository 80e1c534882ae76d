// One client's session on the server: the port it opened, and its stream of notifications. It knows nothing of paths
// and bodies.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Json } from '../../src/contract/codec.js';
import { ProviderProtocolError, type HarnessError, messageOf } from '../../src/port/errors.js';
import { encodeNotification, perform, type Operation } from '../../src/port/operations.js';
import type { Notification, Port } from '../../src/port/port.js';
import { refuse } from './messages.js';

/**
 * Events kept for a listener that has not come yet. When there are more the oldest go, and the gap in the ids shows it.
 */
const EVENTS_KEPT = 65_536;
/** Bytes that a listener may leave unread before it is cut off. */
const UNREAD_LIMIT = 64 * 1024 * 1024;

export class ServedSession {
  readonly id = randomUUID();
  private sent = 0;
  private waiting: string[] = [];
  private stream: ServerResponse | undefined;
  private broken: HarnessError | undefined;
  private active = 0;
  private used = true;
  private onIdle: () => void = () => {};
  private ending: Promise<void> | undefined;
  private ended = false;

  constructor(readonly port: Port) {
    port.onNotification((notification) => this.notify(notification));
  }

  async perform(operation: Operation): Promise<Json> {
    if (this.broken !== undefined) throw this.broken;
    this.active += 1;
    this.used = true;
    try {
      const reply = await perform(this.port, operation);
      return operation.op === 'drainNotifications' ? { sent: this.sent } : reply;
    } finally {
      this.active -= 1;
      if (this.active === 0) this.onIdle();
    }
  }

  /**
   * Sends every event so far that no listener has had, and from now on each as it happens, until the session or the
   * listener ends.
   */
  listen(response: ServerResponse): void {
    if (this.stream !== undefined) throw refuse(409, 'the session already has a listener');
    this.stream = response;
    response.once('close', () => {
      this.stream = undefined;
    });
    response.on('error', () => {});
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    for (const event of this.waiting) response.write(event);
    this.waiting = [];
  }

  /** A comment that keeps proxies from taking a quiet stream for a dead one. */
  keepAlive(): void {
    this.stream?.write(':\n\n');
  }

  /** Whether anyone used the session, or could, since this was last asked. */
  takeUsed(): boolean {
    const used = this.used || this.active > 0 || this.stream !== undefined;
    this.used = false;
    return used;
  }

  /**
   * Closes the port within `limit` milliseconds, and otherwise ends it by force, as it does when calls are still under
   * way after `grace`. Rejects with what the port's close rejects with.
   */
  end(grace: number, limit: number): Promise<void> {
    this.ending ??= this.endNow(grace, limit).finally(() => {
      this.stream?.end();
      this.stream = undefined;
      this.ended = true;
    });
    return this.ending;
  }

  private async endNow(grace: number, limit: number): Promise<void> {
    if (
      this.active > 0 &&
      !(await within(
        grace,
        new Promise<void>((resolve) => {
          this.onIdle = resolve;
        }),
      ))
    ) {
      await this.port.terminate('the session was closed while a call was under way');
    } else if (!(await within(limit, this.port.close()))) {
      await this.port.terminate(`the session did not close within ${limit} ms`);
    }
  }

  private notify(notification: Notification): void {
    if (this.ended) return;
    let event: string;
    try {
      const data = JSON.stringify(encodeNotification(notification));
      event = `id: ${this.sent + 1}\nevent: notification\ndata: ${data}\n\n`;
    } catch (error) {
      // Thrown here it would end whatever code of the provider called OnNotify, or the server; the next call says it
      // instead.
      this.broken ??= new ProviderProtocolError(
        `OnNotify was given what the contract does not allow: ${messageOf(error)}`,
      );
      return;
    }
    this.sent += 1;
    if (this.stream === undefined) {
      this.waiting.push(event);
      if (this.waiting.length > EVENTS_KEPT) this.waiting.shift();
    } else if (!this.stream.write(event) && this.stream.writableLength > UNREAD_LIMIT) this.stream.destroy();
  }
}

/** Whether `done` is done within `ms`; rejects when it rejects in that time. */
async function within(ms: number, done: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([done.then(() => true), expired]);
  } finally {
    clearTimeout(timer);
  }
}
