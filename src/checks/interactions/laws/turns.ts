// Which objects a reading of everything asks in every way: what a call was about, what is new, and a part of the others
// in turn. Each is asked within a few readings, and all of them where a system is taken for granted or met again.
import type { Guid } from '../../../contract/guid.js';
import { idsOfRequest, reachedBy, type Knowledge, type SystemState } from '../../../model/index.js';
import type { Ended } from '../calls/calls.js';

/** Whether an object is asked by its id and its place, for its container, and by a reference that was held before. */
export type Asks = (id: Guid) => boolean;

/** After so many readings each object was asked. */
const TURNS = 3;

export const everyObject: Asks = () => true;

export class Turns {
  private turn = 0;
  private readonly places = new Map<Guid, number>();

  /** The objects for the next reading, after these calls. */
  next(before: SystemState, calls: readonly Ended[], knowledge: Knowledge): Asks {
    const turn = ++this.turn;
    const concerned = new Set([
      ...reachedBy(before, calls, knowledge),
      ...calls.flatMap(({ item, request }) => [item.id, ...idsOfRequest(request)]),
    ]);
    return (id) => before.get(id) === undefined || concerned.has(id) || (this.placeOf(id) + turn) % TURNS === 0;
  }

  private placeOf(id: Guid): number {
    const place = this.places.get(id) ?? this.places.size;
    this.places.set(id, place);
    return place;
  }
}
