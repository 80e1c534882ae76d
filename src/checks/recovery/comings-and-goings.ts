// Notifications of objects that come and go.
import { NOTIFICATION_EVENTS } from '../../contract/generated/enumerations.js';
import type { Guid } from '../../contract/guid.js';
import type { Context } from '../context.js';
import { comes, isEvent, NF } from '../notifications.js';

/** The event that says that an object of a kind has come, and the one that it has gone. */
const COMING_AND_GOING: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(NOTIFICATION_EVENTS)
    .filter(([name]) => name.endsWith('_ARRIVE') || name.endsWith('_DEPART'))
    .map(([name, value]) => [value, name]),
);

/** The events of a notification that say of an object that it came or went. */
function comingsAndGoings(notification: object): { readonly id: string; readonly event: string }[] {
  return Object.entries(notification).flatMap(([arm, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [];
    const body = value as Readonly<Record<string, unknown>>;
    const event = COMING_AND_GOING[Number(body['event'])];
    return event === undefined ? [] : [{ id: String(body[`${arm}Id`]), event }];
  });
}

/**
 * Since so many notifications had come, each of these LUNs was announced as gone, and nothing that `isThere` was. Gives
 * how many have come by now.
 */
export async function announcedTruly(
  ctx: Context,
  mark: number,
  departed: Iterable<Guid>,
  isThere: (id: Guid) => boolean,
): Promise<number> {
  for (const id of departed) {
    const departure = isEvent('lun', NF.VDS_NF_LUN_DEPART, id);
    await comes(ctx, 'VDS_NF_LUN_DEPART for a LUN that was deleted at the array', departure, mark, 'VDS-9.6e');
  }
  const since = await ctx.session.notificationsSince(mark);
  ctx.duties.judging('VDS-9.6d');
  const untrue = since
    .flatMap(comingsAndGoings)
    .filter(({ id }) => isThere(id))
    .map(({ event }) => event);
  for (const event of new Set(untrue)) {
    const text = `${event} came for an object that was there all the time`;
    // A provider may introduce again whatever it has read again.
    if (event.endsWith('_ARRIVE')) ctx.note(text);
    else ctx.duties.unkept('VDS-9.6d', text);
  }
  return ctx.session.received.length;
}
