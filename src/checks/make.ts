// Everything that a check creates: names, LUNs, targets. What is made is written to the ledger and deleted when the check ends.
import type { VDS_HINTS } from '../contract/generated/structures.js';
import { VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { Method } from '../contract/tables.js';
import type { Ledger } from '../lab/ledger.js';
import type {
  IVdsAsync,
  IVdsIscsiPortalGroup,
  IVdsIscsiTarget,
  IVdsLun,
  IVdsSubSystem,
  IVdsSubSystemImportTarget,
  TypedInterfaces,
} from '../port/generated/typed.js';
import { MAKEABLE, type MakeableKind } from '../port/made-objects.js';
import { VdsObject } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import type { Duties } from './duties.js';
import type { CheckLife } from './life.js';
import type { SystemAccess } from './system-access.js';

export interface CreatedLun {
  readonly lun: IVdsLun;
  readonly id: Guid;
  /** Bytes, as GetProperties said after the creation. */
  readonly size: bigint;
  readonly subSystem: IVdsSubSystem;
  /** The drives that it may be extended on; null where the run leaves that to the provider. */
  readonly drives: readonly Guid[] | null;
}

export interface CreatedTarget {
  readonly target: IVdsIscsiTarget;
  readonly id: Guid;
  readonly iscsiName: string;
  readonly subSystem: IVdsSubSystem;
}

/** How SetImportTarget's string is understood by this provider (semantics.md 1.2). */
export type ImportTargetDialect = 'name' | 'id-bare' | 'id-braced';

export interface MakeOptions {
  /** Where what is made is written down, on a system that outlives the run. */
  readonly ledger?: Ledger | undefined;
  /** Begins the names of what this check creates. */
  readonly prefix: string;
}

/** The bytes of a check's LUN unless its size matters. */
export const LUN_SIZE = 64n * 1024n * 1024n;

/** The answers that mean want of room. */
export const NO_ROOM: readonly number[] = [HR.VDS_E_NOT_ENOUGH_SPACE, HR.VDS_E_NOT_ENOUGH_DRIVE];

/** The types by which a caller leaves the layout to the provider. */
const AUTOMAGIC: ReadonlySet<number> = new Set([
  VDS_LUN_TYPE.VDS_LT_DEFAULT,
  VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT,
  VDS_LUN_TYPE.VDS_LT_NON_FAULT_TOLERANT,
]);

export interface LunWish {
  /** Left to the provider unless given. */
  readonly type?: number;
  /** Bytes. */
  readonly size?: bigint;
  /** Left to the provider, or to the scope of the run, unless given. */
  readonly drives?: readonly Guid[];
  readonly unmaskingList?: string;
  readonly hints?: VDS_HINTS;
}

export interface CreatedPortalGroup {
  readonly group: IVdsIscsiPortalGroup;
  readonly id: Guid;
  readonly tag: number;
  /** VDS_S_ALREADY_EXISTS: no more can be created, and this one was there before. */
  readonly existed: boolean;
}

type StartedLun = Awaited<ReturnType<IVdsSubSystem['createLun']>>;

export class Make {
  private names = 0;

  constructor(
    private readonly life: CheckLife,
    private readonly duties: Duties,
    private readonly system: SystemAccess,
    private readonly options: MakeOptions,
  ) {}

  /** A name that no other check of this run uses. */
  uniqueName(): string {
    this.names += 1;
    return `${this.options.prefix}-${this.names}`;
  }

  /** An iSCSI name that no other check of this run uses. */
  uniqueIscsiName(): string {
    return `iqn.2026-11.example.vds-conformance:${this.uniqueName()}`;
  }

  /** Ids of the drives that a new LUN may lie on; undefined where the run leaves that to the provider. */
  private async drivesInScope(subSystem: IVdsSubSystem): Promise<Guid[] | undefined> {
    const { drives } = this.system.scope;
    if (drives.length === 0) return undefined;
    const found = await this.drivesOf(subSystem);
    return found.length > 0
      ? found
      : this.life.notApplicable(`the subsystem has no drive that is one of ${drives.join(', ')}`);
  }

  /** Ids of the drives of a subsystem, those that the scope names where it names any. */
  private async drivesOf(subSystem: IVdsSubSystem): Promise<Guid[]> {
    const found: Guid[] = [];
    for (const each of await this.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.1')) {
      const prop = this.duties.output('VDS-7.9', await each.getProperties(), 'driveProp');
      if (this.system.scope.drives.length === 0 || this.system.admits('drives', prop)) found.push(prop.id);
    }
    return found;
  }

  /** The storage pool that new LUNs of the subsystem are to lie in; undefined where the run leaves that to the provider. */
  private async poolInScope(
    subSystem: IVdsSubSystem,
  ): Promise<{ readonly pools: TypedInterfaces['IVdsHwProviderStoragePools']; readonly id: Guid } | undefined> {
    const { scope } = this.system;
    if (scope.pools.length === 0) return undefined;
    const pools = await this.system.optional(this.system.unknown, 'IVdsHwProviderStoragePools');
    const result = await pools.queryStoragePools({ flags: 0, remainingFreeSpace: 0n });
    const drives = scope.subSystems.length + scope.drives.length === 0 ? undefined : await this.drivesOf(subSystem);
    for (const pool of await this.duties.list(result, 'enum', 'IVdsStoragePool', 'VDS-6.1')) {
      const prop = this.duties.output('VDS-7.9', await pool.getProperties(), 'storagePoolProp');
      if (!this.system.admits('pools', prop)) continue;
      if (drives === undefined) return { pools, id: prop.id };
      const { extentArray } = this.duties.supported(await pool.queryDriveExtents()).out;
      if (Array.isArray(extentArray) && extentArray.every(({ id }) => drives.includes(id)))
        return { pools, id: prop.id };
    }
    return this.life.notApplicable(`no storage pool of ${scope.pools.join(', ')} lies in the scope of this run`);
  }

  /** Where a LUN has to lie to stay in the scope of the run, for a check that calls a creating method itself: nothing where that is left open. */
  async room(subSystem: IVdsSubSystem, type?: number): Promise<{ readonly driveIdArray?: readonly Guid[] }> {
    const drives = await this.drivesInScope(subSystem);
    if (drives === undefined) return {};
    return { driveIdArray: type === VDS_LUN_TYPE.VDS_LT_SIMPLE ? drives.slice(0, 1) : drives };
  }

  /** Arguments of a method that takes room, kept to the scope of the run where they leave the drives to the provider. */
  async keptToScope(
    { ins }: Method,
    args: Readonly<Record<string, unknown>>,
    subSystem?: IVdsSubSystem,
  ): Promise<Readonly<Record<string, unknown>>> {
    const free =
      ins.some(({ name }) => name === 'driveIdArray') && args['driveIdArray'] == null && !args['numberOfDrives'];
    if (!free || this.system.scope.drives.length === 0) return args;
    const { driveIdArray = [] } = await this.room(subSystem ?? (await this.system.subSystem()));
    return { ...args, driveIdArray, numberOfDrives: driveIdArray.length };
  }

  /** Asks for a LUN as wished. Where the wish names no type, that is left to the provider if it can choose, and is else the simplest. */
  async startLun(subSystem: IVdsSubSystem, wish: LunWish = {}): Promise<StartedLun> {
    if (wish.type !== undefined && wish.drives === undefined && this.system.scope.pools.length > 0)
      this.life.inconclusive('this run makes LUNs in a storage pool, which may have types of its own');
    return (await this.request(subSystem, wish)).started;
  }

  private async request(
    subSystem: IVdsSubSystem,
    { type, size: sizeInBytes = LUN_SIZE, drives: wished, unmaskingList = '', hints }: LunWish,
  ): Promise<{ readonly started: StartedLun; readonly drives: readonly Guid[] | null }> {
    const pool = wished === undefined ? await this.poolInScope(subSystem) : undefined;
    if (pool !== undefined) {
      if (hints !== undefined)
        this.life.inconclusive('the run makes LUNs in a storage pool, where they do not take the hints of this check');
      const ask = (as: number): Promise<StartedLun> =>
        pool.pools.createLunInStoragePool({ type: as, sizeInBytes, storagePoolId: pool.id, unmaskingList });
      return { started: await (type === undefined ? this.simplestOf(ask) : ask(type)), drives: null };
    }
    const inScope = wished ?? (await this.drivesInScope(subSystem));
    if (wished === undefined && inScope !== undefined && type !== undefined && AUTOMAGIC.has(type))
      this.life.inconclusive('this run names the drives of its LUNs, and drives do not go with an automagic type');
    // Drives go with a concrete type only, and a simple LUN lies on one.
    const concrete =
      type ??
      (inScope === undefined
        ? undefined
        : inScope.length === 1
          ? VDS_LUN_TYPE.VDS_LT_SIMPLE
          : VDS_LUN_TYPE.VDS_LT_SPAN);
    const drives =
      wished === undefined && concrete === VDS_LUN_TYPE.VDS_LT_SIMPLE ? inScope?.slice(0, 1) : (inScope ?? undefined);
    const ask = (as: number): Promise<StartedLun> =>
      subSystem.createLun({ type: as, sizeInBytes, driveIdArray: drives ?? null, unmaskingList, hints: hints ?? null });
    return {
      started: await (concrete === undefined ? this.simplestOf(ask) : ask(concrete)),
      drives: this.system.scope.drives.length === 0 ? null : (drives ?? null),
    };
  }

  /** Leaves the type to the provider, and names the simplest one where it cannot choose. */
  private async simplestOf(ask: (type: number) => Promise<StartedLun>): Promise<StartedLun> {
    const automagic = await ask(VDS_LUN_TYPE.VDS_LT_DEFAULT);
    if (automagic.hr !== HR.VDS_E_NOT_SUPPORTED) return automagic;
    this.duties.unkept('VDS-10.1c', 'CreateLun does not support the automagic type VDS_LT_DEFAULT', automagic);
    return ask(VDS_LUN_TYPE.VDS_LT_SIMPLE);
  }

  /**
   * Creates a LUN as wished and deletes it when the check ends. Not applicable where a type that the wish names is not supported, inconclusive where there
   * is no room.
   */
  async lun(subSystem: IVdsSubSystem, wish: LunWish = {}): Promise<CreatedLun> {
    const { started, drives } = await this.request(subSystem, wish);
    // Without a type nothing stands against it.
    if (wish.type === undefined && started.hr === HR.VDS_E_NOT_SUPPORTED) await this.duties.made(started, 'lun');
    return { ...(await this.startedLun(subSystem, started)), drives };
  }

  /** The same for a simple LUN. */
  simpleLun(subSystem: IVdsSubSystem, wish: Omit<LunWish, 'type'> = {}): Promise<CreatedLun> {
    return this.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, ...wish });
  }

  /** The LUN that a creation which was started makes; it is deleted when the check ends. */
  async startedLun(subSystem: IVdsSubSystem, started: StartedLun): Promise<CreatedLun> {
    if (started.hr === HR.VDS_E_NOT_SUPPORTED)
      this.life.notApplicable(`the LUN that the check needs is not supported: ${formatHresult(started.hr)}`);
    if (NO_ROOM.includes(started.hr))
      this.life.inconclusive(`the array has no room for this check's LUN: ${formatHresult(started.hr)}`);
    const lun = await this.duties.made(started, 'lun');
    const prop = this.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp');
    this.deleteOnCleanUp(prop.id, 'lun', prop.identification);
    return { lun, id: prop.id, size: prop.size, subSystem, drives: null };
  }

  /** Adds a LUN to another as a plex of it, which must succeed. Not applicable where it is not supported. */
  async plex(target: CreatedLun, source: CreatedLun): Promise<void> {
    const started = this.duties.supported(await target.lun.addPlex({ lunId: source.id }));
    await this.duties.completed(started, VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_ADDLUNPLEX);
  }

  /** Creates a target and deletes it when the check ends. */
  async target(subSystem: IVdsSubSystem, iscsiName: string | null = this.uniqueIscsiName()): Promise<CreatedTarget> {
    const iscsi = await this.system.iscsi(subSystem);
    const started = await iscsi.createTarget({ iscsiName, friendlyName: this.uniqueName() });
    if (started.hr === HR.VDS_E_NOT_SUPPORTED)
      this.life.notApplicable(`CreateTarget answered ${formatHresult(started.hr)}`);
    const target = await this.duties.made(started, 'target');
    const prop = this.duties.output('VDS-11.1', await target.getProperties(), 'targetProp');
    this.deleteOnCleanUp(prop.id, 'target', prop.iscsiName);
    return { target, id: prop.id, iscsiName: prop.iscsiName ?? '', subSystem };
  }

  /** Creates a portal group, or is handed an existing one where the target can have no more. It goes with its target, or when the check ends. */
  async portalGroup(target: IVdsIscsiTarget): Promise<CreatedPortalGroup> {
    const started = this.duties.supported(await target.createPortalGroup());
    const group = await this.duties.made(started, 'portal-group');
    const { id, tag } = this.duties.output('VDS-11.3', await group.getProperties(), 'portalGroupProp');
    const existed = started.hr === HR.VDS_S_ALREADY_EXISTS;
    if (!existed) this.deleteOnCleanUp(id, 'portal-group');
    return { group, id, tag, existed };
  }

  /**
   * Deletes an object that the check made when it ends, unless it is gone by then.
   * @param key what names it to people and outlives a reload
   */
  deleteOnCleanUp(id: Guid, kind: MakeableKind, key?: string | null): void {
    const { ledger } = this.options;
    const { name, type, interfaceName, delete: method } = MAKEABLE[kind];
    ledger?.add({ type: 'created', kind, id, ...(key === undefined || key === null ? {} : { key }) });
    this.life.onCleanUp(`delete a ${name}`, async () => {
      const object = await (await this.system.objectById(id, type))?.as(interfaceName);
      if (object === undefined || object === null) return ledger?.add({ type: 'gone', kind, id });
      const { hr, out } = await object.call(method, {});
      if (!succeeded(hr) && hr !== HR.VDS_E_OBJECT_DELETED)
        throw new Error(`${displayName(method)} answered ${formatHresult(hr)}`);
      if (out['async'] instanceof VdsObject) await (out['async'] as IVdsAsync).wait();
      ledger?.add({ type: 'gone', kind, id });
    });
  }

  /** Which of the documented meanings SetImportTarget's string has here. Probed once, then held to. */
  async importTargetDialect(subSystem: IVdsSubSystem): Promise<{
    readonly dialect: ImportTargetDialect;
    readonly target: CreatedTarget;
    readonly importTarget: IVdsSubSystemImportTarget;
  }> {
    const importTarget = await this.system.importTarget(subSystem);
    const target = await this.target(subSystem);
    const known = this.duties.knownReading('import-target dialect') as ImportTargetDialect | undefined;
    for (const dialect of known === undefined ? (['name', 'id-bare', 'id-braced'] as const) : [known]) {
      const result = await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) });
      if (result.hr !== HR.S_OK) {
        if (known !== undefined)
          this.duties.broken(
            'VDS-1.2',
            `SetImportTarget took the ${known} of a target before in this run, and now answers ${formatHresult(result.hr)}`,
            result,
          );
        continue;
      }
      this.duties.reading('import-target dialect', dialect, 'VDS-1.2');
      return { dialect, target, importTarget };
    }
    return this.duties.broken(
      'VDS-1.2',
      'SetImportTarget takes neither the iSCSI name nor the object id (bare or braced) of an existing target: no reading of the documents allows that',
    );
  }
}

/** The string by which a dialect names a target. */
export function importTargetValue(
  dialect: ImportTargetDialect,
  target: { readonly id: Guid; readonly iscsiName: string },
): string {
  if (dialect === 'name') return target.iscsiName;
  return dialect === 'id-bare' ? target.id : `{${target.id.toUpperCase()}}`;
}
