// Calls of the benchmarks: one LUN's GetProperties by each transport, and the bare things that it is compared with.
import { createInMemory } from '../providers/in-memory/adapter.js';
import { method } from '../src/contract/tables.js';
import { encodeArguments, encodeOutputs, type Json } from '../src/contract/codec.js';
import { enumerate } from '../src/truth/read-inventory.js';
import { load } from '../src/lab/system.js';
import type { IVdsLun } from '../src/port/generated/typed.js';
import type { Port } from '../src/port/port.js';
import { Session } from '../src/port/session.js';

interface Subject {
  readonly session: Session;
  readonly lun: IVdsLun;
}

/** Loads a provider and finds its first LUN. */
export async function subjectOn(port: Port): Promise<Subject> {
  const session = new Session(port);
  const { hw } = await load(session);
  const subSystems = (await hw.querySubSystems()).out.enum;
  if (subSystems === null || typeof subSystems === 'symbol') throw new Error('no subsystems');
  const [first] = await enumerate(subSystems, 'IVdsSubSystem');
  const luns = (await first?.queryLuns())?.out.enum;
  if (luns === null || luns === undefined || typeof luns === 'symbol') throw new Error('no LUNs');
  const [lun] = await enumerate(luns, 'IVdsLun');
  if (lun === undefined) throw new Error('no LUN');
  return { session, lun };
}

export const inMemory = (): Promise<Subject> => subjectOn(createInMemory({ seed: 'bench' }));

/** The JSON that a GetProperties of a LUN takes there and back, for echoes that carry the same bytes. */
export async function wireBodies(subject: Subject): Promise<{ readonly request: string; readonly reply: Json }> {
  const called = method('IVdsLun.GetProperties');
  const { hr, out } = await subject.session.invoke(subject.lun.handle, called.fullName, {});
  return {
    request: JSON.stringify({ args: encodeArguments(called, {}) }),
    reply: { hr, out: encodeOutputs(called, out) },
  };
}
