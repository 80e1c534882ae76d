// The progress line on a terminal, as a pure function. The console draws and clears it.
import { terminalLine } from '../text/plain-text.js';
import { about } from '../text/times.js';

export interface Progress {
  readonly finished: number;
  /** How many of them failed. */
  readonly failures: number;
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

/**
 * Whether there is somebody to look at it: a terminal that can move its cursor, and that no CI has made for its log.
 */
export function wantsProgress(
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const { CI: ci, TERM: term } = env;
  return out.isTTY === true && term !== 'dumb' && (ci === undefined || ci === '' || ci === 'false');
}

/** How long the others may take, once enough have ended. */
function timeLeft({ finished, total, spent }: Progress): string {
  const left = total - finished;
  return finished < ENOUGH || left === 0 ? '' : `, about ${about((spent / finished) * left)} left`;
}

/** `[#####---------------] 31/120, 1 failed, about 2 min left: luns.extend`, in at most `width` columns. */
export function progressLine(progress: Progress, width: number): string {
  const { finished, total, current } = progress;
  const full = total === 0 ? BAR : Math.floor((finished / total) * BAR);
  const bar = width < ROOM_FOR_BAR ? '' : `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] `;
  const time = width < ROOM_FOR_TIME ? '' : timeLeft(progress);
  return terminalLine(`${bar}${countLine(progress)}${time}: ${current ?? 'writing the reports'}`, width);
}

/** `412/1493, 3 failed, about 41 min left`, for a log. */
export const logLine = (progress: Progress): string => `${countLine(progress)}${timeLeft(progress)}`;

const countLine = ({ finished, total, failures }: Progress): string =>
  `${finished}/${total}${failures === 0 ? '' : `, ${failures} failed`}`;
