// Everything that a check creates: names, LUNs, targets. What is made is written to the ledger and deleted when the check ends.
import { VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { Ledger } from '../lab/ledger.js';
import { names } from '../lab/scope.js';
import type {
  IVdsAsync,
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

const MIB = 1024n * 1024n;

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
    if (this.system.scope.drives.length === 0) return undefined;
    const found: Guid[] = [];
    for (const each of await this.duties.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.1')) {
      const prop = this.duties.output('VDS-7.9', await each.getProperties(), 'driveProp');
      if (names(this.system.scope.drives, prop)) found.push(prop.id);
    }
    return found.length > 0
      ? found
      : this.life.notApplicable(`the subsystem has no drive that is one of ${this.system.scope.drives.join(', ')}`);
  }

  /** The storage pool that new LUNs are to lie in; undefined where the run leaves that to the provider. */
  private async poolInScope(): Promise<
    { readonly pools: TypedInterfaces['IVdsHwProviderStoragePools']; readonly id: Guid } | undefined
  > {
    if (this.system.scope.pools.length === 0) return undefined;
    const pools = await this.system.optional(this.system.unknown, 'IVdsHwProviderStoragePools');
    for (const each of await this.duties.list(
      await pools.queryStoragePools({ flags: 0, remainingFreeSpace: 0n }),
      'enum',
      'IVdsStoragePool',
      'VDS-6.1',
    )) {
      const prop = this.duties.output('VDS-7.9', await each.getProperties(), 'storagePoolProp');
      if (names(this.system.scope.pools, prop)) return { pools, id: prop.id };
    }
    return this.life.notApplicable(
      `the provider has no storage pool that is one of ${this.system.scope.pools.join(', ')}`,
    );
  }

  /** Asks for a LUN, leaving all but the size to the provider where it supports that, and else naming the simplest type. */
  async startLun(subSystem: IVdsSubSystem, size: bigint = 64n * MIB): ReturnType<IVdsSubSystem['createLun']> {
    const driveIdArray = await this.drivesInScope(subSystem);
    const pool = await this.poolInScope();
    const ask = (type: number): ReturnType<IVdsSubSystem['createLun']> =>
      pool === undefined
        ? subSystem.createLun({
            type,
            sizeInBytes: size,
            unmaskingList: '',
            ...(driveIdArray === undefined ? {} : { driveIdArray }),
          })
        : pool.pools.createLunInStoragePool({ type, sizeInBytes: size, storagePoolId: pool.id, unmaskingList: '' });
    // Drives go with a concrete type only.
    if (driveIdArray !== undefined)
      return ask(driveIdArray.length === 1 ? VDS_LUN_TYPE.VDS_LT_SIMPLE : VDS_LUN_TYPE.VDS_LT_SPAN);
    const automagic = await ask(VDS_LUN_TYPE.VDS_LT_DEFAULT);
    if (automagic.hr !== HR.VDS_E_NOT_SUPPORTED) return automagic;
    this.duties.unkept('VDS-10.1c', 'CreateLun does not support the automagic type VDS_LT_DEFAULT', automagic);
    return ask(VDS_LUN_TYPE.VDS_LT_SIMPLE);
  }

  /** Creates a LUN of `size` bytes and deletes it when the check ends. */
  async lun(subSystem: IVdsSubSystem, size?: bigint): Promise<CreatedLun> {
    const started = await this.startLun(subSystem, size);
    if (started.hr === HR.VDS_E_NOT_ENOUGH_SPACE || started.hr === HR.VDS_E_NOT_ENOUGH_DRIVE)
      this.life.inconclusive(
        `CreateLun answered ${formatHresult(started.hr)}: the array has no room for this check's LUN`,
      );
    const lun = await this.duties.made(started, 'lun');
    const prop = this.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp');
    this.deleteOnCleanUp(prop.id, 'lun', prop.identification);
    return { lun, id: prop.id, size: prop.size, subSystem };
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
