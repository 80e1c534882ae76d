import { describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../../src/contract/codec.js';
import { NULL_GUID } from '../../../src/contract/guid.js';
import {
  VDS_HWPROVIDER_TYPE,
  VDS_OBJECT_TYPE as OT,
  VDS_PROVIDER_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import { loadAdapter } from '../../../src/port/load-adapter.js';
import { Session } from '../../../src/port/session.js';
import { createInMemory } from '../../../providers/in-memory/adapter.js';
import { as, code, FK, given, idOf, Instance, NOBODY, open } from './system.js';

describe('the adapter', () => {
  test('loads as a module does and opens systems of its own', async () => {
    const adapter = await loadAdapter(new URL('../../../providers/in-memory/adapter.js', import.meta.url).href);
    expect(adapter.name).toBe('in-memory');
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const session = new Session(await adapter.open({ settings: {}, seed: '7', scratch: '/nowhere' }));
        const instance = await Instance.create(session);
        await instance.load();
        return instance;
      }),
    );
    expect(given(one).session.capabilities).toMatchObject({
      disposable: true,
      nullOuts: true,
      parallelCalls: true,
      releaseCounts: true,
      isolated: false,
    });
    await given(one).createLun(await given(one).subSystem());
    expect(given((await given(one).truth()).subSystems[0]).luns).toHaveLength(2);
    expect(given((await given(other).truth()).subSystems[0]).luns).toHaveLength(1);
  });

  test('one seed makes one system, another seed other ids', async () => {
    const [a, b, c] = await Promise.all(['s', 's', 't'].map((seed) => open({}, seed)));
    expect(await given(a).truth()).toEqual(await given(b).truth());
    expect(given((await given(a).truth()).subSystems[0]).id).not.toBe(given((await given(c).truth()).subSystems[0]).id);
  });
});

describe('loading and unloading', () => {
  test('what needs a load says so before it and after unloading, on every object held', async () => {
    const p = await Instance.create(new Session(createInMemory({ seed: '1' })));
    const uninitialised = async (): Promise<string[]> =>
      [
        await p.hw.querySubSystems(),
        await p.hw.reenumerate(),
        await p.hw.refresh(),
        await p.life.getObject({ objectId: NOBODY, type: OT.VDS_OT_LUN }),
      ].map(code);
    const expected = Array.from({ length: 4 }, () => 'VDS_E_INITIALIZE_NOT_CALLED');
    expect(await uninitialised()).toEqual(expected);
    await p.load();
    const subSystem = await p.subSystem();
    const lun = await p.lun();
    const enumerator = given((await subSystem.queryLuns()).out.enum);
    const async = given((await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null })).out.async);
    expect(code(await p.life.onUnload({ forceUnload: false }))).toBe('S_OK');
    expect(await uninitialised()).toEqual(expected);
    for (const answer of [
      await subSystem.getProperties(),
      await lun.getProperties(),
      await lun.delete(),
      await lun.recover(),
      await enumerator.next({ celt: 1 }),
      await async.queryStatus(),
      await async.wait(),
    ])
      expect(code(answer)).toBe('VDS_E_INITIALIZE_NOT_CALLED');
    expect(code(await p.provider.getProperties())).toBe('S_OK');
  });

  test('a second OnLoad fails and changes nothing', async () => {
    const p = await open();
    expect(code(await p.life.onLoad({ machineName: null, callbackObject: null }))).toBe('VDS_E_INITIALIZED_FAILED');
    expect(await p.subSystems()).toHaveLength(2);
  });

  test('the callback may be NULL, and must otherwise be a sink', async () => {
    const p = await Instance.create(new Session(createInMemory({ seed: '1' })));
    expect(code(await p.life.onLoad({ machineName: 'ignored', callbackObject: p.unknown }))).toBe(
      'VDS_E_INITIALIZED_FAILED',
    );
    expect(code(await p.hw.reenumerate())).toBe('VDS_E_INITIALIZE_NOT_CALLED');
    expect(code(await p.life.onLoad({ machineName: 'ignored', callbackObject: null }))).toBe('S_OK');
    await p.createLun(await p.subSystem());
    expect(p.session.received).toHaveLength(0);
  });

  test('holds the sink until it is unloaded, and not after a load that failed', async () => {
    const p = await Instance.create(new Session(createInMemory({ seed: '1' })));
    const sink = await p.session.createSink();
    const held = async (): Promise<number> => {
      await sink.addRef();
      return (await sink.release()) - 1;
    };
    expect(await held()).toBe(0);
    await p.life.onLoad({ machineName: null, callbackObject: sink });
    expect(await held()).toBe(1);
    await p.life.onLoad({ machineName: null, callbackObject: sink });
    expect(await held()).toBe(1);
    await p.life.onUnload({ forceUnload: true });
    expect(await held()).toBe(0);
    expect(code(await p.life.onUnload({ forceUnload: true }))).toBe('S_OK');
    expect(await held()).toBe(0);
  });

  test('a sink that answers S_FALSE is not an error', async () => {
    const p = await open();
    await p.session.setSinkAnswer(1);
    await p.createLun(await p.subSystem());
    expect(p.session.received).toHaveLength(1);
  });

  test('unloading ends an operation under way: a Wait returns, nothing is made, its space is free again', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const before = await p.truth();
    const async = given(
      (
        await subSystem.createLun({
          type: 11,
          sizeInBytes: 50n << 30n,
          driveIdArray: null,
          unmaskingList: '',
          hints: null,
        })
      ).out.async,
    );
    const waiting = async.wait();
    await p.life.onUnload({ forceUnload: false });
    const { out } = await waiting;
    expect(code({ hr: given(out.hrResult) })).toBe('VDS_E_OPERATION_CANCELED');
    expect(await p.truth()).toEqual(before);
    await p.load();
    await p.createLun(await p.subSystem(), 50n << 30n, 11);
  });

  test('a further load builds the cache anew; objects still held stand for their devices, if there', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const [kept, lost] = [await p.lun(), await p.createLun(subSystem)];
    await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(kept));
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, await idOf(lost));
    await p.life.onUnload({ forceUnload: false });
    await p.load();
    expect(code(await kept.getProperties())).toBe('S_OK');
    expect(code(await lost.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await (await p.subSystem()).identity()).toBe(await subSystem.identity());
  });
});

test('a further load forgets earlier versions of entries, and an earlier Reenumerate', async () => {
  const p = await open();
  const lun = await p.lun();
  await given((await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null })).out.async).wait();
  await p.hw.reenumerate();
  await p.life.onUnload({ forceUnload: false });
  await p.load();
  expect(code(await p.control.inject({ kind: FK.VDSC_FK_STALE_ENTRY, objectId: await idOf(lun), notify: false }))).toBe(
    'VDS_E_NOT_SUPPORTED',
  );
  await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(lun));
  expect(code(await p.hw.refresh())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
});

describe('the provider object', () => {
  test('properties', async () => {
    const p = await open();
    const { hr, out } = await p.provider.getProperties();
    expect(code({ hr })).toBe('S_OK');
    expect(out.providerProp).toMatchObject({
      name: 'vds-conformance in-memory reference provider',
      version: '1.0',
      type: VDS_PROVIDER_TYPE.VDS_PT_HARDWARE,
    });
    const another = await open({}, 'another seed');
    expect((await another.provider.getProperties()).out.providerProp).toEqual(out.providerProp);
  });

  test('has the interfaces of a hardware provider, and no others', async () => {
    const p = await open();
    for (const name of [
      'IVdsProvider',
      'IVdsProviderPrivate',
      'IVdsProviderSupport',
      'IVdsHwProvider',
      'IVdsHwProviderType',
      'IVdsHwProviderPrivate',
      'IVdsConformanceControl',
    ] as const) {
      expect(await p.unknown.as(name), name).not.toBeNull();
    }
    for (const name of ['IVdsHwProviderType2', 'IVdsHwProviderPrivateMpio', 'IVdsHwProviderStoragePools'] as const)
      expect(code(await p.unknown.queryInterface(name))).toBe('E_NOINTERFACE');
    expect((await (await as(p.unknown, 'IVdsProviderSupport')).getVersionSupport()).out.versionSupport).toBe(0b11111);
    expect((await (await as(p.unknown, 'IVdsHwProviderType')).getProviderType()).out.type).toBe(
      VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI,
    );
    expect(code(await p.unknown.queryInterface('IVdsSubSystem'))).toBe('E_NOINTERFACE');
  });

  test('QueryIfCreatedLun knows a LUN by its device path and its serial number, and nothing else', async () => {
    const p = await open();
    const hidden = await as(p.unknown, 'IVdsHwProviderPrivate');
    const lun = await p.lun();
    const id = await idOf(lun);
    const digits = id.replaceAll('-', '');
    const vdsLunInformation = given((await lun.getIdentificationData()).out.lunInfo);
    for (const known of [
      { devicePath: `\\\\?\\vdsc#${digits}`, vdsLunInformation: null },
      { devicePath: null, vdsLunInformation },
    ]) {
      const { hr, out } = await hidden.queryIfCreatedLun(known);
      expect([code({ hr }), out.lunId]).toEqual(['S_OK', id]);
    }
    const target = (await idOf(await p.target())).replaceAll('-', '');
    for (const unknown of [
      { devicePath: '\\\\.\\PhysicalDrive1', vdsLunInformation: null },
      { devicePath: digits, vdsLunInformation: null },
      { devicePath: `\\\\?\\vdsc#${target}`, vdsLunInformation: null },
      { devicePath: null, vdsLunInformation: { ...vdsLunInformation, serialNumber: null } },
    ]) {
      const { hr, out } = await hidden.queryIfCreatedLun(unknown);
      expect([code({ hr }), out.lunId]).toEqual(['S_FALSE', NULL_GUID]);
    }
  });

  test('the initial system', async () => {
    const p = await open();
    expect(await p.truth()).toMatchObject({
      subSystems: ['A', 'B'].map((x) => ({
        friendlyName: `Array ${x}`,
        identification: `VDSC-ARRAY-${x}`,
        status: 1,
        health: 1,
        importTarget: null,
        luns: [{ size: String(8n << 30n), friendlyName: `Existing LUN ${x}`, type: 10, status: 1, health: 1 }],
        targets: [{ iscsiName: `iqn.2026-11.example.vdsc:existing-${x.toLowerCase()}`, chapEnabled: false }],
      })),
    });
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('GetObject', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const ids = {
      [OT.VDS_OT_SUB_SYSTEM]: await idOf(subSystem),
      [OT.VDS_OT_LUN]: await idOf(await p.lun()),
      [OT.VDS_OT_TARGET]: await idOf(await p.target()),
    };
    const held = [subSystem, await p.lun(), await p.target()];
    for (const [i, [type, objectId]] of Object.entries(ids).entries()) {
      const found = await p.life.getObject({ objectId, type: Number(type) });
      expect(code(found)).toBe('S_OK');
      expect(await given(found.out.objectUnk).identity()).toBe(await given(held[i]).identity());
      for (const wrong of Object.values(OT).filter((t) => t !== Number(type))) {
        expect(code(await p.life.getObject({ objectId, type: wrong })), `type ${wrong}`).toBe('VDS_E_OBJECT_NOT_FOUND');
      }
    }
    const unknown = await p.life.getObject({ objectId: NOBODY, type: OT.VDS_OT_LUN });
    expect([code(unknown), unknown.out.objectUnk]).toEqual(['VDS_E_OBJECT_NOT_FOUND', null]);
    expect(code(await p.life.getObject({ objectId: NULL_GUID, type: OT.VDS_OT_LUN }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    for (const type of [-1, 2, 40, 999])
      expect(code(await p.life.getObject({ objectId: await idOf(subSystem), type }))).toBe('E_INVALIDARG');
  });
});

describe('references', () => {
  test('one object for each device, by whatever way it is reached', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const lun = await p.lun();
    const ways = [
      await p.subSystem(),
      given((await lun.getSubSystem()).out.subSystem),
      given((await (await p.target()).getSubSystem()).out.subSystem),
      await as(subSystem, 'IVdsSubSystemIscsi'),
    ];
    for (const way of ways) expect(await way.identity()).toBe(await subSystem.identity());
    expect(await lun.identity()).not.toBe(await subSystem.identity());
    expect(await (await p.subSystem(1)).identity()).not.toBe(await subSystem.identity());
    expect(await given((await subSystem.getProvider()).out.provider).identity()).toBe(await p.unknown.identity());
  });

  test('another instance has objects of its own', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    await q.load();
    expect(await (await q.subSystem()).identity()).not.toBe(await (await p.subSystem()).identity());
    expect(await idOf(await q.subSystem())).toBe(await idOf(await p.subSystem()));
  });
});

describe('NULL for an out pointer', () => {
  test('is refused, and nothing is done', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const before = await p.truth();
    const refused = [
      await p.provider.getProperties({ nullOuts: ['providerProp'] }),
      await p.hw.querySubSystems({ nullOuts: ['enum'] }),
      await subSystem.getProperties({ nullOuts: ['subSystemProp'] }),
      await subSystem.queryDrives({ nullOuts: ['enum'] }),
      await subSystem.createLun(
        { type: 10, sizeInBytes: 1n, driveIdArray: null, unmaskingList: '', hints: null },
        { nullOuts: ['async'] },
      ),
      await (await as(subSystem, 'IVdsSubSystemImportTarget')).getImportTarget({ nullOuts: ['iscsiName'] }),
      await p.control.inject(
        { kind: FK.VDSC_FK_DELETE_OBJECT, objectId: await idOf(subSystem), notify: false },
        { nullOuts: ['proof'] },
      ),
    ];
    for (const answer of refused) expect(code(answer), answer.record.method).toBe('E_INVALIDARG');
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
    expect(await p.truth()).toEqual(before);
  });

  test('a deleted object says that it is deleted first', async () => {
    const p = await open();
    const lun = await p.lun();
    await lun.delete();
    expect(code(await lun.getProperties({ nullOuts: ['lunProp'] }))).toBe('VDS_E_OBJECT_DELETED');
  });
});

describe('outputs after a failure', () => {
  test('interfaces and strings are NULL, the rest is left alone', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const lun = await p.lun();
    const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
    expect((await importTarget.getImportTarget()).out.iscsiName).toBeNull();
    await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(subSystem));
    expect((await p.hw.querySubSystems()).out.enum).toBeNull();
    expect((await lun.getSubSystem()).out.subSystem).toBeNull();
    expect((await lun.getProperties()).out.lunProp).toBe(UNTOUCHED);
    expect(
      (await subSystem.createLun({ type: 10, sizeInBytes: 1n, driveIdArray: null, unmaskingList: '', hints: null })).out
        .async,
    ).toBeNull();
    const unknown = await p.control.inject({ kind: FK.VDSC_FK_LOST_ENTRY, objectId: NOBODY, notify: false });
    expect([unknown.out.faultId, unknown.out.proof]).toEqual([UNTOUCHED, null]);
    expect((await subSystem.getDrive({ busNumber: 0, slotNumber: 0 })).out.drive).toBeNull();
  });
});
