// The answers of getters on held objects, and how a finding names them.
import type { Guid } from '../../contract/guid.js';
import type { DeviceInterface } from '../../contract/objects.js';
import type { Result, VdsObject } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import type { Getter } from '../../truth/getters.js';
import { label, type Members } from '../../truth/observation.js';
import type { Evidence } from '../outcome.js';

export type AnyResult = Result<Record<string, unknown>>;

export interface Held {
  readonly kind: DeviceInterface;
  readonly id: Guid;
  readonly object: VdsObject;
}

/** The answer of a getter on a held object. */
export interface Answer {
  readonly held: Held;
  readonly getter: Getter;
  readonly hr: number;
  readonly evidence: Evidence;
  /** The members that a success gave. In a list of objects, undefined stands for one that could not be recognised. */
  readonly members: Members;
}

/** Whether a list of ids, of which some could not be recognised, may be this one. */
export const mayBe = (list: readonly (string | undefined)[], expected: readonly unknown[]): boolean =>
  list.length === expected.length && list.every((id) => id === undefined || expected.includes(id));

/** `IVdsLun::QueryPlexes of lun#1` */
export const described = ({ held, getter }: Answer): string =>
  `${displayName(getter.method.fullName)} of ${label(held)}`;

/** A difference with what gave it, where it names only a number of objects. */
export function inFull(answer: Answer, difference: string): string {
  const { query, container } = answer.getter;
  return query === undefined && container !== true ? difference : `${described(answer)} gave ${difference}`;
}
