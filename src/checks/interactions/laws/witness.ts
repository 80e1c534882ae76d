// The things that a caller holds during a change: enumerators that were begun before, which must go on showing what
// there was, and references, of which reading the system must not leave more.
import { counted } from '../../../contract/wording.js';
import type { Guid } from '../../../contract/guid.js';
import { formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import type { DeviceInterface } from '../../../contract/objects.js';
import { method, type MethodName } from '../../../contract/tables.js';
import type { Circumstances, SystemState } from '../../../model/index.js';
import type { IEnumVdsObject } from '../../../port/generated/typed.js';
import type { Result, VdsObject } from '../../../port/objects.js';
import { displayName } from '../../../port/show-value.js';
import { inconsistencies } from '../../../truth/consistency.js';
import type { Observation } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';
import { everyObject, type Asks } from './turns.js';
import type { Handles } from '../handles.js';

/** The lists that changes add to and take from. */
const LISTS: readonly MethodName[] = ['IVdsSubSystem.QueryLuns', 'IVdsSubSystemIscsi.QueryTargets'];
const MOST = 64;

interface Broken {
  readonly requirement: string;
  readonly problem: string;
  readonly evidence?: Evidence;
}

interface Begun {
  readonly by: MethodName;
  readonly enumerator: IEnumVdsObject;
  /** The objects that it had given before the change. */
  readonly first: readonly VdsObject[];
  /** How many objects there were. */
  readonly count: number;
}

/** The next objects, up to `celt`. */
async function next(
  enumerator: IEnumVdsObject,
  celt: number,
): Promise<{ readonly objects: readonly VdsObject[]; readonly result: Result<object> }> {
  const result = await enumerator.next({ celt });
  const { objectArray } = result.out;
  return { objects: Array.isArray(objectArray) ? (objectArray as readonly VdsObject[]) : [], result };
}

/** The id that each of these objects reports, or that it is gone. */
async function idsOf(objects: readonly VdsObject[], as: DeviceInterface): Promise<string> {
  const ids: string[] = [];
  for (const object of objects) {
    const typed = await object.as(as);
    const { fullName, outs } = method(`${as}.GetProperties`);
    const result = await typed?.call(fullName, {});
    const properties = result?.out[outs[0]?.name ?? ''] as { readonly id?: Guid } | null | undefined;
    ids.push(properties?.id ?? 'gone');
    await typed?.release();
  }
  return ids.join();
}

/** The same in any order. */
const namesOf = async (objects: readonly VdsObject[], as: DeviceInterface): Promise<string> =>
  (await idsOf(objects, as)).split(',').sort().join();

/** Enumerators over a change. */
export class HeldEnumerators {
  private readonly begun: Begun[] = [];

  constructor(private readonly ctx: Context) {}

  /** Begins to enumerate the LUNs and targets of a subsystem. */
  async begin(handles: Handles, state: SystemState, subSystem: Guid): Promise<void> {
    for (const by of LISTS) {
      const object = await handles.forMethod(by, state, subSystem);
      const result = (await object?.call(by, {})) as Result<{ enum: IEnumVdsObject | null }> | undefined;
      if (result?.hr !== HR.S_OK) continue;
      const enumerator = this.ctx.duties.output('VDS-6.6a', result, 'enum');
      const count = state.ofKind(by.endsWith('Luns') ? 'IVdsLun' : 'IVdsIscsiTarget', subSystem).length;
      this.begun.push({ by, enumerator, first: (await next(enumerator, 1)).objects, count });
    }
  }

  /** Goes through them to the end, and again from the beginning; gives what is not as it was when they were begun. */
  async *end(): AsyncGenerator<Broken> {
    for (const { by, enumerator, first, count } of this.begun.splice(0)) {
      const as = by === 'IVdsSubSystem.QueryLuns' ? 'IVdsLun' : 'IVdsIscsiTarget';
      const early = await this.cloneOf(enumerator, MOST);
      const rest = await next(enumerator, MOST);
      const toCome = early.objects;
      const isOther = toCome !== undefined && (await namesOf(toCome, as)) !== (await namesOf(rest.objects, as));
      await early.release();
      const all = [...first, ...rest.objects];
      // One more than there were, unless there are too many to be gone through to the end.
      const asked = rest.objects.length < MOST ? all.length + 1 : all.length;
      if (count < MOST && all.length !== count)
        yield {
          requirement: all.length < count ? 'VDS-6.5d' : 'VDS-6.5a',
          problem:
            `an enumerator of ${displayName(by)} from before the change gave ${counted(all.length, 'object')}, and ` +
            `there were ${count} when it was made`,
          evidence: rest.result,
        };
      else if (isOther)
        yield {
          requirement: 'VDS-6.4b',
          problem:
            `a clone of an enumerator of ${displayName(by)} from before the change, which had given ` +
            `${counted(first.length, 'object')}, gave ${counted(toCome.length, 'object')} that are not those ` +
            `${rest.objects.length} which the enumerator gave next`,
          evidence: early.result,
        };
      const reset = await enumerator.reset();
      const again = await next(enumerator, asked);
      const same = again.objects.length === all.length && (await idsOf(again.objects, as)) === (await idsOf(all, as));
      if (reset.hr === HR.S_OK && !same)
        yield {
          requirement: 'VDS-6.5a',
          problem:
            `after Reset an enumerator of ${displayName(by)} from before the change gave ${again.objects.length} ` +
            `objects, and not those ${all.length} that it had given`,
          evidence: again.result,
        };
      await enumerator.reset();
      const late = await this.cloneOf(enumerator, asked);
      const copies = late.objects;
      if (copies !== undefined && copies.length !== all.length)
        yield {
          requirement: 'VDS-6.4b',
          problem:
            `a clone of an enumerator of ${displayName(by)} from before the change gave ` +
            `${counted(copies.length, 'object')}, and the enumerator gives ${all.length}`,
          evidence: late.result,
        };
      const [kept, ...others] = all;
      const before = kept === undefined ? '' : await idsOf([kept], as);
      for (const object of [...others, ...again.objects, enumerator]) await object.release();
      await late.release();
      if (kept !== undefined && (await idsOf([kept], as)) !== before)
        yield {
          requirement: 'VDS-12.3b',
          problem: `an object that ${displayName(by)} gave is no more when its enumerator was released`,
        };
      await kept?.release();
    }
  }

  /** A clone, and the objects that it gives next; none where the provider makes no clone. */
  private async cloneOf(enumerator: IEnumVdsObject, count: number) {
    const result = await enumerator.clone();
    const clone = result.hr === HR.S_OK ? this.ctx.duties.output('VDS-6.6a', result, 'enum') : undefined;
    const objects = clone === undefined ? undefined : (await next(clone, count)).objects;
    const release = async (): Promise<void> => {
      for (const object of objects ?? []) await object.release();
      await clone?.release();
    };
    return { result, objects, release };
  }
}

/** A contradiction within a reading is reported once. */
export class Contradictions {
  private readonly told = new Set<string>();

  /** Each requirement with what is new of it. */
  fresh(observation: Observation): ReadonlyMap<string, string> {
    const found = new Map<string, string[]>();
    for (const { requirement, message } of inconsistencies(observation)) {
      if (this.told.has(message)) continue;
      this.told.add(message);
      found.set(requirement, [...(found.get(requirement) ?? []), message]);
    }
    return new Map(
      [...found].map(([requirement, [first, ...others]]) => [
        requirement,
        `${first}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
      ]),
    );
  }
}

/** References that are held over readings of the system. */
export class ReferenceCounts {
  private counts: ReadonlyMap<VdsObject, number> = new Map();

  constructor(private readonly objects: readonly VdsObject[]) {}

  private async count(): Promise<Map<VdsObject, number>> {
    const counts = new Map<VdsObject, number>();
    for (const object of this.objects) {
      await object.addRef();
      counts.set(object, await object.release());
    }
    return counts;
  }

  async begin(): Promise<void> {
    this.counts = await this.count();
  }

  /** The objects of which each of `readings` has left at least one reference behind. */
  async grown(readings: number): Promise<readonly { readonly object: VdsObject; readonly by: number }[]> {
    const now = await this.count();
    return this.objects.flatMap((object) => {
      const by = (now.get(object) ?? 0) - (this.counts.get(object) ?? 0);
      return by >= readings ? [{ object, by }] : [];
    });
  }
}

/** Whoever holds references, and reports what is wrong with them. */
export interface Holder {
  readonly ctx: Context;
  readonly handles: Handles;
  readonly around: Circumstances;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

/** Every held reference to an object that is there, and is asked, still is one; then all of them are held. */
export async function presentAnswer(holder: Holder, state: SystemState, asks: Asks = everyObject): Promise<void> {
  for (const [id, object] of holder.handles.present(state)) {
    if (!asks(id)) continue;
    const result = await object.call(method(`${object.interfaceName}.GetProperties`).fullName, {});
    if (holder.around.faulted) continue;
    holder.ctx.duties.judging('VDS-7.1a');
    if (!succeeded(result.hr))
      holder.unkept(
        'VDS-7.1a',
        `a reference to ${id}, which is listed, answered ${formatHresult(result.hr)} to GetProperties`,
        result,
      );
  }
  await holder.handles.holdAll(state);
}

/** Every held reference to an object that is gone answers VDS_E_OBJECT_DELETED. */
export async function departedAreGone(holder: Holder, before: SystemState, state: SystemState): Promise<void> {
  for (const [id, object] of holder.handles.departed(state)) {
    const result = await object.call(method(`${object.interfaceName}.GetProperties`).fullName, {});
    holder.handles.depart(id, before.get(id));
    if (holder.around.faulted) continue;
    holder.ctx.duties.judging('VDS-7.1a');
    if (result.hr !== HR.VDS_E_OBJECT_DELETED)
      holder.unkept(
        'VDS-7.1a',
        `a reference to ${id}, which is no longer listed, answered ${formatHresult(result.hr)} to GetProperties and ` +
          'must answer VDS_E_OBJECT_DELETED',
        result,
      );
  }
}
