// The wall, change by change: what it lets through, and what it refuses with which words. The whole suite behind it is
// in wall.long.test.ts.
import { describe, expect, test } from 'vitest';
import { NULL_GUID } from '../../src/contract/guid.js';
import type { Handle, MethodName } from '../../src/contract/tables.js';
import { FAULT_KINDS } from '../../src/faults/kinds.js';
import { UNKNOWN_ID } from '../../src/contract/nobodys-ids.js';
import { EVERYTHING, type Scope } from '../../src/lab/scope.js';
import { OutsideScope, Wall } from '../../src/lab/wall.js';
import { guid, PROVIDER, Told } from './told.js';

const [ARRAY, OTHER, LUN, FOREIGN, OWN_DRIVE, OTHER_DRIVE, POOL, OTHER_POOL] = [
  guid(1),
  guid(2),
  guid(11),
  guid(12),
  guid(21),
  guid(22),
  guid(31),
  guid(32),
] as const;

interface Lab {
  readonly wall: Wall;
  readonly told: Told;
  readonly array: Handle;
  readonly other: Handle;
  /** Made by the run on Array. */
  readonly lun: Handle;
  /** Listed by Array, and there before. */
  readonly foreign: Handle;
  readonly check: (method: MethodName, object: Handle, args?: Readonly<Record<string, unknown>>) => void;
}

/** Two subsystems with a drive and a storage pool each, and what a run in this scope has seen of them. */
function lab(scope: Partial<Scope>): Lab {
  const wall = new Wall({ ...EVERYTHING, ...scope });
  wall.whereabouts.begin();
  const told = new Told(wall.whereabouts);
  const [array, other] = [told.subSystem(ARRAY, 'Array'), told.subSystem(OTHER, 'Other')];
  told.drive(array, OWN_DRIVE, 'Drive 1');
  told.drive(other, OTHER_DRIVE, 'Drive 2');
  told.pool(POOL, 'Pool 1', [OWN_DRIVE]);
  told.pool(OTHER_POOL, 'Pool 2', [OTHER_DRIVE]);
  const lun = told.createLun(array);
  told.lun(lun, LUN);
  const [foreign] = told.list('IVdsSubSystem.QueryLuns', array) as [Handle];
  told.lun(foreign, FOREIGN);
  const check: Lab['check'] = (method, object, args = {}) => wall.check({ method, object, args });
  return { wall, told, array, other, lun, foreign, check };
}

const rename = { friendlyName: 'New' };
const onDrives = (...driveIdArray: readonly string[]) => ({ driveIdArray, numberOfDrives: driveIdArray.length });

test('without a scope there is no wall', () => {
  const { wall, check } = lab({});
  expect(wall.stands).toBe(false);
  check('IVdsSubSystemNaming.SetFriendlyName', 999 as Handle, rename);
  check('IVdsHwProvider.Reenumerate', PROVIDER);
  wall.checkFault('delete-object', FOREIGN);
});

describe('within --subsystem', () => {
  const scope = { subSystems: ['array'] };

  test('changes the subsystem and what lies in it, whoever made that', () => {
    const { array, lun, foreign, check } = lab(scope);
    check('IVdsSubSystemNaming.SetFriendlyName', array, rename);
    check('IVdsLun.SetMask', lun, { unmaskingList: '' });
    check('IVdsLun.SetMask', foreign, { unmaskingList: '' });
    check('IVdsSubSystem.CreateLun', array, { driveIdArray: null, numberOfDrives: 0 });
  });

  test('refuses what lies in another, and says so by its name', () => {
    const { told, other, check } = lab(scope);
    const [lun] = told.list('IVdsSubSystem.QueryLuns', other) as [Handle];
    expect(() => check('IVdsSubSystemNaming.SetFriendlyName', other, rename)).toThrow(
      /SetFriendlyName: Other lies in no subsystem of "array"/,
    );
    expect(() => check('IVdsLun.Delete', lun)).toThrow(OutsideScope);
  });

  test('refuses what lies nowhere that is known', () => {
    const { told, check } = lab(scope);
    const [stray] = told.next(told.fresh()) as [Handle];
    expect(() => check('IVdsLun.Delete', stray)).toThrow(/it is not known in which subsystem the object lies/);
  });

  test('refuses an object inside whose argument names one outside', () => {
    const { array, lun, check } = lab(scope);
    expect(() => check('IVdsSubSystem.CreateLun', array, onDrives(OTHER_DRIVE))).toThrow(
      /Drive 2 lies in no subsystem/,
    );
    expect(() => check('IVdsLun.AddPlex', lun, { lunId: guid(77) })).toThrow(/it is not known in which subsystem/);
    check('IVdsSubSystem.CreateLun', array, onDrives(OWN_DRIVE));
  });

  test('lets an id pass that no object can have', () => {
    const { array, lun, check } = lab(scope);
    for (const lunId of [UNKNOWN_ID, NULL_GUID]) check('IVdsLun.AddPlex', lun, { lunId });
    check('IVdsSubSystem.CreateLun', array, onDrives(UNKNOWN_ID));
  });

  test('refuses what concerns the whole provider, and nothing that the run holds itself', () => {
    const { told, check } = lab(scope);
    expect(() => check('IVdsHwProvider.Reenumerate', PROVIDER)).toThrow(/concerns the whole provider/);
    check('IVdsAsync.Cancel', told.fresh());
  });

  test('stays around a subsystem that a check has given another name', () => {
    const { wall, told, array, check } = lab(scope);
    check('IVdsSubSystemNaming.SetFriendlyName', array, rename);
    told.answer('IVdsSubSystem.GetProperties', array, { subSystemProp: { id: ARRAY, friendlyName: 'New' } });
    check('IVdsSubSystemNaming.SetFriendlyName', array, rename);
    expect(wall.whereabouts.of(array)?.properties?.friendlyName).toBe('New');
  });

  test('admits a storage pool that lies on drives within, and no other', () => {
    const { told, check } = lab(scope);
    const create = (storagePoolId: string): void =>
      check('IVdsHwProviderStoragePools.CreateLunInStoragePool', PROVIDER, { storagePoolId });
    create(POOL);
    expect(() => create(OTHER_POOL)).toThrow(new RegExp(`the storage pool lies on ${OTHER_DRIVE}`));
    told.pool(guid(33), 'Pool 3', undefined);
    expect(() => create(guid(33))).toThrow(/it is not known on which drives/);
    expect(() => create(guid(34))).toThrow(/is not known/);
  });
});

describe('within --drive', () => {
  const scope = { drives: ['Drive 1'] };

  test('takes room on the drives that it names', () => {
    const { array, lun, check } = lab(scope);
    check('IVdsSubSystem.CreateLun', array, onDrives(OWN_DRIVE));
    check('IVdsLun.Extend', lun, onDrives(OWN_DRIVE));
  });

  test.each([
    ['no drives', { driveIdArray: null, numberOfDrives: 0 }],
    ['an array that is not counted', { driveIdArray: [OWN_DRIVE], numberOfDrives: 0 }],
    ['a drive that no array has, which may be passed over', onDrives(UNKNOWN_ID)],
  ])('refuses to take room with %s', (_name, args) => {
    const { array, check } = lab(scope);
    expect(() => check('IVdsSubSystem.CreateLun', array, args)).toThrow(/leaves it to the provider which drives/);
  });

  test('refuses other drives, and drives of which it knows nothing', () => {
    const { array, check } = lab(scope);
    expect(() => check('IVdsSubSystem.CreateLun', array, onDrives(OWN_DRIVE, OTHER_DRIVE))).toThrow(
      /Drive 2 is not a drive that this run may change/,
    );
    expect(() => check('IVdsSubSystem.CreateLun', array, onDrives(guid(77)))).toThrow(/it is not known what object/);
  });

  test('changes a LUN that the run made, and none that was there before', () => {
    const { lun, foreign, check } = lab(scope);
    check('IVdsLun.Delete', lun);
    expect(() => check('IVdsLun.Delete', foreign)).toThrow(/is not known to be a LUN that this run made/);
    expect(() => check('IVdsLun.AddPlex', lun, { lunId: FOREIGN })).toThrow(/is not known to be a LUN that this run/);
  });
});

describe('within --pool', () => {
  const scope = { pools: ['pool 1'] };

  test('takes room in the pool, and by no other way', () => {
    const { array, lun, check } = lab(scope);
    check('IVdsHwProviderStoragePools.CreateLunInStoragePool', PROVIDER, { storagePoolId: POOL });
    expect(() =>
      check('IVdsHwProviderStoragePools.CreateLunInStoragePool', PROVIDER, { storagePoolId: OTHER_POOL }),
    ).toThrow(/the storage pool is not "pool 1"/);
    expect(() => check('IVdsSubSystem.CreateLun', array)).toThrow(/takes room outside the storage pool "pool 1"/);
    expect(() => check('IVdsLun.Extend', lun)).toThrow(/takes room outside the storage pool/);
  });

  test('has no drive to itself', () => {
    const { wall, check } = lab(scope);
    const drive = new Told(wall.whereabouts).byId(OWN_DRIVE);
    expect(() => check('IVdsDrive.SetStatus', drive, { status: 1 })).toThrow(/is not a drive that this run may change/);
  });
});

describe('a fault', () => {
  test('strikes what lies within, or the process, and nothing else', () => {
    const { wall, check } = lab({ subSystems: ['Array'] });
    wall.checkFault('delete-object', LUN);
    wall.checkFault('crash', NULL_GUID);
    expect(() => wall.checkFault('delete-object', OTHER_DRIVE)).toThrow(/the fault delete-object: Drive 2 lies in no/);
    const kind = FAULT_KINDS['delete-object'].controlValue;
    const inject = (objectId: string): void => check('IVdsConformanceControl.Inject', PROVIDER, { kind, objectId });
    inject(LUN);
    expect(() => inject(OTHER_DRIVE)).toThrow(/the fault delete-object: Drive 2/);
    check('IVdsConformanceControl.Heal', PROVIDER);
  });

  test('takes no room that the run does not name: an imported LUN, or one that comes back', () => {
    const { wall } = lab({ drives: ['Drive 1'] });
    wall.checkFault('delete-object', LUN);
    expect(() => wall.checkFault('import-lun', ARRAY)).toThrow(/leaves it to the provider/);
    expect(() => wall.checkFault('recreate-object', LUN)).toThrow(/leaves it to the provider/);
  });
});
