// How many defective providers the model alone catches: its suites, interactions and stories, with the hand-written
// ones left out. Prints each defect of a sample with the check that caught it, and the share.
//
//   npm run build && node scripts/model-alone.mjs [--sample 20] [--seed x] [--effort standard] [--breaks VDS-6]
//                                                 [--why] [name …]
//
// --breaks takes the defects of these requirements only; --why shrinks what fails, to print the finding.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFor } from '../dist/src/checks/random.js';
import { SystemUnderTest } from '../dist/src/lab/system.js';
import { DEFAULT_LIMITS } from '../dist/src/port/session.js';
import { openProvider } from '../dist/src/port/provider-spec.js';
import { providerSpec } from '../dist/src/cli/options/provider-option.js';
import { openDefective } from '../dist/providers/defective/defect.js';
import { Furnishing } from '../dist/src/run/furnishing.js';
import { runCheck } from '../dist/src/run/run-check.js';
import { select } from '../dist/src/run/selection.js';
import { DEFECTS } from '../dist/providers/defective/catalogue.js';
import { SUITES } from '../dist/suites/index.js';

const MODEL = ['interactions', 'stories'];
/** A hang costs no more than it must. */
const LIMITS = { ...DEFAULT_LIMITS, call: 1_500, scan: 1_500, wait: 1_500, notification: 300 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '20' },
    seed: { type: 'string', default: 'model-alone' },
    effort: { type: 'string', default: 'standard' },
    breaks: { type: 'string', default: '' },
    why: { type: 'boolean', default: false },
  },
});
const { seed, effort } = values;

/**
 * A check that asks for a fresh system has failed, and wants to find the fewest steps: it is known by then that it
 * fails.
 */
class SystemOfOneFailure extends SystemUnderTest {
  isInCheck = false;
  async renew() {
    if (this.isInCheck && !values.why) throw new Error(FAILED);
    await super.renew();
  }
}
/** A check that takes one system after the other, and looks for no fewer steps. */
const RENEWS = 'stories.equipment-goes';
const FAILED = 'the check has failed, and is not looked into';

/** The cheapest come first. */
const CHECKS = select(SUITES, { effort, suites: MODEL }).sort((a, b) => costOf(a) - costOf(b));
function costOf({ check: { cost, effort: least } }) {
  return (least === 'quick' || least === undefined ? 0 : 1e6) + cost.calls + 1000 * cost.recoveries;
}

/** The checks that are most likely to catch a defect come first, which decides nothing but how long it takes. */
function inOrderFor(defect) {
  const rank = ({ check: { id, requirements } }) =>
    defect?.noticedBy.includes(id) ? 0 : requirements.some((r) => defect?.breaks.includes(r)) ? 1 : 2;
  return [...CHECKS].sort((a, b) => rank(a) - rank(b));
}

function sampled(count) {
  const random = randomFor(seed, 'sample');
  const left = DEFECTS.filter((d) => d.breaks.some((r) => r.startsWith(values.breaks))).map((d) => d.name);
  const taken = [];
  while (taken.length < count && left.length > 0) taken.push(...left.splice(random.below(left.length), 1));
  return taken;
}

/** The first check that fails on a defect; undefined for none. */
async function caughtBy(name) {
  const defect = DEFECTS.find((d) => d.name === name);
  const { strict = false } = defect ?? {};
  const scratch = mkdtempSync(join(tmpdir(), 'vdsc-model-'));
  const spec = providerSpec({ provider: `defective:${name}` });
  // In this process where it can be, which takes half the time.
  const open = () =>
    defect === undefined || defect.needsIsolation === true
      ? openProvider(spec, { seed, scratch })
      : openDefective(defect, { seed });
  const system = new SystemOfOneFailure(open, LIMITS);
  const readings = new Map();
  const habits = {};
  const state = {
    system,
    seed,
    strict,
    readings,
    habits,
    cacheFile: undefined,
    furnishing: new Furnishing(system, { seed, readings, habits }),
  };
  try {
    for (const { suite, check } of inOrderFor(defect)) {
      const run = async (ctx) => {
        system.isInCheck = check.id !== RENEWS;
        await check.run(ctx).finally(() => (system.isInCheck = false));
      };
      const { verdict, reason } = await runCheck({ ...check, run }, suite.name, state);
      if (reason?.includes(FAILED)) return check.id;
      if (['failed', 'crashed', 'hung'].includes(verdict))
        return `${check.id} (${verdict}: ${(reason ?? '').slice(0, 300)})`;
    }
    return undefined;
  } finally {
    await system.close().catch(() => {});
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The limits in per cent between which the share of all defects lies, 95 times in 100 (Wilson's interval). */
function interval(hits, of) {
  const z = 1.96;
  const p = hits / of;
  const centre = p + (z * z) / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const share = (x) => Math.round((100 * x) / (1 + (z * z) / of));
  return `${share(centre - half)} to ${share(centre + half)}`;
}

const names = positionals.length > 0 ? positionals : sampled(Number(values.sample));
let caught = 0;
for (const name of names) {
  const by = await caughtBy(name);
  if (by !== undefined) caught += 1;
  console.log(`${by === undefined ? 'MISSED ' : 'caught '} ${name}${by === undefined ? '' : `  by ${by}`}`);
}
console.log(
  `The model alone caught ${caught} of ${names.length} defects (${Math.round((100 * caught) / names.length)} %; ` +
    `of all ${DEFECTS.length}, between ${interval(caught, names.length)} %).`,
);
