// The duties about loading.
import { PROVIDER_INTERFACES } from './interfaces.js';
import type { Entry } from './entry.js';

export const LOADING: readonly Entry[] = [
  {
    id: 'VDS-2.1',
    level: 'MUST',
    statement:
      "The provider's setup registers it with IVdsAdmin::RegisterProvider as VDS_PT_HARDWARE, in one version at a " +
      'time, with non-NULL ids and valid ' +
      'strings (name up to 200, version 16, machine 15 characters). An in-process provider does so in ' +
      'DllRegisterServer, an out-of-process one in ' +
      'WinMain.',
    source: ['nf-vdshwprv-ivdsadmin-registerprovider', 'idl:vdscmprv', 'vdserr.h'],
    interfaces: ['IVdsAdmin'],
    untestable:
      "Registration is done by the provider's setup on the service and its registry keys; no provider method shows it.",
  },
  {
    id: 'VDS-2.2',
    level: 'MUST',
    statement:
      'A provider object that has just been created accepts OnLoad as the first call made on it, with nothing else ' +
      'needed in between.',
    source: ['vds-object-model.md', 'nf-vdshwprv-ivdsproviderprivate-onload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.3',
    level: 'MUST',
    verb: 'must',
    statement: 'OnLoad is implemented and answers S_OK once the provider is initialised, or VDS_E_INITIALIZED_FAILED.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onload', 'idl:vdsprvcm'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.3b',
    level: 'AMBIGUOUS',
    statement:
      'OnLoad with a pwszMachineName, which is reserved, succeeds or is refused; the provider keeps to its choice.',
    why: 'The page says that the parameter is reserved, and no more.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.3c',
    level: 'MUST',
    verb: 'must',
    statement:
      'OnLoad obtains the advise sink by querying pCallbackObject for IVdsAdviseSink, and holds a reference to it.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onload', 'idl:vdsprvcm'],
    interfaces: ['IVdsProviderPrivate', 'IVdsAdviseSink'],
  },
  {
    id: 'VDS-2.4',
    level: 'MUST',
    statement:
      'QuerySubSystems, Reenumerate and Refresh answer VDS_E_INITIALIZE_NOT_CALLED while OnLoad has not been called; ' +
      'after one that failed, also VDS_E_INITIALIZED_FAILED.',
    source: [
      'nf-vdshwprv-ivdshwprovider-querysubsystems',
      'nf-vdshwprv-ivdshwprovider-reenumerate',
      'nf-vdshwprv-ivdshwprovider-refresh',
    ],
    interfaces: ['IVdsHwProvider'],
  },
  {
    id: 'VDS-2.5a',
    level: 'MUST',
    statement:
      'OnUnload answers S_OK when the provider is ready to go, or S_FALSE when it cannot go yet and wants to be ' +
      'asked again. After S_OK the provider ' +
      'goes away when its last reference is released.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.5b',
    level: 'AMBIGUOUS',
    statement:
      'Whether OnUnload with bForceUnload TRUE may still answer S_FALSE is open; it answers S_OK or S_FALSE, and the ' +
      'provider keeps to its choice.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.6',
    level: 'MUST',
    verb: 'must',
    statement:
      'After an OnLoad that failed, OnUnload is not called: the provider itself releases all that it had acquired, ' +
      'the advise sink included.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
  {
    id: 'VDS-2.7',
    level: 'MUST',
    verb: 'must',
    statement: 'A loaded provider keeps running until it is unloaded; it neither exits nor crashes.',
    source: ['nf-vdshwprv-ivdsadmin-registerprovider'],
    interfaces: PROVIDER_INTERFACES,
  },
  {
    id: 'VDS-2.8',
    level: 'MUST',
    verb: 'must',
    statement: 'On 64-bit Windows the provider is a native 64-bit binary.',
    source: ['virtual-disk-service-portal.md'],
    interfaces: [],
    untestable:
      'A 64-bit host process cannot load a 32-bit library at all, so no check ever runs against one; other ' +
      'transports show no binary.',
  },
  {
    id: 'VDS-2.9',
    level: 'MUST',
    statement:
      'A provider that answers S_FALSE to OnUnload, as it cannot unload at ' +
      'this time, goes on working until it is asked again.',
    why: 'The page has VDS try again later; a provider that had stopped would be neither unloaded nor of use.',
    source: ['nf-vdshwprv-ivdsproviderprivate-onunload'],
    interfaces: ['IVdsProviderPrivate'],
  },
];
