// Which methods may change the system under test, for runs that only read. Told once, from the contract's names: what
// is not known to read, changes.
import { method, type MethodName } from './tables.js';

const READING_NAME = /^(?:Get|Query|Read)/;

/** They read, or affect only the provider's own memory of the system, although their names do not say so. */
const READING: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsProviderPrivate.OnLoad',
  'IVdsProviderPrivate.OnUnload',
  'IVdsHwProvider.Reenumerate',
  'IVdsHwProvider.Refresh',
  'IVdsSubSystem.Reenumerate',
  'IVdsAsync.Wait',
  'IEnumVdsObject.Next',
  'IEnumVdsObject.Skip',
  'IEnumVdsObject.Reset',
  'IEnumVdsObject.Clone',
]);

/**
 * Whether a call of the method may change an array, its objects or their settings. Throws RangeError for a method that
 * the contract lacks.
 */
export function changesSystem(name: MethodName): boolean {
  return !READING_NAME.test(method(name).name) && !READING.has(name);
}
