// The role of one object to the subject of a call follows from what contains, lists and holds space for which.
import { expect, test } from 'vitest';
import { isWithin, rolesOf, roleText, tiesOf } from '../../../src/checks/interactions/states/roles.js';
import { SystemState, type Item, type Kind } from '../../../src/model/index.js';
import type { Guid } from '../../../src/contract/guid.js';

const id = (n: number): Guid => `00000000-0000-4000-8000-00000000000${n}` as Guid;
const [SUB, OTHER, LUN, SIBLING, PLEX, TARGET, DRIVE] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  Guid,
  Guid,
  Guid,
  Guid,
  Guid,
  Guid,
  Guid,
];

const item = (kind: Kind, at: Guid, container: Guid | undefined, members: object = {}): [Guid, object] => [
  at,
  { id: at, kind, container, members, sources: {} },
];

const state = SystemState.of({
  provider: {},
  contradictions: [],
  objects: new Map([
    item('IVdsSubSystem', SUB, undefined),
    item('IVdsSubSystem', OTHER, undefined),
    item('IVdsLun', LUN, SUB, { associatedTargets: [TARGET] }),
    item('IVdsLun', SIBLING, SUB, { associatedTargets: [] }),
    item('IVdsLunPlex', PLEX, LUN),
    item('IVdsIscsiTarget', TARGET, SUB, { associatedLuns: [LUN] }),
    item('IVdsDrive', DRIVE, SUB, { extents: [{ lunId: LUN, used: true, size: 1n }] }),
  ]),
} as never);

const roleTo = (related: Guid, subject: Guid): string | undefined =>
  rolesOf(state, state.get(related) as Item).get(subject);

test('a LUN is what it is to each of the objects around it', () => {
  expect([LUN, PLEX, SUB, SIBLING, TARGET, DRIVE, OTHER].map((subject) => roleTo(LUN, subject))).toEqual([
    'subject',
    'container',
    'member',
    'sibling',
    'associate',
    'associate',
    'elsewhere',
  ]);
  expect(roleTo(SIBLING, TARGET)).toBe('beside');
});

test('roles go both ways', () => {
  expect(roleTo(TARGET, LUN)).toBe('associate');
  expect(roleTo(DRIVE, LUN)).toBe('associate');
  expect(roleTo(SUB, PLEX)).toBe('container');
  expect(roleTo(PLEX, SUB)).toBe('member');
});

test('an object is the better chosen the more is tied to it', () => {
  expect(tiesOf(state, state.get(LUN) as Item)).toBeGreaterThan(tiesOf(state, state.get(SIBLING) as Item));
});

test('the contract says which kinds contain which', () => {
  expect(isWithin('IVdsLunPlex', 'IVdsSubSystem')).toBe(true);
  expect(isWithin('IVdsLun', 'IVdsLunPlex')).toBe(false);
});

test('what stands beside the subject counts once, of whatever kind it is', () => {
  expect(roleText({ command: 'mask-lun', role: 'beside', kind: 'IVdsDrive' })).toBe('beside');
  expect(roleText({ command: 'mask-lun', role: 'sibling', kind: 'IVdsLun' })).toBe('sibling LUN');
});
