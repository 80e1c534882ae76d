// The out parameters of a method in memory: where each lies between guard bytes, and what a call left in it.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { failed, succeeded } from '../../src/contract/hresult.js';
import type { Method, ParamDef, TypeDef } from '../../src/contract/tables.js';
import { ProviderProtocolError } from '../../src/port/errors.js';
import { checkGuard, GUARD, isUntouched, type Guard } from './guards.js';
import { GUARD_BYTE, SENTINEL_BYTE, type Address, type Arena, type Block } from './memory.js';
import { compileElements, compileRead, pointerTo, type Read, type ReadContext, type ReadElements } from './reading.js';
import { sizeOf } from './writing.js';

type ArrayType = Extract<TypeDef, { kind: 'array' }>;
const isArray = (type: TypeDef): type is ArrayType => type.kind === 'array';

/**
 * IEnumVdsObject::Next gets room for no more, whatever celt says: a provider that fills it has that many objects to
 * give.
 */
const MOST_CAPACITY = 0x20000;

interface Out {
  readonly param: ParamDef;
  readonly path: string;
  /** Names it in errors: `VDS_LUN_PROP (parameter pLunProp)`. */
  readonly label: string;
  /** Of the parameter's memory, or of one element of a caller's array. */
  readonly size: number;
  readonly read: Read;
  /** Within the method's area. A caller's array is not there: its size depends on the call. */
  readonly offset: number;
  readonly array?: {
    readonly countedBy: string;
    /** For an array of the caller's, the in parameter that says how many elements it has room for. */
    readonly capacity?: string;
    /** For one of the provider's. */
    readonly elements: ReadElements;
  };
}

/** A caller's array in the memory of one call. */
interface Room {
  readonly out: Out;
  readonly block: Block;
  readonly start: number;
  readonly capacity: number;
}

/** The out parameters of one call under way. */
export interface OutArea {
  readonly block: Block;
  readonly base: number;
  /** Those passed as NULL. */
  readonly nulled: readonly string[];
  readonly rooms: readonly Room[];
}

const NO_ROOMS: readonly Room[] = [];
const align = (value: number): number => (value + 15) & -16;

function describe(called: Method, param: ParamDef, offset: number): Out {
  const { type } = param;
  const path = `${called.fullName}.${param.name}`;
  const label =
    `${type.kind === 'struct' ? `${type.name} (` : ''}parameter ` +
    `${param.vdsName}${type.kind === 'struct' ? ')' : ''}`;
  if (type.kind === 'bytes') throw new RangeError(`${path}: no rule for bytes as an output`);
  if (!isArray(type)) return { param, path, label, offset, size: sizeOf(type), read: compileRead(type, path) };
  const { of, count, capacity, allocatedBy } = type;
  const byCaller = allocatedBy === 'caller' && capacity !== undefined;
  return {
    param,
    path,
    label,
    offset,
    size: byCaller ? sizeOf(of) : 8,
    read: compileRead(of, `${path}[]`),
    array: { countedBy: count, elements: compileElements(type, path), ...(byCaller ? { capacity } : {}) },
  };
}

export class Outs {
  private readonly outs: ReadonlyMap<string, Out>;
  private readonly guards: readonly Guard[];
  /** The area as it is before a call: guard bytes around sentinels. */
  private readonly template: Buffer;
  /** An HRESULT among the outputs (IVdsAsync::Wait) decides over the others as the returned one does. */
  private readonly statuses: readonly Out[];

  constructor(called: Method) {
    const outs = new Map<string, Out>();
    const guards: Guard[] = [];
    let start = 0;
    let offset = GUARD;
    let after: string | undefined;
    for (const param of called.outs) {
      const out = describe(called, param, offset);
      outs.set(param.name, out);
      if (out.array?.capacity !== undefined) continue;
      guards.push({ start, end: offset, after, before: out.label });
      start = offset + out.size;
      offset = align(start + GUARD);
      after = out.label;
    }
    guards.push({ start, end: offset, after, before: undefined });
    this.outs = outs;
    this.guards = after === undefined ? [] : guards;
    this.statuses = [...outs.values()].filter((o) => o.param.type.kind === 'hresult');
    this.template = Buffer.alloc(offset, SENTINEL_BYTE);
    for (const guard of guards) this.template.fill(GUARD_BYTE, guard.start, guard.end);
  }

  /** Reserves and fills the memory for one call. `args` says how many elements a caller's array has. */
  prepare(arena: Arena, args: Readonly<Record<string, unknown>>, nulled: readonly string[]): OutArea {
    if (this.outs.size === 0) return { block: arena.block, base: 0, nulled, rooms: NO_ROOMS };
    const base = arena.reserve(this.template.length);
    const { block } = arena;
    this.template.copy(block.buffer, base);
    const rooms: Room[] = [];
    for (const out of this.outs.values()) {
      if (out.array?.capacity === undefined || nulled.includes(out.param.name)) continue;
      const wanted = args[out.array.capacity];
      const capacity = typeof wanted === 'number' && wanted > 0 ? Math.min(Math.trunc(wanted), MOST_CAPACITY) : 0;
      const size = capacity * out.size;
      const start = arena.reserve(GUARD + size + GUARD) + GUARD;
      const { buffer } = arena.block;
      buffer.fill(GUARD_BYTE, start - GUARD, start + size + GUARD);
      buffer.fill(SENTINEL_BYTE, start, start + size);
      rooms.push({ out, block: arena.block, start, capacity });
    }
    return { block, base, nulled, rooms };
  }

  /** The value to pass for a parameter. */
  address(area: OutArea, name: string): Address {
    const out = this.outs.get(name);
    if (out === undefined || area.nulled.includes(name)) return 0;
    if (out.array?.capacity === undefined) return area.block.base + area.base + out.offset;
    const room = area.rooms.find((r) => r.out === out);
    return room === undefined ? 0 : room.block.base + room.start;
  }

  /**
   * The outputs of a call. Throws ProviderProtocolError when something was written outside them, or is not a value of
   * its type.
   */
  collect(area: OutArea, hr: number, given: Omit<ReadContext, 'follow'>): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    this.checkGuards(area);
    const refused = this.statuses.some(
      (status) => this.isWritten(area, status) && failed(area.block.view.getUint32(area.base + status.offset, true)),
    );
    const context: ReadContext = { ...given, follow: succeeded(hr) && !refused };
    for (const [name, out] of this.outs) {
      if (area.nulled.includes(name)) continue;
      const room = out.array?.capacity === undefined ? undefined : area.rooms.find((r) => r.out === out);
      if (room !== undefined) result[name] = this.readRoom(area, room, context);
      else if (!this.isWritten(area, out)) result[name] = UNTOUCHED;
      else if (out.array !== undefined) result[name] = this.readProvided(area, out, context);
      else result[name] = out.read(context, area.block, area.base + out.offset);
    }
    return result;
  }

  private isWritten(area: OutArea, out: Out): boolean {
    const start = area.base + out.offset;
    return !area.nulled.includes(out.param.name) && !isUntouched(area.block.buffer, start, start + out.size);
  }

  /** How many elements an array has; undefined when its count was passed as NULL or not written. */
  private count(area: OutArea, out: Out, context: ReadContext): number | undefined {
    const count = this.outs.get(out.array?.countedBy ?? '');
    return count !== undefined && this.isWritten(area, count)
      ? (count.read(context, area.block, area.base + count.offset) as number)
      : undefined;
  }

  /** An array that the provider allocated. */
  private readProvided(area: OutArea, out: Out, context: ReadContext): unknown {
    const address = pointerTo(context, area.block, area.base + out.offset, out.path);
    if (address === 0) return null;
    const count = this.count(area, out, context);
    if (count !== undefined) return out.array?.elements(context, address, count);
    const countedBy = out.array?.countedBy ?? '';
    if (context.follow && !area.nulled.includes(countedBy))
      throw new ProviderProtocolError(`${out.label} was returned without its count, ${countedBy}`);
    // Whoever passes NULL for the count gets an array that cannot be read; it is still theirs to free.
    if (context.follow) context.frees?.add(address);
    return [];
  }

  /** A caller's array: the elements that the provider says it wrote. */
  private readRoom(area: OutArea, { out, block, start, capacity }: Room, context: ReadContext): unknown {
    let count = this.count(area, out, context);
    if (count === undefined || !context.follow) {
      // pceltFetched may be NULL when celt is 1, and a count that came with a failure is unreliable: count the objects
      // that were written.
      if (isUntouched(block.buffer, start, start + capacity * out.size)) return UNTOUCHED;
      let written = 0;
      while (
        written < capacity &&
        !isUntouched(block.buffer, start + written * out.size, start + (written + 1) * out.size)
      )
        written += 1;
      count = written;
    }
    if (count < 0 || count > capacity)
      throw new ProviderProtocolError(
        `${out.array?.countedBy} is ${count} where ${out.label} has room for ${capacity}`,
      );
    return Array.from({ length: count }, (_, index) => out.read(context, block, start + index * out.size));
  }

  private checkGuards(area: OutArea): void {
    for (const guard of this.guards) checkGuard(area.block.buffer, area.base, guard);
    for (const {
      out: { label, size },
      block,
      start,
      capacity,
    } of area.rooms) {
      const end = capacity * size;
      checkGuard(block.buffer, start, { start: -GUARD, end: 0, after: undefined, before: label });
      checkGuard(block.buffer, start, { start: end, end: end + GUARD, after: label, before: undefined });
    }
  }
}
