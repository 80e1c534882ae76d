// A look at a provider that changes nothing: what it is, which interfaces its objects have, what the system holds,
// which faults can reach it. It judges nothing; that is for the checks.
import { UNTOUCHED } from '../contract/codec.js';
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import { enumerations, interfaces, type InterfaceName } from '../contract/tables.js';
import { allObjects, type Inventory, type SubSystemState } from '../truth/inventory.js';
import type { FaultKind } from '../faults/kinds.js';
import { InventoryUnreadable, readInventory } from '../truth/read-inventory.js';
import type { Route, RouteName } from '../faults/routes/route.js';
import { HarnessError } from '../port/errors.js';
import { VdsObject, type Result } from '../port/objects.js';
import type { Capabilities } from '../port/port.js';
import { displayName } from '../port/show-value.js';
import type { LoadedProvider } from '../lab/system.js';

export interface Interfaces {
  /** A kind of object: `lun`. */
  readonly kind: string;
  /** The interfaces of the one object of the kind that was asked, in the contract's order. */
  readonly present: readonly string[];
}

export interface SubSystemFacts {
  readonly id: Guid;
  readonly name: string;
  /** In words: `lun masking capable`. */
  readonly flags: readonly string[];
  /** How many of each kind of object it holds. */
  readonly holds: Readonly<Record<string, number>>;
  /** A sentence about the dialect that its import target shows. */
  readonly importTarget: string;
}

export interface Examination {
  /** Absent when GetProperties does not succeed. */
  readonly provider?: {
    readonly id: Guid;
    readonly name: string;
    readonly version: string;
    readonly type: string;
    readonly flags: readonly string[];
  };
  readonly capabilities: Capabilities;
  readonly interfaces: readonly Interfaces[];
  readonly subSystems: readonly SubSystemFacts[];
  readonly routes: readonly { readonly name: RouteName; readonly kinds: readonly FaultKind[] }[];
  /** Median milliseconds of GetProperties; absent when no call succeeded. */
  readonly latency?: number;
  /** The parts that could not be read, and why. */
  readonly problems: readonly string[];
}

const SAMPLES = 9;

const words = (constant: string): string =>
  constant
    .replace(/^VDS_[A-Z]+_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
/** The flags that are set, in words; bits that the contract does not know, as a number. */
export function flagWords(enumeration: string, value: number): string[] {
  const known = Object.entries(enumerations.get(enumeration)?.values ?? {}).filter(
    ([, bit]) => bit !== 0 && (value & bit) >>> 0 === bit >>> 0,
  );
  const rest = known.reduce((left, [, bit]) => left & ~bit, value) >>> 0;
  return [...known.map(([name]) => words(name)), ...(rest === 0 ? [] : [`unknown 0x${rest.toString(16)}`])];
}

/** The name of an enumeration's value, in words. */
function valueWord(enumeration: string, value: number): string {
  const found = Object.entries(enumerations.get(enumeration)?.values ?? {}).find(([, each]) => each === value);
  return found === undefined ? `unknown ${value}` : words(found[0]);
}

/** The dialect of SetImportTarget, as far as it shows without a call of it. */
export function importTargetFacts({
  importTarget,
  targets = [],
}: Pick<SubSystemState, 'importTarget' | 'targets'>): string {
  if (importTarget === undefined) return 'not offered';
  if (importTarget === null)
    return 'not set; only a run, which sets one and takes it back, can find out which dialect SetImportTarget takes';
  if (targets.some((t) => t.iscsiName === importTarget))
    return 'set to the iSCSI name of a target: the name dialect, or an id dialect that answers with the name';
  const id = parseGuid(importTarget);
  if (id !== undefined && targets.some((t) => t.id === id)) {
    const dialect = importTarget.trim().startsWith('{') ? 'braced' : 'bare';
    return `set to the object id of a target: the id dialect, ${dialect}`;
  }
  return 'set to a value that names no target of this subsystem, so it does not show the dialect';
}

function countOf(state: SubSystemState): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of allObjects(state)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Looks at a loaded provider. Rejects with the HarnessError that ended the session, if one did; whatever else goes
 * wrong is one of the problems.
 */
export async function examine(loaded: LoadedProvider, routes: readonly Route[]): Promise<Examination> {
  const { session } = loaded;
  const problems: string[] = [];
  const times: number[] = [];

  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (session.broken !== undefined) throw error;
      if (error instanceof InventoryUnreadable)
        problems.push(`${what}: ${displayName(error.record.method)} ${error.problem}`);
      else if (error instanceof HarnessError) problems.push(`${what}: ${error.describe()}`);
      else throw error;
      return undefined;
    }
  };
  const timed = async <T>(call: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await call;
    if (succeeded(result.hr)) times.push(result.record.ms);
    return result;
  };

  let provider: Examination['provider'];
  for (let i = 0; i < SAMPLES; i++) {
    const {
      hr,
      out: { providerProp: prop },
    } = await timed(loaded.provider.getProperties());
    if (hr === HR.S_OK && prop !== null && prop !== UNTOUCHED) {
      provider = {
        id: prop.id,
        name: prop.name ?? '',
        version: prop.version ?? '',
        type: valueWord('VDS_PROVIDER_TYPE', prop.type),
        flags: flagWords('VDS_PROVIDER_FLAG', prop.flags),
      };
    } else if (i === 0)
      problems.push(
        'provider properties: IVdsProvider::GetProperties answered ' +
          `${formatHresult(hr)}${hr === HR.S_OK ? ' without properties' : ''}`,
      );
  }

  const inventory: Inventory = (await attempt('what the system holds', () => readInventory(loaded.hw))) ?? {
    subSystems: [],
  };
  const subSystems: SubSystemFacts[] = [];
  for (const state of inventory.subSystems) {
    const object = await find(loaded, state.id, VDS_OBJECT_TYPE.VDS_OT_SUB_SYSTEM);
    const subSystem = await object?.as('IVdsSubSystem');
    let flags: string[] = [];
    for (let i = 0; i < SAMPLES && subSystem !== undefined && subSystem !== null; i++) {
      const {
        out: { subSystemProp: prop },
      } = await timed(subSystem.getProperties());
      if (prop !== null && prop !== UNTOUCHED) flags = flagWords('VDS_SUB_SYSTEM_FLAG', prop.flags);
    }
    subSystems.push({
      id: state.id,
      name: state.friendlyName ?? '',
      flags,
      holds: countOf(state),
      importTarget: importTargetFacts(state),
    });
  }

  const present: Interfaces[] = [{ kind: 'provider', present: await interfacesOf(loaded.unknown, attempt) }];
  for (const { slug: kind, type } of Object.values(DEVICE_KINDS)) {
    const first = [...allObjects(inventory)].find((each) => each.kind === kind);
    if (first === undefined) continue;
    const object = await attempt(`the interfaces of a ${kind}`, () => find(loaded, first.object.id, type));
    if (object === undefined) continue;
    if (object === null)
      problems.push(
        `the interfaces of a ${kind}: IVdsProviderPrivate::GetObject does ` +
          'not find the one that the provider enumerates',
      );
    else present.push({ kind, present: await interfacesOf(object, attempt) });
  }

  const open: Examination['routes'][number][] = [];
  for (const route of routes)
    open.push({
      name: route.name,
      kinds: [...((await attempt(`the ${route.name} route`, () => route.kinds())) ?? [])],
    });
  const latency = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  return {
    ...(provider === undefined ? {} : { provider }),
    capabilities: session.capabilities,
    interfaces: present,
    subSystems,
    routes: open,
    ...(latency === undefined ? {} : { latency }),
    problems,
  };
}

async function find(loaded: LoadedProvider, objectId: Guid, type: number): Promise<VdsObject | null> {
  const { hr, out } = await loaded.providerPrivate.getObject({ objectId, type });
  return succeeded(hr) && out.objectUnk instanceof VdsObject ? out.objectUnk : null;
}

/** Asks an object for every interface of the contract. */
async function interfacesOf(
  object: VdsObject,
  attempt: <T>(what: string, read: () => Promise<T>) => Promise<T | undefined>,
): Promise<string[]> {
  const present: string[] = [];
  for (const name of interfaces.keys()) {
    if (name === 'IUnknown') continue;
    const answer = await attempt(`QueryInterface(${name})`, () =>
      object.session.queryInterface(object.handle, name as InterfaceName),
    );
    if (answer?.object !== null && answer?.object !== undefined) present.push(name);
  }
  return present;
}
