// What a check works with. The context owns every side effect: what a check creates or damages is registered here and taken back when it
// ends, in reverse order, even when it fails. It also turns an unkept duty into a finding at its requirement's level.
import { UNTOUCHED } from '../contract/codec.js';
import { VDS_LUN_TYPE, VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { formatHresult, HR, isPermitted, SERVER_DIED, succeeded, worthOf } from '../contract/hresult.js';
import { requirement } from '../contract/requirements.js';
import { method, type Handle } from '../contract/tables.js';
import type { Inventory } from '../truth/inventory.js';
import { strikesOnce, type FaultKind } from '../faults/kinds.js';
import { enumerate, InventoryUnreadable, readImportTarget, readInventory } from '../truth/read-inventory.js';
import { recover, type RecoveryOptions, type RecoveryResult } from '../faults/recover.js';
import { lineOf, type FaultRequest, type InjectedFault, type Route } from '../faults/routes/route.js';
import type {
  IEnumVdsObject,
  IVdsAsync,
  IVdsHwProvider,
  IVdsIscsiTarget,
  IVdsLun,
  IVdsProvider,
  IVdsProviderPrivate,
  IVdsSubSystem,
  IVdsSubSystemImportTarget,
  IVdsSubSystemIscsi,
  TypedInterfaces,
} from '../port/generated/typed.js';
import { VdsObject, type Result } from '../port/objects.js';
import type { Session } from '../port/session.js';
import { displayName, formatValue } from '../port/trace.js';
import type { Ledger } from '../lab/ledger.js';
import { MAKEABLE, madeBy, type MakeableKind, type Waited } from '../port/made-objects.js';
import { DutyBroken, Inconclusive, NotApplicable, type Evidence, type FaultVerdict, type Finding } from './outcome.js';
import type { Random } from './random.js';
import { EVERYTHING, names, type Scope } from '../lab/scope.js';
import { load, unload, type LoadedProvider, type SystemUnderTest } from '../lab/system.js';

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

/** What stays known over the whole run: the readings that a provider chose, where the documents allow several, must not change. */
export type Readings = Map<string, string>;

export interface ContextOptions {
  readonly system: SystemUnderTest;
  readonly session: Session;
  readonly loaded: LoadedProvider;
  /** The fault routes to a loaded provider. */
  readonly routes: (loaded: LoadedProvider) => Promise<readonly Route[]>;
  readonly random: Random;
  readonly readings: Readings;
  readonly strict: boolean;
  /** Where what is made is written down, on a system that outlives the run. */
  readonly ledger?: Ledger | undefined;
  readonly scope?: Scope;
  /** Begins the names of what this check creates. */
  readonly prefix: string;
}

const MIB = 1024n * 1024n;
/** The methods of which VDS-8.1a says that they return an IVdsAsync with every success; VDS-8.1b says so of the others. */
const NAMED_IN_8_1A: ReadonlySet<string> = new Set([
  'IVdsSubSystem.CreateLun',
  'IVdsLun.Extend',
  'IVdsSubSystemIscsi.CreateTarget',
  'IVdsIscsiTarget.Delete',
]);

/** One session's part in a check. A check has more than one where it starts its provider anew. */
interface Visit {
  readonly session: Session;
  /** The calls of the session before this check. */
  readonly mark: number;
  /** The references that the session held before this check. */
  readonly before: ReadonlyMap<Handle, number>;
}

export class Context {
  private visit: Visit;
  /** The calls made on sessions that are over, as text. */
  private readonly earlierCalls: string[] = [];
  /** What was done to the system behind the provider's back in this visit, each with the number of calls made before it. */
  private readonly struck: { readonly after: number; readonly line: string }[] = [];
  private routes: readonly Route[] | undefined;
  readonly findings: Finding[] = [];
  readonly notes: string[] = [];
  readonly random: Random;
  private readonly undo: { readonly what: string; readonly run: () => Promise<void> }[] = [];
  private loadedProvider: LoadedProvider | undefined;
  private names = 0;
  private pairsBegun = 0;
  /** The number of the last pair of which both calls answered S_OK. */
  private lastWholePair = 0;

  constructor(private readonly options: ContextOptions) {
    this.visit = visitOf(options.session);
    this.random = options.random;
    this.loadedProvider = options.loaded;
  }

  get session(): Session {
    return this.visit.session;
  }

  /** What was called in this check so far, oldest first, and how many calls it were. */
  get calls(): { readonly count: number; readonly lines: () => readonly string[] } {
    const { session, mark } = this.visit;
    return {
      count: this.earlierCalls.length + session.trace.total - mark,
      lines: () => [...this.earlierCalls, ...this.linesOfVisit()],
    };
  }

  /** The calls of the present session as text, with the faults where they struck. */
  private linesOfVisit(): string[] {
    const { session, mark } = this.visit;
    const faults = [...this.struck];
    const lines: string[] = [];
    for (const record of session.trace.since(mark)) {
      while (faults[0] !== undefined && faults[0].after < record.seq)
        lines.push(session.labels.apply((faults.shift() as (typeof faults)[0]).line));
      lines.push(session.describe(record));
    }
    return [...lines, ...faults.map(({ line }) => session.labels.apply(line))];
  }

  // ---- the provider -------------------------------------------------------------------------------------------------------------

  private get loaded(): LoadedProvider {
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

  /** Unloads the provider, for checks of loading itself. Inconclusive when OnUnload refuses, which it may. */
  async unload(): Promise<void> {
    const answer = await unload(this.loaded);
    this.code('VDS-2.5a', answer, [HR.S_OK, HR.S_FALSE], 'with nothing under way');
    if (answer.hr !== HR.S_OK)
      this.inconclusive(
        `OnUnload answered ${formatHresult(answer.hr)}, so the provider could not be unloaded for this check`,
      );
    this.loadedProvider = undefined;
    this.options.system.unloaded();
  }

  /** Loads a new provider object, which this check's clean-up unloads again. */
  async load(): Promise<LoadedProvider> {
    this.loadedProvider = await load(this.session);
    this.onCleanUp('unload the provider', async () => {
      if (this.loadedProvider !== undefined) await unload(this.loadedProvider);
      this.loadedProvider = undefined;
    });
    return this.loadedProvider;
  }

  /**
   * Starts the provider anew after its process has died, and loads it. What the check held is gone with the old one. Rejects with the error that opening
   * or loading gave.
   */
  async restart(): Promise<void> {
    this.earlierCalls.push(...this.linesOfVisit());
    this.struck.length = 0;
    const ready = await this.options.system.ready();
    this.visit = visitOf(ready.session);
    this.loadedProvider = ready.loaded;
    this.routes = undefined;
  }

  /** What the run may work on. */
  get scope(): Scope {
    return this.options.scope ?? EVERYTHING;
  }

  /** All subsystems that the run may work on, as the provider enumerates them. */
  async subSystems(): Promise<IVdsSubSystem[]> {
    const all = await this.list(await this.hw.querySubSystems(), 'enum', 'IVdsSubSystem', 'VDS-3.4');
    if (this.scope.subSystems.length === 0) return all;
    const within: IVdsSubSystem[] = [];
    for (const each of all)
      if (names(this.scope.subSystems, this.output('VDS-7.9', await each.getProperties(), 'subSystemProp')))
        within.push(each);
    return within;
  }

  /** The subsystem that checks work on. Not applicable when there is none. */
  async subSystem(): Promise<IVdsSubSystem> {
    const [first] = await this.subSystems();
    return (
      first ??
      this.notApplicable(
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
      : this.notApplicable('the system has fewer than two subsystems that this run may work on');
  }

  /** An optional interface. Not applicable, with the code, when the object does not have it. */
  async optional<I extends keyof TypedInterfaces>(object: VdsObject, name: I): Promise<TypedInterfaces[I]> {
    const { hr, object: found } = await object.queryInterface(name);
    return (
      found ?? this.notApplicable(`QueryInterface(${name}) answered ${formatHresult(hr)}: the interface is optional`)
    );
  }

  /** A subsystem's import target, whose value is put back when the check ends. Not applicable where the interface is absent or unsupported. */
  async importTarget(subSystem: IVdsSubSystem): Promise<IVdsSubSystemImportTarget> {
    const found = await this.optional(subSystem, 'IVdsSubSystemImportTarget');
    const before = await found.getImportTarget();
    if (before.hr === HR.VDS_E_NOT_SUPPORTED)
      this.notApplicable(`GetImportTarget answered ${formatHresult(before.hr)}`);
    const value = before.hr === HR.S_OK ? before.out.iscsiName : null;
    const id = this.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp').id;
    this.options.ledger?.add({
      type: 'setting',
      subSystem: id,
      importTarget: typeof value === 'string' ? value : null,
    });
    this.onCleanUp('put the import target back', async () => {
      // By id: the check may have held a subsystem that was disconnected meanwhile.
      const unknown = await this.objectById(id, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM);
      const again = unknown === null ? null : await unknown.as('IVdsSubSystemImportTarget');
      if (again === null) return;
      const restoredBefore = (await readImportTarget((await unknown!.as('IVdsSubSystem'))!)) === value;
      if (restoredBefore) return this.options.ledger?.add({ type: 'restored', subSystem: id });
      let restored = await again.setImportTarget({ iscsiName: typeof value === 'string' ? value : NULL_GUID });
      // The documents name both for clearing, so a provider may take either.
      if (restored.hr !== HR.S_OK && typeof value !== 'string')
        restored = await again.setImportTarget({ iscsiName: null });
      if (restored.hr !== HR.S_OK) throw new Error(`SetImportTarget answered ${formatHresult(restored.hr)}`);
      this.options.ledger?.add({ type: 'restored', subSystem: id });
    });
    return found;
  }

  /** The iSCSI side of a subsystem. Not applicable where it has none. */
  iscsi(subSystem: IVdsSubSystem): Promise<IVdsSubSystemIscsi> {
    return this.optional(subSystem, 'IVdsSubSystemIscsi');
  }

  /** GetObject, or null when the provider does not find it. */
  async objectById(id: Guid, type: number): Promise<VdsObject | null> {
    const result = await this.providerPrivate.getObject({ objectId: id, type });
    return succeeded(result.hr) && typeof result.out.objectUnk === 'object' ? result.out.objectUnk : null;
  }

  // ---- objects made by a check ----------------------------------------------------------------------------------------------------

  /** A name that no other check of this run uses. */
  uniqueName(): string {
    this.names += 1;
    return `${this.options.prefix}-${this.names}`;
  }

  /** An iSCSI name that no other check of this run uses. */
  uniqueIscsiName(): string {
    return `iqn.2026-11.example.vds-conformance:${this.uniqueName()}`;
  }

  /** Waits for an asynchronous operation as a caller must, looking at both results (VDS-8.2). */
  async completed<T>(started: Result<T & { readonly async: IVdsAsync | null }>, type: number): Promise<Waited> {
    const owed = NAMED_IN_8_1A.has(started.record.method) ? 'VDS-8.1a' : 'VDS-8.1b';
    this.ok(owed, started as unknown as Result<object>);
    const operation = this.output(owed, started as unknown as Result<{ async: IVdsAsync | null }>, 'async');
    const waited = await operation.wait();
    this.ok('VDS-8.2', waited);
    const hr = this.output('VDS-8.2', waited, 'hrResult');
    if (hr !== HR.S_OK)
      this.broken(
        'VDS-8.2',
        `the operation's own result is ${formatHresult(hr)}, although its call answered S_OK and nothing stands against it`,
        waited,
      );
    const out = this.output('VDS-8.4a', waited, 'asyncOut');
    if (out.type !== type)
      this.broken('VDS-8.4a', `VDS_ASYNC_OUTPUT.type is ${out.type} and must be ${type} for this operation`, waited);
    return waited;
  }

  /** Waits for a creation, and gives what it made, as its interface. */
  async made<T, K extends MakeableKind>(
    started: Result<T & { readonly async: IVdsAsync | null }>,
    kind: K,
  ): Promise<TypedInterfaces[(typeof MAKEABLE)[K]['interfaceName']]> {
    const { name, output } = MAKEABLE[kind];
    const interfaceName: (typeof MAKEABLE)[K]['interfaceName'] = MAKEABLE[kind].interfaceName;
    const waited = await this.completed(started, output);
    const unknown = madeBy(waited);
    if (unknown === null)
      return this.broken(
        'VDS-8.4a',
        `the operation that makes a ${name} succeeded without handing it over in VDS_ASYNC_OUTPUT`,
        waited,
      );
    return (
      (await unknown.as(interfaceName)) ??
      this.broken('VDS-8.4a', `what was handed over as a new ${name} has no ${interfaceName}`, waited)
    );
  }

  /** Ids of the drives that a new LUN may lie on; undefined where the run leaves that to the provider. */
  private async drivesInScope(subSystem: IVdsSubSystem): Promise<Guid[] | undefined> {
    if (this.scope.drives.length === 0) return undefined;
    const found: Guid[] = [];
    for (const each of await this.list(await subSystem.queryDrives(), 'enum', 'IVdsDrive', 'VDS-6.1')) {
      const prop = this.output('VDS-7.9', await each.getProperties(), 'driveProp');
      if (names(this.scope.drives, prop)) found.push(prop.id);
    }
    return found.length > 0
      ? found
      : this.notApplicable(`the subsystem has no drive that is one of ${this.scope.drives.join(', ')}`);
  }

  /** The storage pool that new LUNs are to lie in; undefined where the run leaves that to the provider. */
  private async poolInScope(): Promise<
    { readonly pools: TypedInterfaces['IVdsHwProviderStoragePools']; readonly id: Guid } | undefined
  > {
    if (this.scope.pools.length === 0) return undefined;
    const pools = await this.optional(this.unknown, 'IVdsHwProviderStoragePools');
    for (const each of await this.list(
      await pools.queryStoragePools({ flags: 0, remainingFreeSpace: 0n }),
      'enum',
      'IVdsStoragePool',
      'VDS-6.1',
    )) {
      const prop = this.output('VDS-7.9', await each.getProperties(), 'storagePoolProp');
      if (names(this.scope.pools, prop)) return { pools, id: prop.id };
    }
    return this.notApplicable(`the provider has no storage pool that is one of ${this.scope.pools.join(', ')}`);
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
    this.unkept('VDS-10.1c', 'CreateLun does not support the automagic type VDS_LT_DEFAULT', automagic);
    return ask(VDS_LUN_TYPE.VDS_LT_SIMPLE);
  }

  /** Creates a LUN of `size` bytes and deletes it when the check ends. */
  async createLun(subSystem: IVdsSubSystem, size?: bigint): Promise<CreatedLun> {
    const started = await this.startLun(subSystem, size);
    if (started.hr === HR.VDS_E_NOT_ENOUGH_SPACE || started.hr === HR.VDS_E_NOT_ENOUGH_DRIVE)
      this.inconclusive(`CreateLun answered ${formatHresult(started.hr)}: the array has no room for this check's LUN`);
    const lun = await this.made(started, 'lun');
    const prop = this.output('VDS-10.2c', await lun.getProperties(), 'lunProp');
    this.deleteOnCleanUp(prop.id, 'lun', prop.identification);
    return { lun, id: prop.id, size: prop.size, subSystem };
  }

  /** Creates a target and deletes it when the check ends. */
  async createTarget(
    subSystem: IVdsSubSystem,
    iscsiName: string | null = this.uniqueIscsiName(),
  ): Promise<CreatedTarget> {
    const iscsi = await this.iscsi(subSystem);
    const started = await iscsi.createTarget({ iscsiName, friendlyName: this.uniqueName() });
    if (started.hr === HR.VDS_E_NOT_SUPPORTED) this.notApplicable(`CreateTarget answered ${formatHresult(started.hr)}`);
    const target = await this.made(started, 'target');
    const prop = this.output('VDS-11.1', await target.getProperties(), 'targetProp');
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
    this.onCleanUp(`delete a ${name}`, async () => {
      const object = await (await this.objectById(id, type))?.as(interfaceName);
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
    const importTarget = await this.importTarget(subSystem);
    const target = await this.createTarget(subSystem);
    const known = this.options.readings.get('import-target dialect') as ImportTargetDialect | undefined;
    for (const dialect of known === undefined ? (['name', 'id-bare', 'id-braced'] as const) : [known]) {
      const result = await importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) });
      if (result.hr !== HR.S_OK) {
        if (known !== undefined)
          this.broken(
            'VDS-1.2',
            `SetImportTarget took the ${known} of a target before in this run, and now answers ${formatHresult(result.hr)}`,
            result,
          );
        continue;
      }
      this.reading('import-target dialect', dialect, 'VDS-1.2');
      return { dialect, target, importTarget };
    }
    return this.broken(
      'VDS-1.2',
      'SetImportTarget takes neither the iSCSI name nor the object id (bare or braced) of an existing target: no reading of the documents allows that',
    );
  }

  // ---- faults -------------------------------------------------------------------------------------------------------------------

  /** Injects a fault by the first route that offers it, and heals it when the check ends. Inconclusive when no route can, or none proves it. */
  async inject(request: FaultRequest): Promise<InjectedFault> {
    const reasons: string[] = [];
    for (const route of await this.openRoutes()) {
      if (!(await route.kinds()).has(request.kind)) continue;
      const fault = await route.inject(request);
      if ('reason' in fault) {
        reasons.push(`${route.name}: ${fault.reason}`);
        if (fault.failed === true)
          this.note(`the ${route.name} route could not inject ${request.kind}: ${fault.reason}`);
        continue;
      }
      // A device fault passes the port by no call that the trace would hold.
      if (fault.route === 'device') this.struck.push({ after: this.session.trace.total, line: lineOf(fault) });
      // What strikes once has no cause to take away; the other kinds count as over from their healing on.
      let overSince = strikesOnce(request.kind) ? this.pairsBegun : undefined;
      let healed = false;
      const heal = async (): Promise<void> => {
        if (healed) return;
        healed = true;
        await fault.heal();
        overSince ??= this.pairsBegun;
      };
      const { session } = this;
      this.onCleanUp(`recover from ${request.kind}`, async () => {
        // What went with the process, or with the system that only its session had, needs no healing.
        if (session.broken !== undefined && (request.kind === 'crash' || !session.capabilities.persistent)) return;
        // A pair of the check's own that began after it was over and succeeded has done what this would do.
        if (overSince !== undefined && this.lastWholePair > overSince) return;
        if (fault.route === 'interposed') await heal();
        else await recover(this.hw, { fault: { ...fault, heal } });
      });
      // Not the proof itself: it holds bytes of the provider's choosing, and two runs of one seed must read alike. The trace has it.
      this.note(`${fault.kind} of ${request.object} by the ${fault.route} route`);
      return { ...fault, heal };
    }
    return this.inconclusive(
      `no fault route could inject ${request.kind}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ' (the provider offers no IVdsConformanceControl and no file or command is configured)'}`,
    );
  }

  private async openRoutes(): Promise<readonly Route[]> {
    return (this.routes ??= await this.options.routes(this.loaded));
  }

  /** Whether some route offers the kind. */
  async offers(kind: FaultKind): Promise<boolean> {
    for (const route of await this.openRoutes()) if ((await route.kinds()).has(kind)) return true;
    return false;
  }

  /** Reenumerate then Refresh, after healing. */
  async recover(options: RecoveryOptions = {}): Promise<RecoveryResult> {
    await options.fault?.heal();
    const pair = ++this.pairsBegun;
    const result = await recover(this.hw, { ...options, fault: undefined });
    if (result.reenumerate.hr === HR.S_OK && result.refresh?.hr === HR.S_OK) this.lastWholePair = pair;
    return result;
  }

  /** Tells the routes that the present state is one to go back to. */
  rememberCache(): void {
    for (const route of this.routes ?? []) route.remember?.();
  }

  /** The state by a path that does not touch the provider, or undefined where there is none. */
  async truth(): Promise<Inventory | undefined> {
    for (const route of await this.openRoutes()) {
      const truth = await route.truth();
      if (truth !== undefined) return truth;
    }
    return undefined;
  }

  /** What the provider says exists, all of it or within one subsystem. A call on the way that fails breaks `requirementId`. */
  async inventory(requirementId: string, faultVerdict?: FaultVerdict, within?: Guid): Promise<Inventory> {
    try {
      return await readInventory(this.hw, within);
    } catch (error) {
      if (error instanceof InventoryUnreadable)
        return this.broken(
          requirementId,
          `${displayName(error.record.method)} ${error.problem}, so the system cannot be read`,
          error,
          faultVerdict,
        );
      throw error;
    }
  }

  /** The objects of an enumeration that a call answered, as the interface asked for. */
  async list<K extends string, I extends keyof TypedInterfaces>(
    result: Result<{ readonly [P in K]: IEnumVdsObject | null }>,
    name: K,
    as: I,
    requirementId: string,
  ): Promise<TypedInterfaces[I][]> {
    this.ok(requirementId, result as Result<object>);
    try {
      return await enumerate(
        this.output(
          'VDS-6.6a',
          result as unknown as Result<{ enum: IEnumVdsObject | null }>,
          name as unknown as 'enum',
        ),
        as,
      );
    } catch (error) {
      if (error instanceof InventoryUnreadable)
        return this.broken('VDS-6.1', `${displayName(error.record.method)} ${error.problem}`, error);
      throw error;
    }
  }

  // ---- duties -------------------------------------------------------------------------------------------------------------------

  /**
   * A duty that is not kept. At level SHOULD it is recorded and the check goes on (unless --strict); at any other level it ends the check:
   * for an AMBIGUOUS requirement a check calls this only for what no reading allows. Returns never when it throws.
   */
  broken(requirementId: string, message: string, evidence?: Evidence, faultVerdict?: FaultVerdict): never {
    throw new DutyBroken(this.finding(requirementId, message, evidence, faultVerdict));
  }

  /** Like broken(), for a duty after which the check can go on: throws except at level SHOULD, where the finding is recorded. Gives false. */
  unkept(requirementId: string, message: string, evidence?: Evidence, faultVerdict?: FaultVerdict): false {
    const finding = this.finding(requirementId, message, evidence, faultVerdict);
    if (finding.level !== 'SHOULD' || this.options.strict) throw new DutyBroken(finding);
    this.findings.push(finding);
    return false;
  }

  private finding(
    requirementId: string,
    message: string,
    evidence: Evidence | undefined,
    faultVerdict: FaultVerdict | undefined,
  ): Finding {
    const { level } = requirement(requirementId);
    return {
      requirement: requirementId,
      level,
      message: this.session.labels.apply(message),
      ...(evidence === undefined ? {} : { call: this.session.describe(evidence.record) }),
      ...(faultVerdict === undefined ? {} : { faultVerdict }),
    };
  }

  /** The call must have succeeded: S_OK, or a success code that its page documents. */
  ok(requirementId: string, result: Result<object>, faultVerdict?: FaultVerdict): boolean {
    const called = method(result.record.method);
    if (succeeded(result.hr) && isPermitted(called, result.hr)) return true;
    return this.unkept(
      requirementId,
      `${displayName(called.fullName)} answered ${formatHresult(result.hr)} where nothing stands against its success`,
      result,
      faultVerdict,
    );
  }

  /** The call must have answered one of these codes, because the requirement states it. */
  code(
    requirementId: string,
    result: Result<object>,
    codes: number | readonly number[],
    when: string,
    faultVerdict?: FaultVerdict,
  ): boolean {
    const allowed = typeof codes === 'number' ? [codes] : codes;
    if (allowed.includes(result.hr)) return true;
    return this.unkept(
      requirementId,
      `${displayName(result.record.method)} answered ${formatHresult(result.hr)} ${when}; owed: ${allowed.map(formatHresult).join(' or ')}`,
      result,
      faultVerdict,
    );
  }

  /** The call must have failed, with a code that its page, or the generic text of every page, permits. */
  refused(requirementId: string, result: Result<object>, when: string): boolean {
    const called = method(result.record.method);
    if (succeeded(result.hr))
      return this.unkept(
        requirementId,
        `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}; a failure is owed`,
        result,
      );
    return this.permitted(requirementId, result, when);
  }

  /** The code must be one that the method may answer at all (semantics.md 0.2). */
  permitted(requirementId: string, result: Result<object>, when: string, faultVerdict?: FaultVerdict): boolean {
    const called = method(result.record.method);
    if (SERVER_DIED.has(result.hr) && this.session.capabilities.outOfProcess === true)
      return this.unkept(
        'VDS-2.7',
        `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}, by which COM reports that the provider's process is gone`,
        result,
        faultVerdict,
      );
    switch (worthOf(called, result.hr)) {
      case 'permitted':
        return true;
      case 'says-nothing':
        return this.unkept(
          'VDS-0.2c',
          `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}, which tells a caller nothing to act on`,
          result,
          faultVerdict,
        );
      case 'unknown':
        return this.unkept(
          requirementId,
          `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}, a success that neither its page nor vdserr.h has`,
          result,
          faultVerdict,
        );
    }
  }

  /** The value of an output that a success owes. */
  output<T, K extends keyof T & string>(
    requirementId: string,
    result: Result<T>,
    name: K,
    faultVerdict?: FaultVerdict,
  ): NonNullable<T[K]> {
    if (!succeeded(result.hr))
      this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)} where nothing stands against its success`,
        result,
        faultVerdict,
      );
    const value = result.out[name];
    if (value === UNTOUCHED)
      return this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)} without writing its output "${name}"`,
        result,
        faultVerdict,
      );
    if (value === null || value === undefined)
      return this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)} with NULL as its output "${name}"`,
        result,
        faultVerdict,
      );
    return value as NonNullable<T[K]>;
  }

  /** A value must be this one. */
  equal(
    requirementId: string,
    what: string,
    actual: unknown,
    expected: unknown,
    evidence?: Evidence,
    faultVerdict?: FaultVerdict,
  ): boolean {
    if (Object.is(actual, expected)) return true;
    return this.unkept(
      requirementId,
      `${what} is ${formatValue(actual)} and must be ${formatValue(expected)}`,
      evidence,
      faultVerdict,
    );
  }

  /** A condition that the requirement demands; `message` says what is wrong when it does not hold. */
  holds(
    requirementId: string,
    condition: boolean,
    message: string,
    evidence?: Evidence,
    faultVerdict?: FaultVerdict,
  ): boolean {
    return condition || this.unkept(requirementId, message, evidence, faultVerdict);
  }

  /** Records which of the documented readings the provider chose; another one later in the run breaks the requirement. */
  reading(question: string, answer: string, requirementId: string): void {
    const known = this.options.readings.get(question);
    if (known !== undefined && known !== answer)
      this.broken(requirementId, `${question}: "${answer}" now, but "${known}" before in this run`);
    this.options.readings.set(question, answer);
    this.note(`${question}: ${answer}`);
  }

  /** Leaves an observation in the report that is no finding. */
  note(text: string): void {
    this.notes.push(this.session.labels.apply(text));
  }

  notApplicable(reason: string): never {
    throw new NotApplicable(this.session.labels.apply(reason));
  }

  /** The answer; ends the check as not applicable where it is VDS_E_NOT_SUPPORTED. `how` says what about the call may be the reason. */
  supported<R extends Pick<Result<object>, 'hr' | 'record'>>(result: R, how = ''): R {
    const { hr, record } = result;
    if (hr === HR.VDS_E_NOT_SUPPORTED)
      this.notApplicable(`${displayName(record.method)} answered ${formatHresult(hr)}${how === '' ? '' : ` ${how}`}`);
    return result;
  }

  inconclusive(reason: string): never {
    throw new Inconclusive(this.session.labels.apply(reason));
  }

  // ---- clean-up -----------------------------------------------------------------------------------------------------------------

  /** Registers something to take back when the check ends. */
  onCleanUp(what: string, run: () => Promise<void>): void {
    this.undo.push({ what, run });
  }

  /** Takes back what was registered until now, for a check that goes on with something else. */
  async cleanUpSoFar(): Promise<void> {
    for (const problem of await this.cleanUp()) this.note(`clean-up failed: ${problem}`);
  }

  /** Takes everything back and releases every reference, when the check has ended. Gives what could not be. */
  async finish(): Promise<string[]> {
    if (this.session.broken !== undefined) return [];
    const problems = await this.cleanUp();
    try {
      if (this.session.broken === undefined) await this.session.releaseSince(this.visit.before);
    } catch (error) {
      problems.push(`release references: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.session.received.length = 0;
    return problems;
  }

  /** Takes everything back, newest first. Gives what could not be. */
  private async cleanUp(): Promise<string[]> {
    const problems: string[] = [];
    if (this.loadedProvider === undefined && this.undo.length > 0 && this.session.broken === undefined) {
      // A check that unloaded and failed before loading again still owns what it created.
      try {
        await this.load();
      } catch (error) {
        problems.push(`load the provider again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const { what, run } of this.undo.splice(0).reverse()) {
      if (this.session.broken !== undefined) break;
      try {
        await run();
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return problems.map((p) => this.session.labels.apply(p));
  }
}

const visitOf = (session: Session): Visit => ({ session, mark: session.trace.total, before: new Map(session.owned()) });

/** The string by which a dialect names a target. */
export function importTargetValue(
  dialect: ImportTargetDialect,
  target: { readonly id: Guid; readonly iscsiName: string },
): string {
  if (dialect === 'name') return target.iscsiName;
  return dialect === 'id-bare' ? target.id : `{${target.id.toUpperCase()}}`;
}
