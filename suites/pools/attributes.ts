// The attributes of storage pools in words.
import { nameIn } from '../../src/checks/index.js';
import { POOL_ATTRIBUTES, type VDS_POOL_ATTRIBUTES } from '../../src/contract/index.js';

/** The value of one attribute, that of an enumeration by its name. */
const inWordsOf = (attributes: VDS_POOL_ATTRIBUTES, field: (typeof POOL_ATTRIBUTES)[number][1]): string =>
  field === 'busType' ? nameIn('VDS_STORAGE_BUS_TYPE', attributes[field]) : String(attributes[field]);

/** The attributes of a pool that a mask names, in words. */
export const attributesIn = (given: VDS_POOL_ATTRIBUTES, mask: bigint): string =>
  POOL_ATTRIBUTES.filter(([bit]) => (mask & bit) !== 0n)
    .map(([bit, field]) => `${field} ${(given.attributeMask & bit) === 0n ? 'not given' : inWordsOf(given, field)}`)
    .join(' and ');
