// Plays commands of the model against the provider: makes the calls, reads the system after each, and holds what it
// sees against what the model expects. The model says what is right; here it becomes a finding.
import type { Guid } from '../../contract/guid.js';
import { formatHresult, HR, succeeded } from '../../contract/hresult.js';
import {
  after,
  agrees,
  apply,
  departures,
  reachedBy,
  explain,
  otherCounts,
  renaming,
  SystemState,
  type Circumstances,
  type Departure,
  Draft,
  type Explanation,
  type Knowledge,
  type Played,
} from '../../model/index.js';
import { displayName, formatValue, hresult, shortCode } from '../../port/show-value.js';
import type { CallRecord } from '../../port/trace.js';
import type { Context } from '../context.js';
import type { Evidence } from '../outcome.js';
import { Announcements } from './laws/announcements.js';
import { Balance } from './space/balance.js';
import { Calls, type Ended } from './calls/calls.js';
import { isPassing, isUnsteady } from '../../truth/compare.js';
import { judgeAsGiven } from './laws/as-given.js';
import { doesWhatIsGranted, treatsAlike } from './laws/call-laws.js';
import { departureEvidence, departuresText, requirementBroken } from './laws/departure-text.js';
import { wordFor } from '../../truth/observation.js';
import { LISTED, requirementOf } from '../../truth/member-requirements.js';
import { watchGivenDrives } from './space/given-drives.js';
import { watchLayout } from './space/layout.js';
import { HeldOperations } from './operations/held.js';
import { learnFirsts } from './laws/firsts.js';
import { Handles } from './handles.js';
import { watchHints } from './laws/hints.js';
import { Outliving } from './laws/outliving.js';
import type { Focus, Resolved } from './resolve.js';
import { isFinding, Steps } from './calls/steps.js';
import { Maintenance } from './laws/maintenance.js';
import { everyObject, Turns, type Asks } from './laws/turns.js';
import { judgedBy } from './laws/judged.js';
import { Contradictions, departedAreGone, HeldEnumerators, presentAnswer } from './laws/witness.js';

/** A change of these adds to a list or takes from it. */
const LISTED_ATTRIBUTES: ReadonlySet<string> = new Set(['luns', 'targets']);

/** Which of several steps that overlapped one is, the first of them being `first`, and how the others ended. */
function placeAmong(calls: readonly Played[], one: Played, first: number): string {
  const others = calls.flatMap((call, i) =>
    call === one ? [] : [`step ${first + i}, which overlapped it, ended with ${shortCode(call.outcome.hr)}`],
  );
  return others.length === 0 ? '' : ` (step ${first + calls.indexOf(one)}; ${others.join('; ')})`;
}

/** Methods by which a caller says which ways lead to a LUN. */
const ASSOCIATES_WAYS = /\.AssociateController/;

/** Methods after which what is enumerated may be read anew. */
const RENEWS = /\.(?:Refresh|Reenumerate)$/;

/** The cadence of the tours in which a difference is looked for. */
const SHORTENED = 2;

/** Every so many times that the provider is loaded anew, references to everything are held over that. */
const HELD_OVER = 3;

export class Player {
  private known: SystemState | undefined;
  private readings = 0;
  private whole = false;
  private readonly contradictions = new Contradictions();
  private readonly turns = new Turns();
  readonly handles: Handles;
  /** The steps so far. */
  readonly steps: Steps;
  readonly calls: Calls;
  /** The object of the last step. */
  focus: Focus | undefined;
  /** The objects that the effect of the last step reached. */
  reached: ReadonlySet<Guid> = new Set();
  readonly announcements: Announcements;
  readonly balance: Balance;
  readonly operations = new HeldOperations(this);
  readonly maintenance = new Maintenance(this);
  /** The number of the first of the last steps that overlapped. */
  together = 1;
  /** The answer of the last step, or the result of its operation. */
  lastAnswer = 0;
  /** Whether the call of the last step was accepted, whatever its operation ended with. */
  wasAccepted = true;
  around: Circumstances = { overlapped: false, faulted: false };

  constructor(
    readonly ctx: Context,
    readonly knowledge: Knowledge,
    /** Every how many steps everything is read; a difference that shows late is looked for in shorter tours. */
    private readonly cadence = 1,
  ) {
    this.handles = new Handles(ctx);
    this.steps = new Steps(ctx);
    this.calls = new Calls(this);
    this.announcements = new Announcements(this);
    this.balance = new Balance(this);
  }

  /** The known state of the system. */
  get state(): SystemState {
    if (this.known === undefined) throw new Error('the system was not read yet');
    return this.known;
  }

  /**
   * Reads what can be observed: everything, or lightly one subsystem. What contradicts itself, or cannot be read, is a
   * finding.
   */
  async observe(within?: Guid, otherWaysTo?: Asks): Promise<SystemState> {
    const { session, system } = this.ctx;
    const taken = session.note();
    try {
      const depth = within === undefined ? 'deep' : 'light';
      // Nothing damages the cache then: what was repaired has broken again, or was never repaired.
      const ifCorrupt = this.around.faulted ? undefined : 'VDS-5.6';
      const observation = await system.observe('VDS-4.1a', { depth, within, otherWaysTo, ifCorrupt });
      if (!this.around.faulted) {
        this.ctx.duties.judging('VDS-5.6');
        for (const [requirement, problem] of this.contradictions.fresh(observation)) this.unkept(requirement, problem);
      }
      return SystemState.of(observation);
    } catch (error) {
      if (!isFinding(error)) throw error;
      throw this.steps.addTo(error);
    } finally {
      if (session.broken === undefined) await session.releaseNoted(taken);
    }
  }

  /**
   * Where to look after these calls: everywhere, or most times only lightly at the one subsystem that they were about.
   */
  private whereToLook(calls: readonly Ended[]): Guid | undefined {
    this.readings += 1;
    const [first, ...others] = calls;
    if (first === undefined || this.readings % this.cadence === 0 || calls.some((c) => c.command.widely))
      return undefined;
    return others.every((o) => o.subSystem === first.subSystem) ? first.subSystem : undefined;
  }

  /** Takes the present state for granted. */
  async begin(): Promise<void> {
    this.learn(await this.observe());
    await this.handles.holdAll(this.state);
    await this.balance.start(this.state);
  }

  private learn(state: SystemState, whole = true): void {
    this.whole = whole;
    this.knowledge.met(state);
    this.known = this.knowledge.withoutMoving(state);
    for (const id of this.knowledge.own) if (state.get(id) === undefined) this.knowledge.own.delete(id);
  }

  /** Paths were cut, so that their statuses may be others than those that were set. */
  pathsWereCut(): void {
    this.known = this.state.unknowing('pathInfo', () => true);
  }

  /** Reads everything, so that what is known in part is known whole. */
  async lookClosely(): Promise<void> {
    await this.settle(() => {}, false, this.asksAfter([]));
  }

  /**
   * The objects that are asked in every way after these calls: all while something is or was wrong, and in the shorter
   * tours in which a difference is looked for.
   */
  private asksAfter(calls: readonly Ended[], { faulted, degraded }: Circumstances = this.around): Asks {
    const isCalm = !faulted && degraded !== true && this.cadence > SHORTENED;
    return isCalm ? this.turns.next(this.state, calls, this.knowledge) : everyObject;
  }

  /** Whether everything was read since the last change. */
  get isWhole(): boolean {
    return this.whole;
  }

  /**
   * Makes one call and judges it and the state after it. Gives whether it was carried out; undefined where the object
   * lacks the interface for it.
   */
  async play(resolved: Resolved): Promise<boolean | undefined> {
    const { touches, method } = resolved.command;
    const lists = touches.some((t) => LISTED_ATTRIBUTES.has(t)) || RENEWS.test(method);
    const enumerators = new HeldEnumerators(this.ctx);
    if (lists) await enumerators.begin(this.handles, this.state, resolved.subSystem);
    if (!touches.includes('maintenance')) await this.maintenance.concern(resolved.item);
    await this.announcements.listen();
    const watch = await watchHints(this, resolved);
    const layout = await watchLayout(this, resolved);
    const drives = await watchGivenDrives(this, resolved);
    const begun = await this.calls.start(resolved);
    if (begun === undefined) return undefined;
    const ended = await this.calls.end(begun);
    this.lastAnswer = ended.outcome.hr;
    this.wasAccepted = succeeded(ended.record.hr ?? HR.E_FAIL);
    this.steps.called(ended.record, ended.outcome.hr);
    for await (const { requirement, problem, evidence } of enumerators.end())
      this.unkept(requirement, problem, evidence);
    await this.judge([ended]);
    if (ended.outcome.done) await watch?.();
    if (ended.outcome.done) await layout?.(ended);
    if (ended.outcome.done) await drives?.(ended);
    this.focusOn(ended);
    return ended.outcome.done;
  }

  /** The next step may go on with what a call made, else with its object, or its subsystem where the object is gone. */
  focusOn({ outcome, item, subSystem }: Ended): void {
    const id = outcome.made ?? (this.state.get(item.id) === undefined ? subSystem : item.id);
    this.focus = { id, reached: this.reached };
  }

  /** Makes the pair, which must succeed. Gives the call of its second half. */
  async recover(): Promise<CallRecord | undefined> {
    const { reenumerate, refresh } = await this.ctx.faults.recover();
    this.steps.calledAll(reenumerate, refresh);
    this.ctx.duties.judging('VDS-5.5d');
    for (const result of [reenumerate, refresh])
      if (result !== undefined && result.hr !== HR.S_OK)
        this.unkept(
          'VDS-5.5d',
          `${displayName(result.record.method)} answered ${formatHresult(result.hr)} although no cause lasts`,
          result,
        );
    return refresh?.record;
  }

  /**
   * Unloads the provider and loads it again; `n` says how, and which references outlive it. Where it then gives its
   * objects other ids, they are learnt anew. A new provider object is loaded unless `by` loads another one.
   */
  async reload(n = 0, by?: { readonly says: string; readonly load: () => Promise<void> }): Promise<void> {
    const { system } = this.ctx;
    this.pathsWereCut();
    const before = this.state;
    const isForced = n % 2 === 1;
    const { says, load } = by ?? { says: 'OnLoad of a new provider object', load: () => system.restart() };
    this.steps.say(`IVdsProviderPrivate::OnUnload${isForced ? ', forced' : ''}, then ${says}`);
    // Not each time: it takes many calls.
    if (n % HELD_OVER === 0) await this.handles.holdAll(before);
    // No page says whether they outlive the provider object that started them.
    await this.maintenance.end();
    const outliving = new Outliving(this, await this.handles.releaseButOne(n));
    await this.operations.release();
    const { sink } = system;
    await system.unload(isForced);
    await this.announcements.ends(sink);
    await outliving.judge('after OnUnload of its provider object', before);
    await load();
    await this.meetAgain(before, (draft, actual) => this.judgeImportTargets(before, draft, actual));
    await outliving.judge('when another provider object is loaded', before, this.state);
    await outliving.release();
  }

  /**
   * Holds the system against a state before something that may give objects other ids. Where those can be told apart by
   * their names and places, each must be there as it was; where not, there must be as many of each kind.
   */
  private async meetAgain(before: SystemState, event: (draft: Draft, actual: SystemState) => void): Promise<void> {
    const actual = await this.observe();
    const renamed = renaming(before, actual);
    if (renamed === undefined) {
      for (const kind of otherCounts(before, actual))
        this.unkept(
          requirementOf(kind, LISTED),
          `${actual.ofKind(kind).length} objects of the kind ${wordFor(kind)} are listed, and were ` +
            `${before.ofKind(kind).length}`,
        );
      this.knowledge.own.clear();
    } else {
      const draft = before.draft();
      event(draft, renamed.state);
      await this.judgeState({ order: [], objections: [], departures: departures(draft, renamed.state) }, []);
      this.knowledge.rename(renamed.ids);
    }
    this.learn(actual);
    this.balance.meet(this.state);
  }

  /** Holds the system against what it was before another provider object was unloaded. */
  async settleAfterUnload(): Promise<void> {
    const before = this.state;
    await this.settle((draft, actual) => this.judgeImportTargets(before, draft, actual));
  }

  /** The import target is set for the computer, and not for as long as a provider is loaded. */
  private judgeImportTargets(before: SystemState, draft: Draft, actual: SystemState): void {
    const named = [...before.ofKind('IVdsIscsiTarget'), ...actual.ofKind('IVdsIscsiTarget')];
    const targets = named.map(({ id, members }) => ({ id, iscsiName: members['iscsiName'] }));
    for (const { id, members } of before.ofKind('IVdsSubSystem')) {
      const [expected, now] = [members['importTarget'], actual.member(id, 'importTarget')];
      if (expected !== undefined && now !== undefined) this.ctx.duties.judging('VDS-1.8');
      if (agrees('importTarget', expected, now, targets)) continue;
      const told = `the import target of ${id} is ${formatValue(now)} after a provider object was unloaded`;
      this.unkept('VDS-1.8', `${told}, and was ${formatValue(expected)}`);
    }
    for (const { id } of before.ofKind('IVdsSubSystem')) draft.release(id, 'importTarget');
  }

  /** Reads the system and holds it, and the answers, against the model. */
  async judge(calls: readonly Ended[], around: Circumstances = this.around, inOrder = false): Promise<void> {
    const within = inOrder ? undefined : this.whereToLook(calls);
    const asks = within === undefined ? this.asksAfter(calls, around) : everyObject;
    return this.judgeBy(calls, around, inOrder, within, await this.observe(within, asks), asks);
  }

  private async judgeBy(
    calls: readonly Ended[],
    around: Circumstances,
    inOrder: boolean,
    within: Guid | undefined,
    observed: SystemState,
    asks: Asks = everyObject,
  ): Promise<void> {
    const { knowledge, state: before } = this;
    const actual = within === undefined ? observed : observed.beside(before, within);
    const found = explain(before, calls, actual, knowledge, around, inOrder);
    this.reached = reachedBy(before, found.order, knowledge);
    this.ctx.duties.judging(...judgedBy(calls, actual, knowledge));
    for (const call of calls) this.account(call, around);
    for (const { played, objection } of found.objections) {
      const { record } = played as Ended;
      const { hr } = played.outcome;
      const { requirement, problem, expected } = objection;
      this.unkept(
        requirement,
        `${displayName(played.command.method)} answered ${formatHresult(hr)} ` +
          `${problem}${around.overlapped ? placeAmong(calls, played, this.together) : ''}`,
        {
          record,
          ...(expected === undefined ? {} : { expected: hresult(expected), actual: hresult(hr) }),
          ...(typeof record.out['async'] === 'number' ? { orElse: 'the same from Wait' } : {}),
        },
      );
    }
    await this.judgeState(found, calls, around.faulted, around.away);
    this.judgeSingle(calls, before, actual, around);
    learnFirsts(this.knowledge, found, actual);
    // A difference that was reported, and goes no further, may reach where a light reading does not look.
    let draft: Draft | undefined;
    const expected = (): Draft => (draft ??= after(before, found.order, knowledge));
    const completed = actual.completedBy(expected);
    if (within === undefined) this.learn(completed);
    else if (found.departures.length > 0) this.learn((await this.observe()).completedBy(expected));
    else this.learn(expected().overlaid(observed, within), false);
    await this.announcements.judge(calls, before, this.state, around);
    await departedAreGone(this, before, completed);
    await this.operations.judge(calls);
    await this.maintenance.judgeRestarted();
    if (within !== undefined) return;
    await presentAnswer(this, actual, asks);
    await this.maintenance.judge();
    await this.balance.judge(this.state);
  }

  /** The laws of a call that was made alone, while all was well. */
  private judgeSingle(calls: readonly Ended[], before: SystemState, after: SystemState, around: Circumstances): void {
    const [call, ...others] = calls;
    const { overlapped, faulted, degraded } = around;
    if (call === undefined || others.length > 0 || overlapped || faulted || degraded === true) return;
    treatsAlike(this.ctx, call, call.evidence);
    doesWhatIsGranted(this.ctx, call, before, this.knowledge, call.evidence);
    if (call.outcome.done) judgeAsGiven(this.ctx, call, before, after, call.evidence);
  }

  private account(call: Ended, around: Circumstances): void {
    const { command, item, outcome } = call;
    const { knowledge } = this;
    this.maintenance.account(call, around);
    if (command.refusal !== undefined) return;
    if (outcome.done) this.balance.account(call);
    if (outcome.done) knowledge.accept(command.name);
    else knowledge.refuse(command.name);
    if (outcome.done) knowledge.secretWasSet(command.method, item.id, call.request.args);
    if (outcome.done && command.touches.includes('space')) knowledge.wasReshaped(item.id, outcome.made);
    if (outcome.done && ASSOCIATES_WAYS.test(command.method)) knowledge.waysWereSet(item.id);
    if (command.name === 'delete-target' && outcome.done && typeof item.members['iscsiName'] === 'string')
      knowledge.spentNames.push(item.members['iscsiName']);
  }

  private async judgeState(
    found: Explanation,
    calls: readonly Ended[],
    restored = false,
    wasAway = false,
  ): Promise<void> {
    const { order } = found;
    if (restored) this.ctx.duties.judging('VDS-5.5b');
    // What was away may be brought up to date when it is back, as a mirror is, and what is new or larger be formatted.
    const isSettling = ({ id, member, actual, mentioned }: Departure): boolean =>
      (wasAway || this.knowledge.reshaped.has(id)) && !mentioned && isPassing(member, actual);
    const departed = found.departures.filter(
      (departure) => !(this.around.degraded === true && isUnsteady(departure.member)) && !isSettling(departure),
    );
    const [first, ...others] = departed.sort((a, b) => Number(b.mentioned) - Number(a.mentioned));
    if (first === undefined) return;
    const evidence = calls.length === 1 ? calls[0]?.evidence : undefined;
    const requirement =
      restored && !first.mentioned
        ? 'VDS-5.5b'
        : await requirementBroken(this.ctx, this.knowledge, this.state, first, order, this.around);
    const was = this.state.member(first.id, first.member);
    this.unkept(requirement, departuresText(first, others.length, was), departureEvidence(first, evidence));
  }

  /**
   * Holds the system against what an event must have made of it, and every held reference too. `restored`: after a
   * recovery that had to bring it back.
   */
  async settle(
    event: (draft: Draft, actual: SystemState) => void,
    restored = false,
    asks = everyObject,
  ): Promise<void> {
    const before = this.state;
    const draft = before.draft();
    const actual = await this.observe(undefined, asks);
    event(draft, actual);
    await this.judgeState({ order: [], objections: [], departures: departures(draft, actual) }, [], restored);
    const completed = actual.completedBy(() => draft);
    this.learn(completed);
    await departedAreGone(this, before, completed);
    await this.operations.judge();
    await presentAnswer(this, actual, asks);
    await this.maintenance.judge();
    await this.balance.judge(this.state);
  }

  /** Gives back every reference, as to what is no longer good for anything. */
  async letGo(): Promise<void> {
    await this.handles.release();
    await this.operations.release();
    this.maintenance.forget();
  }

  /** Whether calls that were refused have left everything as it was; what they changed is a finding. */
  async isAsBefore(calls: readonly string[]): Promise<boolean> {
    const before = this.state;
    const actual = await this.observe();
    const [first, ...others] = departures(before.draft(), actual);
    this.ctx.duties.judging('VDS-0.2b');
    this.learn(actual.completedBy(() => before));
    if (first === undefined) return true;
    this.unkept(
      'VDS-0.2b',
      `${departuresText(first, others.length)}, after nothing but calls that were refused: ${calls.join('; ')}`,
      departureEvidence(first),
    );
    return false;
  }

  /** The same after something that may give objects other ids. */
  async settleAnew(): Promise<void> {
    const actual = await this.observe();
    return this.hasIdsOf(this.state, actual) ? this.settle(() => {}) : this.meetAgain(this.state, () => {});
  }

  /** Judges calls that were made one after the other, and something since that may have given objects other ids. */
  async judgeAnew(calls: readonly Ended[], around: Circumstances): Promise<void> {
    const expected = this.expected(calls);
    const actual = await this.observe();
    return this.hasIdsOf(expected, actual)
      ? this.judgeBy(calls, around, true, undefined, actual)
      : this.meetAgain(this.state, (draft) => apply(draft, calls, this.knowledge));
  }

  private hasIdsOf(before: Draft | SystemState, actual: SystemState): boolean {
    const gone = before instanceof Draft ? before.optional : new Set<Guid>();
    return [...before.items.keys()].every((id) => gone.has(id) || actual.get(id) !== undefined);
  }

  /** The state to which calls lead that were made one after the other since it was last read. */
  expected(calls: readonly Played[]): Draft {
    return after(this.state, calls, this.knowledge);
  }

  unkept(requirement: string, problem: string, evidence?: Evidence): void {
    const steps = this.steps.leadingTo(evidence);
    this.ctx.duties.unkept(requirement, problem, { record: this.steps.last, ...evidence, steps });
  }
}
