// Notifications that a check expects, and waiting for them.
import type { Guid } from '../contract/guid.js';
import { NOTIFICATION_EVENTS, VDS_NOTIFICATION_TARGET_TYPE } from '../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import type { VDS_NOTIFICATION } from '../contract/generated/structures.js';
import { structure } from '../contract/tables.js';
import { counted } from '../contract/wording.js';
import type { VdsObject } from '../port/objects.js';
import { eventName, inWords } from '../port/show-value.js';
import type { Context } from './context.js';
import type { Evidence } from './outcome.js';

/** A kind of device as a member of VDS_NOTIFICATION. */
export type NotificationKind =
  'subSystem' | 'controller' | 'drive' | 'port' | 'lun' | 'portal' | 'target' | 'portalGroup';

interface Matches {
  (n: VDS_NOTIFICATION): boolean;
  /** The event and the object that the notification must be about, where they are known. */
  readonly event?: number;
  readonly of?: string;
}

export const NF = NOTIFICATION_EVENTS;

/** Evidence of a finding about a notification. */
const about = ({ event }: Matches): Evidence => (event === undefined ? {} : { event });

/** Whether a notification is about this event of this object. */
export const isEvent = (kind: NotificationKind, event: number, id: string): Matches =>
  Object.assign((n: VDS_NOTIFICATION) => n[kind]?.event === event && contentOf(n).id === id, { event, of: id });

/** The notification must come; more than once is worth a finding. */
export async function comesOnce(
  ctx: Context,
  what: string,
  matches: Matches,
  mark: number,
  requirement: string,
): Promise<void> {
  await comes(ctx, what, matches, mark, requirement);
  const all = await ctx.session.notificationsSince(mark);
  ctx.duties.times('VDS-9.6d', `${what} came`, all.filter(matches).length, 1, about(matches));
}

/**
 * A notification about a target or a portal group, which the table of what providers generate does not have: the
 * provider sends them or leaves them to the service, one of both throughout.
 */
export async function optionally(ctx: Context, what: string, matches: Matches, mark: number): Promise<void> {
  const found = await ctx.session.notification(matches, mark);
  const all = await ctx.session.notificationsSince(mark);
  ctx.duties.reading(
    'notifications about targets and portal groups',
    found === undefined ? 'not sent' : 'sent',
    'VDS-9.6c',
    `${what} ${found === undefined ? 'did not come' : 'came'}; ${whatCame(all)}`,
    about(matches),
  );
  if (found === undefined) return;
  ctx.duties.holds(
    'VDS-9.6d',
    all.filter(matches).length === 1,
    `${what} came ${counted(all.filter(matches).length, 'time')}`,
    about(matches),
  );
}

/** The notification must come, however often: an object that changes twice is announced twice. */
export async function comes(
  ctx: Context,
  what: string,
  matches: Matches,
  mark: number,
  requirement: string,
): Promise<void> {
  const found = await ctx.session.notification(matches, mark);
  const all = await ctx.session.notificationsSince(mark);
  ctx.duties.holds(
    requirement,
    found !== undefined,
    `${what}${matches.of === undefined ? '' : ` (${matches.of})`} did not come within ` +
      `${ctx.session.limits.notification} ms; ${whatCame(all)}`,
    {
      ...about(matches),
      expected: inWords(matches.event === undefined ? what : `${eventName(matches.event)} of ${matches.of}`),
      actual: inWords(whatCame(all)),
    },
  );
}

/** Notifications that a message names before it says how many more came. */
const NAMED = 3;

/**
 * The notifications that came instead, for a message: another event, or the same of another object, is seen at once.
 */
function whatCame(all: readonly VDS_NOTIFICATION[]): string {
  if (all.length === 0) return 'nothing came';
  const shown = all.slice(0, NAMED).map((n) => `${eventName(contentOf(n).event)} of ${contentOf(n).id}`);
  const more = all.length - shown.length;
  return `what came is ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const DEVICE_TYPES: ReadonlySet<number> = new Set(Object.values(DEVICE_KINDS).map(({ type }) => type));

/**
 * The member of VDS_NOTIFICATION that holds the event, by its objectType: those about devices, which hardware providers
 * send.
 */
export const EVENT_OF_TYPE: ReadonlyMap<number, NotificationKind> = new Map(
  structure('VDS_NOTIFICATION').fields.flatMap(({ name, when }) =>
    (when?.values ?? []).flatMap((type) => (DEVICE_TYPES.has(type) ? [[type, name as NotificationKind] as const] : [])),
  ),
);

/** The event and the object of a notification; 0 and "" where a hardware provider does not send its type. */
export function contentOf(n: VDS_NOTIFICATION): { readonly event: number; readonly id: string } {
  const kind = EVENT_OF_TYPE.get(n.objectType);
  const arm =
    kind === undefined
      ? undefined
      : (n[kind] as ({ readonly event: number } & Readonly<Record<string, unknown>>) | undefined);
  return { event: arm?.event ?? 0, id: String(arm?.[`${kind}Id`] ?? '') };
}

/** The events that a type of object has, by their names: VDS_NF_LUN_… of a LUN. */
const eventsOf = (type: number): readonly number[] => {
  const [name] = Object.entries(VDS_NOTIFICATION_TARGET_TYPE).find(([, value]) => value === type) ?? [''];
  return Object.entries(NF)
    .filter(([event]) =>
      new RegExp(`^VDS_NF_${name.slice('VDS_NTT_'.length)}_(?:ARRIVE|DEPART|MODIFY|REMOVED)$`).test(event),
    )
    .map(([, value]) => value);
};

/** Counts, types and event numbers of whatever came since the mark. */
export function wellFormed(ctx: Context, mark: number): void {
  for (const call of ctx.session.received.slice(mark)) {
    const { count, notifications } = call;
    const evidence = { record: call };
    ctx.duties.holds(
      'VDS-9.1b',
      count >= 1 && count <= 100,
      `OnNotify was called with numberOfNotifications ${count}; expected 1 to 100`,
      evidence,
    );
    ctx.duties.holds(
      'VDS-9.1b',
      notifications.length === count,
      `OnNotify was called with numberOfNotifications ${count}, and ` +
        `${notifications.length === 0 ? 'without an array' : `notificationArray has ${notifications.length}`}`,
      {
        ...evidence,
        member: 'numberOfNotifications of OnNotify',
        expected: inWords(`numberOfNotifications is ${notifications.length}, the length of notificationArray`),
        actual: inWords(`numberOfNotifications is ${count}`),
      },
    );
    for (const n of call.notifications) {
      const known = Object.values(VDS_NOTIFICATION_TARGET_TYPE).includes(n.objectType as never);
      ctx.duties.holds(
        'VDS-9.5',
        known,
        `VDS_NOTIFICATION.objectType is ${n.objectType}, which VDS_NOTIFICATION_TARGET_TYPE does not have`,
        evidence,
      );
      const kind = EVENT_OF_TYPE.get(n.objectType);
      if (kind === undefined)
        ctx.duties.broken(
          'VDS-9.5',
          `VDS_NOTIFICATION.objectType is ${n.objectType}, which a hardware provider does not send`,
          evidence,
        );
      const event = n[kind]?.event;
      ctx.duties.holds(
        'VDS-9.5b',
        event !== undefined && eventsOf(n.objectType).includes(event),
        `the event is ${eventName(event)}, which a notification about a ${kind} cannot have`,
        evidence,
      );
    }
  }
}

/** So often a provider is given the time that a notification may take. */
const PATIENCE = 2;

/**
 * Changes a LUN at the array, with its event, and gives those of the sinks to which a notification about it came.
 * `awaited`: to which it is waited for.
 */
export async function heardBy(ctx: Context, lun: Guid, awaited: readonly VdsObject[]): Promise<ReadonlySet<VdsObject>> {
  const { session, faults } = ctx;
  await session.notificationsSince(session.received.length);
  const mark = session.received.length;
  const fault = await faults.inject({ kind: 'change-object', object: lun, notify: true });
  const heard = new Set<VdsObject>();
  for (const sink of awaited)
    for (let i = 0; i < PATIENCE && !heard.has(sink); i++) {
      const came = await session.notification((n, to) => to === sink.handle && contentOf(n).id === lun, mark);
      if (came !== undefined) heard.add(sink);
    }
  await fault.heal();
  return heard;
}
