// The notifications of a change: LUNs that have come and gone are announced, by the right ids and once; what was there
// all the time is not; and a changed property is announced as one.
import type { Guid } from '../../../contract/guid.js';
import type { DeviceInterface } from '../../../contract/objects.js';
import { OBJECT_STATUS } from '../../../contract/generated/enumerations.js';
import {
  drivesChanged,
  idsOfRequest,
  Sinks,
  type Circumstances,
  type Item,
  type Knowledge,
  type Played,
  type SystemState,
} from '../../../model/index.js';
import type { VdsObject } from '../../../port/objects.js';
import { eventName } from '../../../port/show-value.js';
import { label } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';
import { contentOf, NF, isEvent, wellFormed, type NotificationKind } from '../../notifications.js';
import { supportsVersion } from '../../versions.js';
import type { Ended } from '../calls/calls.js';
import type { Steps } from '../calls/steps.js';
import { lineOf, Removals } from './removals.js';
import { SinkAnswers } from './sink-answers.js';

/** Calls after which a change at the array is known. */
const RENEWALS: ReadonlySet<string> = new Set(['IVdsHwProvider.Reenumerate', 'IVdsHwProvider.Refresh']);

const COMINGS: ReadonlySet<number> = new Set(
  Object.entries(NF).flatMap(([name, event]) => (/_(?:ARRIVE|DEPART)$/.test(name) ? [event] : [])),
);

/** A setting of these may be announced as an arrival or departure (VDS-9.7). */
const MAY_GO_AND_COME: ReadonlySet<DeviceInterface> = new Set<DeviceInterface>([
  'IVdsController',
  'IVdsControllerPort',
]);

interface Announced {
  readonly kind: DeviceInterface;
  readonly as: NotificationKind;
  readonly arrive: number;
  readonly depart: number;
}

const LUNS: Announced = {
  kind: 'IVdsLun',
  as: 'lun',
  arrive: NF.VDS_NF_LUN_ARRIVE,
  depart: NF.VDS_NF_LUN_DEPART,
};

/** These may be left to the service, one way throughout. */
const OPTIONAL: readonly Announced[] = [
  { kind: 'IVdsIscsiTarget', as: 'target', arrive: NF.VDS_NF_TARGET_ARRIVE, depart: NF.VDS_NF_TARGET_DEPART },
  {
    kind: 'IVdsIscsiPortalGroup',
    as: 'portalGroup',
    arrive: NF.VDS_NF_PORTAL_GROUP_ARRIVE,
    depart: NF.VDS_NF_PORTAL_GROUP_DEPART,
  },
];
/** Kinds that a run makes and deletes; of one from before it was listened, announcements may still come (VDS-9.10). */
const MADE: ReadonlySet<number> = new Set([LUNS, ...OPTIONAL].flatMap(({ arrive, depart }) => [arrive, depart]));
const READING = 'notifications about targets and portal groups';

/** Properties of which a change is announced, by kinds. */
const MODIFIED: Readonly<
  Partial<
    Record<
      DeviceInterface,
      { readonly as: NotificationKind; readonly event: number; readonly members: readonly string[] }
    >
  >
> = {
  IVdsLun: { as: 'lun', event: NF.VDS_NF_LUN_MODIFY, members: ['size', 'friendlyName', 'unmaskingList'] },
  IVdsSubSystem: { as: 'subSystem', event: NF.VDS_NF_SUB_SYSTEM_MODIFY, members: ['friendlyName'] },
  IVdsDrive: { as: 'drive', event: NF.VDS_NF_DRIVE_MODIFY, members: ['flags'] },
};

/** The event of a device that a call sets OFFLINE, from VDS 3.0 on. */
const REMOVED: Readonly<Partial<Record<DeviceInterface, { readonly as: NotificationKind; readonly event: number }>>> = {
  IVdsController: { as: 'controller', event: NF.VDS_NF_CONTROLLER_REMOVED },
  IVdsControllerPort: { as: 'port', event: NF.VDS_NF_PORT_REMOVED },
  IVdsDrive: { as: 'drive', event: NF.VDS_NF_DRIVE_REMOVED },
};

/** The devices that a call sets the status of: its own object, or those in its arguments. */
const setBy = ({ command: { method }, item, request }: Played): readonly Guid[] =>
  method.endsWith('.SetStatus')
    ? [item.id]
    : method === 'IVdsSubSystem.SetControllerStatus'
      ? idsOfRequest(request)
      : [];

/** The LUN that a call is made on, or makes. */
const lunsOf = ({ item, outcome }: Played): readonly Guid[] =>
  [item.kind === 'IVdsLun' ? item.id : undefined, outcome.made].filter((id) => id !== undefined);

/** Each id with the first of the calls that are about it. */
const firstsBy = (calls: readonly Ended[], about: (call: Ended) => readonly Guid[]): ReadonlyMap<Guid, Ended> =>
  new Map(calls.toReversed().flatMap((call) => about(call).map((id) => [id, call] as const)));

const earlier = (one: Ended, other: Ended = one): Ended =>
  (one.record.place ?? 0) < (other.record.place ?? 0) ? one : other;

/** The events by which objects of a kind must have come and gone between two states. */
function changes({ kind, arrive, depart }: Announced, before: SystemState, after: SystemState): [number, Guid][] {
  const found: [number, Guid][] = [];
  for (const { id } of after.ofKind(kind)) if (before.get(id) === undefined) found.push([arrive, id]);
  for (const { id } of before.ofKind(kind)) if (after.get(id) === undefined) found.push([depart, id]);
  return found;
}

/** Whoever made the calls, and reports what is wrong with what came of them. */
interface Listener {
  readonly ctx: Context;
  readonly steps: Pick<Steps, 'say'>;
  readonly knowledge: Pick<Knowledge, 'hasMet'>;
  readonly state: SystemState;
  readonly around: Circumstances;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

export class Announcements {
  /** How many notifications had come when the last calls were begun. */
  private mark: number | undefined;
  /** The same of the last calls that were judged. */
  private marked: number | undefined;
  /** Complaints that were made: each kind of them once. */
  private readonly made = new Set<string>();
  /** How many provider objects announce what they find, each by itself. */
  listeners = 1;
  private readonly sinks = new Sinks();
  private readonly answers: SinkAnswers;
  private readonly removals = new Removals();
  /** How often an object went and came back, and how many notifications had come when it first went. */
  private readonly returns = new Map<
    string,
    { readonly kind: DeviceInterface; readonly times: number; readonly since: number }
  >();

  /** How many notifications had come when a device last failed. */
  private readonly failures = new Map<string, number>();

  constructor(private readonly player: Listener) {
    this.answers = new SinkAnswers(player);
  }

  /** A subsystem or drive goes, and comes back, with all that belongs to it: both may be announced, and later. */
  goesAndReturns(whole: Guid): void {
    const { ctx, state } = this.player;
    for (const { kind, id } of state.items.values()) {
      if (!lineOf(id, state).has(whole)) continue;
      const { times, since } = this.returns.get(id) ?? { times: 0, since: ctx.session.received.length };
      this.returns.set(id, { kind, times: times + 1, since });
    }
  }

  /** A device fails at the array, which may be announced as its going out of use. */
  fails(id: Guid): void {
    this.failures.set(id, this.player.ctx.session.received.length);
  }

  /** How often an event of an object may have come. */
  private most(id: string): number {
    return this.listeners * (1 + (this.returns.get(id)?.times ?? 0));
  }

  /** Begins to listen, when everything has come that earlier calls caused. */
  async listen(): Promise<void> {
    const { session } = this.player.ctx;
    await this.answers.next();
    await session.notificationsSince(session.received.length);
    this.mark = session.received.length;
    this.judgeStrays();
  }

  /** The provider object with this sink was unloaded: when what was under way has come, nothing more does. */
  async ends(sink: VdsObject): Promise<void> {
    const { session } = this.player.ctx;
    await session.notificationsSince(session.received.length);
    this.player.ctx.duties.judging('VDS-2.5a');
    this.sinks.close(sink.handle, session.received.length);
  }

  /** Notifications for provider objects that were unloaded. */
  judgeStrays(): void {
    for (const { notifications } of this.sinks.strays(this.player.ctx.session.received))
      for (const n of notifications.slice(0, 1)) {
        const { event, id } = contentOf(n);
        const where = 'to the sink of a provider object whose OnUnload had answered S_OK';
        this.player.unkept('VDS-2.5a', `${eventName(event)} of ${id} came ${where}`, { event });
      }
  }

  /** Judges what came since listen(), between two known states; `around` is what the calls were made in. */
  async judge(
    calls: readonly Ended[],
    before: SystemState,
    after: SystemState,
    around: Circumstances = this.player.around,
  ): Promise<void> {
    const { mark, player } = this;
    [this.mark, this.marked] = [undefined, mark];
    this.judgeStrays();
    this.removals.note(calls, before, after, this.listeners);
    if (mark === undefined || player.around.faulted) return;
    wellFormed(player.ctx, mark);
    player.ctx.duties.judging('VDS-9.6d');
    for (const [event, id] of changes(LUNS, before, after))
      await this.mustCome(
        event === LUNS.arrive ? 'VDS-9.6a' : 'VDS-9.6e',
        { as: LUNS.as, event },
        id,
        mark,
        `for ${id}`,
      );
    for (const each of OPTIONAL) await this.judgeOptional(each, before, after, mark);
    // Of calls that were made one after the other each is judged by what came since it was begun; what is changed of
    // something that is not known is not told, and which of calls that overlap has changed something is open.
    const isOrdered = calls.length === 1 || !around.overlapped;
    const done = around.faulted || !isOrdered ? [] : calls.filter(({ outcome }) => outcome.done);
    for (const call of firstsBy(done, ({ item }) => [item.id]).values())
      await this.judgeModification(call.item.id, before, after, this.markOf(call, mark));
    for (const [id, call] of firstsBy(done, setBy)) await this.judgeRemoval(id, before, after, this.markOf(call, mark));
    const ofSpace = done.length === 1 ? done : done.filter(({ command }) => command.touches.includes('space'));
    // A call that names a drive may have moved what lies on it.
    const naming = firstsBy(ofSpace, ({ request }) =>
      Object.values(request.args).flatMap((v) => (typeof v === 'string' ? [v] : [])),
    );
    for (const [lun, call] of firstsBy(ofSpace, lunsOf))
      await this.judgeSpaceOf(lun, before, after, (drive) => this.markOf(earlier(call, naming.get(drive)), mark));
    if (calls.length === 1 && done.length === 1) this.judgeUseOf(after, mark);
    this.judgeComings(before, after, mark);
  }

  /** A LUN was deleted at the array since so many notifications had come, and the provider has looked. */
  async mustHaveGone(lun: Guid, mark: number): Promise<void> {
    const how = `for ${lun}, which was deleted at the array`;
    await this.mustCome('VDS-9.6e', { as: LUNS.as, event: LUNS.depart }, lun, mark, how);
  }

  /** Whether the provider has announced by now that an object has gone. */
  async announcesDeparture({ kind, id }: Item, mark: number): Promise<boolean> {
    const announced = [LUNS, ...OPTIONAL].find((each) => each.kind === kind);
    if (announced === undefined) return false;
    const { session } = this.player.ctx;
    await session.notificationsSince(mark);
    return session.received.slice(mark).some((n) => n.notifications.some(isEvent(announced.as, announced.depart, id)));
  }

  private async mustCome(
    requirement: string,
    { as, event }: { readonly as: NotificationKind; readonly event: number },
    id: Guid,
    mark: number,
    which: string,
  ): Promise<void> {
    this.player.ctx.duties.judging(requirement);
    if (!(await this.came(as, event, id, mark)))
      this.player.unkept(requirement, `${eventName(event)} did not come ${which}`, { event });
  }

  private async came(as: NotificationKind, event: number, id: Guid, mark: number): Promise<boolean> {
    const { session, system } = this.player.ctx;
    const isIt = isEvent(as, event, id);
    // A change is announced to the sink of the provider object through which it was made.
    return (await session.notification((n, sink) => sink === system.sink.handle && isIt(n), mark)) !== undefined;
  }

  private async judgeOptional(each: Announced, before: SystemState, after: SystemState, mark: number): Promise<void> {
    const { duties, session } = this.player.ctx;
    for (const [event, id] of changes(each, before, after)) {
      // A group that comes or goes with its target need not be announced besides it.
      const parent = (after.get(id) ?? before.get(id))?.parent ?? null;
      if (parent !== null && (before.get(parent) === undefined || after.get(parent) === undefined)) continue;
      const hasCome = session.received.slice(mark).some((n) => n.notifications.some(isEvent(each.as, event, id)));
      // Nothing is waited for that the provider does not send.
      const isSent =
        hasCome || (duties.readingOf(READING) !== 'not sent' && (await this.came(each.as, event, id, mark)));
      const which = `${eventName(event)} of ${id}`;
      duties.reading(READING, isSent ? 'sent' : 'not sent', 'VDS-9.6c', which, { event });
    }
  }

  private async judgeModification(id: Guid, before: SystemState, after: SystemState, mark: number): Promise<void> {
    const [was, is] = [before.get(id), after.get(id)];
    const modified = is === undefined ? undefined : MODIFIED[is.kind];
    if (was === undefined || is === undefined || modified === undefined) return;
    // Disks may announce what is unmasked to this computer (VDS-9.9).
    if (is.members['unmaskingList'] === '*' || was.members['unmaskingList'] === '*') return;
    const changed = modified.members.find(
      (m) => was.members[m] !== undefined && is.members[m] !== undefined && was.members[m] !== is.members[m],
    );
    if (changed !== undefined)
      await this.mustCome('VDS-9.6b', modified, id, mark, `for ${label(is)}, whose ${changed} was changed`);
  }

  /** How many notifications had come when a call was begun, of several that were made since listen(). */
  private markOf({ record }: Ended, mark: number): number {
    // What a recovery brings to light may have been announced as it happened.
    if (RENEWALS.has(record.method)) return mark;
    const { received } = this.player.ctx.session;
    const first = received.findIndex(({ place = 0 }, i) => i >= mark && place > (record.place ?? 0));
    return first < 0 ? received.length : first;
  }

  /** Judges what came since the last call was begun about the drives of which the extents have changed by it. */
  async judgeSpace(call: Played, before: SystemState, after: SystemState): Promise<void> {
    const { marked } = this;
    if (marked === undefined) return;
    for (const lun of lunsOf(call)) await this.judgeSpaceOf(lun, before, after, () => marked);
  }

  /** The same of the drives on which a LUN lay before a change, or lies after it. */
  private async judgeSpaceOf(
    lun: Guid,
    before: SystemState,
    after: SystemState,
    markOf: (drive: Guid) => number,
  ): Promise<void> {
    const { faulted, overlapped, degraded } = this.player.around;
    if (faulted || overlapped || degraded === true) return;
    // A pool may own whole drives, whose extents do not change by what its LUNs have of them.
    if (before.ofKind('IVdsStoragePool').length > 0) return;
    for (const drive of drivesChanged(before, after, lun))
      await this.mustCome(
        'VDS-9.6b',
        { as: 'drive', event: NF.VDS_NF_DRIVE_MODIFY },
        drive,
        markOf(drive),
        `for the drive ${drive}, of which the extents of the LUN ${lun} were changed`,
      );
  }

  private async judgeRemoval(id: Guid, before: SystemState, after: SystemState, mark: number): Promise<void> {
    const [was, is] = [before.get(id), after.get(id)];
    const removed = is === undefined ? undefined : REMOVED[is.kind];
    if (is?.members['status'] !== OBJECT_STATUS.STATUS_OFFLINE || removed === undefined) return;
    const status = was?.members['status'];
    const hadFailed = status === OBJECT_STATUS.STATUS_FAILED;
    if (status !== OBJECT_STATUS.STATUS_ONLINE && !hadFailed) return;
    // That it went out of use may have been announced as it failed, perhaps before anybody listened.
    const since = hadFailed ? this.failures.get(id) : mark;
    if (since === undefined) return;
    // The events came with VDS 3.0; before it, going offline had those of leaving (VDS-9.7).
    if (await supportsVersion(this.player.ctx, 'VDS_VSF_3_0'))
      await this.mustCome('VDS-9.8', removed, id, since, `for ${label(is)}, which was set OFFLINE`);
  }

  /** Events that a device was taken out of use, of one that is in use. */
  private judgeUseOf(after: SystemState, mark: number): void {
    const { ctx, around } = this.player;
    const hasSubSystemReturned = [...this.returns.values()].some(({ kind }) => kind === 'IVdsSubSystem');
    if (around.overlapped || around.degraded === true || hasSubSystemReturned) return;
    ctx.duties.judging('VDS-9.11b');
    for (const { event, id } of this.removals.unwarranted(ctx.session.received, mark, after)) {
      if (this.returns.has(id)) continue;
      const item = after.get(id);
      const what = `${eventName(event)} came of ${item === undefined ? id : label(item)}, which is ONLINE`;
      this.player.unkept('VDS-9.11b', what, { event });
    }
  }

  /** Arrivals and departures of what did neither. */
  private judgeComings(before: SystemState, after: SystemState, mark: number): void {
    const { player } = this;
    const counts = new Map<string, number>();
    for (const n of player.ctx.session.received.slice(mark).flatMap((r) => r.notifications)) {
      const { event, id } = contentOf(n);
      if (!COMINGS.has(event)) continue;
      const was = before.get(id as Guid);
      const item = was ?? after.get(id as Guid);
      const times = (counts.get(`${event} ${id}`) ?? 0) + 1;
      counts.set(`${event} ${id}`, times);
      // An object may have come and gone between two readings.
      if (item === undefined) {
        if (!player.around.overlapped && !MADE.has(event) && !this.isLate(event, id, mark, true))
          this.complain(event, 'for something that neither was nor is there', id);
      } else if (
        was !== undefined &&
        after.get(item.id) !== undefined &&
        !MAY_GO_AND_COME.has(item.kind) &&
        !this.isLate(event, id, mark)
      )
        this.complain(event, 'for an object that was there all the time', label(item));
      if (times === this.most(id) + 1)
        this.complain(event, 'twice for one object', item === undefined ? id : label(item));
    }
  }

  /**
   * Causes from before may be announced later (VDS-9.10): an event that had not come of the object as often as it
   * may. `isGone`: of one that was there, or of which others had come. Of what went and came back, those count that
   * have come since it went; others of them belong to a return in an earlier story.
   */
  private isLate(event: number, id: string, mark: number, isGone = false): boolean {
    const { received } = this.player.ctx.session;
    const since = this.returns.get(id)?.since ?? 0;
    const earlier = received.slice(since, mark).flatMap((r) => r.notifications.map(contentOf));
    const ofIt = earlier.filter((n) => n.id === id);
    return (
      ofIt.filter((n) => n.event === event).length < this.most(id) &&
      (!isGone || ofIt.length > 0 || this.player.knowledge.hasMet(id))
    );
  }

  private complain(event: number, what: string, object: string): void {
    const complaint = `${eventName(event)} came ${what}`;
    if (this.made.has(complaint)) return;
    this.made.add(complaint);
    this.player.unkept('VDS-9.6d', `${complaint}: ${object}`, { event });
  }
}
