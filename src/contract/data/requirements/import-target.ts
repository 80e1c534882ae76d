// The duties about import target.
import type { Entry } from './entry.js';

export const IMPORT_TARGET: readonly Entry[] = [
  {
    id: 'VDS-1.1',
    level: 'AMBIGUOUS',
    statement:
      'IVdsSubSystemImportTarget is optional on the subsystem of a raw provider: QueryInterface hands it out or ' +
      'answers E_NOINTERFACE, and gives the ' +
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
    level: 'AMBIGUOUS',
    statement:
      'SetImportTarget takes a target by its iSCSI name or by the text of its VDS_OBJECT_ID. The provider accepts an ' +
      'existing target in at least one ' +
      'of these dialects, and keeps to the dialects that it accepts.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3a',
    level: 'MUST',
    statement:
      'Where the provider takes target ids, SetImportTarget with the text of GUID_NULL clears the import target: ' +
      'GetImportTarget then answers ' +
      'VDS_E_NO_IMPORT_TARGET.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3b',
    level: 'SHOULD',
    statement:
      'Where the provider takes iSCSI names, SetImportTarget with the text ' +
      'of GUID_NULL clears the import target as well.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.3c',
    level: 'AMBIGUOUS',
    statement:
      'SetImportTarget with NULL or with an empty string either clears the import target or is refused; the provider ' +
      'keeps to the answer that it chose ' +
      'for each.',
    source: ['idl:vds', 'MS-VDS 3.4.5.2.18.2', 'nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4a',
    level: 'MUST',
    statement:
      'A SetImportTarget that answers S_OK stores the import target for its own subsystem on this computer: that ' +
      'subsystem has one from then on, and ' +
      'the setting of any other subsystem stays as it was.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4b',
    level: 'AMBIGUOUS',
    statement:
      'Whether the value must name an existing target, be unique or be a well-formed iSCSI name is open: ' +
      'SetImportTarget stores a value that names no ' +
      'target, or refuses it with a permitted code, and treats the same value alike each time.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.4c',
    level: 'MUST',
    statement:
      'A LUN of a shadow-copy set that is imported on this computer gets associated, by the VSS hardware provider, ' +
      'with the target set for its ' +
      'subsystem.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget', 'IVdsLunIscsi'],
  },
  {
    id: 'VDS-1.5a',
    level: 'MUST',
    statement:
      'A GetImportTarget that succeeds hands out a non-NULL, terminated string that identifies the import target, in ' +
      'a block of its own from ' +
      'CoTaskMemAlloc that the caller frees.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.5b',
    level: 'AMBIGUOUS',
    statement:
      'What *ppwszIscsiName holds after a failed GetImportTarget, and which code refuses a NULL out pointer, is ' +
      'open: any failure code passes, a crash ' +
      'does not.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget', 'MS-VDS'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.6',
    level: 'MUST',
    statement: 'GetImportTarget answers VDS_E_NO_IMPORT_TARGET while no import target is set.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget', 'vdserr.h'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.6c',
    level: 'MUST',
    statement: 'Only a request for the import target is answered VDS_E_NO_IMPORT_TARGET, and so never SetImportTarget.',
    why:
      'vdserr.h and the common return codes define it as the answer about what is set; the page of SetImportTarget ' +
      'does not list it.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget', 'vdserr.h'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.6b',
    level: 'SHOULD',
    statement: 'A subsystem that answers VDS_E_NOT_SUPPORTED to GetImportTarget refuses SetImportTarget as well.',
    why: 'Each page has the code for itself; that they go together is implied.',
    source: ['nf-vds-ivdssubsystemimporttarget-getimporttarget', 'nf-vds-ivdssubsystemimporttarget-setimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.7',
    level: 'SHOULD',
    statement:
      "GetImportTarget returns the string that SetImportTarget stored, in a block distinct from the caller's and " +
      'from that of any earlier call.',
    source: ['MS-VDS', 'nf-vds-ivdssubsystemimporttarget-getimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.8',
    level: 'SHOULD',
    statement:
      'The import target is set for the computer: it stays when the provider is unloaded and loaded again, and ' +
      'another provider object reports the same one.',
    why: 'The page says for the computer, and vdserr.h that it is set in the registry; how long it stays neither says.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget', 'vdserr.h'],
    interfaces: ['IVdsSubSystemImportTarget'],
  },
  {
    id: 'VDS-1.9',
    level: 'AMBIGUOUS',
    statement:
      'When the target that is the import target is deleted, the setting goes with it or stays and names nothing; ' +
      'the provider keeps to its choice, and ' +
      'the setting never comes to name another target.',
    source: ['nf-vds-ivdssubsystemimporttarget-setimporttarget', 'nf-vds-ivdssubsystemimporttarget-getimporttarget'],
    interfaces: ['IVdsSubSystemImportTarget', 'IVdsIscsiTarget'],
  },
];
