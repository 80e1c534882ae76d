// Reads the system through the provider, as any caller could. First everything that is contained, from the provider
// down, with its properties; then what objects report of each other, which COM identity resolves without asking each
// object for its id again.
import { UNTOUCHED } from '../contract/codec.js';
import { OBJECT_STATUS } from '../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { failed, formatHresult, HR, succeeded } from '../contract/hresult.js';
import type { DeviceInterface } from '../contract/objects.js';
import { structure, type InterfaceName, type Method, type MethodName, type ParamDef } from '../contract/tables.js';
import type {
  IEnumVdsObject,
  IVdsController,
  IVdsHwProvider,
  IVdsProviderPrivate,
  IVdsSubSystem,
  TypedInterfaces,
} from '../port/generated/typed.js';
import type { ObservedKind } from '../port/device-kinds.js';
import { VdsObject, type Result } from '../port/objects.js';
import { displayName, formatValue } from '../port/show-value.js';
import type { CallRecord } from '../port/trace.js';
import { equalValues, SETTLING } from './compare.js';
import { ask, asListed, enumerate, InventoryUnreadable, listed, outputOf } from './enumerate.js';
import {
  BY_ID,
  BY_PLACE,
  CONTAINER,
  CONTAINER_OBJECT,
  gettersOf,
  OTHER_WAYS,
  PORTS,
  type Depth,
  type Getter,
} from './getters.js';
import { LISTED, requirementOf } from './member-requirements.js';
import {
  leadsToIt,
  listKey,
  wordFor,
  type Contradiction,
  type Observation,
  type ObservedObject,
} from './observation.js';

export interface ObserveOptions {
  /** `light` unless given. */
  readonly depth?: Depth;
  /** Only this subsystem and what it contains. */
  readonly within?: Guid | undefined;
  /** Only subsystems of which this is true, and what they contain. */
  readonly isWithin?: (properties: { readonly id: Guid }) => boolean;
  /**
   * For a deep reading: the objects that are found by their ids and places too, and asked for their containers; all
   * unless given.
   */
  readonly otherWaysTo?: ((id: Guid) => boolean) | undefined;
  /** For a deep reading: finds objects by their ids. */
  readonly providerPrivate?: IVdsProviderPrivate | undefined;
}

/** The id that the provider has as a container. */
export const THE_PROVIDER = 'provider';

/** The member that is the provider's own id. */
const PROVIDER_ID = 'providerId';

type AnyResult = Result<Record<string, unknown>>;
type Answered = Pick<AnyResult, 'record'>;

/** Answers that say of an object that it is not there. */
const GONE: ReadonlySet<number | undefined> = new Set<number>([HR.VDS_E_OBJECT_DELETED, HR.VDS_E_OBJECT_NOT_FOUND]);

/**
 * What is read of objects that a call handed out. One that says of itself that it is no more must not have been handed
 * out: it is then that call which is wrong. Throws InventoryUnreadable.
 */
async function reached<T>({ record }: Answered, way: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InventoryUnreadable) || !GONE.has(error.record.hr)) throw error;
    const problem = `handed out an object of which ${displayName(error.record.method)} ${error.problem}`;
    throw new InventoryUnreadable(record, problem, error.requirement, way);
  }
}

/** An object that is being read. */
interface Reading {
  readonly kind: ObservedKind;
  readonly id: Guid | typeof THE_PROVIDER;
  readonly object: VdsObject;
  readonly members: Record<string, unknown>;
  /** The calls that gave the members; under '' that of the properties. */
  readonly sources: Record<string, CallRecord>;
  /** Its other interfaces, as far as they were asked for; null where it does not have one. */
  readonly others: Map<InterfaceName, VdsObject | null>;
}

/**
 * A value that stands for "not known" where the properties are incomplete: NULL, zero, an empty string, or a structure
 * of such values only.
 */
function isBlank(value: unknown): boolean {
  if (value === null || value === 0 || value === 0n || value === false || value === '' || value === NULL_GUID)
    return true;
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0);
  return typeof value === 'object' && Object.values(value as object).every(isBlank);
}

/** Numbers by which an object is identified, and of which zero is one like any other. */
const IDENTIFYING: ReadonlySet<string> = new Set(['internalBusNumber', 'slotNumber', 'enclosureNumber', 'tag']);

/**
 * The members that a properties structure gives. Where the provider says that it is incomplete, what it leaves out is
 * not known (VDS-7.7).
 */
export function membersOf(hr: number, properties: object): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties))
    if (name !== 'id' && !(hr === HR.VDS_S_PROPERTIES_INCOMPLETE && isBlank(value) && !IDENTIFYING.has(name)))
      members[name] = value;
  return members;
}

/** The outputs that carry a value: those that only count another are left out. */
function valuesOf({ outs }: Method): readonly ParamDef[] {
  const counts = new Set(outs.flatMap(({ type }) => ('count' in type ? [type.count] : [])));
  return outs.filter((o) => !counts.has(o.name));
}

const hasFailed = ({ members: { status } }: Reading): boolean => status === OBJECT_STATUS.STATUS_FAILED;

class Observer {
  private readonly readings: Reading[] = [];
  private readonly objects = new Map<Guid, ObservedObject>();
  private readonly contradictions: Contradiction[] = [];
  /** Subsystems that were left out. */
  private left = 0;
  private readonly unread = new Set<string>();
  /** Ids by COM identity. */
  private readonly idOf = new Map<number, Guid | typeof THE_PROVIDER>();

  constructor(
    private readonly hw: IVdsHwProvider,
    private readonly options: ObserveOptions,
  ) {}

  async observe(): Promise<Observation> {
    const { hw } = this;
    const provider: Reading = {
      kind: 'IVdsHwProvider',
      id: THE_PROVIDER,
      object: hw,
      members: {},
      sources: {},
      others: new Map(),
    };
    this.idOf.set(await hw.identity(), THE_PROVIDER);
    this.readings.push(provider);
    await this.readContents(provider, undefined);
    for (const reading of this.readings) await this.readOthers(reading);
    return {
      provider: provider.members,
      objects: this.objects,
      contradictions: this.contradictions,
      unread: this.unread,
    };
  }

  /** Objects outside may be handed out by what is inside. */
  private get isPartial(): boolean {
    return this.options.within !== undefined || this.left > 0 || this.unread.size > 0;
  }

  private readsAt(depth: Depth): boolean {
    return depth === 'light' || this.options.depth === 'deep';
  }

  /** The object's interface with a getter; null where it does not have it. */
  private async typed(
    { object, kind, others }: Reading,
    { method: { interfaceName } }: Getter,
  ): Promise<VdsObject | null> {
    if (interfaceName === kind || interfaceName === object.interfaceName) return object;
    let other = others.get(interfaceName);
    if (other === undefined)
      others.set(interfaceName, (other = await object.as(interfaceName as keyof TypedInterfaces)));
    return other;
  }

  /** The answer of a getter; undefined where the object lacks it, and `refused` where it may, as it has failed. */
  private async answer(reading: Reading, getter: Getter): Promise<AnyResult | undefined | 'refused'> {
    const { fullName, codes, generic } = getter.method;
    const typed = await this.typed(reading, getter);
    if (typed === null) return undefined;
    const result = await ask(() => typed.call(fullName, getter.args));
    if (result.hr === HR.VDS_E_NOT_SUPPORTED || result.hr === HR.E_NOTIMPL) return undefined;
    const mayFail = codes.includes('VDS_E_OBJECT_STATUS_FAILED') || generic.includes('VDS_COMMON');
    if (result.hr === HR.VDS_E_OBJECT_STATUS_FAILED && hasFailed(reading) && mayFail) return 'refused';
    return result;
  }

  /** Reads what an object contains, and what that contains. */
  private async readContents(holder: Reading, container: Guid | undefined): Promise<void> {
    for (const getter of gettersOf(holder.kind)) {
      const { query, member } = getter;
      if (query?.contains !== true || member === undefined) continue;
      const result = await this.answer(holder, getter);
      if (result === 'refused' && container !== undefined) this.unread.add(listKey(container, query.lists));
      if (result === undefined || result === 'refused') continue;
      const ids: Guid[] = [];
      const duty = requirementOf(query.lists, LISTED);
      for (const object of await enumerate(outputOf(result, 'enum') as IEnumVdsObject, query.lists)) {
        const found = await reached(result, duty, () => this.readProperties(query.lists, object));
        if (query.lists === 'IVdsSubSystem' && !this.isWithin(found)) {
          this.left += 1;
          continue;
        }
        ids.push(found.id);
        if (await this.isKnown(found, ids, result)) continue;
        const { id, members, sources, others: interfaces } = found;
        this.objects.set(id, { kind: query.lists, id, container, members, sources, interfaces });
        this.readings.push(found);
        await this.readContents(found, found.id);
      }
      holder.members[member] = ids;
      holder.sources[member] = result.record;
    }
  }

  private isWithin({ id, members }: Reading & { readonly id: Guid }): boolean {
    const { within, isWithin } = this.options;
    return (within ?? id) === id && isWithin?.({ ...members, id }) !== false;
  }

  private async readProperties(kind: DeviceInterface, object: VdsObject): Promise<Reading & { readonly id: Guid }> {
    const [{ method: getter }] = gettersOf(kind) as readonly [Getter];
    const result = await ask(() => object.call(getter.fullName, {}));
    const properties = outputOf(result, getter.outs[0]?.name as string) as { readonly id: Guid };
    return {
      kind,
      id: properties.id,
      object,
      members: membersOf(result.hr, properties),
      sources: { '': result.record },
      others: new Map(),
    };
  }

  /** Whether an object with this id was read before, which is wrong whatever it is. */
  private async isKnown(
    { id, kind, object }: Reading & { readonly id: Guid },
    ids: Guid[],
    by: AnyResult,
  ): Promise<boolean> {
    const identity = await object.identity();
    const other = this.objects.get(id);
    if (other === undefined) {
      this.idOf.set(identity, id);
      return false;
    }
    const lister = displayName(by.record.method);
    const [what, word] = [wordFor(kind), wordFor(other.kind)];
    if (ids.indexOf(id) !== ids.length - 1) this.contradict('VDS-4.1a', `${lister} lists the ${what} ${id} twice`, by);
    else if (other.kind === kind)
      this.contradict('VDS-4.1a', `${lister} lists the ${what} ${id}, which another object lists as well`, by);
    else this.contradict('VDS-4.2d', `the ${what} that ${lister} lists has the id ${id} of a ${word}`, by);
    return true;
  }

  private contradict(requirement: string, message: string, { record }: { readonly record: AnyResult['record'] }): void {
    this.contradictions.push({ requirement, message, record });
  }

  /** Reads what is left of an object: associations, settings, and in a deep reading everything. */
  private async readOthers(reading: Reading): Promise<void> {
    for (const getter of gettersOf(reading.kind)) {
      const { query, member, container, depth } = getter;
      if (query?.contains === true || !this.readsAt(depth)) continue;
      if (container === true && !this.isFoundByOtherWays(reading)) continue;
      if (member === undefined) {
        // A device's were read when it was listed.
        if (reading.kind === 'IVdsHwProvider' && this.options.depth === 'deep')
          await this.readProvider(reading, getter);
        continue;
      }
      const result = await this.answer(reading, getter);
      if (result === undefined || result === 'refused') continue;
      reading.sources[container === true ? CONTAINER : member] = result.record;
      if (getter.method.fullName === ALWAYS_WHOLE && succeeded(result.hr) && result.hr !== HR.S_OK)
        this.contradict('VDS-7.7b', `${displayName(ALWAYS_WHOLE)} answered ${formatHresult(result.hr)}`, result);
      if (result.hr === HR.VDS_E_NO_IMPORT_TARGET) reading.members[member] = null;
      else if (query !== undefined)
        reading.members[member] = await reached(result, requirementOf(reading.kind, member), () =>
          this.associated(result, query.lists),
        );
      else if (container === true) {
        const holder = outputOf(result, getter.method.outs[0]?.name as string) as VdsObject;
        const known = this.idOf.get(await holder.identity());
        reading.members[CONTAINER_OBJECT] = known === undefined ? 'another object' : 'the object listed';
        reading.members[CONTAINER] =
          known ??
          (await reached(result, requirementOf(reading.kind, CONTAINER), () =>
            this.idOfUnknown(holder, holder.interfaceName as DeviceInterface, result),
          ));
      } else {
        reading.members[member] = valueOf(getter.method, result);
        this.countsWhatIsThere(requirementOf(reading.kind, member), getter.method, result);
      }
    }
    if (this.options.depth === 'deep') await this.readByOtherWays(reading);
  }

  private isFoundByOtherWays({ id }: Reading): boolean {
    return this.options.otherWaysTo?.(id) !== false;
  }

  /** Of a list that is NULL there is nothing to count. */
  private countsWhatIsThere(requirement: string, { outs, fullName }: Method, result: AnyResult): void {
    for (const { name, type } of succeeded(result.hr) ? outs : []) {
      if (type.kind !== 'array' || result.out[name] !== null) continue;
      const count = result.out[type.count];
      if (count !== 0)
        this.contradict(requirement, `${displayName(fullName)} counts ${formatValue(count)} in a list of none`, result);
    }
  }

  private async readProvider(reading: Reading, getter: Getter): Promise<void> {
    const result = await this.answer(reading, getter);
    if (result === undefined || result === 'refused') return;
    const properties = outputOf(result, 'providerProp') as { readonly id: Guid };
    Object.assign(reading.members, membersOf(result.hr, properties), { [PROVIDER_ID]: properties.id });
  }

  private async associated(result: AnyResult, lists: DeviceInterface): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const each of await listed(outputOf(result, 'enum') as IEnumVdsObject)) {
      const known = this.idOf.get(await each.object.identity());
      // An object that is known to be of the kind needs no further interface to be told by.
      if (known !== undefined && this.objects.get(known)?.kind === lists) {
        ids.push(known);
        continue;
      }
      const typed = await asListed(each, lists);
      ids.push(known ?? (await this.idOfUnknown(typed, lists, result)));
    }
    return ids;
  }

  /** The id of an object that was handed out, and whose identity is not known: by its own properties. */
  private async idOfUnknown(object: VdsObject, kind: DeviceInterface, from: AnyResult): Promise<string> {
    if (DEVICE_KINDS[kind] === undefined) return 'another object than the one loaded';
    const found = await this.readProperties(kind, object);
    const { id } = found;
    this.compareWith(found, displayName(from.record.method));
    if (!this.objects.has(id) && !this.isPartial)
      this.contradict(
        requirementOf(kind, LISTED),
        `${displayName(from.record.method)} hands out the ${DEVICE_KINDS[kind].name} ${id}, which no enumeration lists`,
        from,
      );
    return id;
  }

  /** Notes where another object with the id of one that was listed reports other values. */
  private compareWith({ id, members }: Reading & { readonly id: Guid }, by: string): void {
    const listed = this.readings.find((reading) => reading.id === id);
    if (listed === undefined) return;
    const wrong = Object.keys(members).find(
      (name) =>
        !SETTLING.has(name) &&
        name !== 'transitionState' &&
        listed.members[name] !== undefined &&
        !equalValues(members[name], listed.members[name]),
    );
    if (wrong !== undefined)
      listed.members[OTHER_WAYS] =
        `${wrong} is ${formatValue(members[wrong])} by ${by}, and ${formatValue(listed.members[wrong])} by the ` +
        'object that is listed';
  }

  /** The same object by its id and by its place, and a controller's ports by number. */
  private async readByOtherWays(reading: Reading): Promise<void> {
    const { kind, id, members } = reading;
    if (kind === 'IVdsHwProvider') return;
    const { providerPrivate } = this.options;
    const isFound = this.isFoundByOtherWays(reading);
    if (isFound && providerPrivate !== undefined) {
      const { type } = DEVICE_KINDS[kind];
      const found = await ask(() => providerPrivate.getObject({ objectId: id, type }));
      members[BY_ID] = succeeded(found.hr)
        ? await this.sameness(reading, found, outputOf(found, 'objectUnk'), BY_ID)
        : formatHresult(found.hr);
    }
    if (isFound && kind === 'IVdsDrive') await this.readByPlace(reading);
    if (kind === 'IVdsController') await this.readPorts(reading);
  }

  /** Whether another way to an object gives it: as the same COM object, as another one with its id, or not at all. */
  private async sameness({ kind, id }: Reading, by: Answered, found: VdsObject, way: string): Promise<string> {
    if (this.idOf.get(await found.identity()) === id) return 'the object listed';
    const typed = await found.as(kind as DeviceInterface);
    if (typed === null) return `an object without ${kind}`;
    const other = await reached(by, requirementOf(kind, way), () =>
      this.readProperties(kind as DeviceInterface, typed),
    );
    this.compareWith(other, 'another way to it');
    return other.id === id ? 'another object with its id' : `the object ${other.id}`;
  }

  private async readByPlace(reading: Reading): Promise<void> {
    const { internalBusNumber, slotNumber } = reading.members;
    const holder = this.readings.find((r) => r.id === this.objects.get(reading.id)?.container);
    if (holder === undefined || typeof internalBusNumber !== 'number' || typeof slotNumber !== 'number') return;
    const subSystem = holder.object as IVdsSubSystem;
    const place = { busNumber: internalBusNumber, slotNumber };
    const enclosureNumber = (reading.members['properties2'] as { readonly enclosureNumber?: number } | undefined)
      ?.enclosureNumber;
    const enclosed = await subSystem.as('IVdsSubSystem2');
    // Where drives are in enclosures, bus and slot alone do not say which drive is meant.
    const found =
      enclosed === null || enclosureNumber === undefined
        ? await ask(() => subSystem.getDrive(place))
        : await ask(() => enclosed.getDrive2({ ...place, enclosureNumber }));
    const told = async (by: typeof found): Promise<string> =>
      this.sameness(reading, by, outputOf(by, 'drive'), BY_PLACE);
    if (found.hr !== HR.VDS_E_NOT_SUPPORTED && found.hr !== HR.E_NOTIMPL)
      reading.members[BY_PLACE] = succeeded(found.hr) ? await told(found) : formatHresult(found.hr);
    if (enclosed === null || enclosureNumber !== undefined) return;
    const isAtSamePlace = ({ kind, members: other, id }: Reading): boolean =>
      kind === 'IVdsDrive' &&
      this.objects.get(id as Guid)?.container === holder.id &&
      other['internalBusNumber'] === internalBusNumber &&
      other['slotNumber'] === slotNumber;
    // Which of several is meant only an enclosure says.
    if (this.readings.filter(isAtSamePlace).length > 1) return;
    // Nothing else reports an enclosure, so that a provider may find nothing in the first one; but no other drive.
    const first = await ask(() => enclosed.getDrive2({ ...place, enclosureNumber: 0 }));
    if (!succeeded(first.hr)) return;
    const there = await told(first);
    if (!leadsToIt(there)) reading.members[BY_PLACE] = there;
  }

  private async readPorts(reading: Reading): Promise<void> {
    const { numberOfPorts } = reading.members;
    const ports: unknown[] = [];
    for (let portNumber = 0; portNumber < Number(numberOfPorts ?? 0); portNumber++) {
      const found = await ask(() => (reading.object as IVdsController).getPortProperties({ portNumber }));
      if (found.hr === HR.VDS_E_NOT_SUPPORTED || found.hr === HR.E_NOTIMPL) return;
      const { id, ...others } = outputOf(found, 'portProp');
      ports.push({ id, ...membersOf(found.hr, others) });
    }
    reading.members[PORTS] = ports;
  }
}

/** The getter of properties whose page has no success but S_OK. */
const ALWAYS_WHOLE: MethodName = 'IVdsDrive2.GetProperties2';

/** The values of a getter: its one value, or several by their names. No array is an empty one. */
export function valueOf(called: Method, result: AnyResult): unknown {
  if (failed(result.hr)) throw new InventoryUnreadable(result.record, `answered ${formatHresult(result.hr)}`);
  const values = valuesOf(called).map(({ name, type }): [string, unknown] => {
    const value = result.out[name];
    if (value === UNTOUCHED) throw new InventoryUnreadable(result.record, `answered success without ${name}`);
    if (value === null && type.kind === 'array') return [name, []];
    if (type.kind === 'struct' && value !== null && structure(type.name).fields.some((f) => f.name === 'id'))
      return [name, membersOf(result.hr, value as object)];
    return [name, value];
  });
  return values.length === 1 ? values[0]?.[1] : Object.fromEntries(values);
}

/**
 * The state that the provider reports: all of it, or one subsystem. Its references are the session's, to be released by
 * whoever took the ledger's mark. Throws InventoryUnreadable for a getter that fails although nothing stands against
 * it.
 */
export async function observe(hw: IVdsHwProvider, options: ObserveOptions = {}): Promise<Observation> {
  return new Observer(hw, options).observe();
}
