// Faults of what is around the provider: the way to the array, its events, memory. Each is shown by what public methods
// answer, what goes on meanwhile, and that healing it once, or twice, puts everything right.
import { describe, expect, test, vi } from 'vitest';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { ProviderHung } from '../../../src/port/errors.js';
import type { TypedInterfaces } from '../../../src/port/objects.js';
import { all, as, code, events, FK, GIB, given, idOf, Instance, open, propertiesOf } from './system.js';

const NAME = 'iqn.2026-11.example:one';
const IO_ERROR = 'HRESULT_FROM_WIN32(ERROR_IO_DEVICE)';
const BUSY = 'VDS_E_ANOTHER_CALL_IN_PROGRESS';

type SubSystem = TypedInterfaces['IVdsSubSystem'];

const request = { type: 10, sizeInBytes: GIB, driveIdArray: null, unmaskingList: '', hints: null };
const setImportTarget = async (subSystem: SubSystem, iscsiName: string | null = NAME) =>
  (await as(subSystem, 'IVdsSubSystemImportTarget')).setImportTarget({ iscsiName });
const importTargetOf = async (subSystem: SubSystem) =>
  (await as(subSystem, 'IVdsSubSystemImportTarget')).getImportTarget();

/** Whether a call has been answered by the time that everything which can go on has gone on. */
async function isPending(call: Promise<unknown>): Promise<boolean> {
  let pending = true;
  void call.finally(() => {
    pending = false;
  });
  for (let turn = 0; turn < 10; turn++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  return pending;
}

const statusOf = async (
  operation: TypedInterfaces['IVdsAsync'],
): Promise<{ readonly result: string; readonly percent: number }> => {
  const { hrResult, percentCompleted } = (await operation.queryStatus()).out;
  return { result: code({ hr: given(hrResult) }), percent: given(percentCompleted) };
};

describe('a device error', () => {
  test('fails what reaches the array, leaves what the cache answers, and changes nothing', async () => {
    const p = await open();
    const [subSystem, lun, target] = [await p.subSystem(), await p.lun(), await p.target()];
    const before = await p.truth();
    const { faultId, proof } = await p.inject(FK.VDSC_FK_DEVICE_ERROR, await idOf(subSystem));
    expect(proof).toEqual({
      kind: 'device-error',
      object: await idOf(subSystem),
      where: 'the way to the array',
      before: 'answers',
      after: 'device-error',
    });
    for (const answer of [
      await subSystem.createLun(request),
      await setImportTarget(subSystem),
      await lun.delete(),
      await lun.extend({ numberOfBytesToAdd: GIB, driveIdArray: null }),
      await target.delete(),
      await p.hw.reenumerate(),
      await p.hw.refresh(),
    ])
      expect(code(answer), answer.record.method).toBe(IO_ERROR);
    for (const answer of [
      await subSystem.getProperties(),
      await subSystem.queryLuns(),
      await lun.getProperties(),
      await target.getProperties(),
      await p.hw.querySubSystems(),
    ]) {
      expect(code(answer), answer.record.method).toBe('S_OK');
    }
    expect(code(await setImportTarget(await p.subSystem(1), null))).toBe('S_OK');
    expect(await p.truth()).toEqual(before);
    expect(events(p.session)).toEqual([]);
    await p.control.heal({ faultId });
    await p.recover();
    expect(await p.inventory()).toEqual(before);
    expect(code(await setImportTarget(subSystem))).toBe('S_OK');
  });

  test('of a LUN concerns that LUN, and what asks about everything', async () => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const other = await p.createLun(subSystem);
    await p.inject(FK.VDSC_FK_DEVICE_ERROR, await idOf(lun));
    expect(code(await lun.delete())).toBe(IO_ERROR);
    expect(code(await other.delete())).toBe('S_OK');
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    expect(code(await p.hw.refresh())).toBe(IO_ERROR);
  });

  test('comes after complaints about the object and the arguments', async () => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const gone = await p.createLun(subSystem);
    await gone.delete();
    await p.inject(FK.VDSC_FK_DEVICE_ERROR, await idOf(subSystem));
    expect(code(await gone.delete())).toBe('VDS_E_OBJECT_DELETED');
    expect(code(await setImportTarget(subSystem, 'no name'))).toBe('E_INVALIDARG');
    expect(code(await lun.extend({ numberOfBytesToAdd: 0n, driveIdArray: null }))).toBe('E_INVALIDARG');
    await p.inject(FK.VDSC_FK_LOST_ENTRY, await idOf(lun));
    expect(code(await lun.delete())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
  });

  test('ends an operation that was accepted, and what was set aside for it can be had again', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const before = await p.truth();
    const operation = given((await subSystem.createLun(request)).out.async);
    const { faultId } = await p.inject(FK.VDSC_FK_DEVICE_ERROR, await idOf(subSystem));
    expect(code({ hr: given((await operation.wait()).out.hrResult) })).toBe(IO_ERROR);
    expect(await p.truth()).toEqual(before);
    await p.control.heal({ faultId });
    await p.createLun(subSystem);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('keeps a provider from loading', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    const { faultId } = await p.inject(FK.VDSC_FK_DEVICE_ERROR, await idOf(await p.subSystem()));
    expect(code(await q.life.onLoad({ machineName: null, callbackObject: null }))).toBe('VDS_E_INITIALIZED_FAILED');
    await p.control.heal({ faultId });
    expect(code(await q.life.onLoad({ machineName: null, callbackObject: null }))).toBe('S_OK');
  });

  test.each([FK.VDSC_FK_DEVICE_ERROR, FK.VDSC_FK_HANG, FK.VDSC_FK_LATENCY])(
    'of kind %i twice on one device shows nothing the second time',
    async (kind) => {
      const p = await open();
      const objectId = await idOf(await p.subSystem());
      const { faultId } = await p.inject(kind, objectId);
      expect(code(await p.control.inject({ kind, objectId, notify: false }))).toBe('VDS_E_NOT_SUPPORTED');
      expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
      expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
      await p.recover();
      await p.inject(kind, objectId);
    },
  );
});

describe('latency', () => {
  test('delays each request once; reading does not wait', async () => {
    const p = await open();
    const [subSystem, other] = [await p.subSystem(), await p.subSystem(1)];
    const { faultId } = await p.inject(FK.VDSC_FK_LATENCY, await idOf(subSystem));
    const started = performance.now();
    const call = setImportTarget(subSystem);
    expect(await isPending(call)).toBe(true);
    expect(code(await importTargetOf(subSystem))).toBe('VDS_E_NO_IMPORT_TARGET');
    expect(code(await setImportTarget(other))).toBe('S_OK');
    expect(code(await call)).toBe('S_OK');
    // Timers of Node may be early by less than a millisecond.
    expect(performance.now() - started).toBeGreaterThan(48);
    expect((await importTargetOf(subSystem)).out.iscsiName).toBe(NAME);
    expect(code(await p.hw.reenumerate())).toBe('S_OK');
    await p.control.heal({ faultId });
    expect(await isPending(setImportTarget(subSystem, null))).toBe(false);
  });

  test('shows an operation that lasts: QueryStatus does not wait, and it can be cancelled', async () => {
    const p = await open();
    const [subSystem, before] = [await p.subSystem(), await p.truth()];
    await p.inject(FK.VDSC_FK_LATENCY, await idOf(subSystem));
    const operation = given((await subSystem.createLun(request)).out.async);
    await vi.waitUntil(async () => (await statusOf(operation)).percent === 75);
    expect(await statusOf(operation)).toEqual({ result: 'VDS_E_OPERATION_PENDING', percent: 75 });
    expect(code(await operation.cancel())).toBe('S_OK');
    expect(await statusOf(operation)).toEqual({ result: 'VDS_E_OPERATION_CANCELED', percent: 100 });
    await p.createLun(subSystem);
    expect((await p.truth()).subSystems[0]?.luns).toHaveLength(given(before.subSystems[0]).luns.length + 1);
  });
});

describe('an array that hangs', () => {
  test('holds calls until it is healed; the cache answers, others are refused where their pages say so', async () => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const [id, before] = [await idOf(subSystem), await p.truth()];
    const { faultId, proof } = await p.inject(FK.VDSC_FK_HANG, id);
    expect(proof).toMatchObject({ kind: 'hang', before: 'answers', after: 'hang' });
    const held = subSystem.createLun(request);
    expect(await isPending(held)).toBe(true);
    for (const answer of [
      await lun.delete(),
      await subSystem.createLun(request),
      await p.hw.reenumerate(),
      await p.hw.refresh(),
    ])
      expect(code(answer), answer.record.method).toBe(BUSY);
    for (const answer of [
      await lun.getProperties(),
      await subSystem.queryLuns(),
      await p.hw.querySubSystems(),
      await importTargetOf(subSystem),
    ]) {
      expect(code(answer), answer.record.method).not.toBe(BUSY);
    }
    expect(code(await setImportTarget(await p.subSystem(1)))).toBe('S_OK');
    // Its page lists no code for a call that overlaps.
    const waits = setImportTarget(subSystem);
    expect(await isPending(waits)).toBe(true);
    expect((await p.truth()).subSystems[0]).toEqual(before.subSystems[0]);
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    const accepted = await held;
    expect(code(accepted)).toBe('S_OK');
    expect(code(await waits)).toBe('S_OK');
    expect(code({ hr: given((await given(accepted.out.async).wait()).out.hrResult) })).toBe('S_OK');
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    await p.recover();
    expect(await p.inventory()).toEqual(await p.truth());
    expect((await importTargetOf(subSystem)).out.iscsiName).toBe(NAME);
  });

  test('a request that is not held itself waits behind one that is, in its subsystem', async () => {
    const p = await open();
    const [subSystem, lun] = [await p.subSystem(), await p.lun()];
    const other = await p.createLun(subSystem);
    const { faultId } = await p.inject(FK.VDSC_FK_HANG, await idOf(lun));
    expect(code(await other.extend({ numberOfBytesToAdd: GIB, driveIdArray: null }))).toBe('S_OK');
    const held = lun.delete();
    expect(await isPending(held)).toBe(true);
    expect(code(await other.delete())).toBe(BUSY);
    await p.control.heal({ faultId });
    expect(code(await held)).toBe('S_OK');
    expect(code(await other.delete())).toBe('S_OK');
  });

  test('leaves operations pending, and QueryStatus and Cancel answer', async () => {
    const p = await open();
    const [subSystem, before] = [await p.subSystem(), await p.truth()];
    const operation = given((await subSystem.createLun(request)).out.async);
    const cancelled = given((await subSystem.createLun(request)).out.async);
    const { faultId } = await p.inject(FK.VDSC_FK_HANG, await idOf(subSystem));
    const waited = operation.wait();
    expect(await isPending(waited)).toBe(true);
    expect((await statusOf(operation)).result).toBe('VDS_E_OPERATION_PENDING');
    expect(code(await cancelled.cancel())).toBe('S_OK');
    expect(await p.truth()).toEqual(before);
    await p.control.heal({ faultId });
    expect(code({ hr: given((await waited).out.hrResult) })).toBe('S_OK');
    expect((await statusOf(cancelled)).result).toBe('VDS_E_OPERATION_CANCELED');
    expect(given((await p.truth()).subSystems[0]).luns).toHaveLength(given(before.subSystems[0]).luns.length + 1);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('a call that was held finds what happened meanwhile', async () => {
    const p = await open();
    const [lun, target] = [await p.lun(), await p.target()];
    const ids = [await idOf(lun), await idOf(target)] as const;
    const { faultId } = await p.inject(FK.VDSC_FK_HANG, await idOf(await p.subSystem()));
    const held = lun.delete();
    expect(await isPending(held)).toBe(true);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, ids[0], true);
    await p.control.heal({ faultId });
    expect(code(await held)).toBe('VDS_E_OBJECT_DELETED');
    const again = await p.inject(FK.VDSC_FK_HANG, ids[1]);
    const refreshed = p.hw.refresh();
    expect(await isPending(refreshed)).toBe(true);
    expect(code(await p.life.onUnload({ forceUnload: true }))).toBe('S_OK');
    await p.control.heal({ faultId: again.faultId });
    expect(code(await refreshed)).toBe('VDS_E_INITIALIZE_NOT_CALLED');
  });

  test('a session that ends releases the call that is held', async () => {
    const p = await open();
    await p.inject(FK.VDSC_FK_HANG, await idOf(await p.subSystem()));
    const held = p.hw.refresh({ limit: 20 });
    await expect(held).rejects.toThrow(ProviderHung);
    expect(p.session.broken?.code).toBe('VDSC_HUNG');
  });
});

describe('exhausted memory', () => {
  test('fails what gives the caller something new before it changes anything; the rest goes on', async () => {
    const p = await open();
    const [subSystem, lun, target] = [await p.subSystem(), await p.lun(), await p.target()];
    const enumerator = given((await subSystem.queryLuns()).out.enum);
    const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
    await importTarget.setImportTarget({ iscsiName: NAME });
    const before = await p.truth();
    const { faultId, proof } = await p.inject(FK.VDSC_FK_EXHAUST_MEMORY, NULL_GUID);
    expect(proof).toMatchObject({ kind: 'exhaust-memory', where: 'allocator', after: '0 bytes free' });
    for (const answer of [
      await subSystem.getProperties(),
      await subSystem.queryLuns(),
      await subSystem.createLun(request),
      await lun.getProperties(),
      await lun.getIdentificationData(),
      await lun.extend({ numberOfBytesToAdd: GIB, driveIdArray: null }),
      await target.delete(),
      await importTarget.getImportTarget(),
      await p.hw.querySubSystems(),
      await enumerator.clone(),
    ])
      expect(code(answer), answer.record.method).toBe('E_OUTOFMEMORY');
    // They need none: nothing is made for the caller.
    for (const answer of [
      await lun.getSubSystem(),
      await enumerator.next({ celt: 1 }),
      await importTarget.setImportTarget({ iscsiName: null }),
      await p.hw.reenumerate(),
      await p.hw.refresh(),
    ]) {
      expect(code(answer), answer.record.method).toBe('S_OK');
    }
    // Giving an object back does not bring memory back before it is healed.
    await enumerator.release();
    expect(code(await subSystem.queryLuns())).toBe('E_OUTOFMEMORY');
    await importTarget.setImportTarget({ iscsiName: NAME });
    expect(await p.truth()).toEqual(before);
    await p.control.heal({ faultId });
    expect(await p.inventory()).toEqual(before);
    await p.createLun(subSystem);
  });

  test('nothing that failed keeps memory, and what is given back is free again', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const free = async (): Promise<string> => {
      const { faultId, proof } = await p.inject(FK.VDSC_FK_EXHAUST_MEMORY, NULL_GUID);
      expect(code(await subSystem.queryLuns())).toBe('E_OUTOFMEMORY');
      expect(code(await subSystem.createLun(request))).toBe('E_OUTOFMEMORY');
      await p.control.heal({ faultId });
      return given(proof['before']);
    };
    const before = await free();
    expect(await free()).toBe(before);
    const enumerator = given((await subSystem.queryLuns()).out.enum);
    expect(await free()).not.toBe(before);
    await enumerator.release();
    expect(await free()).toBe(before);
  });

  test('concerns no device, and a deleted object still says so', async () => {
    const p = await open();
    const lun = await p.lun();
    const id = await idOf(lun);
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_EXHAUST_MEMORY, objectId: id, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
    await lun.delete();
    await p.inject(FK.VDSC_FK_EXHAUST_MEMORY, NULL_GUID);
    expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_EXHAUST_MEMORY, objectId: NULL_GUID, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
  });
});

describe("the array's events", () => {
  const rename = async (p: Instance, id: Guid): Promise<string> => {
    const { proof } = await p.inject(FK.VDSC_FK_CHANGE_OBJECT, id, true);
    return (JSON.parse(given(proof['after'])) as { readonly friendlyName: string }).friendlyName;
  };
  const nameOf = async (p: Instance): Promise<string | null> => (await propertiesOf(await p.lun())).friendlyName;

  test('a lost one leaves an earlier truth until the pair', async () => {
    const p = await open();
    const [id, lun] = [await idOf(await p.subSystem()), await idOf(await p.lun())];
    const { proof } = await p.inject(FK.VDSC_FK_LOSE_EVENT, id);
    expect(proof).toMatchObject({ kind: 'lose-event', before: 'in order', after: 'lose-event' });
    const name = await rename(p, lun);
    expect(await nameOf(p)).toBe('Existing LUN A');
    expect(events(p.session)).toEqual([]);
    await p.recover();
    expect(await nameOf(p)).toBe(name);
    expect(await p.inventory()).toEqual(await p.truth());
    // One was to be lost, and one was.
    expect(await rename(p, lun)).toBe(await nameOf(p));
  });

  test('what comes twice is announced once', async () => {
    const p = await open();
    const [id, lun] = [await idOf(await p.subSystem()), await idOf(await p.lun())];
    await p.inject(FK.VDSC_FK_DUPLICATE_EVENT, id);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, lun, true);
    expect(events(p.session).filter((e) => e.startsWith('109:'))).toEqual([`109:${lun}`]);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('two in the other order end in the same state', async () => {
    const p = await open();
    const [id, lun, target] = [
      await idOf(await p.subSystem()),
      await idOf(await p.lun()),
      await idOf(await p.target()),
    ];
    await p.inject(FK.VDSC_FK_REORDER_EVENTS, id);
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, lun, true);
    expect(events(p.session)).toEqual([]);
    expect(code(await (await p.lun()).getProperties())).toBe('S_OK');
    await p.inject(FK.VDSC_FK_DELETE_OBJECT, target, true);
    const heard = events(p.session).filter((e) => e.startsWith('109:') || e.startsWith('127:'));
    expect(heard).toEqual([`127:${target}`, `109:${lun}`]);
    expect(await p.inventory()).toEqual(await p.truth());
  });

  test('healing delivers what was kept back, and lets the others through', async () => {
    const p = await open();
    const [id, lun] = [await idOf(await p.subSystem()), await idOf(await p.lun())];
    const { faultId } = await p.inject(FK.VDSC_FK_REORDER_EVENTS, id);
    const name = await rename(p, lun);
    expect(await nameOf(p)).toBe('Existing LUN A');
    await p.control.heal({ faultId });
    expect(await nameOf(p)).toBe(name);
    await p.control.heal({ faultId });
    const lost = await p.inject(FK.VDSC_FK_LOSE_EVENT, id);
    await p.control.heal({ faultId: lost.faultId });
    expect(await rename(p, lun)).toBe(await nameOf(p));
  });

  test('of another subsystem are left alone, and only a subsystem has any', async () => {
    const p = await open();
    const lun = await idOf(await p.lun());
    for (const kind of [FK.VDSC_FK_LOSE_EVENT, FK.VDSC_FK_DUPLICATE_EVENT, FK.VDSC_FK_REORDER_EVENTS]) {
      expect(code(await p.control.inject({ kind, objectId: lun, notify: false }))).toBe('VDS_E_NOT_SUPPORTED');
      await p.inject(kind, await idOf(await p.subSystem(1)));
    }
    expect(await rename(p, lun)).toBe(await nameOf(p));
  });

  test('reach every loaded instance, and none that is not loaded', async () => {
    const p = await open();
    const q = await Instance.create(p.session);
    await q.load();
    const lun = await idOf(await p.lun());
    const name = await rename(p, lun);
    expect(await nameOf(q)).toBe(name);
    expect(code(await q.life.onUnload({ forceUnload: false }))).toBe('S_OK');
    const mark = p.session.received.length;
    await rename(p, lun);
    expect(p.session.received.slice(mark)).toHaveLength(1);
  });
});

test('a crash is not offered in a process that others use', async () => {
  const p = await open();
  const answer = await p.control.inject({ kind: FK.VDSC_FK_CRASH, objectId: await idOf(await p.lun()), notify: false });
  expect(code(answer)).toBe('VDS_E_NOT_SUPPORTED');
  expect(await all((await p.subSystem()).queryLuns(), 'IVdsLun')).toHaveLength(1);
});
