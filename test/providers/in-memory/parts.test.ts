// A variant puts one class in place of another.
import { expect, test } from 'vitest';
import { NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Answer } from '../../../src/port/object-server.js';
import { Cache } from '../../../providers/in-memory/cache/cache.js';
import type { ImportTargetDialect } from '../../../providers/in-memory/objects/import-target.js';
import { LunObject } from '../../../providers/in-memory/objects/lun.js';
import { as, code, FK, idOf, NOBODY, open } from './system.js';

test('a cache that does not look at its checksums gives wrong data', async () => {
  class Trusting extends Cache {
    protected override matches(): boolean {
      return true;
    }
  }
  const p = await open({ Cache: Trusting });
  const lun = await p.lun();
  const truth = await lun.getProperties();
  await p.inject(FK.VDSC_FK_DANGLING_REFERENCE, await idOf(lun));
  expect(code(await lun.getProperties())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
  await p.recover();
  expect((await lun.getProperties()).out).toEqual(truth.out);
  expect(code(await p.hw.refresh())).toBe('S_OK');
});

test('one method of one kind of object', async () => {
  class Immortal extends LunObject {
    protected override delete(): Answer<'IVdsLun.Delete'> {
      return { hr: HR.S_OK };
    }
  }
  const p = await open({ Lun: Immortal });
  const lun = await p.lun();
  expect(code(await lun.delete())).toBe('S_OK');
  expect(code(await lun.getProperties())).toBe('S_OK');
});

test('another dialect of the import target', async () => {
  class IdDialect implements ImportTargetDialect {
    parse(given: string | null): string | null | undefined {
      const id = parseGuid(given ?? '');
      return id === NULL_GUID ? null : id;
    }
  }
  const p = await open({ ImportTargetDialect: IdDialect });
  const importTarget = await as(await p.subSystem(), 'IVdsSubSystemImportTarget');
  expect(code(await importTarget.setImportTarget({ iscsiName: NOBODY }))).toBe('S_OK');
  expect((await importTarget.getImportTarget()).out.iscsiName).toBe(NOBODY);
  expect(code(await importTarget.setImportTarget({ iscsiName: 'iqn.2026-11.example:x' }))).toBe('E_INVALIDARG');
});
