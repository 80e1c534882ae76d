// Each fault really changes bytes (or the array), is found by verification, and by nothing else.
import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/contract/guid.js';
import { VDSC_FAULT_KIND } from '../../../src/contract/generated/enumerations.js';
import { Session } from '../../../src/port/session.js';
import { createInMemory } from '../../../providers/in-memory/adapter.js';
import { Cache } from '../../../providers/in-memory/cache/cache.js';
import { all, as, code, events, FK, GIB, given, idOf, Instance, NOBODY, open, propertiesOf } from './system.js';

/** A provider whose cache the test can look into. */
async function openWithCache(): Promise<{ p: Instance; cache: () => Cache; entry: (id: Guid) => Buffer | undefined }> {
  const caches: Cache[] = [];
  class Watched extends Cache {
    constructor(wrote: (key: Guid, payload: string) => void) {
      super(wrote);
      caches.push(this);
    }
  }
  const p = await open({ Cache: Watched });
  const cache = () => given(caches.at(-1));
  const entry = (id: Guid) => {
    const place = cache().place(id);
    return place && Buffer.from(new Uint8Array(cache().at(place)));
  };
  return { p, cache, entry };
}

const DETECTABLE = [
  ['flipped-bytes', FK.VDSC_FK_FLIPPED_BYTES],
  ['lost-entry', FK.VDSC_FK_LOST_ENTRY],
  ['dangling-reference', FK.VDSC_FK_DANGLING_REFERENCE],
  ['torn-write', FK.VDSC_FK_TORN_WRITE],
] as const;
const CORRUPT = 'VDS_E_PROVIDER_CACHE_CORRUPT';

describe('what can be injected', () => {
  test("every kind is offered; a crash only where the process is the provider's own", async () => {
    const all = Object.values(VDSC_FAULT_KIND).reduce((mask, kind) => mask | (1 << kind), 0);
    expect((await (await open()).control.queryFaults()).out.faultKinds).toBe(all & ~(1 << FK.VDSC_FK_CRASH));
    const own = await Instance.create(new Session(createInMemory({ seed: '1', ownProcess: true })));
    expect((await own.control.queryFaults()).out.faultKinds).toBe(all);
  });

  test('unknown objects, kinds and faults', async () => {
    const p = await open();
    const lun = await idOf(await p.lun());
    for (const kind of Object.values(VDSC_FAULT_KIND))
      expect(code(await p.control.inject({ kind, objectId: NOBODY, notify: false }))).toBe('VDS_E_OBJECT_NOT_FOUND');
    for (const kind of [0, 1000, -1])
      expect(code(await p.control.inject({ kind, objectId: lun, notify: false }))).toBe('E_INVALIDARG');
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_DISCONNECT, objectId: lun, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_STALE_ENTRY, objectId: lun, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
    const { faultId } = await p.inject(FK.VDSC_FK_FLIPPED_BYTES, lun);
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    for (const unknown of [0, faultId + 1, 0xffffffff])
      expect(code(await p.control.heal({ faultId: unknown }))).toBe('VDS_E_OBJECT_NOT_FOUND');
  });

  test('an entry that is not there cannot be damaged', async () => {
    const p = await open();
    const lun = await idOf(await p.lun());
    await p.inject(FK.VDSC_FK_LOST_ENTRY, lun);
    for (const [, kind] of DETECTABLE)
      expect(code(await p.control.inject({ kind, objectId: lun, notify: false }))).toBe('VDS_E_NOT_SUPPORTED');
  });

  test('without a load there is a truth and no cache', async () => {
    const p = await Instance.create(new Session(createInMemory({ seed: '1' })));
    const lun = given(given((await p.truth()).subSystems[0]).luns[0]).id;
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_FLIPPED_BYTES, objectId: lun, notify: false }))).toBe(
      'VDS_E_INITIALIZE_NOT_CALLED',
    );
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, lun);
    expect(given((await p.truth()).subSystems[0]).luns).toEqual([]);
  });
});

describe.each(DETECTABLE)('%s', (name, kind) => {
  test.each(['subsystem', 'lun', 'target'])('of a %s changes bytes and proves it', async (what) => {
    const { p, cache, entry } = await openWithCache();
    const id = await idOf(
      await { subsystem: () => p.subSystem(), lun: () => p.lun(), target: () => p.target() }[what as 'lun'](),
    );
    const before = given(entry(id));
    const old = given(cache().place(id));
    const { proof } = await p.inject(kind, id);
    expect(proof).toMatchObject({ kind: name, object: id });
    expect(proof['before']).not.toBe(proof['after']);
    const after = entry(id);
    if (kind === FK.VDSC_FK_LOST_ENTRY) expect(after).toBeUndefined();
    else expect(given(after).equals(before)).toBe(false);
    expect(cache().isSound(id)).toBe(kind === FK.VDSC_FK_DANGLING_REFERENCE);
    const at = Number(/^cache offset (\d+)$/.exec(given(proof['where']))?.[1]);
    // A longer entry may have moved; the excerpt is from the same position in it.
    const from = at - (cache().place(id) ?? old).offset;
    expect(before.subarray(from, from + 32).toString('hex')).toBe(proof['before']);
    // The proof names what stands there now.
    expect(Buffer.from(cache().at({ offset: at, length: given(proof['after']).length / 2 })).toString('hex')).toBe(
      proof['after'],
    );
  });

  test('of a LUN: its own calls and the lists that hold it find it, nobody else', async () => {
    const p = await open();
    const [subSystem, lun, target] = [await p.subSystem(), await p.lun(), await p.target()];
    const other = await p.createLun(subSystem);
    await p.inject(kind, await idOf(lun));
    for (const answer of [
      await lun.getProperties(),
      await lun.getSubSystem(),
      await lun.getIdentificationData(),
      await lun.queryPlexes(),
      await lun.queryActiveControllers(),
      await lun.delete(),
      await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null }),
      await lun.setStatus({ status: 1 }),
      await lun.recover(),
      await subSystem.queryLuns(),
      await p.hw.refresh(),
    ])
      expect(code(answer), answer.record.method).toBe(CORRUPT);
    for (const answer of [
      await other.getProperties(),
      await target.getProperties(),
      await subSystem.getProperties(),
      await p.hw.querySubSystems(),
      await (await p.subSystem(1)).queryLuns(),
      await (await as(subSystem, 'IVdsSubSystemIscsi')).queryTargets(),
      await p.life.getObject({ objectId: await idOf(other), type: 33 }),
    ])
      expect(code(answer), answer.record.method).toBe('S_OK');
    await p.createLun(subSystem);
    expect(code(await lun.getProperties())).toBe(CORRUPT);
    await p.recover();
    expect(code(await lun.getProperties())).toBe('S_OK');
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('of a target', async () => {
    const p = await open();
    const [subSystem, lun, target] = [
      await as(await p.subSystem(), 'IVdsSubSystemIscsi'),
      await p.lun(),
      await p.target(),
    ];
    await p.inject(kind, await idOf(target));
    for (const answer of [
      await target.getProperties(),
      await target.getSubSystem(),
      await target.queryAssociatedLuns(),
      await target.queryPortalGroups(),
      await target.delete(),
      await target.createPortalGroup(),
      await target.setSharedSecret({ targetSharedSecret: null, initiatorName: null }),
      await target.getConnectedInitiators(),
      await subSystem.queryTargets(),
      await p.hw.refresh(),
    ])
      expect(code(answer), answer.record.method).toBe(CORRUPT);
    expect(code(await lun.getProperties())).toBe('S_OK');
    await p.recover();
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('of a subsystem: it is found through everything that belongs to it', async () => {
    const p = await open();
    const [subSystem, lun, target, elsewhere] = [
      await p.subSystem(),
      await p.lun(),
      await p.target(),
      await p.lun(await p.subSystem(1)),
    ];
    await p.inject(kind, await idOf(subSystem));
    expect(code(await subSystem.queryLuns())).toBe(CORRUPT);
    expect(code(await p.hw.refresh())).toBe(CORRUPT);
    // A dangling member is damage to the list; what does not read the members does not meet it.
    const expected = kind === FK.VDSC_FK_DANGLING_REFERENCE ? 'S_OK' : CORRUPT;
    const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
    for (const answer of [
      await subSystem.getProperties(),
      await subSystem.getProvider(),
      await subSystem.queryDrives(),
      await p.hw.querySubSystems(),
      await lun.getProperties(),
      await target.getProperties(),
      await lun.getSubSystem(),
    ])
      expect(code(answer), answer.record.method).toBe(expected);
    if (expected === CORRUPT) {
      for (const answer of [
        await importTarget.getImportTarget(),
        await importTarget.setImportTarget({ iscsiName: null }),
        await subSystem.reenumerate(),
        await subSystem.setStatus({ status: 0 }),
        await subSystem.createLun({ type: 10, sizeInBytes: 1n, driveIdArray: null, unmaskingList: '', hints: null }),
        await lun.delete(),
        await (await as(subSystem, 'IVdsSubSystemIscsi')).createTarget({ iscsiName: null, friendlyName: null }),
      ])
        expect(code(answer), answer.record.method).toBe(CORRUPT);
    }
    expect(code(await elsewhere.getProperties())).toBe('S_OK');
    await p.recover();
    expect(await p.inventory()).toEqual(await p.truth());
    expect(code(await lun.getProperties())).toBe('S_OK');
  });

  test('may come again and again, at the same place', async () => {
    const p = await open();
    const lun = await p.lun();
    const id = await idOf(lun);
    for (let i = 0; i < 40; i++) {
      await p.inject(kind, id);
      if (i % 2 === 1 && kind !== FK.VDSC_FK_LOST_ENTRY) await p.inject(kind, id);
      expect(code(await lun.getProperties())).toBe(CORRUPT);
      await p.recover();
      expect(code(await lun.getProperties())).toBe('S_OK');
    }
  });

  test('damages one instance only', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    await q.load();
    await p.inject(kind, await idOf(await p.lun()));
    expect(code(await (await q.lun()).getProperties())).toBe('S_OK');
    expect(code(await q.hw.refresh())).toBe('S_OK');
  });
});

describe('a stale entry', () => {
  test('verifies, and answers what was true once, until the pair', async () => {
    const { p, cache } = await openWithCache();
    const lun = await p.lun();
    await given((await lun.extend({ numberOfBytesToAdd: GIB, driveIdArray: null })).out.async).wait();
    expect((await propertiesOf(lun)).size).toBe(9n * GIB);
    const { proof } = await p.inject(FK.VDSC_FK_STALE_ENTRY, await idOf(lun));
    expect(proof['before']).not.toBe(proof['after']);
    expect(cache().isSound(await idOf(lun))).toBe(true);
    expect((await propertiesOf(lun)).size).toBe(8n * GIB);
    await p.recover();
    expect((await propertiesOf(lun)).size).toBe(9n * GIB);
    await p.inject(FK.VDSC_FK_STALE_ENTRY, await idOf(lun));
    expect((await propertiesOf(lun)).size).toBe(8n * GIB);
    // Nothing is found, so nothing refuses a Refresh alone.
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect((await propertiesOf(lun)).size).toBe(9n * GIB);
  });

  test('of a subsystem brings back its members and import target of before', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
    await importTarget.setImportTarget({ iscsiName: 'iqn.2026-11.example:one' });
    const lun = await p.createLun(subSystem);
    await p.inject(FK.VDSC_FK_STALE_ENTRY, await idOf(subSystem));
    expect(await all(subSystem.queryLuns(), 'IVdsLun')).toHaveLength(1);
    expect((await importTarget.getImportTarget()).out.iscsiName).toBe('iqn.2026-11.example:one');
    expect(code(await lun.getProperties())).toBe('S_OK');
    await p.recover();
    const [, again] = await all(subSystem.queryLuns(), 'IVdsLun');
    expect(await given(again).identity()).toBe(await lun.identity());
  });

  test('the write of a fault is not a version', async () => {
    const p = await open();
    const lun = await p.lun();
    await p.inject(FK.VDSC_FK_DANGLING_REFERENCE, await idOf(lun));
    await p.recover();
    expect(
      code(await p.control.inject({ kind: FK.VDSC_FK_STALE_ENTRY, objectId: await idOf(lun), notify: false })),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });

  test('a change after it writes what is true', async () => {
    const p = await open();
    const lun = await p.lun();
    for (const bytes of [GIB, 3n * GIB])
      await given((await lun.extend({ numberOfBytesToAdd: bytes, driveIdArray: null })).out.async).wait();
    await p.inject(FK.VDSC_FK_STALE_ENTRY, await idOf(lun));
    expect((await propertiesOf(lun)).size).toBe(9n * GIB);
    await given((await lun.extend({ numberOfBytesToAdd: GIB, driveIdArray: null })).out.async).wait();
    expect((await propertiesOf(lun)).size).toBe(13n * GIB);
  });
});

describe('an object deleted behind the provider', () => {
  test('silently: the cache goes on answering until the provider learns of it', async () => {
    const p = await open();
    const lun = await p.lun();
    const { proof } = await p.inject(FK.VDSC_FK_DELETE_OBJECT, await idOf(lun));
    expect(proof).toMatchObject({ kind: 'delete-object', where: 'array', before: 'present', after: 'absent' });
    expect(given((await p.truth()).subSystems[0]).luns).toEqual([]);
    expect(code(await lun.getProperties())).toBe('S_OK');
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    expect(code(await lun.getProperties())).toBe('S_OK');
    expect(code(await p.hw.refresh())).toBe('S_OK');
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each(['delete', 'extend'])('a change finds out: %s', async (how) => {
    const p = await open();
    const lun = await p.lun();
    const id = await idOf(lun);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, id);
    expect(
      code(await (how === 'delete' ? lun.delete() : lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null }))),
    ).toBe('VDS_E_OBJECT_DELETED');
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)[0]).toBe(`109:${id}`);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test.each(['lun', 'target'] as const)('with its event: the provider knows at once (%s)', async (what) => {
    const p = await open();
    const object = what === 'lun' ? await p.lun() : await p.target();
    const id = await idOf(object);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, id, true);
    expect(events(p.session)[0]).toBe(`${what === 'lun' ? 109 : 127}:${id}`);
    expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(await p.inventory()).toEqual(await p.truth());
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_DELETE_OBJECT, objectId: id, notify: false }))).toBe(
      'VDS_E_OBJECT_NOT_FOUND',
    );
  });

  test('a subsystem takes its LUNs and targets along', async () => {
    const p = await open();
    const held = [await p.subSystem(), await p.lun(), await p.target()];
    const id = await idOf(await p.subSystem());
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, id, true);
    for (const object of held) expect(code(await object.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(events(p.session)).toEqual([`102:${id}`]);
    expect(await p.inventory()).toEqual(await p.truth());
    expect((await p.truth()).subSystems).toHaveLength(1);
    // Its last reference is released as that of any object.
    expect(await given(held[0]).release()).toBeGreaterThanOrEqual(0);
  });

  test('an event about a LUN leaves a damaged subsystem damaged', async () => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const id = await idOf(lun);
    await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(subSystem));
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, id, true);
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(code(await subSystem.getProperties())).toBe(CORRUPT);
    await p.recover();
    expect(await p.inventory()).toEqual(await p.truth());
  });
});
