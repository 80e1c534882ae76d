// Where two states of the system differ, by values.
import type { CallRecord } from '../port/trace.js';
import { sourceOf } from './read-inventory.js';
import { parseGuid } from '../contract/guid.js';
import type { DeviceSlug } from '../contract/objects.js';
import { kindBySlug } from '../port/device-kinds.js';
import { allObjects, listsOf, type Inventory, type ObjectState, type TargetState } from './inventory.js';

export interface Difference {
  /** `LUN 6f0… size` */
  readonly what: string;
  readonly id: string;
  /** `LUN size` */
  readonly member: string;
  /** The call that gave the actual value, where it was read through a provider. */
  readonly record?: CallRecord | undefined;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Whether two answers name one import target: iSCSI names have no case, a GUID may stand in braces, and where the value is an object id the target's
 * name may be answered for it.
 */
export function sameImportTarget(one: unknown, other: unknown, states: readonly object[] = []): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  const name = (value: string): string => {
    const id = parseGuid(value);
    if (id === undefined) return value.toLowerCase();
    return (
      states
        .flatMap((s) => (s as { readonly targets?: readonly TargetState[] }).targets ?? [])
        .find((t) => t.id === id)
        ?.iscsiName.toLowerCase() ?? id
    );
  };
  return name(one) === name(other);
}

/** A list of ids, in an order that says nothing. */
const isAssociation = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string');

/** Whether a member of an object has one value in both states. */
function sameMember(name: string, one: unknown, other: unknown, states: readonly object[]): boolean {
  if (isAssociation(one) && isAssociation(other))
    return one.length === other.length && [...one].sort().join() === [...other].sort().join();
  return Object.is(one, other) || (name === 'importTarget' && sameImportTarget(one, other, states));
}

/** The members on which an answer about an object and its expected state differ. What only one of them knows is not compared, nor are the objects that it holds. */
export function differingMembers(
  expected: object,
  actual: object,
): { readonly name: string; readonly expected: unknown; readonly actual: unknown }[] {
  const held = new Set(listsOf(expected).map((l) => l.member));
  return Object.entries(expected).flatMap(([name, value]) => {
    const other = (actual as Readonly<Record<string, unknown>>)[name];
    if (
      held.has(name) ||
      value === undefined ||
      other === undefined ||
      sameMember(name, value, other, [expected, actual])
    )
      return [];
    return [{ name, expected: value, actual: other }];
  });
}

function compareLists(
  kind: DeviceSlug,
  expected: readonly ObjectState[],
  actual: readonly ObjectState[],
  listed: CallRecord | undefined,
): Difference[] {
  const member = `${kindBySlug(kind).name} in the enumeration`;
  const found: Difference[] = [];
  const { name } = kindBySlug(kind);
  const byId = new Map(actual.map((a) => [a.id, a]));
  for (const e of expected) {
    const a = byId.get(e.id);
    if (a === undefined)
      found.push({
        what: `${name} ${e.id} in the enumeration`,
        id: e.id,
        member,
        record: listed,
        expected: 'present',
        actual: 'missing',
      });
    else
      found.push(
        ...differingMembers(e, a).map((d) => ({
          what: `${name} ${e.id} ${d.name}`,
          id: e.id,
          member: `${name} ${d.name}`,
          record: sourceOf(a, d.name),
          expected: d.expected,
          actual: d.actual,
        })),
        ...compareHeld(e, a),
      );
  }
  const known = new Set(expected.map((e) => e.id));
  for (const a of actual)
    if (!known.has(a.id))
      found.push({
        what: `${name} ${a.id} in the enumeration`,
        id: a.id,
        member,
        record: sourceOf(a, 'id'),
        expected: 'absent',
        actual: 'present',
      });
  if (byId.size !== actual.length)
    found.push({
      what: `${name}s in the enumeration`,
      id: '',
      member,
      record: listed,
      expected: 'each once',
      actual: 'one of them twice',
    });
  return found;
}

/** The objects that both hold; a list that only one of them knows is not compared. */
function compareHeld(expected: object, actual: object): Difference[] {
  const theirs = new Map(listsOf(actual).map((l) => [l.member, l.objects]));
  return listsOf(expected).flatMap(({ kind, member, objects }) => {
    const other = theirs.get(member);
    return other === undefined ? [] : compareLists(kind, objects, other, sourceOf(actual, member));
  });
}

/** Where two states of the system differ; members that only one of them knows are not compared. */
export function compareInventories(expected: Inventory, actual: Inventory): Difference[] {
  return compareHeld(expected, actual);
}

/** Values that survive a provider giving its objects new ids: what names an object to people. */
export function naturalKeys(state: Inventory): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { kind, object } of allObjects(state)) {
    const { name, naturalKey } = kindBySlug(kind);
    const key = naturalKey.map((member) => object[member]).find((value) => value !== undefined && value !== null);
    if (typeof key === 'string' && (key !== '' || kind === 'subsystem')) keys.set(`${name} ${key}`, object.id);
  }
  return keys;
}
