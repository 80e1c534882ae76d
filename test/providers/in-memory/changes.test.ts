// Changes by callers besides creating and deleting: sizes, plexes, masks, associations, hints, names, statuses, flags,
// drives, portal groups.
import { describe, expect, test } from 'vitest';
import type { Untouched } from '../../../src/contract/codec.js';
import type { Guid } from '../../../src/contract/guid.js';
import {
  HINT_MASK_FLAGS,
  NOTIFICATION_EVENTS as NF,
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_DRIVE_FLAG,
  VDS_LUN_TYPE as LT,
} from '../../../src/contract/generated/enumerations.js';
import type { TypedInterfaces } from '../../../src/port/objects.js';
import { all, as, code, events, FK, GIB, given, idOf, Instance, MIB, NOBODY, open, propertiesOf } from './system.js';

type SubSystem = TypedInterfaces['IVdsSubSystem'];
type Lun = TypedInterfaces['IVdsLun'];
type Accepted = {
  readonly hr: number;
  readonly out: { readonly async: TypedInterfaces['IVdsAsync'] | null | Untouched };
};

const idsOf = async (objects: Promise<readonly Parameters<typeof idOf>[0][]>): Promise<Guid[]> =>
  Promise.all((await objects).map(idOf));
const drivesOf = (s: SubSystem) => idsOf(all(s.queryDrives(), 'IVdsDrive'));
const controllersOf = (s: SubSystem) => idsOf(all(s.queryControllers(), 'IVdsController'));
const portalsOf = async (s: SubSystem) =>
  idsOf(all((await as(s, 'IVdsSubSystemIscsi')).queryPortals(), 'IVdsIscsiPortal'));
const plexesOf = (l: Lun) => all(l.queryPlexes(), 'IVdsLunPlex');

/** How an operation that must be accepted ends. */
async function ends(
  answer: Promise<Accepted>,
): Promise<{ readonly as: string; readonly type: number; readonly out: object }> {
  const accepted = await answer;
  expect(accepted.hr, code(accepted)).toBeLessThan(0x80000000);
  const { out } = await given(accepted.out.async).wait();
  return { as: code({ hr: given(out.hrResult) }), type: given(out.asyncOut).type, out: given(out.asyncOut) };
}

/** The bytes that a subsystem's drives have free. */
async function free(s: SubSystem): Promise<bigint> {
  const extents = await Promise.all(
    (await all(s.queryDrives(), 'IVdsDrive')).map(async (d) => given((await d.queryExtents()).out.extentArray)),
  );
  return extents.flat().reduce((sum, e) => (e.used ? sum : sum + e.size), 0n);
}

async function agreed(p: Instance): Promise<void> {
  expect(await p.inventory()).toEqual(await p.truth());
  // Refresh finds nothing that the change left unwritten.
  const mark = p.session.received.length;
  expect(code(await p.hw.refresh())).toBe('S_OK');
  expect(events(p.session, mark)).toEqual([]);
}

describe('Shrink', () => {
  test.each([LT.VDS_LT_SIMPLE, LT.VDS_LT_SPAN, LT.VDS_LT_STRIPE, LT.VDS_LT_MIRROR])(
    'takes whole units from the end of every plex of type %i',
    async (type) => {
      const p = await open();
      const subSystem = await p.subSystem();
      const lun = await p.createLun(subSystem, 40n * MIB, type);
      const before = await free(subSystem);
      const unit = type === LT.VDS_LT_STRIPE ? 4n * MIB : MIB;
      expect(await ends(lun.shrink({ numberOfBytesToRemove: 2n * unit - 1n }))).toMatchObject({
        as: 'S_OK',
        type: OUT.VDS_ASYNCOUT_SHRINKLUN,
      });
      expect((await propertiesOf(lun)).size).toBe(40n * MIB - unit);
      expect(await free(subSystem)).toBe(before + unit * BigInt((await plexesOf(lun)).length));
      for (const bytes of [0n, unit - 1n, 40n * MIB - unit, 1n << 63n])
        expect(code(await lun.shrink({ numberOfBytesToRemove: bytes }))).toBe('E_INVALIDARG');
      await agreed(p);
    },
  );

  test('what two operations at once leave is what the second finds', async () => {
    const p = await open();
    const lun = await p.createLun(await p.subSystem(), 3n * MIB);
    const both = await Promise.all(
      [lun.shrink({ numberOfBytesToRemove: 2n * MIB }), lun.shrink({ numberOfBytesToRemove: 2n * MIB })].map(ends),
    );
    expect(both.map((e) => e.as)).toEqual(['S_OK', 'E_INVALIDARG']);
    expect((await propertiesOf(lun)).size).toBe(MIB);
    await agreed(p);
  });
});

describe('plexes', () => {
  test('AddPlex takes another LUN in, and RemovePlex gives one up', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [lun, source, small] = [
      await p.createLun(subSystem, 2n * GIB),
      await p.createLun(subSystem, 3n * GIB),
      await p.createLun(subSystem, GIB),
    ];
    const plex = given((await plexesOf(source))[0]);
    for (const [lunId, expected] of [
      [NOBODY, 'VDS_E_OBJECT_NOT_FOUND'],
      [await idOf(lun), 'VDS_E_INVALID_OPERATION'],
      [await idOf(small), 'VDS_E_INVALID_OPERATION'],
    ] as const) {
      expect(code(await lun.addPlex({ lunId }))).toBe(expected);
    }
    const sourceId = await idOf(source);
    const mark = p.session.received.length;
    expect(await ends(lun.addPlex({ lunId: sourceId }))).toMatchObject({
      as: 'S_OK',
      type: OUT.VDS_ASYNCOUT_ADDLUNPLEX,
    });
    expect(code(await source.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session, mark)).toEqual(
      expect.arrayContaining([`${NF.VDS_NF_LUN_MODIFY}:${await idOf(lun)}`, `${NF.VDS_NF_LUN_DEPART}:${sourceId}`]),
    );
    expect(await propertiesOf(lun)).toMatchObject({ type: LT.VDS_LT_MIRROR, size: 2n * GIB });
    // The plex is the one that the other LUN had.
    expect(await given((await plex.getLun()).out.lun).identity()).toBe(await lun.identity());
    expect(await idsOf(plexesOf(lun))).toContain(await idOf(plex));
    await agreed(p);
    const before = await free(subSystem);
    expect(code(await lun.removePlex({ plexId: NOBODY }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(await ends(lun.removePlex({ plexId: await idOf(plex) }))).toMatchObject({
      as: 'S_OK',
      type: OUT.VDS_ASYNCOUT_REMOVELUNPLEX,
    });
    expect(code(await plex.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await free(subSystem)).toBe(before + 3n * GIB);
    expect((await propertiesOf(lun)).type).toBe(LT.VDS_LT_SIMPLE);
    expect(code(await lun.removePlex({ plexId: given((await idsOf(plexesOf(lun)))[0]) }))).toBe(
      'VDS_E_INVALID_OPERATION',
    );
    await agreed(p);
  });

  test('Recover puts a lost plex on another drive', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const drives = await drivesOf(subSystem);
    const lun = await p.createLun(subSystem, GIB, LT.VDS_LT_MIRROR);
    expect(code(await (await p.lun()).recover())).toBe('VDS_E_INVALID_OPERATION');
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, given(drives[1]), true);
    expect(await propertiesOf(lun)).toMatchObject({ status: 1, health: 6 });
    expect(await ends(lun.recover())).toMatchObject({ as: 'S_OK', type: OUT.VDS_ASYNCOUT_RECOVERLUN });
    expect(await propertiesOf(lun)).toMatchObject({ status: 1, health: 1 });
    const on = await Promise.all(
      (await plexesOf(lun)).map(async (plex) => given((await plex.queryExtents()).out.extentArray).map((e) => e.id)),
    );
    expect(on).toEqual([[drives[0]], [drives[2]]]);
    await agreed(p);
  });
});

describe('a LUN', () => {
  test('SetMask: the last list wins', async () => {
    const p = await open();
    const lun = await p.lun();
    for (const [list, kept] of [
      ['*', '*'],
      ['iqn.2026-11.example:a;iqn.2026-11.example:a', 'iqn.2026-11.example:a'],
      ['', ''],
    ] as const) {
      expect(code(await lun.setMask({ unmaskingList: list }))).toBe('S_OK');
      expect((await propertiesOf(lun)).unmaskingList).toBe(kept);
    }
    for (const bad of [null, '*;iqn.2026-11.example:a', 'iqn.2026-11.example:a;', 'nobody', '50060B00006975A'])
      expect(code(await lun.setMask({ unmaskingList: bad }))).toBe('E_INVALIDARG');
    expect((await propertiesOf(lun)).unmaskingList).toBe('');
    await agreed(p);
  });

  test('AssociateControllers: each exactly once', async () => {
    const p = await open();
    const lun = await p.lun();
    const [one, two] = (await controllersOf(await p.subSystem())) as [Guid, Guid];
    const associate = (active: readonly Guid[] | null, inactive: readonly Guid[] | null) =>
      lun.associateControllers({ activeControllerIdArray: active, inactiveControllerIdArray: inactive });
    expect(code(await associate([two], [one]))).toBe('S_OK');
    expect(await idsOf(all(lun.queryActiveControllers(), 'IVdsController'))).toEqual([two]);
    await agreed(p);
    for (const [active, inactive, expected] of [
      [[one], null, 'E_INVALIDARG'],
      [[one, two], [one], 'E_INVALIDARG'],
      [[one, one], [two], 'E_INVALIDARG'],
      [null, null, 'E_INVALIDARG'],
      [[one, NOBODY], [two], 'VDS_E_OBJECT_NOT_FOUND'],
    ] as const)
      expect(code(await associate(active, inactive))).toBe(expected);
    expect(code(await associate([one, two], null))).toBe('S_OK');
    expect(await idsOf(all(lun.queryActiveControllers(), 'IVdsController'))).toEqual([one, two]);
  });

  test('AssociateTargets: the list is the whole set, seen from both sides', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [lun, target] = [await p.createLun(subSystem), await p.createTarget(subSystem)];
    const iscsi = await as(lun, 'IVdsLunIscsi');
    const [lunId, targetId] = [await idOf(lun), await idOf(target)];
    const mark = p.session.received.length;
    expect(code(await iscsi.associateTargets({ targetIdArray: [targetId, targetId] }))).toBe('S_OK');
    expect(events(p.session, mark)).toEqual([
      `${NF.VDS_NF_LUN_MODIFY}:${lunId}`,
      `${NF.VDS_NF_TARGET_MODIFY}:${targetId}`,
    ]);
    expect(await idsOf(all(target.queryAssociatedLuns(), 'IVdsLun'))).toEqual([lunId]);
    expect(code(await iscsi.associateTargets({ targetIdArray: [targetId, NOBODY] }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(code(await target.delete())).toBe('VDS_E_ASSOCIATED_LUNS_EXIST');
    await agreed(p);
    expect(code(await iscsi.associateTargets({ targetIdArray: null }))).toBe('S_OK');
    expect(await all(target.queryAssociatedLuns(), 'IVdsLun')).toEqual([]);
    expect(await all(iscsi.queryAssociatedTargets(), 'IVdsIscsiTarget')).toEqual([]);
    await agreed(p);
  });

  test('ApplyHints: on a LUN for all its plexes, on a plex for itself', async () => {
    const p = await open();
    const lun = await p.createLun(await p.subSystem(), GIB, LT.VDS_LT_MIRROR);
    const none = given((await lun.queryHints()).out.hints);
    const [first, second] = await plexesOf(lun);
    const reads = { ...none, hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: true };
    expect(code(await lun.applyHints({ hints: { ...reads, remapEnabled: true } }))).toBe('S_OK');
    for (const hinted of [lun, given(first), given(second)])
      expect((await hinted.queryHints()).out.hints).toEqual(reads);
    const yanked = { ...none, hintMask: HINT_MASK_FLAGS.VDS_HINT_ISYANKABLE, isYankable: true, rebuildPriority: 7 };
    expect(code(await given(second).applyHints({ hints: yanked }))).toBe('S_OK');
    expect((await given(second).queryHints()).out.hints).toEqual({
      ...reads,
      hintMask: reads.hintMask | yanked.hintMask,
      isYankable: true,
      rebuildPriority: 7,
    });
    expect((await given(first).queryHints()).out.hints).toEqual(reads);
    expect(code(await lun.applyHints({ hints: null }))).toBe('E_INVALIDARG');
    await agreed(p);
  });

  test('two extensions at once are both in its extents', async () => {
    const p = await open();
    const lun = await p.lun();
    const both = await Promise.all(
      [
        lun.extend({ numberOfBytesToAdd: GIB, driveIdArray: null }),
        lun.extend({ numberOfBytesToAdd: 2n * GIB, driveIdArray: null }),
      ].map(ends),
    );
    expect(both.map((e) => e.as)).toEqual(['S_OK', 'S_OK']);
    expect((await given((await plexesOf(lun))[0]).getProperties()).out.plexProp).toMatchObject({ size: 11n * GIB });
    await agreed(p);
  });
});

test('SetFriendlyName: of a subsystem, a LUN and a target; what is too long is cut', async () => {
  const p = await open();
  const subSystem = await p.subSystem();
  const lun = await as(await p.lun(), 'IVdsLunNaming');
  const target = await p.target();
  const nameOf = {
    subSystem: async () => given((await subSystem.getProperties()).out.subSystemProp).friendlyName,
    lun: async () => (await propertiesOf(await p.lun())).friendlyName,
    target: async () => given((await target.getProperties()).out.targetProp).friendlyName,
  };
  for (const [object, name] of [
    [await as(subSystem, 'IVdsSubSystemNaming'), nameOf.subSystem],
    [lun, nameOf.lun],
    [target, nameOf.target],
  ] as const) {
    expect(code(await object.setFriendlyName({ friendlyName: 'Grün' }))).toBe('S_OK');
    expect(await name()).toBe('Grün');
    expect(code(await object.setFriendlyName({ friendlyName: `${'x'.repeat(63)}😀` }))).toBe('VDS_S_NAME_TRUNCATED');
    expect(await name()).toBe('x'.repeat(63));
    expect(code(await object.setFriendlyName({ friendlyName: null }))).toBe('E_INVALIDARG');
  }
  await agreed(p);
});

describe('statuses', () => {
  test.each(['subsystem', 'drive', 'controller', 'portal', 'lun'] as const)(
    'of a %s: ONLINE and OFFLINE are kept',
    async (what) => {
      const p = await open();
      const subSystem = await p.subSystem();
      const iscsi = await as(subSystem, 'IVdsSubSystemIscsi');
      const object = {
        subsystem: subSystem,
        drive: given((await all(subSystem.queryDrives(), 'IVdsDrive'))[0]),
        controller: given((await all(subSystem.queryControllers(), 'IVdsController'))[0]),
        portal: given((await all(iscsi.queryPortals(), 'IVdsIscsiPortal'))[0]),
        lun: await p.lun(),
      }[what];
      const id = await idOf(object);
      const told = async () =>
        (Object.values(given((await object.getProperties()).out) as object)[0] as { readonly status: number }).status;
      for (const bad of [0, 3, 99]) expect(code(await object.setStatus({ status: bad }))).toBe('E_INVALIDARG');
      expect(code(await object.setStatus({ status: 2 }))).toBe('VDS_E_NOT_SUPPORTED');
      expect(code(await object.setStatus({ status: 4 }))).toBe('S_OK');
      expect(await told()).toBe(4);
      const modify = {
        subsystem: NF.VDS_NF_SUB_SYSTEM_MODIFY,
        drive: NF.VDS_NF_DRIVE_MODIFY,
        controller: NF.VDS_NF_CONTROLLER_MODIFY,
        portal: NF.VDS_NF_PORTAL_MODIFY,
        lun: NF.VDS_NF_LUN_MODIFY,
      }[what];
      const removed =
        what === 'drive' ? NF.VDS_NF_DRIVE_REMOVED : what === 'controller' ? NF.VDS_NF_CONTROLLER_REMOVED : modify;
      expect(code(await object.setStatus({ status: 1 }))).toBe('S_OK');
      expect(events(p.session)).toEqual([`${removed}:${id}`, `${modify}:${id}`]);
      await agreed(p);
    },
  );

  test('SetControllerStatus divides all controllers', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [one, two] = (await controllersOf(subSystem)) as [Guid, Guid];
    const set = (online: readonly Guid[] | null, offline: readonly Guid[] | null) =>
      subSystem.setControllerStatus({ onlineControllerIdArray: online, offlineControllerIdArray: offline });
    expect(code(await set([one], [two]))).toBe('S_OK');
    expect(given((await p.inventory()).subSystems[0]).controllers.map((c) => c.status)).toEqual([1, 4]);
    expect(code(await set([one], [NOBODY]))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(code(await set([one], null))).toBe('E_INVALIDARG');
    expect(code(await set([one, two], null))).toBe('S_OK');
    await agreed(p);
  });
});

describe('drives', () => {
  test('a hot spare is not filled, and a drive in use cannot be one', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [used, spare] = await all(subSystem.queryDrives(), 'IVdsDrive');
    const flags = VDS_DRIVE_FLAG.VDS_DRF_HOTSPARE;
    expect(code(await given(used).setFlags({ flags }))).toBe('VDS_E_NOT_SUPPORTED');
    expect(code(await given(spare).setFlags({ flags: flags | VDS_DRIVE_FLAG.VDS_DRF_ASSIGNED }))).toBe('E_INVALIDARG');
    expect(code(await given(spare).setFlags({ flags }))).toBe('S_OK');
    expect((await given(spare).getProperties()).out.driveProp).toMatchObject({ flags });
    expect(
      (await subSystem.queryMaxLunCreateSize({ type: LT.VDS_LT_SPAN, driveIdArray: null, hints: null })).out.maxLunSize,
    ).toBe(40n * GIB);
    await agreed(p);
    expect(code(await given(spare).clearFlags({ flags }))).toBe('S_OK');
    expect((await given(spare).getProperties()).out.driveProp).toMatchObject({ flags: 0 });
  });

  test('ReplaceDrive moves extents to an empty drive', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const drives = await drivesOf(subSystem);
    const lun = await p.createLun(subSystem, 10n * GIB);
    const replace = (from: number, to: number) =>
      subSystem.replaceDrive({ driveToBeReplaced: drives[from] ?? NOBODY, replacementDrive: drives[to] ?? NOBODY });
    for (const [from, to, expected] of [
      [0, 9, 'VDS_E_OBJECT_NOT_FOUND'],
      [9, 2, 'VDS_E_OBJECT_NOT_FOUND'],
      [0, 1, 'E_INVALIDARG'],
      [1, 1, 'E_INVALIDARG'],
    ] as const) {
      expect(code(await replace(from, to))).toBe(expected);
    }
    expect(code(await replace(1, 3))).toBe('S_OK');
    expect((await given((await plexesOf(lun))[0]).queryExtents()).out.extentArray).toMatchObject([
      { id: drives[3], size: 10n * GIB },
    ]);
    expect(
      (await given((await all(subSystem.queryDrives(), 'IVdsDrive'))[1]).queryExtents()).out.extentArray,
    ).toMatchObject([{ used: false, size: 16n * GIB }]);
    await agreed(p);
  });

  test('IVdsSubSystem::Reenumerate finds drives that went and came', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [, , , last] = await all(subSystem.queryDrives(), 'IVdsDrive');
    const id = await idOf(given(last));
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, id);
    expect(code(await given(last).getProperties())).toBe('S_OK');
    expect(code(await subSystem.reenumerate())).toBe('S_OK');
    expect(code(await given(last).getProperties())).toBe('VDS_E_OBJECT_DELETED');
    await p.control.heal({ faultId });
    expect(code(await subSystem.reenumerate())).toBe('S_OK');
    expect(await drivesOf(subSystem)).toContain(id);
    expect(code(await given(last).getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)).toEqual([`${NF.VDS_NF_DRIVE_DEPART}:${id}`, `${NF.VDS_NF_DRIVE_ARRIVE}:${id}`]);
    await agreed(p);
  });
});

test('a controller takes its orders', async () => {
  const p = await open();
  const [controller] = await all((await p.subSystem()).queryControllers(), 'IVdsController');
  for (const answer of [
    await given(controller).flushCache(),
    await given(controller).invalidateCache(),
    await given(controller).reset(),
  ])
    expect(code(answer)).toBe('S_OK');
});

describe('portal groups', () => {
  test('are two at most; a third is the first', async () => {
    const p = await open();
    const target = await p.createTarget(await p.subSystem());
    const tags = async () =>
      Promise.all(
        (await all(target.queryPortalGroups(), 'IVdsIscsiPortalGroup')).map(
          async (g) => given((await g.getProperties()).out.portalGroupProp).tag,
        ),
      );
    const [one, two, three] = [
      await target.createPortalGroup(),
      await target.createPortalGroup(),
      await target.createPortalGroup(),
    ];
    expect([one, two, three].map(code)).toEqual(['S_OK', 'S_OK', 'VDS_S_ALREADY_EXISTS']);
    const made = await Promise.all(
      [one, two, three].map(async (a) =>
        as(given(given((await given(a.out.async).wait()).out.asyncOut).cpg?.portalGroupUnk), 'IVdsIscsiPortalGroup'),
      ),
    );
    expect(await given(made[2]).identity()).toBe(await given(made[0]).identity());
    expect(await tags()).toEqual([1, 2]);
    expect(await ends(given(made[0]).delete())).toMatchObject({ as: 'S_OK', type: OUT.VDS_ASYNCOUT_DELETEPORTALGROUP });
    await ends(target.createPortalGroup());
    expect((await tags()).sort()).toEqual([1, 2]);
    await agreed(p);
    const groups = await idsOf(all(target.queryPortalGroups(), 'IVdsIscsiPortalGroup'));
    const mark = p.session.received.length;
    const targetId = await idOf(target);
    await ends(target.delete());
    expect(events(p.session, mark)).toEqual([
      `${NF.VDS_NF_TARGET_DEPART}:${targetId}`,
      ...groups.map((id) => `${NF.VDS_NF_PORTAL_GROUP_DEPART}:${id}`),
    ]);
  });

  test('a portal is in one group of a target, and in groups of several', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [portalId] = (await portalsOf(subSystem)) as [Guid];
    const target = await p.createTarget(subSystem);
    await Promise.all([ends(target.createPortalGroup()), ends(target.createPortalGroup())]);
    const [group, second] = await all(target.queryPortalGroups(), 'IVdsIscsiPortalGroup');
    expect(await ends(given(group).addPortal({ portalId }))).toMatchObject({
      as: 'S_OK',
      type: OUT.VDS_ASYNCOUT_ADDPORTAL,
    });
    for (const g of [group, second])
      expect(code(await given(g).addPortal({ portalId }))).toBe('VDS_E_INVALID_OPERATION');
    expect(code(await given(group).addPortal({ portalId: NOBODY }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(code(await given(second).removePortal({ portalId }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(code(await given(group).delete())).toBe('VDS_E_ASSOCIATED_PORTALS_EXIST');
    const portal = given((await all((await as(subSystem, 'IVdsSubSystemIscsi')).queryPortals(), 'IVdsIscsiPortal'))[0]);
    expect(await all(portal.queryAssociatedPortalGroups(), 'IVdsIscsiPortalGroup')).toHaveLength(2);
    await agreed(p);
    expect(await ends(given(group).removePortal({ portalId }))).toMatchObject({
      as: 'S_OK',
      type: OUT.VDS_ASYNCOUT_REMOVEPORTAL,
    });
    expect(await ends(given(group).delete())).toMatchObject({ as: 'S_OK' });
    await agreed(p);
  });

  test('IPsec is not supported', async () => {
    const p = await open();
    const portal = given(
      (await all((await as(await p.subSystem(), 'IVdsSubSystemIscsi')).queryPortals(), 'IVdsIscsiPortal'))[0],
    );
    expect(code(await portal.getIpsecSecurity({ initiatorPortalAddress: null }))).toBe('VDS_E_NOT_SUPPORTED');
    expect(code(await portal.setIpsecTunnelAddress({ tunnelAddress: null, destinationAddress: null }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
  });

  test("an initiator's secret is checked and taken", async () => {
    const p = await open();
    const target = await p.target();
    const remember = (initiatorName: string | null, bytes: number | null) =>
      target.rememberInitiatorSharedSecret({
        initiatorName,
        initiatorSharedSecret: bytes === null ? null : { sharedSecret: new Uint8Array(bytes), sharedSecretSize: bytes },
      });
    expect(code(await remember('iqn.2026-11.example:i', 12))).toBe('S_OK');
    expect(code(await remember('iqn.2026-11.example:i', null))).toBe('S_OK');
    expect(code(await remember(null, 12))).toBe('E_INVALIDARG');
    expect(code(await remember('iqn.2026-11.example:i', 11))).toBe('E_INVALIDARG');
  });
});
