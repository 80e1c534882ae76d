// How a call reaches this provider's objects, and what every failing answer looks like.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { failed, HR } from '../../src/contract/hresult.js';
import { method, type MethodName } from '../../src/contract/tables.js';
import { ObjectServer, type CallContext, type Servant } from '../../src/provider/object-server.js';
import type { Call, Reply } from '../../src/provider/port.js';
import { Failure } from './failure.js';
import { InMemoryObject } from './object.js';

/** The checks that come before any method: the object's own, then NULL for an out pointer that is required. */
export function guard(servant: Servant, name: MethodName, { nullOuts }: CallContext): number | undefined {
  // First the object: a deleted one owes VDS_E_OBJECT_DELETED whatever its arguments are.
  const refused = servant instanceof InMemoryObject ? servant.refuse(name) : undefined;
  if (refused !== undefined || nullOuts.size === 0) return refused;
  return method(name).outs.some((p) => !p.nullable && nullOuts.has(p.name)) ? HR.E_INVALIDARG : undefined;
}

export function unimplemented(servant: Servant): number {
  return servant instanceof InMemoryObject ? servant.unimplemented() : HR.E_NOTIMPL;
}

export class InMemoryServer extends ObjectServer {
  override async invoke(call: Call): Promise<Reply> {
    const reply = await this.attempt(call);
    return failed(reply.hr) ? { hr: reply.hr, out: this.failureOutputs(call, reply.out) } : reply;
  }

  /** Interface pointers and strings are NULL after a failure, so that a caller who releases or frees them does no harm; the rest is left alone. */
  protected failureOutputs(call: Call, given: Reply['out']): Reply['out'] {
    const out: Record<string, unknown> = { ...given };
    for (const { name, type } of method(call.method).outs) {
      if (call.nullOuts?.includes(name) === true || (out[name] !== undefined && out[name] !== UNTOUCHED)) continue;
      out[name] = type.kind === 'interface' || type.kind === 'wstr' ? null : UNTOUCHED;
    }
    return out;
  }

  private async attempt(call: Call): Promise<Reply> {
    try {
      return await super.invoke(call);
    } catch (error) {
      if (error instanceof Failure) return { hr: error.hr, out: {} };
      throw error;
    }
  }
}
