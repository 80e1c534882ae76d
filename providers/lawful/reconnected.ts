// A subsystem that was gone, as a provider may take it back: ids stay for what is there both before and after a
// Reenumerate, and this was not.
import type { Guid } from '../../src/contract/guid.js';
import type { VDS_NOTIFICATION } from '../../src/contract/generated/structures.js';
import { Inventory } from '../in-memory/cache/inventory.js';

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
