// Objects of the iSCSI side that checks make and take back, besides targets: portal groups, portals in them, LUNs
// associated with targets.
import { counted } from '../contract/wording.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR } from '../contract/hresult.js';
import { isIscsiName, looksLikeIscsiName } from '../contract/iscsi-name.js';
import type {
  IEnumVdsObject,
  IVdsIscsiPortal,
  IVdsIscsiPortalGroup,
  IVdsIscsiTarget,
  IVdsLun,
  IVdsLunIscsi,
  IVdsSubSystem,
} from '../port/generated/typed.js';
import { VdsObject, type Result } from '../port/objects.js';
import type { Context } from './context.js';
import { idOf, type DeviceInterface } from './devices.js';
import type { Evidence } from './outcome.js';

const { type: GROUP } = DEVICE_KINDS.IVdsIscsiPortalGroup;

/** The portals of a subsystem. Not applicable where there are fewer than asked for. */
export async function portals(
  ctx: Context,
  subSystem: IVdsSubSystem,
  count = 1,
): Promise<
  readonly [
    { readonly portal: IVdsIscsiPortal; readonly id: Guid },
    ...{ readonly portal: IVdsIscsiPortal; readonly id: Guid }[],
  ]
> {
  const result = await (await ctx.system.iscsi(subSystem)).queryPortals();
  const found = [];
  for (const portal of await ctx.duties.list(result, 'enum', 'IVdsIscsiPortal', 'VDS-6.6b'))
    found.push({ portal, id: await idOf(ctx, portal, 'VDS-6.6b') });
  const [first, ...others] = found;
  return first === undefined || found.length < count
    ? ctx.notApplicable(`the subsystem has ${counted(found.length, 'portal')}, and this needs ${count}`)
    : [first, ...others];
}

/** Adds a portal to a group, and takes it out again when the check ends. */
export async function addPortal(ctx: Context, group: IVdsIscsiPortalGroup, portalId: Guid): Promise<void> {
  // A group that the target came with may hold it already, and no page lets a caller expect to change that.
  if ((await portalsIn(ctx, group)).includes(portalId))
    ctx.notApplicable('the portal is in the group that the target came with');
  await ctx.duties.completed(await group.addPortal({ portalId }));
  const { id } = ctx.duties.output('VDS-11.3', await group.getProperties(), 'portalGroupProp');
  removePortalOnCleanUp(ctx, portalId, id);
}

/**
 * Takes a portal from a group when the check ends; judges nothing. The group is found by its id: what is held of it now
 * may be released by then, or of an object that was unloaded.
 */
export function removePortalOnCleanUp(ctx: Context, portalId: Guid, groupId: Guid): void {
  ctx.onCleanUp('remove a portal from its group', async () => {
    const group = await (await ctx.system.objectById(groupId, GROUP))?.as('IVdsIscsiPortalGroup');
    const started = await group?.removePortal({ portalId });
    if (started?.out.async instanceof VdsObject) await started.out.async.wait();
  });
}

/** The ids of what a query lists, each object as `name`; a wrong entry breaks `requirement`. */
async function idsIn<I extends DeviceInterface>(
  ctx: Context,
  result: Result<{ readonly enum: IEnumVdsObject | null }>,
  name: I,
  requirement: string,
): Promise<Guid[]> {
  const ids = ctx.duties.readBy<Guid>(result);
  for (const each of await ctx.duties.list(result, 'enum', name, 'VDS-6.6b'))
    ids.push(await idOf(ctx, each, requirement));
  return ids;
}

/** The ids of the portals in a group. */
export const portalsIn = async (ctx: Context, group: IVdsIscsiPortalGroup): Promise<Guid[]> =>
  idsIn(ctx, await group.queryAssociatedPortals(), 'IVdsIscsiPortal', 'VDS-11.4f');
/** The ids of the groups that a portal is in. */
export const groupsWith = async (ctx: Context, portal: IVdsIscsiPortal): Promise<Guid[]> =>
  idsIn(ctx, await portal.queryAssociatedPortalGroups(), 'IVdsIscsiPortalGroup', 'VDS-11.4f');
/** The ids of a target's portal groups. */
export const groupsOf = async (ctx: Context, target: IVdsIscsiTarget): Promise<Guid[]> =>
  idsIn(ctx, await target.queryPortalGroups(), 'IVdsIscsiPortalGroup', 'VDS-11.3');
/** The ids of a LUN's targets. */
export const targetsOf = async (ctx: Context, iscsi: IVdsLunIscsi): Promise<Guid[]> =>
  idsIn(ctx, await iscsi.queryAssociatedTargets(), 'IVdsIscsiTarget', 'VDS-10.11');
/** The ids of a target's LUNs. */
export const lunsOf = async (ctx: Context, target: IVdsIscsiTarget): Promise<Guid[]> =>
  idsIn(ctx, await target.queryAssociatedLuns(), 'IVdsLun', 'VDS-10.11');

/**
 * The iSCSI side of a LUN whose targets the check may change: they are taken from it when the check ends. Not
 * applicable where it has none.
 */
export async function associable(ctx: Context, lun: IVdsLun): Promise<IVdsLunIscsi> {
  const iscsi = await ctx.system.optional(lun, 'IVdsLunIscsi');
  ctx.onCleanUp("take a LUN's targets from it", async () => {
    await iscsi.associateTargets({ targetIdArray: null });
  });
  return iscsi;
}

/** Makes these the LUN's targets, which must succeed. Not applicable where it is not supported. */
export async function associate(
  ctx: Context,
  iscsi: IVdsLunIscsi,
  targetIdArray: readonly Guid[] | null,
): Promise<void> {
  const result = await iscsi.associateTargets({ targetIdArray });
  // Most subsystems associate a LUN with one target only, and no page says how more are refused.
  if ((targetIdArray?.length ?? 0) > 1 && result.hr === HR.E_INVALIDARG)
    ctx.notApplicable('AssociateTargets answered E_INVALIDARG for more than one target');
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) ctx.notApplicable(`AssociateTargets answered ${formatHresult(result.hr)}`);
  ctx.duties.code('VDS-10.11', result, HR.S_OK, "for targets of the LUN's own subsystem");
}

/** A target's name must be an iSCSI name; that it keeps to the profile of RFC 3722 as well, no page of VDS demands. */
export function judgeIscsiName(ctx: Context, name: string | null, evidence?: Evidence): void {
  const told = name === null ? 'NULL' : `"${name}"`;
  // Names are compared without regard to case, so one that was not folded is still valid.
  ctx.duties.holds('VDS-7.9c', name !== null && looksLikeIscsiName(name), `a target's iSCSI name is ${told}`, evidence);
  ctx.duties.holds(
    'VDS-7.9b',
    isIscsiName((name ?? '').toLowerCase()),
    `a target's iSCSI name is ${told}, in which RFC 3722 does not allow each character`,
    evidence,
  );
}
