// Changes by an administrator at the array: shown by the truth, told by the provider once it knows, and taken back by
// healing, once.
import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/contract/guid.js';
import { OBJECT_STATUS, VDS_HEALTH, VDS_LUN_TYPE } from '../../../src/contract/generated/enumerations.js';
import { parseTruth, type Inventory, type SubSystemState } from '../../../src/truth/inventory.js';
import { compareInventories } from '../../../src/truth/compare.js';
import { readInventory } from '../../../src/truth/read-inventory.js';
import { as, code, events, FK, given, idOf, open, type Instance } from './system.js';

const FAILED = { status: OBJECT_STATUS.STATUS_FAILED, health: VDS_HEALTH.VDS_H_FAILED };

const truthOf = async (p: Instance): Promise<Inventory> => parseTruth(given((await p.control.readTruth()).out.truth));
const first = async (p: Instance): Promise<SubSystemState> => given((await truthOf(p)).subSystems[0]);

/** The provider reports true values. */
async function agrees(p: Instance): Promise<void> {
  expect(compareInventories(await truthOf(p), await readInventory(p.hw))).toEqual([]);
}

/** Where the provider differs from the truth: the kinds of what it does not know yet. */
const unknown = async (p: Instance): Promise<number> =>
  compareInventories(await truthOf(p), await readInventory(p.hw)).length;

/** One device of each kind of the first subsystem. */
async function devices(
  p: Instance,
): Promise<
  Readonly<Record<'subSystem' | 'lun' | 'plex' | 'drive' | 'controller' | 'portal' | 'target' | 'group', Guid>>
> {
  const s = await first(p);
  const [lun, target] = [given(s.luns[0]), given(given(s.targets)[0])];
  return {
    subSystem: s.id,
    lun: lun.id,
    plex: given(given(lun.plexes)[0]).id,
    drive: given(given(s.drives)[0]).id,
    controller: given(given(s.controllers)[0]).id,
    portal: given(given(s.portals)[0]).id,
    target: target.id,
    group: given(given(target.portalGroups)[0]).id,
  };
}
type What = keyof Awaited<ReturnType<typeof devices>>;

/**
 * Injects silently and with the event; both end in the truth after what each needs, and healing, once or twice, ends in
 * what was before.
 */
async function comesAndGoes(kind: number, what: What): Promise<void> {
  for (const notify of [false, true]) {
    const p = await open();
    const before = await truthOf(p);
    const { faultId, proof } = await p.inject(kind, (await devices(p))[what], notify);
    expect(proof['before']).not.toBe(proof['after']);
    expect(compareInventories(before, await truthOf(p)).length).toBeGreaterThan(0);
    if (!notify) {
      expect(await unknown(p)).toBeGreaterThan(0);
      expect(events(p.session)).toEqual([]);
      await p.recover();
    }
    await agrees(p);
    const told = events(p.session);
    expect(told.length).toBeGreaterThan(0);
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    if (!notify) await p.recover();
    await agrees(p);
    expect(compareInventories(before, await truthOf(p))).toEqual([]);
    const back = events(p.session).slice(told.length);
    expect(back.length).toBeGreaterThan(0);
    expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
    expect(compareInventories(before, await truthOf(p))).toEqual([]);
    // Nothing is announced twice.
    for (const list of [told, back]) expect(new Set(list).size).toBe(list.length);
  }
}

describe('another name', () => {
  test.each(['subSystem', 'lun', 'target', 'drive', 'controller'] as const)('of a %s', (what) =>
    comesAndGoesWithOneEventEach(what),
  );

  async function comesAndGoesWithOneEventEach(what: What): Promise<void> {
    const p = await open();
    const [before, id] = [await truthOf(p), (await devices(p))[what]];
    const { faultId, proof } = await p.inject(FK.VDSC_FK_CHANGE_OBJECT, id, true);
    expect(proof).toMatchObject({
      kind: 'change-object',
      object: id,
      where: 'array',
      after: '{"friendlyName":"Renamed 1"}',
    });
    await agrees(p);
    expect(events(p.session)).toHaveLength(1);
    await p.control.heal({ faultId });
    await agrees(p);
    expect(compareInventories(before, await truthOf(p))).toEqual([]);
    const silent = await p.inject(FK.VDSC_FK_CHANGE_OBJECT, id);
    expect(await unknown(p)).toBe(1);
    await p.recover();
    await agrees(p);
    await p.control.heal({ faultId: silent.faultId });
    expect(await unknown(p)).toBe(1);
    await p.recover();
    await agrees(p);
    expect(events(p.session)).toHaveLength(4);
  }

  test('healing leaves a name that somebody gave meanwhile', async () => {
    const p = await open();
    const { lun } = await devices(p);
    const one = await p.inject(FK.VDSC_FK_CHANGE_OBJECT, lun, true);
    await p.inject(FK.VDSC_FK_CHANGE_OBJECT, lun, true);
    await p.control.heal({ faultId: one.faultId });
    expect((await first(p)).luns[0]?.friendlyName).toBe('Renamed 2');
  });

  test.each(['plex', 'portal', 'group'] as const)('a %s has none', async (what) => {
    const p = await open();
    expect(
      code(
        await p.control.inject({ kind: FK.VDSC_FK_CHANGE_OBJECT, objectId: (await devices(p))[what], notify: false }),
      ),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });
});

describe('a failed status', () => {
  test.each(['subSystem', 'lun', 'plex', 'drive', 'controller', 'portal'] as const)('of a %s', (what) =>
    comesAndGoes(FK.VDSC_FK_FAIL_STATUS, what),
  );

  test('reading goes on, changes are refused where their pages say so, and the device can be deleted', async () => {
    const p = await open();
    const lun = await p.lun();
    const { faultId } = await p.inject(FK.VDSC_FK_FAIL_STATUS, await idOf(lun), true);
    expect(given((await lun.getProperties()).out.lunProp)).toMatchObject(FAILED);
    expect(code(await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null }))).toBe('VDS_E_OBJECT_STATUS_FAILED');
    expect(code(await lun.getIdentificationData())).toBe('S_OK');
    expect(code(await lun.queryPlexes())).toBe('S_OK');
    await p.control.heal({ faultId });
    expect(code(await lun.extend({ numberOfBytesToAdd: 1n, driveIdArray: null }))).toBe('S_OK');
    await p.inject(FK.VDSC_FK_FAIL_STATUS, await idOf(lun), true);
    expect(code(await lun.delete())).toBe('S_OK');
  });

  test.each(['target', 'group'] as const)('a %s has none', async (what) => {
    const p = await open();
    expect(
      code(await p.control.inject({ kind: FK.VDSC_FK_FAIL_STATUS, objectId: (await devices(p))[what], notify: false })),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });

  test('what has failed does not fail again', async () => {
    const p = await open();
    const { drive } = await devices(p);
    const { faultId } = await p.inject(FK.VDSC_FK_FAIL_STATUS, drive);
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_FAIL_STATUS, objectId: drive, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
    expect(given((await first(p)).drives)[0]).toMatchObject(FAILED);
    await p.control.heal({ faultId });
    expect(given((await first(p)).drives)[0]?.status).toBe(OBJECT_STATUS.STATUS_ONLINE);
  });
});

describe('a drive that is pulled', () => {
  test('takes its plexes along, and gives them back', () => comesAndGoes(FK.VDSC_FK_DISCONNECT, 'drive'));

  test('that LUNs use fails them', async () => {
    const p = await open();
    const { drive } = await devices(p);
    await p.inject(FK.VDSC_FK_DISCONNECT, drive, true);
    const lun = given((await first(p)).luns[0]);
    expect(lun).toMatchObject(FAILED);
    expect(given(lun.plexes)[0]).toMatchObject(FAILED);
    expect(code(await p.control.inject({ kind: FK.VDSC_FK_DISCONNECT, objectId: drive, notify: false }))).toBe(
      'VDS_E_NOT_SUPPORTED',
    );
  });

  test.each(['lun', 'plex', 'controller', 'portal', 'target', 'group'] as const)('a %s cannot be', async (what) => {
    const p = await open();
    expect(
      code(await p.control.inject({ kind: FK.VDSC_FK_DISCONNECT, objectId: (await devices(p))[what], notify: false })),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });
});

describe('a subsystem whose cable is pulled', () => {
  test('is announced alone, and again when it is back', async () => {
    const p = await open();
    const [before, { subSystem }] = [await truthOf(p), await devices(p)];
    const { faultId } = await p.inject(FK.VDSC_FK_DISCONNECT, subSystem, true);
    await agrees(p);
    expect(events(p.session)).toEqual([`102:${subSystem}`]);
    await p.control.heal({ faultId });
    await agrees(p);
    expect(events(p.session)).toEqual([`102:${subSystem}`, `101:${subSystem}`]);
    expect(compareInventories(before, await readInventory(p.hw))).toEqual([]);
  });
});

describe('deletion', () => {
  test.each(['lun', 'plex', 'drive', 'controller', 'portal', 'target', 'group'] as const)('of a %s', async (what) => {
    for (const notify of [false, true]) {
      const p = await open();
      const { faultId } = await p.inject(FK.VDSC_FK_DELETE_OBJECT, (await devices(p))[what], notify);
      if (!notify) {
        expect(await unknown(p)).toBeGreaterThan(0);
        await p.recover();
      }
      await agrees(p);
      const after = await truthOf(p);
      expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
      expect(await truthOf(p)).toEqual(after);
    }
  });
});

describe('a device made again under its old name', () => {
  test.each(['lun', 'target'] as const)('a %s', async (what) => {
    for (const notify of [false, true]) {
      const p = await open();
      const id = (await devices(p))[what];
      const held = what === 'lun' ? await p.lun() : await p.target();
      const list = async (): Promise<
        readonly { readonly id: Guid; readonly friendlyName?: string | null | undefined }[]
      > => (what === 'lun' ? (await first(p)).luns : given((await first(p)).targets));
      const before = given((await list())[0]);
      const { faultId, proof } = await p.inject(FK.VDSC_FK_RECREATE_OBJECT, id, notify);
      const again = given((await list())[0]);
      expect(again.id).toBe(proof['newObject']);
      expect(again.id).not.toBe(id);
      expect(again.friendlyName).toBe(before.friendlyName);
      expect(proof).toMatchObject({ object: id, before: 'absent', after: 'present' });
      if (!notify) {
        expect(code(await held.getProperties())).toBe('S_OK');
        await p.recover();
      }
      expect(code(await held.getProperties())).toBe('VDS_E_OBJECT_DELETED');
      await agrees(p);
      await p.control.heal({ faultId });
      expect(await list()).toEqual([]);
      expect(code(await p.control.heal({ faultId }))).toBe('S_OK');
      await p.recover();
      await agrees(p);
    }
  });

  test.each(['subSystem', 'plex', 'drive', 'controller', 'portal', 'group'] as const)('no %s', async (what) => {
    const p = await open();
    expect(
      code(
        await p.control.inject({ kind: FK.VDSC_FK_RECREATE_OBJECT, objectId: (await devices(p))[what], notify: false }),
      ),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });

  test('needs no more room than it had', async () => {
    const p = await open();
    const subSystem = await p.subSystem();
    const { maxLunSize } = (
      await subSystem.queryMaxLunCreateSize({ type: VDS_LUN_TYPE.VDS_LT_SPAN, driveIdArray: null, hints: null })
    ).out;
    const accepted = await subSystem.createLun({
      type: VDS_LUN_TYPE.VDS_LT_SPAN,
      sizeInBytes: given(maxLunSize),
      driveIdArray: null,
      unmaskingList: '',
      hints: null,
    });
    await given(accepted.out.async).wait();
    await p.inject(FK.VDSC_FK_RECREATE_OBJECT, (await devices(p)).lun, true);
    await agrees(p);
    expect(
      code(await p.control.inject({ kind: FK.VDSC_FK_IMPORT_LUN, objectId: await idOf(subSystem), notify: false })),
    ).toBe('VDS_E_NOT_SUPPORTED');
  });
});

describe('an imported LUN', () => {
  test('comes and goes', () => comesAndGoes(FK.VDSC_FK_IMPORT_LUN, 'subSystem'));

  test('is associated with the import target, if one is set and exists', async () => {
    const p = await open();
    const [subSystem, { target }] = [await p.subSystem(), await devices(p)];
    const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
    const imported = async (): Promise<readonly Guid[] | undefined> => {
      const { faultId, proof } = await p.inject(FK.VDSC_FK_IMPORT_LUN, await idOf(subSystem), true);
      await agrees(p);
      const found = (await first(p)).luns.find((l) => l.id === proof['newObject']);
      await p.control.heal({ faultId });
      await agrees(p);
      return given(found).associatedTargets;
    };
    expect(await imported()).toEqual([]);
    await importTarget.setImportTarget({ iscsiName: given((await first(p)).targets)[0]?.iscsiName ?? null });
    expect(await imported()).toEqual([target]);
    await importTarget.setImportTarget({ iscsiName: 'iqn.2026-11.example:nobody' });
    expect(await imported()).toEqual([]);
  });

  test.each(['lun', 'plex', 'drive', 'controller', 'portal', 'target', 'group'] as const)(
    'not into a %s',
    async (what) => {
      const p = await open();
      expect(
        code(
          await p.control.inject({ kind: FK.VDSC_FK_IMPORT_LUN, objectId: (await devices(p))[what], notify: false }),
        ),
      ).toBe('VDS_E_NOT_SUPPORTED');
    },
  );
});
