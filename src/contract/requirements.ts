// The requirement catalogue: every item of what the documents say that a VDS hardware provider owes its caller (and a few that bind the
// caller), each with its level, its source, and why it is not checked where it is not. It holds no checks and no verdicts; checks name these ids.

/**
 * Levels of a requirement; see docs: MUST breaks conformance, SHOULD is a finding (fails only under --strict), AMBIGUOUS is recorded and must be
 * kept, CALLER binds the caller (our suites obey it).
 */
export type Level = 'MUST' | 'SHOULD' | 'AMBIGUOUS' | 'CALLER';

/** What a requirement is about: one word for each section of the facts, in their order. */
export type Subject =
  | 'answers'
  | 'import-target'
  | 'loading'
  | 'provider'
  | 'identity'
  | 'reenumerate-refresh'
  | 'enumeration'
  | 'availability'
  | 'async'
  | 'notifications'
  | 'luns'
  | 'iscsi'
  | 'memory'
  | 'threading';

export interface Requirement {
  /**
   * `VDS-<section>.<item>`, with a lower-case letter appended where one item of the facts states duties of different level or that need different
   * checks: `VDS-8.2`, `VDS-1.3a`, `VDS-1.3b`.
   */
  readonly id: string;
  readonly subject: Subject;
  readonly level: Level;
  /** What a provider must do (or the caller, for CALLER), in a sentence or two that tell the reader of a failure report which duty was broken. */
  readonly statement: string;
  /** The pages that state it: a documentation page id, `idl:FILE` for a comment or attribute in the SDK's IDL, `MS-VDS n`, or a header. Never empty. */
  readonly source: readonly string[];
  /** Interfaces whose methods it concerns; empty only where none applies. */
  readonly interfaces: readonly string[];
  /** Why no check can observe it, where that is so. */
  readonly untestable?: string;
  /** Set where it can be checked but is not yet: which methods, interfaces or fault kinds the check waits for. */
  readonly waiting?: string;
}

/** The interfaces of the objects that stand for a device, and so can be deleted, fail, or answer from a corrupted cache. */
const DEVICE_INTERFACES: readonly string[] = [
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

/** All interfaces that a provider may implement: those of the provider object, of devices, and of the two helper objects. */
const PROVIDER_INTERFACES: readonly string[] = [
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

/** The catalogue, in the order of the facts. An id, once published, keeps its meaning. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'VDS-0.2a',
    subject: 'answers',
    level: 'MUST',
    statement:
      'Whatever it is given, a method answers success or a code that its page allows: one of its documented codes, E_INVALIDARG, E_OUTOFMEMORY, a common ' +
      'VDS code or a converted system error. An argument that has no meaning is refused.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-setstatus',
    ],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-0.2b',
    subject: 'answers',
    level: 'SHOULD',
    statement:
      'A call that fails changes nothing: what the system holds afterwards is what it held before. (Only the page of Extend says so outright.)',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: [...PROVIDER_INTERFACES],
  },
  {
    id: 'VDS-1.1',
    subject: 'import-target',
    level: 'AMBIGUOUS',
    statement:
      'IVdsSubSystemImportTarget is optional on the subsystem of a raw provider: QueryInterface hands it out or answers E_NOINTERFACE, and gives the ' +
      'same answer every time.',
    source: [
      'idl:vds',
      'subsystem-object.md',
      'vdserr.h',
      'nf-vds-ivdssubsystemimporttarget-getimporttarget',
      'nf-vds-ivdssubsystemimporttarget-setimporttarget',
    ],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.2',
    subject: 'import-target',
    level: 'AMBIGUOUS',
    statement:
      'SetImportTarget takes a target by its iSCSI name or by the text of its VDS_OBJECT_ID. The provider accepts an existing target in at least one ' +
      'of these dialects, and keeps to the dialects that it accepts.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3a',
    subject: 'import-target',
    level: 'MUST',
    statement:
      'Where the provider takes target ids, SetImportTarget with the text of GUID_NULL clears the import target: GetImportTarget then answers ' +
      'VDS_E_NO_IMPORT_TARGET.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3b',
    subject: 'import-target',
    level: 'SHOULD',
    statement:
      'Where the provider takes iSCSI names, SetImportTarget with the text of GUID_NULL clears the import target as well.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3c',
    subject: 'import-target',
    level: 'AMBIGUOUS',
    statement:
      'SetImportTarget with NULL or with an empty string either clears the import target or is refused; the provider keeps to the answer that it chose ' +
      'for each.',
    source: ['idl:vds', 'MS-VDS 3.4.5.2.18.2', 'nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4a',
    subject: 'import-target',
    level: 'MUST',
    statement:
      'A SetImportTarget that answers S_OK stores the import target for its own subsystem on this computer: that subsystem has one from then on, and ' +
      'the setting of any other subsystem stays as it was.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4b',
    subject: 'import-target',
    level: 'AMBIGUOUS',
    statement:
      'Whether the value must name an existing target, be unique or be a well-formed iSCSI name is open: SetImportTarget stores a value that names no ' +
      'target, or refuses it with a permitted code, and treats the same value alike each time.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4c',
    subject: 'import-target',
    level: 'MUST',
    statement:
      'A LUN of a shadow-copy set that is imported on this computer gets associated, by the VSS hardware provider, with the target set for its ' +
      'subsystem.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget', 'IVdsLunIscsi'],
  },
  {
    id: 'VDS-1.5a',
    subject: 'import-target',
    level: 'MUST',
    statement:
      'A GetImportTarget that succeeds hands out a non-NULL, terminated string that identifies the import target, in a block of its own from ' +
      'CoTaskMemAlloc that the caller frees.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.5b',
    subject: 'import-target',
    level: 'AMBIGUOUS',
    statement:
      'What *ppwszIscsiName holds after a failed GetImportTarget, and which code refuses a NULL out pointer, is open: any failure code passes, a crash ' +
      'does not.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget', 'MS-VDS'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.6',
    subject: 'import-target',
    level: 'MUST',
    statement:
      'GetImportTarget answers VDS_E_NO_IMPORT_TARGET while no import target is set, a code that SetImportTarget does not document. Otherwise both ' +
      'fail only with VDS_E_PROVIDER_CACHE_CORRUPT, VDS_E_OBJECT_DELETED, VDS_E_NOT_SUPPORTED or a generic code.',
    source: [
      'nf-vds-ivdssubsystemimporttarget-getimporttarget',
      'nf-vds-ivdssubsystemimporttarget-setimporttarget',
      'vdserr.h',
    ],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.7',
    subject: 'import-target',
    level: 'SHOULD',
    statement:
      "GetImportTarget returns the string that SetImportTarget stored, in a block distinct from the caller's and from that of any earlier call.",
    source: ['MS-VDS', 'nf-vds-ivdssubsystemimporttarget-getimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },

  {
    id: 'VDS-2.1',
    subject: 'loading',
    level: 'MUST',
    statement:
      "The provider's setup registers it with IVdsAdmin::RegisterProvider as VDS_PT_HARDWARE, in one version at a time, with non-NULL ids and valid " +
      'strings (name up to 200, version 16, machine 15 characters). An in-process provider does so in DllRegisterServer, an out-of-process one in ' +
      'WinMain.',
    source: ['nf-vdshwprv-ivdsadmin-registerprovider', 'idl:vdscmprv', 'vdserr.h'],
    interfaces: ['IVdsAdmin'],
    untestable:
      "Registration is done by the provider's setup on the service and its registry keys; no provider method shows it.",
  },
  {
    id: 'VDS-2.2',
    subject: 'loading',
    level: 'MUST',
    statement:
      'A provider object that has just been created accepts OnLoad as the first call made on it, with nothing else needed in between.',
    source: ['vds-object-model.md', 'nf-vdshwprv-ivdsproviderprivate-onload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.3',
    subject: 'loading',
    level: 'MUST',
    statement:
      'OnLoad is implemented and answers S_OK once the provider is initialised, or VDS_E_INITIALIZED_FAILED. It ignores the reserved pwszMachineName, ' +
      'and obtains its advise sink by querying pCallbackObject for IVdsAdviseSink.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onload', 'idl:vdsprvcm'],
    interfaces: ['IVdsProviderPrivate', 'IVdsAdviseSink'],
  },
  {
    id: 'VDS-2.4',
    subject: 'loading',
    level: 'MUST',
    statement:
      'QuerySubSystems, Reenumerate and Refresh answer VDS_E_INITIALIZE_NOT_CALLED until OnLoad has succeeded.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
    ],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-2.5a',
    subject: 'loading',
    level: 'MUST',
    statement:
      'OnUnload answers S_OK when the provider is ready to go, or S_FALSE when it cannot go yet and wants to be asked again. After S_OK the provider ' +
      'goes away when its last reference is released.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.5b',
    subject: 'loading',
    level: 'AMBIGUOUS',
    statement:
      'Whether OnUnload with bForceUnload TRUE may still answer S_FALSE is open; it answers S_OK or S_FALSE, and the provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.6',
    subject: 'loading',
    level: 'MUST',
    statement:
      'After an OnLoad that failed, OnUnload is not called: the provider itself releases all that it had acquired, the advise sink included.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.7',
    subject: 'loading',
    level: 'MUST',
    statement: 'A loaded provider keeps running until it is unloaded; it neither exits nor crashes.',
    source: ['nf-vdshwprv-ivdsadmin-registerprovider'],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-2.8',
    subject: 'loading',
    level: 'MUST',
    statement: 'On 64-bit Windows the provider is a native 64-bit binary.',
    source: ['virtual-disk-service-portal.md'],
    interfaces: [],
    untestable:
      'A 64-bit host process cannot load a 32-bit library at all, so no check ever runs against one; other transports show no binary.',
  },

  {
    id: 'VDS-3.1',
    subject: 'provider',
    level: 'MUST',
    statement:
      'The provider object answers QueryInterface for IVdsProvider, IVdsHwProvider, IVdsProviderPrivate and IVdsHwProviderPrivate. Support, type, ' +
      'storage pool and MPIO interfaces are optional; QueryInterface for an absent one answers E_NOINTERFACE.',
    source: ['provider-object.md'],
    interfaces: [
      'IVdsProvider',
      'IVdsHwProvider',
      'IVdsProviderPrivate',
      'IVdsHwProviderPrivate',
      'IVdsProviderSupport',
      'IVdsHwProviderType',
      'IVdsHwProviderStoragePools',
      'IVdsHwProviderPrivateMpio',
    ],
  },
  {
    id: 'VDS-3.2a',
    subject: 'provider',
    level: 'MUST',
    statement:
      'IVdsProvider::GetProperties of a loaded provider answers S_OK or VDS_S_PROPERTIES_INCOMPLETE, reports type VDS_PT_HARDWARE, and returns name ' +
      'and version as strings from CoTaskMemAlloc. ulStripeSizeFlags and sRebuildPriority carry no meaning here.',
    source: ['nf-vdshwprv-ivdsprovider-getproperties', 'ns-vdshwprv-vds_provider_prop'],
    interfaces: ['IVdsProvider'],
  },
  {
    id: 'VDS-3.2b',
    subject: 'provider',
    level: 'MUST',
    statement:
      'The provider reports the same provider id each time it is loaded, also after a restart of the computer.',
    source: [
      'nf-vdshwprv-ivdsprovider-getproperties',
      'ns-vdshwprv-vds_provider_prop',
      'vds-object-model.md',
      'provider-object.md',
    ],
    interfaces: ['IVdsProvider'],
  },
  {
    id: 'VDS-3.3a',
    subject: 'provider',
    level: 'MUST',
    statement:
      'GetVersionSupport returns a combination of VDS_VSF_* bits, and GetProviderType one of the VDS_HWT_* values.',
    source: ['nf-vdshwprv-ivdsprovidersupport-getversionsupport', 'nf-vdshwprv-ivdshwprovidertype-getprovidertype'],
    interfaces: ['IVdsProviderSupport', 'IVdsHwProviderType'],
  },
  {
    id: 'VDS-3.3b',
    subject: 'provider',
    level: 'AMBIGUOUS',
    statement:
      'IVdsHwProviderType2 may be absent. Where it is present, GetProviderType2 tells the type, and GetProviderType goes on telling old clients a type ' +
      'that they know.',
    source: ['nf-vdshwprv-ivdshwprovidertype2-getprovidertype2'],
    interfaces: ['IVdsHwProviderType2', 'IVdsHwProviderType'],
    waiting: 'IVdsHwProviderType2::GetProviderType2',
  },
  {
    id: 'VDS-3.4',
    subject: 'provider',
    level: 'MUST',
    statement:
      'QuerySubSystems enumerates every subsystem that is currently connected. With none connected it answers S_OK and an empty enumeration.',
    source: ['nf-vdshwprv-ivdshwprovider-querysubsystems'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-3.5a',
    subject: 'provider',
    level: 'MUST',
    statement:
      'GetObject finds the object with the given id and type and hands out its IUnknown with a reference added; an id that names no object gives ' +
      'VDS_E_OBJECT_NOT_FOUND.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.5b',
    subject: 'provider',
    level: 'AMBIGUOUS',
    statement:
      'GetObject with a known id but another type, or with a type that no device has (unknown, provider, async, enumeration), refuses with a permitted ' +
      'code or goes by the id alone. It never hands out an object with another id.',
    source: ['nf-vdshwprv-ivdsproviderprivate-getobject', 'MS-VDS'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-3.6',
    subject: 'provider',
    level: 'MUST',
    statement:
      'QueryIfCreatedLun answers S_OK and the id of the LUN when the provider manages it, otherwise S_FALSE with *pLunId set to GUID_NULL.',
    source: ['nf-vdshwprv-ivdshwproviderprivate-queryifcreatedlun'],
    interfaces: ['IVdsHwProviderPrivate'],
  },
  {
    id: 'VDS-3.7',
    subject: 'provider',
    level: 'MUST',
    statement:
      'SetAllPathStatusesFromHbaPort goes by wwnNode and wwnPort alone, whatever else the HBA port structure holds. It answers ' +
      'VDS_S_STATUSES_INCOMPLETELY_SET when only some of the paths could be set.',
    source: ['nf-vdshwprv-ivdshwproviderprivatempio-setallpathstatusesfromhbaport'],
    interfaces: ['IVdsHwProviderPrivateMpio'],
    waiting: 'IVdsHwProviderPrivateMpio::SetAllPathStatusesFromHbaPort',
  },

  {
    id: 'VDS-4.1a',
    subject: 'identity',
    level: 'MUST',
    statement:
      'One object stands for each physical or virtual device: no enumeration lists a device twice, and every route to it (enumeration, GetObject, the ' +
      'result of its creation) shows the same id and the same state.',
    source: ['hardware-provider-objects.md', 'nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate', 'IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-4.1b',
    subject: 'identity',
    level: 'AMBIGUOUS',
    statement:
      'Whether all routes to one device also give one COM identity (equal IUnknown pointers) is not spelt out; the provider answers one way ' +
      'throughout.',
    source: ['hardware-provider-objects.md', 'nf-vdshwprv-ivdsproviderprivate-getobject'],
    interfaces: ['IVdsProviderPrivate', 'IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-4.2a',
    subject: 'identity',
    level: 'SHOULD',
    statement: "Each object's id is a valid GUID, not GUID_NULL, and belongs to no other object.",
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.2b',
    subject: 'identity',
    level: 'MUST',
    statement: 'An object keeps its id for as long as the provider stays loaded, also across Reenumerate and Refresh.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate', 'MS-VDS 3.4.3'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.3',
    subject: 'identity',
    level: 'AMBIGUOUS',
    statement:
      "When the provider is unloaded and loaded again, ids other than the provider's own may be kept or given anew; the provider keeps to its choice.",
    source: ['vds-data-types.md', 'vds-object-model.md', 'provider-object.md', 'MS-VDS 3.4.3'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-4.4',
    subject: 'identity',
    level: 'MUST',
    statement:
      'GetProvider, GetSubSystem, GetController, GetLun and GetTarget hand out the object that contains this one, with a reference added. A subsystem ' +
      'belongs to exactly one provider.',
    source: [
      'subsystem-object.md',
      'nf-vdshwprv-ivdssubsystem-getprovider',
      'nf-vdshwprv-ivdscontroller-getsubsystem',
      'nf-vdshwprv-ivdscontrollerport-getcontroller',
      'nf-vdshwprv-ivdsdrive-getsubsystem',
      'nf-vdshwprv-ivdslun-getsubsystem',
      'nf-vdshwprv-ivdslunplex-getlun',
      'nf-vdshwprv-ivdsiscsitarget-getsubsystem',
      'nf-vdshwprv-ivdsiscsiportal-getsubsystem',
      'nf-vdshwprv-ivdsiscsiportalgroup-gettarget',
      'nf-vdshwprv-ivdsstoragepool-getprovider',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsIscsiTarget',
      'IVdsIscsiPortal',
      'IVdsIscsiPortalGroup',
      'IVdsStoragePool',
    ],
  },
  {
    id: 'VDS-4.5a',
    subject: 'identity',
    level: 'MUST',
    statement:
      "A drive is identified by its bus and slot (and enclosure, where GetDrive2 is offered) and by nothing else. The numbers are the provider's own, " +
      "but GetDrive and the drive's properties agree on them at all times.",
    source: [
      'nf-vdshwprv-ivdssubsystem-getdrive',
      'nf-vdshwprv-ivdssubsystem2-getdrive2',
      'ns-vdshwprv-vds_drive_prop',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsDrive', 'IVdsDrive2'],
  },
  {
    id: 'VDS-4.5b',
    subject: 'identity',
    level: 'AMBIGUOUS',
    statement:
      'The code for a bus and slot that hold no drive is not documented: GetDrive fails with any permitted code (VDS_E_OBJECT_NOT_FOUND is the ' +
      'plausible one) and keeps to it.',
    source: ['nf-vdshwprv-ivdssubsystem-getdrive'],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-4.6',
    subject: 'identity',
    level: 'MUST',
    statement:
      'Where the subsystem sets VDS_SF_SUPPORTS_LUN_NUMBER, GetLunNumber gives each LUN exactly one number that the provider assigned within the ' +
      'array; it is not the SCSI LUN.',
    source: ['nf-vdshwprv-ivdslunnumber-getlunnumber'],
    interfaces: ['IVdsLunNumber'],
  },

  {
    id: 'VDS-5.1',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'Reenumerate finds devices that were connected or have gone, Refresh brings the information about known devices up to date. Both answer on the ' +
      'provider object itself, although the remote protocol does not use their slots.',
    source: [
      'reenumerating-and-refreshing.md',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'MS-VDS',
      'SDK 8.1 vds.h',
    ],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.2',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'After IVdsHwProvider::Reenumerate the provider knows the subsystems connected since and no longer lists those disconnected since, however long ' +
      'the search takes.',
    source: ['nf-vdshwprv-ivdshwprovider-reenumerate', 'idl:vdshp'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.3',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'IVdsHwProvider::Refresh renews the cached data of the existing subsystems; it does not search for new ones. It may send notifications while it ' +
      'works.',
    source: ['nf-vdshwprv-ivdshwprovider-refresh'],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-5.4',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'IVdsSubSystem::Reenumerate creates a drive object for each new drive, and drives that were there before keep their ids. The object of a removed ' +
      'drive stays until its last reference is released.',
    source: ['nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: ['IVdsSubSystem', 'IVdsDrive'],
  },
  {
    id: 'VDS-5.5a',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'A provider whose cache of attached devices is corrupted answers VDS_E_PROVIDER_CACHE_CORRUPT where it needs the cache, or repairs the cache ' +
      'itself. It never passes corrupted content off as an answer.',
    source: [
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'virtual-disk-service-common-return-codes.md',
    ],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-5.5b',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'Reenumerate followed by Refresh restores a corrupted cache: what the provider reports afterwards is true again. While the cause lasts, these ' +
      'two and QuerySubSystems may fail with VDS_E_PROVIDER_CACHE_CORRUPT themselves, or with another code of their pages or a generic one.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'nf-vdshwprv-ivdssubsystem-reenumerate',
    ],
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-5.6',
    subject: 'reenumerate-refresh',
    level: 'MUST',
    statement:
      'After Reenumerate and Refresh, a method that had answered VDS_E_PROVIDER_CACHE_CORRUPT succeeds once the cause is gone, and the objects still ' +
      'have the ids that they had before.',
    source: [
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
      'nf-vdshwprv-ivdssubsystem-reenumerate',
    ],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-5.7',
    subject: 'reenumerate-refresh',
    level: 'CALLER',
    statement: 'Refresh is not called from within OnNotify, or notification and refresh chase each other without end.',
    source: ['nf-vdshwprv-ivdshwprovider-refresh'],
    interfaces: ['IVdsHwProvider', 'IVdsAdviseSink'],
  },

  {
    id: 'VDS-6.1',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'Next answers S_OK only with celt objects and *pcFetched equal to celt; when fewer are left it answers S_FALSE, all of them, and their number. ' +
      'Each IUnknown returned carries a reference and gives its typed interface by QueryInterface.',
    source: ['nf-vdshwprv-ienumvdsobject-next'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.2a',
    subject: 'enumeration',
    level: 'SHOULD',
    statement: 'At the end of an enumeration each further Next answers S_FALSE with 0 fetched, until Reset.',
    source: ['MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.2b',
    subject: 'enumeration',
    level: 'AMBIGUOUS',
    statement:
      'Next with celt 0 is not described: S_OK, S_FALSE or E_INVALIDARG passes, provided that nothing is fetched, the position stays and the provider ' +
      'keeps to its choice.',
    source: ['nf-vdshwprv-ienumvdsobject-next', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.3',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'Skip answers S_OK when it passed over celt objects. With fewer left, or none, it passes over what there is and answers S_FALSE.',
    source: ['nf-vdshwprv-ienumvdsobject-skip', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.4',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'Reset answers S_OK and goes back to the beginning. Clone hands out a second enumerator that starts at the same position and moves independently ' +
      'from then on.',
    source: ['nf-vdshwprv-ienumvdsobject-reset', 'nf-vdshwprv-ienumvdsobject-clone'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5a',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'An enumeration is a snapshot: objects added later do not appear in it, removed ones stay in it and answer VDS_E_OBJECT_DELETED.',
    source: ['working-with-enumeration-objects.md', 'MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.5b',
    subject: 'enumeration',
    level: 'SHOULD',
    statement: 'An enumerator returns no object twice, and after Reset returns the same objects in the same order.',
    source: ['MS-VDS 3.4.1.3'],
    interfaces: ['IEnumVdsObject'],
  },
  {
    id: 'VDS-6.6a',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'QuerySubSystems, QueryLuns and QueryTargets answer S_OK with an empty enumerator when there is nothing to list. No query that succeeds returns ' +
      'a NULL enumerator, and no Next a NULL object.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdssubsystem-queryluns',
      'nf-vdshwprv-ivdssubsystemiscsi-querytargets',
      'working-with-enumeration-objects.md',
    ],
    interfaces: ['IVdsHwProvider', 'IVdsSubSystem', 'IVdsSubSystemIscsi', 'IEnumVdsObject'],
  },
  {
    id: 'VDS-6.6b',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'The queries for controllers, controller ports, drives, portals, portal groups, storage pools, active controllers and ports, and associated LUNs ' +
      'and portals answer S_OK with an empty enumerator when there is nothing to list, or a pool filter matches nothing.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querycontrollers',
      'nf-vdshwprv-ivdssubsystem-querydrives',
      'nf-vdshwprv-ivdssubsystemiscsi-queryportals',
      'nf-vdshwprv-ivdscontrollercontrollerport-querycontrollerports',
      'nf-vdshwprv-ivdscontroller-queryassociatedluns',
      'nf-vdshwprv-ivdscontrollerport-queryassociatedluns',
      'nf-vdshwprv-ivdslun-queryactivecontrollers',
      'nf-vdshwprv-ivdsluncontrollerports-queryactivecontrollerports',
      'nf-vdshwprv-ivdsiscsitarget-queryportalgroups',
      'nf-vdshwprv-ivdsiscsitarget-queryassociatedluns',
      'nf-vdshwprv-ivdsiscsiportalgroup-queryassociatedportals',
      'nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsSubSystemIscsi',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsControllerControllerPort',
      'IVdsLun',
      'IVdsLunControllerPorts',
      'IVdsIscsiTarget',
      'IVdsIscsiPortalGroup',
      'IVdsHwProviderStoragePools',
    ],
  },
  {
    id: 'VDS-6.7a',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'One enumeration holds objects of one kind only. QueryLuns lists every LUN of the subsystem, however it is masked.',
    source: ['idl:vdscmmn', 'nf-vdshwprv-ivdssubsystem-queryluns'],
    interfaces: ['IVdsSubSystem', 'IVdsHwProvider', 'IVdsSubSystemIscsi', 'IEnumVdsObject'],
  },
  {
    id: 'VDS-6.7b',
    subject: 'enumeration',
    level: 'MUST',
    statement:
      'QueryPlexes lists at least one plex for every LUN, and QueryControllers lists offline controllers as well as online ones.',
    source: ['nf-vdshwprv-ivdslun-queryplexes', 'nf-vdshwprv-ivdssubsystem-querycontrollers'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },

  {
    id: 'VDS-7.1a',
    subject: 'availability',
    level: 'MUST',
    statement:
      'Once the device of an object is gone, every method of that object except those of IUnknown answers VDS_E_OBJECT_DELETED. The pointer stays ' +
      'valid until the last Release, which ends the object.',
    source: ['vds-object-model.md', 'nf-vdshwprv-ivdslun-delete', 'nf-vdshwprv-ivdssubsystem-reenumerate'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.1b',
    subject: 'availability',
    level: 'CALLER',
    statement: 'On an object that answered VDS_E_OBJECT_DELETED, the only further call is Release.',
    source: ['vds-object-model.md'],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.2',
    subject: 'availability',
    level: 'MUST',
    statement:
      'VDS_E_OBJECT_NOT_FOUND is the answer to an id argument that names no existing object, never to the state of the object called; RemovePlex owes ' +
      'it for an invalid plex id.',
    source: [
      'nf-vdshwprv-ivdsproviderprivate-getobject',
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-extend',
      'nf-vdshwprv-ivdslun-removeplex',
      'virtual-disk-service-common-return-codes.md',
    ],
    interfaces: [
      'IVdsProviderPrivate',
      'IVdsSubSystem',
      'IVdsSubSystem2',
      'IVdsLun',
      'IVdsLunControllerPorts',
      'IVdsLunIscsi',
      'IVdsIscsiPortalGroup',
    ],
  },
  {
    id: 'VDS-7.3',
    subject: 'availability',
    level: 'MUST',
    statement:
      'An object in failed state answers VDS_E_OBJECT_STATUS_FAILED to what it cannot do, and still answers its getters of properties and of the ' +
      'containing object.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdssubsystem-queryluns',
      'nf-vdshwprv-ivdslun-getproperties',
    ],
    interfaces: DEVICE_INTERFACES,
  },
  {
    id: 'VDS-7.4',
    subject: 'availability',
    level: 'MUST',
    statement:
      'VDS_E_ANOTHER_CALL_IN_PROGRESS is the answer only to a call that overlaps an unfinished one. A provider that serialises overlapping calls never ' +
      'gives it.',
    source: ['virtual-disk-service-common-return-codes.md', 'nf-vdshwprv-ivdshwprovider-reenumerate'],
    interfaces: ['IVdsHwProvider', ...DEVICE_INTERFACES],
  },
  {
    id: 'VDS-7.5',
    subject: 'availability',
    level: 'MUST',
    statement:
      'A valid request that the provider or object does not support gives VDS_E_NOT_SUPPORTED. The creating methods give E_INVALIDARG for a LUN type ' +
      'outside the enumeration, and VDS_E_NOT_SUPPORTED for a listed type that the provider lacks.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsHwProviderStoragePools'],
  },
  {
    id: 'VDS-7.6',
    subject: 'availability',
    level: 'MUST',
    statement:
      'SetStatus of a subsystem, controller, controller port, drive or LUN refuses the UNKNOWN value with E_INVALIDARG. For the values that callers ' +
      'may set, the provider does whatever reaching that status takes, such as flushing a cache.',
    source: [
      'nf-vdshwprv-ivdssubsystem-setstatus',
      'nf-vdshwprv-ivdscontroller-setstatus',
      'nf-vdshwprv-ivdscontrollerport-setstatus',
      'nf-vdshwprv-ivdsdrive-setstatus',
      'nf-vdshwprv-ivdslun-setstatus',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive', 'IVdsLun'],
  },
  {
    id: 'VDS-7.7',
    subject: 'availability',
    level: 'MUST',
    statement:
      'VDS_S_PROPERTIES_INCOMPLETE from a property getter is a success, for example while a device is being removed: the caller may read the ' +
      'structure, and every string in it is NULL or valid.',
    source: [
      'virtual-disk-service-common-return-codes.md',
      'nf-vdshwprv-ivdsprovider-getproperties',
      'nf-vdshwprv-ivdssubsystem-getproperties',
      'nf-vdshwprv-ivdslun-getproperties',
      'nf-vdshwprv-ivdsiscsitarget-getproperties',
    ],
    interfaces: [
      'IVdsProvider',
      'IVdsSubSystem',
      'IVdsSubSystem2',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsIscsiTarget',
      'IVdsIscsiPortal',
      'IVdsIscsiPortalGroup',
    ],
  },
  {
    id: 'VDS-7.8a',
    subject: 'availability',
    level: 'MUST',
    statement:
      'SetIpsecTunnelAddress, GetIpsecSecurity and SetIpsecSecurity of a portal, SetIpsecSecurityLocal, and SetIpsecGroupPresharedKey of a subsystem ' +
      'answer VDS_E_NOT_SUPPORTED, always.',
    source: [
      'nf-vdshwprv-ivdsiscsiportal-setipsectunneladdress',
      'nf-vdshwprv-ivdsiscsiportal-getipsecsecurity',
      'nf-vdshwprv-ivdsiscsiportal-setipsecsecurity',
      'nf-vdshwprv-ivdssubsystemiscsi-setipsecgrouppresharedkey',
      'nf-vds-ivdsiscsiportallocal-setipsecsecuritylocal',
    ],
    interfaces: ['IVdsIscsiPortal', 'IVdsIscsiPortalLocal', 'IVdsSubSystemIscsi'],
  },
  {
    id: 'VDS-7.8b',
    subject: 'availability',
    level: 'AMBIGUOUS',
    statement:
      'IVdsIscsiPortal::SetStatus either answers VDS_E_NOT_SUPPORTED, or accepts exactly ONLINE and OFFLINE; the provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdsiscsiportal-setstatus'],
    interfaces: ['IVdsIscsiPortal'],
  },
  {
    id: 'VDS-7.9',
    subject: 'availability',
    level: 'MUST',
    statement:
      "What a provider hands out is sound: a subsystem's identification string is not NULL, a target's iSCSI name is a valid one, and a path has one " +
      'type throughout, with endpoint properties of that type.',
    source: ['vdserr.h'],
    interfaces: ['IVdsSubSystem', 'IVdsIscsiTarget', 'IVdsLunMpio'],
  },

  {
    id: 'VDS-8.1a',
    subject: 'async',
    level: 'MUST',
    statement:
      'CreateLun, Extend, CreateTarget and IVdsIscsiTarget::Delete return a non-NULL IVdsAsync with every success, even when the work is already done.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-extend',
      'nf-vdshwprv-ivdssubsystemiscsi-createtarget',
      'nf-vdshwprv-ivdsiscsitarget-delete',
      'helper-objects.md',
    ],
    interfaces: ['IVdsAsync', 'IVdsSubSystem', 'IVdsLun', 'IVdsSubSystemIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-8.1b',
    subject: 'async',
    level: 'MUST',
    statement:
      'The other methods with a ppAsync parameter (CreateLun2, CreateLunInStoragePool, Shrink, plex changes, Recover, portal group changes) return a ' +
      'non-NULL IVdsAsync with every success, too.',
    source: [
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
      'nf-vdshwprv-ivdslun-shrink',
      'nf-vdshwprv-ivdslun-addplex',
      'nf-vdshwprv-ivdslun-removeplex',
      'nf-vdshwprv-ivdslun-recover',
      'nf-vdshwprv-ivdsiscsitarget-createportalgroup',
      'nf-vdshwprv-ivdsiscsiportalgroup-addportal',
      'nf-vdshwprv-ivdsiscsiportalgroup-removeportal',
      'nf-vdshwprv-ivdsiscsiportalgroup-delete',
      'helper-objects.md',
    ],
    interfaces: [
      'IVdsAsync',
      'IVdsSubSystem2',
      'IVdsHwProviderStoragePools',
      'IVdsLun',
      'IVdsIscsiTarget',
      'IVdsIscsiPortalGroup',
    ],
  },
  {
    id: 'VDS-8.2',
    subject: 'async',
    level: 'MUST',
    statement:
      'Wait keeps two results apart: its own HRESULT tells about the call, *pHrResult about the operation. A failed operation shows in *pHrResult, so ' +
      'a caller has to look at both.',
    source: ['nf-vdshwprv-ivdsasync-wait'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3a',
    subject: 'async',
    level: 'MUST',
    statement:
      'Wait returns only once the operation has ended, and each Wait adds a reference to the object that it hands out. When either result is a ' +
      'failure, the interface pointers in VDS_ASYNC_OUTPUT are NULL.',
    source: ['nf-vdshwprv-ivdsasync-wait', 'nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.3b',
    subject: 'async',
    level: 'SHOULD',
    statement: 'Once the operation has ended, every further Wait returns at once with the same result.',
    source: ['MS-VDS 3.4.1.5'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4a',
    subject: 'async',
    level: 'MUST',
    statement:
      'The type in VDS_ASYNC_OUTPUT is the one documented for the operation (CreateLun 50, Extend 54, CreateTarget 62, target Delete 64, and so on), ' +
      'and a creation that succeeded comes with its non-NULL object.',
    source: ['nf-vdshwprv-ivdsasync-wait', 'ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.4b',
    subject: 'async',
    level: 'AMBIGUOUS',
    statement:
      'A finished RemovePlex reports REMOVELUNPLEX (53); the union has no member for the IUnknown that one page promises, so its content after it is ' +
      'not judged.',
    source: ['ne-vdshwprv-vds_async_output_type', 'ns-vdshwprv-vds_async_output'],
    interfaces: ['IVdsAsync'],
    waiting: 'IVdsLun::RemovePlex',
  },
  {
    id: 'VDS-8.5a',
    subject: 'async',
    level: 'MUST',
    statement:
      'QueryStatus returns without waiting. *pHrResult is VDS_E_OPERATION_PENDING while the operation runs, and its final HRESULT afterwards.',
    source: ['nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.5b',
    subject: 'async',
    level: 'MUST',
    statement:
      '*pulPercentCompleted of QueryStatus is 0 to 99 while the operation runs and 100 when it has finished; 0 stands for progress that cannot be ' +
      'estimated.',
    source: ['nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.5c',
    subject: 'async',
    level: 'AMBIGUOUS',
    statement:
      'For an operation without progress QueryStatus may report -1 percent. While it runs, VDS_E_OPERATION_PENDING may also be the result of the call ' +
      'itself; its value is 0x80042409, and 0x00042409 passes.',
    source: ['idl:vdscmmn', 'MS-VDS', 'vdserr.h', 'nf-vdshwprv-ivdsasync-querystatus'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.6',
    subject: 'async',
    level: 'SHOULD',
    statement: 'The percentage never goes down, except to 0 when the operation fails.',
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7a',
    subject: 'async',
    level: 'MUST',
    statement:
      'Cancel answers S_OK when the operation will stop, VDS_E_NOT_SUPPORTED when it cannot be cancelled, VDS_E_OPERATION_CANCELED when it already ' +
      'was, and VDS_E_CANCEL_TOO_LATE when it is past that point.',
    source: ['nf-vdshwprv-ivdsasync-cancel'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.7b',
    subject: 'async',
    level: 'SHOULD',
    statement:
      "After a Cancel that succeeded, Wait returns and the operation's result is VDS_E_OPERATION_CANCELED; a Cancel that failed changes nothing. A " +
      'Wait that gives up early answers VDS_E_TIMEOUT.',
    source: ['MS-VDS'],
    interfaces: ['IVdsAsync'],
  },
  {
    id: 'VDS-8.8',
    subject: 'async',
    level: 'MUST',
    statement:
      'Whether the work is done before the method returns or after, the caller sees the same: an IVdsAsync that answers Wait and QueryStatus.',
    source: ['helper-objects.md'],
    interfaces: ['IVdsAsync'],
  },

  {
    id: 'VDS-9.1',
    subject: 'notifications',
    level: 'MUST',
    statement:
      'The provider sends its notifications to the sink it got from OnLoad. Each OnNotify carries 1 to 100 of them, as many as its count says.',
    source: ['vds-notification-model.md', 'idl:vdscmmn', 'nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink', 'IVdsProviderPrivate'],
  },
  {
    id: 'VDS-9.2',
    subject: 'notifications',
    level: 'AMBIGUOUS',
    statement:
      'Who frees the notification array is contradictory: the provider frees it itself, or leaves it to the service in a block from CoTaskMemAlloc. In ' +
      'both readings it is readable for as long as OnNotify runs.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
    waiting: 'a memory audit of notification arrays',
  },
  {
    id: 'VDS-9.3',
    subject: 'notifications',
    level: 'MUST',
    statement: 'S_FALSE from OnNotify is no error: the provider carries on, and goes on notifying.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.4',
    subject: 'notifications',
    level: 'SHOULD',
    statement:
      'All notifications of one event come in one OnNotify call, for example VDS_NF_DRIVE_MODIFY for every drive that a deleted LUN had used.',
    source: ['vds-notification-model.md', 'nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.5',
    subject: 'notifications',
    level: 'MUST',
    statement:
      'objectType in a notification tells which union member is filled, and the event is one that this object type has: 101 to 200, or 350 to 354 from ' +
      'Windows 7 on.',
    source: ['ns-vdshwprv-vds_notification', 'SDK 8.1 vds.h'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6a',
    subject: 'notifications',
    level: 'MUST',
    statement:
      'VDS_NF_LUN_ARRIVE follows the creation of a LUN and VDS_NF_LUN_DEPART its deletion, VDS_NF_TARGET_ARRIVE the creation of a target and ' +
      'VDS_NF_TARGET_DEPART its deletion, each with the id of that object.',
    source: ['ns-vdshwprv-vds_lun_notification', 'ns-vdshwprv-vds_target_notification', 'SDK 8.1 vds.h'],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.6b',
    subject: 'notifications',
    level: 'MUST',
    statement:
      'Subsystem, drive, controller, port, portal and portal group events follow arrival, departure, creation or deletion of what they name, and ' +
      '_REMOVED its loss of use. _MODIFY, also of LUNs and targets, follows a changed property, drive extent or added plex.',
    source: [
      'ns-vdshwprv-vds_sub_system_notification',
      'ns-vdshwprv-vds_drive_notification',
      'ns-vdshwprv-vds_controller_notification',
      'ns-vdshwprv-vds_port_notification',
      'ns-vdshwprv-vds_lun_notification',
      'ns-vdshwprv-vds_target_notification',
      'ns-vdshwprv-vds_portal_notification',
      'ns-vdshwprv-vds_portal_group_notification',
      'SDK 8.1 vds.h',
    ],
    interfaces: ['IVdsAdviseSink'],
  },
  {
    id: 'VDS-9.7',
    subject: 'notifications',
    level: 'AMBIGUOUS',
    statement:
      'ARRIVE and DEPART of a controller or port stand for physical presence or, in older comments, for going online and offline; the provider keeps ' +
      'to one meaning.',
    source: ['idl:vdscmmn', 'ns-vdshwprv-vds_controller_notification', 'ns-vdshwprv-vds_port_notification'],
    interfaces: ['IVdsAdviseSink'],
    waiting: 'controller and port notifications',
  },
  {
    id: 'VDS-9.8',
    subject: 'notifications',
    level: 'MUST',
    statement:
      'Setting a controller, port or drive OFFLINE sends its _REMOVED event; the status REMOVED sends its _DEPART event.',
    source: ['ne-vdshwprv-vds_controller_status', 'ne-vdshwprv-vds_port_status', 'ne-vdshwprv-vds_drive_status'],
    interfaces: ['IVdsAdviseSink', 'IVdsController', 'IVdsControllerPort', 'IVdsDrive'],
  },
  {
    id: 'VDS-9.9',
    subject: 'notifications',
    level: 'AMBIGUOUS',
    statement:
      'For a LUN that is unmasked to this computer a comment allows disk notifications, which do not come from the provider, to take the place of LUN ' +
      'notifications; both behaviours pass.',
    source: ['idl:vdscmmn'],
    interfaces: ['IVdsAdviseSink'],
    waiting: 'IVdsLun::SetMask, a LUN unmasked to this computer',
  },
  {
    id: 'VDS-9.10',
    subject: 'notifications',
    level: 'AMBIGUOUS',
    statement:
      'OnNotify may come before or after the method that caused it returns, and on any thread; the order that the provider shows is recorded.',
    source: ['nf-vdshwprv-ivdsadvisesink-onnotify'],
    interfaces: ['IVdsAdviseSink'],
  },

  {
    id: 'VDS-10.1a',
    subject: 'luns',
    level: 'MUST',
    statement: 'The subsystem creates LUNs explicitly directed: the caller gives every attribute, the drives included.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.1b',
    subject: 'luns',
    level: 'MUST',
    statement:
      'The subsystem creates LUNs partially directed: the caller gives the attributes it cares about, such as type and size, and the provider chooses ' +
      'the rest.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.1c',
    subject: 'luns',
    level: 'SHOULD',
    statement:
      'The subsystem supports automagic LUN creation: type, size and hints given, all else left to the provider.',
    source: ['lun-object.md'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'CreateLun takes an automagic type with NULL and 0 for the drives and with hints, or a concrete type with hints NULL, not a mixture. A NULL ' +
      'drive array goes with count 0 and no other, and means that the provider chooses the drives.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun'],
    interfaces: ['IVdsSubSystem'],
  },
  {
    id: 'VDS-10.2b',
    subject: 'luns',
    level: 'MUST',
    statement:
      'CreateLun uses the drives in the order given. Hints are requests that it may leave unmet; QueryHints tells which ones were applied.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'nf-vdshwprv-ivdslun-queryhints'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.2c',
    subject: 'luns',
    level: 'MUST',
    statement:
      'The size of a new LUN may be rounded, normally up; GetProperties reports the size it really has, and never an automagic type (1 to 3). Lack of ' +
      'space gives VDS_E_NOT_ENOUGH_SPACE, lack of drives VDS_E_NOT_ENOUGH_DRIVE.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'nf-vdshwprv-ivdslun-getproperties', 'ne-vdshwprv-vds_lun_type'],
    interfaces: ['IVdsSubSystem', 'IVdsLun'],
  },
  {
    id: 'VDS-10.3',
    subject: 'luns',
    level: 'MUST',
    statement:
      'The provider clears partition information of new and deleted LUNs: zeroes over the first and last megabyte (MBR) or 16 KB (GPT), written before ' +
      'the LUN is unmasked.',
    source: [
      'nf-vdshwprv-ivdssubsystem-createlun',
      'nf-vdshwprv-ivdslun-delete',
      'nf-vdshwprv-ivdssubsystem2-createlun2',
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsHwProviderStoragePools', 'IVdsLun'],
    untestable: 'No provider method reads the data of a LUN; seeing it takes a host with the LUN attached.',
  },
  {
    id: 'VDS-10.4a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'On a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG a new LUN comes associated with a target that has at least one associated portal.',
    source: ['nf-vdshwprv-ivdssubsystem-createlun', 'ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystem', 'IVdsLunIscsi', 'IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-10.4b',
    subject: 'luns',
    level: 'MUST',
    statement: 'On a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG, CreateTarget answers VDS_E_NOT_SUPPORTED.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget', 'ne-vdshwprv-vds_sub_system_flag'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.5a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'QueryMaxLunCreateSize tells the size of the largest LUN that can be created, QueryMaxLunExtendSize the most that Extend can add. The first requires ' +
      'its result pointer, and gives hints less weight than the other parameters.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querymaxluncreatesize',
      'nf-vdshwprv-ivdssubsystem2-querymaxluncreatesize2',
      'nf-vdshwprv-ivdslun-querymaxlunextendsize',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2', 'IVdsLun'],
  },
  {
    id: 'VDS-10.5b',
    subject: 'luns',
    level: 'AMBIGUOUS',
    statement:
      'QueryMaxLunCreateSize with NULL for pHints is accepted or refused with a permitted code; the provider keeps to its choice.',
    source: [
      'nf-vdshwprv-ivdssubsystem-querymaxluncreatesize',
      'nf-vdshwprv-ivdssubsystem2-querymaxluncreatesize2',
      'idl:vdshp',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsSubSystem2'],
  },
  {
    id: 'VDS-10.6',
    subject: 'luns',
    level: 'MUST',
    statement:
      'When IVdsLun::Delete returns S_OK, the LUN and its plexes are gone and their extents are free: there is no IVdsAsync to wait for. Pointers to ' +
      'it that are still held answer VDS_E_OBJECT_DELETED.',
    source: ['nf-vdshwprv-ivdslun-delete'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.7a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'Extend adds the bytes asked for, rounded as in CreateLun. When there is not enough it fails and leaves the LUN as it was.',
    source: ['nf-vdshwprv-ivdslun-extend'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.7b',
    subject: 'luns',
    level: 'MUST',
    statement:
      'Extend uses the drives given and then others, and takes NULL for the drive array only with count 0. Shrink takes its bytes from the end of the ' +
      'LUN.',
    source: ['nf-vdshwprv-ivdslun-extend', 'nf-vdshwprv-ivdslun-shrink'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.8a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'AddPlex turns a LUN of at least the same size, with each of its plexes, into plexes of this one, whose size stays; RemovePlex frees a plex ' +
      'other than the original; Recover needs a fault-tolerant LUN. A smaller LUN, or Recover elsewhere, gives VDS_E_INVALID_OPERATION.',
    source: ['nf-vdshwprv-ivdslun-addplex', 'nf-vdshwprv-ivdslun-removeplex', 'nf-vdshwprv-ivdslun-recover'],
    interfaces: ['IVdsLun', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.8b',
    subject: 'luns',
    level: 'MUST',
    statement:
      'A plex is at least as large as its LUN, and has stripe size 0 unless it is striped or striped with parity.',
    source: ['nf-vdshwprv-ivdslunplex-getproperties', 'ns-vdshwprv-vds_lun_plex_prop'],
    interfaces: ['IVdsLunPlex'],
  },
  {
    id: 'VDS-10.9a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'An unmasking list is "*", "", or initiators separated by ";", WWNs as 16 upper-case hexadecimal digits, high byte first; the provider validates ' +
      'it and drops duplicates. Each SetMask replaces the list before it.',
    source: ['nf-vdshwprv-ivdslun-setmask', 'nf-vdshwprv-ivdssubsystem-createlun', 'idl:vdshp'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.9b',
    subject: 'luns',
    level: 'AMBIGUOUS',
    statement:
      'iSCSI entries of an unmasking list name initiators, or targets by an older comment. The answer of SetMask on a subsystem without ' +
      'VDS_SF_LUN_MASKING_CAPABLE is open.',
    source: ['nf-vdshwprv-ivdslun-setmask', 'idl:vdshp'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.9c',
    subject: 'luns',
    level: 'AMBIGUOUS',
    statement:
      'GetProperties reports the unmasking list in effect, in which duplicates do not count. For a LUN that is not masked it is NULL by one comment; ' +
      'NULL, "" and "*" pass, and the provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdslun-getproperties', 'ns-vdshwprv-vds_lun_prop', 'idl:vdshp'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.10',
    subject: 'luns',
    level: 'MUST',
    statement:
      'AssociateControllers, AssociateControllerPorts and SetControllerStatus take every controller or port of the subsystem in exactly one of their ' +
      'two arrays, else answer E_INVALIDARG. An unknown id gives VDS_E_OBJECT_NOT_FOUND.',
    source: [
      'nf-vdshwprv-ivdslun-associatecontrollers',
      'nf-vdshwprv-ivdsluncontrollerports-associatecontrollerports',
      'nf-vdshwprv-ivdssubsystem-setcontrollerstatus',
    ],
    interfaces: ['IVdsLun', 'IVdsLunControllerPorts', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-10.11',
    subject: 'luns',
    level: 'MUST',
    statement:
      'AssociateTargets makes the given targets the whole new set, and answers VDS_E_OBJECT_NOT_FOUND for an unknown id. QueryAssociatedTargets of a ' +
      'LUN and QueryAssociatedLuns of a target agree.',
    source: [
      'nf-vdshwprv-ivdsluniscsi-associatetargets',
      'nf-vdshwprv-ivdsluniscsi-queryassociatedtargets',
      'nf-vdshwprv-ivdsiscsitarget-queryassociatedluns',
    ],
    interfaces: ['IVdsLunIscsi', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-10.12a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'ApplyHints on a LUN reaches all of its plexes, on a plex that one only, with fields that do not apply ignored. A hint counts only when its mask ' +
      'bit is set.',
    source: ['nf-vdshwprv-ivdslun-applyhints', 'nf-vdshwprv-ivdslunplex-applyhints', 'ns-vdshwprv-vds_hints'],
    interfaces: ['IVdsLun', 'IVdsLunPlex', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.12b',
    subject: 'luns',
    level: 'AMBIGUOUS',
    statement:
      'The rebuild priority runs from 0 to 15, with the limits 1 and 16 named elsewhere: values 0 and 16 are accepted or refused.',
    source: ['ns-vdshwprv-vds_hints', 'vds-constants.md', 'SDK 8.1 vds.h'],
    interfaces: ['IVdsLun', 'IVdsLunPlex', 'IVdsLun2'],
  },
  {
    id: 'VDS-10.13',
    subject: 'luns',
    level: 'MUST',
    statement:
      'SetFriendlyName that shortened the name answers VDS_S_NAME_TRUNCATED. FlushCache, InvalidateCache and Reset work on one controller, and Reset ' +
      'also invalidates its cache.',
    source: [
      'nf-vdshwprv-ivdslunnaming-setfriendlyname',
      'nf-vdshwprv-ivdssubsystemnaming-setfriendlyname',
      'nf-vdshwprv-ivdsiscsitarget-setfriendlyname',
      'nf-vdshwprv-ivdscontroller-flushcache',
      'nf-vdshwprv-ivdscontroller-invalidatecache',
      'nf-vdshwprv-ivdscontroller-reset',
    ],
    interfaces: ['IVdsLunNaming', 'IVdsSubSystemNaming', 'IVdsIscsiTarget', 'IVdsController'],
  },
  {
    id: 'VDS-10.14',
    subject: 'luns',
    level: 'MUST',
    statement:
      'Health FAILED goes with status FAILED and with no other, HEALTHY never with FAILED or UNKNOWN; status ONLINE or NOT_READY of a controller, port ' +
      'or drive never goes with health FAILED. The health value is one documented for that kind of object.',
    source: [
      'ns-vdshwprv-vds_sub_system_prop',
      'ns-vdshwprv-vds_lun_prop',
      'ns-vdshwprv-vds_lun_plex_prop',
      'ns-vdshwprv-vds_drive_prop',
      'ne-vdshwprv-vds_health',
      'ne-vdshwprv-vds_controller_status',
      'ne-vdshwprv-vds_port_status',
      'ne-vdshwprv-vds_drive_status',
    ],
    interfaces: [
      'IVdsSubSystem',
      'IVdsLun',
      'IVdsLunPlex',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsStoragePool',
    ],
  },
  {
    id: 'VDS-10.15',
    subject: 'luns',
    level: 'MUST',
    statement:
      'QueryExtents of a drive lists its used and free extents, each allocated one with the id of its LUN, and of a plex the extents of that plex. ' +
      'With none it answers S_OK, a NULL array and count 0.',
    source: ['nf-vdshwprv-ivdsdrive-queryextents', 'nf-vdshwprv-ivdslunplex-queryextents'],
    interfaces: ['IVdsDrive', 'IVdsLunPlex'],
  },
  {
    id: 'VDS-10.16',
    subject: 'luns',
    level: 'MUST',
    statement:
      'Creating a LUN in a storage pool, or asking for its maximum size, takes a pool id other than GUID_NULL; QueryStoragePools with flags 0 lists ' +
      'all pools, else those that match every attribute. A pool consumes no more than is provisioned, and a thin one is of type CONCRETE.',
    source: [
      'nf-vdshwprv-ivdshwproviderstoragepools-createluninstoragepool',
      'nf-vdshwprv-ivdshwproviderstoragepools-querymaxluncreatesizeinstoragepool',
      'nf-vdshwprv-ivdshwproviderstoragepools-querystoragepools',
      'ns-vdshwprv-vds_storage_pool_prop',
    ],
    interfaces: ['IVdsHwProviderStoragePools', 'IVdsStoragePool'],
    waiting: 'IVdsHwProviderStoragePools, IVdsStoragePool',
  },
  {
    id: 'VDS-10.17',
    subject: 'luns',
    level: 'MUST',
    statement:
      'StartMaintenance runs until it is stopped or pulsed; StopMaintenance and PulseMaintenance of an operation that is idle answer S_FALSE and do ' +
      'nothing. SpinUp and SpinDown cannot be pulsed.',
    source: [
      'nf-vdshwprv-ivdsmaintenance-startmaintenance',
      'nf-vdshwprv-ivdsmaintenance-stopmaintenance',
      'nf-vdshwprv-ivdsmaintenance-pulsemaintenance',
    ],
    interfaces: ['IVdsMaintenance'],
    waiting: 'IVdsMaintenance',
  },
  {
    id: 'VDS-10.18a',
    subject: 'luns',
    level: 'MUST',
    statement:
      'GetIdentificationData reports m_version VER_VDS_LUN_INFORMATION (1), and NULL for ids that the LUN does not have.',
    source: ['nf-vdshwprv-ivdslun-getidentificationdata', 'ns-vdslun-vds_lun_information'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.18b',
    subject: 'luns',
    level: 'SHOULD',
    statement: 'GetIdentificationData leaves the interconnects empty.',
    source: ['idl:vdslun'],
    interfaces: ['IVdsLun'],
  },
  {
    id: 'VDS-10.19',
    subject: 'luns',
    level: 'MUST',
    statement:
      'GetPathInfo and GetLoadBalancePolicy report the same number of paths (NULL and 0 for none), with hbaPortProp.id GUID_NULL and never the type ' +
      'HYBRID. iSCSI providers do not implement IVdsLunMpio.',
    source: [
      'nf-vdshwprv-ivdslunmpio-getpathinfo',
      'nf-vdshwprv-ivdslunmpio-getloadbalancepolicy',
      'ns-vdshwprv-vds_path_info',
      'nn-vdshwprv-ivdslunmpio',
    ],
    interfaces: ['IVdsLunMpio'],
    waiting: 'IVdsLunMpio::GetPathInfo, IVdsLunMpio::GetLoadBalancePolicy, IVdsHwProviderType::GetProviderType',
  },

  {
    id: 'VDS-11.1',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'CreateTarget makes up an iSCSI name when given NULL or "", and answers VDS_E_NAME_NOT_UNIQUE for a name in use on any subsystem it sees. The ' +
      'new target comes as pTargetUnk.',
    source: ['nf-vdshwprv-ivdssubsystemiscsi-createtarget'],
    interfaces: ['IVdsSubSystemIscsi', 'IVdsAsync'],
  },
  {
    id: 'VDS-11.2a',
    subject: 'iscsi',
    level: 'MUST',
    statement: 'IVdsIscsiTarget::Delete removes a target without associated LUNs, and its portal groups with it.',
    source: ['nf-vdshwprv-ivdsiscsitarget-delete'],
    interfaces: ['IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.2b',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'IVdsIscsiTarget::Delete answers VDS_E_ASSOCIATED_LUNS_EXIST while LUNs are associated, IVdsIscsiPortalGroup::Delete ' +
      'VDS_E_ASSOCIATED_PORTALS_EXIST while portals are.',
    source: ['nf-vdshwprv-ivdsiscsitarget-delete', 'nf-vdshwprv-ivdsiscsiportalgroup-delete'],
    interfaces: ['IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.3',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'When no more portal groups can be created, CreatePortalGroup answers the success VDS_S_ALREADY_EXISTS, and Wait hands out an existing group.',
    source: ['nf-vdshwprv-ivdsiscsitarget-createportalgroup'],
    interfaces: ['IVdsIscsiTarget', 'IVdsAsync'],
  },
  {
    id: 'VDS-11.4a',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'AddPortal and RemovePortal answer VDS_E_OBJECT_NOT_FOUND for an unknown portal. A portal is in at most one group of a target, and may be in ' +
      'groups of several targets.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal', 'nf-vdshwprv-ivdsiscsiportalgroup-removeportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.4b',
    subject: 'iscsi',
    level: 'AMBIGUOUS',
    statement:
      'The code for adding a portal to a second group of the same target is not documented: AddPortal fails with any permitted code.',
    source: ['nf-vdshwprv-ivdsiscsiportalgroup-addportal'],
    interfaces: ['IVdsIscsiPortalGroup'],
  },
  {
    id: 'VDS-11.5a',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'SetSharedSecret takes a secret of 12 to 16 bytes for one initiator or, with a NULL name, for all, and clears it for NULL with size 0; ' +
      'bChapEnabled tells whether a secret is needed. A target without secrets per initiator answers VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED.',
    source: [
      'nf-vdshwprv-ivdsiscsitarget-setsharedsecret',
      'ns-vdshwprv-vds_iscsi_shared_secret',
      'ns-vdshwprv-vds_iscsi_target_prop',
    ],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.5b',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'The provider itself configures the secret on the array, sends it there securely, and keeps no copy of it on this computer.',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
    untestable:
      'What a provider sends to its array, and what it stores on the computer, shows in no answer of a provider method.',
  },
  {
    id: 'VDS-11.5c',
    subject: 'iscsi',
    level: 'AMBIGUOUS',
    statement:
      'The code for a secret of a wrong length is not documented: SetSharedSecret refuses it with any permitted code (E_INVALIDARG is the plausible ' +
      'one).',
    source: ['nf-vdshwprv-ivdsiscsitarget-setsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.6a',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      "RememberInitiatorSharedSecret stores an initiator's secret for mutual CHAP; the initiator name is required, and VDS_E_NOT_SUPPORTED is " +
      'allowed.',
    source: ['nf-vdshwprv-ivdsiscsitarget-rememberinitiatorsharedsecret'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.6b',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'VDS_SF_SUPPORTS_AUTH_CHAP and _MUTUAL_CHAP of a subsystem tell the truth: where the flag is set, the method that sets that secret is supported.',
    source: [
      'ne-vdshwprv-vds_sub_system_flag',
      'nf-vdshwprv-ivdsiscsitarget-setsharedsecret',
      'nf-vdshwprv-ivdsiscsitarget-rememberinitiatorsharedsecret',
    ],
    interfaces: ['IVdsSubSystem', 'IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.7',
    subject: 'iscsi',
    level: 'MUST',
    statement:
      'GetConnectedInitiators allocates the array and each string in it by CoTaskMemAlloc, in blocks of their own that the caller can free.',
    source: ['nf-vdshwprv-ivdsiscsitarget-getconnectedinitiators'],
    interfaces: ['IVdsIscsiTarget'],
  },
  {
    id: 'VDS-11.8',
    subject: 'iscsi',
    level: 'MUST',
    statement: "An initiator can log on to a target only where one of the target's portal groups has a portal.",
    source: ['target-object.md'],
    interfaces: ['IVdsIscsiTarget', 'IVdsIscsiPortalGroup'],
    untestable: 'Logging on is the act of an iSCSI initiator, often on another host; no provider method does it.',
  },

  {
    id: 'VDS-12.1',
    subject: 'memory',
    level: 'MUST',
    statement:
      "Property getters fill the caller's structure; each string member in it is NULL or a block of its own from CoTaskMemAlloc, which the caller " +
      'frees.',
    source: [
      'nf-vdshwprv-ivdsprovider-getproperties',
      'nf-vdshwprv-ivdssubsystem-getproperties',
      'nf-vdshwprv-ivdslun-getproperties',
      'nf-vdshwprv-ivdsiscsitarget-getproperties',
    ],
    interfaces: [
      'IVdsProvider',
      'IVdsSubSystem',
      'IVdsSubSystem2',
      'IVdsController',
      'IVdsControllerPort',
      'IVdsDrive',
      'IVdsDrive2',
      'IVdsLun',
      'IVdsIscsiTarget',
    ],
  },
  {
    id: 'VDS-12.2a',
    subject: 'memory',
    level: 'MUST',
    statement:
      'Extent, path, policy and initiator arrays come from CoTaskMemAlloc, with the pointers inside the elements of GetPathInfo. So do the ANSI ' +
      'strings and interconnect buffers of VDS_LUN_INFORMATION.',
    source: [
      'nf-vdshwprv-ivdslun-getidentificationdata',
      'nf-vdshwprv-ivdsiscsitarget-getconnectedinitiators',
      'nf-vdshwprv-ivdsdrive-queryextents',
      'nf-vdshwprv-ivdslunplex-queryextents',
      'nf-vdshwprv-ivdslunmpio-getpathinfo',
      'nf-vdshwprv-ivdslunmpio-getloadbalancepolicy',
      'ns-vdslun-vds_lun_information',
    ],
    interfaces: ['IVdsLun', 'IVdsIscsiTarget', 'IVdsDrive', 'IVdsLunPlex', 'IVdsLunMpio'],
  },
  {
    id: 'VDS-12.2b',
    subject: 'memory',
    level: 'AMBIGUOUS',
    statement:
      'The identifiers in VDS_LUN_INFORMATION and the strings in pool attributes have no documented rule for freeing; they are valid while the caller ' +
      'reads them, whatever allocated them.',
    source: [
      'ns-vdslun-vds_lun_information',
      'nf-vdshwprv-ivdslun-getidentificationdata',
      'nf-vdshwprv-ivdsstoragepool-getattributes',
    ],
    interfaces: ['IVdsLun', 'IVdsStoragePool'],
  },
  {
    id: 'VDS-12.3',
    subject: 'memory',
    level: 'MUST',
    statement:
      'An interface pointer that a method returns carries a reference of its own, which the caller releases; the object lives at least until then.',
    source: [
      'nf-vdshwprv-ienumvdsobject-next',
      'nf-vdshwprv-ivdsproviderprivate-getobject',
      'nf-vdshwprv-ivdsasync-wait',
    ],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-12.4',
    subject: 'memory',
    level: 'MUST',
    statement:
      "Strings and arrays passed in stay the caller's: the provider neither changes nor frees them, and does not use them after the call has " +
      'returned.',
    source: ['SDK 8.1 vds.h'],
    interfaces: PROVIDER_INTERFACES,
  },

  {
    id: 'VDS-13.1',
    subject: 'threading',
    level: 'AMBIGUOUS',
    statement:
      'No apartment or threading model, security initialisation or account is prescribed for a provider; any choice passes.',
    source: ['vds-object-model.md', 'SDK 8.1 vds.h'],
    interfaces: [],
    untestable: 'Threading model and account are set where the provider is registered, not shown by a method.',
  },
  {
    id: 'VDS-13.2',
    subject: 'threading',
    level: 'MUST',
    statement:
      'The provider serialises operations that touch the same objects on different threads, such as IVdsLun::Delete and IVdsSubSystem::QueryLuns, ' +
      'without a crash. Two parallel QueryLuns may differ.',
    source: ['nf-vdshwprv-ivdslun-delete', 'nf-vdshwprv-ivdssubsystem-queryluns'],
    interfaces: ['IVdsLun', 'IVdsSubSystem'],
  },
  {
    id: 'VDS-13.3',
    subject: 'threading',
    level: 'MUST',
    statement:
      'The provider takes calls from several threads; one that overlaps another is carried out or answers VDS_E_ANOTHER_CALL_IN_PROGRESS.',
    source: ['vds-object-model.md'],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-13.4',
    subject: 'threading',
    level: 'CALLER',
    statement:
      'The caller runs as a member of Administrators or Backup Operators, or is prepared for VDS_E_ACCESS_DENIED.',
    source: ['virtual-disk-service-common-return-codes.md', 'vdserr.h'],
    interfaces: [],
  },
  {
    id: 'VDS-13.5',
    subject: 'threading',
    level: 'SHOULD',
    statement: 'No method lets an exception escape to its caller.',
    source: ['MS-VDS'],
    interfaces: PROVIDER_INTERFACES,
  },
];

const BY_ID: ReadonlyMap<string, Requirement> = new Map(REQUIREMENTS.map((entry) => [entry.id, entry]));

/**
 * Looks a requirement up by its id.
 *
 * @param id for example `VDS-1.3a`
 * @throws RangeError when the catalogue has no such id
 */
export function requirement(id: string): Requirement {
  const found = BY_ID.get(id);
  if (found === undefined) throw new RangeError(`No requirement has the id ${JSON.stringify(id)}.`);
  return found;
}
