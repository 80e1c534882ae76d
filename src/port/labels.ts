// The names by which reports call the objects of a check, so that two runs of one seed read alike: lun#1, subsystem#2.
import { DEVICE_KINDS, PROVIDER_KIND } from '../contract/generated/objects.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import type { Handle } from '../contract/tables.js';

/** Structures that carry an object's own id, and the word a report uses for that kind of object. */
export const KIND_BY_STRUCTURE: Readonly<Record<string, string>> = {
  [PROVIDER_KIND.properties.structure]: PROVIDER_KIND.name,
  ...Object.fromEntries(
    Object.values(DEVICE_KINDS).flatMap((kind) => kind.properties.map((each) => [each.structure, kind.slug])),
  ),
};

/** The kinds of object that implement an interface; any other interface has a kind of its own. */
const KINDS_BY_INTERFACE = new Map<string, string[]>([
  ['IUnknown', []],
  ['IVdsAdviseSink', ['sink']],
  ['IVdsAsync', ['async']],
  ['IEnumVdsObject', ['enum']],
]);
for (const { slug, interfaces } of Object.values(DEVICE_KINDS))
  for (const { name } of interfaces) KINDS_BY_INTERFACE.set(name, [...(KINDS_BY_INTERFACE.get(name) ?? []), slug]);

/** The kind of object behind an interface pointer; undefined where objects of several kinds implement it. */
function kindOf(interfaceName: string): string | undefined {
  const [kind, ...others] = KINDS_BY_INTERFACE.get(interfaceName) ?? [PROVIDER_KIND.name];
  return others.length > 0 ? undefined : kind;
}

/**
 * The canonical form of a GUID that may be braced, in upper case or without its hyphens: each provider writes ids as it
 * likes.
 */
const canonical = (guid: string): Guid =>
  CANONICAL.test(guid)
    ? guid
    : guid
        .replace(/[{}-]/g, '')
        .toLowerCase()
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An object behind one interface pointer or several. */
interface Thing {
  kind: string | undefined;
  id: Guid | undefined;
  /** Given where no id was known when somebody asked. */
  label: string | undefined;
}

/**
 * Released pointers that stay known: more than the calls of a trace name, so that a long check does not keep each that
 * it ever had.
 */
const RELEASED_KEPT = 8192;

/**
 * Replaces what a report must not depend on: object ids made by a provider become lun#1, in the order in which they
 * were first seen.
 */
export class Labels {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly things = new Map<Handle, Thing>();
  /** The pointers that were released, the newest last. */
  private released: Handle[] = [];

  /** Names an id the first time it is seen. */
  learn(kind: string, guid: string): void {
    if (this.names.has(guid)) return;
    const id = canonical(guid);
    if (!this.names.has(id)) this.names.set(id, this.next(kind));
  }

  /** Takes note of an interface pointer. */
  point(handle: Handle, interfaceName: string): void {
    if (!this.things.has(handle))
      this.things.set(handle, { kind: kindOf(interfaceName), id: undefined, label: undefined });
  }

  /** Takes note that a pointer is of the object behind another one. */
  pointSame(handle: Handle, other: Handle, interfaceName: string): void {
    this.point(other, interfaceName);
    const thing = this.things.get(other) as Thing;
    thing.kind ??= kindOf(interfaceName);
    this.things.set(handle, thing);
  }

  /** Takes note that the last reference by a pointer was given back; no other pointer gets its handle. */
  forget(handle: Handle): void {
    this.released.push(handle);
    if (this.released.length < 2 * RELEASED_KEPT) return;
    for (const old of this.released.splice(0, RELEASED_KEPT)) this.things.delete(old);
  }

  /** Takes note of the id of the object behind a pointer. */
  identify(handle: Handle, guid: string): void {
    const thing = this.things.get(handle);
    if (thing === undefined || thing.id === guid) return;
    thing.id = canonical(guid);
    if (thing.label !== undefined && !this.names.has(thing.id)) this.names.set(thing.id, thing.label);
  }

  /** The name of the object behind a pointer. */
  of(handle: Handle, interfaceName = 'IUnknown'): string {
    this.point(handle, interfaceName);
    const thing = this.things.get(handle) as Thing;
    const kind = thing.kind ?? 'object';
    if (thing.id === undefined) return (thing.label ??= this.next(kind));
    this.learn(kind, thing.id);
    return this.names.get(thing.id) as string;
  }

  /**
   * The text with every known GUID replaced by its name, and any other but GUID_NULL by guid#n; also where it stands
   * without hyphens, as in serial numbers that providers make of an object's id.
   */
  apply(text: string): string {
    return this.applied(text).text;
  }

  /** The same, with the names that came in, each once. */
  applied(text: string): { readonly text: string; readonly named: readonly string[] } {
    const named = new Set<string>();
    const replaced = text
      .replace(
        /\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?|(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])/g,
        (found) => {
          const id = canonical(found);
          if (id === NULL_GUID) return found;
          this.learn('guid', id);
          const name = this.names.get(id) ?? found;
          named.add(name);
          return name;
        },
      )
      // `LUN lun#1` says its kind twice.
      .replace(/\b([a-z]+) (\1#\d+)/gi, '$2');
    return { text: replaced, named: [...named] };
  }

  /** Begins anew, as for another check. Of the pointers, those that are held stay known. */
  clear(held: ReadonlyMap<Handle, unknown> = new Map()): void {
    this.names.clear();
    this.counts.clear();
    this.released = [];
    for (const [handle, thing] of this.things) {
      if (held.has(handle)) thing.label = undefined;
      else this.things.delete(handle);
    }
  }

  private next(kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return `${kind}#${count}`;
  }
}
