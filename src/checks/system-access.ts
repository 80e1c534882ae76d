// A check's way to the system under test: the loaded provider, loading and restarting it, the subsystems that the run
// may work on, optional interfaces, and what the provider says exists.
import { configuresTargets } from '../contract/flags.js';
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import { putImportTargetBack } from '../lab/import-target.js';
import type { Ledger } from '../lab/ledger.js';
import type { Nameable, Scope } from '../lab/scope.js';
import { load, unload, type LoadedProvider, type SystemUnderTest } from '../lab/system.js';
import type {
  IVdsHwProvider,
  IVdsProvider,
  IVdsProviderPrivate,
  IVdsSubSystem,
  IVdsSubSystemImportTarget,
  IVdsSubSystemIscsi,
  TypedInterfaces,
} from '../port/generated/typed.js';
import type { MakeableKind } from '../port/made-objects.js';
import { VdsObject } from '../port/objects.js';
import { displayName } from '../port/show-value.js';
import type { Inventory } from '../truth/inventory.js';
import { InventoryUnreadable } from '../truth/enumerate.js';
import { inventoryOf, type Observation } from '../truth/observation.js';
import { observe, type ObserveOptions } from '../truth/observe.js';
import type { TraceLog } from './trace-log.js';
import type { Duties } from './duties.js';
import type { CheckLife } from './life.js';
import type { FaultVerdict } from './outcome.js';

export interface SystemAccessOptions {
  readonly system: SystemUnderTest;
  readonly loaded: LoadedProvider;
  /** Where what is set is written down, on a system that outlives the run. */
  readonly ledger?: Ledger | undefined;
}

/** Ids of subsystems in the order in which they were first seen, by the system under test. */
const ORDERS = new WeakMap<SystemUnderTest, Guid[]>();

export class SystemAccess {
  private loadedProvider: LoadedProvider | undefined;

  constructor(
    private readonly life: CheckLife,
    private readonly duties: Duties,
    private readonly calls: TraceLog,
    private readonly options: SystemAccessOptions,
  ) {
    this.loadedProvider = options.loaded;
  }

  get isLoaded(): boolean {
    return this.loadedProvider !== undefined;
  }

  /** The provider as it is loaded now. Throws Error while it is unloaded. */
  get loaded(): LoadedProvider {
    if (this.loadedProvider === undefined) throw new Error('the provider is unloaded; load it first');
    return this.loadedProvider;
  }

  /** The loaded provider object's interfaces. */
  get hw(): IVdsHwProvider {
    return this.loaded.hw;
  }
  get provider(): IVdsProvider {
    return this.loaded.provider;
  }
  get providerPrivate(): IVdsProviderPrivate {
    return this.loaded.providerPrivate;
  }
  get unknown(): VdsObject {
    return this.loaded.unknown;
  }
  get sink(): VdsObject {
    return this.loaded.sink;
  }

  /** Whether an object is the loaded provider object: a class factory may hand out one and the same each time. */
  async isLoadedObject(object: VdsObject): Promise<boolean> {
    return this.isLoaded && (await object.identity()) === (await this.unknown.identity());
  }

  /** Unloads the provider, for checks of loading itself. Inconclusive when OnUnload refuses, which it may. */
  async unload(forceUnload = false): Promise<void> {
    const answer = await unload(this.loaded, forceUnload);
    this.duties.code(
      forceUnload ? 'VDS-2.5b' : 'VDS-2.5a',
      answer,
      [HR.S_OK, HR.S_FALSE],
      forceUnload ? 'when forced' : 'with nothing under way',
    );
    if (answer.hr !== HR.S_OK)
      this.life.inconclusive(
        `OnUnload answered ${formatHresult(answer.hr)}, so the provider could not be unloaded for this check`,
      );
    this.loadedProvider = undefined;
    this.options.system.unloaded();
  }

  /** Loads a new provider object, which this check's clean-up unloads again. */
  async load(): Promise<LoadedProvider> {
    this.loadedProvider = await load(this.life.session);
    this.life.onCleanUp('unload the provider', async () => {
      if (this.loadedProvider !== undefined) await unload(this.loadedProvider);
      this.loadedProvider = undefined;
    });
    return this.loadedProvider;
  }

  /**
   * Starts the provider anew after its process has died, and loads it: a new provider object, or one of the session
   * that was created before. What the check held is gone with the old one. Rejects with the error that opening or
   * loading gave.
   */
  async restart(created?: VdsObject): Promise<void> {
    this.wasAway = true;
    await this.calls.moveTo(async () => {
      const ready = await this.options.system.ready(created);
      this.loadedProvider = ready.loaded;
      const ofTheRun = Object.values(ready.loaded).filter((each) => each instanceof VdsObject);
      return { session: ready.session, ofTheRun };
    });
  }

  /** Leaves the system for a fresh one, where each session has one of its own. */
  async renew(): Promise<void> {
    await this.options.system.renew();
    await this.restart();
  }

  /** The scope of the run. */
  get scope(): Scope {
    return this.options.system.wall.members.scope;
  }

  /** Whether the run is kept to a part of the system. */
  get isKept(): boolean {
    const { subSystems, drives, pools } = this.scope;
    return subSystems.length + drives.length + pools.length > 0;
  }

  /** Whether the run may work on the object. */
  admits(kind: keyof Scope, object: Nameable): boolean {
    return this.options.system.wall.members.admits(kind, object);
  }

  /** All subsystems that the run may work on, as the provider enumerates them. */
  async subSystems(): Promise<IVdsSubSystem[]> {
    const all = await this.inOrder(
      await this.duties.list(await this.hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4'),
    );
    if (this.scope.subSystems.length === 0) return all;
    const within: IVdsSubSystem[] = [];
    for (const each of all)
      if (this.admits('subSystems', this.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp')))
        within.push(each);
    return within;
  }

  /**
   * In the order in which the run first saw them: no page has two queries list in one order, and a check must find the
   * same ones again.
   */
  private async inOrder(subSystems: IVdsSubSystem[]): Promise<IVdsSubSystem[]> {
    if (subSystems.length < 2) return subSystems;
    const seen = ORDERS.get(this.options.system) ?? [];
    ORDERS.set(this.options.system, seen);
    const places: { readonly subSystem: IVdsSubSystem; readonly at: number }[] = [];
    for (const subSystem of subSystems) {
      const { subSystemProp } = (await subSystem.getProperties()).out;
      // One that cannot be read stays where it is listed.
      const id = typeof subSystemProp === 'object' && subSystemProp !== null ? subSystemProp.id : undefined;
      if (id === undefined) return subSystems;
      if (!seen.includes(id)) seen.push(id);
      places.push({ subSystem, at: seen.indexOf(id) });
    }
    return places.sort((a, b) => a.at - b.at).map(({ subSystem }) => subSystem);
  }

  /** All subsystems of the provider. Not applicable where the run may not work on each of them. */
  async everySubSystem(): Promise<IVdsSubSystem[]> {
    if (this.scope.subSystems.length > 0)
      this.life.notApplicable(`this run may work on ${this.scope.subSystems.join(', ')} only`);
    return this.subSystems();
  }

  /** The subsystem that checks work on. Not applicable when there is none. */
  async subSystem(): Promise<IVdsSubSystem> {
    const [first] = await this.subSystems();
    return (
      first ??
      this.life.notApplicable(
        this.scope.subSystems.length === 0
          ? 'no subsystem is connected'
          : `no subsystem that is connected is one of ${this.scope.subSystems.join(', ')}`,
      )
    );
  }

  /** Two subsystems. Not applicable when there are fewer. */
  async twoSubSystems(): Promise<[IVdsSubSystem, IVdsSubSystem]> {
    const [first, second] = await this.subSystems();
    return first !== undefined && second !== undefined
      ? [first, second]
      : this.life.notApplicable('the system has fewer than two subsystems that this run may work on');
  }

  /** An optional interface. Not applicable, with the code, when the object does not have it. */
  async optional<I extends keyof TypedInterfaces>(object: VdsObject, name: I): Promise<TypedInterfaces[I]> {
    const { hr, object: found } = await object.queryInterface(name);
    return (
      found ??
      this.life.notApplicable(`QueryInterface(${name}) answered ${formatHresult(hr)}: the interface is optional`)
    );
  }

  /**
   * A subsystem's import target, whose value is put back when the check ends. Not applicable where the interface is
   * absent or unsupported.
   */
  async importTarget(subSystem: IVdsSubSystem): Promise<IVdsSubSystemImportTarget> {
    const found = await this.optional(subSystem, 'IVdsSubSystemImportTarget');
    return (
      (await this.keptImportTarget(subSystem, found)) ??
      this.life.notApplicable(`GetImportTarget answered ${formatHresult(HR.VDS_E_NOT_SUPPORTED)}`)
    );
  }

  /** The same, undefined where the interface is absent or unsupported. */
  async importTargetIfAny(subSystem: IVdsSubSystem): Promise<IVdsSubSystemImportTarget | undefined> {
    const { object } = await subSystem.queryInterface('IVdsSubSystemImportTarget');
    return object === null ? undefined : this.keptImportTarget(subSystem, object);
  }

  private async keptImportTarget(
    subSystem: IVdsSubSystem,
    found: IVdsSubSystemImportTarget,
  ): Promise<IVdsSubSystemImportTarget | undefined> {
    const before = await found.getImportTarget();
    if (before.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
    const value = before.hr === HR.S_OK ? before.out.iscsiName : null;
    const { id, identification } = this.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
    this.options.ledger?.add({
      type: 'setting',
      subSystem: id,
      importTarget: typeof value === 'string' ? value : null,
    });
    this.life.onCleanUp(
      'put the import target back',
      async () => {
        // By id: the check may have held a subsystem that was disconnected meanwhile.
        const unknown = await this.objectById(id, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM);
        const now = (await unknown?.as('IVdsSubSystem')) ?? (await this.cameBack(identification));
        const again = await now?.as('IVdsSubSystemImportTarget');
        if (now == null || again == null) return;
        const refused = await putImportTargetBack(now, again, typeof value === 'string' ? value : null);
        if (refused !== undefined)
          throw new Error(
            `the import target was ${typeof value === 'string' ? `"${value}"` : 'none'} before the check and could ` +
              `not be put back: SetImportTarget answered ${formatHresult(refused)}`,
          );
        this.options.ledger?.add({ type: 'restored', subSystem: id });
      },
      'VDS-1.4a',
    );
    return found;
  }

  /** A subsystem that was away in this check and is back, under whatever id. */
  private async cameBack(identification: string | null): Promise<IVdsSubSystem | undefined> {
    if (!this.wasAway) return undefined;
    for (const each of await this.subSystems()) {
      const { subSystemProp } = (await each.getProperties()).out;
      if (typeof subSystemProp === 'object' && subSystemProp?.identification === identification) return each;
    }
    return undefined;
  }

  /** The iSCSI side of a subsystem. Not applicable where it has none. */
  iscsi(subSystem: IVdsSubSystem): Promise<IVdsSubSystemIscsi> {
    return this.optional(subSystem, 'IVdsSubSystemIscsi');
  }

  /** Whether a subsystem says that its LUNs get their targets from the array, which makes those and deletes them. */
  async makesTargets(subSystem: Guid): Promise<boolean> {
    const object = await this.objectById(subSystem, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM);
    const prop = (await (await object?.as('IVdsSubSystem'))?.getProperties())?.out.subSystemProp;
    return typeof prop === 'object' && prop !== null && configuresTargets(prop.flags);
  }

  /** Whether a device was away in this check, or the provider: what comes back may have other ids (VDS-4.2c). */
  wasAway = false;

  /** GetObject, or null when the provider does not find it. */
  async objectById(id: Guid, type: number): Promise<VdsObject | null> {
    const result = await this.providerPrivate.getObject({ objectId: id, type });
    return succeeded(result.hr) && typeof result.out.objectUnk === 'object' ? result.out.objectUnk : null;
  }

  /**
   * The state that the provider reports, all of it or within one subsystem. A call on the way that fails breaks
   * `requirementId`, or `ifCorrupt` where that is given and the answer is VDS_E_PROVIDER_CACHE_CORRUPT; a call that
   * hands out what is no more breaks the requirement that it has itself; answers that
   * contradict each other break the requirement that they belong to.
   */
  async observe(
    requirementId: string,
    {
      faultVerdict,
      ifCorrupt,
      ...options
    }: Omit<ObserveOptions, 'providerPrivate'> & {
      readonly faultVerdict?: FaultVerdict | undefined;
      readonly ifCorrupt?: string | undefined;
    } = {},
  ): Promise<Observation> {
    this.duties.judging(requirementId, 'VDS-4.1a', 'VDS-4.2d');
    let observation: Observation;
    try {
      observation = await observe(this.hw, { ...options, providerPrivate: this.providerPrivate });
    } catch (error) {
      if (error instanceof InventoryUnreadable)
        return this.duties.broken(
          error.way ?? (error.record.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT ? ifCorrupt : undefined) ?? requirementId,
          (faultVerdict === 'detected, not recovered' ? 'after Reenumerate and Refresh ' : '') +
            `${displayName(error.record.method)} ${error.problem}, so the system cannot be read`,
          error,
          faultVerdict,
        );
      throw error;
    }
    for (const { requirement, message, record } of observation.contradictions)
      this.duties.unkept(requirement, message, { record }, faultVerdict);
    return observation;
  }

  /** The same in the form of a truth, light. */
  async inventory(requirementId: string, faultVerdict?: FaultVerdict, within?: Guid): Promise<Inventory> {
    return inventoryOf(await this.observe(requirementId, { faultVerdict, within }));
  }

  /**
   * A LUN or target by what the subsystems list: for a provider whose GetObject does not know targets, and for an
   * object that has come back with its subsystem under another id.
   */
  async listed(kind: MakeableKind, id: Guid, key?: string | null): Promise<VdsObject | null> {
    const known = this.wasAway && key?.trim() !== '' ? key : undefined;
    if (kind === 'portal-group' || (kind === 'lun' && known == null)) return null;
    for (const subSystem of await this.subSystems())
      if (kind === 'lun') {
        const luns = await subSystem.queryLuns();
        if (!succeeded(luns.hr)) continue;
        for (const lun of await this.duties.list(luns, 'enum', 'IVdsLun', 'VDS-6.7a')) {
          const { lunProp } = (await lun.getProperties()).out;
          if (typeof lunProp === 'object' && lunProp?.identification === known) return lun;
        }
      } else {
        const targets = await (await subSystem.as('IVdsSubSystemIscsi'))?.queryTargets();
        if (targets === undefined || !succeeded(targets.hr)) continue;
        for (const target of await this.duties.list(targets, 'enum', 'IVdsIscsiTarget', 'VDS-6.7a')) {
          const { targetProp } = (await target.getProperties()).out;
          if (typeof targetProp !== 'object' || targetProp === null) continue;
          if (targetProp.id === id || (known != null && targetProp.iscsiName === known)) return target;
        }
      }
    return null;
  }
}
