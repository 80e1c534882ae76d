import { expect, test } from 'vitest';
import {
  HINT_MASK_FLAGS,
  VDS_CONTROLLER_STATUS,
  VDS_DRIVE_FLAG,
  VDS_HWPROVIDER_TYPE,
  VDS_LUN_FLAG,
  VDS_LUN_PLEX_FLAG,
  VDS_LUN_PLEX_TYPE,
  VDS_VERSION_SUPPORT_FLAG,
} from '../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../src/contract/generated/structures.js';
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
const remapped = {
  ...(lun.members['hints'] as VDS_HINTS),
  hintMask: HINT_MASK_FLAGS.VDS_HINT_REMAPENABLED,
  remapEnabled: true,
};

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
  'buses-and-slots': changed(observation, subSystem, { maxNumberOfSlotsEachBus: 1 }),
  'ports-by-number': changed(observation, controller, { controllerPorts: ['port'], portProperties: ports }),
  'drive-extents': changed(observation, drive, { size: 1n }),
  'plex-extents': changed(observation, plex, { extents: [] }),
  'plex-of-each-lun': changed(observation, lun, { plexes: [] }),
  plexes: changed(observation, plex, { size: 1n }),
  'target-names': changed(observation, target, {
    iscsiName: objectsOf(observation, 'IVdsIscsiTarget')[1]!.members['iscsiName'],
  }),
  'lun-identifications': changed(observation, lun, {
    identification: objectsOf(observation, 'IVdsLun')[1]!.members['identification'],
  }),
  'portal-in-one-group': changed(observation, group, { associatedPortals: ['p', 'p'] }),
  'group-tags': changed(observation, group, { tag: 65_536 }),
  'drive-flags': changed(observation, drive, { flags: VDS_DRIVE_FLAG.VDS_DRF_UNASSIGNED }),
  places: changed(observation, drive, { slotNumber: 1 }),
  enclosures: changed(
    changed(observation, drive, { properties2: { enclosureNumber: 0 } }),
    objectsOf(observation, 'IVdsDrive')[1]!,
    { properties2: { enclosureNumber: 1 } },
  ),
  'stripe-sizes': changed(observation, plex, { type: VDS_LUN_PLEX_TYPE.VDS_LPT_STRIPE, stripeSize: 3 << 12 }),
  'plex-sizes': changed(observation, plex, { extents: [] }),
  'free-extents': changed(observation, drive, { extents: [] }),
  'whole-drives': changed(observation, subSystem, { flags: 0 }),
  capabilities: changed(observation, lun, { flags: VDS_LUN_FLAG.VDS_LF_LBN_REMAP_ENABLED }),
  'several-plexes': {
    ...observation,
    objects: new Map(changed(observation, subSystem, { flags: 0 }).objects).set('second', { ...plex, id: 'second' }),
  },
  'hints-and-flags': changed(observation, lun, { hints: remapped }),
  'remapping-of-plexes': changed(observation, plex, { flags: VDS_LUN_PLEX_FLAG.VDS_LPF_LBN_REMAP_ENABLED }),
  'both-hints': changed(observation, lun, { hints2: { ...remapped, stripeSize: 7 } }),
  'ports-of-offline-controllers': changed(observation, controller, { status: VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE }),
  'known-statuses': changed(observation, controller, { status: 0x00cdcdcd }),
  'known-health': changed(observation, lun, { health: 99 }),
  'known-bus-types': changed(observation, drive, {
    properties2: { ...(drive.members['properties2'] as object), busType: 99 },
  }),
  'world-wide-names': {
    ...observation,
    provider: { ...observation.provider, providerType: VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL },
  },
  'lun-information': changed(observation, lun, {
    identificationData: { ...(lun.members['identificationData'] as object), busType: 99 },
  }),
  versions: {
    ...changed(observation, drive, { flags: VDS_DRIVE_FLAG.VDS_DRF_ASSIGNED }),
    provider: { versionSupport: VDS_VERSION_SUPPORT_FLAG.VDS_VSF_1_0 },
  },
};

test.each(RULES.map((rule) => [rule.name, rule] as const))(
  '%s is broken by what contradicts it, and names it',
  (name, rule) => {
    const { wrong, judged } = rule.judge(BROKEN[name]!);
    expect(judged).toBeGreaterThan(0);
    expect(wrong).not.toEqual([]);
    expect(['MUST', 'SHOULD']).toContain(requirement(rule.requirement).level);
  },
);

test('a rule does not judge what the provider does not report', () => {
  const bare: Observation = {
    ...observation,
    objects: new Map([...observation.objects.values()].map((o) => [o.id, { ...o, members: {} }])),
  };
  for (const rule of RULES) expect(rule.judge(bare)).toEqual({ judged: 0, wrong: [] });
});

test('drives of two enclosures may have one slot, and an unreported number is not a maximum', () => {
  const [, other] = objectsOf(observation, 'IVdsDrive');
  const enclosed = changed(changed(observation, other!, { slotNumber: 0 }), subSystem, {
    maxNumberOfSlotsEachBus: 3,
    maxNumberOfControllers: 0,
  });
  expect(RULES.find((r) => r.name === 'maxima')?.judge(enclosed).wrong).toEqual([]);
});
