// Where objects lie, learnt from nothing but the calls of a session and their answers.
import { beforeEach, describe, expect, test } from 'vitest';
import { VDS_OBJECT_TYPE } from '../../src/contract/generated/enumerations.js';
import { HR } from '../../src/contract/hresult.js';
import type { Handle } from '../../src/contract/tables.js';
import { Whereabouts } from '../../src/lab/whereabouts.js';
import { guid, PROVIDER, Told } from './told.js';

const [ARRAY, OTHER, LUN, PLEX, DRIVE, POOL] = [guid(1), guid(2), guid(11), guid(12), guid(21), guid(31)] as const;

let known: Whereabouts;
let told: Told;
beforeEach(() => {
  known = new Whereabouts();
  known.begin();
  told = new Told(known);
});

describe('an object that a call hands out', () => {
  test('lies in the subsystem whose query listed it, at any depth', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const [lun] = told.list('IVdsSubSystem.QueryLuns', subSystem) as [Handle];
    const [plex] = told.list('IVdsLun.QueryPlexes', lun) as [Handle];
    for (const handle of [subSystem, lun, plex]) expect(known.of(handle)?.subSystem?.id).toBe(ARRAY);
    expect(known.of(lun)).not.toBe(known.of(plex));
  });

  test('lies where the enumerator comes from, also by a copy of it', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const [enumerator, copy] = [told.fresh(), told.fresh()];
    told.answer('IVdsSubSystem.QueryLuns', subSystem, { enum: enumerator });
    told.answer('IEnumVdsObject.Clone', enumerator, { enum: copy });
    const [lun] = told.next(copy) as [Handle];
    expect(known.of(lun)?.subSystem?.id).toBe(ARRAY);
  });

  test('lies in the subsystem that it names itself, and what belongs to it lies there too', () => {
    const drive = told.byId(DRIVE);
    expect(known.of(drive)?.subSystem).toBeUndefined();
    const subSystem = told.fresh();
    told.answer('IVdsDrive.GetSubSystem', drive, { subSystem });
    told.answer('IVdsSubSystem.GetProperties', subSystem, { subSystemProp: { id: OTHER } });
    expect(known.of(drive)?.subSystem?.id).toBe(OTHER);
  });

  test('lies nowhere that is known where an enumerator of unknown origin lists it', () => {
    const [lun] = told.next(told.fresh()) as [Handle];
    expect(known.of(lun)).toBeUndefined();
  });

  test('is not learnt of from a call that failed', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const enumerator = told.fresh();
    told.answer('IVdsSubSystem.QueryLuns', subSystem, { enum: enumerator }, {}, HR.VDS_E_PROVIDER_CACHE_CORRUPT);
    expect(known.of(told.next(enumerator)[0] as Handle)).toBeUndefined();
  });

  test('has the type and the names that its properties say, by its id too', () => {
    const drive = told.drive(told.subSystem(ARRAY, 'Array'), DRIVE, 'Drive 7');
    expect(known.named(DRIVE)).toBe(known.of(drive));
    expect(known.named(DRIVE)).toMatchObject({
      id: DRIVE,
      type: VDS_OBJECT_TYPE.VDS_OT_DRIVE,
      properties: { friendlyName: 'Drive 7' },
      made: false,
    });
    expect(known.named(guid(99))).toBeUndefined();
  });
});

describe('what the run made', () => {
  test('is a LUN that an operation of CreateLun gave, and its plexes; not one that was listed', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const lun = told.createLun(subSystem);
    const [listed] = told.list('IVdsSubSystem.QueryLuns', subSystem) as [Handle];
    const [plex] = told.list('IVdsLun.QueryPlexes', lun) as [Handle];
    expect([lun, listed, plex].map((handle) => known.of(handle)?.made)).toEqual([true, false, true]);
    expect(known.of(lun)?.subSystem?.id).toBe(ARRAY);
  });

  test('is known again when it is listed, by its id and what else its properties say', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    told.lun(told.createLun(subSystem), LUN);
    const [same, other] = told.list('IVdsSubSystem.QueryLuns', subSystem, 2) as [Handle, Handle];
    told.lun(same, LUN);
    // An id that is used again, of a LUN with another serial number.
    told.lun(other, PLEX);
    expect([same, other].map((handle) => known.of(handle)?.made)).toEqual([true, false]);
  });

  test('lies where it is known to lie, when a subsystem lists it that has not said yet which it is', () => {
    told.lun(told.createLun(told.subSystem(ARRAY, 'Array')), LUN);
    const [another] = told.list('IVdsHwProvider.QuerySubSystems', PROVIDER) as [Handle];
    const [same] = told.list('IVdsSubSystem.QueryLuns', another) as [Handle];
    told.lun(same, LUN);
    expect(known.of(same)?.subSystem?.id).toBe(ARRAY);
    expect(known.named(LUN)?.subSystem?.id).toBe(ARRAY);
  });

  test('in a storage pool lies in the subsystem of the drives of the pool', () => {
    told.drive(told.subSystem(ARRAY, 'Array'), DRIVE, 'Drive');
    told.pool(POOL, 'Pool', [DRIVE]);
    const [operation, lun] = [told.fresh(), told.fresh()];
    told.answer(
      'IVdsHwProviderStoragePools.CreateLunInStoragePool',
      PROVIDER,
      { async: operation },
      { storagePoolId: POOL },
    );
    told.answer('IVdsAsync.Wait', operation, { hrResult: HR.S_OK, asyncOut: { type: 3, cl: { lunUnk: lun } } });
    expect(known.of(lun)).toMatchObject({ made: true, subSystem: { id: ARRAY } });
  });
});

describe('a pointer', () => {
  test('to another interface of an object means the same object', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const other = told.fresh();
    known.same(subSystem, other);
    expect(known.of(other)).toBe(known.of(subSystem));
    const unknown = told.fresh();
    known.same(unknown, other);
    expect(known.of(other)).toBeUndefined();
  });

  test('of the same COM identity means the same object while one is held', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    const [other, later] = [told.fresh(), told.fresh()];
    known.identified(subSystem, 7);
    known.identified(other, 7);
    expect(known.of(other)).toBe(known.of(subSystem));
    known.released(subSystem);
    known.released(other);
    // The address may be another object's now.
    known.identified(later, 7);
    expect(known.of(later)).toBeUndefined();
  });

  test('that was released means nothing any more, as its number may be given out again', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    known.released(subSystem);
    expect(known.of(subSystem)).toBeUndefined();
    expect(known.named(ARRAY)?.properties?.friendlyName).toBe('Array');
  });

  test('of an earlier session means nothing', () => {
    const subSystem = told.subSystem(ARRAY, 'Array');
    known.begin();
    expect(known.of(subSystem)).toBeUndefined();
    expect(known.named(ARRAY)).toBeUndefined();
  });
});

describe('after a load, when ids may be others', () => {
  test('an id names nothing until the properties of its object bear it out', () => {
    told.lun(told.createLun(told.subSystem(ARRAY, 'Array')), LUN);
    told.load();
    expect(known.named(LUN)).toBeUndefined();
    const lun = told.byId(LUN);
    expect(known.of(lun)).toMatchObject({ made: false, subSystem: undefined });
    told.lun(lun, LUN);
    expect(known.named(LUN)).toMatchObject({ made: true, subSystem: { id: ARRAY } });
  });

  test("an id that another object has now does not make that one the run's", () => {
    told.lun(told.createLun(told.subSystem(ARRAY, 'Array')), LUN, 'serial 1');
    told.load();
    const lun = told.byId(LUN);
    told.lun(lun, LUN, 'serial 2');
    expect(known.of(lun)).toMatchObject({ made: false, subSystem: undefined });
  });

  test('an object that GetObject gives under another id is known by the name that was claimed for it', () => {
    told.lun(told.createLun(told.subSystem(ARRAY, 'Array')), LUN, 'serial 1');
    told.load();
    const lun = told.byId(LUN);
    told.lun(lun, PLEX, 'serial 1');
    expect(known.named(PLEX)).toMatchObject({ made: true, subSystem: { id: ARRAY } });
    expect(known.named(LUN)).toBeUndefined();
  });
});
