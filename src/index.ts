// The package's API: everything that a vendor's adapter module needs, without the internals of the harness.
export { formatGuidBraced, NULL_GUID, parseGuid, type Guid } from './contract/guid.js';
export { failed, formatHresult, HR, hresultFromWin32, parseHresult, succeeded } from './contract/hresult.js';
export { UNTOUCHED, zeroStructure, type Untouched } from './contract/codec.js';
export * from './contract/generated/enumerations.js';
export type * from './contract/generated/structures.js';
export type { RawMethods } from './contract/generated/raw.js';
export type { Handle, InterfaceName, MethodName } from './contract/tables.js';
export {
  ConfigurationError,
  HarnessError,
  ProviderCrashed,
  ProviderHung,
  ProviderNotLoaded,
  ProviderProtocolError,
  ProviderUnreachable,
} from './port/errors.js';
export {
  ObjectServer,
  Servant,
  type Answer,
  type CallContext,
  type Implementation,
  type InterfaceMap,
  type Served,
  type ServerOptions,
  type Sink,
} from './port/object-server.js';
export type { Call, Capabilities, Notification, OpenOptions, Port, ProviderAdapter, Reply } from './port/port.js';
