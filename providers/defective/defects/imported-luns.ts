// Defects of what becomes of LUNs of shadow-copy sets that are imported.
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';
import { emptied } from '../follow.js';
import { ask, given, interfaceOf } from '../override.js';

/** Only adds to the targets of a snapshot, as the VSS requester that has mounted it may still use it. */
class SnapshotsKeepTheirTargets extends LunObject {
  protected override associateTargets(
    ...[ids, count]: Parameters<LunObject['associateTargets']>
  ): ReturnType<LunObject['associateTargets']> {
    const before = this.reach().lun;
    const kept = before.snapshot ? [...before.targets] : [];
    const answer = super.associateTargets(ids, count);
    const { lun } = this.reach();
    for (const id of kept) lun.targets.add(id);
    this.changed();
    return answer;
  }
}

/** By subsystem, the place that its import target had among the targets when it was set. */
const PLACES = new WeakMap<ArraySubSystem, number>();

class RemembersThePlace extends SubSystemObject {
  protected override setImportTarget(
    ...given: Parameters<SubSystemObject['setImportTarget']>
  ): ReturnType<SubSystemObject['setImportTarget']> {
    const answer = super.setImportTarget(given[0]);
    const { subSystem } = this.reach('IVdsSubSystemImportTarget.SetImportTarget');
    PLACES.set(
      subSystem,
      [...subSystem.targets.values()].findIndex(({ iscsiName }) => iscsiName === subSystem.importTarget),
    );
    return answer;
  }
}

/** Targets of which the first to be added becomes another one, or none. */
class InPlaceOfTheFirst extends Set<Guid> {
  private isFirst = true;

  constructor(private readonly other: Guid | undefined) {
    super();
  }

  override add(id: Guid): this {
    const wanted = this.isFirst ? this.other : id;
    this.isFirst = false;
    return wanted === undefined ? this : super.add(wanted);
  }
}

class ImportsByThePlace extends StorageArray {
  override addLun(...given: Parameters<StorageArray['addLun']>): ReturnType<StorageArray['addLun']> {
    const [subSystem, { snapshot }] = given;
    const place = PLACES.get(subSystem) ?? -1;
    const lun = super.addLun(...given);
    if (snapshot !== true || place < 0) return lun;
    return Object.assign(lun, { targets: new InPlaceOfTheFirst([...subSystem.targets.keys()][place]) });
  }
}

export const IMPORTED_LUNS: readonly Defect[] = [
  {
    name: 'import-target-by-its-place',
    breaks: ['VDS-1.4c'],
    noticedBy: ['import-target.imported-while-targets-change'],
    says: 'Imports to the target that has the place which the import target had among the targets when it was set.',
    parts: { SubSystem: RemembersThePlace, StorageArray: ImportsByThePlace },
  },
  {
    name: 'imported-lun-keeps-its-targets',
    breaks: ['VDS-10.11'],
    noticedBy: ['import-target.imported-lun'],
    says: 'AssociateTargets of a LUN that was imported adds targets to those that it has, and takes none from it.',
    parts: { Lun: SnapshotsKeepTheirTargets },
  },
  {
    name: 'imported-lun-without-its-target',
    breaks: ['VDS-1.4c'],
    noticedBy: ['import-target.imported-lun'],
    says: 'A LUN that was imported is not associated with the import target.',
    overrides: (inner) => ({
      methods: {
        'IVdsLunIscsi.QueryAssociatedTargets': async (call, next) => {
          const reply = await next();
          const lun = await interfaceOf(inner, call.object, 'IVdsLun');
          if (lun === null) return reply;
          const name = given((await ask(inner, lun, 'IVdsLun.GetProperties', {})).out.lunProp)?.friendlyName ?? '';
          await inner.release(lun);
          return name.startsWith('Imported') ? ((await emptied(inner, reply)) as typeof reply) : reply;
        },
      },
    }),
  },
  {
    name: 'import-target-cleared-for-show',
    breaks: ['VDS-1.4c'],
    noticedBy: ['import-target.imported-without-one'],
    says:
      'Clearing the import target shows in GetImportTarget, but LUNs that ' +
      'are imported go on being associated with it.',
    overrides: () => {
      const cleared = new Set<Handle>();
      return {
        methods: {
          'IVdsSubSystemImportTarget.SetImportTarget': async (call, next) => {
            const { iscsiName } = call.args;
            if (iscsiName !== null && parseGuid(iscsiName) === NULL_GUID) {
              cleared.add(call.object);
              return { hr: HR.S_OK, out: {} };
            }
            cleared.delete(call.object);
            return next();
          },
          'IVdsSubSystemImportTarget.GetImportTarget': async (call, next) =>
            cleared.has(call.object) ? { hr: HR.VDS_E_NO_IMPORT_TARGET, out: { iscsiName: null } } : next(),
        },
      };
    },
  },
];
