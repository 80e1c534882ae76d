import { describe, expect, test } from 'vitest';
import { NULL_GUID } from '../../src/contract/guid.js';
import { requirement } from '../../src/contract/requirements.js';
import { DEVICE_KINDS } from '../../src/contract/generated/objects.js';
import type { DeviceInterface } from '../../src/contract/objects.js';
import { compareObservations, describeDifference, sameMember, withoutObjects } from '../../src/truth/compare.js';
import { gettersOf } from '../../src/truth/getters.js';
import { CONTAINER_OBJECT } from '../../src/truth/getters.js';
import { LISTED, requirementOf } from '../../src/truth/member-requirements.js';
import { flatten, objectsOf, type Observation } from '../../src/truth/observation.js';
import { changed, deep, first, loaded } from './system.js';

const observation = await deep(await loaded());
const lun = first(observation, 'IVdsLun');

/** The observation without one member of one object. */
function forgetting(of: Observation, id: string, member: string): Observation {
  const object = of.objects.get(id)!;
  const { [member]: _, ...members } = object.members;
  return { ...of, objects: new Map(of.objects).set(id, { ...object, members }) };
}

describe('a comparison', () => {
  test('of equal observations finds nothing', async () => {
    expect(compareObservations(observation, observation)).toEqual([]);
  });

  test('names object, member, both values and the requirement of the getter', () => {
    const [difference, ...others] = compareObservations(observation, changed(observation, lun, { unmaskingList: '*' }));
    expect(others).toEqual([]);
    expect(difference).toMatchObject({
      object: { kind: 'IVdsLun', id: lun.id },
      record: { method: 'IVdsLun.GetProperties' },
      member: 'unmaskingList',
      expected: '',
      actual: '*',
      requirement: 'VDS-10.9a',
    });
    expect(describeDifference(difference!)).toBe(`unmaskingList of LUN ${lun.id} is "*" (expected "")`);
  });

  test('finds a change in every member that an object has, but in those that change by themselves', () => {
    const unseen: string[] = [];
    for (const object of observation.objects.values())
      for (const [member, value] of Object.entries(object.members)) {
        // By which object a container was found is judged within one observation.
        if (member === CONTAINER_OBJECT) continue;
        const other = typeof value === 'bigint' ? value + 1n : typeof value === 'number' ? value + 1 : { other: true };
        if (compareObservations(observation, changed(observation, object, { [member]: other })).length === 0)
          unseen.push(`${object.kind}.${member}`);
      }
    expect([...new Set(unseen)].sort()).toEqual([
      'IVdsIscsiTarget.connectedInitiators',
      'IVdsIscsiTarget.portalGroups',
      'IVdsLun.plexes',
      'IVdsLun.transitionState',
      'IVdsLunPlex.transitionState',
      'IVdsSubSystem.controllers',
      'IVdsSubSystem.drives',
      'IVdsSubSystem.luns',
      'IVdsSubSystem.portals',
      'IVdsSubSystem.targets',
    ]);
  });

  test('does not compare what only one of them knows', () => {
    const less = forgetting(observation, lun.id, 'friendlyName');
    const other = changed(observation, lun, { friendlyName: 'another' });
    expect(compareObservations(less, other)).toEqual([]);
    expect(compareObservations(other, less)).toEqual([]);
  });

  test('reports a missing object, and one too many, but not their contents', () => {
    const less = withoutObjects(observation, [lun.id]);
    const missing = compareObservations(observation, less);
    expect(missing.filter((d) => d.member === LISTED).map((d) => [d.object.kind, d.expected, d.actual])).toEqual([
      ['IVdsLun', 'listed', 'not listed'],
    ]);
    expect(compareObservations(less, observation).filter((d) => d.member === LISTED)).toHaveLength(1);
  });

  test('with a truth that does not know a kind leaves its objects alone', () => {
    const truth = flatten({ subSystems: objectsOf(observation, 'IVdsSubSystem').map(({ id }) => ({ id, luns: [] })) });
    expect(new Set(compareObservations(truth, observation).map((d) => d.object.kind))).toEqual(new Set(['IVdsLun']));
  });
});

describe('two values of a member are the same', () => {
  test.each([
    ['associatedTargets', ['a', 'b'], ['b', 'a'], true],
    ['associatedTargets', ['a', 'b'], ['a', 'a'], false],
    ['unmaskingList', 'A;b', 'B;a;a', true],
    ['unmaskingList', 'a', '', false],
    ['importTarget', `{${NULL_GUID.toUpperCase()}}`, NULL_GUID, true],
    ['importTarget', 'IQN.a', 'iqn.a', true],
    ['importTarget', null, 'iqn.a', false],
    ['hints', { hintMask: 1n }, { hintMask: 1n }, true],
    ['hints', { hintMask: 1n }, { hintMask: 2n }, false],
  ])('%s: case %#', (member, one, other, same) => {
    expect(sameMember(member, one, other)).toBe(same);
  });

  test('where extents are cut otherwise, but not where a LUN has other bytes', () => {
    const extent = (size: bigint, lunId: string, used = true): object => ({ id: 'd', lunId, size, used });
    const whole = [extent(4n, 'l'), extent(6n, NULL_GUID, false)];
    expect(sameMember('extents', whole, [extent(1n, 'l'), extent(6n, NULL_GUID, false), extent(3n, 'l')])).toBe(true);
    expect(sameMember('extents', whole, [extent(3n, 'l'), extent(7n, NULL_GUID, false)])).toBe(false);
    expect(sameMember('extents', whole, [extent(4n, 'm'), extent(6n, NULL_GUID, false)])).toBe(false);
  });

  test('where the import target is answered as the name of the target that was given by id', () => {
    const id = '1b32f9d1-a132-501a-952e-e09fac7e3715';
    expect(sameMember('importTarget', id, 'iqn.a', [{ id, iscsiName: 'iqn.A' }])).toBe(true);
    expect(sameMember('importTarget', id, 'iqn.b', [{ id, iscsiName: 'iqn.A' }])).toBe(false);
  });
});

test('every member of every kind has a requirement of the catalogue', () => {
  for (const kind of [...(Object.keys(DEVICE_KINDS) as DeviceInterface[]), 'IVdsHwProvider'] as const)
    for (const member of [...gettersOf(kind).map((g) => g.member ?? 'size'), 'friendlyName', LISTED])
      expect(() => requirement(requirementOf(kind, member))).not.toThrow();
});
