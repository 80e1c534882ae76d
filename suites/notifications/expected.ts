// Notifications that a check expects, and waiting for them.
import type { Context } from '../../src/checks/index.js';
import { NOTIFICATION_EVENTS, type VDS_NOTIFICATION, VDS_NOTIFICATION_TARGET_TYPE } from '../../src/contract/index.js';

export type Kind = 'subSystem' | 'controller' | 'drive' | 'lun' | 'portal' | 'target' | 'portalGroup';

export type Matches = (n: VDS_NOTIFICATION) => boolean;

export const NF = NOTIFICATION_EVENTS;

/** Whether a notification tells this event of this object. */
export const of =
  (kind: Kind, event: number, id: string): Matches =>
  (n) =>
    n[kind]?.event === event && told(n).id === id;

/** The notification must come, and no more than once. */
export async function owed(
  ctx: Context,
  what: string,
  matches: Matches,
  mark: number,
  requirement = 'VDS-9.6a',
): Promise<void> {
  const found = await ctx.session.notification(matches, mark);
  if (found === undefined)
    return ctx.duties.broken(requirement, `${what} did not come within ${ctx.session.limits.notification} ms`);
  const all = await ctx.session.notificationsSince(mark);
  ctx.duties.equal(requirement, `how often ${what} came`, all.filter(matches).length, 1);
}

/** The notification must come, however often: what changes twice is told twice. */
export async function comes(
  ctx: Context,
  what: string,
  matches: Matches,
  mark: number,
  requirement: string,
): Promise<void> {
  const found = await ctx.session.notification(matches, mark);
  ctx.duties.holds(
    requirement,
    found !== undefined,
    `${what} did not come within ${ctx.session.limits.notification} ms`,
  );
}

export const EVENT_OF_TYPE: Readonly<Record<number, Kind | 'port'>> = {
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_SUB_SYSTEM]: 'subSystem',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_CONTROLLER]: 'controller',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_DRIVE]: 'drive',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_LUN]: 'lun',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_PORT]: 'port',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_PORTAL]: 'portal',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_TARGET]: 'target',
  [VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_PORTAL_GROUP]: 'portalGroup',
};

/** The event and the object of a notification; 0 and "" where its type is none of a hardware provider's. */
export function told(n: VDS_NOTIFICATION): { readonly event: number; readonly id: string } {
  const kind = EVENT_OF_TYPE[n.objectType];
  const arm =
    kind === undefined
      ? undefined
      : (n[kind] as ({ readonly event: number } & Readonly<Record<string, unknown>>) | undefined);
  return { event: arm?.event ?? 0, id: String(arm?.[`${kind}Id`] ?? '') };
}

/** The events that a type of object has, by their names: VDS_NF_LUN_… of a LUN. */
export const eventsOf = (type: number): readonly number[] => {
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
      'VDS-9.1',
      count >= 1 && count <= 100,
      `OnNotify was called with a count of ${count}; expected 1 to 100`,
      evidence,
    );
    ctx.duties.holds(
      'VDS-9.1',
      notifications.length === count,
      `OnNotify was called with a count of ${count} and ${notifications.length === 0 ? 'no array' : `an array of ${notifications.length}`}; expected as many notifications as the count says`,
      { ...evidence, member: 'lNumberOfNotifications of OnNotify', expected: notifications.length, actual: count },
    );
    for (const n of call.notifications) {
      const known = Object.values(VDS_NOTIFICATION_TARGET_TYPE).includes(n.objectType as never);
      ctx.duties.holds(
        'VDS-9.5',
        known,
        `VDS_NOTIFICATION.objectType is ${n.objectType}, which VDS_NOTIFICATION_TARGET_TYPE does not have`,
        evidence,
      );
      const kind = EVENT_OF_TYPE[n.objectType];
      if (kind === undefined)
        ctx.duties.broken(
          'VDS-9.5',
          `VDS_NOTIFICATION.objectType is ${n.objectType}, which a hardware provider does not send`,
          evidence,
        );
      const event = n[kind]?.event;
      ctx.duties.holds(
        'VDS-9.5',
        event !== undefined && eventsOf(n.objectType).includes(event),
        `the event is ${event}, which a notification about a ${kind} cannot have`,
        evidence,
      );
    }
  }
}
