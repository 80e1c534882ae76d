// LUNs and targets.
import { describe, expect, test } from 'vitest';
import {
  NOTIFICATION_EVENTS as NF,
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_LUN_STATUS,
  VDS_LUN_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { all, as, code, events, FK, GIB, given, idOf, MIB, NOBODY, open, propertiesOf } from './system.js';

describe('a LUN', () => {
  test('identification data', async () => {
    const p = await open();
    const lun = await p.lun();
    expect((await lun.getIdentificationData()).out.lunInfo).toMatchObject({
      version: 1,
      vendorId: 'VDSC',
      productId: 'Reference',
      productRevision: '1',
      serialNumber: (await idOf(lun)).replaceAll('-', ''),
      deviceIdDescriptor: { numberOfIdentifiers: 0, identifiers: null },
      numberOfInterconnects: 0,
      interconnects: null,
    });
  });

  test('SetStatus', async () => {
    const p = await open();
    const lun = await p.lun();
    for (const status of [VDS_LUN_STATUS.VDS_LS_UNKNOWN, 3, -1])
      expect(code(await lun.setStatus({ status }))).toBe('E_INVALIDARG');
    for (const status of [2, 5]) expect(code(await lun.setStatus({ status }))).toBe('VDS_E_NOT_SUPPORTED');
    for (const status of [4, 1]) {
      expect(code(await lun.setStatus({ status }))).toBe('S_OK');
      expect((await propertiesOf(lun)).status).toBe(status);
    }
    expect(events(p.session)).toEqual([
      `${NF.VDS_NF_LUN_MODIFY}:${await idOf(lun)}`,
      `${NF.VDS_NF_LUN_MODIFY}:${await idOf(lun)}`,
    ]);
  });

  test('Extend adds whole megabytes at the end of the operation', async () => {
    const p = await open();
    const lun = await p.lun();
    const async = given((await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null })).out.async);
    expect((await propertiesOf(lun)).size).toBe(8n * GIB);
    const { out } = await async.wait();
    expect(code({ hr: given(out.hrResult) })).toBe('S_OK');
    expect(out.asyncOut).toEqual({ type: OUT.VDS_ASYNCOUT_EXTENDLUN });
    expect((await propertiesOf(lun)).size).toBe(8n * GIB + MIB);
    const [drive] = await all((await p.subSystem()).queryDrives(), 'IVdsDrive');
    expect(events(p.session)).toEqual([
      `${NF.VDS_NF_LUN_MODIFY}:${await idOf(lun)}`,
      `${NF.VDS_NF_DRIVE_MODIFY}:${await idOf(given(drive))}`,
    ]);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each([
    ['no bytes', { numberOfBytesToAdd: 0n }, 'E_INVALIDARG'],
    ['a count without drives', { numberOfDrives: 2 }, 'E_INVALIDARG'],
    ['drives with count 0', { driveIdArray: [NOBODY], numberOfDrives: 0 }, 'E_INVALIDARG'],
    ['drives that do not exist', { driveIdArray: [NOBODY] }, 'VDS_E_OBJECT_NOT_FOUND'],
    ['more than there is', { numberOfBytesToAdd: 56n * GIB + 1n }, 'VDS_E_NOT_ENOUGH_SPACE'],
    ['nearly 2^64 bytes', { numberOfBytesToAdd: 0xffffffffffffffffn }, 'VDS_E_NOT_ENOUGH_SPACE'],
  ])('Extend refuses %s and leaves the LUN as it was', async (_what, change, expected) => {
    const p = await open();
    const lun = await p.lun();
    expect(code(await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null, ...change }))).toBe(expected);
    expect((await propertiesOf(lun)).size).toBe(8n * GIB);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('two extensions at once both count, and both have their space', async () => {
    const p = await open();
    const lun = await p.lun();
    const extend = async (bytes: bigint) => lun.extend({ numberOfBytesToAdd: bytes, driveIdArray: null });
    const [a, b] = [await extend(30n * GIB), await extend(26n * GIB)];
    expect(code(await extend(1n))).toBe('VDS_E_NOT_ENOUGH_SPACE');
    await Promise.all([given(a.out.async).wait(), given(b.out.async).wait()]);
    expect((await propertiesOf(lun)).size).toBe(64n * GIB);
  });

  test('Delete: gone from the array and every list, while references stay', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const lun = await p.lun();
    const id = await idOf(lun);
    const before = given((await subSystem.queryLuns()).out.enum);
    expect(code(await lun.delete())).toBe('S_OK');
    expect(events(p.session)[0]).toBe(`${NF.VDS_NF_LUN_DEPART}:${id}`);
    expect(given((await p.truth()).subSystems[0]).luns).toEqual([]);
    expect(await p.inventory()).toEqual(await p.truth());
    expect(await all(subSystem.queryLuns(), 'IVdsLun')).toEqual([]);
    expect(code(await p.life.getObject({ objectId: id, type: 33 }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    for (const answer of [
      await lun.getProperties(),
      await lun.getSubSystem(),
      await lun.getIdentificationData(),
      await lun.delete(),
      await lun.queryPlexes(),
      await lun.queryActiveControllers(),
      await lun.extend({ numberOfBytesToAdd: 0n, driveIdArray: null }),
      await lun.setStatus({ status: 0 }),
      await lun.recover(),
      await lun.setMask({ unmaskingList: null }),
    ])
      expect(code(answer), answer.record.method).toBe('VDS_E_OBJECT_DELETED');
    const snapshot = given(given((await before.next({ celt: 5 })).out.objectArray)[0]);
    expect(await snapshot.identity()).toBe(await lun.identity());
    expect(code(await (await as(snapshot, 'IVdsLun')).getProperties())).toBe('VDS_E_OBJECT_DELETED');
  });

  test('deleted while it is being extended: the operation fails and its space is free', async () => {
    const p = await open();
    const lun = await p.lun();
    const async = given((await lun.extend({ numberOfBytesToAdd: 56n * GIB, driveIdArray: null })).out.async);
    expect(code(await lun.delete())).toBe('S_OK');
    const { out } = await async.wait();
    expect(code({ hr: given(out.hrResult) })).toBe('VDS_E_OBJECT_DELETED');
    await p.createLun(await p.subSystem(), 64n * GIB, VDS_LUN_TYPE.VDS_LT_SPAN);
  });
});

describe('a target', () => {
  test('lists no initiators', async () => {
    const p = await open();
    const target = await p.target();
    const initiators = await target.getConnectedInitiators();
    expect([code(initiators), initiators.out.initiatorList, initiators.out.numberOfInitiators]).toEqual([
      'S_OK',
      null,
      0,
    ]);
  });

  const secret = (length: number, size = length) => ({
    sharedSecret: new Uint8Array(length).fill(7),
    sharedSecretSize: size,
  });

  test('a secret of 12 to 16 bytes is set, and cleared again', async () => {
    const p = await open();
    const target = await p.target();
    const chapEnabled = async () => given((await target.getProperties()).out.targetProp).chapEnabled;
    for (const length of [12, 16]) {
      expect(code(await target.setSharedSecret({ targetSharedSecret: secret(length), initiatorName: null }))).toBe(
        'S_OK',
      );
      expect(await chapEnabled()).toBe(true);
      for (const nothing of [null, { sharedSecret: null, sharedSecretSize: 0 }]) {
        expect(code(await target.setSharedSecret({ targetSharedSecret: nothing, initiatorName: null }))).toBe('S_OK');
        expect(await chapEnabled()).toBe(false);
      }
    }
    const changed = `${NF.VDS_NF_TARGET_MODIFY}:${await idOf(target)}`;
    expect(events(p.session)).toEqual([changed, changed, changed, changed]);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each([
    ['11 bytes', secret(11)],
    ['17 bytes', secret(17)],
    ['a size that is not the length', secret(12, 13)],
    ['no bytes with a size', { sharedSecret: null, sharedSecretSize: 12 }],
    ['bytes with size 0', secret(12, 0)],
    ['an empty array', secret(0)],
  ])('%s are no secret', async (_what, targetSharedSecret) => {
    const p = await open();
    const target = await p.target();
    await target.setSharedSecret({ targetSharedSecret: secret(14), initiatorName: null });
    expect(code(await target.setSharedSecret({ targetSharedSecret, initiatorName: null }))).toBe('E_INVALIDARG');
    expect(given((await target.getProperties()).out.targetProp).chapEnabled).toBe(true);
  });

  test('a secret for one initiator is not supported', async () => {
    const p = await open();
    expect(
      code(
        await (
          await p.target()
        ).setSharedSecret({ targetSharedSecret: secret(12), initiatorName: 'iqn.2026-11.example:i' }),
      ),
    ).toBe('VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED');
  });

  test('Delete', async () => {
    const p = await open();
    expect(code(await (await p.target()).delete())).toBe('VDS_E_ASSOCIATED_LUNS_EXIST');
    const target = await p.createTarget(await p.subSystem(), 'iqn.2026-11.example:new');
    const mark = p.session.received.length;
    const id = await idOf(target);
    const [first, second] = [await target.delete(), await target.delete()].map((answer) => given(answer.out.async));
    const { out } = await given(first).wait();
    expect(code({ hr: given(out.hrResult) })).toBe('S_OK');
    expect(out.asyncOut).toEqual({ type: OUT.VDS_ASYNCOUT_DELETETARGET });
    expect(code({ hr: given((await given(second).wait()).out.hrResult) })).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session, mark)).toEqual([`${NF.VDS_NF_TARGET_DEPART}:${id}`]);
    expect(given((await p.truth()).subSystems[0]).targets).toHaveLength(1);
    expect(await p.inventory()).toEqual(await p.truth());
    expect(code(await target.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(
      code(
        await (
          await as(await p.subSystem(1), 'IVdsSubSystemIscsi')
        ).createTarget({ iscsiName: 'iqn.2026-11.example:new', friendlyName: '' }),
      ),
    ).toBe('S_OK');
  });

  test('a deletion under way can be cancelled', async () => {
    const p = await open();
    const target = await p.createTarget(await p.subSystem());
    expect(code(await given((await target.delete()).out.async).cancel())).toBe('S_OK');
    expect(code(await target.getProperties())).toBe('S_OK');
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, await idOf(target));
    expect(code(await target.delete())).toBe('VDS_E_OBJECT_DELETED');
  });
});
