// Where the objects of a session lie: the subsystem of each, its id and what people call it, learnt from the calls that
// handed it out and from what it says about itself. It asks nothing by itself, so that it costs no call, and an object
// whose cache is damaged keeps its place.
//
//    QuerySubSystems ─► Next ─► subsystem ─► QueryLuns ─► Next ─► LUN ─► QueryPlexes ─► Next ─► plex
//                                    └─────► CreateLun ─► Wait ─► LUN, made by the run
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { succeeded } from '../contract/hresult.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import { method, type Handle } from '../contract/tables.js';
import type { Reply } from '../port/port.js';
import { mapReferences } from '../port/references.js';
import type { Nameable } from './scope.js';
import type { Change } from '../port/session.js';

/** The known facts about one object. Interface pointers to the same object share it. */
export interface Place {
  /** Its subsystem, which for a subsystem is itself; undefined while that is not known, and for what lies in none. */
  subSystem: Place | undefined;
  /** Undefined until GetProperties has reported it. */
  id: Guid | undefined;
  /** Its VDS_OBJECT_TYPE, once its properties are known. */
  type: number | undefined;
  /** The id and the names that GetProperties reported. */
  properties: Nameable | undefined;
  /** A LUN that the run made, or a plex of one. */
  made: boolean;
  /** The drives that a storage pool lies on; undefined until QueryDriveExtents has reported them. */
  drives: readonly Guid[] | undefined;
}

/** An object that lists others, or an operation that may make one. */
interface Source {
  readonly from: Place;
  /** It lists subsystems. */
  readonly subSystems: boolean;
  /** The objects that it gives were made by the run, or belong to a LUN that was. */
  readonly made: boolean;
}

/**
 * An id, and the name by which the object can be known again after a load, when a provider may give its objects other
 * ids.
 */
interface Known {
  readonly place: Place;
  readonly key: string;
  readonly load: number;
}

const WAIT_OUTPUT = method('IVdsAsync.Wait').outs.find((o) => o.name === 'asyncOut')!.type;

/** The kind of device that a structure describes, as a value of VDS_OBJECT_TYPE. */
const TYPE_OF_PROPERTIES: ReadonlyMap<string, number> = new Map(
  Object.values(DEVICE_KINDS).flatMap(({ type, properties }) => properties.map((p) => [p.structure, type] as const)),
);

const nowhere = (): Place => ({
  subSystem: undefined,
  id: undefined,
  type: undefined,
  properties: undefined,
  made: false,
  drives: undefined,
});

/** The names of an object that outlive a reload. */
const keyOf = (properties: Nameable & Readonly<Record<string, unknown>>): string =>
  ['identification', 'iscsiName', 'name', 'internalBusNumber', 'slotNumber', 'tag']
    .map((member) => String(properties[member] ?? ''))
    .join('\n');

export class Whereabouts {
  private readonly places = new Map<Handle, Place>();
  private readonly sources = new Map<Handle, Source>();
  private readonly byId = new Map<Guid, Known>();
  /** The object that an id named before the last load, until its properties bear that out. */
  private readonly claims = new Map<Place, Known>();
  /** A pointer that is held for each COM identity that was asked for. */
  private readonly identities = new Map<number, Handle>();
  /** The other way round. A provider that changes an object's identity has several for one pointer. */
  private readonly identitiesOf = new Map<Handle, number[]>();
  private loads = 0;

  /** A new session begins: its handles are others. */
  begin(): void {
    this.places.clear();
    this.sources.clear();
    this.claims.clear();
    this.identities.clear();
    this.identitiesOf.clear();
    this.loads += 1;
  }

  /** The place of the object behind an interface pointer; undefined where no call handed it out that says. */
  of(handle: Handle): Place | undefined {
    return this.places.get(handle);
  }

  /** The object that an id names since the last load; undefined where none was seen. */
  named(id: Guid): Place | undefined {
    const known = this.byId.get(id);
    return known?.load === this.loads ? known.place : undefined;
  }

  /** QueryInterface answered another pointer to the same object. */
  same(known: Handle, other: Handle): void {
    const place = this.places.get(known);
    if (place === undefined) this.places.delete(other);
    else this.places.set(other, place);
    const source = this.sources.get(known);
    if (source === undefined) this.sources.delete(other);
    else this.sources.set(other, source);
  }

  /** The COM identity of an object was asked for: as long as a pointer is held, no other object has it. */
  identified(object: Handle, identity: number): void {
    const held = this.identities.get(identity);
    const place = held === undefined ? undefined : this.places.get(held);
    if (place !== undefined && place.id !== undefined) this.places.set(object, place);
    else if (held !== object) {
      this.identities.set(identity, object);
      this.identitiesOf.set(object, [...(this.identitiesOf.get(object) ?? []), identity]);
    }
  }

  /** A pointer is held no longer. */
  released(object: Handle): void {
    const place = this.places.get(object);
    if (place !== undefined) this.claims.delete(place);
    this.places.delete(object);
    this.sources.delete(object);
    for (const identity of this.identitiesOf.get(object) ?? [])
      if (this.identities.get(identity) === object) this.identities.delete(identity);
    this.identitiesOf.delete(object);
  }

  /** A call was answered. */
  learn({ method: name, object, args }: Change, { hr, out }: Reply): void {
    if (!succeeded(hr)) return;
    if (name === 'IVdsProviderPrivate.OnLoad') this.loads += 1;
    else if (name === 'IVdsProviderPrivate.GetObject') this.found(args['objectId'] as Guid, out['objectUnk']);
    else if (name === 'IEnumVdsObject.Next') this.listed(object, out['objectArray']);
    else if (name === 'IVdsAsync.Wait') this.finished(object, out['asyncOut']);
    else if (name === 'IVdsStoragePool.QueryDriveExtents') this.extents(object, out['extentArray']);
    else this.answered(name, object, out, args['storagePoolId'] as Guid | undefined);
  }

  /** A storage pool lies where its drives lie. */
  private subSystemOfPool(id: Guid): Place | undefined {
    const [drive] = this.named(id)?.drives ?? [];
    return drive === undefined ? undefined : this.named(drive)?.subSystem;
  }

  private answered(name: Change['method'], object: Handle, out: Reply['out'], pool: Guid | undefined): void {
    const called = method(name);
    const from = this.places.get(object) ?? nowhere();
    this.places.set(object, from);
    for (const { name: param, type } of called.outs) {
      const value = out[param];
      if (type.kind === 'struct' && called.name.startsWith('GetProperties'))
        this.described(from, value, TYPE_OF_PROPERTIES.get(type.name));
      if (type.kind !== 'interface' || !isHandle(value)) continue;
      if (type.name === 'IEnumVdsObject' && name === 'IEnumVdsObject.Clone') this.same(object, value);
      else if (type.name === 'IEnumVdsObject')
        this.sources.set(value, {
          from,
          subSystems: called.name === 'QuerySubSystems',
          made: called.name === 'QueryPlexes' && from.made,
        });
      else if (type.name === 'IVdsAsync')
        this.sources.set(value, {
          from: pool === undefined ? from : { ...nowhere(), subSystem: this.subSystemOfPool(pool) },
          subSystems: false,
          made: called.name.startsWith('CreateLun'),
        });
      else if (type.name === 'IVdsSubSystem') {
        from.subSystem ??= ownSubSystem();
        this.places.set(value, from.subSystem);
      } else if (type.name === 'IVdsProvider') this.places.set(value, nowhere());
      // A device that belongs to this one, or the other way round: both lie in one subsystem.
      else
        this.places.set(value, {
          ...nowhere(),
          subSystem: from.subSystem,
          made: called.name === 'GetLun' && from.made,
        });
    }
  }

  private listed(list: Handle, objects: unknown): void {
    const source = this.sources.get(list);
    for (const handle of Array.isArray(objects) ? objects.filter(isHandle) : []) {
      if (source === undefined) this.places.delete(handle);
      else if (source.subSystems) this.places.set(handle, ownSubSystem());
      else this.places.set(handle, { ...nowhere(), subSystem: source.from.subSystem, made: source.made });
    }
  }

  private finished(operation: Handle, output: unknown): void {
    const source = this.sources.get(operation);
    mapReferences(WAIT_OUTPUT, output, (handle) => {
      if (source === undefined) this.places.delete(handle as Handle);
      else this.places.set(handle as Handle, { ...nowhere(), subSystem: source.from.subSystem, made: source.made });
      return handle;
    });
  }

  private found(id: Guid, handle: unknown): void {
    if (!isHandle(handle)) return;
    const known = this.byId.get(id);
    if (known?.load === this.loads) this.places.set(handle, known.place);
    else {
      const place = nowhere();
      this.places.set(handle, place);
      if (known !== undefined) this.claims.set(place, known);
    }
  }

  private extents(pool: Handle, extents: unknown): void {
    const place = this.places.get(pool);
    if (place !== undefined)
      place.drives = (Array.isArray(extents) ? extents : []).flatMap((e) =>
        isRecord(e) && typeof e['id'] === 'string' ? [e['id']] : [],
      );
  }

  private described(place: Place, properties: unknown, type: number | undefined): void {
    if (!isRecord(properties) || typeof properties['id'] !== 'string') return;
    const id = parseGuid(properties['id']);
    if (id === undefined) return;
    const key = keyOf({ ...properties, id });
    const known = this.claims.get(place) ?? this.byId.get(id);
    this.claims.delete(place);
    // Another way to the same object; after a load only where its key bears that out.
    if (known !== undefined && known.key === key && (known.load === this.loads || key.trim() !== '')) {
      place.made ||= known.place.made;
      // Another provider object may have handed out a subsystem that has not said yet which it is.
      if (place.subSystem?.properties === undefined)
        place.subSystem = known.place.subSystem === known.place ? place : known.place.subSystem;
    }
    place.id = id;
    place.type ??= type;
    place.properties = { ...place.properties, ...properties, id };
    this.byId.set(id, { place, key, load: this.loads });
  }
}

function ownSubSystem(): Place {
  const place = nowhere();
  place.subSystem = place;
  return place;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isHandle = (value: unknown): value is Handle => typeof value === 'number' && value !== 0;
