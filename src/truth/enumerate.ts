// The queries of a reading: an answer that is due and does not come ends the reading with the call that failed.
import { UNTOUCHED } from '../contract/codec.js';
import { failed, formatHresult, HR } from '../contract/hresult.js';
import type { IEnumVdsObject, TypedInterfaces } from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';
import type { CallRecord } from '../port/trace.js';

/** A call that had to succeed for the system to be read, and did not. */
export class InventoryUnreadable extends Error {
  constructor(
    readonly record: CallRecord,
    readonly problem: string,
    /** The requirement that an enumeration breaks by it. */
    readonly requirement = 'VDS-6.1',
    /** The requirement of the call, where that handed out an object which is no more. */
    readonly way?: string,
  ) {
    super(problem);
    this.name = 'InventoryUnreadable';
  }
}

/** Answers that any call may give once, without anything being wrong with the system. */
const PASSING: ReadonlySet<number> = new Set<number>([HR.E_OUTOFMEMORY, HR.VDS_E_ANOTHER_CALL_IN_PROGRESS]);

/** Makes a call, and makes it once more where its answer was about the moment only. */
export async function ask<T>(call: () => Promise<Result<T>>): Promise<Result<T>> {
  const first = await call();
  return PASSING.has(first.hr) ? call() : first;
}

/** The value of an output that a success must give. Throws InventoryUnreadable for a failure, NULL or nothing. */
export function outputOf<T, K extends keyof T>(result: Result<T>, name: K): NonNullable<T[K]> {
  if (failed(result.hr)) throw new InventoryUnreadable(result.record, `answered ${formatHresult(result.hr)}`);
  const value = result.out[name];
  if (value === null || value === undefined || value === UNTOUCHED)
    throw new InventoryUnreadable(result.record, `answered success without ${String(name)}`);
  return value as NonNullable<T[K]>;
}

/** More objects than an array has: an enumerator that never ends must not hang a run. */
const MOST_OBJECTS = 100_000;

/**
 * Every object of an enumerator, each with a reference of its own, and the call that gave it. Throws
 * InventoryUnreadable.
 */
export async function listed(
  enumerator: IEnumVdsObject,
): Promise<{ readonly object: VdsObject; readonly record: CallRecord }[]> {
  const found: { object: VdsObject; record: CallRecord }[] = [];
  for (;;) {
    const next = await ask(() => enumerator.next({ celt: 16 }));
    if (failed(next.hr)) throw new InventoryUnreadable(next.record, `answered ${formatHresult(next.hr)}`);
    const objects = Array.isArray(next.out.objectArray) ? (next.out.objectArray as readonly (VdsObject | null)[]) : [];
    for (const object of objects) {
      if (object === null) throw new InventoryUnreadable(next.record, 'returned NULL for an object', 'VDS-6.6a');
      found.push({ object, record: next.record });
    }
    if (next.hr !== HR.S_OK) return found;
    if (found.length > MOST_OBJECTS || objects.length === 0)
      throw new InventoryUnreadable(next.record, 'never came to an end');
  }
}

/** An object of an enumerator as the interface that its query lists. Throws InventoryUnreadable where it lacks that. */
export async function asListed<I extends keyof TypedInterfaces>(
  { object, record }: { readonly object: VdsObject; readonly record: CallRecord },
  name: I,
): Promise<TypedInterfaces[I]> {
  const typed = await object.as(name);
  if (typed === null) throw new InventoryUnreadable(record, `returned an object without ${name}`, 'VDS-6.7a');
  return typed;
}

/**
 * Every object of an enumerator, each with a reference of its own, as the interface asked for. Throws
 * InventoryUnreadable.
 */
export async function enumerate<I extends keyof TypedInterfaces>(
  enumerator: IEnumVdsObject,
  name: I,
): Promise<TypedInterfaces[I][]> {
  const found: TypedInterfaces[I][] = [];
  for (const each of await listed(enumerator)) found.push(await asListed(each, name));
  return found;
}
