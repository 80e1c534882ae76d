// How a method is called, worked out once from the contract: its slot and signature, what is passed for each parameter,
// and its outputs.
import { method, type Method, type MethodName, type ParamDef } from '../../src/contract/tables.js';
import { pointerAt } from './memory.js';
import { Outs, type OutArea } from './outs.js';
import { signatureOf, type Signature } from './vtable.js';
import { compileWrite, integerWithin, sizeOf, unsigned64, type WriteContext } from './writing.js';

/** The native argument for one parameter: an integer, an address, or a structure by value as its words. */
type Passed = number | bigint | { readonly words: Uint32Array };
type Pass = (context: WriteContext, value: unknown) => Passed;

function compilePass(param: ParamDef, path: string): Pass {
  const { type, abi } = param;
  switch (abi) {
    case 'u64': {
      const check = unsigned64(path);
      return (_, value) => check(value);
    }
    case 'u32': {
      const check = integerWithin(path, 0, 0xffffffff);
      return (_, value) => check(value);
    }
    case 'i16': {
      const check = integerWithin(path, -0x8000, 0x7fff);
      return (_, value) => check(value);
    }
    case 'i32': {
      const check = integerWithin(path, -0x80000000, 0x7fffffff);
      return type.kind === 'bool'
        ? (_, value) => check(typeof value === 'boolean' ? Number(value) : value)
        : (_, value) => check(value);
    }
    case 'value': {
      const size = sizeOf(type);
      const write = compileWrite(type, path);
      return (context, value) => {
        const at = context.arena.reserve(size);
        const { block } = context.arena;
        write(context, block, at, value);
        return { words: new Uint32Array(block.buffer.buffer, at, size / 4) };
      };
    }
    // Text, arrays and the like are written as pointers; the pointer itself is what is passed.
    case 'ptr': {
      const write = compileWrite(type, path);
      return (context, value) => {
        const at = context.arena.reserve(8);
        const { block } = context.arena;
        write(context, block, at, value);
        return pointerAt(block, at);
      };
    }
  }
}

class Plan {
  readonly signature: Signature;
  readonly outs: Outs;
  private readonly params: readonly { readonly name: string; readonly pass: Pass | undefined }[];

  constructor(readonly method: Method) {
    this.signature = signatureOf(method);
    this.outs = new Outs(method);
    this.params = method.params.map((p) => ({
      name: p.name,
      pass: p.direction === 'in' ? compilePass(p, `${method.fullName}.${p.name}`) : undefined,
    }));
  }

  /** The arguments after `this`. Throws CodecError for an argument that does not fit its type. */
  arguments(context: WriteContext, area: OutArea, args: Readonly<Record<string, unknown>>): Passed[] {
    return this.params.map(({ name, pass }) =>
      pass === undefined ? this.outs.address(area, name) : pass(context, args[name]),
    );
  }
}

const plans = new Map<MethodName, Plan>();

/** A method's plan, made when it is first called. */
export function planFor(name: MethodName): Plan {
  let plan = plans.get(name);
  if (plan === undefined) plans.set(name, (plan = new Plan(method(name))));
  return plan;
}
