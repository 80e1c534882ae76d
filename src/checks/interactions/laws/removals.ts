// The event that a drive or port is there and no longer in use: it comes of one that goes out of use, and of none that
// is put back, or stays in use while another is set.
import type { Guid } from '../../../contract/guid.js';
import { OBJECT_STATUS } from '../../../contract/generated/enumerations.js';
import type { DeviceInterface } from '../../../contract/objects.js';
import type { MethodName } from '../../../contract/tables.js';
import { idsOfRequest, type Played, type SystemState } from '../../../model/index.js';
import type { NotificationRecord } from '../../../port/trace.js';
import { contentOf, NF } from '../../notifications.js';

const { STATUS_ONLINE } = OBJECT_STATUS;

/** By its page a controller of which it is sent may be ONLINE. */
const EVENTS: ReadonlyMap<DeviceInterface, number> = new Map([
  ['IVdsDrive', NF.VDS_NF_DRIVE_REMOVED],
  ['IVdsControllerPort', NF.VDS_NF_PORT_REMOVED],
]);

/** Calls that may take what they name, and what belongs to it, out of use for a while without a status to tell. */
const TAKE_OUT: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsController.Reset',
  'IVdsSubSystem.SetControllerStatus',
  'IVdsSubSystem.ReplaceDrive',
]);

/** An object and those that it belongs to. */
export function lineOf(id: Guid, state: SystemState): ReadonlySet<Guid> {
  const line = new Set<Guid>();
  for (let at = state.get(id); at !== undefined; at = at.parent === null ? undefined : state.get(at.parent))
    line.add(at.id);
  return line;
}

/** Whether a call may take a device out of use: one on it, unless it sets it ONLINE, or on what it belongs to. */
function mayTakeOut({ command, item, request }: Played, id: Guid, line: ReadonlySet<Guid>): boolean {
  const { status } = request.args;
  if (item.id === id) return status !== STATUS_ONLINE;
  if (status !== undefined) return status !== STATUS_ONLINE && line.has(item.id);
  return TAKE_OUT.has(command.method) && [item.id, ...idsOfRequest(request)].some((each) => line.has(each));
}

interface Unwarranted {
  readonly event: number;
  readonly id: Guid;
}

export class Removals {
  /** How many events may have come of a device: of each time that it went out of use, as far as is known, one. */
  private readonly times = new Map<Guid, number>();
  /** How many notifications had come before the first calls that were judged: those are of earlier causes. */
  private begun: number | undefined;

  /**
   * Counts what went out of use between two states, or may have done so between them.
   *
   * @param listeners how many provider objects announce what they find
   */
  note(calls: readonly Played[], before: SystemState, after: SystemState, listeners: number): void {
    for (const kind of EVENTS.keys())
      for (const { id, members } of after.ofKind(kind)) {
        const was = before.get(id)?.members['status'];
        const line = lineOf(id, after);
        const taken = calls.filter((call) => mayTakeOut(call, id, line));
        const left = members['status'] !== STATUS_ONLINE && members['status'] !== was ? 1 : 0;
        this.times.set(id, (this.times.get(id) ?? 0) + listeners * Math.max(left, taken.length));
      }
  }

  /**
   * The events since `mark` of devices that are ONLINE, which have come more often than the device went out of use;
   * until then one may be late (VDS-9.10).
   */
  unwarranted(received: readonly NotificationRecord[], mark: number, after: SystemState): readonly Unwarranted[] {
    const begun = (this.begun ??= mark);
    const idsFrom = (from: number, event: number): readonly string[] =>
      received
        .slice(from)
        .flatMap(({ notifications }) => notifications.map(contentOf))
        .flatMap((content) => (content.event === event ? [content.id] : []));
    return [...EVENTS].flatMap(([kind, event]) =>
      [...new Set(idsFrom(mark, event))].flatMap((id) => {
        const item = after.get(id as Guid);
        if (item?.kind !== kind || item.members['status'] !== STATUS_ONLINE) return [];
        const came = idsFrom(begun, event).filter((each) => each === id).length;
        return came > (this.times.get(item.id) ?? 0) ? [{ event, id: item.id }] : [];
      }),
    );
  }
}
