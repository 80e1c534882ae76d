// The options of `run` by which several machines share one run, and what they demand.
import type { ShardHeader } from '../../run/events.js';
import type { Identity } from '../../run/identify.js';
import { checksOfShard, parseShard } from '../../run/order/shards.js';
import type { SelectedCheck } from '../../run/selection.js';
import { ConfigurationError } from '../../port/errors.js';
import type { ProviderSpec } from '../../port/provider-spec.js';
import { readRun } from '../../reporting/store/read-run.js';

export const shardOptions = {
  shard: {
    type: 'string',
    requiresArg: true,
    describe: 'run part i of n, as i/n; the same --seed for all, then `merge` puts the parts together',
  },
  'shard-durations': {
    type: 'string',
    normalize: true,
    requiresArg: true,
    describe:
      'an earlier run (its folder, results.json or journal.ndjson) whose ' +
      'durations balance the shards; the same for all',
  },
  'shard-own-system': {
    type: 'boolean',
    default: false,
    describe: 'each shard has its own system under test; needed unless the provider makes one for each session',
  },
} as const;

interface ShardArguments {
  readonly shard?: string | undefined;
  readonly shardDurations?: string | undefined;
  readonly shardOwnSystem: boolean;
  readonly seed?: string | undefined;
}

/**
 * The part of the selection that this process runs; all of it without --shard. Throws ConfigurationError for options
 * that do not fit together.
 */
export function takeShard(
  args: ShardArguments,
  chosen: readonly SelectedCheck[],
): { readonly selected: readonly SelectedCheck[]; readonly shard?: ShardHeader } {
  if (args.shard === undefined) {
    for (const [name, given] of [
      ['shard-durations', args.shardDurations !== undefined],
      ['shard-own-system', args.shardOwnSystem],
    ] as const) {
      if (given) throw new ConfigurationError(`--${name} goes with --shard only`);
    }
    return { selected: chosen };
  }
  const number = parseShard(args.shard);
  if (args.seed === undefined)
    throw new ConfigurationError('--shard needs --seed', {
      hint: 'All shards of a run take the same one, for example the number that the CI gave the run.',
    });
  const durations = new Map(
    args.shardDurations === undefined ? [] : readRun(args.shardDurations).results.map((r) => [r.id, r.ms] as const),
  );
  return {
    selected: checksOfShard(chosen, number, durations),
    shard: { ...number, selection: chosen.map(({ check }) => check.id), ownSystem: args.shardOwnSystem },
  };
}

/** Throws ConfigurationError when shards would disturb each other on one system under test. */
export function mustNotShareASystem(
  { count, ownSystem }: ShardHeader,
  { disposable }: Identity,
  spec: ProviderSpec,
): void {
  if (count === 1 || ownSystem || disposable) return;
  throw new ConfigurationError(
    `--provider ${spec.name} does not say that each session has a system of its own, and shards on one system would ` +
      'disturb each other',
    {
      hint:
        'Run it without --shard; or give each shard a system of its own (another --url, another array) and say so ' +
        'with --shard-own-system.',
    },
  );
}
