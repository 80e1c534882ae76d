// Groups of interfaces that duties of many methods name.

/**
 * The interfaces of the objects that stand for a device, and so can be deleted, fail, or answer from a corrupted cache.
 */
export const DEVICE_INTERFACES: readonly string[] = [
  'IVdsSubSystem',
  'IVdsSubSystem2',
  'IVdsSubSystemNaming',
  'IVdsSubSystemIscsi',
  'IVdsSubSystemInterconnect',
  'IVdsSubSystemImportTarget',
  'IVdsController',
  'IVdsControllerPort',
  'IVdsControllerControllerPort',
  'IVdsDrive',
  'IVdsDrive2',
  'IVdsLun',
  'IVdsLun2',
  'IVdsLunControllerPorts',
  'IVdsLunMpio',
  'IVdsLunNumber',
  'IVdsLunNaming',
  'IVdsLunIscsi',
  'IVdsLunPlex',
  'IVdsIscsiTarget',
  'IVdsIscsiPortal',
  'IVdsIscsiPortalGroup',
  'IVdsStoragePool',
  'IVdsMaintenance',
];

/**
 * All interfaces that a provider may implement: those of the provider object, of devices, and of the two helper
 * objects.
 */
export const PROVIDER_INTERFACES: readonly string[] = [
  'IVdsProvider',
  'IVdsProviderPrivate',
  'IVdsProviderSupport',
  'IVdsHwProvider',
  'IVdsHwProviderType',
  'IVdsHwProviderType2',
  'IVdsHwProviderPrivate',
  'IVdsHwProviderPrivateMpio',
  'IVdsHwProviderStoragePools',
  ...DEVICE_INTERFACES,
  'IVdsAsync',
  'IEnumVdsObject',
];
