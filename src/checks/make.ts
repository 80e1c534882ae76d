// Everything that a check creates: names, LUNs, targets. What is made is written to the ledger and deleted when the check ends.
import { VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import { untilNotBusy } from '../faults/recover.js';
import type { Ledger } from '../lab/ledger.js';
import { names } from '../lab/scope.js';
import type { IVdsAsync, IVdsIscsiTarget, IVdsLun, IVdsSubSystem, TypedInterfaces } from '../port/generated/typed.js';
import { MAKEABLE, type MakeableKind } from '../port/made-objects.js';
import { VdsObject } from '../port/objects.js';
import { displayName } from '../port/trace.js';
import type { Duties } from './duties.js';
import type { CheckLife } from './life.js';
import {
  CONCRETE_FORM,
  DEFAULT_LUN_SIZE,
  firstTaken,
  formsFor,
  pieceOf,
  type LunHabits,
  type LunRequestForm,
  type StartedLun,
} from './lun-habits.js';
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

export interface MakeOptions {
  /** Where what is made is written down, on a system that outlives the run. */
  readonly ledger?: Ledger | undefined;
  /** Begins the names of what this check creates. */
  readonly prefix: string;
  /** What the run has learnt about the LUNs that it makes. */
  readonly habits: LunHabits;
}

/** What a deletion that does not succeed breaks. */
const DELETION: Readonly<Record<MakeableKind, string>> = {
  lun: 'VDS-10.6',
  target: 'VDS-11.2a',
  'portal-group': 'VDS-11.2b',
};

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

  /** The ways in which this run may ask for a LUN, the best first. */
  private async forms(subSystem: IVdsSubSystem): Promise<readonly [LunRequestForm, ...LunRequestForm[]]> {
    const driveIdArray = await this.drivesInScope(subSystem);
    // Drives go with a concrete type only.
    if (driveIdArray !== undefined) {
      const type = driveIdArray.length === 1 ? VDS_LUN_TYPE.VDS_LT_SIMPLE : VDS_LUN_TYPE.VDS_LT_SPAN;
      return [
        {
          name: 'on the drives in scope',
          ask: (sizeInBytes) => subSystem.createLun({ type, sizeInBytes, unmaskingList: '', driveIdArray }),
        },
      ];
    }
    const pool = await this.poolInScope();
    if (pool === undefined) return formsFor(subSystem);
    const inPool = (name: string, type: number): LunRequestForm => ({
      name,
      ask: (sizeInBytes) =>
        pool.pools.createLunInStoragePool({ type, sizeInBytes, storagePoolId: pool.id, unmaskingList: '' }),
    });
    return [
      inPool('automagic in the pool in scope', VDS_LUN_TYPE.VDS_LT_DEFAULT),
      inPool('simple in the pool in scope', VDS_LUN_TYPE.VDS_LT_SIMPLE),
    ];
  }

  /** Makes the run's first LUN, and learns from it how to ask for others. Gives it, or the answer of a request that was not taken. */
  private async firstLun(subSystem: IVdsSubSystem): Promise<CreatedLun | { readonly refused: StartedLun }> {
    const { habits } = this.options;
    const { started, form, size } = await firstTaken(
      subSystem,
      await this.forms(subSystem),
      habits.wanted ?? DEFAULT_LUN_SIZE,
    );
    if (!succeeded(started.hr)) return { refused: started };
    const made = await this.adoptLun(subSystem, started);
    habits.form = form.name;
    habits.size = pieceOf(size, made.size);
    return made;
  }

  /** Learns how to ask for LUNs, where the run does not know yet, by one that is deleted at once. Gives the answer of a request that was not taken. */
  private async learnLuns(subSystem: IVdsSubSystem): Promise<StartedLun | undefined> {
    if (this.options.habits.size !== undefined) return undefined;
    const first = await this.firstLun(subSystem);
    if ('refused' in first) return first.refused;
    this.duties.ok('VDS-10.6', await first.lun.delete());
    return undefined;
  }

  /**
   * Bytes of a LUN of this run unless its size matters: `--lun-size`, or what the array makes of it. It is a whole number of the pieces in which the
   * array gives space, as far as one LUN can show them, so that a LUN can be changed by it.
   */
  async lunSize(subSystem: IVdsSubSystem): Promise<bigint> {
    const refused = await this.learnLuns(subSystem);
    if (refused !== undefined) await this.duties.made(refused, 'lun');
    return this.options.habits.size ?? DEFAULT_LUN_SIZE;
  }

  /** Whether the array takes an automagic type, as far as the run has asked for one. */
  get isAutomagic(): boolean {
    return this.options.habits.form !== CONCRETE_FORM;
  }

  /** Asks for a LUN in the form that the array takes, leaving all but the size to the provider where that is supported. */
  async startLun(subSystem: IVdsSubSystem, size?: bigint): Promise<StartedLun> {
    const refused = await this.learnLuns(subSystem);
    if (refused !== undefined) return refused;
    const { form, size: usual = DEFAULT_LUN_SIZE } = this.options.habits;
    const forms = await this.forms(subSystem);
    return (forms.find(({ name }) => name === form) ?? forms[0]).ask(size ?? usual);
  }

  /** Creates a LUN of `size` bytes and deletes it when the check ends. */
  async lun(subSystem: IVdsSubSystem, size?: bigint): Promise<CreatedLun> {
    if (size === undefined && this.options.habits.size === undefined) {
      const first = await this.firstLun(subSystem);
      return 'refused' in first ? this.adoptLun(subSystem, first.refused) : first;
    }
    return this.adoptLun(subSystem, await this.startLun(subSystem, size));
  }

  /** What a creation that was started made; deleted when the check ends. Inconclusive where the lab has no room for it. */
  async adoptLun(subSystem: IVdsSubSystem, started: StartedLun): Promise<CreatedLun> {
    const lun = await this.duties.made(started, 'lun');
    const prop = this.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp');
    this.deleteOnCleanUp(prop.id, 'lun', prop.identification, lun);
    return { lun, id: prop.id, size: prop.size, subSystem };
  }

  /** Creates a target and deletes it when the check ends. */
  async target(subSystem: IVdsSubSystem, iscsiName: string | null = this.uniqueIscsiName()): Promise<CreatedTarget> {
    const iscsi = await this.system.iscsi(subSystem);
    const started = await iscsi.createTarget({ iscsiName, friendlyName: this.uniqueName() });
    return this.adoptTarget(subSystem, started);
  }

  /** What a creation that was started made; deleted when the check ends. Not applicable where targets cannot be made. */
  async adoptTarget(subSystem: IVdsSubSystem, started: StartedLun): Promise<CreatedTarget> {
    const target = await this.duties.made(started, 'target');
    const prop = this.duties.output('VDS-11.1', await target.getProperties(), 'targetProp');
    this.deleteOnCleanUp(prop.id, 'target', prop.iscsiName, target);
    return { target, id: prop.id, iscsiName: prop.iscsiName ?? '', subSystem };
  }

  private isHeld({ session, handle }: VdsObject): boolean {
    return session === this.life.session && this.life.session.owned().has(handle);
  }

  /**
   * Deletes an object that the check made when it ends, unless it is gone by then.
   * @param key what names it to people and outlives a reload
   * @param held a reference to it, for a provider whose GetObject does not find objects of this kind
   */
  deleteOnCleanUp(id: Guid, kind: MakeableKind, key?: string | null, held?: VdsObject): void {
    const { ledger } = this.options;
    const { name, type, interfaceName, delete: method } = MAKEABLE[kind];
    ledger?.add({ type: 'created', kind, id, ...(key === undefined || key === null ? {} : { key }) });
    this.life.onCleanUp(
      `delete a ${name}`,
      async () => {
        const found = await (await this.system.objectById(id, type))?.as(interfaceName);
        const last = held !== undefined && this.isHeld(held) ? held : null;
        const object = found ?? (kind === 'target' ? await this.listedTarget(id) : null) ?? last;
        if (object === null) return ledger?.add({ type: 'gone', kind, id });
        const { hr, out } = await untilNotBusy(() => object.call(method, {}));
        // A reference of a provider that was unloaded tells nothing of what is there.
        const unloaded = object === last && hr === HR.VDS_E_INITIALIZE_NOT_CALLED;
        if (!succeeded(hr) && hr !== HR.VDS_E_OBJECT_DELETED && !unloaded)
          throw new Error(`${displayName(method)} answered ${formatHresult(hr)}`);
        if (out['async'] instanceof VdsObject) {
          const { hrResult } = (await (out['async'] as IVdsAsync).wait()).out;
          if (typeof hrResult === 'number' && !succeeded(hrResult) && hrResult !== HR.VDS_E_OBJECT_DELETED)
            throw new Error(`the operation that ${displayName(method)} started ended with ${formatHresult(hrResult)}`);
        }
        ledger?.add({ type: 'gone', kind, id });
      },
      DELETION[kind],
    );
  }

  /** A target by what the subsystems list, for a provider whose GetObject does not know targets. */
  private async listedTarget(id: Guid): Promise<IVdsIscsiTarget | null> {
    for (const subSystem of await this.system.subSystems()) {
      const listed = await (await subSystem.as('IVdsSubSystemIscsi'))?.queryTargets();
      if (listed === undefined || !succeeded(listed.hr)) continue;
      for (const target of await this.duties.list(listed, 'enum', 'IVdsIscsiTarget', 'VDS-6.7a')) {
        const { hr, out } = await target.getProperties();
        if (succeeded(hr) && typeof out.targetProp === 'object' && out.targetProp?.id === id) return target;
      }
    }
    return null;
  }
}
