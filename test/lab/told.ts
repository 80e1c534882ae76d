// Knowledge that a session's calls give of the objects of an array, for the tests of the wall and of what it knows.
import { HR } from '../../src/contract/hresult.js';
import { VDS_ASYNC_OUTPUT_TYPE, VDS_OBJECT_TYPE } from '../../src/contract/generated/enumerations.js';
import type { Guid } from '../../src/contract/guid.js';
import type { Handle, MethodName } from '../../src/contract/tables.js';
import type { Whereabouts } from '../../src/lab/whereabouts.js';
import type { Change } from '../../src/port/session.js';

export const guid = (n: number): Guid => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** An interface pointer that a test has of itself, and no other test of the same session. */
const pointer = (n: number): Handle => n as Handle;

/** The provider's object, which a session has from the beginning. */
export const PROVIDER = pointer(1);

/** Tells a session's calls with their answers, each with pointers that were never handed out before. */
export class Told {
  private pointers = 100;

  constructor(readonly whereabouts: Whereabouts) {}

  fresh(): Handle {
    this.pointers += 1;
    return pointer(this.pointers);
  }

  answer(
    method: MethodName,
    object: Handle,
    out: Readonly<Record<string, unknown>>,
    args: Change['args'] = {},
    hr: number = HR.S_OK,
  ): void {
    this.whereabouts.learn({ method, object, args }, { hr, out });
  }

  /** A query that lists objects: gives `count` pointers to them. */
  list(query: MethodName, object: Handle, count = 1): Handle[] {
    const enumerator = this.fresh();
    this.answer(query, object, { enum: enumerator });
    return this.next(enumerator, count);
  }

  next(enumerator: Handle, count = 1): Handle[] {
    const objectArray = Array.from({ length: count }, () => this.fresh());
    this.answer('IEnumVdsObject.Next', enumerator, { objectArray, fetched: count });
    return objectArray;
  }

  /** A creation that is started and waited for: gives the LUN. */
  createLun(subSystem: Handle): Handle {
    const [operation, lun] = [this.fresh(), this.fresh()];
    this.answer('IVdsSubSystem.CreateLun', subSystem, { async: operation });
    const asyncOut = { type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN, cl: { lunUnk: lun } };
    this.answer('IVdsAsync.Wait', operation, { hrResult: HR.S_OK, asyncOut });
    return lun;
  }

  subSystem(id: Guid, friendlyName: string): Handle {
    const [subSystem] = this.list('IVdsHwProvider.QuerySubSystems', PROVIDER) as [Handle];
    this.answer('IVdsSubSystem.GetProperties', subSystem, { subSystemProp: { id, friendlyName } });
    return subSystem;
  }

  lun(lun: Handle, id: Guid, identification = `serial of ${id}`): void {
    this.answer('IVdsLun.GetProperties', lun, { lunProp: { id, identification } });
  }

  drive(subSystem: Handle, id: Guid, friendlyName: string): Handle {
    const [drive] = this.list('IVdsSubSystem.QueryDrives', subSystem) as [Handle];
    this.answer('IVdsDrive.GetProperties', drive, { driveProp: { id, friendlyName } });
    return drive;
  }

  pool(id: Guid, name: string, drives: readonly Guid[] | undefined): Handle {
    const [pool] = this.list('IVdsHwProviderStoragePools.QueryStoragePools', PROVIDER) as [Handle];
    this.answer('IVdsStoragePool.GetProperties', pool, { storagePoolProp: { id, name } });
    if (drives !== undefined)
      this.answer('IVdsStoragePool.QueryDriveExtents', pool, { extentArray: drives.map((each) => ({ id: each })) });
    return pool;
  }

  load(): void {
    this.answer('IVdsProviderPrivate.OnLoad', PROVIDER, {});
  }

  byId(id: Guid): Handle {
    const objectUnk = this.fresh();
    this.answer(
      'IVdsProviderPrivate.GetObject',
      PROVIDER,
      { objectUnk },
      { objectId: id, type: VDS_OBJECT_TYPE.VDS_OT_LUN },
    );
    return objectUnk;
  }
}
