// Friendly names as callers give them.
import { HR } from '../../../src/contract/hresult.js';
import { Failure } from '../failure.js';

const LONGEST = 64;

/**
 * The name to keep, and what SetFriendlyName answers: a long one is cut, not within a character. Throws
 * Failure(E_INVALIDARG) for NULL.
 */
export function friendlyNameOf(given: string | null): { readonly friendlyName: string; readonly hr: number } {
  if (given === null) throw new Failure(HR.E_INVALIDARG);
  if (given.length <= LONGEST) return { friendlyName: given, hr: HR.S_OK };
  const cut = given.slice(0, LONGEST);
  return { friendlyName: /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut, hr: HR.VDS_S_NAME_TRUNCATED };
}
