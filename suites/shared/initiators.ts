// Entries of unmasking lists that the subsystem must know: names of initiators where it has an iSCSI side, else
// World-Wide Names.
import { type Context, flagsOf, type IVdsSubSystem } from '../../src/checks/index.js';
import { VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';

export interface Initiators {
  readonly first: string;
  readonly second: string;
}

/** Whether a subsystem can show LUNs to some hosts and not to others. */
export async function canMask(ctx: Context, subSystem: IVdsSubSystem): Promise<boolean> {
  return ((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE) !== 0;
}

/** Whether initiators have iSCSI names. Not applicable where the subsystem cannot mask. */
export async function hasIscsiNames(ctx: Context, subSystem: IVdsSubSystem): Promise<boolean> {
  if (!(await canMask(ctx, subSystem))) ctx.notApplicable('the subsystem does not have VDS_SF_LUN_MASKING_CAPABLE');
  return (await subSystem.as('IVdsSubSystemIscsi')) !== null;
}

/** Two initiators. Not applicable where the subsystem cannot mask. */
export async function initiators(ctx: Context, subSystem: IVdsSubSystem): Promise<Initiators> {
  return (await hasIscsiNames(ctx, subSystem))
    ? { first: 'iqn.1991-05.com.microsoft:first-host', second: 'iqn.1991-05.com.microsoft:second-host' }
    : { first: '0123456789ABCDEF', second: '21000024FF2B0C1D' };
}
