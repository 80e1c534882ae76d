// Simple target configuration: a new LUN comes associated with the subsystem's first target.
import type { Handle } from '../../src/contract/tables.js';
import type { Call, Port, Reply } from '../../src/port/port.js';
import { ask, given, interfaceOf, type Overrides } from '../defective/override.js';

/** The id of a subsystem's first target. */
async function firstTarget(inner: Port, subSystem: Handle): Promise<string | undefined> {
  const iscsi = await interfaceOf(inner, subSystem, 'IVdsSubSystemIscsi');
  if (iscsi === null) return undefined;
  const enumerator = given((await ask(inner, iscsi, 'IVdsSubSystemIscsi.QueryTargets', {})).out.enum) ?? null;
  // The query finds the cache damaged.
  if (enumerator === null) {
    await inner.release(iscsi);
    return undefined;
  }
  const [object] = given((await ask(inner, enumerator, 'IEnumVdsObject.Next', { celt: 1 })).out.objectArray) ?? [];
  await inner.release(enumerator);
  await inner.release(iscsi);
  if (object === undefined) return undefined;
  const target = await interfaceOf(inner, object, 'IVdsIscsiTarget');
  const id =
    target === null
      ? undefined
      : given((await ask(inner, target, 'IVdsIscsiTarget.GetProperties', {})).out.targetProp)?.id;
  for (const each of [object, target]) if (each !== null) await inner.release(each);
  return id;
}

/** New LUNs come with the subsystem's one target; others cannot be made. */
export const simpleTargets = (inner: Port): Overrides => {
  const createdOn = new Map<Handle, Handle>();
  const associated = new Set<Handle>();
  /** The first target that was found last, for when the cache is damaged. */
  let last: string | undefined;
  /** Remembers on which subsystem an operation makes a LUN. */
  const created = async (call: Call, next: () => Promise<Reply>): Promise<Reply> => {
    const reply = await next();
    const operation = reply.out['async'];
    if (typeof operation === 'number') createdOn.set(operation as unknown as Handle, call.object);
    return reply;
  };
  return {
    methods: {
      'IVdsSubSystem.CreateLun': created,
      // The second version is of the same object, by another interface.
      'IVdsSubSystem2.CreateLun2': created,
      'IVdsAsync.Wait': async (call, next) => {
        const reply = await next();
        const subSystem = createdOn.get(call.object);
        const made = given(reply.out.asyncOut)?.cl?.lunUnk ?? null;
        if (made === null || subSystem === undefined || associated.has(call.object)) return reply;
        associated.add(call.object);
        const id = (await firstTarget(inner, subSystem)) ?? last;
        last = id;
        const lun = await interfaceOf(inner, made, 'IVdsLunIscsi');
        if (lun === null) return reply;
        if (id !== undefined)
          await ask(inner, lun, 'IVdsLunIscsi.AssociateTargets', { targetIdArray: [id], numberOfTargets: 1 });
        await inner.release(lun);
        return reply;
      },
    },
  };
};
