// The wall around the part of a system that a run may work on: refuses each change of an object that lies outside,
// whoever asked for it, and each change of which it cannot tell where it would go.
//
//    --subsystem   the object, and every object that an argument names, lies in one of them
//    --drive       a drive is one of them; what takes room (also Recover, which rebuilds) names them; a LUN that is
// changed was made by the run, and so lies on them
//    --pool        what takes room names one of them; a LUN that is changed was made by the run
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { method, type InterfaceName } from '../contract/tables.js';
import { CONTROLLED, FAULT_KINDS, type FaultKind } from '../faults/kinds.js';
import type { Change } from '../port/session.js';
import { displayName } from '../port/show-value.js';
import { ScopeMembers, type Scope } from './scope.js';
import { isNobodys } from '../contract/nobodys-ids.js';
import { Whereabouts, type Place } from './whereabouts.js';

/** A change was refused because it would leave the scope of the run. The call was not made. */
export class OutsideScope extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'OutsideScope';
  }
}

/** They act on what the run itself holds, and touch no object of the array by themselves. */
const ON_OWN_OBJECTS: ReadonlySet<InterfaceName> = new Set<InterfaceName>(['IVdsAsync', 'IVdsAdviseSink']);
/** They concern the provider and all that it manages. */
const ON_THE_PROVIDER = /^IVds(?:HwProvider|Provider|Admin)/;
/** They take room on the array. */
const TAKES_ROOM = /\.(?:CreateLun2?|Extend|Recover)$/;

const isLun = (type: number | undefined): boolean =>
  type === VDS_OBJECT_TYPE.VDS_OT_LUN || type === VDS_OBJECT_TYPE.VDS_OT_LUN_PLEX;

/**
 * The type of object that an interface belongs to, as far as the rules differ; undefined where any object may have it.
 */
function typeOf(owner: InterfaceName): number | undefined {
  if (owner.startsWith('IVdsLunPlex')) return VDS_OBJECT_TYPE.VDS_OT_LUN_PLEX;
  if (owner.startsWith('IVdsLun')) return VDS_OBJECT_TYPE.VDS_OT_LUN;
  if (owner.startsWith('IVdsDrive')) return VDS_OBJECT_TYPE.VDS_OT_DRIVE;
  return undefined;
}

const quoted = (list: readonly string[]): string => list.map((each) => `"${each}"`).join(', ');

export class Wall {
  readonly whereabouts = new Whereabouts();
  /** Whether the scope leaves anything out. */
  readonly stands: boolean;

  /** Which objects belong to the scope. */
  readonly members: ScopeMembers;

  constructor(private readonly scope: Scope) {
    this.members = new ScopeMembers(scope);
    this.stands = scope.subSystems.length + scope.drives.length + scope.pools.length > 0;
  }

  /** Throws OutsideScope where the change would leave the scope, or might. */
  check(change: Change): void {
    if (!this.stands) return;
    const { method: name, object, args } = change;
    const { interfaceName, ins } = method(name);
    if (ON_OWN_OBJECTS.has(interfaceName) || name === 'IVdsConformanceControl.Heal') return;
    if (name === 'IVdsConformanceControl.Inject') {
      const kind = CONTROLLED.find((k) => FAULT_KINDS[k].controlValue === args['kind']);
      return this.checkFault(kind, args['objectId'] as Guid);
    }
    const what = displayName(name);
    if (name === 'IVdsHwProviderStoragePools.CreateLunInStoragePool')
      return this.checkPool(what, args['storagePoolId'] as Guid);
    if (ON_THE_PROVIDER.test(interfaceName)) throw new OutsideScope(`${what} concerns the whole provider`);
    this.checkObject(what, 'the object', this.whereabouts.of(object), typeOf(interfaceName));
    for (const { name: param, type } of ins) {
      const ids =
        type.kind === 'guid' ? [args[param]] : type.kind === 'array' && type.of.kind === 'guid' ? args[param] : [];
      for (const id of (ids ?? []) as readonly Guid[]) this.checkId(what, id);
    }
    if (TAKES_ROOM.test(name)) {
      const given = (args['driveIdArray'] ?? []) as readonly Guid[];
      // A provider goes by the count, so drives that are not counted are not named.
      this.checkRoom(what, args['numberOfDrives'] === given.length ? given : null);
    }
  }

  /** The same for a fault that reaches the system by any route. */
  checkFault(kind: FaultKind | undefined, object: Guid): void {
    // It strikes the provider's process or the way to it, and nothing on the array.
    if (!this.stands || object === NULL_GUID) return;
    const what = `the fault ${kind ?? 'of an unknown kind'}`;
    this.checkId(what, object);
    const where = this.whereabouts.named(object);
    if (kind === 'import-lun' || (kind === 'recreate-object' && isLun(where?.type))) this.checkRoom(what, null);
  }

  private checkId(what: string, id: Guid): void {
    if (isNobodys(id)) return;
    const place = this.whereabouts.named(id);
    this.checkObject(what, `${id}, which it names,`, place, place?.type);
  }

  private checkObject(what: string, which: string, place: Place | undefined, type: number | undefined): void {
    const { subSystems, drives, pools } = this.scope;
    const described = String(place?.properties?.['friendlyName'] ?? place?.properties?.['identification'] ?? which);
    if (subSystems.length > 0) {
      const properties = place?.subSystem?.properties;
      if (properties === undefined)
        throw new OutsideScope(`${what}: it is not known in which subsystem ${described} lies`);
      if (!this.members.admits('subSystems', properties))
        throw new OutsideScope(`${what}: ${described} lies in no subsystem of ${quoted(subSystems)}`);
    }
    if (drives.length + pools.length > 0 && type === VDS_OBJECT_TYPE.VDS_OT_DRIVE) {
      if (place?.properties === undefined) throw new OutsideScope(`${what}: it is not known which drive ${which} is`);
      if (!this.members.admits('drives', place.properties))
        throw new OutsideScope(`${what}: ${described} is not a drive that this run may change`);
    }
    if (drives.length + pools.length > 0) {
      if (isLun(type) && place?.made !== true)
        throw new OutsideScope(`${what}: ${described} is not known to be a LUN that this run made in its scope`);
      // An id of no object that is known may be a drive's or a LUN's.
      if (place === undefined) throw new OutsideScope(`${what}: it is not known what object ${which} is`);
    }
  }

  /** A call that takes room must say where. */
  private checkRoom(what: string, driveIds: readonly Guid[] | null): void {
    if (this.scope.pools.length > 0)
      throw new OutsideScope(`${what} takes room outside the storage pool ${quoted(this.scope.pools)}`);
    // A provider may skip the id of an unknown drive, and take another drive.
    if (this.scope.drives.length > 0 && ((driveIds ?? []).length === 0 || driveIds?.some(isNobodys) === true))
      throw new OutsideScope(`${what} leaves it to the provider which drives it takes`);
  }

  private checkPool(what: string, id: Guid): void {
    const { subSystems, drives, pools } = this.scope;
    const pool = this.whereabouts.named(id);
    if (pool?.properties === undefined) throw new OutsideScope(`${what}: the storage pool ${id} is not known`);
    if (!this.members.admits('pools', pool.properties))
      throw new OutsideScope(`${what}: the storage pool is not ${quoted(pools)}`);
    if (subSystems.length + drives.length === 0) return;
    if (pool.drives === undefined || pool.drives.length === 0)
      throw new OutsideScope(`${what}: it is not known on which drives the storage pool lies`);
    for (const drive of pool.drives) {
      const place = this.whereabouts.named(drive);
      const lies = place?.subSystem?.properties;
      if (
        place?.properties === undefined ||
        (drives.length > 0 && !this.members.admits('drives', place.properties)) ||
        (subSystems.length > 0 && (lies === undefined || !this.members.admits('subSystems', lies)))
      )
        throw new OutsideScope(`${what}: the storage pool lies on ${drive}, which is not in the scope of the run`);
    }
  }
}
