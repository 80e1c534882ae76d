// Values of the contract to JSON and back, by the contract's types alone: 64-bit integers are decimal strings, bytes
// base64, objects are handles, NULL is null, and an output that the provider left alone is {"untouched":true}. The
// provider host and REST both use this.
import { inspect } from 'node:util';
import { parseGuid } from './guid.js';
import { structure, type FieldDef, type Method, type ParamDef, type TypeDef } from './tables.js';

/** The value of an out parameter that the provider did not write. */
export const UNTOUCHED: unique symbol = Symbol.for('vds-conformance.untouched');
export type Untouched = typeof UNTOUCHED;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Values = Readonly<Record<string, unknown>>;

/** A value that does not fit its type in the contract. `path` says where: `IVdsLun.GetProperties.lunProp.size`. */
export class CodecError extends Error {
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
    this.name = 'CodecError';
  }
}

const RANGES = {
  i16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  i32: [-0x80000000, 0x7fffffff],
  u32: [0, 0xffffffff],
  u8: [0, 0xff],
  hresult: [0, 0xffffffff],
  enum: [-0x80000000, 0x7fffffff],
} as const;
const U64_MAX = 0xffffffffffffffffn;

const show = (value: unknown): string => {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
const fail = (path: string, wanted: string, got: unknown): never => {
  throw new CodecError(path, `expected ${wanted}, got ${show(got)}`);
};

function integer(kind: keyof typeof RANGES, value: unknown, path: string): number {
  const [low, high] = RANGES[kind];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
    return fail(path, `an integer from ${low} to ${high}`, value);
  return value;
}

const isPresent = (field: FieldDef, values: Values): boolean =>
  field.when === undefined || field.when.values.includes(values[field.when.field] as number);

function record(value: unknown, path: string): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object', value);
  return value as Values;
}

/** One direction of the codec: how the scalars that JSON lacks are written. */
interface Direction {
  readonly u64: (value: unknown, path: string) => unknown;
  readonly bytes: (value: unknown, path: string, length?: number) => unknown;
}

const encoding: Direction = {
  u64: (value, path) =>
    typeof value === 'bigint' && value >= 0n && value <= U64_MAX
      ? value.toString()
      : fail(path, 'a bigint from 0 to 2^64-1', value),
  bytes: (value, path, length) =>
    value instanceof Uint8Array && (length === undefined || value.length === length)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : fail(path, length === undefined ? 'bytes' : `${length} bytes`, value),
};

const decoding: Direction = {
  u64: (value, path) => {
    if (typeof value !== 'string' || !/^\d{1,20}$/.test(value) || BigInt(value) > U64_MAX)
      return fail(path, 'a decimal string from 0 to 2^64-1', value);
    return BigInt(value);
  },
  bytes: (value, path, length) => {
    if (typeof value !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value))
      return fail(path, 'base64', value);
    const bytes = new Uint8Array(Buffer.from(value, 'base64'));
    return length === undefined || bytes.length === length ? bytes : fail(path, `${length} bytes`, value);
  },
};

function convert(type: TypeDef, value: unknown, path: string, direction: Direction): unknown {
  switch (type.kind) {
    case 'u64':
      return direction.u64(value, path);
    case 'i16':
    case 'u16':
    case 'i32':
    case 'u32':
    case 'u8':
    case 'hresult':
    case 'enum':
      return integer(type.kind, value, path);
    case 'bool':
      return typeof value === 'boolean' ? value : fail(path, 'true or false', value);
    case 'guid':
      return (typeof value === 'string' ? parseGuid(value) : undefined) ?? fail(path, 'a GUID', value);
    case 'wchars':
      return typeof value === 'string' && value.length < type.length
        ? value
        : fail(path, `a string of fewer than ${type.length} UTF-16 units`, value);
    case 'fixed':
      return direction.bytes(value, path, type.length);
    case 'wstr':
    case 'astr':
      return value === null || typeof value === 'string' ? value : fail(path, 'a string or null', value);
    case 'interface':
      return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
        ? value
        : fail(path, 'an object handle or null', value);
    case 'bytes':
      return value === null ? null : direction.bytes(value, path);
    case 'pointer':
      return value === null ? null : convert(type.to, value, path, direction);
    case 'array': {
      if (value === null) return null;
      if (!Array.isArray(value)) return fail(path, 'an array or null', value);
      return value.map((item, index) => convert(type.of, item, `${path}[${index}]`, direction));
    }
    case 'struct': {
      const given = record(value, path);
      const result: Record<string, unknown> = {};
      for (const field of structure(type.name).fields) {
        if (!isPresent(field, result)) continue;
        const member = given[field.name];
        if (member === undefined) throw new CodecError(`${path}.${field.name}`, 'is missing');
        result[field.name] =
          field.secret === true
            ? convertSecret(field, member, `${path}.${field.name}`, direction)
            : convert(field.type, member, `${path}.${field.name}`, direction);
      }
      return result;
    }
  }
}

/** The same without the value in the error. */
function convertSecret(field: FieldDef, value: unknown, path: string, direction: Direction): unknown {
  try {
    return convert(field.type, value, path, direction);
  } catch {
    throw new CodecError(path, 'is not of its type (the value is secret)');
  }
}

function convertAll(
  method: Method,
  params: readonly ParamDef[],
  values: unknown,
  nullOuts: ReadonlySet<string>,
  direction: Direction,
): Record<string, unknown> {
  const given = record(values, method.fullName);
  const result: Record<string, unknown> = {};
  for (const param of params) {
    const path = `${method.fullName}.${param.name}`;
    const value = given[param.name];
    if (nullOuts.has(param.name)) continue;
    if (value === undefined) throw new CodecError(path, 'is missing');
    if (param.direction === 'out' && direction === encoding && value === UNTOUCHED)
      result[param.name] = { untouched: true };
    else if (param.direction === 'out' && direction === decoding && isUntouchedJson(value))
      result[param.name] = UNTOUCHED;
    else result[param.name] = convert(param.type, value, path, direction);
  }
  for (const name of Object.keys(given)) {
    if (!params.some((p) => p.name === name))
      throw new CodecError(`${method.fullName}.${name}`, 'is not in the contract');
  }
  return result;
}

const isUntouchedJson = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { untouched?: unknown }).untouched === true;
const NONE: ReadonlySet<string> = new Set();

/** A method's in arguments as JSON. Throws CodecError when one is missing, unknown or outside its type. */
export const encodeArguments = (method: Method, args: Values): Record<string, Json> =>
  convertAll(method, method.ins, args, NONE, encoding) as Record<string, Json>;
/** The reverse of encodeArguments. Throws CodecError. */
export const decodeArguments = (method: Method, json: unknown): Record<string, unknown> =>
  convertAll(method, method.ins, json, NONE, decoding);
/** A method's outputs as JSON, without those in `nullOuts`, which were passed as NULL. Throws CodecError. */
export const encodeOutputs = (method: Method, out: Values, nullOuts: readonly string[] = []): Record<string, Json> =>
  convertAll(method, method.outs, out, new Set(nullOuts), encoding) as Record<string, Json>;
/** The reverse of encodeOutputs. Throws CodecError. */
export const decodeOutputs = (
  method: Method,
  json: unknown,
  nullOuts: readonly string[] = [],
): Record<string, unknown> => convertAll(method, method.outs, json, new Set(nullOuts), decoding);

/** A structure as JSON and back, for what crosses a port outside a call (notifications). Throws CodecError. */
export const encodeStructure = (name: string, value: unknown): Json =>
  convert({ kind: 'struct', name }, value, name, encoding) as Json;
export const decodeStructure = (name: string, json: unknown): unknown =>
  convert({ kind: 'struct', name }, json, name, decoding);

/**
 * A structure with every member zero, NULL or empty, over which `given` is laid: for callers that set a few members of
 * VDS_HINTS.
 */
export function zeroStructure<T extends object>(name: string, given: Partial<T> = {}): T {
  const zero = (type: TypeDef): unknown => {
    switch (type.kind) {
      case 'u64':
        return 0n;
      case 'bool':
        return false;
      case 'guid':
        return '00000000-0000-0000-0000-000000000000';
      case 'wchars':
        return '';
      case 'fixed':
        return new Uint8Array(type.length);
      case 'struct':
        return zeroStructure(type.name);
      case 'wstr':
      case 'astr':
      case 'interface':
      case 'bytes':
      case 'pointer':
      case 'array':
        return null;
      default:
        return 0;
    }
  };
  const always = structure(name).fields.filter((f) => f.when === undefined);
  return { ...Object.fromEntries(always.map((f) => [f.name, zero(f.type)])), ...given } as T;
}
