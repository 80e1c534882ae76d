// The line that tells on a terminal how far a run is. Pure: when it is drawn and cleared is the console's matter.
import { terminalLine } from '../text/plain-text.js';
import { about } from '../text/times.js';

export interface Progress {
  readonly finished: number;
  readonly total: number;
  /** The check under way; undefined when all have ended and the reports are being written. */
  readonly current: string | undefined;
  /** Milliseconds that the finished checks took together. */
  readonly spent: number;
}

const BAR = 20;
/** Columns below which the bar, and then the time left, make room for the check's name. */
const ROOM_FOR_BAR = 72;
const ROOM_FOR_TIME = 48;
/** Checks that must have ended before their mean says anything of the others. */
const ENOUGH = 20;

/** Whether there is somebody to look at it: a terminal that can move its cursor, and that no CI has made for its log. */
export function wantsProgress(
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const { CI: ci, TERM: term } = env;
  return out.isTTY === true && term !== 'dumb' && (ci === undefined || ci === '' || ci === 'false');
}

/** `[#####---------------] 31/120, about 2 min left: luns.extend`, in at most `width` columns. */
export function progressLine({ finished, total, current, spent }: Progress, width: number): string {
  const full = total === 0 ? BAR : Math.floor((finished / total) * BAR);
  const left = total - finished;
  const bar = width < ROOM_FOR_BAR ? '' : `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] `;
  const time =
    width < ROOM_FOR_TIME || finished < ENOUGH || left === 0 ? '' : `, about ${about((spent / finished) * left)} left`;
  return terminalLine(`${bar}${finished}/${total}${time}: ${current ?? 'writing the reports'}`, width);
}
