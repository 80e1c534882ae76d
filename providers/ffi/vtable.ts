// Calls through an interface pointer: which function a slot of its vtable holds, as something that JavaScript can call.
import { ProviderProtocolError } from '../../src/port/errors.js';
import { method, structure, type Method, type ParamDef } from '../../src/contract/tables.js';
import type { Koffi, KoffiType } from './koffi.js';
import type { Address, Foreign } from './memory.js';

/** Parameter types after the hidden `this`, and the result, in a form that names the prototype: `u32(ptr,value16)`. */
export type Signature = string & { readonly signature: unique symbol };
type AsyncFunction = (...argumentsAndCallback: readonly unknown[]) => void;

function passedAs(param: ParamDef): string {
  if (param.direction === 'out') return 'ptr';
  if (param.abi !== 'value') return param.abi;
  return `value${param.type.kind === 'struct' ? structure(param.type.name).size : 16}`;
}

export const signatureOf = (called: Method): Signature => `i32(${called.params.map(passedAs).join(',')})` as Signature;

const SCALARS: Readonly<Record<string, string>> = {
  ptr: 'uint64',
  u64: 'uint64',
  u32: 'uint32',
  i32: 'int32',
  i16: 'int16',
};

/**
 * A structure by value is passed as one of the same size made of 32-bit integers: both conventions look at size and
 * class alone (System V: two registers for a GUID, the stack beyond that; Windows: a pointer to a copy), and koffi
 * copies it from a typed array without naming members.
 */
const byValue = new Map<number, KoffiType>();
function typeOf(koffi: Koffi, passed: string): string | KoffiType {
  const scalar = SCALARS[passed];
  if (scalar !== undefined) return scalar;
  const size = Number(/^value(\d+)$/.exec(passed)?.[1]);
  if (size % 4 !== 0) throw new RangeError(`a structure of ${size} bytes cannot be passed by value`);
  let type = byValue.get(size);
  if (type === undefined) byValue.set(size, (type = koffi.struct({ words: koffi.array('uint32', size / 4) })));
  return type;
}

const prototypes = new Map<Signature, KoffiType>();
/** The prototype of a COM method. */
export function prototype(koffi: Koffi, signature: Signature): KoffiType {
  let found = prototypes.get(signature);
  if (found === undefined) {
    const [, result = '', params = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? [];
    const types = params === '' ? [] : params.split(',').map((p) => typeOf(koffi, p));
    prototypes.set(signature, (found = koffi.proto(SCALARS[result] ?? result, [SCALARS['ptr']!, ...types])));
  }
  return found;
}

export const QUERY_INTERFACE = { slot: 0, signature: 'i32(ptr,ptr)' as Signature };
export const ADD_REF = { slot: 1, signature: 'u32()' as Signature };
export const RELEASE = { slot: 2, signature: 'u32()' as Signature };
/** IClassFactory. */
export const CREATE_INSTANCE = { slot: 3, signature: 'i32(ptr,ptr,ptr)' as Signature };

/** The contract's only interface that the harness implements and a provider calls. */
export const ON_NOTIFY = method('IVdsAdviseSink.OnNotify');

/** Functions by their address, decoded once: decoding at each call is thirty times slower than the call itself. */
export class Functions {
  private readonly decoded = new Map<Signature, Map<Address, AsyncFunction>>();

  constructor(
    private readonly koffi: Koffi,
    private readonly memory: Foreign,
  ) {}

  /** The function in a slot. Every call looks, as an object may change its vtable (a tear-off becoming real does). */
  at(object: Address, slot: number, signature: Signature): AsyncFunction {
    const vtable = this.memory.pointer(object);
    const address = vtable === 0 ? 0 : this.memory.pointer(vtable + slot * 8);
    if (address === 0) throw new ProviderProtocolError(`slot ${slot} of the object's vtable is empty`);
    let known = this.decoded.get(signature);
    if (known === undefined) this.decoded.set(signature, (known = new Map()));
    let found = known.get(address);
    if (found === undefined) {
      // Asynchronous throughout: a synchronous call that waits for a thread of the provider's which calls the sink
      // would never return.
      found = (this.koffi.decode(BigInt(address), prototype(this.koffi, signature)) as { async: AsyncFunction }).async;
      known.set(address, found);
    }
    return found;
  }
}
