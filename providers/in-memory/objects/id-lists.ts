// Lists of ids as methods take them: drives to use, controllers, targets.
import { parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { Failure } from '../failure.js';

/**
 * As many ids as the count says, null for none. Throws Failure(E_INVALIDARG) unless the array is NULL exactly if the
 * count is 0.
 */
export function counted(ids: readonly Guid[] | null, count: number): readonly Guid[] | null {
  if (ids === null ? count !== 0 : count <= 0 || count > ids.length) throw new Failure(HR.E_INVALIDARG);
  return ids === null ? null : ids.slice(0, count);
}

/** An id as the provider writes it. Throws Failure(VDS_E_OBJECT_NOT_FOUND) when it is not one of those known. */
export function knownId(given: Guid, known: readonly Guid[]): Guid {
  const id = parseGuid(given);
  if (id === undefined || !known.includes(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
  return id;
}

/** The ids of a list, each of which must be known. Throws Failure(VDS_E_OBJECT_NOT_FOUND). */
export const knownIds = (ids: readonly Guid[], known: readonly Guid[]): readonly Guid[] =>
  ids.map((id) => knownId(id, known));

/**
 * Two lists between which all devices of a kind are divided, such as the controllers to be online and those to be
 * offline.
 */
interface Division {
  readonly one: readonly Guid[];
  readonly other: readonly Guid[];
}

/**
 * Throws Failure: VDS_E_OBJECT_NOT_FOUND for an id that is not known, E_INVALIDARG unless each of those known is in
 * exactly one of the lists, once.
 */
export function divided(one: readonly Guid[] | null, other: readonly Guid[] | null, known: readonly Guid[]): Division {
  const division = { one: knownIds(one ?? [], known), other: knownIds(other ?? [], known) };
  const all = [...division.one, ...division.other];
  if (all.length !== known.length || new Set(all).size !== known.length) throw new Failure(HR.E_INVALIDARG);
  return division;
}
