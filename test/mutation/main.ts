// Mutation testing of the suite by the reference provider, and of the model by the providers: `npm run test:mutation`.
// docs/mutation.md says how to read it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../support/project.js';
import { Baselines } from './baselines.js';
import { EXPLAINED } from './explained.js';
import { explanationOf } from './explanation.js';
import { LaneEnded, LaneThread } from './lane-thread.js';
import { choose, type Mutant } from './mutants.js';
import type { Baseline, LaneSettings } from './orders.js';
import { Planner } from './plan.js';
import { escaped, Records, type MutantOutcome } from './records.js';
import { markdown, scoreOf, type Tried } from './report.js';
import { buildRoom } from './room.js';
import { TARGET_NAMES, TARGETS, type TargetName } from './targets.js';

const USAGE = `npm run test:mutation -- [options]
  --target ${TARGET_NAMES.join('|')}   what is mutated (in-memory)
  --files PATH          only mutants of this file, folder or FILE:LINE; may be repeated
  --sample N --seed S   as many, by chance
  --suite NAME          only with the checks of this suite; may be repeated
  --check ID            only with this check, or, with a * at its end, those that begin so; may be repeated
  --benches REGEX       only benches of these names, as "quick"
  --lanes N             threads (2)
  --minutes M           stops after this time; --resume goes on
  --reports FOLDER      where the reports go (reports)
  --resume              keeps the outcomes of the last run
  --survivors           with --resume: tries what survived without an explanation again
  --report              only writes the reports again, of what --resume keeps`;

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'in-memory' },
    files: { type: 'string', multiple: true, default: [] },
    sample: { type: 'string' },
    suite: { type: 'string', multiple: true, default: [] },
    check: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: 'mutation' },
    benches: { type: 'string', default: '' },
    lanes: { type: 'string', default: '2' },
    minutes: { type: 'string', default: 'Infinity' },
    reports: { type: 'string', default: join(ROOT, 'reports') },
    resume: { type: 'boolean', default: false },
    survivors: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const target = values.target as TargetName;
if (values.help || !TARGET_NAMES.includes(target)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

const room = await buildRoom(target);
const chosen = choose(room.mutants, {
  files: values.files,
  sample: values.sample === undefined ? undefined : Number(values.sample),
  seed: values.seed,
});
const settings: LaneSettings = { target, suites: values.suite, checks: values.check };
const base = join(values.reports, `mutation-${target}`);
const records = new Records(`${base}.ndjson`, values.resume || values.report);
const left = chosen.filter((mutant) => {
  const known = records.of(mutant.key);
  return known === undefined || (values.survivors && escaped(known) && explanationOf(mutant, EXPLAINED) === undefined);
});
console.log(`${room.mutants.length} mutants, ${chosen.length} chosen, ${left.length} to try`);
try {
  if (!values.report && left.length > 0) await tryAll();
} finally {
  room.remove();
}
report();

/** The benches without a mutant: which check comes by which mutant and how it ends. */
async function baselines(lane: LaneThread): Promise<readonly Baseline[]> {
  const wanted = new RegExp(values.benches);
  const kept = new Baselines(
    join(ROOT, 'build/mutation-baselines'),
    [room.hash, target, ...values.suite, ...values.check].join(' '),
  );
  const all: Baseline[] = [];
  for (const { name } of await lane.benches())
    if (wanted.test(name)) all.push(kept.of(name) ?? kept.keep(await measured(lane, name)));
  return all;
}

async function measured(lane: LaneThread, name: string): Promise<Baseline> {
  const started = performance.now();
  const baseline = await lane.baseline(name);
  const complained = baseline.checks.filter((check) => check.noticed).map((check) => check.id);
  if (!name.startsWith('defective:') && complained.length > 0)
    throw new Error(`${name} complains without a mutant: ${complained.join(', ')}`);
  console.log(`${name}: ${baseline.checks.length} checks in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return baseline;
}

async function tryAll(): Promise<void> {
  const started = performance.now();
  const first = new LaneThread(room.lane, settings);
  const known = await baselines(first);
  const planner = new Planner(await first.benches(), known);
  const queue = [...left];
  let done = 0;
  const work = async (lane: LaneThread): Promise<void> => {
    let tried = 0;
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (performance.now() - started > Number(values.minutes) * 60_000) break;
      const outcome = await tryOne(mutant, planner, lane);
      records.add(outcome);
      done += 1;
      tried += 1;
      const { status, by, ms } = outcome;
      console.log(
        `${done}/${left.length} ${mutant.file}:${mutant.line} ${status}${by === undefined ? '' : ` by ${by.check}`} ` +
          `${(ms / 1000).toFixed(1)} s`,
      );
    }
    if (tried > 0) await lane.control(planner.control());
    await lane.close();
  };
  const others = Array.from({ length: Number(values.lanes) - 1 }, () => new LaneThread(room.lane, settings));
  await Promise.all([first, ...others].map(work));
}

async function tryOne(mutant: Mutant, planner: Planner, shared: LaneThread): Promise<MutantOutcome> {
  const started = performance.now();
  const { steps, atLoad, hitLimit } = planner.planOf(mutant);
  const ended = (rest: Omit<MutantOutcome, 'key' | 'ms'>): MutantOutcome => ({
    key: mutant.key,
    ...rest,
    ms: Math.round(performance.now() - started),
  });
  if (steps.length === 0) return ended({ status: 'not covered' });
  const lane = atLoad ? new LaneThread(room.lane, { ...settings, mutant: mutant.id }) : shared;
  try {
    const killing = await lane.killing({ do: 'mutant', id: mutant.id, steps, hitLimit });
    if (killing === undefined) return ended({ status: 'survived' });
    const { isTimeout, ...by } = killing;
    planner.learn(mutant, by);
    return ended({ status: isTimeout ? 'timeout' : 'killed', by });
  } catch (error) {
    if (!(error instanceof LaneEnded)) throw error;
    const { at, how, message } = error;
    const [bench = '', check = ''] = at.split(': ');
    const by = { bench, check, verdict: 'crashed', requirement: undefined, reason: message } as const;
    return ended({ status: how === 'silent' ? 'timeout' : 'killed', by });
  } finally {
    if (lane !== shared) await lane.close();
  }
}

function report(): void {
  const wanted = new Set(chosen);
  const tried = room.mutants.flatMap((mutant): readonly Tried[] => {
    if (!wanted.has(mutant)) return [];
    const outcome = records.of(mutant.key);
    return outcome === undefined ? [] : [{ mutant, outcome }];
  });
  const score = scoreOf(tried, EXPLAINED);
  writeFileSync(`${base}.md`, markdown(TARGETS[target].says, tried, EXPLAINED, room.mutants.length));
  writeFileSync(`${base}.json`, `${JSON.stringify({ target, score, tried }, null, 1)}\n`);
  console.log(JSON.stringify(score));
}
