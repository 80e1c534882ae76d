import { expect, test } from 'vitest';
import { NULL_GUID } from '../../src/contract/guid.js';
import { requirement } from '../../src/contract/requirements.js';
import { inconsistencies, RULES } from '../../src/truth/consistency.js';
import { objectsOf, type Observation } from '../../src/truth/observation.js';
import { changed, deep, first, loaded } from './system.js';

const observation = await deep(await loaded());
const lun = first(observation, 'IVdsLun');
const subSystem = first(observation, 'IVdsSubSystem');
const drive = first(observation, 'IVdsDrive');
const target = first(observation, 'IVdsIscsiTarget');
const controller = first(observation, 'IVdsController');
const group = first(observation, 'IVdsIscsiPortalGroup');
const plex = first(observation, 'IVdsLunPlex');
const ports = [{ id: NULL_GUID }];

test('the reference provider agrees with itself', () => {
  expect(inconsistencies(observation)).toEqual([]);
});

/** For each rule, an observation that breaks it. */
const BROKEN: Readonly<Record<string, Observation>> = {
  'luns-and-targets': changed(observation, target, { associatedLuns: [] }),
  'luns-and-controllers': changed(observation, lun, { activeControllers: [] }),
  'luns-and-ports': {
    ...observation,
    objects: new Map(observation.objects)
      .set(lun.id, { ...lun, members: { ...lun.members, activeControllerPorts: ['port'] } })
      .set('port', {
        kind: 'IVdsControllerPort',
        id: 'port',
        container: controller.id,
        members: { associatedLuns: [] },
      }),
  },
  'groups-and-portals': changed(observation, group, { associatedPortals: [] }),
  containers: changed(observation, lun, { container: objectsOf(observation, 'IVdsSubSystem')[1]!.id }),
  'found-by-id': changed(observation, plex, { byId: 'VDS_E_OBJECT_NOT_FOUND (0x80042405)' }),
  'found-by-place': changed(observation, drive, { byPlace: 'the object x' }),
  'both-properties': changed(observation, subSystem, { rebuildPriority: 7 }),
  maxima: changed(observation, subSystem, { maxNumberOfControllers: 1 }),
  'ports-by-number': changed(observation, controller, { controllerPorts: ['port'], portProperties: ports }),
  'drive-extents': changed(observation, drive, { size: 1n }),
  'plex-extents': changed(observation, plex, { extents: [] }),
  'plex-of-each-lun': changed(observation, lun, { plexes: [] }),
  plexes: changed(observation, plex, { size: 1n }),
  'target-names': changed(observation, target, {
    iscsiName: objectsOf(observation, 'IVdsIscsiTarget')[1]!.members['iscsiName'],
  }),
  'portal-in-one-group': changed(observation, group, { associatedPortals: ['p', 'p'] }),
};

test.each(RULES.map((rule) => [rule.name, rule] as const))(
  '%s is broken by what contradicts it, and names it',
  (name, rule) => {
    const { wrong, judged } = rule.judge(BROKEN[name]!);
    expect(judged).toBeGreaterThan(0);
    expect(wrong).not.toEqual([]);
    expect(requirement(rule.requirement).level).toBe('MUST');
  },
);

test('a rule does not judge what the provider does not report', () => {
  const bare: Observation = {
    ...observation,
    objects: new Map([...observation.objects.values()].map((o) => [o.id, { ...o, members: {} }])),
  };
  for (const rule of RULES) expect(rule.judge(bare)).toEqual({ judged: 0, wrong: [] });
});

test('drives of two enclosures may have one slot, and a number that is not reported is no maximum', () => {
  const [, other] = objectsOf(observation, 'IVdsDrive');
  const enclosed = changed(changed(observation, other!, { slotNumber: 0 }), subSystem, {
    maxNumberOfSlotsEachBus: 3,
    maxNumberOfControllers: 0,
  });
  expect(RULES.find((r) => r.name === 'maxima')?.judge(enclosed).wrong).toEqual([]);
});
