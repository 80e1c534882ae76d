// Values of the contract into native memory, by their types alone. Each type is compiled once into a function; nothing
// is written by hand for a structure or a method. The reverse is in reading.ts.
import { CodecError } from '../../src/contract/codec.js';
import { guidToBytes, parseGuid } from '../../src/contract/guid.js';
import { structure, type FieldDef, type Handle, type TypeDef } from '../../src/contract/tables.js';
import { setPointer, type Address, type Arena, type Block } from './memory.js';

export interface WriteContext {
  /** Where text, arrays and whatever else is pointed at goes. */
  readonly arena: Arena;
  /** The interface pointer that a handle stands for. Throws when it is not alive. */
  readonly pointerOf: (handle: Handle) => Address;
}

/**
 * Writes a value at an offset. Throws CodecError when it does not fit its type: native code would get something else
 * without notice.
 */
type Write = (context: WriteContext, block: Block, offset: number, value: unknown) => void;

const show = (value: unknown): string =>
  typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'symbol'
      ? String(value)
      : (JSON.stringify(value) ?? String(value)).slice(0, 60);
const reject = (path: string, wanted: string, value: unknown): never => {
  throw new CodecError(path, `expected ${wanted}, got ${show(value)}`);
};

/** An integer within its type's range: a DataView, and koffi too, would cut off the rest silently. */
export function integerWithin(path: string, low: number, high: number): (value: unknown) => number {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
      ? value
      : reject(path, `an integer from ${low} to ${high}`, value);
}

export function unsigned64(path: string): (value: unknown) => bigint {
  return (value) =>
    typeof value === 'bigint' && value >= 0n && value <= 0xffffffffffffffffn
      ? value
      : reject(path, 'a bigint from 0 to 2^64-1', value);
}

export const sizeOf = (type: TypeDef): number => {
  switch (type.kind) {
    case 'u8':
      return 1;
    case 'i16':
    case 'u16':
      return 2;
    case 'i32':
    case 'u32':
    case 'bool':
    case 'hresult':
    case 'enum':
      return 4;
    case 'guid':
      return 16;
    case 'struct':
      return structure(type.name).size;
    case 'wchars':
      return type.length * 2;
    case 'fixed':
      return type.length;
    default:
      return 8;
  }
};

/** Reserves room for what a pointer is to point at, stores the pointer, and leaves the room in `arena.block`. */
function pointTo(context: WriteContext, block: Block, offset: number, size: number): number {
  const at = context.arena.reserve(size);
  setPointer(block, offset, context.arena.block.base + at);
  return at;
}

function writeText(encoding: 'utf16le' | 'utf8', path: string): Write {
  const unit = encoding === 'utf16le' ? 2 : 1;
  return (context, block, offset, value) => {
    if (value === null) return setPointer(block, offset, 0);
    if (typeof value !== 'string') return reject(path, 'a string or null', value);
    const size = Buffer.byteLength(value, encoding);
    const at = pointTo(context, block, offset, size + unit);
    const { buffer } = context.arena.block;
    buffer.write(value, at, size, encoding);
    buffer.fill(0, at + size, at + size + unit);
  };
}

function writeStructure(name: string, path: string): Write {
  const { size, fields } = structure(name);
  const members = fields.map((field) => ({ field, write: compileWrite(field.type, `${path}.${field.name}`) }));
  const present = (field: FieldDef, given: Readonly<Record<string, unknown>>): boolean =>
    field.when === undefined || field.when.values.includes(given[field.when.field] as number);
  return (context, block, offset, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return reject(path, 'an object', value);
    const given = value as Readonly<Record<string, unknown>>;
    // Padding, and what a union's arm leaves over.
    block.buffer.fill(0, offset, offset + size);
    for (const { field, write } of members) {
      if (!present(field, given)) continue;
      const member = given[field.name];
      if (member === undefined) throw new CodecError(`${path}.${field.name}`, 'is missing');
      write(context, block, offset + field.offset, member);
    }
  };
}

/** The function that writes values of a type. `path` names the value in errors: `IVdsLun.ApplyHints.hints`. */
export function compileWrite(type: TypeDef, path: string): Write {
  switch (type.kind) {
    case 'u8': {
      const check = integerWithin(path, 0, 0xff);
      return (_, block, offset, value) => {
        block.view.setUint8(offset, check(value));
      };
    }
    case 'i16': {
      const check = integerWithin(path, -0x8000, 0x7fff);
      return (_, block, offset, value) => {
        block.view.setInt16(offset, check(value), true);
      };
    }
    case 'u16': {
      const check = integerWithin(path, 0, 0xffff);
      return (_, block, offset, value) => {
        block.view.setUint16(offset, check(value), true);
      };
    }
    case 'i32':
    case 'enum': {
      const check = integerWithin(path, -0x80000000, 0x7fffffff);
      return (_, block, offset, value) => {
        block.view.setInt32(offset, check(value), true);
      };
    }
    case 'u32':
    case 'hresult': {
      const check = integerWithin(path, 0, 0xffffffff);
      return (_, block, offset, value) => {
        block.view.setUint32(offset, check(value), true);
      };
    }
    case 'u64': {
      const check = unsigned64(path);
      return (_, block, offset, value) => {
        block.view.setBigUint64(offset, check(value), true);
      };
    }
    case 'bool':
      return (_, block, offset, value) => {
        block.view.setInt32(
          offset,
          typeof value === 'boolean' ? Number(value) : reject(path, 'true or false', value),
          true,
        );
      };
    case 'guid':
      return (_, block, offset, value) => {
        const guid = typeof value === 'string' ? parseGuid(value) : undefined;
        block.buffer.set(guidToBytes(guid ?? reject(path, 'a GUID', value)), offset);
      };
    case 'wchars':
      return (_, block, offset, value) => {
        if (typeof value !== 'string' || value.length >= type.length)
          return reject(path, `a string of fewer than ${type.length} UTF-16 units`, value);
        block.buffer.fill(0, offset, offset + type.length * 2);
        block.buffer.write(value, offset, 'utf16le');
      };
    case 'fixed':
      return (_, block, offset, value) => {
        if (!(value instanceof Uint8Array) || value.length !== type.length)
          return reject(path, `${type.length} bytes`, value);
        block.buffer.set(value, offset);
      };
    case 'wstr':
      return writeText('utf16le', path);
    case 'astr':
      return writeText('utf8', path);
    case 'struct':
      return writeStructure(type.name, path);
    case 'interface':
      return (context, block, offset, value) => {
        if (value !== null && typeof value !== 'number') return reject(path, 'an object handle or null', value);
        setPointer(block, offset, value === null ? 0 : context.pointerOf(value as Handle));
      };
    case 'bytes':
      return (context, block, offset, value) => {
        if (value === null) return setPointer(block, offset, 0);
        if (!(value instanceof Uint8Array)) return reject(path, 'bytes or null', value);
        const at = pointTo(context, block, offset, value.length);
        context.arena.block.buffer.set(value, at);
      };
    case 'pointer': {
      const size = sizeOf(type.to);
      const write = compileWrite(type.to, path);
      return (context, block, offset, value) => {
        if (value === null) return setPointer(block, offset, 0);
        const at = pointTo(context, block, offset, size);
        write(context, context.arena.block, at, value);
      };
    }
    // As long as the array that was given, whatever the count beside it says: a check may want a count that lies.
    case 'array': {
      const stride = sizeOf(type.of);
      const write = compileWrite(type.of, `${path}[]`);
      return (context, block, offset, value) => {
        if (value === null) return setPointer(block, offset, 0);
        if (!Array.isArray(value)) return reject(path, 'an array or null', value);
        const at = pointTo(context, block, offset, value.length * stride);
        const { block: room } = context.arena;
        value.forEach((item, index) => write(context, room, at + index * stride, item));
      };
    }
  }
}
