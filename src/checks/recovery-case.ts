// Judges what a provider answers around a fault and after recovery, by values: the oracle of design.md. Before the pair
// an answer equal to an earlier truth is legal caching and only noted; a value that was never true is silent wrong data
// at any time; after the pair only the present truth will do.
import { VDS_SUB_SYSTEM_STATUS } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR, succeeded } from '../contract/hresult.js';
import {
  answerEvidence,
  compareAnswer,
  compareInventories,
  describeDifferences,
  evidenceOf,
  naturalKeys,
  type Difference,
} from '../truth/compare.js';
import { allObjects, targetsOfOnly, without, type Inventory, type ObjectState } from '../truth/inventory.js';
import { flatten } from '../truth/observation.js';
import { membersOf } from '../truth/observe.js';
import type { RecoveryOptions } from '../faults/recover.js';
import type { Result } from '../port/objects.js';
import type { Duties } from './duties.js';
import type { FaultSession } from './fault-session.js';
import type { CheckLife } from './life.js';
import type { Evidence, FaultVerdict } from './outcome.js';
import type { SystemAccess } from './system-access.js';

/** The first difference as evidence; the message has the others. */
const firstOf = ([first]: readonly Difference[]): Evidence | undefined =>
  first === undefined ? undefined : evidenceOf(first);

/**
 * A state without the subsystems that were disconnected on purpose, which a provider may keep with status OFFLINE
 * (VDS-5.2b).
 */
const withoutKept = (state: Inventory, departed: readonly Guid[]): Inventory => ({
  subSystems: state.subSystems.filter(
    ({ id, status }) => !departed.includes(id) || status !== VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE,
  ),
});

/** The part of a check's context that a case works with. */
export interface RecoveryContext extends Pick<CheckLife, 'note' | 'inconclusive'> {
  readonly duties: Pick<Duties, 'broken' | 'permitted' | 'code' | 'judging'>;
  readonly faults: Pick<FaultSession, 'truth' | 'rememberCache' | 'recover'>;
  readonly system: Pick<SystemAccess, 'inventory' | 'makesTargets'>;
}

export interface RecoveryCaseOptions {
  /**
   * Narrows what is read and compared to one subsystem: on an array of many, a case about one object need not read them
   * all.
   */
  readonly within?: Guid;
  /**
   * The requirement that a state after the pair which is not the truth breaks. VDS-5.5b unless given: a corrupted cache
   * was not restored.
   */
  readonly requirement?: string;
}

/** A call that answered VDS_E_PROVIDER_CACHE_CORRUPT, to be made again after the pair. */
interface CorruptAnswer {
  readonly what: string;
  readonly again: () => Promise<Result<object>>;
  readonly mustSucceed: boolean;
}

/**
 * One fault and its recovery. In order: `snapshot` before the fault, `probe` while it may show,
 * `reenumerateAndRefresh`, then `mustBeTrue` (`mustRecover` is both), and `mustBeIdempotent` where a further pair is
 * worth its cost.
 */
export class RecoveryCase {
  /** States that were true at some time of this case, oldest first. */
  private readonly history: Inventory[] = [];
  private readonly corruptAnswers: CorruptAnswer[] = [];

  private readonly within: Guid | undefined;
  private readonly requirement: string;

  constructor(
    private readonly ctx: RecoveryContext,
    options: RecoveryCaseOptions = {},
  ) {
    this.within = options.within;
    this.requirement = options.requirement ?? 'VDS-5.5b';
  }

  private async truth(): Promise<Inventory | undefined> {
    const { within } = this;
    const truth = await this.ctx.faults.truth();
    return truth === undefined || within === undefined
      ? truth
      : { subSystems: truth.subSystems.filter((s) => s.id === within) };
  }

  /** The system as the provider describes it. A system that cannot be read breaks the requirement. */
  private observed(requirementId: string, faultVerdict?: FaultVerdict): Promise<Inventory> {
    return this.ctx.system.inventory(requirementId, faultVerdict, this.within);
  }

  /**
   * Takes the present state into the history. Nothing is wrong yet, so the provider must describe the truth, where
   * there is a path to it (VDS-5.3); else a difference that was there before the fault would be taken for one that the
   * fault made.
   */
  async snapshot(): Promise<void> {
    const truth = await this.truth();
    const observed = await this.observed('VDS-5.3');
    if (truth !== undefined) {
      this.ctx.duties.judging('VDS-5.3');
      this.mustHaveSameIds(truth, observed, [], 'by the truth');
      const found = compareInventories(truth, observed);
      if (found.length > 0)
        this.ctx.duties.broken(
          'VDS-5.3',
          `before any fault, the provider reports wrong values: ${describeDifferences(found)}`,
          firstOf(found),
        );
    }
    this.history.push(truth ?? observed);
    this.ctx.faults.rememberCache();
  }

  /**
   * The same without reading the provider where there is a truth: for the many cases that make the same object in the
   * same way.
   */
  async snapshotTruth(): Promise<void> {
    const truth = await this.truth();
    if (truth === undefined) return this.snapshot();
    this.history.push(truth);
    this.ctx.faults.rememberCache();
  }

  /** The check itself has changed something while the cache was damaged: the state of now is the one to recover. */
  async snapshotAfterChange(): Promise<void> {
    const truth = await this.truth();
    if (truth === undefined) this.history.length = 0;
    else this.history.push(truth);
  }

  /** Ends the check where there is no path to the truth: what an administrator changed could then not be known. */
  async requireTruth(): Promise<void> {
    if ((await this.ctx.faults.truth()) === undefined)
      this.ctx.inconclusive(
        'there is no path to the truth: the provider offers no ' +
          'IVdsConformanceControl, and no command that reads it is configured',
      );
  }

  /** Whether a call has answered VDS_E_PROVIDER_CACHE_CORRUPT. */
  get sawCorruption(): boolean {
    return this.corruptAnswers.length > 0;
  }

  /**
   * Calls while the fault may show, and judges the answer. `state` gives what a success says about the object; leave it
   * out for answers without values. The call is repeated after recovery if it failed for the corruption; `mustSucceed`
   * is false for one that something else may stand against (an argument that is only plausible, a method that this
   * provider does not support).
   */
  async probe<T>(
    what: string,
    call: () => Promise<Result<T>>,
    state?: (result: Result<T>) => ObjectState,
    mustSucceed = true,
  ): Promise<void> {
    const result = await call();
    this.ctx.duties.judging('VDS-5.5a');
    if (result.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT) {
      this.corruptAnswers.push({ what, again: call as unknown as () => Promise<Result<object>>, mustSucceed });
      return;
    }
    if (!succeeded(result.hr)) {
      this.ctx.duties.permitted(
        'VDS-5.5a',
        result as unknown as Result<object>,
        'while its cache was corrupted',
        'wrong result code',
      );
      this.ctx.note(`${what} answered ${formatHresult(result.hr)} before recovery`);
      return;
    }
    if (state === undefined) return;
    const answer = state(result);
    this.judgeBefore(what, { id: answer.id, ...membersOf(result.hr, answer) }, result);
  }

  private judgeBefore(what: string, answer: ObjectState, evidence: Evidence): void {
    const last = this.history.at(-1);
    const wrong = this.history
      .map((h) => compareAnswer(flatten(h), answer.id, answer))
      .filter((found) => found !== undefined)
      .map(describeDifferences);
    if (wrong.length === 0) {
      this.ctx.duties.broken(
        'VDS-5.5a',
        `${what} succeeded with an object id that never existed`,
        evidence,
        'silent wrong data',
      );
    } else if (!wrong.includes('')) {
      this.ctx.duties.broken(
        'VDS-5.5a',
        `${what} succeeded with a value that was never true: ${wrong.at(-1)}`,
        last === undefined ? evidence : answerEvidence(flatten(last), answer.id, answer, evidence.record),
        'silent wrong data',
      );
    } else if (wrong.at(-1) !== '') {
      this.ctx.note(`${what} answered an earlier truth before recovery, which is lawful caching`, 'caching');
    }
  }

  /** Heals the fault, calls Reenumerate and Refresh, and judges what these two answer. */
  async reenumerateAndRefresh(options: RecoveryOptions = {}): Promise<void> {
    const recovery = await this.ctx.faults.recover(options);
    this.ctx.duties.code(
      'VDS-5.5d',
      recovery.reenumerate,
      HR.S_OK,
      'although the cause was gone',
      'detected, not recovered',
    );
    if (recovery.refresh === undefined)
      this.ctx.duties.broken(
        'VDS-5.5d',
        'Reenumerate failed, so Refresh was not called',
        recovery.reenumerate,
        'detected, not recovered',
      );
    else
      this.ctx.duties.code(
        'VDS-5.5d',
        recovery.refresh,
        HR.S_OK,
        'although the cause was gone',
        'detected, not recovered',
      );
  }

  /** Heals, calls the pair, and judges its answers and the state after it. */
  async mustRecover({
    departed,
    ...options
  }: RecoveryOptions & { readonly departed?: readonly Guid[] } = {}): Promise<void> {
    await this.reenumerateAndRefresh(options);
    await this.mustBeTrue(departed);
  }

  /**
   * After the pair: the system by values is the truth (the last snapshot where there is no path to the truth), objects
   * kept their ids, and calls that answered VDS_E_PROVIDER_CACHE_CORRUPT answer again. Objects in `deleted` were
   * deleted on purpose.
   */
  async mustBeTrue(deleted: readonly Guid[] = []): Promise<void> {
    const { ctx } = this;
    const before = this.history.at(-1);
    const truth = await this.truth();
    const after = await this.observed(this.requirement, 'detected, not recovered');
    const departed = before === undefined ? deleted : await this.withTargets(deleted, before, truth ?? after);
    ctx.duties.judging(this.requirement);
    if (before !== undefined) this.mustHaveSameIds(before, after, departed, 'before Reenumerate and Refresh');
    if (truth !== undefined && before !== undefined) {
      const changed = compareInventories(without(before, departed), truth);
      if (changed.length > 0)
        ctx.duties.broken(
          this.requirement,
          `the array itself differs from what it was before Reenumerate and Refresh: ${describeDifferences(changed)}`,
          firstOf(changed),
          'silent wrong data',
        );
    }
    const expected = truth ?? (before === undefined ? after : without(before, departed));
    const found = compareInventories(expected, withoutKept(after, departed));
    if (found.length > 0) {
      const stale = this.history.some((h) => compareInventories(h, after).length === 0);
      ctx.duties.broken(
        this.requirement,
        'after Reenumerate and Refresh the provider ' +
          `${stale ? 'still reports an earlier state' : 'reports wrong values'}: ${describeDifferences(found)}`,
        firstOf(found),
        'silent wrong data',
      );
    }
    for (const { what, again, mustSucceed } of this.corruptAnswers) {
      const result = await again();
      const answers = mustSucceed ? succeeded(result.hr) : result.hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT;
      if (!answers)
        ctx.duties.broken(
          'VDS-5.6',
          `${what} answered VDS_E_PROVIDER_CACHE_CORRUPT before Reenumerate and Refresh, and ` +
            `${formatHresult(result.hr)} after it`,
          result,
          'detected, not recovered',
        );
    }
    if (this.corruptAnswers.length > 0) ctx.duties.judging('VDS-5.6');
    this.corruptAnswers.length = 0;
  }

  /** What was deleted, and the targets that went with their LUNs where the array makes those by itself. */
  private async withTargets(deleted: readonly Guid[], before: Inventory, now: Inventory): Promise<readonly Guid[]> {
    const there = new Set([...allObjects(now)].map(({ object }) => object.id));
    const gone = [...deleted];
    for (const { subSystem, target } of targetsOfOnly(before, deleted))
      if (!there.has(target) && (await this.ctx.system.makesTargets(subSystem))) gone.push(target);
    return gone;
  }

  /** A further pair must change nothing. */
  async mustBeIdempotent(): Promise<void> {
    const { ctx } = this;
    ctx.duties.judging('VDS-5.5b');
    const before = await this.observed('VDS-5.5b', 'detected, not recovered');
    await this.reenumerateAndRefresh();
    const found = compareInventories(before, await this.observed('VDS-5.5b', 'detected, not recovered'));
    if (found.length > 0)
      ctx.duties.broken(
        'VDS-5.5b',
        `a second recovery, with nothing to repair, changed the system: ${describeDifferences(found)}`,
        firstOf(found),
        'silent wrong data',
      );
  }

  private mustHaveSameIds(before: Inventory, after: Inventory, departed: readonly Guid[], when: string): void {
    this.ctx.duties.judging('VDS-4.2b');
    const now = naturalKeys(after);
    for (const [key, id] of naturalKeys(before)) {
      const other = now.get(key);
      if (other !== undefined && other !== id && !departed.includes(id)) {
        this.ctx.duties.broken(
          'VDS-4.2b',
          `the ${key} has the object id ${id} ${when}, and the provider now reports ${other}`,
          undefined,
          'silent wrong data',
        );
      }
    }
  }
}
