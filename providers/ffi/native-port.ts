// The port over a native provider in this process. A call is marshalled, made on a thread of the pool, and its outputs
// are read when it has returned; how, the plan of the method says.
import { guidToBytes, type Guid } from '../../src/contract/guid.js';
import { failed, formatHresult, succeeded, toHresult, HR } from '../../src/contract/hresult.js';
import { interfaceDef, type Handle, type InterfaceName } from '../../src/contract/tables.js';
import { ProviderHung, ProviderNotLoaded, ProviderProtocolError, type HarnessError } from '../../src/port/errors.js';
import type { Call, Capabilities, Notification, Port, Reply } from '../../src/port/port.js';
import { GUARD, checkGuard } from './guards.js';
import { Handles } from './handles.js';
import type { Koffi } from './koffi.js';
import {
  ArenaPool,
  foreignMemory,
  GUARD_BYTE,
  pointerAt,
  SENTINEL_BYTE,
  UNWRITTEN,
  type Address,
  type Arena,
  type Foreign,
} from './memory.js';
import { planFor } from './plan.js';
import { sinksOf } from './sink.js';
import { ADD_REF, CREATE_INSTANCE, Functions, QUERY_INTERFACE, RELEASE, type Signature } from './vtable.js';

interface Slot {
  readonly slot: number;
  readonly signature: Signature;
}

const CAPABILITIES: Capabilities = {
  nullOuts: true,
  parallelCalls: true,
  releaseCounts: true,
  isolated: false,
  disposable: false,
  guardedMemory: true,
  persistent: true,
  transportFaults: false,
  outOfProcess: false,
};
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export class NativePort implements Port {
  readonly capabilities = CAPABILITIES;
  private readonly memory: Foreign;
  private readonly functions: Functions;
  private readonly arenas: ArenaPool;
  private readonly handles = new Handles();
  private readonly underWay = new Set<(reason: HarnessError) => void>();
  private sinkAnswer: number = HR.S_OK;
  private listener: (notification: Notification) => void = () => {};
  private ended: HarnessError | undefined;

  /** `factory` is the provider's class object; the port takes over the reference. */
  constructor(
    private readonly koffi: Koffi,
    private readonly factory: Address,
  ) {
    this.memory = foreignMemory(koffi);
    this.functions = new Functions(koffi, this.memory);
    this.arenas = new ArenaPool(koffi);
  }

  async createInstance(): Promise<Handle> {
    const made = await this.callForPointer(this.factory, CREATE_INSTANCE, [0], interfaceDef('IUnknown').iid);
    if (failed(made.hr)) {
      throw new ProviderNotLoaded(`IClassFactory::CreateInstance answered ${formatHresult(made.hr)}`, {
        hint: 'The provider refuses to make its object; its own log may say why.',
      });
    }
    if (made.address <= 0)
      throw new ProviderProtocolError('IClassFactory::CreateInstance answered success without a pointer');
    return this.handles.give(made.address, 'IUnknown').handle;
  }

  async queryInterface(
    object: Handle,
    iid: Guid,
    interfaceName: InterfaceName,
  ): Promise<{ hr: number; object: Handle | null }> {
    const { hr, address } = await this.callForPointer(this.handles.usable(object).address, QUERY_INTERFACE, [], iid);
    return { hr, object: address <= 0 ? null : this.handles.give(address, interfaceName, succeeded(hr)).handle };
  }

  async addRef(object: Handle): Promise<number> {
    const pointer = this.handles.usable(object);
    pointer.references += 1;
    return (await this.call(pointer.address, ADD_REF, [])) >>> 0;
  }

  async release(object: Handle): Promise<number> {
    const pointer = this.handles.alive(object);
    const dead = this.handles.drop(pointer);
    if (!pointer.usable) return 0;
    const count = (await this.call(pointer.address, RELEASE, [])) >>> 0;
    if (dead) this.handles.forget(pointer, count);
    return count;
  }

  /**
   * By definition: two pointers are of one object exactly if QueryInterface for IUnknown gives the same pointer for
   * both.
   */
  async identity(object: Handle): Promise<number> {
    const pointer = this.handles.usable(object);
    const { hr, address } = await this.callForPointer(
      pointer.address,
      QUERY_INTERFACE,
      [],
      interfaceDef('IUnknown').iid,
    );
    if (failed(hr) || address <= 0)
      throw new ProviderProtocolError(`QueryInterface for IUnknown answered ${formatHresult(hr)}`, {
        hint: 'Every object must answer it, and always with the same pointer.',
      });
    const token = this.handles.identify(pointer, address);
    await this.call(address, RELEASE, []);
    return token;
  }

  async invoke(call: Call): Promise<Reply> {
    const plan = planFor(call.method);
    const pointer = this.handles.usable(call.object);
    if (pointer.interfaceName !== plan.method.interfaceName) {
      throw new ProviderProtocolError(`${call.method} was called through a pointer to ${pointer.interfaceName}`);
    }
    return this.withArena(async (arena) => {
      const area = plan.outs.prepare(arena, call.args, call.nullOuts ?? []);
      const args = plan.arguments(
        { arena, pointerOf: (handle) => this.handles.usable(handle).address },
        area,
        call.args,
      );
      const hr = toHresult(
        await this.call(pointer.address, { slot: plan.method.slot, signature: plan.signature }, args),
      );
      const frees = new Set<Address>();
      const out = plan.outs.collect(area, hr, {
        memory: this.memory,
        arena,
        frees,
        give: (address, name, usable) => this.handles.give(address, name, usable).handle,
      });
      for (const address of frees) this.memory.free(address);
      return { hr, out };
    });
  }

  async createSink(): Promise<Handle> {
    const sinks = sinksOf(this.koffi, this.memory);
    const { address, handle } = this.handles.give(sinks.create(), 'IVdsAdviseSink');
    sinks.listen(address, (count, notifications) => {
      this.listener({ sink: handle, count, notifications });
      return this.sinkAnswer;
    });
    return handle;
  }

  async setSinkAnswer(hr: number): Promise<void> {
    this.sinkAnswer = hr;
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.listener = listener;
  }

  /**
   * An OnNotify from a thread of the provider's waits in a queue that this thread empties while it polls for events.
   * The first turn may end the poll that was under way when this was called, whose events were collected before; the
   * second follows a whole poll, in which everything queued until now is delivered. (One that is made within a call of
   * ours needs no waiting: the call returns after it.)
   */
  async drainNotifications(): Promise<void> {
    await nextTurn();
    await nextTurn();
  }

  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    await this.call(this.factory, RELEASE, []);
    this.end(new ProviderProtocolError('the session is closed', { endsSession: true }));
  }

  /**
   * A thread in native code cannot be ended: in this process a hung call stays where it is, and only what waits for it
   * is released.
   */
  async terminate(reason: string): Promise<void> {
    this.end(
      new ProviderHung(`the provider was abandoned: ${reason}`, {
        hint: 'Its thread runs on. In a provider host it would have been ended.',
      }),
    );
  }

  private end(reason: HarnessError): void {
    this.ended ??= reason;
    for (const reject of this.underWay) reject(this.ended);
    this.underWay.clear();
    this.handles.clear();
    // Its sinks live on, as a provider may still call them; nobody is left to hear of it.
    this.listener = () => {};
  }

  /** Runs with memory of its own. A call that never returns keeps it, as the provider may still write there. */
  private async withArena<T>(run: (arena: Arena) => Promise<T>): Promise<T> {
    const arena = this.arenas.take();
    try {
      return await run(arena);
    } finally {
      if (this.ended === undefined) this.arenas.giveBack(arena);
    }
  }

  /** Calls what answers an interface pointer in its last parameter, which follows an IID. */
  private async callForPointer(
    object: Address,
    slot: Slot,
    before: readonly unknown[],
    iid: Guid,
  ): Promise<{ hr: number; address: Address }> {
    return this.withArena(async (arena) => {
      const at = arena.reserve(16 + GUARD + 8 + GUARD);
      const { block } = arena;
      const result = at + 16 + GUARD;
      block.buffer.set(guidToBytes(iid), at);
      block.buffer.fill(GUARD_BYTE, at + 16, result + 8 + GUARD).fill(SENTINEL_BYTE, result, result + 8);
      const hr = toHresult(await this.call(object, slot, [...before, block.base + at, block.base + result]));
      checkGuard(block.buffer, result, { start: -GUARD, end: 0, after: undefined, before: 'parameter ppvObject' });
      checkGuard(block.buffer, result, { start: 8, end: 8 + GUARD, after: 'parameter ppvObject', before: undefined });
      const address = pointerAt(block, result);
      // COM sets the pointer to NULL with a failure; one that was left alone is not a pointer either.
      return { hr, address: address === UNWRITTEN ? 0 : address };
    });
  }

  /** One native call, asynchronous. Gives what the function returned. */
  private call(object: Address, { slot, signature }: Slot, args: readonly unknown[]): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(this.ended);
        return;
      }
      const invoke = this.functions.at(object, slot, signature);
      this.underWay.add(reject);
      invoke(object, ...args, (error: unknown, result: number) => {
        this.underWay.delete(reject);
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  }
}
