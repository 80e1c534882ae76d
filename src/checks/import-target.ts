// The string of SetImportTarget. Its pages contradict each other on what it is, so a run finds out what the provider
// acts on, and holds it to that.
import { formatGuidBraced, NULL_GUID, type Guid } from '../contract/guid.js';
import { HR, succeeded } from '../contract/hresult.js';
import { VDS_OBJECT_TYPE } from '../contract/generated/enumerations.js';
import type { IVdsSubSystem, IVdsSubSystemImportTarget } from '../port/generated/typed.js';
import { enumerate } from '../truth/read-inventory.js';
import type { Context } from './context.js';
import type { CreatedTarget } from './make.js';

/** How SetImportTarget's string is understood by this provider (semantics.md 1.2). */
export const IMPORT_TARGET_DIALECTS = ['id-bare', 'id-braced', 'name'] as const;
export type ImportTargetDialect = (typeof IMPORT_TARGET_DIALECTS)[number];

/** The string by which a dialect names a target. */
export function importTargetValue(
  dialect: ImportTargetDialect,
  target: { readonly id: Guid; readonly iscsiName: string },
): string {
  if (dialect === 'name') return target.iscsiName;
  return dialect === 'id-bare' ? target.id : formatGuidBraced(target.id);
}

/** The text of GUID_NULL, in the form in which the provider takes ids. */
export const noImportTarget = (dialect: ImportTargetDialect): string =>
  dialect === 'id-braced' ? formatGuidBraced(NULL_GUID) : NULL_GUID;

/**
 * Whether an import on this computer goes by the value that is set now: it associates the LUN with the target.
 * Undefined where that cannot be seen.
 */
async function isActedOn(ctx: Context, subSystem: IVdsSubSystem, target: CreatedTarget): Promise<boolean | undefined> {
  if (!(await ctx.faults.offers('import-lun'))) return undefined;
  const { id } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
  const fault = await ctx.faults.inject({ kind: 'import-lun', object: id });
  await ctx.faults.recover();
  const lun =
    fault.newObject === undefined ? null : await ctx.system.objectById(fault.newObject, VDS_OBJECT_TYPE.VDS_OT_LUN);
  const iscsi = await lun?.as('IVdsLunIscsi');
  const query = await iscsi?.queryAssociatedTargets();
  const listed: Guid[] = [];
  if (query !== undefined && succeeded(query.hr) && typeof query.out.enum === 'object' && query.out.enum !== null)
    for (const each of await enumerate(query.out.enum, 'IVdsIscsiTarget')) {
      const { targetProp } = (await each.getProperties()).out;
      if (typeof targetProp === 'object' && targetProp !== null) listed.push(targetProp.id);
    }
  await fault.heal();
  await ctx.faults.recover();
  return iscsi === null || iscsi === undefined ? undefined : listed.includes(target.id);
}

export interface ImportTargetSubject {
  readonly dialect: ImportTargetDialect;
  readonly target: CreatedTarget;
  readonly importTarget: IVdsSubSystemImportTarget;
}

/**
 * Sets a new target as the import target of a subsystem, in the form that the provider acts on. What that is is found
 * out once in a run: of the forms that SetImportTarget takes, the one by which an imported LUN gets its target, or
 * where no import can be made the first.
 */
export async function importTargetOf(ctx: Context, subSystem: IVdsSubSystem): Promise<ImportTargetSubject> {
  const importTarget = await ctx.system.importTarget(subSystem);
  const target = await ctx.make.target(subSystem);
  const set = (dialect: ImportTargetDialect) =>
    importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) });
  const known = ctx.duties.knownReading('import-target dialect') as ImportTargetDialect | undefined;
  if (known !== undefined) {
    ctx.duties.code(
      'VDS-1.2',
      await set(known),
      HR.S_OK,
      `for the ${known} of an existing target, which it took before in this run`,
    );
    ctx.duties.reading('import-target dialect', known, 'VDS-1.2');
    return { dialect: known, target, importTarget };
  }
  const taken: ImportTargetDialect[] = [];
  for (const dialect of IMPORT_TARGET_DIALECTS) if ((await set(dialect)).hr === HR.S_OK) taken.push(dialect);
  let [dialect] = taken;
  if (dialect === undefined)
    return ctx.duties.broken(
      'VDS-1.2',
      'SetImportTarget takes neither the iSCSI name nor the object id (bare or braced) of an existing target: no ' +
        'reading of the documents allows that',
    );
  // One that keeps any string shows only by what it does which of them it goes by.
  for (const each of taken.length > 1 ? taken : []) {
    await set(each);
    if ((await isActedOn(ctx, subSystem, target)) !== true) continue;
    dialect = each;
    break;
  }
  ctx.duties.ok('VDS-1.4a', await set(dialect));
  ctx.duties.reading('import-target dialect', dialect, 'VDS-1.2');
  return { dialect, target, importTarget };
}
