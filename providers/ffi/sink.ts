// The advise sink as a COM object: a vtable of functions that koffi makes of JavaScript ones, and an object for each
// sink. A provider may call it from any thread; the functions themselves always run on the main one, while the
// provider's thread waits.
//
// Nothing here is ever freed. A provider that calls a sink after its last Release is wrong, but what it must meet then
// is a sink that reports the call, not memory that is something else by now.
import { HR } from '../../src/contract/hresult.js';
import { guidFromBytes, parseGuid } from '../../src/contract/guid.js';
import { interfaceDef, structure, type Handle } from '../../src/contract/tables.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import { ProviderProtocolError } from '../../src/port/errors.js';
import type { Koffi } from './koffi.js';
import { allocate, ArenaPool, setPointer, type Address, type Block, type Foreign } from './memory.js';
import { compileRead } from './reading.js';
import { ADD_REF, ON_NOTIFY, prototype, QUERY_INTERFACE, RELEASE, signatureOf, type Signature } from './vtable.js';

/** Takes an OnNotify call: what the provider gave as its count, and what could be read. Answers the sink's HRESULT. */
type Receive = (count: number, notifications: readonly VDS_NOTIFICATION[]) => number;

interface Sink {
  references: number;
  receive: Receive;
  readonly memory: Block;
}

/** A count beyond this is not believed: so many notifications are read and the count is passed on as it was given. */
const MOST_NOTIFICATIONS = 4096;
const IIDS = new Set(['IUnknown', 'IVdsAdviseSink'].map((name) => parseGuid(interfaceDef(name).iid)));
const NOTIFICATION_SIZE = structure('VDS_NOTIFICATION').size;
const readNotification = compileRead(
  { kind: 'struct', name: 'VDS_NOTIFICATION' },
  'IVdsAdviseSink.OnNotify.notificationArray',
);

class Sinks {
  private readonly sinks = new Map<Address, Sink>();
  private readonly vtable: Block;
  private readonly arenas: ArenaPool;

  constructor(
    private readonly koffi: Koffi,
    private readonly memory: Foreign,
  ) {
    this.arenas = new ArenaPool(koffi);
    this.vtable = allocate(koffi, (ON_NOTIFY.slot + 1) * 8);
    // An exception would reach the provider as 0, which is S_OK.
    const install = (
      slot: number,
      signature: Signature,
      body: (self: number | bigint, ...rest: (number | bigint)[]) => number,
    ): void => {
      const guarded = (...args: [number | bigint, ...(number | bigint)[]]): number => {
        try {
          return body(...args) | 0;
        } catch {
          return HR.E_FAIL | 0;
        }
      };
      setPointer(this.vtable, slot * 8, Number(koffi.register(guarded, koffi.pointer(prototype(koffi, signature)))));
    };
    install(QUERY_INTERFACE.slot, QUERY_INTERFACE.signature, (self, iid, result) =>
      this.queryInterface(Number(self), Number(iid), Number(result)),
    );
    install(ADD_REF.slot, ADD_REF.signature, (self) => ++this.sink(Number(self)).references);
    install(RELEASE.slot, RELEASE.signature, (self) => this.release(Number(self)));
    install(ON_NOTIFY.slot, signatureOf(ON_NOTIFY), (self, count, array) =>
      this.onNotify(Number(self), Number(count), Number(array)),
    );
  }

  /** A new sink with one reference, the caller's. Gives its address. */
  create(): Address {
    const memory = allocate(this.koffi, 16);
    setPointer(memory, 0, this.vtable.base);
    this.sinks.set(memory.base, { references: 1, receive: () => HR.S_OK, memory });
    return memory.base;
  }

  /** Who hears of a sink's notifications from now on. */
  listen(address: Address, receive: Receive): void {
    this.sink(address).receive = receive;
  }

  private sink(self: Address): Sink {
    const sink = this.sinks.get(self);
    if (sink === undefined)
      throw new ProviderProtocolError('a function of the advise sink was called with a wrong this pointer');
    return sink;
  }

  private queryInterface(self: Address, iid: Address, result: Address): number {
    if (result === 0) return HR.E_POINTER;
    const arena = this.arenas.take();
    try {
      const at = arena.reserve(16);
      this.memory.copy(arena.block.base + at, iid, 16);
      const known = IIDS.has(guidFromBytes(arena.block.buffer, at));
      setPointer(arena.block, at, known ? self : 0);
      this.memory.copy(result, arena.block.base + at, 8);
      if (!known) return HR.E_NOINTERFACE;
      this.sink(self).references += 1;
      return HR.S_OK;
    } finally {
      this.arenas.giveBack(arena);
    }
  }

  private release(self: Address): number {
    const sink = this.sink(self);
    sink.references = Math.max(0, sink.references - 1);
    return sink.references;
  }

  private onNotify(self: Address, count: number, array: Address): number {
    const { receive } = this.sink(self);
    const readable = array === 0 ? 0 : Math.min(Math.max(count, 0), MOST_NOTIFICATIONS);
    const arena = this.arenas.take();
    try {
      const at = arena.reserve(readable * NOTIFICATION_SIZE);
      const { block } = arena;
      this.memory.copy(block.base + at, array, readable * NOTIFICATION_SIZE);
      const context = {
        memory: this.memory,
        arena,
        follow: true,
        frees: null,
        give: (): Handle => {
          throw new ProviderProtocolError('a notification holds no interface pointers');
        },
      };
      const notifications = Array.from(
        { length: readable },
        (_, index) => readNotification(context, block, at + index * NOTIFICATION_SIZE) as VDS_NOTIFICATION,
      );
      return receive(count, notifications);
    } finally {
      this.arenas.giveBack(arena);
    }
  }
}

let sinks: Sinks | undefined;

/** The process's sinks: koffi has a limited number of functions to give away, so that all sinks share four. */
export function sinksOf(koffi: Koffi, memory: Foreign): Sinks {
  sinks ??= new Sinks(koffi, memory);
  return sinks;
}
