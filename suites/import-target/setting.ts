// Setting the import target, and reading it back.
import {
  type Context,
  type CreatedTarget,
  type ImportTargetDialect,
  importTargetValue,
  type IVdsSubSystem,
  type IVdsSubSystemImportTarget,
  noImportTarget,
} from '../../src/checks/index.js';
import { HR, parseGuid } from '../../src/contract/index.js';

/**
 * Whether what Get returned identifies the target: its iSCSI name (which is compared without regard to case), or in the
 * id dialects its id.
 */
export function identifies(dialect: string, target: CreatedTarget, value: string): boolean {
  if (value.toLowerCase() === target.iscsiName.toLowerCase()) return true;
  return dialect !== 'name' && parseGuid(value) === target.id;
}

export async function expectSet(
  ctx: Context,
  importTarget: IVdsSubSystemImportTarget,
  dialect: ImportTargetDialect,
  target: CreatedTarget,
  when = 'after SetImportTarget had succeeded',
): Promise<void> {
  const result = await importTarget.getImportTarget();
  ctx.duties.code('VDS-1.4a', result, HR.S_OK, when);
  const value = ctx.duties.output('VDS-1.5a', result, 'iscsiName');
  const stored = importTargetValue(dialect, target);
  ctx.duties.holds(
    'VDS-1.5a',
    identifies(dialect, target, value),
    `GetImportTarget returned "${value}", which is not the target that SetImportTarget had stored as "${stored}"`,
    result,
  );
  if (dialect === 'name')
    ctx.duties.equal('VDS-1.7', 'the string that GetImportTarget returned', value, stored, result);
}

/**
 * Clears by GUID_NULL in the form of the dialect, which must be taken, or where that is refused by NULL, which may be.
 * Gives whether one of them was taken: with none, what GetImportTarget must answer afterwards is what it had to before.
 */
export async function clear(
  ctx: Context,
  importTarget: IVdsSubSystemImportTarget,
  dialect: ImportTargetDialect,
): Promise<boolean> {
  const result = await importTarget.setImportTarget({ iscsiName: noImportTarget(dialect) });
  const requirement = dialect === 'name' ? 'VDS-1.3b' : 'VDS-1.3a';
  if (ctx.duties.code(requirement, result, HR.S_OK, 'for GUID_NULL, which clears the import target')) return true;
  if ((await importTarget.setImportTarget({ iscsiName: null })).hr === HR.S_OK) return true;
  ctx.note('neither GUID_NULL nor NULL clears the import target, so the state after clearing could not be checked');
  return false;
}

export const subSystemId = async (ctx: Context, subSystem: IVdsSubSystem): Promise<string> =>
  ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp').id;
