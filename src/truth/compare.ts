// Where two observations of the system differ, by values. What only one of them knows is not compared.
import { flagEnumeration } from '../contract/flags.js';
import type { ObservedKind } from '../port/device-kinds.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import {
  OBJECT_STATUS,
  VDS_HEALTH,
  VDS_LOADBALANCE_POLICY_ENUM,
  VDS_PATH_STATUS,
} from '../contract/generated/enumerations.js';
import type {
  VDS_DRIVE_EXTENT,
  VDS_PATH_ID,
  VDS_PATH_INFO,
  VDS_PATH_POLICY,
} from '../contract/generated/structures.js';
import { structure } from '../contract/tables.js';
import { formatValue, named } from '../port/show-value.js';
import type { CallRecord } from '../port/trace.js';
import { CONTAINER, CONTAINER_OBJECT, isContents, listMemberOf, OTHER_WAYS } from './getters.js';
import type { Inventory } from './inventory.js';
import { LISTED, requirementOf } from './member-requirements.js';
import {
  flatten,
  objectsOf,
  label,
  wordFor,
  type Members,
  type Observation,
  type ObservedObject,
} from './observation.js';

/** One member of one object that is not what it should be. */
export interface Difference {
  readonly object: { readonly kind: ObservedKind; readonly id: Guid };
  /** The member; `listed` where the object itself is missing or there is one too many. */
  readonly member: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** The call that gave the actual value, where it was read through the provider. */
  readonly record?: CallRecord | undefined;
  /** The requirement that it breaks: that of the getter which reports the member. */
  readonly requirement: string;
}

/** `size of LUN 6f0… is 1 (expected 2)`. */
export function describeDifference({ object: { kind, id }, member, expected, actual }: Difference): string {
  const what = id === '' ? wordFor(kind) : label({ kind, id });
  if (member === LISTED) return expected === 'listed' ? `${what} is missing` : `${what} is listed, and must not be`;
  return (
    `${member} of ${what} is ${formatValue(namedMember(kind, member, actual))} (expected ` +
    `${formatValue(namedMember(kind, member, expected))})`
  );
}

/** Differences that a message names before it says how many more there are. */
const NAMED = 5;

/** The first of them, and how many more there are. */
export const describeDifferences = (found: readonly Difference[]): string =>
  found.slice(0, NAMED).map(describeDifference).join('; ') +
  (found.length > NAMED ? `; ${found.length - NAMED} more` : '');

/** The difference as what a finding shows of it. */
export const evidenceOf = ({ object: { kind, id }, member, expected, actual, record }: Difference) => ({
  record,
  member: `${wordFor(kind)} ${member}`,
  of: id === '' ? wordFor(kind) : label({ kind, id }),
  expected: namedMember(kind, member, expected),
  actual: namedMember(kind, member, actual),
});

/** A value of a member, by its name where it is of an enumeration. */
export const namedMember = (kind: ObservedKind, member: string, value: unknown): unknown =>
  named(typeOf(kind, member), value);

/** The same of an object as text. */
export const shownMember = ({ kind }: { readonly kind: ObservedKind }, member: string, value: unknown): string =>
  formatValue(namedMember(kind, member, value));

/** The enumeration of a member of a kind's properties, or of its flags; '' for other members. */
function typeOf(kind: ObservedKind, member: string): string {
  const properties = kind in DEVICE_KINDS ? DEVICE_KINDS[kind as keyof typeof DEVICE_KINDS].properties[0] : undefined;
  if (properties === undefined) return '';
  const type = structure(properties.structure).fields.find((f) => f.name === member)?.type;
  return type?.kind === 'enum' ? type.name : (flagEnumeration(properties.structure, member) ?? '');
}

/**
 * Members that no call decides: what the world around the array does, as who is logged on and which cables lead
 * anywhere; and by which objects a reading came to know others.
 */
export const OUTSIDE: ReadonlySet<string> = new Set(['connectedInitiators', 'pathInfo', CONTAINER_OBJECT, OTHER_WAYS]);

/**
 * Members that say which ways lead to a LUN. An array may change them when a controller or port goes out of use, and
 * need not change them back when it returns.
 */
export const WAYS_TO_LUNS = [
  'activeControllers',
  'activeControllerPorts',
  'associatedLuns',
  'pathInfo',
  'loadBalancePolicy',
] as const;

/** Members that may change by themselves: those, and what the array works on. */
const VOLATILE: ReadonlySet<string> = new Set([...OUTSIDE, 'transitionState']);

/** A storage pool's report of the space in it, which changes with every LUN of it. */
export const SPACE_OF_POOLS = [
  'totalConsumedSpace',
  'totalManagedSpace',
  'remainingFreeSpace',
  'attributes',
  'driveExtents',
] as const;
const isSpaceOfPool = (kind: ObservedKind, member: string): boolean =>
  kind === 'IVdsStoragePool' && SPACE_OF_POOLS.includes(member as never);

/** Members in which the array may take a while to come to rest. */
export const SETTLING: ReadonlySet<string> = new Set(['status', 'health', 'portProperties', 'properties2']);

/** Members that may change at any time while something has failed, as it may be rebuilt elsewhere. */
const UNSTEADY: ReadonlySet<string> = new Set(['status', 'health', 'transitionState', 'extents', 'portProperties']);

/** Whether a member, which may be of a second structure of properties, is one of those. */
export const isUnsteady = (member: string): boolean => UNSTEADY.has(member.slice(member.lastIndexOf('.') + 1));

/** Whether a value is one of something that is busy, or worked on, which ends by itself and without a call. */
export function isPassing(member: string, value: unknown): boolean {
  switch (member) {
    case 'status':
      return value === OBJECT_STATUS.STATUS_NOT_READY;
    case 'health':
      return value === VDS_HEALTH.VDS_H_REBUILDING;
    case 'portProperties':
      return (
        Array.isArray(value) && value.some(({ status }: { readonly status?: unknown }) => isPassing('status', status))
      );
    default:
      return false;
  }
}

const sorted = (list: readonly unknown[]): string => list.map(String).sort().join();

/** Whether two values are equal in all that they hold. */
export function equalValues(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([name, value]) => name in other && equalValues(value, (other as Members)[name]))
  );
}

/** Bytes of a drive or plex by the LUN that has them: how a LUN's bytes are cut into extents may change. */
function bytesByOwner(extents: readonly VDS_DRIVE_EXTENT[]): string {
  const bytes = new Map<string, bigint>();
  for (const { id, lunId, size, used } of extents) {
    const owner = `${id} ${used ? lunId : 'free'}`;
    bytes.set(owner, (bytes.get(owner) ?? 0n) + size);
  }
  return sorted([...bytes].map(([owner, size]) => `${owner} ${size}`));
}

/**
 * To whom an unmasking list shows a LUN: order, case and repetition say nothing, and NULL is nobody as the empty list
 * is.
 */
export const unmasked = (list: string | null): string =>
  [...new Set((list ?? '').split(';').map((each) => each.trim().toLowerCase()))]
    .filter((each) => each !== '')
    .sort()
    .join(';');

interface LoadBalancePolicy {
  readonly policy: unknown;
  readonly paths: readonly VDS_PATH_POLICY[] | null;
}

const isPolicy = (value: unknown): value is LoadBalancePolicy =>
  typeof value === 'object' && value !== null && 'policy' in value;

const pathKey = ({ sourceId, pathId }: VDS_PATH_ID): string => `${sourceId} ${pathId}`;

/** Whether what two lists say of the paths that both have agrees. Which paths there are is decided outside. */
export function samePaths<T extends { readonly pathId: VDS_PATH_ID }>(
  one: readonly T[] | null | undefined,
  other: readonly T[] | null | undefined,
  agree: (one: T, other: T) => boolean,
): boolean {
  const known = new Map((one ?? []).map((path) => [pathKey(path.pathId), path]));
  return (other ?? []).every((path) => {
    const before = known.get(pathKey(path.pathId));
    return before === undefined || agree(before, path);
  });
}

/** Whether a path of this status may have failed, or be mended, by the world around the array. */
export const failsOutside = (status: number): boolean =>
  status === VDS_PATH_STATUS.VDS_MPS_FAILED || status === VDS_PATH_STATUS.VDS_MPS_UNKNOWN;

/** The paths of an answer of GetPathInfo. */
export const pathsIn = (value: unknown): readonly VDS_PATH_INFO[] => {
  const paths = typeof value === 'object' && value !== null && 'paths' in value ? value.paths : value;
  return Array.isArray(paths) ? (paths as readonly VDS_PATH_INFO[]) : [];
};

/** Whether paths that work have the status that was set of them. */
export const sameStatuses = (one: unknown, other: unknown): boolean =>
  samePaths(
    pathsIn(one),
    pathsIn(other),
    (a, b) => a.status === b.status || failsOutside(a.status) || failsOutside(b.status),
  );

/** Weights mean something under one policy. */
const samePolicy = (one: LoadBalancePolicy, other: LoadBalancePolicy): boolean =>
  one.policy === other.policy &&
  (one.policy !== VDS_LOADBALANCE_POLICY_ENUM.VDS_LBP_WEIGHTED_PATHS ||
    samePaths(one.paths, other.paths, (a, b) => a.weight === b.weight));

const isMask = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** A target that an import target may name. */
interface Named {
  readonly id: Guid;
  readonly iscsiName: unknown;
}

/**
 * Whether two answers name one import target: iSCSI names have no case, a GUID may stand in braces, and where the value
 * is an object id the target's name may be answered for it.
 */
export function sameImportTarget(one: unknown, other: unknown, targets: readonly Named[]): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  const name = (value: string): string => {
    const id = parseGuid(value);
    if (id === undefined) return value.toLowerCase();
    const iscsiName = targets.find((t) => t.id === id)?.iscsiName;
    return typeof iscsiName === 'string' ? iscsiName.toLowerCase() : id;
  };
  return name(one) === name(other);
}

/** Whether a member has one value in both; `targets` are those that an import target may name. */
export function sameMember(member: string, one: unknown, other: unknown, targets: readonly Named[] = []): boolean {
  if (member === 'importTarget') return sameImportTarget(one, other, targets);
  if (member === 'extents' && Array.isArray(one) && Array.isArray(other))
    return bytesByOwner(one as VDS_DRIVE_EXTENT[]) === bytesByOwner(other as VDS_DRIVE_EXTENT[]);
  if (member === 'unmaskingList' && isMask(one) && isMask(other)) return unmasked(one) === unmasked(other);
  if (member === 'loadBalancePolicy' && isPolicy(one) && isPolicy(other)) return samePolicy(one, other);
  // Ids in an order that says nothing: an enumeration is in the order of its enumerator.
  if (Array.isArray(one) && Array.isArray(other) && [...one, ...other].every((v) => typeof v === 'string'))
    return sorted(one) === sorted(other);
  return equalValues(one, other);
}

function differingMembers(
  object: Difference['object'],
  expected: Members,
  actual: Members,
  targets: readonly Named[],
): Difference[] {
  return Object.entries(expected).flatMap(([member, value]) => {
    const other = actual[member];
    if (
      value === undefined ||
      other === undefined ||
      VOLATILE.has(member) ||
      isContents(object.kind, member) ||
      isSpaceOfPool(object.kind, member)
    )
      return [];
    if (sameMember(member, value, other, targets)) return [];
    return [{ object, member, expected: value, actual: other, requirement: requirementOf(object.kind, member) }];
  });
}

/** Whether the list in which an object belongs was read: a truth may not know the objects of a kind. */
function knowsKind(observation: Observation, { kind, container }: ObservedObject): boolean {
  const holder = container === undefined ? observation.provider : observation.objects.get(container)?.members;
  return holder?.[listMemberOf(kind)] !== undefined;
}

/** Where `actual` is not what was expected. An object that is missing is one difference, whatever it contains. */
export function compareObservations(expected: Observation, actual: Observation): Difference[] {
  const found: Difference[] = [];
  const targets = targetsOf(expected, actual);
  const provider = { kind: 'IVdsHwProvider', id: '' } as const;
  found.push(...differingMembers(provider, expected.provider, actual.provider, targets));
  for (const object of expected.objects.values()) {
    const { id, kind, members, container } = object;
    const other = actual.objects.get(id);
    if (other !== undefined) {
      if (other.container !== container)
        found.push({
          object: { kind, id },
          member: CONTAINER,
          expected: container,
          actual: other.container,
          requirement: requirementOf(kind, LISTED),
        });
      found.push(
        ...differingMembers({ kind, id }, members, other.members, targets).map((d) => ({
          ...d,
          record: other.sources?.[d.member] ?? other.sources?.[''],
        })),
      );
    } else if (knowsKind(actual, object)) found.push(presence(object, 'listed', 'not listed'));
  }
  for (const object of actual.objects.values()) {
    if (!expected.objects.has(object.id) && knowsKind(expected, object))
      found.push(presence(object, 'not listed', 'listed'));
  }
  const before = doubled(expected);
  for (const id of doubled(actual)) {
    const object = actual.objects.get(id);
    if (object !== undefined && !before.has(id)) found.push(presence(object, 'listed once', 'listed twice'));
  }
  return found;
}

/** The objects that the enumeration of what contains them lists more than once. */
function doubled({ provider, objects }: Observation): ReadonlySet<Guid> {
  const holders = [{ kind: 'IVdsHwProvider' as const, members: provider }, ...objects.values()];
  const lists = holders.flatMap(({ kind, members }) =>
    Object.entries(members).filter(([member, value]) => isContents(kind, member) && Array.isArray(value)),
  );
  return new Set(
    lists.flatMap(([, value]) => (value as Guid[]).filter((id, index, list) => list.indexOf(id) !== index)),
  );
}

const presence = ({ kind, id }: ObservedObject, expected: string, actual: string): Difference => ({
  object: { kind, id },
  member: LISTED,
  expected,
  actual,
  requirement: requirementOf(kind, LISTED),
});

/** The observation without these objects and what they contain, and without associations with them. */
export function withoutObjects(observation: Observation, departed: readonly Guid[]): Observation {
  const gone = new Set<unknown>(departed);
  for (const { id, container } of observation.objects.values()) if (gone.has(container)) gone.add(id);
  const pools = new Set<string>();
  // Which storage pools go with a subsystem is not told, so that none of them is known any more.
  if (departed.some((id) => observation.objects.get(id)?.kind === 'IVdsSubSystem')) {
    pools.add(listMemberOf('IVdsStoragePool'));
    for (const { id, kind } of observation.objects.values()) if (kind === 'IVdsStoragePool') gone.add(id);
  }
  const strip = (members: Members): Members =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.filter((each: unknown) => !gone.has(each)) : value,
      ]),
    );
  const objects = new Map(
    [...observation.objects.values()]
      .filter((o) => !gone.has(o.id))
      .map((o): [Guid, ObservedObject] => [o.id, { ...o, members: strip(o.members) }]),
  );
  const provider = Object.fromEntries(Object.entries(strip(observation.provider)).filter(([name]) => !pools.has(name)));
  return { ...observation, provider, objects };
}

/** The name of an object for people, which survives a change of its id; undefined where it has none. */
export function naturalKey({ kind, members }: ObservedObject): string | undefined {
  const name = DEVICE_KINDS[kind].naturalKey
    .map((member) => members[member])
    .find((value) => value !== undefined && value !== null);
  return typeof name === 'string' && (name !== '' || kind === 'IVdsSubSystem') ? `${wordFor(kind)} ${name}` : undefined;
}

/**
 * Where what one getter answered about an object differs from a state; undefined where the state has no such object.
 */
export function compareAnswer(expected: Observation, id: Guid, answer: Members): Difference[] | undefined {
  const object = expected.objects.get(id);
  return object === undefined
    ? undefined
    : differingMembers({ kind: object.kind, id }, object.members, answer, targetsOf(expected));
}

/** The first value of a call's answer that departs from a state, as what a finding shows of it. */
export function answerEvidence<R>(expected: Observation, id: Guid, answer: Members, record: R) {
  const [first] = compareAnswer(expected, id, answer) ?? [];
  return { ...(first === undefined ? {} : evidenceOf(first)), record };
}

const targetsOf = (...observations: readonly Observation[]): Named[] =>
  observations
    .flatMap((o) => objectsOf(o, 'IVdsIscsiTarget'))
    .map(({ id, members }) => ({ id, iscsiName: members['iscsiName'] }));

/** Objects of a state by what names them to people. */
export function naturalKeys(state: Inventory): Map<string, Guid> {
  return new Map(
    [...flatten(state).objects.values()].flatMap((o): [string, Guid][] => {
      const key = naturalKey(o);
      return key === undefined ? [] : [[key, o.id]];
    }),
  );
}

/** Where two states in the form of a truth differ, of which the actual one is the later. */
export const compareInventories = (expected: Inventory, actual: Inventory): Difference[] =>
  compareObservations(flatten(expected), flatten(actual)).filter(
    (difference) => !isPassing(difference.member, difference.expected),
  );
