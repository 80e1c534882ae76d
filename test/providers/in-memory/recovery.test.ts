// Reenumerate finds subsystems, Refresh brings up to date what is known, and only the two together repair a damaged
// cache.
import { describe, expect, test } from 'vitest';
import { all, as, code, events, FK, GIB, given, idOf, Instance, NOBODY, open, propertiesOf } from './system.js';

const CORRUPT = 'VDS_E_PROVIDER_CACHE_CORRUPT';

describe('the pair', () => {
  test('Refresh alone does not repair, Reenumerate alone does not either', async () => {
    const p = await open();
    const lun = await p.lun();
    await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(lun));
    expect(code(await p.hw.refresh())).toBe(CORRUPT);
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    expect(code(await lun.getProperties())).toBe(CORRUPT);
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect(code(await lun.getProperties())).toBe('S_OK');
  });

  test('the Reenumerate counts once: the next damage needs another', async () => {
    const p = await open();
    const lun = await p.lun();
    await p.recover();
    await p.inject(FK.VDSC_FK_TORN_WRITE, await idOf(lun));
    expect(code(await p.hw.refresh())).toBe(CORRUPT);
  });

  test('damage between the two, and to everything at once, is repaired too', async () => {
    const p = await open();
    const truth = await p.truth();
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    for (const s of truth.subSystems)
      for (const id of [s.id, ...s.luns.map((l) => l.id), ...s.targets.map((t) => t.id)])
        await p.inject(FK.VDSC_FK_LOST_ENTRY, id);
    expect(code(await p.hw.querySubSystems())).toBe(CORRUPT);
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect(await p.inventory()).toEqual(truth);
    expect(await p.truth()).toEqual(truth);
  });

  test('ids, identities and settings stay, nothing is announced, and once more changes nothing', async () => {
    const p = await open();
    const [subSystem, lun, target] = [await p.subSystem(), await p.lun(), await p.target()];
    await (await as(subSystem, 'IVdsSubSystemImportTarget')).setImportTarget({ iscsiName: 'iqn.2026-11.example:kept' });
    await target.setSharedSecret({
      targetSharedSecret: { sharedSecret: new Uint8Array(12), sharedSecretSize: 12 },
      initiatorName: null,
    });
    const mark = p.session.received.length;
    const before = await p.inventory();
    await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(subSystem));
    for (let i = 0; i < 2; i++) {
      await p.recover();
      expect(await p.inventory()).toEqual(before);
      expect(await (await p.subSystem()).identity()).toBe(await subSystem.identity());
      expect(await (await p.lun()).identity()).toBe(await lun.identity());
      expect(await (await p.target()).identity()).toBe(await target.identity());
    }
    expect(events(p.session, mark)).toEqual([]);
  });

  test('a LUN deleted while its entry was lost is deleted afterwards, and its departure announced', async () => {
    const p = await open();
    const lun = await p.lun();
    const id = await idOf(lun);
    await p.inject(FK.VDSC_FK_LOST_ENTRY, id);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, id);
    await p.recover();
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)[0]).toBe(`109:${id}`);
  });
});

describe('a subsystem that is disconnected', () => {
  test('silently: known until Reenumerate, then departed with all it has', async () => {
    const p = await open();
    const [subSystem, lun, target] = [await p.subSystem(), await p.lun(), await p.target()];
    const id = await idOf(subSystem);
    const { proof } = await p.inject(FK.VDSC_FK_DISCONNECT, id);
    expect(proof).toMatchObject({ kind: 'disconnect', where: 'array', before: 'connected', after: 'disconnected' });
    expect((await p.truth()).subSystems.map((s) => s.id)).not.toContain(id);
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_DISCONNECT, objectId: id, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
    expect(code(await subSystem.getProperties())).toBe('S_OK');
    expect(await p.subSystems()).toHaveLength(2);
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    expect(events(p.session)).toEqual([`102:${id}`]);
    for (const object of [subSystem, lun, target])
      expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('with its event: departed at once', async () => {
    const p = await open();
    const lun = await p.lun();
    await p.inject(FK.VDSC_FK_DISCONNECT, await idOf(await p.subSystem()), true);
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('comes back by Heal and Reenumerate, with its ids, as new objects', async () => {
    const p = await open();
    const before = await p.inventory();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const id = await idOf(subSystem);
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, id);
    await p.hw.reenumerate();
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    expect(await p.subSystems()).toHaveLength(1);
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect(await p.subSystems()).toHaveLength(1);
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    expect(events(p.session)).toEqual([`102:${id}`, `101:${id}`]);
    expect(await p.inventory()).toEqual(before);
    expect(await (await p.subSystem()).identity()).not.toBe(await subSystem.identity());
    for (const object of [subSystem, lun]) expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
  });

  test('and connected again before anybody looked, nothing has happened', async () => {
    const p = await open();
    const lun = await p.lun();
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, await idOf(await p.subSystem()));
    await p.control.heal({ faultId });
    await p.recover();
    expect(code(await lun.getProperties())).toBe('S_OK');
    expect(events(p.session)).toEqual([]);
  });

  test.each(['Refresh', 'CreateLun', 'SetImportTarget', 'Delete'])('%s finds out too', async (how) => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const id = await idOf(subSystem);
    await p.inject(FK.VDSC_FK_DISCONNECT, id);
    const answers = {
      Refresh: () => p.hw.refresh(),
      CreateLun: () =>
        subSystem.createLun({ type: 10, sizeInBytes: 1n, driveIdArray: null, unmaskingList: '', hints: null }),
      SetImportTarget: async () =>
        (await as(subSystem, 'IVdsSubSystemImportTarget')).setImportTarget({ iscsiName: null }),
      Delete: () => lun.delete(),
    };
    expect(code(await answers[how as 'Refresh']())).toBe(how === 'Refresh' ? 'S_OK' : 'VDS_E_OBJECT_DELETED');
    for (const object of [subSystem, lun]) expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)).toEqual([`102:${id}`]);
    expect(await p.inventory()).toEqual(await p.truth());
  });
});

describe('two instances on one array', () => {
  test('each learns what the other did by Refresh', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    await q.load();
    const mark = p.session.received.length;
    const gone = await q.lun();
    const goneId = await idOf(gone);
    const made = await p.createLun(await p.subSystem());
    await (await p.lun()).delete();
    await given((await made.extend({ numberOfBytesToAdd: GIB, driveIdArray: null })).out.async).wait();
    expect(await all((await q.subSystem()).queryLuns(), 'IVdsLun')).toHaveLength(1);
    expect(code(await q.life.getObject({ objectId: await idOf(made), type: 33 }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    expect(
      code(await q.control.inject({ kind: FK.VDSC_FK_FLIPPED_BYTES, objectId: await idOf(made), notify: false })),
    ).toBe('VDS_E_NOT_SUPPORTED');
    // A change through the second instance does not make it list what it has not learnt of.
    const own = await q.createLun(await q.subSystem());
    expect(await all((await q.subSystem()).queryLuns(), 'IVdsLun')).toHaveLength(1);
    const before = events(p.session, mark).length;
    expect(code(await q.hw.refresh())).toBe('S_OK');
    expect(events(p.session, mark).slice(before)).toEqual(
      expect.arrayContaining([`108:${await idOf(made)}`, `109:${goneId}`]),
    );
    expect(await q.inventory()).toEqual(await q.truth());
    expect(code(await gone.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect((await propertiesOf(own)).friendlyName).toBe('LUN 2');
    expect(NOBODY).not.toBe(goneId);
  });

  test('healing again does not undo a later fault', async () => {
    const p = await open();
    const id = await idOf(await p.subSystem());
    const first = await p.inject(FK.VDSC_FK_DISCONNECT, id);
    await p.control.heal({ faultId: first.faultId });
    await p.inject(FK.VDSC_FK_DISCONNECT, id);
    expect(code(await p.control.heal({ faultId: first.faultId }))).toBe('S_OK');
    expect((await p.truth()).subSystems).toHaveLength(1);
  });

  test('a fault is healed by whichever is asked', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    await q.load();
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, await idOf(await p.subSystem()));
    expect(code(await q.control.heal({ faultId }))).toBe('S_OK');
    expect((await p.truth()).subSystems).toHaveLength(2);
  });
});
