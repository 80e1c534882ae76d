// Takes away what a killed run left behind on a system that outlived it, going by its ledger: only what the ledger
// names, and only when the object that is there now bears out that it is the same one.
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import { QUERY_TABLE } from '../contract/generated/objects.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import { method } from '../contract/tables.js';
import { enumerate, readImportTarget } from '../truth/read-inventory.js';
import type {
  IEnumVdsObject,
  IVdsAsync,
  IVdsIscsiPortalGroup,
  IVdsSubSystem,
  TypedInterfaces,
} from '../port/generated/typed.js';
import { kindBySlug, propertiesDef } from '../port/device-kinds.js';
import { VdsObject } from '../port/objects.js';
import { deleteReleased } from './deletion.js';
import { putImportTargetBack } from './import-target.js';
import { displayName } from '../port/show-value.js';
import { Ledger, leftoversOf, readLedger } from './ledger.js';
import { MAKEABLE, type MakeableKind } from '../port/made-objects.js';
import type { LoadedProvider } from './system.js';

interface CleanReport {
  /** Removed or put back, in words. */
  readonly done: readonly string[];
  /** In the ledger and not there any more. */
  readonly gone: readonly string[];
  /** Objects that a person has to look at, and why. */
  readonly problems: readonly string[];
}

interface CleanOptions {
  /** The folder of the ledger. */
  readonly reports: string;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /**
   * LUNs that the user knows to be the run's, although the ledger could not learn their ids before the run was killed.
   */
  readonly also: readonly Guid[];
}

interface Found {
  readonly object: VdsObject;
  readonly id: Guid;
  readonly key: string | null;
  readonly size?: bigint;
}

async function describe(object: VdsObject): Promise<Found | undefined> {
  const kind = (Object.keys(MAKEABLE) as MakeableKind[]).find(
    (k) => MAKEABLE[k].interfaceName === object.interfaceName,
  );
  if (kind === undefined) return undefined;
  const { getter, out: name } = propertiesDef(object);
  const { hr, out } = await object.call(getter, {});
  const prop = out[name] as
    { readonly id: Guid; readonly size?: bigint; readonly [member: string]: unknown } | null | undefined;
  if (!succeeded(hr) || typeof prop !== 'object' || prop === null) return undefined;
  const [member] = kindBySlug(kind).naturalKey;
  const key = member === undefined ? null : prop[member];
  return {
    object,
    id: prop.id,
    key: typeof key === 'string' ? key : null,
    ...(typeof prop.size === 'bigint' ? { size: prop.size } : {}),
  };
}

class Cleaner {
  readonly done: string[] = [];
  readonly gone: string[] = [];
  readonly problems: string[] = [];
  /** Objects that are dealt with, also by a dry run. */
  private readonly known = new Set<Guid>();
  private readonly ledger: Ledger;

  constructor(
    private readonly loaded: LoadedProvider,
    private readonly options: CleanOptions,
  ) {
    this.ledger = new Ledger(options.reports);
  }

  private async byId(id: Guid, type: number): Promise<VdsObject | null> {
    const { hr, out } = await this.loaded.providerPrivate.getObject({ objectId: id, type });
    return succeeded(hr) && out.objectUnk instanceof VdsObject ? out.objectUnk : null;
  }

  async subSystems(): Promise<IVdsSubSystem[]> {
    const { hr, out } = await this.loaded.hw.querySubSystems();
    return succeeded(hr) && out.enum instanceof VdsObject ? enumerate(out.enum as IEnumVdsObject, 'IVdsSubSystem') : [];
  }

  /** All LUNs or targets, for those whose id changed. */
  private async all(kind: 'lun' | 'target'): Promise<Found[]> {
    const found: Found[] = [];
    const query = method(QUERY_TABLE.find((q) => q.contains && q.lists === MAKEABLE[kind].interfaceName)!.method);
    for (const each of await this.subSystems()) {
      const holder = await each.as(query.interfaceName as keyof TypedInterfaces);
      const result = await holder?.call(query.fullName, {});
      if (result === undefined || !succeeded(result.hr) || !(result.out['enum'] instanceof VdsObject)) continue;
      for (const object of await enumerate(result.out['enum'] as IEnumVdsObject, MAKEABLE[kind].interfaceName)) {
        const known = await describe(object);
        if (known !== undefined) found.push(known);
      }
    }
    return found;
  }

  /**
   * The object that the ledger names: by its id when its key bears that out, else by its key, as after a reload its id
   * may be another's.
   */
  private async find(kind: MakeableKind, id: Guid, key: string | undefined): Promise<Found | undefined> {
    const object = await (await this.byId(id, MAKEABLE[kind].type))?.as(MAKEABLE[kind].interfaceName);
    const direct = object === null || object === undefined ? undefined : await describe(object);
    if (direct !== undefined && (key === undefined || direct.key === key)) return direct;
    return key === undefined || key === '' || kind === 'portal-group'
      ? undefined
      : (await this.all(kind)).find((f) => f.key === key);
  }

  /** A portal group that has portals may refuse to be deleted (VDS_E_ASSOCIATED_PORTALS_EXIST). */
  private async takePortalsFrom(group: IVdsIscsiPortalGroup): Promise<void> {
    const { hr, out } = await group.queryAssociatedPortals();
    if (!succeeded(hr) || !(out.enum instanceof VdsObject)) return;
    for (const portal of await enumerate(out.enum, 'IVdsIscsiPortal')) {
      const { portalProp } = (await portal.getProperties()).out;
      if (typeof portalProp !== 'object' || portalProp === null) continue;
      const started = await group.removePortal({ portalId: portalProp.id });
      if (started.out.async instanceof VdsObject) await started.out.async.wait();
    }
  }

  private async remove(kind: MakeableKind, found: Found, ledgerId: Guid): Promise<void> {
    const { name, delete: deletion } = MAKEABLE[kind];
    const what = `${name} ${found.key ?? found.id}`;
    this.known.add(found.id);
    if (this.options.dryRun) return void this.done.push(`would delete ${what}`);
    if (kind === 'portal-group') await this.takePortalsFrom(found.object as IVdsIscsiPortalGroup);
    const { hr, out } = await deleteReleased(found.object, () => found.object.call(deletion, {}));
    if (!succeeded(hr))
      return void this.problems.push(
        `${what} could not be deleted: ${displayName(deletion)} answered ${formatHresult(hr)}`,
      );
    if (out['async'] instanceof VdsObject) {
      const waited = await (out['async'] as IVdsAsync).wait();
      if (waited.out.hrResult !== HR.S_OK)
        return void this.problems.push(
          `${what} could not be deleted: the operation ended with ${formatHresult(waited.out.hrResult as number)}`,
        );
    }
    this.ledger.add({ type: 'gone', kind, id: ledgerId });
    this.done.push(`deleted ${what}`);
  }

  async clean(): Promise<void> {
    const left = leftoversOf(readLedger(this.options.reports));
    const { dryRun, also } = this.options;
    // The import target first: an array may refuse to delete a target that it names.
    for (const { subSystem, importTarget } of left.settings) await this.restore(subSystem, importTarget);
    // Newest first, as what was made later may hold what was made earlier.
    for (const { kind, id, key } of [...left.created].reverse()) {
      const found = await this.find(kind, id, key);
      if (found !== undefined) await this.remove(kind, found, id);
      else {
        this.gone.push(`${MAKEABLE[kind].name} ${key ?? id}`);
        if (!dryRun) this.ledger.add({ type: 'gone', kind, id });
      }
    }
    for (const intent of left.intents)
      if (intent.method.endsWith('.CreateTarget') && intent.name !== undefined) await this.findTarget(intent.name);
    const sizes = left.intents.flatMap((i) => (i.size === undefined ? [] : [BigInt(i.size)]));
    if (sizes.length > 0) await this.unknownLuns(sizes, left.lunsBefore, also);
    if (!dryRun && this.problems.length === 0 && left.intents.length > 0) this.ledger.add({ type: 'settled' });
  }

  /** A target whose creation was under way: its name is ours alone. */
  private async findTarget(iscsiName: string): Promise<void> {
    const found = (await this.all('target')).find((t) => t.key?.toLowerCase() === iscsiName.toLowerCase());
    if (found !== undefined) await this.remove('target', found, found.id);
  }

  /** LUNs that a creation under way may have made: a LUN has no name of ours, so a person has to say. */
  private async unknownLuns(sizes: readonly bigint[], before: ReadonlySet<Guid>, also: readonly Guid[]): Promise<void> {
    const smallest = sizes.reduce((a, b) => (b < a ? b : a));
    const largest = sizes.reduce((a, b) => (b > a ? b : a));
    const possible = (await this.all('lun')).filter(
      (l) =>
        !before.has(l.id) &&
        !this.known.has(l.id) &&
        l.size !== undefined &&
        l.size >= smallest &&
        l.size <= largest * 2n,
    );
    for (const lun of possible) {
      if (also.includes(lun.id)) await this.remove('lun', lun, lun.id);
      else {
        this.problems.push(
          `LUN ${lun.id} (${lun.key ?? 'no identification'}, ${lun.size} bytes) may be one ` +
            'whose creation was under way when the run was killed: it was not there before the ' +
            `run. If it is nobody else's, clean with --also ${lun.id}`,
        );
      }
    }
  }

  private async restore(subSystem: Guid, value: string | null): Promise<void> {
    const object = await (await this.byId(subSystem, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM))?.as('IVdsSubSystem');
    const importTarget = await object?.as('IVdsSubSystemImportTarget');
    const shown = value === null ? 'none' : `"${value}"`;
    if (object === null || object === undefined || importTarget === null || importTarget === undefined) {
      return void this.problems.push(
        `the import target of subsystem ${subSystem} was ${shown} before the run, and the subsystem is not there any ` +
          'more by that id: look at it by hand',
      );
    }
    if ((await readImportTarget(object)) !== value) {
      if (this.options.dryRun)
        return void this.done.push(`would put the import target of subsystem ${subSystem} back to ${shown}`);
      const refused = await putImportTargetBack(object, importTarget, value);
      if (refused !== undefined)
        return void this.problems.push(
          `the import target of subsystem ${subSystem} could not be put back to ${shown}: SetImportTarget answered ` +
            `${formatHresult(refused)}`,
        );
      this.done.push(`put the import target of subsystem ${subSystem} back to ${shown}`);
    }
    if (!this.options.dryRun) this.ledger.add({ type: 'restored', subSystem });
  }
}

/** Takes away what the ledger in a reports folder names. Throws ConfigurationError for a ledger that cannot be read. */
export async function clean(loaded: LoadedProvider, options: CleanOptions): Promise<CleanReport> {
  const cleaner = new Cleaner(loaded, options);
  await cleaner.clean();
  return cleaner;
}
