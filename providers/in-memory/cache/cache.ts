// The provider's cache: one block of real bytes holding entries under a checksum. Every read goes through the bytes and
// verifies them, so that damage to the bytes is damage to what the provider knows. What an entry means is in
// records.ts.
//
//   entry at an offset:  magic u32 | payload length u32 | CRC-32 u32 | key, a GUID of 16 bytes | payload, UTF-8 |
// unused up to its capacity
//                                                                    └── the CRC covers key and payload ──┘
import { crc32 } from 'node:zlib';
import { guidToBytes, type Guid } from '../../../src/contract/guid.js';
import { CacheCorrupt } from '../failure.js';

export const HEADER_SIZE = 28;
const MAGIC = 0x43534456;
const FREED = 0x45455246;
const SMALLEST_PAYLOAD = 256;

/** Where an entry's bytes are, header included. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

interface Slot {
  readonly offset: number;
  /** Room for the payload. */
  readonly capacity: number;
  readonly key: Uint8Array;
  /** The bytes that verified last, and their payload: the same bytes need no checksum again. */
  sound?: { readonly bytes: Uint8Array; readonly payload: string };
}

export class Cache {
  private bytes = Buffer.alloc(8192);
  private end = 0;
  // Positions only, as an index on disk would be: what stands there is believed only after it was verified.
  private readonly index = new Map<Guid, Slot>();
  private readonly freed = new Map<number, number[]>();

  /**
   * `wrote` hears of each payload that is written; the fault that brings back a stale entry needs it, the cache does
   * not.
   */
  constructor(private readonly wrote: (key: Guid, payload: string) => void = () => {}) {}

  /** The payload of an entry that verifies. Throws CacheCorrupt when it is missing or does not. */
  read(key: Guid): string {
    return this.verified(key);
  }

  /** Verifies an entry without decoding it. Throws CacheCorrupt. */
  check(key: Guid): void {
    this.verified(key);
  }

  /** Writes an entry, new or in place of the one there is, whatever state that is in. */
  write(key: Guid, payload: string): void {
    this.store(key, payload);
    this.wrote(key, payload);
  }

  /** Writes an entry under a valid checksum without telling `wrote`. Only faults use it. */
  store(key: Guid, payload: string): void {
    const data = Buffer.from(payload, 'utf8');
    let slot = this.index.get(key);
    if (slot === undefined || slot.capacity < data.length) {
      if (slot !== undefined) this.discard(slot);
      slot = this.allocate(guidToBytes(key), data.length);
      this.index.set(key, slot);
    }
    const { offset } = slot;
    this.bytes.set(slot.key, offset + 12);
    this.bytes.set(data, offset + HEADER_SIZE);
    this.bytes.writeUInt32LE(MAGIC, offset);
    this.bytes.writeUInt32LE(data.length, offset + 4);
    this.bytes.writeUInt32LE(this.checksum(offset, data.length), offset + 8);
  }

  /** Removes an entry; without effect when there is none. */
  remove(key: Guid): void {
    const slot = this.index.get(key);
    if (slot === undefined) return;
    this.discard(slot);
    this.index.delete(key);
  }

  /** Where an entry is, for faults. */
  place(key: Guid): Place | undefined {
    const slot = this.index.get(key);
    if (slot === undefined) return undefined;
    return { offset: slot.offset, length: HEADER_SIZE + Math.min(this.payloadLength(slot.offset), slot.capacity) };
  }

  /** The bytes themselves at a place, not a copy: what is changed there is changed in the cache. For faults. */
  at(place: Place): Uint8Array {
    return this.bytes.subarray(place.offset, place.offset + place.length);
  }

  /** Whether an entry is there and verifies. */
  isSound(key: Guid): boolean {
    try {
      this.verified(key);
      return true;
    } catch (error) {
      if (error instanceof CacheCorrupt) return false;
      throw error;
    }
  }

  /** Compares an entry's checksum with its bytes. */
  protected matches(offset: number, length: number): boolean {
    return this.bytes.readUInt32LE(offset + 8) === this.checksum(offset, length);
  }

  /** The payload of an entry whose bytes are in order. */
  private verified(key: Guid): string {
    const slot = this.index.get(key);
    if (slot === undefined) throw new CacheCorrupt();
    const { offset, sound } = slot;
    if (
      sound !== undefined &&
      this.bytes.compare(sound.bytes, 0, sound.bytes.length, offset, offset + sound.bytes.length) === 0
    )
      return sound.payload;
    const length = this.payloadLength(offset);
    if (
      this.bytes.readUInt32LE(offset) !== MAGIC ||
      length > slot.capacity ||
      this.bytes.compare(slot.key, 0, 16, offset + 12, offset + HEADER_SIZE) !== 0 ||
      !this.matches(offset, length)
    )
      throw new CacheCorrupt();
    const start = offset + HEADER_SIZE;
    const payload = this.bytes.toString('utf8', start, start + length);
    slot.sound = { bytes: Uint8Array.prototype.slice.call(this.bytes, offset, start + length), payload };
    return payload;
  }

  private payloadLength(offset: number): number {
    return this.bytes.readUInt32LE(offset + 4);
  }

  private checksum(offset: number, length: number): number {
    return crc32(this.bytes.subarray(offset + 12, offset + HEADER_SIZE + length));
  }

  private allocate(key: Uint8Array, length: number): Slot {
    let capacity = SMALLEST_PAYLOAD;
    while (capacity < length) capacity *= 2;
    let offset = this.freed.get(capacity)?.pop();
    if (offset === undefined) {
      offset = this.end;
      this.end += HEADER_SIZE + capacity;
      while (this.end > this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(this.bytes.length)]);
    }
    return { offset, capacity, key };
  }

  private discard(slot: Slot): void {
    this.bytes.writeUInt32LE(FREED, slot.offset);
    const same = this.freed.get(slot.capacity);
    if (same === undefined) this.freed.set(slot.capacity, [slot.offset]);
    else same.push(slot.offset);
  }
}
