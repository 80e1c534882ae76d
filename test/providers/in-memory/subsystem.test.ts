import { describe, expect, test } from 'vitest';
import { NULL_GUID, formatGuidBraced } from '../../../src/contract/guid.js';
import { isIscsiName } from '../../../src/contract/iscsi-name.js';
import {
  NOTIFICATION_EVENTS as NF,
  VDS_ASYNC_OUTPUT_TYPE,
  VDS_LUN_TYPE as LT,
  VDS_SUB_SYSTEM_FLAG,
  VDS_SUB_SYSTEM_STATUS,
} from '../../../src/contract/generated/enumerations.js';
import { all, as, code, events, FK, GIB, given, idOf, Instance, MIB, NOBODY, open, propertiesOf } from './system.js';

const SIMPLE = {
  type: LT.VDS_LT_SIMPLE as number,
  sizeInBytes: GIB,
  driveIdArray: null as readonly string[] | null,
  unmaskingList: '' as string | null,
  hints: null,
};

describe('a subsystem', () => {
  test('properties', async () => {
    const p = await open();
    const { out } = await (await p.subSystem(1)).getProperties();
    const properties = given(out.subSystemProp);
    expect(properties).toMatchObject({
      friendlyName: 'Array B',
      identification: 'VDSC-ARRAY-B',
      status: VDS_SUB_SYSTEM_STATUS.VDS_SSS_ONLINE,
      health: 1,
      numberOfInternalBuses: 1,
      maxNumberOfSlotsEachBus: 4,
      maxNumberOfControllers: 2,
    });
    expect(properties.flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE).not.toBe(0);
    expect(properties.flags & VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_PARITY_LUNS).toBe(0);
  });

  test('supports nothing else, and SetStatus refuses unknown statuses', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    for (const answer of [
      await subSystem.setStatus({ status: VDS_SUB_SYSTEM_STATUS.VDS_SSS_NOT_READY }),
      await (await as(subSystem, 'IVdsSubSystemIscsi')).setIpsecGroupPresharedKey({ ipsecKey: null }),
    ])
      expect(code(answer), answer.record.method).toBe('VDS_E_NOT_SUPPORTED');
    for (const status of [0, 3, 77]) expect(code(await subSystem.setStatus({ status }))).toBe('E_INVALIDARG');
  });
});

describe('CreateLun', () => {
  test.each([
    ['a type outside the enumeration', { type: 4 }, 'E_INVALIDARG'],
    ['another one', { type: 31 }, 'E_INVALIDARG'],
    ['the unknown type', { type: LT.VDS_LT_UNKNOWN }, 'E_INVALIDARG'],
    ['parity', { type: LT.VDS_LT_PARITY }, 'VDS_E_NOT_SUPPORTED'],
    [
      'an unsupported type on drives that do not exist',
      { type: LT.VDS_LT_RAID5, driveIdArray: [NOBODY] },
      'VDS_E_NOT_SUPPORTED',
    ],
    ['RAID 61', { type: LT.VDS_LT_RAID61 }, 'VDS_E_NOT_SUPPORTED'],
    ['a count without drives', { numberOfDrives: 1 }, 'E_INVALIDARG'],
    ['a negative count without drives', { numberOfDrives: -1 }, 'E_INVALIDARG'],
    ['drives with count 0', { driveIdArray: [NOBODY], numberOfDrives: 0 }, 'E_INVALIDARG'],
    ['drives with a negative count', { driveIdArray: [NOBODY], numberOfDrives: -1 }, 'E_INVALIDARG'],
    ['drives with an automagic type', { type: LT.VDS_LT_DEFAULT, driveIdArray: [NOBODY] }, 'E_INVALIDARG'],
    ['drives that do not exist', { driveIdArray: [NOBODY] }, 'VDS_E_OBJECT_NOT_FOUND'],
    ['no unmasking list', { unmaskingList: null }, 'E_INVALIDARG'],
    ['no bytes', { sizeInBytes: 0n }, 'E_INVALIDARG'],
    ['more than a drive has', { sizeInBytes: 16n * GIB + 1n }, 'VDS_E_NOT_ENOUGH_SPACE'],
    ['more than there is', { type: LT.VDS_LT_SPAN, sizeInBytes: 56n * GIB + 1n }, 'VDS_E_NOT_ENOUGH_SPACE'],
    [
      'a mirror of more than two drives have',
      { type: LT.VDS_LT_FAULT_TOLERANT, sizeInBytes: 16n * GIB + 1n },
      'VDS_E_NOT_ENOUGH_SPACE',
    ],
    ['nearly 2^64 bytes', { sizeInBytes: 0xffffffffffffffffn }, 'VDS_E_NOT_ENOUGH_SPACE'],
  ])('refuses %s', async (_what, change, expected) => {
    const p = await open();
    const before = await p.truth();
    const { hr, out } = await (await p.subSystem()).createLun({ ...SIMPLE, ...change });
    expect(code({ hr })).toBe(expected);
    expect(out.async).toBeNull();
    expect(await p.truth()).toEqual(before);
  });

  test.each([LT.VDS_LT_DEFAULT, LT.VDS_LT_NON_FAULT_TOLERANT, LT.VDS_LT_SIMPLE])(
    'creates type %i as a simple LUN of rounded size',
    async (type) => {
      const p = await open();
      const subSystem = await p.subSystem();
      const accepted = await subSystem.createLun({ ...SIMPLE, type, sizeInBytes: MIB + 1n, unmaskingList: '*' });
      const { out } = await given(accepted.out.async).wait();
      expect(code({ hr: given(out.hrResult) })).toBe('S_OK');
      expect(given(out.asyncOut).type).toBe(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN);
      const lun = await as(given(given(out.asyncOut).cl?.lunUnk), 'IVdsLun');
      const properties = await propertiesOf(lun);
      expect(properties).toMatchObject({
        size: 2n * MIB,
        friendlyName: 'LUN 1',
        unmaskingList: '*',
        type: LT.VDS_LT_SIMPLE,
        status: 1,
        health: 1,
        transitionState: 1,
        rebuildPriority: 0,
      });
      expect(properties.identification).toBe(`VDSC-LUN-${properties.id.replaceAll('-', '')}`);
      const [drive] = await all(subSystem.queryDrives(), 'IVdsDrive');
      expect(events(p.session)).toEqual([
        `${NF.VDS_NF_LUN_ARRIVE}:${properties.id}`,
        `${NF.VDS_NF_DRIVE_MODIFY}:${await idOf(given(drive))}`,
      ]);
      expect(await p.inventory()).toEqual(await p.truth());
      expect(await all(subSystem.queryLuns(), 'IVdsLun')).toHaveLength(2);
    },
  );

  test('keeps unmasking lists as they are, without repetitions', async () => {
    const [A, B, WWN] = ['iqn.2026-11.example:a', 'iqn.2026-11.example:b', '50060B00006975AC'];
    const p = await open();
    const subSystem = await p.subSystem();
    for (const [list, kept] of [
      ['', ''],
      ['*', '*'],
      [A, A],
      [`${B};${A};${B};${WWN};${A}`, `${B};${A};${WWN}`],
      [`${WWN};${WWN.toLowerCase()}`, WWN],
    ] as const) {
      const accepted = await subSystem.createLun({ ...SIMPLE, sizeInBytes: 1n, unmaskingList: list });
      const { out } = await given(accepted.out.async).wait();
      expect((await propertiesOf(await as(given(given(out.asyncOut).cl?.lunUnk), 'IVdsLun'))).unmaskingList).toBe(kept);
    }
  });

  test('space is set aside when it is accepted', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const all56 = { ...SIMPLE, type: LT.VDS_LT_SPAN, sizeInBytes: 56n * GIB };
    const first = await subSystem.createLun(all56);
    expect(code(await subSystem.createLun({ ...SIMPLE, sizeInBytes: 1n }))).toBe('VDS_E_NOT_ENOUGH_SPACE');
    expect(code(await (await p.subSystem(1)).createLun(all56))).toBe('S_OK');
    await given(first.out.async).cancel();
    expect(code(await subSystem.createLun(all56))).toBe('S_OK');
  });

  test('space of a deleted LUN is free again', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    for (let i = 0; i < 3; i++) await (await p.createLun(subSystem, 56n * GIB, LT.VDS_LT_SPAN)).delete();
    await (await p.lun()).delete();
    await p.createLun(subSystem, 64n * GIB, LT.VDS_LT_SPAN);
  });
});

describe('CreateTarget', () => {
  const create = async (p: Instance, iscsiName: string | null, friendlyName: string | null = 'T', index = 0) =>
    (await as(await p.subSystem(index), 'IVdsSubSystemIscsi')).createTarget({ iscsiName, friendlyName });

  test('creates a target by name and announces it', async () => {
    const p = await open();
    const accepted = await create(p, 'iqn.2026-11.example:new', 'New one');
    const { out } = await given(accepted.out.async).wait();
    expect(given(out.asyncOut).type).toBe(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET);
    const target = await as(given(given(out.asyncOut).ct?.targetUnk), 'IVdsIscsiTarget');
    expect((await target.getProperties()).out.targetProp).toMatchObject({
      iscsiName: 'iqn.2026-11.example:new',
      friendlyName: 'New one',
      chapEnabled: false,
    });
    expect(events(p.session)).toEqual([`${NF.VDS_NF_TARGET_ARRIVE}:${await idOf(target)}`]);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each([null, ''])('makes a valid and unique name for %j', async (name) => {
    const p = await open();
    const names = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const { out } = await given((await create(p, name, null)).out.async).wait();
      const target = await as(given(given(out.asyncOut).ct?.targetUnk), 'IVdsIscsiTarget');
      names.add(given(given((await target.getProperties()).out.targetProp).iscsiName));
    }
    expect(names.size).toBe(5);
    for (const each of names) expect(isIscsiName(each)).toBe(true);
  });

  test('refuses invalid names, and those that any subsystem has, or will have', async () => {
    const p = await open();
    for (const bad of ['target', 'iqn.2026-13.example:x', 'iqn.2026-11.example:UPPER'])
      expect(code(await create(p, bad))).toBe('E_INVALIDARG');
    for (const index of [0, 1])
      expect(code(await create(p, 'iqn.2026-11.example.vdsc:existing-a', 'T', index))).toBe('VDS_E_NAME_NOT_UNIQUE');
    const under_way = await create(p, 'iqn.2026-11.example:new');
    expect(code(await create(p, 'iqn.2026-11.example:new', 'T', 1))).toBe('VDS_E_NAME_NOT_UNIQUE');
    await given(under_way.out.async).cancel();
    expect(code(await create(p, 'iqn.2026-11.example:new', 'T', 1))).toBe('S_OK');
  });

  test('a name is still taken while its subsystem is disconnected', async () => {
    const p = await open();
    await p.inject(FK.VDSC_FK_DISCONNECT, await idOf(await p.subSystem(1)), true);
    expect(code(await create(p, 'iqn.2026-11.example.vdsc:existing-b'))).toBe('VDS_E_NAME_NOT_UNIQUE');
  });
});

describe('the import target', () => {
  test('is kept as given, for each subsystem, also for another instance and load', async () => {
    const p = await open();
    const [a, b] = await Promise.all([0, 1].map(async (i) => as(await p.subSystem(i), 'IVdsSubSystemImportTarget')));
    expect(code(await given(a).getImportTarget())).toBe('VDS_E_NO_IMPORT_TARGET');
    for (const name of [
      'iqn.2026-11.example:nobody-has-it',
      'eui.02004567A425678D',
      'naa.52004567BA64678D',
      'iqn.2026-11.example.vdsc:existing-b',
    ]) {
      expect(code(await given(a).setImportTarget({ iscsiName: name }))).toBe('S_OK');
      expect((await given(a).getImportTarget()).out.iscsiName).toBe(name);
    }
    expect(code(await given(b).getImportTarget())).toBe('VDS_E_NO_IMPORT_TARGET');
    const q = await Instance.create(p.session);
    await q.load();
    expect((await (await as(await q.subSystem(), 'IVdsSubSystemImportTarget')).getImportTarget()).out.iscsiName).toBe(
      'iqn.2026-11.example.vdsc:existing-b',
    );
  });

  test.each([null, NULL_GUID, formatGuidBraced(NULL_GUID)])('%j clears it', async (nothing) => {
    const p = await open();
    const importTarget = await as(await p.subSystem(), 'IVdsSubSystemImportTarget');
    for (let i = 0; i < 2; i++) {
      expect(code(await importTarget.setImportTarget({ iscsiName: nothing }))).toBe('S_OK');
      const { hr, out } = await importTarget.getImportTarget();
      expect([code({ hr }), out.iscsiName]).toEqual(['VDS_E_NO_IMPORT_TARGET', null]);
      await importTarget.setImportTarget({ iscsiName: 'iqn.2026-11.example:x' });
    }
  });

  test.each(['', 'x', NOBODY, `{${NULL_GUID}`, 'iqn.2026-11.example:UPPER', `iqn.2026-11.example:${'x'.repeat(223)}`])(
    '%j is refused and changes nothing',
    async (bad) => {
      const p = await open();
      const importTarget = await as(await p.subSystem(), 'IVdsSubSystemImportTarget');
      await importTarget.setImportTarget({ iscsiName: 'iqn.2026-11.example:x' });
      expect(code(await importTarget.setImportTarget({ iscsiName: bad }))).toBe('E_INVALIDARG');
      expect((await importTarget.getImportTarget()).out.iscsiName).toBe('iqn.2026-11.example:x');
    },
  );
});
