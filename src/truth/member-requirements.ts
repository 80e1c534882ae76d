// Which requirement a wrong value of an observed member breaks: that of the getter that reports it, or of the one field
// where the documents say more.
import type { ObservedKind } from '../port/device-kinds.js';
import type { MethodName } from '../contract/tables.js';
import { queryThatLists, reporterOf } from './getters.js';

/** The name of a difference in the existence of an object. */
export const LISTED = 'listed';

/** Where no requirement is about the member itself: every route to an object shows the same. */
const OF_ANY_MEMBER = 'VDS-4.1a';

/** By the method that reports it. */
const OF_METHOD: { readonly [M in MethodName]?: string } = {
  'IVdsHwProvider.QuerySubSystems': 'VDS-3.4',
  'IVdsProvider.GetProperties': 'VDS-3.2a',
  'IVdsProviderSupport.GetVersionSupport': 'VDS-3.3a',
  'IVdsHwProviderType.GetProviderType': 'VDS-3.3c',
  'IVdsProviderPrivate.GetObject': 'VDS-3.5a',
  'IVdsSubSystem.QueryLuns': 'VDS-6.7a',
  'IVdsSubSystem.QueryControllers': 'VDS-6.7c',
  'IVdsSubSystem.GetDrive': 'VDS-4.5a',
  'IVdsSubSystemImportTarget.GetImportTarget': 'VDS-1.4a',
  'IVdsController.QueryAssociatedLuns': 'VDS-10.20',
  'IVdsLun.QueryPlexes': 'VDS-6.7b',
  'IVdsLun.QueryActiveControllers': 'VDS-10.20',
  'IVdsLun.GetIdentificationData': 'VDS-10.18a',
  'IVdsLun.QueryHints': 'VDS-10.12a',
  'IVdsLun2.QueryHints2': 'VDS-10.12a',
  'IVdsLunPlex.QueryHints': 'VDS-10.12a',
  'IVdsLunPlex.QueryExtents': 'VDS-10.15',
  'IVdsDrive.QueryExtents': 'VDS-10.15',
  'IVdsLunNumber.GetLunNumber': 'VDS-4.6',
  'IVdsLunMpio.GetPathInfo': 'VDS-3.7b',
  'IVdsLunMpio.GetLoadBalancePolicy': 'VDS-10.19e',
  'IVdsLunIscsi.QueryAssociatedTargets': 'VDS-10.11',
  'IVdsIscsiTarget.QueryAssociatedLuns': 'VDS-10.11',
  'IVdsIscsiTarget.GetConnectedInitiators': 'VDS-11.7',
  'IVdsIscsiPortal.QueryAssociatedPortalGroups': 'VDS-11.4f',
  'IVdsIscsiPortalGroup.QueryAssociatedPortals': 'VDS-11.4f',
  'IVdsLunControllerPorts.QueryActiveControllerPorts': 'VDS-10.20',
  'IVdsControllerPort.QueryAssociatedLuns': 'VDS-10.20',
  'IVdsStoragePool.QueryAllocatedLuns': 'VDS-10.16m',
  'IVdsStoragePool.QueryAllocatedStoragePools': 'VDS-10.16h',
  'IVdsStoragePool.QueryDriveExtents': 'VDS-10.16n',
};

/** By the field of the properties, whatever the kind; a kind's own first. */
const OF_FIELD: Readonly<Record<string, string>> = {
  'IVdsLunPlex.size': 'VDS-10.8b',
  'IVdsLun.size': 'VDS-10.2c',
  'IVdsLun.type': 'VDS-10.2h',
  'IVdsLun.unmaskingList': 'VDS-10.9a',
  'IVdsLun.rebuildPriority': 'VDS-10.12a',
  'IVdsDrive.flags': 'VDS-10.21',
  'IVdsStoragePool.totalConsumedSpace': 'VDS-10.16f',
  'IVdsStoragePool.totalManagedSpace': 'VDS-10.16f',
  'IVdsStoragePool.remainingFreeSpace': 'VDS-10.16f',
  'IVdsIscsiTarget.iscsiName': 'VDS-11.1',
  'IVdsIscsiTarget.chapEnabled': 'VDS-11.5e',
  friendlyName: 'VDS-10.13c',
  status: 'VDS-7.6b',
  health: 'VDS-10.14',
  internalBusNumber: 'VDS-4.5a',
  slotNumber: 'VDS-4.5a',
  stripeSize: 'VDS-10.8b',
};

/** The requirement that a wrong value breaks which a new object was made with, where that is another. */
const OF_NEW: Readonly<Record<string, string>> = {
  'IVdsIscsiTarget.friendlyName': 'VDS-10.13b',
};
export const requirementOfNew = (kind: ObservedKind, member: string): string | undefined => OF_NEW[`${kind}.${member}`];

/** The requirement that a wrong value of the member breaks. */
export function requirementOf(kind: ObservedKind, member: string): string {
  if (member === LISTED) {
    const lister = kind === 'IVdsHwProvider' ? undefined : queryThatLists(kind).method.fullName;
    return (lister === undefined ? undefined : OF_METHOD[lister]) ?? 'VDS-6.8';
  }
  const reporter = reporterOf(kind, member);
  if (reporter.name === 'GetProperties')
    return OF_FIELD[`${kind}.${member}`] ?? OF_FIELD[member] ?? OF_METHOD[reporter.fullName] ?? OF_ANY_MEMBER;
  if (/^Get(?:Provider|SubSystem|Controller|Lun|Target)$/.test(reporter.name)) return 'VDS-4.4';
  return OF_METHOD[reporter.fullName] ?? (reporter.name.startsWith('Query') ? 'VDS-6.8' : OF_ANY_MEMBER);
}
