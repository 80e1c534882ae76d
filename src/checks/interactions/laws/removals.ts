// The event that a drive or port is there and no longer in use: it comes of one that goes out of use, and of none that
// is put back, or stays in use while another is set.
import type { Guid } from '../../../contract/guid.js';
import { OBJECT_STATUS } from '../../../contract/generated/enumerations.js';
import type { DeviceInterface } from '../../../contract/objects.js';
import type { Played, SystemState } from '../../../model/index.js';
import type { NotificationRecord } from '../../../port/trace.js';
import { contentOf, NF } from '../../notifications.js';

const { STATUS_ONLINE } = OBJECT_STATUS;

/** By its page a controller of which it is sent may be ONLINE. */
const EVENTS: ReadonlyMap<DeviceInterface, number> = new Map([
  ['IVdsDrive', NF.VDS_NF_DRIVE_REMOVED],
  ['IVdsControllerPort', NF.VDS_NF_PORT_REMOVED],
]);

interface Unwarranted {
  readonly event: number;
  readonly id: Guid;
}

export class Removals {
  /** How often a device went out of use, as far as is known. */
  private readonly times = new Map<Guid, number>();
  /** How many notifications had come before the first calls that were judged: those are of earlier causes. */
  private begun: number | undefined;

  /** Counts what went out of use between two states, or may have done so between them. */
  note(calls: readonly Played[], before: SystemState, after: SystemState): void {
    for (const kind of EVENTS.keys())
      for (const { id, members } of after.ofKind(kind)) {
        const was = before.get(id)?.members['status'];
        const set = calls.filter(({ item, request }) => item.id === id && request.args['status'] !== STATUS_ONLINE);
        const left = members['status'] !== STATUS_ONLINE && members['status'] !== was ? 1 : 0;
        this.times.set(id, (this.times.get(id) ?? 0) + Math.max(left, set.length));
      }
  }

  /**
   * The events since `mark` of devices that are ONLINE, which have come more often than the device went out of use;
   * until then one may be late (VDS-9.10).
   *
   * @param listeners how many provider objects announce what they find
   */
  unwarranted(
    received: readonly NotificationRecord[],
    mark: number,
    after: SystemState,
    listeners: number,
  ): readonly Unwarranted[] {
    this.begun ??= mark;
    const idsFrom = (from: number, event: number): readonly string[] =>
      received
        .slice(from)
        .flatMap(({ notifications }) => notifications.map(contentOf))
        .flatMap((content) => (content.event === event ? [content.id] : []));
    return [...EVENTS].flatMap(([kind, event]) => {
      const all = idsFrom(this.begun ?? mark, event);
      return [...new Set(idsFrom(mark, event))].flatMap((id) => {
        const item = after.get(id as Guid);
        if (item?.kind !== kind || item.members['status'] !== STATUS_ONLINE) return [];
        const most = listeners * (this.times.get(item.id) ?? 0);
        return all.filter((each) => each === id).length > most ? [{ event, id: item.id }] : [];
      });
    });
  }
}
