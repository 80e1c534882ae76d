// Everything that a check creates: names, LUNs, plexes, targets, portal groups. It keeps to the scope of the run; what
// is made is written to the ledger and deleted when the check ends.
import { setTimeout as delay } from 'node:timers/promises';
import type { VDS_HINTS } from '../contract/generated/structures.js';
import { configuresTargets } from '../contract/flags.js';
import { VDS_LUN_TYPE, VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { Method } from '../contract/tables.js';
import { deleteRepaired } from '../lab/deletion.js';
import type { Ledger } from '../lab/ledger.js';
import { emptyOtherGroups } from '../lab/portal-groups.js';
import { deleteTargetsWithoutLuns, targetsOf } from '../lab/targets-of-luns.js';
import type {
  IVdsAsync,
  IVdsIscsiPortalGroup,
  IVdsIscsiTarget,
  IVdsLun,
  IVdsSubSystem,
  TypedInterfaces,
} from '../port/generated/typed.js';
import { MAKEABLE, type MakeableKind } from '../port/made-objects.js';
import { VdsObject } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import type { Duties } from './duties.js';
import { isPassing } from '../truth/compare.js';
import { LISTED } from '../truth/member-requirements.js';
import { LeftBehind, StillInUse, type CheckLife } from './life.js';
import {
  CONCRETE_FORM,
  DEFAULT_LUN_SIZE,
  firstTaken,
  OF_THE_LAB,
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
  /** The drives that it may be extended on; null where the run leaves that to the provider. */
  readonly drives: readonly Guid[] | null;
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
  /** The habits of the LUNs that the run makes. */
  readonly habits: LunHabits;
}

/** The requirement that a failing deletion breaks. */
const DELETION: Readonly<Record<MakeableKind, string>> = {
  lun: 'VDS-10.6',
  target: 'VDS-11.2a',
  'portal-group': 'VDS-11.2c',
};

/** Answers of a Delete that is refused for the sake of another object. */
const IN_USE: ReadonlySet<number> = new Set([HR.VDS_E_ASSOCIATED_LUNS_EXIST, HR.VDS_E_ASSOCIATED_PORTALS_EXIST]);

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

interface CreatedPortalGroup {
  readonly group: IVdsIscsiPortalGroup;
  readonly id: Guid;
  readonly tag: number;
  /** VDS_S_ALREADY_EXISTS: no more can be created, and this one was there before. */
  readonly existed: boolean;
}

/** Milliseconds between two looks at what the array is still busy with, and how long it may be. */
const WHILE_BUSY = { interval: 20, within: 10_000 } as const;

/** Reads until what is read is at rest, as the array may be busy with it for a while; gives what was read last. */
export async function untilAtRest<T>(read: () => Promise<T>, isBusy: (value: T) => boolean): Promise<T> {
  const until = performance.now() + WHILE_BUSY.within;
  for (;;) {
    const value = await read();
    if (!isBusy(value) || performance.now() >= until) return value;
    await delay(WHILE_BUSY.interval);
  }
}

/** So many iSCSI names begin with one another. */
const IN_A_ROW = 16;

export class Make {
  private names = 0;
  private iscsiNames = 0;

  /** The portal groups that were made. */
  private readonly groups = new Set<Guid>();
  /** The subsystems whose targets are watched. */
  private readonly watched = new WeakSet<IVdsSubSystem>();

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

  /**
   * An iSCSI name that no other check of this run uses. Names that follow each other begin with one another, the longer
   * of them first in every other row, so that a provider which compares parts of names takes one for the other.
   */
  uniqueIscsiName(): string {
    const [row, place] = [Math.floor(this.iscsiNames / IN_A_ROW), this.iscsiNames % IN_A_ROW];
    this.iscsiNames += 1;
    const more = row % 2 === 0 ? place : IN_A_ROW - 1 - place;
    return `iqn.2026-11.example.vds-conformance:${this.options.prefix}-${row}${'x'.repeat(more)}`;
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

  /**
   * The storage pool that new LUNs of the subsystem are to lie in; undefined where the run leaves that to the provider.
   */
  private async poolInScope(
    subSystem: IVdsSubSystem,
  ): Promise<{ readonly pools: TypedInterfaces['IVdsHwProviderStoragePools']; readonly id: Guid } | undefined> {
    const { scope } = this.system;
    if (scope.pools.length === 0) return undefined;
    const pools = await this.system.optional(this.system.unknown, 'IVdsHwProviderStoragePools');
    const result = await pools.queryStoragePools({ flags: 0, remainingFreeSpace: 0n });
    const drives = await this.drivesOf(subSystem);
    const mustKnow = scope.subSystems.length + scope.drives.length > 0;
    for (const pool of await this.duties.list(result, 'enum', 'IVdsStoragePool', 'VDS-6.1')) {
      const prop = this.duties.output('VDS-7.9', await pool.getProperties(), 'storagePoolProp');
      if (!this.system.admits('pools', prop)) continue;
      const extents = await pool.queryDriveExtents();
      // A pool of another subsystem would make the LUN there; where nobody says on which drives it lies, it may be this
      // one's.
      if (!mustKnow && !succeeded(extents.hr)) return { pools, id: prop.id };
      const { extentArray } = this.duties.supported(extents).out;
      if (Array.isArray(extentArray) && extentArray.every(({ id }) => drives.includes(id)))
        return { pools, id: prop.id };
    }
    return this.life.notApplicable(`no storage pool of ${scope.pools.join(', ')} lies in the scope of this run`);
  }

  /**
   * Where a LUN has to lie to stay in the scope of the run, for a check that calls a creating method itself: nothing
   * where that is left open.
   */
  async room(subSystem: IVdsSubSystem, type?: number): Promise<{ readonly driveIdArray?: readonly Guid[] }> {
    const drives = await this.drivesInScope(subSystem);
    if (drives === undefined) return {};
    return { driveIdArray: type === VDS_LUN_TYPE.VDS_LT_SIMPLE ? drives.slice(0, 1) : drives };
  }

  /**
   * Arguments of a method that takes room, kept to the scope of the run where they leave the drives to the provider.
   */
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

  /** The ways in which this run may ask for a LUN whose type is left to the provider, the best first. */
  private async forms(
    subSystem: IVdsSubSystem,
    { unmaskingList = '', hints, drives: wished }: Omit<LunWish, 'type' | 'size'> = {},
  ): Promise<{
    readonly forms: readonly [LunRequestForm, ...LunRequestForm[]];
    readonly drives: readonly Guid[] | null;
  }> {
    const pool = wished === undefined ? await this.poolInScope(subSystem) : undefined;
    if (pool !== undefined) {
      const inPool = (name: string, type: number): LunRequestForm => ({
        name,
        ask: (sizeInBytes) =>
          pool.pools.createLunInStoragePool({ type, sizeInBytes, storagePoolId: pool.id, unmaskingList }),
      });
      return {
        forms: [
          inPool('automagic in the pool in scope', VDS_LUN_TYPE.VDS_LT_DEFAULT),
          inPool('simple in the pool in scope', VDS_LUN_TYPE.VDS_LT_SIMPLE),
        ],
        drives: null,
      };
    }
    const driveIdArray = wished ?? (await this.drivesInScope(subSystem));
    if (driveIdArray === undefined) return { forms: formsFor(subSystem, unmaskingList, hints), drives: null };
    // Drives go with a concrete type only, and a simple LUN lies on one.
    const type = driveIdArray.length === 1 ? VDS_LUN_TYPE.VDS_LT_SIMPLE : VDS_LUN_TYPE.VDS_LT_SPAN;
    const onDrives: LunRequestForm = {
      name: 'on the drives in scope',
      ask: (sizeInBytes) =>
        subSystem.createLun({ type, sizeInBytes, unmaskingList, driveIdArray, hints: hints ?? null }),
    };
    return { forms: [onDrives], drives: this.system.scope.drives.length === 0 ? null : driveIdArray };
  }

  /**
   * Makes the run's first LUN, and learns from it how to ask for others. Gives it, or the answer of a request that was
   * not taken.
   */
  private async firstLun(subSystem: IVdsSubSystem): Promise<CreatedLun | { readonly refused: StartedLun }> {
    const { habits } = this.options;
    const { forms, drives } = await this.forms(subSystem);
    const { started, form, size } = await firstTaken(subSystem, forms, habits.wanted ?? DEFAULT_LUN_SIZE);
    if (!succeeded(started.hr)) return { refused: started };
    const made = { ...(await this.startedLun(subSystem, started)), drives };
    habits.form = form.name;
    habits.size = pieceOf(size, made.size);
    habits.asked = size;
    return made;
  }

  /**
   * Learns how to ask for LUNs, where the run does not know yet, by one that is deleted at once. Gives the answer of a
   * request that was not taken.
   */
  private async learnLuns(subSystem: IVdsSubSystem): Promise<StartedLun | undefined> {
    if (this.options.habits.size !== undefined) return undefined;
    const first = await this.firstLun(subSystem);
    if ('refused' in first) return first.refused;
    this.duties.ok('VDS-10.6', await first.lun.delete());
    return undefined;
  }

  /**
   * Bytes of a LUN of this run unless its size matters: `--lun-size`, or what the array makes of it. It is a whole
   * number of the pieces in which the array gives space, as far as one LUN can show them, so that a LUN can be changed
   * by it.
   */
  async lunSize(subSystem: IVdsSubSystem): Promise<bigint> {
    const refused = await this.learnLuns(subSystem);
    if (refused !== undefined) await this.duties.made(refused, 'lun');
    return this.options.habits.size ?? DEFAULT_LUN_SIZE;
  }

  /** Bytes for which the run's first LUN was asked; those to ask for first, before there is one. */
  get sizeTaken(): bigint {
    const { asked, wanted = DEFAULT_LUN_SIZE } = this.options.habits;
    return asked ?? wanted;
  }

  /** Whether the array takes an automagic type, as far as the run has asked for one. */
  get isAutomagic(): boolean {
    return this.options.habits.form !== CONCRETE_FORM;
  }

  /**
   * Asks for a LUN as wished. Where the wish names no type, that is left to the provider if it can choose, and is else
   * the simplest: in the form that the array takes.
   */
  async startLun(subSystem: IVdsSubSystem, wish: LunWish = {}): Promise<StartedLun> {
    if (wish.type !== undefined && wish.drives === undefined && this.system.scope.pools.length > 0)
      this.life.inconclusive('this run makes LUNs in a storage pool, which may have types of its own');
    return (await this.request(subSystem, wish)).started;
  }

  private async request(
    subSystem: IVdsSubSystem,
    wish: LunWish,
  ): Promise<{ readonly started: StartedLun; readonly drives: readonly Guid[] | null }> {
    const { type, drives: wished, unmaskingList = '', hints } = wish;
    const refused = await this.learnLuns(subSystem);
    if (refused !== undefined && wish.size === undefined) {
      // The answer is to another request: where it speaks of the lab, one of this type would show nothing of the type.
      if (type !== undefined && OF_THE_LAB.has(refused.hr)) await this.duties.made(refused, 'lun');
      if (type === undefined) return { started: refused, drives: null };
    }
    const { form: taken, size: usual = DEFAULT_LUN_SIZE } = this.options.habits;
    const size = wish.size ?? usual;
    if (hints !== undefined && wished === undefined && this.system.scope.pools.length > 0)
      this.life.inconclusive('the run makes LUNs in a storage pool, where they do not take the hints of this check');
    if (type === undefined) {
      const { forms, drives } = await this.forms(subSystem, wish);
      return { started: await (forms.find(({ name }) => name === taken) ?? forms[0]).ask(size), drives };
    }
    const pool = wished === undefined ? await this.poolInScope(subSystem) : undefined;
    if (pool !== undefined) {
      const request = { type, sizeInBytes: size, storagePoolId: pool.id, unmaskingList };
      return { started: await pool.pools.createLunInStoragePool(request), drives: null };
    }
    const inScope = wished ?? (await this.drivesInScope(subSystem));
    if (wished === undefined && inScope !== undefined && AUTOMAGIC.has(type))
      this.life.inconclusive('this run names the drives of its LUNs, and drives do not go with an automagic type');
    const driveIdArray = wished === undefined && type === VDS_LUN_TYPE.VDS_LT_SIMPLE ? inScope?.slice(0, 1) : inScope;
    const started = await subSystem.createLun({
      type,
      sizeInBytes: size,
      driveIdArray: driveIdArray ?? null,
      unmaskingList,
      hints: hints ?? null,
    });
    return { started, drives: this.system.scope.drives.length === 0 ? null : (driveIdArray ?? null) };
  }

  /** What the array makes with LUNs, and leaves without one, is deleted when the check ends. */
  async watchTargets(subSystem: IVdsSubSystem): Promise<void> {
    if (this.watched.has(subSystem)) return;
    this.watched.add(subSystem);
    const { id, flags } = this.duties.output('VDS-7.7', await subSystem.getProperties(), 'subSystemProp');
    if (!configuresTargets(flags)) return;
    const before = await targetsOf(subSystem);
    if (before === undefined) return;
    this.life.onCleanUp('delete the target of a LUN that is a plex now', async () => {
      // What has other ids now may be anybody's.
      if (this.system.wasAway) return;
      const found = await this.system.objectById(id, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM);
      const now = await found?.as('IVdsSubSystem');
      const hr = now == null ? HR.S_OK : await deleteTargetsWithoutLuns(now, new Set(before.keys()));
      const problem = `IVdsIscsiTarget::Delete answered ${formatHresult(hr)}`;
      if (hr === HR.VDS_E_NOT_SUPPORTED) throw new LeftBehind(LISTED, problem);
      if (!succeeded(hr)) throw new Error(problem);
    });
  }

  /**
   * Creates a LUN as wished and deletes it when the check ends. Not applicable where the method or a type that the wish
   * names is not supported, inconclusive where there is no room.
   */
  async lun(subSystem: IVdsSubSystem, wish: LunWish = {}): Promise<CreatedLun> {
    await this.watchTargets(subSystem);
    if (Object.keys(wish).length === 0 && this.options.habits.size === undefined) {
      const first = await this.firstLun(subSystem);
      return 'refused' in first ? this.startedLun(subSystem, first.refused) : first;
    }
    const { started, drives } = await this.request(subSystem, wish);
    return { ...(await this.startedLun(subSystem, started)), drives };
  }

  /** The same for a simple LUN. */
  simpleLun(subSystem: IVdsSubSystem, wish: Omit<LunWish, 'type'> = {}): Promise<CreatedLun> {
    return this.lun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, ...wish });
  }

  /**
   * The LUN that a creation which was started makes; it is deleted when the check ends. Inconclusive where the lab has
   * no room for it.
   */
  async startedLun(subSystem: IVdsSubSystem, started: StartedLun): Promise<CreatedLun> {
    const lun = await this.duties.made(started, 'lun');
    const prop = this.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp');
    this.deleteOnCleanUp(prop.id, 'lun', prop.identification, lun);
    if (isPassing('status', prop.status)) await this.comesToRest(lun);
    return { lun, id: prop.id, size: prop.size, subSystem, drives: null };
  }

  /** A LUN that the array is still busy with, as it formats it, is ready by itself after a while. */
  private async comesToRest(lun: IVdsLun): Promise<void> {
    await untilAtRest(
      async () => this.duties.output('VDS-10.2c', await lun.getProperties(), 'lunProp'),
      ({ status }) => isPassing('status', status),
    );
  }

  /**
   * Adds a LUN to another as a plex of it, which must succeed. Not applicable where it is not supported, or where it
   * would have `count` plexes then and the array makes no LUN of more than two.
   */
  async plex(target: CreatedLun, source: CreatedLun, count = 2): Promise<void> {
    const started = this.duties.supported(await target.lun.addPlex({ lunId: source.id }));
    if (count > 2 && started.hr === HR.VDS_E_INVALID_OPERATION)
      this.life.notApplicable(`the array makes no LUN of ${count} plexes`);
    await this.duties.completed(started);
  }

  /** Creates a target and deletes it when the check ends. */
  async target(subSystem: IVdsSubSystem, iscsiName: string | null = this.uniqueIscsiName()): Promise<CreatedTarget> {
    const iscsi = await this.system.iscsi(subSystem);
    const started = await iscsi.createTarget({ iscsiName, friendlyName: this.uniqueName() });
    return this.startedTarget(subSystem, started);
  }

  /** The object that a creation made; deleted when the check ends. Not applicable where targets cannot be made. */
  async startedTarget(subSystem: IVdsSubSystem, started: StartedLun): Promise<CreatedTarget> {
    const target = await this.duties.made(started, 'target');
    const prop = this.duties.output('VDS-11.1', await target.getProperties(), 'targetProp');
    this.deleteOnCleanUp(prop.id, 'target', prop.iscsiName, target);
    return { target, id: prop.id, iscsiName: prop.iscsiName ?? '', subSystem };
  }

  /**
   * Creates a portal group, or is handed an existing one where the target can have no more. It goes with its target, or
   * when the check ends.
   */
  async portalGroup(target: IVdsIscsiTarget): Promise<CreatedPortalGroup> {
    const started = this.duties.supported(await target.createPortalGroup());
    const group = await this.duties.made(started, 'portal-group');
    const { id, tag } = this.duties.output('VDS-11.3', await group.getProperties(), 'portalGroupProp');
    const existed = started.hr === HR.VDS_S_ALREADY_EXISTS;
    if (!existed) {
      this.deleteOnCleanUp(id, 'portal-group');
      this.groups.add(id);
      await emptyOtherGroups(target, this.groups);
    }
    return { group, id, tag, existed };
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
        // After a load the wall around the scope knows an object again by its properties.
        if (found != null && this.system.isKept) await found.getProperties();
        const last = held !== undefined && this.isHeld(held) ? held : null;
        const object = found ?? (await this.system.listed(kind, id, key)) ?? last;
        if (object === null) return ledger?.add({ type: 'gone', kind, id });
        const { hr, out, isStuck } = await deleteRepaired(object, this.system.hw, () => object.call(method, {}));
        // A reference of an unloaded provider says nothing about the present system.
        const unloaded = object === last && hr === HR.VDS_E_INITIALIZE_NOT_CALLED;
        // Its page lists the code, and what the check did may be why the object has failed.
        if (isStuck)
          throw new LeftBehind(LISTED, `${displayName(method)} answered ${formatHresult(hr)} of what has failed`);
        if (!succeeded(hr) && hr !== HR.VDS_E_OBJECT_DELETED && !unloaded)
          throw new (IN_USE.has(hr) ? StillInUse : Error)(`${displayName(method)} answered ${formatHresult(hr)}`);
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
}
