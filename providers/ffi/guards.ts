// The patterns around and inside out parameters: filling them before a call, and what is left of them after it.
import { ProviderProtocolError } from '../../src/port/errors.js';
import { GUARD_BYTE, SENTINEL_BYTE } from './memory.js';

/** Guard bytes before and after an out parameter, at least. */
export const GUARD = 64;

const SENTINELS = Buffer.alloc(4096, SENTINEL_BYTE);
const GUARDS = Buffer.alloc(4096, GUARD_BYTE);

function isFilledWith(pattern: Buffer, buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += pattern.length) {
    const length = Math.min(pattern.length, end - at);
    if (buffer.compare(pattern, 0, length, at, at + length) !== 0) return false;
  }
  return true;
}

/** Whether nothing was written from `start` to `end`. */
export const isUntouched = (buffer: Buffer, start: number, end: number): boolean =>
  isFilledWith(SENTINELS, buffer, start, end);

/**
 * Guard bytes between two parameters, or at an end of the area, by their place in it. The labels name its neighbours.
 */
export interface Guard {
  readonly start: number;
  readonly end: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/**
 * Throws ProviderProtocolError when guard bytes of the area at `base` have changed, with how far the provider wrote and
 * past what.
 */
export function checkGuard(buffer: Buffer, base: number, guard: Guard): void {
  const { after, before } = guard;
  const start = base + guard.start;
  const end = base + guard.end;
  if (isFilledWith(GUARDS, buffer, start, end)) return;
  let first = start;
  while (buffer[first] === GUARD_BYTE) first += 1;
  let last = end - 1;
  while (buffer[last] === GUARD_BYTE) last -= 1;
  // Between two parameters the nearer one is to blame; at the ends there is only one.
  const past = before === undefined || (after !== undefined && first - start <= end - 1 - last);
  throw new ProviderProtocolError(
    past
      ? `the provider wrote ${last + 1 - start} bytes past ${after ?? 'its outputs'}`
      : `the provider wrote ${end - first} bytes before ${before}`,
    {
      hint:
        "It writes to memory that is its caller's: compare the " +
        "structure it was built with to the contract's header.",
    },
  );
}
