import { describe, expect, test } from 'vitest';
import { HR } from '../../src/contract/hresult.js';
import { DEVICE_KINDS } from '../../src/contract/generated/objects.js';
import type { DeviceInterface } from '../../src/contract/objects.js';
import { InventoryUnreadable } from '../../src/truth/enumerate.js';
import { gettersOf, reporterOf } from '../../src/truth/getters.js';
import { compareObservations } from '../../src/truth/compare.js';
import { parseTruth } from '../../src/truth/inventory.js';
import { flatten, inventoryOf, objectsOf } from '../../src/truth/observation.js';
import { observe } from '../../src/truth/observe.js';
import { Inventory, type MemberList } from '../../providers/in-memory/cache/inventory.js';
import { Failure } from '../../providers/in-memory/failure.js';
import { DriveObject } from '../../providers/in-memory/objects/drive.js';
import type { DeviceObject } from '../../providers/in-memory/objects/object.js';
import { SubSystemObject } from '../../providers/in-memory/objects/subsystem.js';
import { deep, first, loaded } from './system.js';

describe('the getters of a kind', () => {
  test('are those of every interface that it may have, under the names that callers know', () => {
    const members = gettersOf('IVdsLun').map((g) => g.member);
    expect(members[0]).toBeUndefined();
    for (const each of [
      'plexes',
      'activeControllers',
      'associatedTargets',
      'hints',
      'hints2',
      'identificationData',
      'lunNumber',
    ])
      expect(members).toContain(each);
  });

  test('leave out what needs arguments and what changes', () => {
    const names = (Object.keys(DEVICE_KINDS) as DeviceInterface[]).flatMap((k) =>
      gettersOf(k).map((g) => g.method.name),
    );
    expect(names.filter((n) => !/^(?:Get|Query)/.test(n))).toEqual([]);
    expect(names).not.toContain('QueryMaxLunCreateSize');
    expect(names).not.toContain('GetDrive');
  });

  test('are named by the member that they report', () => {
    expect(reporterOf('IVdsSubSystem', 'importTarget').fullName).toBe('IVdsSubSystemImportTarget.GetImportTarget');
    expect(reporterOf('IVdsLun', 'size').fullName).toBe('IVdsLun.GetProperties');
    expect(reporterOf('IVdsLunPlex', 'container').fullName).toBe('IVdsLunPlex.GetLun');
  });
});

describe('an observation', () => {
  test('holds every object that the array has, with what the truth knows of it', async () => {
    const provider = await loaded();
    const control = await provider.unknown.as('IVdsConformanceControl');
    const truth = flatten(parseTruth((await control!.readTruth()).out.truth as string));
    const observation = await deep(provider);
    expect(compareObservations(truth, observation)).toEqual([]);
    expect(new Set(observation.objects.keys())).toEqual(new Set(truth.objects.keys()));
    expect(observation.contradictions).toEqual([]);
  });

  test('reads associations from both ends, containers, places and ids', async () => {
    const observation = await deep(await loaded());
    const lun = first(observation, 'IVdsLun');
    const target = first(observation, 'IVdsIscsiTarget');
    expect(lun.members).toMatchObject({
      associatedTargets: [target.id],
      container: lun.container,
      byId: 'the object listed',
    });
    expect(target.members).toMatchObject({ associatedLuns: [lun.id] });
    expect(first(observation, 'IVdsIscsiPortal').members['associatedPortalGroups']).toEqual([
      first(observation, 'IVdsIscsiPortalGroup').id,
    ]);
    expect(first(observation, 'IVdsDrive').members).toMatchObject({ byPlace: 'the object listed' });
    expect(observation.provider).toMatchObject({
      type: 2,
      subSystems: objectsOf(observation, 'IVdsSubSystem').map((s) => s.id),
    });
  });

  test('that is light costs less than half of the calls, and still has what a truth has', async () => {
    const provider = await loaded();
    const { trace } = provider.session;
    const start = trace.total;
    const light = await observe(provider.hw);
    const calls = trace.total - start;
    const full = await deep(provider);
    expect(calls * 2).toBeLessThan(trace.total - start - calls);
    expect(inventoryOf(light)).toEqual(inventoryOf(full));
  });

  test('within one subsystem holds nothing of the other', async () => {
    const provider = await loaded();
    const [one, other] = objectsOf(await observe(provider.hw), 'IVdsSubSystem');
    const narrow = await observe(provider.hw, { within: other!.id });
    expect(narrow.provider['subSystems']).toEqual([other!.id]);
    expect(narrow.objects.has(one!.id)).toBe(false);
    expect(objectsOf(narrow, 'IVdsDrive').map((d) => d.container)).toEqual(Array(4).fill(other!.id));
  });

  test('does not know what incomplete properties leave out, but for bus and slot', async () => {
    class Drive extends DriveObject {
      protected override getProperties() {
        const { out } = super.getProperties() as { out: { driveProp: object } };
        return {
          hr: HR.VDS_S_PROPERTIES_INCOMPLETE,
          out: { driveProp: { ...out.driveProp, friendlyName: null, size: 0n } },
        } as never;
      }
    }
    const { members } = first(await observe((await loaded({ Drive })).hw), 'IVdsDrive');
    expect(members).not.toHaveProperty('friendlyName');
    expect(members).not.toHaveProperty('size');
    expect(members).toMatchObject({ internalBusNumber: 0, slotNumber: 0, status: 1 });
  });

  test('asks once more where a call found no memory, and fails where it finds none again', async () => {
    let left = 1;
    class SubSystem extends SubSystemObject {
      protected override queryDrives() {
        if (left-- > 0) throw new Failure(HR.E_OUTOFMEMORY);
        return super.queryDrives();
      }
    }
    const provider = await loaded({ SubSystem });
    expect(objectsOf(await observe(provider.hw), 'IVdsDrive')).toHaveLength(8);
    left = Infinity;
    await expect(observe(provider.hw)).rejects.toThrow(InventoryUnreadable);
  });

  test('reports that an object is listed twice, and which query hands out one that none lists', async () => {
    class Lists extends Inventory {
      override members(subSystem: string, list: MemberList): readonly DeviceObject[] {
        const all = super.members(subSystem, list);
        if (list === 'luns') return [...all, ...all];
        return list === 'targets' ? [] : all;
      }
    }
    const { contradictions } = await observe((await loaded({ Inventory: Lists })).hw);
    expect(contradictions.map((c) => c.requirement)).toEqual(['VDS-4.1a', 'VDS-4.1a', 'VDS-6.8', 'VDS-6.8']);
    expect(contradictions[0]?.message).toMatch(/^IVdsSubSystem::QueryLuns lists the LUN .* twice$/);
    expect(contradictions[2]?.message).toMatch(
      /QueryAssociatedTargets hands out the target .*, which no enumeration lists/,
    );
  });
});
