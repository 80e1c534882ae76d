// Other ids for the same objects: for a subsystem that was gone, as ids stay for what is there both before and after a
// Reenumerate, and this was not; and for all but the provider when it is loaded again, as only its own id persists.
import type { Guid } from '../../src/contract/guid.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import { HR } from '../../src/contract/hresult.js';
import type { StorageArray } from '../in-memory/array/array.js';
import { Inventory } from '../in-memory/cache/inventory.js';
import { ProviderObject } from '../in-memory/objects/provider.js';

/** Puts other ids in the place of ids wherever they stand in a value, keys included. */
function renumbered(value: unknown, ids: ReadonlyMap<Guid, Guid>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (value instanceof Map) {
    const entries = [...value].map((entry) => renumbered(entry, ids) as [unknown, unknown]);
    value.clear();
    for (const [key, held] of entries) value.set(key, held);
  } else if (value instanceof Set) {
    const items = [...value].map((item) => renumbered(item, ids));
    value.clear();
    for (const item of items) value.add(item);
  } else if (value !== null && typeof value === 'object')
    for (const [key, held] of Object.entries(value)) Reflect.set(value, key, renumbered(held, ids));
  return value;
}

/** The ids of a device and of all that is in it. */
function idsIn(value: unknown): readonly Guid[] {
  if (value instanceof Map) return [...value.values()].flatMap(idsIn);
  if (value === null || typeof value !== 'object' || !('id' in value)) return [];
  return [String(value.id), ...Object.values(value).flatMap(idsIn)];
}

/** How many provider objects are loaded; absent until one was. */
const LOADED = new WeakMap<StorageArray, number>();

/** The array's part of a LUN's identification, which its ids had at first. */
const SERIAL = /[\da-f]{32}$/i;

/** Gives everything new ids when it is loaded again, unless another provider object is loaded and knows the old. */
export class NumbersWhenLoaded extends ProviderObject {
  protected override onLoad(...given: Parameters<ProviderObject['onLoad']>): ReturnType<ProviderObject['onLoad']> {
    const { array, system } = this;
    const loaded = LOADED.get(array);
    if (!this.loaded && loaded === 0) {
      const all = [...array.subSystems.values()].flatMap(idsIn);
      const ids = new Map(all.map((id) => [id, array.ids.next('loaded')]));
      for (const held of [array.subSystems, system.gate, system.events]) renumbered(held, ids);
    }
    const answer = super.onLoad(...given);
    LOADED.set(array, (loaded ?? 0) + 1);
    return answer;
  }

  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    if (this.loaded) LOADED.set(this.array, (LOADED.get(this.array) ?? 1) - 1);
    return super.onUnload();
  }

  protected override queryIfCreatedLun(
    ...[path, information]: Parameters<ProviderObject['queryIfCreatedLun']>
  ): ReturnType<ProviderObject['queryIfCreatedLun']> {
    const serials = [path, information?.serialNumber].map((text) => SERIAL.exec(text ?? '')?.[0]);
    for (const id of this.loaded ? this.inventory.devices.keys() : []) {
      const serial = SERIAL.exec(this.array.find(id, 'lun')?.lun.identification ?? '')?.[0];
      if (serial !== undefined && serials.includes(serial)) return { hr: HR.S_OK, out: { lunId: id } };
    }
    return super.queryIfCreatedLun(path, information);
  }
}

/** Gives a subsystem that it did not reach, and all that is in it, new ids when it is back. */
export class NumbersWhatReturns extends Inventory {
  private readonly away = new Set<object>();

  override reenumerate(): readonly VDS_NOTIFICATION[] {
    const all = [...this.array.subSystems.values()];
    for (const subSystem of all.filter(({ connected }) => !connected)) this.away.add(subSystem);
    for (const subSystem of all.filter((each) => each.connected && this.away.delete(each))) {
      const ids = new Map(idsIn(subSystem).map((id) => [id, this.array.ids.next('returned')]));
      renumbered(this.array.subSystems, ids);
    }
    return super.reenumerate();
  }
}
