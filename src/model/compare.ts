// Where what was observed differs from what the model expects, and which requirement that breaks.
import type { Guid } from '../contract/guid.js';
import { counted } from '../contract/wording.js';
import { OUTSIDE, sameMember, sameStatuses } from '../truth/compare.js';
import { listMemberOf } from '../truth/getters.js';
import { LISTED, requirementOf } from '../truth/member-requirements.js';
import { Expected } from './expected.js';
import {
  EXISTENCE,
  idsIn,
  makesTargets,
  memberKey,
  PartlyListed,
  type Draft,
  type Item,
  type Kind,
  type SystemState,
} from './state.js';

/** A target that an import target may name. */
interface Named {
  readonly id: Guid;
  readonly iscsiName: unknown;
}

const SECOND = /^properties2\.(.*)$/;

export interface Departure {
  readonly kind: Kind;
  readonly id: Guid;
  readonly member: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** Whether the change was to have an effect here; otherwise nothing was to change it. */
  readonly mentioned: boolean;
  /** The requirement of what was expected, or else of the getter that reports it. */
  readonly requirement: string;
}

/** Whether a member has the value that is expected of it. */
export function agrees(member: string, expected: unknown, actual: unknown, targets: readonly Named[]): boolean {
  if (Object.is(expected, actual)) return true;
  // Members that were not observed are only expected.
  if (expected === undefined || actual === undefined || actual instanceof Expected) return true;
  if (expected instanceof Expected) return expected.admits(actual);
  if (member === 'pathInfo') return sameStatuses(expected, actual);
  if (OUTSIDE.has(member)) return true;
  // No list grants nobody, as an empty one does.
  if (member === 'unmaskingList') return sameMember(member, expected ?? '', actual ?? '');
  return sameMember(member, expected, actual, targets);
}

const namedIn = (...states: readonly SystemState[]): Named[] =>
  states.flatMap((state) =>
    state.ofKind('IVdsIscsiTarget').map((t) => ({ id: t.id, iscsiName: t.members['iscsiName'] })),
  );

/** Whether a state is without something that effects have written into the draft of it. */
export function lacks(actual: SystemState, expected: Draft): boolean {
  const targets = namedIn(expected, actual);
  for (const key of expected.mentioned) {
    const [id, member] = key.split(' ') as [Guid, string];
    const [wanted, got] = [expected.get(id), actual.get(id)];
    if (got === undefined && wanted !== undefined && actual.hides(wanted, expected)) continue;
    if ((wanted === undefined) !== (got === undefined) || wanted?.parent !== got?.parent) return true;
    if (!agrees(member, wanted?.members[member], got?.members[member], targets)) return true;
  }
  return false;
}

/** Whether a target is one that the array has made with a new LUN, where it makes the targets of its LUNs. */
function isOfNewLun({ kind, id, parent }: Item, expected: Draft, actual: SystemState): boolean {
  if (kind !== 'IVdsIscsiTarget' || parent === null || !makesTargets(expected, parent)) return false;
  const luns = actual.ofKind('IVdsLun', parent).filter((lun) => expected.open.has(lun.id));
  return luns.some(({ members: { associatedTargets } }) => idsIn(associatedTargets).includes(id));
}

/** Every place where the observed state is not the expected one. What only one of them knows is not compared. */
export function departures(expected: Draft, actual: SystemState): Departure[] {
  const found: Departure[] = [];
  const targets = namedIn(expected, actual);
  const add = (item: Item, member: string, wanted: unknown, got: unknown): void => {
    found.push({
      kind: item.kind,
      id: item.id,
      member,
      expected: wanted,
      actual: got,
      mentioned: expected.mentioned.has(memberKey(item.id, member)),
      requirement:
        (wanted instanceof Expected ? wanted.requirement : undefined) ??
        requirementOf(item.kind, SECOND.exec(member)?.[1] ?? member),
    });
  };
  /** Whether an object came with a new one, as the portal group of a target does; it may be associated with others. */
  const cameAlong = (id: unknown): boolean => {
    const item = typeof id === 'string' && !expected.items.has(id as Guid) ? actual.get(id as Guid) : undefined;
    if (item === undefined || item.parent === null) return false;
    return expected.open.has(item.parent) || isOfNewLun(item, expected, actual) || cameAlong(item.parent);
  };
  const withoutNewContents = (wanted: unknown, got: unknown): unknown =>
    (Array.isArray(wanted) || wanted instanceof PartlyListed) && Array.isArray(got)
      ? got.filter((each) => !cameAlong(each))
      : got;
  for (const item of expected.items.values()) {
    const other = actual.get(item.id);
    if (other === undefined && (expected.optional.has(item.id) || actual.hides(item, expected))) continue;
    if (other === undefined) add(item, EXISTENCE, 'listed', 'not listed');
    else if (other.parent !== item.parent) add(item, EXISTENCE, `within ${item.parent}`, `within ${other.parent}`);
    else
      for (const [member, value] of Object.entries(item.members))
        if (!agrees(member, value, withoutNewContents(value, other.members[member]), targets))
          add(item, member, value, other.members[member]);
  }
  for (const [id, { kind, count }] of expected.counts) {
    const [item, got] = [actual.get(id), actual.ofKind(kind, id).length];
    if (item !== undefined && got !== count && !actual.hidesIn(id, kind)) {
      const member = listMemberOf(kind);
      found.push({
        kind: item.kind,
        id,
        member,
        expected: counted(count, 'object'),
        actual: counted(got, 'object'),
        mentioned: true,
        requirement: requirementOf(kind, LISTED),
      });
    }
  }
  for (const item of actual.items.values())
    if (!expected.items.has(item.id) && !cameAlong(item.id)) add(item, EXISTENCE, 'not listed', 'listed');
  return found;
}
