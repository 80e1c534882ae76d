// Memory that native code sees. Ours comes from an Arena (one for each call under way); the provider's is reached
// through Foreign. Nothing here knows the contract.
//
// An address is a plain number: user space ends far below 2^53 on every 64-bit system, and numbers are cheaper than
// bigints.
import type { Koffi } from './koffi.js';

export type Address = number;

/** The value of an out parameter before the call. As a pointer it is not canonical, so following it faults at once. */
export const SENTINEL_BYTE = 0xa5;
/** The guard bytes around it. They differ from the sentinel and from 0, which an overrun usually writes. */
export const GUARD_BYTE = 0xfd;
const SENTINEL_HALF = 0xa5a5a5a5;

/** Read by pointerAt when the eight bytes are still the sentinel. */
export const UNWRITTEN = -1;

export interface Block {
  readonly buffer: Buffer;
  readonly view: DataView;
  readonly base: Address;
}

/**
 * The pointer stored at an offset: 0 for NULL, UNWRITTEN for the sentinel; beyond 2^53 it is not exact, and no pointer
 * either.
 */
export function pointerAt(block: Block, offset: number): Address {
  const low = block.view.getUint32(offset, true);
  const high = block.view.getUint32(offset + 4, true);
  return high === SENTINEL_HALF && low === SENTINEL_HALF ? UNWRITTEN : high * 0x100000000 + low;
}

export function setPointer(block: Block, offset: number, address: Address): void {
  block.view.setUint32(offset, address >>> 0, true);
  block.view.setUint32(offset + 4, Math.floor(address / 0x100000000), true);
}

/** A block whose address never changes. (A small Buffer of Node's own may live in V8's heap, where it moves.) */
export function allocate(koffi: Koffi, size: number): Block {
  const store = new ArrayBuffer(size);
  return { buffer: Buffer.from(store), view: new DataView(store), base: Number(koffi.address(store)) };
}

const BLOCK_SIZE = 16 * 1024;
const ALIGNMENT = 16;

/**
 * The memory of one call. reserve() gives space that stays where it is until the arena goes back to its pool; what does
 * not fit the first block gets a block of its own.
 */
export class Arena {
  /** Where the last reserved space lies. */
  block: Block;
  /** Kept until the call returns: native code holds their addresses, which the garbage collector does not see. */
  private readonly further: Block[] = [];
  private cursor = 0;

  constructor(
    private readonly koffi: Koffi,
    private readonly first: Block,
  ) {
    this.block = first;
  }

  /**
   * Reserves `size` bytes, aligned to 16, in `this.block`. Gives their offset in it. The bytes are not cleared; even
   * none have a place of their own.
   */
  reserve(size: number): number {
    let offset = this.cursor;
    if (offset + size > this.block.buffer.length) {
      this.block = allocate(this.koffi, Math.max(size, BLOCK_SIZE));
      this.further.push(this.block);
      offset = 0;
    }
    this.cursor = (offset + Math.max(size, 1) + ALIGNMENT - 1) & -ALIGNMENT;
    return offset;
  }

  reset(): void {
    this.block = this.first;
    this.further.length = 0;
    this.cursor = 0;
  }
}

/** Arenas to use again. One that a hung call still holds is simply never given back. */
export class ArenaPool {
  private readonly idle: Arena[] = [];

  constructor(private readonly koffi: Koffi) {}

  take(): Arena {
    return this.idle.pop() ?? new Arena(this.koffi, allocate(this.koffi, BLOCK_SIZE));
  }

  giveBack(arena: Arena): void {
    arena.reset();
    this.idle.push(arena);
  }
}

/**
 * Memory that somebody else owns. Reading what is not there crashes the process, as it would crash any caller of the
 * provider.
 */
export interface Foreign {
  /** memcpy. */
  copy(to: Address, from: Address, length: number): void;
  /** The pointer at an address. */
  pointer(at: Address): Address;
  /** Text up to its terminator: UTF-16, and bytes as UTF-8. */
  text16(at: Address): string;
  text8(at: Address): string;
  /**
   * CoTaskMemFree; where there is no COM, the C library's free, as providers built there use malloc for CoTaskMemAlloc.
   */
  free(address: Address): void;
}

/** Addresses are passed as integers: koffi then neither looks for functions in them nor makes bigints. */
const ADDRESS = 'uint64';

let foreign: Foreign | undefined;

/** The process's memory. On Windows this loads ole32. */
export function foreignMemory(koffi: Koffi): Foreign {
  if (foreign !== undefined) return foreign;
  const windows = process.platform === 'win32';
  const copying = koffi.load(windows ? 'kernel32.dll' : null);
  const freeing = windows ? koffi.load('ole32.dll') : copying;
  const copy = copying.func(windows ? 'RtlMoveMemory' : 'memmove', 'void', [ADDRESS, ADDRESS, ADDRESS]);
  const free = freeing.func(windows ? 'CoTaskMemFree' : 'free', 'void', [ADDRESS]);
  const { uint64, string16, string } = koffi.decode;
  foreign = {
    copy: (to, from, length) => {
      copy(to, from, length);
    },
    pointer: (at) => Number(uint64(at)),
    text16: (at) => string16(at),
    text8: (at) => string(at),
    free: (address) => {
      free(address);
    },
  };
  return foreign;
}
