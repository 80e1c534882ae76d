// Held references: the objects on which the model's commands are called, found by enumeration once and then kept, as a
// caller keeps them.
import type { Guid } from '../../contract/guid.js';
import { OBJECT_STATUS } from '../../contract/generated/enumerations.js';
import { HR } from '../../contract/hresult.js';
import type { InterfaceName, Method, MethodName } from '../../contract/tables.js';
import type { Item, SystemState } from '../../model/index.js';
import type { IEnumVdsObject } from '../../port/generated/typed.js';
import type { Result, TypedInterfaces, VdsObject } from '../../port/objects.js';
import { queryThatLists } from '../../truth/getters.js';
import type { Context } from '../context.js';
import { propertiesOf } from '../devices.js';

/** So many references to what is gone are kept. */
const MOST_GONE = 24;

const interfaceOf = (name: MethodName): keyof TypedInterfaces => name.split('.')[0] as keyof TypedInterfaces;

export class Handles {
  private readonly held = new Map<Guid, VdsObject>();
  private readonly typed = new Map<string, VdsObject | null>();
  /** References to objects that are gone, which answer nothing but that from then on; the oldest first. */
  private readonly departures = new Map<Guid, { readonly item: Item; readonly object: VdsObject }>();

  constructor(private readonly ctx: Context) {}

  /** The object with the interface of a method, or undefined where it is not found or does not have it. */
  async forMethod(name: MethodName, state: SystemState, id: Guid): Promise<VdsObject | undefined> {
    const wanted = interfaceOf(name);
    if (wanted === 'IVdsHwProvider') return this.ctx.system.hw;
    if (wanted.startsWith('IVdsHwProvider')) return this.ofProvider(wanted);
    const key = `${id} ${wanted}`;
    let found = this.typed.get(key);
    if (found === undefined) {
      const object = await this.object(state, id);
      if (object === undefined) return undefined;
      found = object.interfaceName === wanted ? object : await object.as(wanted);
      this.typed.set(key, found);
    }
    return found ?? undefined;
  }

  /** Keeps a reference that a call has handed out. */
  keep(id: Guid, object: VdsObject): void {
    if (!this.held.has(id)) this.held.set(id, object);
  }

  /** Every reference that is held. */
  all(): readonly VdsObject[] {
    return [...this.held.values()];
  }

  /** Takes hold of every object of a state. */
  async holdAll(state: SystemState): Promise<void> {
    for (const { id } of state.items.values()) await this.object(state, id);
  }

  /** The references to objects that are gone. */
  departed(state: SystemState): readonly (readonly [Guid, VdsObject])[] {
    return [...this.held].filter(([id]) => state.get(id) === undefined);
  }

  /** The references to objects that are there. */
  present(state: SystemState): readonly (readonly [Guid, VdsObject])[] {
    return [...this.held].filter(([id]) => state.get(id) !== undefined);
  }

  /** An object is gone; the reference to it stays. `item` is what was known of it, if anything was. */
  depart(id: Guid, item: Item | undefined): void {
    const object = this.held.get(id);
    this.forget(id);
    if (object === undefined || item === undefined) return;
    this.departures.set(item.id, { item, object });
    const [oldest] = this.departures.keys();
    if (this.departures.size > MOST_GONE && oldest !== undefined) this.departures.delete(oldest);
  }

  /** The objects that are gone, and to which references are held. Some providers give what is made again its old id. */
  gone(state: SystemState): readonly Item[] {
    return [...this.departures.values()].flatMap(({ item }) => (state.get(item.id) === undefined ? [item] : []));
  }

  /** The reference to an object that is gone, by the interface of a method; undefined where it does not have it. */
  async ofGone(id: Guid, { interfaceName }: Method): Promise<VdsObject | undefined> {
    const object = this.departures.get(id)?.object;
    if (object === undefined || object.interfaceName === interfaceName) return object;
    return (await object.as(interfaceName as keyof TypedInterfaces)) ?? undefined;
  }

  /** Releases every reference to one object, as a caller that has what it wanted of it; it is found again later. */
  async letGoOf(id: Guid): Promise<void> {
    const typed = [...this.typed].flatMap(([key, object]) => (key.startsWith(id) ? [object] : []));
    const all = new Set([this.held.get(id), ...typed]);
    this.forget(id);
    for (const object of all) await object?.release();
  }

  private forget(id: Guid): void {
    this.held.delete(id);
    for (const key of this.typed.keys()) if (key.startsWith(id)) this.typed.delete(key);
  }

  /**
   * Releases every reference but one to each kind of object, and hands those over; `n` says to which object. Whoever
   * takes them releases them.
   */
  async releaseButOne(n: number): Promise<readonly VdsObject[]> {
    const kinds = new Map<InterfaceName, VdsObject[]>();
    for (const object of this.held.values())
      kinds.set(object.interfaceName, [...(kinds.get(object.interfaceName) ?? []), object]);
    const kept = [...kinds.values()].flatMap((same) => same[n % same.length] ?? []);
    await this.release(kept);
    return kept;
  }

  /** Releases every reference but these. */
  async release(kept: readonly VdsObject[] = []): Promise<void> {
    const gone = [...this.departures.values()].map(({ object }) => object);
    const all = new Set([...this.held.values(), ...this.typed.values(), ...gone]);
    for (const object of kept) all.delete(object);
    this.departures.clear();
    this.held.clear();
    this.typed.clear();
    for (const object of all) await object?.release();
  }

  /** The provider by an interface of its own; undefined where it does not have it. */
  async ofProvider(wanted: InterfaceName): Promise<VdsObject | undefined> {
    const key = `provider ${wanted}`;
    let found = this.typed.get(key);
    if (found === undefined)
      this.typed.set(key, (found = await this.ctx.system.hw.as(wanted as keyof TypedInterfaces)));
    return found ?? undefined;
  }

  /** The provider by the interface that lists what it contains. */
  private async provider(name: string): Promise<VdsObject | null> {
    const { hw } = this.ctx.system;
    return name === hw.interfaceName ? hw : hw.as(name as keyof TypedInterfaces);
  }

  private async object(state: SystemState, id: Guid): Promise<VdsObject | undefined> {
    if (!this.held.has(id)) {
      const item = state.get(id);
      if (item === undefined) return undefined;
      const { method: lister, args } = queryThatLists(item.kind);
      const listing = { by: lister.fullName, as: item.kind };
      const container =
        item.parent === null
          ? await this.provider(lister.interfaceName)
          : await this.forMethod(listing.by, state, item.parent);
      if (container === undefined || container === null) return undefined;
      const result = await container.call(listing.by, args);
      const hasFailed = item.parent !== null && state.member(item.parent, 'status') === OBJECT_STATUS.STATUS_FAILED;
      if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
      if (result.hr === HR.VDS_E_OBJECT_STATUS_FAILED && hasFailed) return undefined;
      const list = result as unknown as Result<{ readonly enum: IEnumVdsObject | null }>;
      for (const object of await this.ctx.duties.list(list, 'enum', listing.as, 'VDS-6.6b'))
        this.keep((await propertiesOf(this.ctx, object, 'VDS-7.9')).id, object);
    }
    return this.held.get(id);
  }
}
