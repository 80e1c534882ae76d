// The contract as a suite speaks of it: result codes, ids, enumerations, structures and the tables of methods.
export * from './async-outputs.js';
export * from './codec.js';
export * from './flags.js';
export * from './generated/enumerations.js';
export type * from './generated/structures.js';
export * from './guid.js';
export * from './health.js';
export * from './hresult.js';
export * from './friendly-name.js';
export * from './initiator.js';
export * from './iscsi-name.js';
export * from './pool-attributes.js';
export * from './provider-types.js';
export * from './tables.js';
export * from './wording.js';
export { NAMED_BY_GET_OBJECT, unknownToGetObject } from './get-object.js';
