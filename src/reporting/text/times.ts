// Durations and points in time as reports write them. A clock that jumped must not cost a report, so an invalid
// duration counts as 0.

/**
 * Milliseconds with at most three decimals, never NaN, negative, endless or so large that it would be printed with an
 * exponent.
 */
export function duration(ms: number): number {
  return ms > 0 ? Math.round(Math.min(ms, 1e12) * 1000) / 1000 : 0;
}

/** Milliseconds as seconds with at most three decimals, which is all that Jenkins reads: 1e-7 s is 0. */
export function seconds(ms: number): number {
  return Number((duration(ms) / 1000).toFixed(3));
}

const LAST_DATE = Date.UTC(9999, 11, 31);

/** A point in time in UTC without a fraction: `2026-11-23T21:28:00Z`. */
export function timestamp(ms: number): string {
  return `${new Date(ms >= 0 && ms <= LAST_DATE ? ms : 0).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds as a person says them. */
export function about(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toPrecision(2)) : Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
