// Puts the shards of one run together, so that the whole is what one machine would have reported. What does not fit is
// refused by name.
import type { RunHeader, ShardHeader } from '../../run/events.js';
import type { CheckResult } from '../../checks/outcome.js';
import type { Circumstances } from '../../run/summary.js';
import { ConfigurationError } from '../../port/errors.js';
import { differences } from './continue-run.js';
import { inOrder, withoutResult, type StoredRun } from './read-run.js';

interface MergedRun {
  readonly header: RunHeader;
  /** In the order of the whole run. */
  readonly results: readonly CheckResult[];
  readonly circumstances: Circumstances;
}

interface Part extends StoredRun {
  readonly shard: ShardHeader;
}

/** How many ids a message shows. */
const SHOWN = 5;

/**
 * The run that the shards are parts of.
 *
 * @param partial whether what is missing becomes a problem of the run, which makes it incomplete, instead of an error
 * @throws ConfigurationError for a run that is not a shard, shards of different runs, one shard or check given twice,
 * and, unless `partial`, for what is missing
 */
export function mergeShards(
  runs: readonly StoredRun[],
  { partial = false }: { readonly partial?: boolean } = {},
): MergedRun {
  const parts = runs.map(asShard).sort((a, b) => a.shard.index - b.shard.index);
  const [first] = parts;
  if (first === undefined) throw new ConfigurationError('no shards were given to merge');
  for (const part of parts) mustFit(first, part);
  mustNotOverlap(parts);
  const missing = whatIsMissing(first.shard, parts);
  if (missing.length > 0 && !partial) {
    throw new ConfigurationError(missing.join('; '), {
      hint:
        'Run what is missing (run --resume goes on with an unfinished shard), or merge with --partial for an ' +
        'incomplete report.',
    });
  }
  const header = headerOf(first, parts);
  const problems = [
    ...missing,
    ...parts.flatMap((p) =>
      (p.summary?.problems ?? []).map((problem) => `shard ${p.shard.index}/${p.shard.count}: ${problem}`),
    ),
  ];
  return {
    header,
    results: inOrder(
      header,
      parts.flatMap((p) => p.results),
    ),
    circumstances: { problems, interrupted: false, ms: wholeTime(parts) },
  };
}

function asShard(run: StoredRun): Part {
  const { shard } = run.header;
  if (shard === undefined)
    throw new ConfigurationError(`${run.file} is a run of its own and no shard`, {
      hint: 'merge takes the reports of run --shard i/n.',
    });
  return { ...run, shard };
}

/** Shards on systems of their own may name different ones; all else is the run's. */
function mustFit(first: Part, other: Part): void {
  const differ = differences(first.header, other.header, [
    'checks',
    'shard',
    ...(first.shard.ownSystem && other.shard.ownSystem ? (['provider', 'settings', 'options'] as const) : []),
  ]);
  if (first.shard.count !== other.shard.count)
    differ.push(`number of shards (${first.shard.count} and ${other.shard.count})`);
  if (JSON.stringify(first.shard.selection) !== JSON.stringify(other.shard.selection))
    differ.push('selection of checks');
  if (differ.length === 0) return;
  throw new ConfigurationError(
    `${first.file} and ${other.file} are not shards of the same run: they differ in the ${differ.join(', the ')}`,
    {
      hint: 'All shards take the same options but for --shard and --reports.',
    },
  );
}

function mustNotOverlap(parts: readonly Part[]): void {
  const byIndex = new Map<number, Part>();
  const byCheck = new Map<string, Part>();
  for (const part of parts) {
    const twin = byIndex.get(part.shard.index);
    if (twin !== undefined)
      throw new ConfigurationError(
        `${twin.file} and ${part.file} are both shard ${part.shard.index}/${part.shard.count}`,
        { hint: 'Give each shard once.' },
      );
    byIndex.set(part.shard.index, part);
    for (const id of part.header.checks) {
      const other = byCheck.get(id);
      if (other !== undefined)
        throw new ConfigurationError(`${id} is in ${other.file} and in ${part.file}`, {
          hint: 'Shards fit together when all were given the same --shard-durations, or none.',
        });
      byCheck.set(id, part);
    }
  }
}

function whatIsMissing({ count, selection }: ShardHeader, parts: readonly Part[]): string[] {
  const present = new Set(parts.map((p) => p.shard.index));
  const absent = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !present.has(index));
  const planned = new Set(parts.flatMap((p) => p.header.checks));
  const nowhere = absent.length > 0 ? [] : selection.filter((id) => !planned.has(id));
  return [
    ...absent.map((index) => `shard ${index}/${count} is missing`),
    ...parts.flatMap((p) =>
      named(`shard ${p.shard.index}/${count} (${p.file}) has no result of`, withoutResult(p.header, p.results)),
    ),
    ...named('no shard has', nowhere),
  ];
}

function named(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  return [
    `${what} ${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ` and ${ids.length - SHOWN} more checks` : ''}`,
  ];
}

function headerOf(first: Part, parts: readonly Part[]): RunHeader {
  const { shard: _, ...run } = first.header;
  return {
    ...run,
    checks: first.shard.selection,
    startedAt: parts.map((p) => p.header.startedAt).sort()[0] ?? run.startedAt,
    host: [...new Set(parts.map((p) => p.header.host))].join(', '),
    shards: parts.map(({ shard: { index }, header: { provider, settings, options, startedAt, host, checks } }) => ({
      index,
      provider,
      ...(settings === undefined ? {} : { settings }),
      ...(options === undefined ? {} : { options }),
      startedAt,
      host,
      checks,
    })),
  };
}

/** From the first shard's start to the last one's end, in milliseconds. */
function wholeTime(parts: readonly Part[]): number {
  const times = parts.map((p) => {
    const start = Date.parse(p.header.startedAt);
    return { start, end: start + (p.summary?.ms ?? p.results.reduce((sum, r) => sum + r.ms, 0)) };
  });
  return Math.max(...times.map((t) => t.end)) - Math.min(...times.map((t) => t.start));
}
