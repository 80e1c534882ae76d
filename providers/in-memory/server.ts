// How a call reaches this provider's objects, and what every failing answer looks like.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { failed, HR } from '../../src/contract/hresult.js';
import { method, type MethodName } from '../../src/contract/tables.js';
import { ObjectServer, type CallContext, type Servant, type ServerOptions } from '../../src/port/object-server.js';
import type { Call, Reply } from '../../src/port/port.js';
import { leastOutput } from './allocator.js';
import { Failure } from './failure.js';
import { Held, Request, type Gate } from './array/gate.js';
import { DeviceObject, InMemoryObject } from './objects/object.js';
import type { System } from './parts.js';

/**
 * The checks that come before any method: the object's own, NULL for an out pointer that is required, and memory for
 * what the caller is to be given.
 */
export const guardOf =
  ({ allocator, crashes }: System) =>
  (servant: Servant, name: MethodName, { nullOuts }: CallContext): number | undefined => {
    if (crashes !== undefined && crashes.size > 0 && servant instanceof DeviceObject && crashes.has(servant.id))
      process.kill(process.pid, 'SIGKILL');
    // First the object: a deleted one must answer VDS_E_OBJECT_DELETED, whatever the arguments.
    const refused = servant instanceof InMemoryObject ? servant.refuse(name) : undefined;
    if (refused !== undefined) return refused;
    const called = method(name);
    if (nullOuts.size > 0 && called.outs.some((p) => !p.nullable && nullOuts.has(p.name))) return HR.E_INVALIDARG;
    // Before the method changes anything. What lets a fault be healed does not depend on the memory that it took.
    return leastOutput(called) > allocator.free && called.interfaceName !== 'IVdsConformanceControl'
      ? HR.E_OUTOFMEMORY
      : undefined;
  };

export function unimplemented(servant: Servant): number {
  return servant instanceof InMemoryObject ? servant.unimplemented() : HR.E_NOTIMPL;
}

export class InMemoryServer extends ObjectServer {
  constructor(
    private readonly gate: Gate,
    options: ServerOptions,
  ) {
    super(options);
  }

  override async invoke(call: Call): Promise<Reply> {
    const reply = await this.attempt(call);
    return failed(reply.hr) ? { hr: reply.hr, out: this.failureOutputs(call, reply.out) } : reply;
  }

  /**
   * Interface pointers and strings are NULL after a failure, so that a caller who releases or frees them does no harm;
   * the rest is left alone.
   */
  protected failureOutputs(call: Call, given: Reply['out']): Reply['out'] {
    const out: Record<string, unknown> = { ...given };
    for (const { name, type } of method(call.method).outs) {
      if (call.nullOuts?.includes(name) === true || (out[name] !== undefined && out[name] !== UNTOUCHED)) continue;
      out[name] = type.kind === 'interface' || type.kind === 'wstr' ? null : UNTOUCHED;
    }
    return out;
  }

  private async attempt(call: Call): Promise<Reply> {
    const request = new Request(call.method);
    for (;;) {
      try {
        return await this.gate.run(request, () => super.invoke(call));
      } catch (error) {
        if (error instanceof Failure) return { hr: error.hr, out: {} };
        if (!(error instanceof Held)) throw error;
        await this.untilEnded(error.until);
      }
    }
  }
}
