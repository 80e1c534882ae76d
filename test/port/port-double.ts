// A port that does what a test says, and the in-memory channel between the two halves of a remote one.
import { perform, RemotePort, type Operation } from '../../src/port/operations.js';
import type { Call, Capabilities, Notification, Port, Reply } from '../../src/port/port.js';
import type { Guid } from '../../src/contract/guid.js';
import type { Handle, InterfaceName } from '../../src/contract/tables.js';

const EVERYTHING: Capabilities = {
  nullOuts: true,
  parallelCalls: true,
  releaseCounts: true,
  isolated: true,
  disposable: true,
  guardedMemory: true,
  persistent: true,
  transportFaults: false,
  outOfProcess: false,
};
export const handle = (n: number): Handle => n as Handle;

/** Answers everything with something; a test replaces what it is about. */
export class PortDouble implements Port {
  readonly capabilities = EVERYTHING;
  readonly calls: Call[] = [];
  readonly terminated: string[] = [];
  closed = 0;
  listener: (notification: Notification) => void = () => {};
  answer: (call: Call) => Promise<Reply> = async () => ({ hr: 0, out: {} });
  private next = 1;

  async createInstance(): Promise<Handle> {
    return handle(this.next++);
  }
  async createSink(): Promise<Handle> {
    return handle(this.next++);
  }
  async queryInterface(
    _object: Handle,
    _iid: Guid,
    _name: InterfaceName,
  ): Promise<{ hr: number; object: Handle | null }> {
    return { hr: 0, object: handle(this.next++) };
  }
  async addRef(_object: Handle): Promise<number> {
    return 2;
  }
  async release(_object: Handle): Promise<number> {
    return 1;
  }
  async identity(object: Handle): Promise<number> {
    return object;
  }
  async setSinkAnswer(_hr: number): Promise<void> {}
  async drainNotifications(): Promise<void> {}
  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
  }
  async close(): Promise<void> {
    this.closed += 1;
  }
  async terminate(reason: string): Promise<void> {
    this.terminated.push(reason);
  }

  invoke(call: Call): Promise<Reply> {
    this.calls.push(call);
    return this.answer(call);
  }
}

export const overTheWire = (json: unknown): unknown =>
  json === undefined ? undefined : JSON.parse(JSON.stringify(json));

/** The port as it is seen from the other end of a wire that carries JSON. */
export const remote = (port: Port): RemotePort =>
  new RemotePort({
    capabilities: port.capabilities,
    request: async (operation) => overTheWire(await perform(port, overTheWire(operation) as Operation)),
    onNotification: (listener) => port.onNotification(listener),
    close: () => port.close(),
    terminate: (reason) => port.terminate(reason),
  });

/** A port whose other end answers every operation with `reply`. */
export const answering = (reply: unknown): RemotePort =>
  new RemotePort({
    capabilities: EVERYTHING,
    request: async () => overTheWire(reply),
    onNotification: () => {},
    close: async () => {},
    terminate: async () => {},
  });

export const lunEvent = (event: number): Notification['notifications'][number] => ({
  objectType: 33,
  lun: { event, lunId: '11111111-2222-3333-4444-555555555555' },
});
