// The frame of a check: the system after it, its clean-up done, is the system before it, but for what the check
// declares. Whatever else has changed is a finding of that check. How often and how much is read follows the effort, as
// reading a large array takes its time.
import type { Check, Effort } from '../checks/check.js';
import type { Evidence } from '../checks/outcome.js';
import { configuresTargets } from '../contract/flags.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { requirement } from '../contract/requirements.js';
import type { Nameable } from '../lab/scope.js';
import type { LoadedProvider } from '../lab/system.js';
import { HarnessError } from '../port/errors.js';
import { displayName } from '../port/show-value.js';
import {
  compareObservations,
  describeDifference,
  evidenceOf,
  isPassing,
  SETTLING,
  WAYS_TO_LUNS,
  type Difference,
} from '../truth/compare.js';
import { inconsistencies } from '../truth/consistency.js';
import { InventoryUnreadable } from '../truth/enumerate.js';
import type { Depth } from '../truth/getters.js';
import { LISTED } from '../truth/member-requirements.js';
import type { Observation, ObservedObject } from '../truth/observation.js';
import { observe } from '../truth/observe.js';
import { renamedIds, withIds } from '../truth/rename.js';

export interface FrameOptions {
  readonly depth: Depth;
  /** Read after every n-th check; 1 is each. Those of a generated product are read after every tenth at most. */
  readonly every: number;
}

/** How often the system is compared at each effort. */
export const FRAME_OF_EFFORT: Readonly<Record<Effort, FrameOptions>> = {
  quick: { depth: 'light', every: 10 },
  standard: { depth: 'light', every: 1 },
  full: { depth: 'deep', every: 1 },
};

const WAYS: ReadonlySet<string> = new Set(WAYS_TO_LUNS);
const [A_WAY] = WAYS_TO_LUNS;

/** A check of a generated product is one of many alike. */
const EVERY_GENERATED = 10;
/** How many differences a message lists; the others are counted. */
const TOLD = 3;
/** Milliseconds between looks at what may still be coming to rest. */
const PAUSES = [20, 100, 300];

interface Baseline {
  readonly loaded: LoadedProvider;
  readonly observation: Observation;
  /** Contradictions from the beginning are not a check's doing. */
  readonly wrong: ReadonlySet<string>;
}

interface Broken {
  readonly requirement: string;
  readonly message: string;
  readonly evidence?: Evidence;
  /**
   * Ids of the checks of which one has changed the system, in the order in which they ran; absent where there is only
   * one.
   */
  readonly suspects?: readonly string[];
}

/** Whose doing a difference is, to follow "the system differs from its earlier state after". */
export const whose = (suspects: readonly string[]): string =>
  suspects.length < 2 ? 'this check' : `one of these ${suspects.length} checks: ${suspects.join(', ')}`;

const wrongIn = (observation: Observation): Broken[] => [
  ...observation.contradictions,
  ...inconsistencies(observation),
];

/**
 * Targets without a LUN, with their groups, of subsystems that associate new LUNs with targets by themselves: no page
 * says that a target which the array has made for a LUN goes with it.
 */
function keptForLater({ objects }: Observation): ReadonlySet<Guid> {
  const all = [...objects.values()];
  const inUse = new Set(
    all.flatMap(({ kind, members }) =>
      kind === 'IVdsLun' ? ((members['associatedTargets'] as readonly Guid[] | undefined) ?? []) : [],
    ),
  );
  const makes = ({ container = NULL_GUID }: ObservedObject): boolean =>
    configuresTargets(Number(objects.get(container)?.members['flags']));
  const targets = new Set(
    all.flatMap((o) => (o.kind === 'IVdsIscsiTarget' && !inUse.has(o.id) && makes(o) ? [o.id] : [])),
  );
  return new Set([...targets, ...all.flatMap((o) => (targets.has(o.container ?? NULL_GUID) ? [o.id] : []))]);
}

export class Frame {
  private baseline: Baseline | undefined;
  /** Nothing was done yet, and the system could not be read: nothing can be compared in this run. */
  private cannotRead = false;
  /** The checks run since the last comparison. */
  private since: string[] = [];
  /** Whether one of them let ids be others: while a subsystem is away nothing is there to keep them. */
  private mayRename = false;
  /** Whether LUNs were found on other ways than before, where they may be. */
  private waysMove = false;
  /** Members that one of them may leave changed. */
  private left = new Set<string>();

  constructor(
    private readonly options: FrameOptions,
    /** Whether the run may work on a subsystem; what others do to the rest is not compared. */
    private readonly admits: (subSystem: Nameable) => boolean = () => true,
  ) {}

  /**
   * Takes the system as it is before a check, unless it is known from after an earlier one. What cannot be read is for
   * a check to judge. Never rejects.
   */
  async before(loaded: LoadedProvider): Promise<void> {
    const { session } = loaded;
    if (this.cannotRead || this.baseline?.loaded.session === session) return;
    this.forget();
    try {
      this.take(loaded, await this.read(loaded));
    } catch (error) {
      if (!(error instanceof InventoryUnreadable || error instanceof HarnessError)) throw error;
      this.cannotRead = true;
    }
  }

  /** The system is not known any more: a check failed, or could not clean up. */
  forget(): void {
    this.baseline = undefined;
    this.waysMove = false;
    this.begin();
  }

  /** Nothing was done since the last comparison. LUNs that were on their way may not have come back yet. */
  private begin(): void {
    this.since = [];
    this.mayRename = false;
    this.left = new Set(this.waysMove ? WAYS_TO_LUNS : []);
  }

  /** Ids of the checks after which the system has not been compared yet. */
  get pending(): readonly string[] {
    return this.since;
  }

  /**
   * The differences from the state before the check. Empty where it is not the check's turn. Rejects with the
   * HarnessError that ended the session.
   * @param left members that the check could not put back, and need not
   * @param isLast no check follows, so that what was not compared yet is compared now
   */
  async after(
    check: Check,
    loaded: LoadedProvider,
    { left = new Set(), isLast = false }: { readonly left?: ReadonlySet<string>; readonly isLast?: boolean } = {},
  ): Promise<readonly Broken[]> {
    const { baseline } = this;
    // Where the session is another, the check went on with another system.
    if (baseline === undefined || baseline.loaded.session !== loaded.session) return [];
    if (check.changes !== false || (check.faults ?? []).length > 0) this.since.push(check.id);
    for (const member of [...left, ...(check.leaves ?? [])]) this.left.add(member);
    this.mayRename ||= (check.faults ?? []).some((f) => f === 'disconnect' || f === 'crash');
    if (this.since.length === 0 || !(isLast || this.isDue(check))) return [];
    let found = await this.differences(check, loaded, baseline);
    for (const pause of PAUSES) {
      if (found.length === 0 || !found.every((f) => f.settles)) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
      found = await this.differences(check, loaded, baseline);
    }
    const suspects = this.since;
    this.begin();
    const [first] = found;
    if (first === undefined) return [];
    const told = found.slice(0, TOLD).map((f) => f.message);
    if (found.length > TOLD) told.push(`${found.length - TOLD} more`);
    const message = `the system differs from its earlier state after ${whose(suspects)}: ${told.join('; ')}`;
    const evidence: Evidence = { ...first.evidence, nature: 'seen-afterwards' };
    return [{ ...first, message, evidence, ...(suspects.length > 1 ? { suspects } : {}) }];
  }

  private isDue(check: Check): boolean {
    const isGenerated =
      (check.matrix !== undefined || check.generated === true) && !(check.faults ?? []).includes('disconnect');
    const every = isGenerated ? Math.max(this.options.every, EVERY_GENERATED) : this.options.every;
    return this.since.length >= every;
  }

  private async differences(
    check: Check,
    loaded: LoadedProvider,
    { loaded: known, observation: before, wrong }: Baseline,
  ): Promise<readonly (Broken & { readonly settles: boolean })[]> {
    let observation: Observation;
    try {
      observation = await this.read(loaded);
    } catch (error) {
      if (!(error instanceof InventoryUnreadable)) throw error;
      this.baseline = undefined;
      const method = displayName(error.record.method);
      const message = `after this check ${method} ${error.problem}, so the system cannot be read`;
      return [
        {
          requirement: error.way ?? ((check.faults ?? []).length > 0 ? 'VDS-5.5b' : 'VDS-7.9'),
          message,
          settles: true,
        },
      ];
    }
    const ids = renamedIds(before, observation);
    // After a reload ids may be others.
    const renamed =
      this.mayRename || known !== loaded
        ? []
        : [...ids].map(([from, to]) => ({
            requirement: 'VDS-4.2b',
            message: `the object ${from} now has the id ${to}`,
            settles: false,
          }));
    const kept = keptForLater(observation);
    const all = compareObservations(withIds(before, ids), observation);
    this.waysMove = this.left.has(A_WAY) && all.some(({ member }) => WAYS.has(member));
    const changed = all
      .filter((d) => !this.left.has(d.member))
      .filter(({ member, expected, object }) => member !== LISTED || expected === 'listed' || !kept.has(object.id))
      .filter(({ member, expected }) => !isPassing(member, expected))
      .map((d: Difference) => ({
        // It is only recommended that it outlives the provider.
        requirement: known !== loaded && d.member === 'importTarget' ? 'VDS-1.8' : d.requirement,
        message: describeDifference(d),
        evidence: evidenceOf(d),
        settles: SETTLING.has(d.member),
      }));
    const now = wrongIn(observation);
    const inconsistent = now
      .filter(({ message }) => !wrong.has(message))
      .map(({ requirement: id, message }) => ({ requirement: id, message, settles: false }));
    this.take(loaded, observation, now);
    return [...renamed, ...changed, ...inconsistent].sort((a, b) => severity(a) - severity(b));
  }

  private take(loaded: LoadedProvider, observation: Observation, wrong = wrongIn(observation)): void {
    this.baseline = { loaded, observation, wrong: new Set(wrong.map((w) => w.message)) };
  }

  private async read({ hw, providerPrivate, session }: LoadedProvider): Promise<Observation> {
    const taken = session.note();
    const { depth } = this.options;
    try {
      return await observe(hw, {
        depth,
        providerPrivate,
        isWithin: this.admits,
      });
    } finally {
      if (session.broken === undefined) await session.releaseNoted(taken);
    }
  }
}

const LEVELS = ['MUST', 'AMBIGUOUS', 'SHOULD', 'CALLER'];
const severity = (broken: Broken): number => LEVELS.indexOf(requirement(broken.requirement).level);
