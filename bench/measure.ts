// Rates as ratios: each case is measured in turns with its limit in the same run, so that a noisy machine disturbs both
// alike.

export interface Case {
  readonly name: string;
  /** The limit in words. */
  readonly against: string;
  readonly ours: () => Promise<unknown>;
  readonly limit: () => Promise<unknown>;
  /** Calls in flight at once. */
  readonly inFlight?: number;
}

export interface Row {
  readonly name: string;
  readonly against: string;
  /** Operations a second, the median of the rounds. */
  readonly ours: number;
  readonly limit: number;
  /** limit / ours: how many times slower ours is, the median of the rounds' own ratios. */
  readonly ratio: number;
}

const ROUNDS = 7;
const ROUND_MS = 250;

async function rate(run: () => Promise<unknown>, inFlight: number): Promise<number> {
  const start = performance.now();
  const until = start + ROUND_MS;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      // The clock is read once in 16 operations, so that it does not show in what takes less than a microsecond.
      for (let i = 0; i < 16; i++) await run();
      done += 16;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return done / ((performance.now() - start) / 1000);
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Measures a case. The first round warms up and does not count. */
export async function measure({ name, against, ours, limit, inFlight = 1 }: Case): Promise<Row> {
  const pairs: { ours: number; limit: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { ours: await rate(ours, inFlight), limit: await rate(limit, inFlight) };
    if (round > 0) pairs.push(pair);
  }
  return {
    name,
    against,
    ours: median(pairs.map((p) => p.ours)),
    limit: median(pairs.map((p) => p.limit)),
    ratio: median(pairs.map((p) => p.limit / p.ours)),
  };
}
