import { describe, expect, test } from 'vitest';
import { changesSystem } from '../../src/contract/effects.js';
import { allMethods, type MethodName } from '../../src/contract/tables.js';

describe('what changes the system', () => {
  test.each([
    'IVdsSubSystem.CreateLun',
    'IVdsLun.Delete',
    'IVdsController.Reset',
    'IVdsController.InvalidateCache',
    'IVdsAsync.Cancel',
    'IVdsMaintenance.StartMaintenance',
    'IVdsSubSystemImportTarget.SetImportTarget',
    'IVdsConformanceControl.Inject',
    'IVdsLun.AssociateControllers',
  ] as const)('%s does', (name) => expect(changesSystem(name)).toBe(true));

  test.each([
    'IVdsSubSystem.GetProperties',
    'IVdsHwProvider.Refresh',
    'IEnumVdsObject.Reset',
    'IVdsAsync.QueryStatus',
    'IVdsConformanceControl.ReadTruth',
    'IVdsProviderPrivate.OnLoad',
  ] as const)('%s does not', (name) => expect(changesSystem(name)).toBe(false));

  test('whatever is not known to read does', () => {
    const reading = allMethods.map((m) => m.fullName).filter((name) => !changesSystem(name));
    expect(
      reading.every(
        (name) =>
          /\.(?:Get|Query|Read|On(?:Un)?[Ll]oad|Reenumerate|Refresh|Wait|Next|Skip|Clone)/.test(name) ||
          name === 'IEnumVdsObject.Reset',
      ),
    ).toBe(true);
    expect(() => changesSystem('IVdsLun.Explode' as MethodName)).toThrow(RangeError);
  });
});
