// Unmasking lists: to whom a LUN is shown.
import { HR } from '../../../src/contract/hresult.js';
import { isIscsiName } from '../../../src/contract/iscsi-name.js';
import { Failure } from '../failure.js';

const EVERYBODY = '*';
const WWN = /^[0-9a-f]{16}$/i;

/**
 * The list to keep for one given: names between `;` in the order given, without repeated ones, since callers may repeat
 * and the provider removes. Throws Failure(E_INVALIDARG) for NULL, for a name that is neither a WWN nor an iSCSI name,
 * and for "*" or "" among others.
 */
export function unmaskingListOf(given: string | null): string {
  if (given === null) throw new Failure(HR.E_INVALIDARG);
  if (given === '' || given === EVERYBODY) return given;
  const names = new Map<string, string>();
  for (const name of given.split(';')) {
    if (!WWN.test(name) && !isIscsiName(name)) throw new Failure(HR.E_INVALIDARG);
    const key = name.toLowerCase();
    if (!names.has(key)) names.set(key, name);
  }
  return [...names.values()].join(';');
}
