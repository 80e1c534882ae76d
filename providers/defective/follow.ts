// Follows objects from the calls that hand them out, so that a defect can concern just those: what one query lists,
// what one method creates, whatever interface they are then asked for.
import { method, type Handle, type MethodName } from '../../src/contract/tables.js';
import type { Call, Port, Reply } from '../../src/port/port.js';
import type { Overrides } from './override.js';

/**
 * Changes the answer of a method on a followed object; `number` tells which call of a starting method led to it, from
 * 1.
 */
type ChangedAnswer = (reply: Reply, call: Call, number: number) => Reply | Promise<Reply>;

interface Following {
  /**
   * The methods whose results are followed: objects, enumerators with all that they list, operations with what they
   * made.
   */
  readonly from: readonly MethodName[];
  /** By method; `*` stands for every other. */
  readonly change: Readonly<Partial<Record<MethodName | '*', ChangedAnswer>>>;
}

const isHandle = (value: unknown): value is Handle => typeof value === 'number';
const isPointer = (called: Call, name: string): boolean =>
  method(called.method).outs.some((o) => o.name === name && o.type.kind === 'interface');

/** The pointers in an answer: interface parameters, the elements of Next, and what an operation made. */
function pointers(call: Call, { out }: Reply): Handle[] {
  const found: Handle[] = [];
  for (const [name, value] of Object.entries(out)) {
    if (isHandle(value) && isPointer(call, name)) found.push(value);
    if (name === 'objectArray' && Array.isArray(value)) found.push(...value.filter(isHandle));
    if (name === 'asyncOut' && typeof value === 'object' && value !== null) {
      for (const arm of Object.values(value))
        if (typeof arm === 'object' && arm !== null) found.push(...Object.values(arm as object).filter(isHandle));
    }
  }
  return found;
}

/**
 * Overrides that change what followed objects answer. `marks` holds them, with the number of the call that led to each.
 */
export function follow({ from, change }: Following, marks = new Map<Handle, number>()): Overrides {
  let started = 0;
  return {
    invoke: async (call, next) => {
      const reply = await next();
      const number = marks.get(call.object);
      if (from.includes(call.method)) {
        started += 1;
        for (const handle of pointers(call, reply)) marks.set(handle, started);
      } else if (
        number !== undefined &&
        (call.method.startsWith('IEnumVdsObject.') || call.method === 'IVdsAsync.Wait')
      ) {
        for (const handle of pointers(call, reply)) marks.set(handle, number);
      }
      const changed = number === undefined ? undefined : (change[call.method] ?? change['*']);
      return changed === undefined ? reply : changed(reply, call, number ?? 0);
    },
    queryInterface: async (object, _name, next) => {
      const reply = await next();
      const number = marks.get(object);
      if (number !== undefined && reply.object !== null) marks.set(reply.object, number);
      return reply;
    },
  };
}

/** The answer with members of a structure changed, where it has one. */
export function withMembers(reply: Reply, name: string, members: Readonly<Record<string, unknown>>): Reply {
  const value = reply.out[name];
  return typeof value === 'object' && value !== null
    ? { ...reply, out: { ...reply.out, [name]: { ...value, ...members } } }
    : reply;
}

/** A query's answer with nothing left in it: the enumerator is run to its end, and what it listed is given back. */
export async function emptied(inner: Port, reply: Reply): Promise<Reply> {
  const enumerator = reply.out['enum'];
  if (!isHandle(enumerator)) return reply;
  for (;;) {
    const { out } = await inner.invoke({ object: enumerator, method: 'IEnumVdsObject.Next', args: { celt: 16 } });
    const objects = Array.isArray(out['objectArray']) ? out['objectArray'].filter(isHandle) : [];
    if (objects.length === 0) return reply;
    for (const object of objects) await inner.release(object);
  }
}

/** A defect that answers one code where the provider answers another, on these methods. */
export const answering = (methods: readonly MethodName[], hr: number, instead: number) => (): Overrides => ({
  invoke: async (call, next) => {
    const reply = await next();
    return methods.includes(call.method) && reply.hr === hr ? { ...reply, hr: instead } : reply;
  },
});
