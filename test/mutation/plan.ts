// Which checks a mutant meets, and in which order: those that killed others of its file first, then the cheap ones.
import type { Baseline, BaselineCheck, BenchName, Killing, Step } from './orders.js';
import type { Mutant } from './mutants.js';

/** How far more often than without the mutant its place may be come by in one check. */
const HITS = { times: 100, more: 10_000 };

/** How many cheap checks show that a lane is still as it was. */
const CONTROLS = 200;

interface Plan {
  readonly steps: readonly Step[];
  /** Its code runs as modules are loaded, so that it needs a thread of its own. */
  readonly atLoad: boolean;
  readonly hitLimit: number;
}

const hitsOf = ({ hits }: BaselineCheck, mutant: string): number => hits[mutant] ?? 0;

export class Planner {
  /** How many mutants of a file each check has killed. */
  private readonly killers = new Map<string, Map<string, number>>();

  constructor(
    private readonly benches: readonly BenchName[],
    private readonly baselines: readonly Baseline[],
  ) {}

  /**
   * The checks that can notice the mutant: those that come by it, and, where the system they find was made by it, all.
   */
  planOf({ id, file }: Pick<Mutant, 'id' | 'file'>): Plan {
    const steps: Step[] = [];
    let most = 0;
    let atLoad = false;
    for (const baseline of this.baselines) {
      const inSetUp = baseline.setUp[id] ?? 0;
      const hits = baseline.checks.map((check) => hitsOf(check, id));
      atLoad ||= (baseline.atLoad[id] ?? 0) > 0;
      most = Math.max(most, inSetUp, ...hits);
      const groups = new Set(baseline.checks.filter((check) => hitsOf(check, id) > 0).map(({ group }) => group));
      const inOrder = this.benches.some(({ name, inOrder }) => name === baseline.bench && inOrder);
      const all = inSetUp > 0 || (baseline.atLoad[id] ?? 0) > 0 || (inOrder && hits.some((count) => count > 0));
      const checks = baseline.checks.filter(
        (check) => all || hitsOf(check, id) > 0 || (check.group !== undefined && groups.has(check.group)),
      );
      if (checks.length === 0) continue;
      const killed = (check: string): number => this.killers.get(file)?.get(`${baseline.bench} ${check}`) ?? 0;
      const idle = (check: BaselineCheck): number => (hitsOf(check, id) > 0 ? 0 : 1);
      const ordered = inOrder
        ? checks
        : checks.toSorted((a, b) => killed(b.id) - killed(a.id) || idle(a) - idle(b) || a.ms - b.ms);
      steps.push({ bench: baseline.bench, checks: ordered.map((check) => ({ id: check.id, noticed: check.noticed })) });
    }
    return { steps, atLoad, hitLimit: most * HITS.times + HITS.more };
  }

  /** Cheap checks, in another order than the baseline's, that must end as they did. */
  control(): readonly Step[] {
    return this.baselines.slice(0, 1).map(({ bench, checks }) => ({
      bench,
      checks: checks.toSorted((a, b) => a.ms - b.ms).slice(0, CONTROLS),
    }));
  }

  /** Learns which check killed a mutant. */
  learn({ file }: Pick<Mutant, 'file'>, { bench, check }: Pick<Killing, 'bench' | 'check'>): void {
    const ofFile = this.killers.get(file) ?? new Map<string, number>();
    this.killers.set(file, ofFile);
    const key = `${bench} ${check}`;
    ofFile.set(key, (ofFile.get(key) ?? 0) + 1);
  }
}
