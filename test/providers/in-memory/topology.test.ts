// The parts of a subsystem, as its objects report them: drives, controllers, portals, plexes, portal groups and
// associations.
import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/contract/guid.js';
import { NULL_GUID } from '../../../src/contract/guid.js';
import {
  HINT_MASK_FLAGS,
  VDS_INTERCONNECT_FLAG,
  VDS_IPADDRESS_TYPE,
  VDS_LUN_PLEX_TYPE as LPT,
  VDS_LUN_TYPE as LT,
  VDS_OBJECT_TYPE as OT,
} from '../../../src/contract/generated/enumerations.js';
import type { TypedInterfaces } from '../../../src/port/objects.js';
import { all, as, code, events, FK, GIB, given, idOf, Instance, MIB, NOBODY, open } from './system.js';

const drivesOf = (s: TypedInterfaces['IVdsSubSystem']) => all(s.queryDrives(), 'IVdsDrive');
const controllersOf = (s: TypedInterfaces['IVdsSubSystem']) => all(s.queryControllers(), 'IVdsController');
const portalsOf = async (s: TypedInterfaces['IVdsSubSystem']) =>
  all((await as(s, 'IVdsSubSystemIscsi')).queryPortals(), 'IVdsIscsiPortal');
const plexOf = async (l: TypedInterfaces['IVdsLun']) => given((await all(l.queryPlexes(), 'IVdsLunPlex'))[0]);
const groupOf = async (t: TypedInterfaces['IVdsIscsiTarget']) =>
  given((await all(t.queryPortalGroups(), 'IVdsIscsiPortalGroup'))[0]);

/** Every kind of device of the first subsystem, with its type and the way to what holds it. */
async function everyKind(p: Instance) {
  const subSystem = await p.subSystem();
  const [lun, target] = [await p.lun(), await p.target()];
  const [drive, controller, portal] = [
    given((await drivesOf(subSystem))[0]),
    given((await controllersOf(subSystem))[0]),
    given((await portalsOf(subSystem))[0]),
  ];
  const [plex, group] = [await plexOf(lun), await groupOf(target)];
  return [
    {
      what: 'subsystem',
      object: subSystem,
      type: OT.VDS_OT_SUB_SYSTEM,
      holder: p.unknown,
      up: async () => given((await subSystem.getProvider()).out.provider),
    },
    {
      what: 'drive',
      object: drive,
      type: OT.VDS_OT_DRIVE,
      holder: subSystem,
      up: async () => given((await drive.getSubSystem()).out.subSystem),
    },
    {
      what: 'controller',
      object: controller,
      type: OT.VDS_OT_CONTROLLER,
      holder: subSystem,
      up: async () => given((await controller.getSubSystem()).out.subSystem),
    },
    {
      what: 'portal',
      object: portal,
      type: OT.VDS_OT_PORTAL,
      holder: subSystem,
      up: async () => given((await portal.getSubSystem()).out.subSystem),
    },
    {
      what: 'lun',
      object: lun,
      type: OT.VDS_OT_LUN,
      holder: subSystem,
      up: async () => given((await lun.getSubSystem()).out.subSystem),
    },
    {
      what: 'plex',
      object: plex,
      type: OT.VDS_OT_LUN_PLEX,
      holder: lun,
      up: async () => given((await plex.getLun()).out.lun),
    },
    {
      what: 'target',
      object: target,
      type: OT.VDS_OT_TARGET,
      holder: subSystem,
      up: async () => given((await target.getSubSystem()).out.subSystem),
    },
    {
      what: 'portal-group',
      object: group,
      type: OT.VDS_OT_PORTAL_GROUP,
      holder: target,
      up: async () => given((await group.getTarget()).out.target),
    },
  ];
}
const KINDS = ['subsystem', 'drive', 'controller', 'portal', 'lun', 'plex', 'target', 'portal-group'] as const;
const one = async (p: Instance, what: string) => given((await everyKind(p)).find((k) => k.what === what));

describe.each(KINDS)('a %s', (what) => {
  test('is one object by whatever way, and found by its id and type only', async () => {
    const p = await open();
    const { object, type, holder, up } = await one(p, what);
    expect(await (await up()).identity()).toBe(await holder.identity());
    expect(await (await one(p, what)).object.identity()).toBe(await object.identity());
    const objectId = await idOf(object);
    expect(await given((await p.life.getObject({ objectId, type })).out.objectUnk).identity()).toBe(
      await object.identity(),
    );
    for (const wrong of Object.values(OT).filter((t) => t !== type))
      expect(code(await p.life.getObject({ objectId, type: wrong }))).toBe('VDS_E_OBJECT_NOT_FOUND');
  });

  test.each([
    ['flipped bytes', FK.VDSC_FK_FLIPPED_BYTES],
    ['a lost entry', FK.VDSC_FK_LOST_ENTRY],
    ['a torn write', FK.VDSC_FK_TORN_WRITE],
  ])('%s is found by its own calls and its list, and repaired by the pair', async (_how, kind) => {
    const p = await open();
    const { object } = await one(p, what);
    await p.inject(kind, await idOf(object));
    expect(code(await object.getProperties())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
    expect(code(await p.hw.refresh())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
    await p.recover();
    expect(code(await object.getProperties())).toBe('S_OK');
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('a dangling reference is repaired by the pair', async () => {
    const p = await open();
    const { object } = await one(p, what);
    await p.inject(FK.VDSC_FK_DANGLING_REFERENCE, await idOf(object));
    expect(code(what === 'subsystem' ? await (await p.subSystem()).queryLuns() : await object.getProperties())).toBe(
      'VDS_E_PROVIDER_CACHE_CORRUPT',
    );
    await p.recover();
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each([
    ['silently: known after Refresh', false],
    ['with its event: known at once', true],
  ])('deleted %s', async (_how, notify) => {
    const p = await open();
    const { object } = await one(p, what);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, await idOf(object), notify);
    if (!notify) {
      expect(code(await object.getProperties())).toBe('S_OK');
      expect(p.session.received).toEqual([]);
      expect(code(await p.hw.refresh())).toBe('S_OK');
    }
    expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(p.session.received).toHaveLength(1);
    expect(await p.inventory()).toEqual(await p.truth());
  });
});

describe('drives', () => {
  test('stand in the slots of one bus', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const drives = await drivesOf(subSystem);
    const second = await as(subSystem, 'IVdsSubSystem2');
    for (const [slotNumber, drive] of drives.entries()) {
      expect((await drive.getProperties()).out.driveProp).toMatchObject({
        size: 16n * GIB,
        friendlyName: `Drive A-${slotNumber}`,
        identification: `VDSC-DRIVE-A-${slotNumber}`,
        flags: 0,
        status: 1,
        health: 1,
        internalBusNumber: 0,
        slotNumber,
      });
      for (const found of [
        await subSystem.getDrive({ busNumber: 0, slotNumber }),
        await second.getDrive2({ busNumber: 0, slotNumber, enclosureNumber: 0 }),
      ]) {
        expect(await given(found.out.drive).identity()).toBe(await drive.identity());
      }
    }
    for (const place of [
      { busNumber: 0, slotNumber: 4 },
      { busNumber: 1, slotNumber: 0 },
      { busNumber: -1, slotNumber: -1 },
    ]) {
      const none = await subSystem.getDrive(place);
      expect([code(none), none.out.drive]).toEqual(['VDS_E_OBJECT_NOT_FOUND', null]);
    }
    expect(code(await second.getDrive2({ busNumber: 0, slotNumber: 0, enclosureNumber: 1 }))).toBe(
      'VDS_E_OBJECT_NOT_FOUND',
    );
    expect((await second.getProperties2()).out.subSystemProp2).toMatchObject({
      friendlyName: 'Array A',
      numberOfEnclosures: 1,
    });
  });

  test('tell used and free extents, in order, covering the drive', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const drive = given((await drivesOf(subSystem))[0]);
    const id = await idOf(drive);
    const existing = await p.lun();
    const between = await p.createLun(subSystem, 2n * GIB);
    const last = await p.createLun(subSystem, GIB);
    await between.delete();
    const { extentArray, numberOfExtents } = (await drive.queryExtents()).out;
    expect(extentArray).toEqual([
      { id, lunId: await idOf(existing), size: 8n * GIB, used: true },
      { id, lunId: NULL_GUID, size: 2n * GIB, used: false },
      { id, lunId: await idOf(last), size: GIB, used: true },
      { id, lunId: NULL_GUID, size: 5n * GIB, used: false },
    ]);
    expect(numberOfExtents).toBe(4);
    // The gap is filled first, and a LUN may lie in two pieces.
    const pieces = await p.createLun(subSystem, 6n * GIB);
    expect((await (await plexOf(pieces)).queryExtents()).out.extentArray).toEqual(
      [2n, 4n].map((n) => ({ id, lunId: given(pieces) && expect.any(String), size: n * GIB, used: true })),
    );
  });

  test('a drive that is pulled departs, fails the plexes on it, and comes back', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [drive, lun] = [given((await drivesOf(subSystem))[0]), await p.lun()];
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, await idOf(drive), true);
    expect(code(await drive.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)).toEqual([`106:${await driveId(p, 0)}`, `110:${await idOf(lun)}`]);
    expect((await lun.getProperties()).out.lunProp).toMatchObject({ status: 5, health: 8 });
    expect((await (await plexOf(lun)).getProperties()).out.plexProp).toMatchObject({ status: 5, health: 8 });
    expect(code(await subSystem.getDrive({ busNumber: 0, slotNumber: 0 }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    await p.control.heal({ faultId });
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect((await lun.getProperties()).out.lunProp).toMatchObject({ status: 1, health: 1 });
    expect(await drivesOf(subSystem)).toHaveLength(4);
    expect(await p.inventory()).toEqual(await p.truth());
  });
});

/** The id that a drive has in every session of a seed. */
const driveId = async (_p: Instance, slotNumber: number): Promise<Guid> =>
  idOf(given((await drivesOf(await (await open()).subSystem()))[slotNumber]));

describe('controllers', () => {
  test('have one port, and the LUNs that are active on them', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [lun, made] = [await p.lun(), await p.createLun(subSystem)];
    for (const [n, controller] of (await controllersOf(subSystem)).entries()) {
      expect((await controller.getProperties()).out.controllerProp).toMatchObject({
        friendlyName: `Controller A-${n}`,
        identification: `VDSC-CONTROLLER-A-${n}`,
        status: 1,
        health: 1,
        numberOfPorts: 1,
      });
      expect((await controller.getPortProperties({ portNumber: 0 })).out.portProp).toMatchObject({
        identification: `VDSC-PORT-A-${n}-0`,
        status: 1,
      });
      for (const portNumber of [-1, 1])
        expect(code(await controller.getPortProperties({ portNumber }))).toBe('E_INVALIDARG');
      const active = await Promise.all((await all(controller.queryAssociatedLuns(), 'IVdsLun')).map(idOf));
      expect(active).toEqual([await idOf(lun), await idOf(made)]);
    }
    expect(await all(made.queryActiveControllers(), 'IVdsController')).toHaveLength(2);
  });
});

describe('iSCSI', () => {
  test('portals, groups, the existing target and its LUN are associated', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [first, second] = await portalsOf(subSystem);
    const address = given((await given(first).getProperties()).out.portalProp).address;
    expect(address).toMatchObject({ type: VDS_IPADDRESS_TYPE.VDS_IPT_IPV4, port: 3260 });
    expect([...new Uint8Array(new Uint32Array([address.ipv4Address]).buffer)]).toEqual([192, 0, 2, 10]);
    const [lun, target] = [await p.lun(), await p.target()];
    const group = await groupOf(target);
    expect((await group.getProperties()).out.portalGroupProp).toMatchObject({ tag: 1 });
    const ids = async (found: Promise<readonly Parameters<typeof idOf>[0][]>) => Promise.all((await found).map(idOf));
    expect(await ids(all(group.queryAssociatedPortals(), 'IVdsIscsiPortal'))).toEqual([await idOf(given(first))]);
    expect(await ids(all(given(first).queryAssociatedPortalGroups(), 'IVdsIscsiPortalGroup'))).toEqual([
      await idOf(group),
    ]);
    expect(await all(given(second).queryAssociatedPortalGroups(), 'IVdsIscsiPortalGroup')).toEqual([]);
    expect(await ids(all(target.queryAssociatedLuns(), 'IVdsLun'))).toEqual([await idOf(lun)]);
    expect(await ids(all((await as(lun, 'IVdsLunIscsi')).queryAssociatedTargets(), 'IVdsIscsiTarget'))).toEqual([
      await idOf(target),
    ]);
    expect(
      (await (await as(subSystem, 'IVdsSubSystemInterconnect')).getSupportedInterconnects()).out
        .supportedInterconnectsFlag,
    ).toBe(VDS_INTERCONNECT_FLAG.VDS_ITF_ISCSI);
  });
});

describe('layouts', () => {
  const shapes: readonly (readonly [
    string,
    number,
    bigint,
    number,
    readonly { readonly type: number; readonly on: readonly number[]; readonly size: bigint }[],
  ])[] = [
    [
      'a simple LUN lies on the first drive with room',
      LT.VDS_LT_SIMPLE,
      10n * GIB,
      LT.VDS_LT_SIMPLE,
      [{ type: LPT.VDS_LPT_SIMPLE, on: [1], size: 10n * GIB }],
    ],
    [
      'the default is simple where one drive has room',
      LT.VDS_LT_DEFAULT,
      GIB,
      LT.VDS_LT_SIMPLE,
      [{ type: LPT.VDS_LPT_SIMPLE, on: [0], size: GIB }],
    ],
    [
      'and a span where none has',
      LT.VDS_LT_NON_FAULT_TOLERANT,
      20n * GIB,
      LT.VDS_LT_SPAN,
      [{ type: LPT.VDS_LPT_SPAN, on: [0, 1], size: 20n * GIB }],
    ],
    [
      'a span fills by slot',
      LT.VDS_LT_SPAN,
      30n * GIB,
      LT.VDS_LT_SPAN,
      [{ type: LPT.VDS_LPT_SPAN, on: [0, 1, 2], size: 30n * GIB }],
    ],
    [
      'a stripe has whole units on each drive',
      LT.VDS_LT_STRIPE,
      5n * MIB,
      LT.VDS_LT_STRIPE,
      [{ type: LPT.VDS_LPT_STRIPE, on: [0, 1, 2, 3], size: 8n * MIB }],
    ],
    [
      'a stripe leaves out drives without room',
      LT.VDS_LT_STRIPE,
      36n * GIB,
      LT.VDS_LT_STRIPE,
      [{ type: LPT.VDS_LPT_STRIPE, on: [1, 2, 3], size: 36n * GIB }],
    ],
    [
      'a mirror lies on two drives',
      LT.VDS_LT_MIRROR,
      GIB,
      LT.VDS_LT_MIRROR,
      [
        { type: LPT.VDS_LPT_SIMPLE, on: [0], size: GIB },
        { type: LPT.VDS_LPT_SIMPLE, on: [1], size: GIB },
      ],
    ],
    [
      'fault tolerance is a mirror',
      LT.VDS_LT_FAULT_TOLERANT,
      9n * GIB,
      LT.VDS_LT_MIRROR,
      [
        { type: LPT.VDS_LPT_SIMPLE, on: [1], size: 9n * GIB },
        { type: LPT.VDS_LPT_SIMPLE, on: [2], size: 9n * GIB },
      ],
    ],
  ];

  test.each(shapes)('%s', async (_what, type, size, becomes, plexes) => {
    const p = await open();
    const subSystem = await p.subSystem();
    const slots = await Promise.all((await drivesOf(subSystem)).map(idOf));
    const lun = await p.createLun(subSystem, size, type);
    expect((await lun.getProperties()).out.lunProp).toMatchObject({ type: becomes, size: given(plexes[0]).size });
    const found = await Promise.all(
      (await all(lun.queryPlexes(), 'IVdsLunPlex')).map(async (plex) => {
        const properties = given((await plex.getProperties()).out.plexProp);
        const extents = given((await plex.queryExtents()).out.extentArray);
        expect(properties.stripeSize).toBe(type === LT.VDS_LT_STRIPE ? 65536 : 0);
        return { type: properties.type, on: extents.map((e) => slots.indexOf(e.id)), size: properties.size };
      }),
    );
    expect(found).toEqual(plexes);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('drives are used in the order given', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const drives = await Promise.all((await drivesOf(subSystem)).map(idOf));
    const given3 = [given(drives[3]), given(drives[1])];
    const create = async (type: number, sizeInBytes: bigint, driveIdArray: readonly Guid[]) => {
      const accepted = await subSystem.createLun({ type, sizeInBytes, driveIdArray, unmaskingList: '', hints: null });
      if (code(accepted) !== 'S_OK') return code(accepted);
      const lun = await as(given(given((await given(accepted.out.async).wait()).out.asyncOut).cl?.lunUnk), 'IVdsLun');
      const plexes = await all(lun.queryPlexes(), 'IVdsLunPlex');
      return Promise.all(
        plexes.map(async (x) => given((await x.queryExtents()).out.extentArray).map((e) => drives.indexOf(e.id))),
      );
    };
    expect(await create(LT.VDS_LT_SPAN, 17n * GIB, given3)).toEqual([[3, 1]]);
    expect(await create(LT.VDS_LT_MIRROR, GIB, [given(drives[2]), given(drives[1])])).toEqual([[2], [1]]);
    expect(await create(LT.VDS_LT_STRIPE, GIB, [given(drives[2]), given(drives[0])])).toEqual([[2, 0]]);
    expect(await create(LT.VDS_LT_STRIPE, GIB, [given(drives[2])])).toBe('VDS_E_NOT_ENOUGH_DRIVE');
    expect(await create(LT.VDS_LT_MIRROR, GIB, [given(drives[2]), given(drives[2])])).toBe('VDS_E_NOT_ENOUGH_DRIVE');
    expect(await create(LT.VDS_LT_SIMPLE, GIB, [given(drives[3])])).toBe('VDS_E_NOT_ENOUGH_SPACE');
    expect(await create(LT.VDS_LT_SPAN, GIB, [given(drives[2]), NOBODY])).toBe('VDS_E_OBJECT_NOT_FOUND');
  });

  test.each([
    LT.VDS_LT_DEFAULT,
    LT.VDS_LT_FAULT_TOLERANT,
    LT.VDS_LT_NON_FAULT_TOLERANT,
    LT.VDS_LT_SIMPLE,
    LT.VDS_LT_SPAN,
    LT.VDS_LT_STRIPE,
    LT.VDS_LT_MIRROR,
  ])('what QueryMaxLunCreateSize tells of type %i can be created, and no more', async (type) => {
    const p = await open();
    const subSystem = await p.subSystem();
    const { maxLunSize } = (await subSystem.queryMaxLunCreateSize({ type, driveIdArray: null, hints: null })).out;
    expect(
      (await (await as(subSystem, 'IVdsSubSystem2')).queryMaxLunCreateSize2({ type, driveIdArray: null, hints2: null }))
        .out.maxLunSize,
    ).toBe(maxLunSize);
    const most = given(maxLunSize);
    expect(
      code(
        await subSystem.createLun({ type, sizeInBytes: most + 1n, driveIdArray: null, unmaskingList: '', hints: null }),
      ),
    ).toBe('VDS_E_NOT_ENOUGH_SPACE');
    expect((await (await p.createLun(subSystem, most, type)).getProperties()).out.lunProp).toMatchObject({
      size: most,
    });
  });

  test.each([LT.VDS_LT_SIMPLE, LT.VDS_LT_SPAN, LT.VDS_LT_STRIPE, LT.VDS_LT_MIRROR])(
    'a LUN of type %i grows by what QueryMaxLunExtendSize tells, and by no more',
    async (type) => {
      const p = await open();
      const subSystem = await p.subSystem();
      const lun = await p.createLun(subSystem, 12n * MIB, type);
      const before = given((await lun.getProperties()).out.lunProp).size;
      const most = given((await lun.queryMaxLunExtendSize({ driveIdArray: null })).out.maxBytesToBeAdded);
      expect(code(await lun.extend({ numberOfBytesToAdd: most + 1n, driveIdArray: null }))).toBe(
        'VDS_E_NOT_ENOUGH_SPACE',
      );
      await given((await lun.extend({ numberOfBytesToAdd: most, driveIdArray: null })).out.async).wait();
      expect((await lun.getProperties()).out.lunProp).toMatchObject({ size: before + most });
      for (const plex of await all(lun.queryPlexes(), 'IVdsLunPlex'))
        expect((await plex.getProperties()).out.plexProp).toMatchObject({ size: before + most });
      expect(await p.inventory()).toEqual(await p.truth());
    },
  );

  test('hints are kept and told, and a stripe size is followed', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const none = given((await (await p.lun()).queryHints()).out.hints);
    expect(none.hintMask).toBe(0n);
    const hints = {
      ...none,
      hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS,
      mostlyReads: true,
      isYankable: true,
      stripeSize: 1 << 14,
    };
    const accepted = await subSystem.createLun({
      type: LT.VDS_LT_STRIPE,
      sizeInBytes: GIB,
      driveIdArray: null,
      unmaskingList: '',
      hints,
    });
    const lun = await as(given(given((await given(accepted.out.async).wait()).out.asyncOut).cl?.lunUnk), 'IVdsLun');
    const plex = await plexOf(lun);
    for (const told of [given((await lun.queryHints()).out.hints), given((await plex.queryHints()).out.hints)]) {
      expect(told).toEqual({
        ...none,
        hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS,
        mostlyReads: true,
        stripeSize: 1 << 14,
      });
    }
    expect((await plex.getProperties()).out.plexProp).toMatchObject({ stripeSize: 1 << 14 });
  });
});
