// Notifications of objects that come and go.
import { NOTIFICATION_EVENTS } from '../../contract/generated/enumerations.js';

/** The event that says that an object of a kind has come, and the one that it has gone. */
const COMING_AND_GOING: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(NOTIFICATION_EVENTS)
    .filter(([name]) => name.endsWith('_ARRIVE') || name.endsWith('_DEPART'))
    .map(([name, value]) => [value, name]),
);

/** The events of a notification that say of an object that it came or went. */
export function comingsAndGoings(notification: object): { readonly id: string; readonly event: string }[] {
  return Object.entries(notification).flatMap(([arm, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [];
    const body = value as Readonly<Record<string, unknown>>;
    const event = COMING_AND_GOING[Number(body['event'])];
    return event === undefined ? [] : [{ id: String(body[`${arm}Id`]), event }];
  });
}
