// Where what was observed differs from what the model expects, and which requirement that breaks.
import { parseGuid, type Guid } from '../contract/guid.js';
import { Expected } from './expected.js';
import { requirementOfMember } from './member-requirements.js';
import { EXISTENCE, idsIn, memberKey, type Draft, type Item, type SystemState } from './state.js';

export interface Departure {
  readonly kind: string;
  readonly id: Guid;
  readonly member: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** Whether the change was to have an effect here; otherwise nothing was to change it. */
  readonly mentioned: boolean;
  /** The requirement of the getter that reports it. */
  readonly requirement: string;
}

/** An import target as text that two ways of naming one target share. */
function importTarget(value: unknown, states: readonly SystemState[]): unknown {
  if (typeof value !== 'string') return value;
  const id = parseGuid(value);
  if (id === undefined) return value.toLowerCase();
  for (const state of states) {
    const name = state.member(id, 'iscsiName');
    if (typeof name === 'string') return name.toLowerCase();
  }
  return id;
}

/** The names of an unmasking list, in an order and spelling of ours: neither counts, and no list is an empty one. */
function unmasked(value: unknown): unknown {
  return value === null || typeof value === 'string'
    ? [...new Set((value ?? '').split(';').map((name) => name.toLowerCase()))].sort().join(';')
    : value;
}

function canonical(member: string, value: unknown, states: readonly SystemState[]): unknown {
  if (member === 'importTarget') return importTarget(value, states);
  if (member === 'unmaskingList') return unmasked(value);
  if (member === 'iscsiName' && typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return [...idsIn(value)].sort().join();
  return typeof value === 'object' && value !== null ? text(value) : value;
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) ?? 'undefined';

/** Whether a member has the value that is expected of it. */
export function agrees(member: string, expected: unknown, actual: unknown, states: readonly SystemState[]): boolean {
  if (expected === undefined || actual === undefined) return true;
  if (expected instanceof Expected) return expected.admits(actual);
  return Object.is(canonical(member, expected, states), canonical(member, actual, states));
}

/** Every place where the observed state is not the expected one. What only one of them knows is not compared. */
export function departures(expected: Draft, actual: SystemState): Departure[] {
  const found: Departure[] = [];
  const states = [expected, actual];
  const add = (item: Item, member: string, wanted: unknown, got: unknown): void => {
    found.push({
      kind: item.kind,
      id: item.id,
      member,
      expected: wanted,
      actual: got,
      mentioned: expected.mentioned.has(memberKey(item.id, member)),
      requirement: requirementOfMember(item.kind, member),
    });
  };
  for (const item of expected.items.values()) {
    const other = actual.get(item.id);
    if (other === undefined && expected.optional.has(item.id)) continue;
    if (other === undefined) add(item, EXISTENCE, 'listed', 'not listed');
    else if (other.parent !== item.parent) add(item, EXISTENCE, `within ${item.parent}`, `within ${other.parent}`);
    else
      for (const [member, value] of Object.entries(item.members))
        if (!agrees(member, value, other.members[member], states)) add(item, member, value, other.members[member]);
  }
  for (const item of actual.items.values())
    if (!expected.items.has(item.id) && !(item.parent !== null && expected.open.has(item.parent)))
      add(item, EXISTENCE, 'not listed', 'listed');
  return found;
}
