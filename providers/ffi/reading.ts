// Native memory into values of the contract, by their types alone: the reverse of writing.ts.
//
// Pointers that come with a failure are not followed. COM says that they are NULL, so whoever relies on them being
// anything else is wrong, and in practice they dangle as often as not. Nor are they hidden: a checker must be able to
// see that the provider left something there. So a pointer that is not NULL gives a value that is not null either: an
// interface pointer a handle that can be released (which does nothing) and not called, a text the words in
// NOT_FOLLOWED, an array no elements. A member that the provider left as it was counts as NULL there, which is what it
// would be for a caller that clears its structures. After success a pointer that was never written is an error of its
// own: the caller would have freed it.
import { ProviderProtocolError } from '../../src/port/errors.js';
import { guidFromBytes } from '../../src/contract/guid.js';
import { structure, type Handle, type InterfaceName, type TypeDef } from '../../src/contract/tables.js';
import { pointerAt, UNWRITTEN, type Address, type Arena, type Block, type Foreign } from './memory.js';
import { sizeOf } from './writing.js';

export interface ReadContext {
  readonly memory: Foreign;
  /** Where the provider's arrays and structures are copied to, to be read. */
  readonly arena: Arena;
  /** False after a call that failed. */
  readonly follow: boolean;
  /** The memory that the caller has to free when all is read. Null where it stays its owner's, as in a notification. */
  readonly frees: Set<Address> | null;
  /**
   * Makes the handle for an interface pointer, which the caller now owns a reference through, if the call succeeded.
   */
  readonly give: (address: Address, interfaceName: InterfaceName, usable: boolean) => Handle;
}

export type Read = (context: ReadContext, block: Block, offset: number) => unknown;
/** Reads an array that a pointer leads to. */
export type ReadElements = (context: ReadContext, address: Address, count: number) => unknown;

export const NOT_FOLLOWED = '(a pointer returned with a failure, not followed)';

/**
 * More than this was never meant: no array of storage objects has so many, and one wrong count must not cost gigabytes.
 */
const MOST_ELEMENTS = 0x100000;
const MOST_BYTES = 0x4000000;

/** The pointer at an offset, or 0 where there is nothing to see. */
export function pointerTo(context: ReadContext, block: Block, offset: number, path: string): Address {
  const address = pointerAt(block, offset);
  if (address === UNWRITTEN) {
    if (context.follow)
      throw new ProviderProtocolError(`${path} was left uninitialised by a call that succeeded`, {
        hint: 'Its caller would follow and free that pointer.',
      });
    return 0;
  }
  if (context.follow && !Number.isSafeInteger(address))
    throw new ProviderProtocolError(
      `${path} is not a pointer: 0x${block.view.getBigUint64(offset, true).toString(16)}`,
    );
  return address;
}

/** Notes memory that the caller has to free. */
function take(context: ReadContext, address: Address, path: string): void {
  if (context.frees === null) return;
  if (context.frees.has(address))
    throw new ProviderProtocolError(`${path} is the same memory as another output`, {
      hint: 'Its caller frees each, and so would free it twice.',
    });
  context.frees.add(address);
}

/** Copies memory of the provider's. The copy lies in `context.arena.block`. */
function fetch(context: ReadContext, from: Address, size: number): number {
  const at = context.arena.reserve(size);
  context.memory.copy(context.arena.block.base + at, from, size);
  return at;
}

function readText(read: (context: ReadContext, address: Address) => string, path: string): Read {
  return (context, block, offset) => {
    const address = pointerTo(context, block, offset, path);
    if (address === 0) return null;
    if (!context.follow) return NOT_FOLLOWED;
    take(context, address, path);
    return read(context, address);
  };
}

function checkCount(count: number, stride: number, path: string): void {
  if (count < 0 || count > MOST_ELEMENTS || count * stride > MOST_BYTES)
    throw new ProviderProtocolError(`the count of ${path} is ${count}`);
}

/** The function that reads the elements behind a counted pointer. */
export function compileElements(type: Extract<TypeDef, { kind: 'array' | 'bytes' }>, path: string): ReadElements {
  if (type.kind === 'bytes') {
    return (context, address, count) => {
      if (!context.follow) return new Uint8Array(0);
      if (count < 0 || count > MOST_BYTES) throw new ProviderProtocolError(`the size of ${path} is ${count}`);
      take(context, address, path);
      const at = fetch(context, address, count);
      return new Uint8Array(context.arena.block.buffer.subarray(at, at + count));
    };
  }
  const stride = sizeOf(type.of);
  const read = compileRead(type.of, `${path}[]`);
  return (context, address, count) => {
    if (!context.follow) return [];
    checkCount(count, stride, path);
    take(context, address, path);
    const at = fetch(context, address, count * stride);
    const { block } = context.arena;
    return Array.from({ length: count }, (_, index) => read(context, block, at + index * stride));
  };
}

function readStructure(name: string, path: string): Read {
  const { fields } = structure(name);
  const members = fields.map((field) => {
    const at = `${path}.${field.name}`;
    const counted = field.type.kind === 'array' || field.type.kind === 'bytes' ? field.type : undefined;
    const count = counted && fields.find((f) => f.name === counted.count);
    if (counted && !count) throw new RangeError(`${name}.${field.name} is counted by a member that does not exist`);
    const { name: fieldName, offset, when } = field;
    return {
      name: fieldName,
      offset,
      when,
      read: counted && count ? readCounted(counted, count.offset - offset, at) : compileRead(field.type, at),
    };
  });
  return (context, block, offset) => {
    const result: Record<string, unknown> = {};
    for (const { name: fieldName, offset: within, when, read } of members) {
      if (when !== undefined && !when.values.includes(result[when.field] as number)) continue;
      result[fieldName] = read(context, block, offset + within);
    }
    return result;
  };
}

/**
 * A pointer in a structure, with its count `distance` bytes away. The counts in the contract's structures are all
 * ULONGs.
 */
function readCounted(type: Extract<TypeDef, { kind: 'array' | 'bytes' }>, distance: number, path: string): Read {
  const elements = compileElements(type, path);
  return (context, block, offset) => {
    const address = pointerTo(context, block, offset, path);
    return address === 0 ? null : elements(context, address, block.view.getUint32(offset + distance, true));
  };
}

/** The function that reads values of a type. `path` names the value in errors: `IVdsLun.GetProperties.lunProp`. */
export function compileRead(type: TypeDef, path: string): Read {
  switch (type.kind) {
    case 'u8':
      return (_, block, offset) => block.view.getUint8(offset);
    case 'i16':
      return (_, block, offset) => block.view.getInt16(offset, true);
    case 'u16':
      return (_, block, offset) => block.view.getUint16(offset, true);
    case 'i32':
    case 'enum':
      return (_, block, offset) => block.view.getInt32(offset, true);
    case 'u32':
    case 'hresult':
      return (_, block, offset) => block.view.getUint32(offset, true);
    case 'u64':
      return (_, block, offset) => block.view.getBigUint64(offset, true);
    case 'bool':
      return (_, block, offset) => block.view.getInt32(offset, true) !== 0;
    case 'guid':
      return (_, block, offset) => guidFromBytes(block.buffer, offset);
    // Without a terminator the last unit is dropped: the text does not fit its type, but it may be a member that nobody
    // has to set.
    case 'wchars':
      return (_, block, offset) => {
        const text = block.buffer.toString('utf16le', offset, offset + (type.length - 1) * 2);
        const end = text.indexOf('\0');
        return end < 0 ? text : text.slice(0, end);
      };
    case 'fixed':
      return (_, block, offset) => new Uint8Array(block.buffer.subarray(offset, offset + type.length));
    case 'wstr':
      return readText((context, address) => context.memory.text16(address), path);
    case 'astr':
      return readText((context, address) => context.memory.text8(address), path);
    case 'struct':
      return readStructure(type.name, path);
    case 'interface':
      return (context, block, offset) => {
        const address = pointerTo(context, block, offset, path);
        return address === 0 ? null : context.give(address, type.name as InterfaceName, context.follow);
      };
    case 'pointer': {
      const size = sizeOf(type.to);
      const read = compileRead(type.to, path);
      return (context, block, offset) => {
        const address = pointerTo(context, block, offset, path);
        if (address === 0 || !context.follow) return null;
        take(context, address, path);
        const at = fetch(context, address, size);
        return read(context, context.arena.block, at);
      };
    }
    case 'array':
    case 'bytes':
      throw new RangeError(`${path} is read with its count`);
  }
}
