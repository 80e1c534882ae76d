// Plays commands of the model against the provider: makes the calls, reads the system after each, and holds what it
// sees against what the model expects. The model says what is right; here it becomes a finding.
import type { Guid } from '../../contract/guid.js';
import { formatHresult, HR, succeeded } from '../../contract/hresult.js';
import { method } from '../../contract/tables.js';
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
  Draft,
  type Explanation,
  type Knowledge,
  type Outcome,
  type Played,
} from '../../model/index.js';
import type { IVdsAsync } from '../../port/generated/typed.js';
import { madeBy } from '../../port/made-objects.js';
import { VdsObject, type Result } from '../../port/objects.js';
import { displayName, formatValue } from '../../port/show-value.js';
import type { Context } from '../context.js';
import { propertiesOf } from '../devices.js';
import { DutyBroken, type Evidence } from '../outcome.js';
import { judgedStatus } from '../operations.js';
import { Announcements } from './laws/announcements.js';
import { Balance } from './space/balance.js';
import { beyondCount } from './beyond-count.js';
import { handsOutNothing, judgeEnded } from './laws/call-laws.js';
import { isUnsteady } from '../../truth/compare.js';
import { departureEvidence, departureText, requirementBroken } from './laws/departure-text.js';
import { wordFor } from '../../truth/observation.js';
import { LISTED, requirementOf } from '../../truth/member-requirements.js';
import { learnFirsts } from './laws/firsts.js';
import { Handles } from './handles.js';
import { watchHints } from './laws/hints.js';
import { madeKind, wordsOf, type Focus, type MadeKind, type Resolved } from './resolve.js';
import { Undos } from './undo.js';
import { Contradictions, departedAreGone, HeldEnumerators, presentAnswer } from './laws/witness.js';

/** A change of these adds to a list or takes from it. */
const LISTED_ATTRIBUTES: ReadonlySet<string> = new Set(['luns', 'targets']);

/**
 * How often a call is made again that was refused because another is under way, or for want of memory; and how long
 * between.
 */
const TRIES = 40;
const PAUSE = 50;

/** A call that has begun. */
interface Begun {
  readonly resolved: Resolved;
  readonly started: Result<Record<string, unknown>>;
}

/** A call that has ended. */
export interface Ended extends Played {
  readonly evidence: Evidence;
}

export class Player {
  private known: SystemState | undefined;
  private readings = 0;
  private whole = false;
  private isLonger = false;
  private readonly contradictions = new Contradictions();
  readonly handles: Handles;
  /** The steps so far, in words. */
  readonly steps: string[] = [];
  /** The object of the last step. */
  focus: Focus | undefined;
  /** The objects that the effect of the last step reached. */
  reached: ReadonlySet<Guid> = new Set();
  private readonly undos: Undos;
  readonly announcements: Announcements;
  readonly balance: Balance;
  /** The answer of the last step, or the result of its operation. */
  lastAnswer = 0;
  around: Circumstances = { overlapped: false, faulted: false };

  constructor(
    readonly ctx: Context,
    readonly knowledge: Knowledge,
    /** Every how many steps everything is read; a difference that shows late is looked for in shorter tours. */
    private readonly cadence = 1,
  ) {
    this.handles = new Handles(ctx);
    this.undos = new Undos(ctx);
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
  async observe(within?: Guid): Promise<SystemState> {
    const { session, system } = this.ctx;
    const held = new Map(session.owned());
    try {
      const depth = within === undefined ? 'deep' : 'light';
      // Nothing damages the cache then: what was repaired has broken again, or was never repaired.
      const ifCorrupt = this.around.faulted ? undefined : 'VDS-5.6';
      const observation = await system.observe('VDS-4.1a', { depth, within, ifCorrupt });
      if (!this.around.faulted)
        for (const [requirement, problem] of this.contradictions.fresh(observation)) this.unkept(requirement, problem);
      return SystemState.of(observation);
    } catch (error) {
      if (!isFinding(error)) throw error;
      throw this.withSteps(error);
    } finally {
      if (session.broken === undefined) await session.releaseSince(held);
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
    await this.balance.judgeRoom(this.state);
  }

  private learn(state: SystemState, whole = true): void {
    this.whole = whole;
    this.known = this.knowledge.withoutMoving(state);
    this.knowledge.met(state);
    for (const id of this.knowledge.own) if (state.get(id) === undefined) this.knowledge.own.delete(id);
  }

  /** Paths were cut, so that their statuses may be others than those that were set. */
  pathsWereCut(): void {
    this.known = this.state.unknowing('pathInfo', () => true);
  }

  /** Reads everything, so that what is known in part is known whole. */
  async lookClosely(): Promise<void> {
    await this.settle(() => {});
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
    const lists = resolved.command.touches.some((t) => LISTED_ATTRIBUTES.has(t));
    const enumerators = new HeldEnumerators(this.ctx);
    if (lists) await enumerators.begin(this.handles, this.state, resolved.subSystem);
    await this.announcements.listen();
    const watch = await watchHints(this, resolved);
    const begun = await this.start(resolved);
    if (begun === undefined) return undefined;
    const ended = await this.end(begun);
    this.lastAnswer = ended.outcome.hr;
    this.steps.push(`${wordsOf(resolved)} → ${formatHresult(ended.outcome.hr)}`);
    for await (const { requirement, problem, evidence } of enumerators.end())
      this.unkept(requirement, problem, evidence);
    await this.judge([ended]);
    if (ended.outcome.done) await watch?.();
    this.focusOn(ended);
    return ended.outcome.done;
  }

  /** The next step may go on with what a call made, else with its object, or its subsystem where the object is gone. */
  focusOn({ outcome, item, subSystem }: Ended): void {
    const id = outcome.made ?? (this.state.get(item.id) === undefined ? subSystem : item.id);
    this.focus = { id, reached: this.reached };
  }

  /** Makes the pair, which must succeed. */
  async recover(): Promise<void> {
    this.steps.push('Reenumerate and Refresh');
    const { reenumerate, refresh } = await this.ctx.faults.recover();
    for (const result of [reenumerate, refresh])
      if (result !== undefined && result.hr !== HR.S_OK)
        this.unkept(
          'VDS-5.5d',
          `${displayName(result.record.method)} answered ${formatHresult(result.hr)} although no cause lasts`,
          result,
        );
  }

  /** Unloads the provider and loads it again. Where it then gives its objects other ids, they are learnt anew. */
  async reload(): Promise<void> {
    const { system } = this.ctx;
    this.pathsWereCut();
    const before = this.state;
    this.steps.push('unload and load');
    await this.handles.release();
    await system.unload();
    await system.restart();
    await this.meetAgain(before, (draft, actual) => {
      this.judgeReload(before, actual);
      for (const { id } of before.ofKind('IVdsSubSystem')) draft.release(id, 'importTarget');
    });
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
          `${actual.ofKind(kind).length} objects of the kind ${wordFor(kind)} are listed, and were ${before.ofKind(kind).length}`,
        );
      this.knowledge.own.clear();
    } else {
      const draft = before.draft();
      event(draft, renamed.state);
      await this.judgeState({ order: [], objections: [], departures: departures(draft, renamed.state) }, []);
      this.knowledge.rename(renamed.ids);
    }
    this.learn(actual);
  }

  /** The import target is set for the computer, and not for as long as the provider is loaded. */
  private judgeReload(before: SystemState, actual: SystemState): void {
    const named = [...before.ofKind('IVdsIscsiTarget'), ...actual.ofKind('IVdsIscsiTarget')];
    const targets = named.map(({ id, members }) => ({ id, iscsiName: members['iscsiName'] }));
    for (const { id, members } of before.ofKind('IVdsSubSystem')) {
      const [expected, now] = [members['importTarget'], actual.member(id, 'importTarget')];
      if (agrees('importTarget', expected, now, targets)) continue;
      const told = `the import target of ${id} is ${formatValue(now)} after the provider was loaded again`;
      this.unkept('VDS-1.8', `${told}, and was ${formatValue(expected)}`);
    }
  }

  /** Makes the call of a request; undefined where the object lacks the interface for it. */
  async start(resolved: Resolved): Promise<Begun | undefined> {
    const { command, item } = resolved;
    const { ctx } = this;
    const object = await this.handles.forMethod(command.method, this.state, item.id);
    if (object === undefined) {
      this.knowledge.lacks(command.name);
      return undefined;
    }
    const undo = this.undos.register(resolved, this.state, this.knowledge);
    const args = this.argumentsOf(resolved);
    let started = await object.call(command.method, args);
    let recovered = false;
    for (let i = 0; i < TRIES && !this.around.overlapped && !this.around.faulted; i++) {
      if (started.hr === HR.VDS_E_ANOTHER_CALL_IN_PROGRESS) await new Promise((done) => setTimeout(done, PAUSE));
      else if (started.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT && !recovered) {
        recovered = true;
        ctx.note(
          `${displayName(command.method)} answered ${formatHresult(started.hr)} although nothing damaged the cache`,
        );
        await ctx.faults.recover();
      } else if (started.hr !== HR.E_OUTOFMEMORY || i > 2) break;
      started = await object.call(command.method, args);
    }
    if (undo !== undefined && succeeded(started.hr)) undo.needed = true;
    return { resolved, started };
  }

  /** As the request says; every second time its lists are longer than their counts. */
  private argumentsOf({ command, request }: Resolved): Readonly<Record<string, unknown>> {
    this.isLonger = !this.isLonger;
    return this.isLonger
      ? beyondCount(command.method, request.args, this.state, (item) => this.knowledge.mayUse(item))
      : request.args;
  }

  /** Waits for what a call started, looks at both results, and takes what was made. */
  async end(begun: Begun): Promise<Ended> {
    try {
      return await this.ended(begun);
    } catch (error) {
      throw isFinding(error) ? this.withSteps(error, wordsOf(begun.resolved)) : error;
    }
  }

  private async ended({ resolved, started }: Begun): Promise<Ended> {
    const { command, item, subSystem, request } = resolved;
    const { ctx } = this;
    const played = { command, item, subSystem, request };
    ctx.duties.permitted('VDS-0.2a', started, 'to a call of the model');
    handsOutNothing(ctx, started);
    if (!succeeded(started.hr) || !method(command.method).outs.some((o) => o.name === 'async'))
      return { ...played, outcome: { hr: started.hr, done: succeeded(started.hr) }, evidence: started };
    const operation = ctx.duties.output('VDS-8.1b', started as Result<{ async: IVdsAsync | null }>, 'async');
    const makes = madeKind(command);
    if (!this.around.faulted) await judgedStatus(ctx, await operation.queryStatus());
    const waited = await operation.wait();
    ctx.duties.ok('VDS-8.2', waited);
    const hr = ctx.duties.output('VDS-8.2', waited, 'hrResult');
    const done = succeeded(hr);
    const unknown = madeBy(waited);
    if (!this.around.faulted)
      await judgeEnded(ctx, operation, waited, hr, command.refusal === undefined ? makes?.kind : undefined);
    if (!done || makes === undefined || command.refusal !== undefined)
      return { ...played, outcome: { hr: done ? started.hr : hr, done }, evidence: waited };
    if (unknown === null)
      return ctx.duties.broken(
        'VDS-8.4a',
        `${displayName(command.method)} succeeded without handing over what it made`,
        waited,
      );
    const outcome = await this.made(unknown, makes, started.hr);
    return { ...played, outcome, evidence: waited };
  }

  private async made(unknown: VdsObject, { kind, as }: MadeKind, hr: number): Promise<Outcome> {
    const { ctx, knowledge } = this;
    const object = await unknown.as(as);
    if (object === null) return ctx.duties.broken('VDS-8.4a', `what was handed over has no ${as}`);
    // Another call that was under way may have deleted it by now, with what contains it.
    if (this.around.overlapped && (await codeOf(object)) === HR.VDS_E_OBJECT_DELETED) return { hr, done: true };
    const { id } = await propertiesOf(ctx, object, 'VDS-8.4a');
    const isNew = this.state.get(id) === undefined;
    if (!isNew && hr !== HR.VDS_S_ALREADY_EXISTS)
      ctx.duties.broken('VDS-4.1a', `the operation handed over ${id} as new, which was there before`);
    if (isNew) {
      if (knowledge.own.has(id))
        ctx.duties.broken('VDS-4.1a', `two operations handed over one object, ${id}, each as what it had made`);
      knowledge.own.add(id);
      ctx.make.deleteOnCleanUp(id, kind);
      this.handles.keep(id, object);
    }
    return { hr, done: true, made: id };
  }

  /** Reads the system and holds it, and the answers, against the model. */
  async judge(calls: readonly Ended[], around: Circumstances = this.around, inOrder = false): Promise<void> {
    const within = inOrder ? undefined : this.whereToLook(calls);
    return this.judgeBy(calls, around, inOrder, within, await this.observe(within));
  }

  private async judgeBy(
    calls: readonly Ended[],
    around: Circumstances,
    inOrder: boolean,
    within: Guid | undefined,
    observed: SystemState,
  ): Promise<void> {
    const { knowledge, state: before } = this;
    const actual = within === undefined ? observed : observed.beside(before, within);
    const found = explain(before, calls, actual, knowledge, around, inOrder);
    this.reached = reachedBy(before, found.order, knowledge);
    for (const call of calls) this.account(call);
    for (const { played, objection } of found.objections) {
      const { evidence } = played as Ended;
      this.unkept(
        objection.requirement,
        `${displayName(played.command.method)} answered ${formatHresult(played.outcome.hr)} ${objection.problem}`,
        evidence,
      );
    }
    await this.judgeState(found, calls, around.faulted);
    learnFirsts(this.knowledge, found, actual);
    // A difference that was reported, and goes no further, may reach where a light reading does not look.
    if (within === undefined) this.learn(actual);
    else if (found.departures.length > 0) this.learn(await this.observe());
    else this.learn(after(before, found.order, knowledge).overlaid(observed, within), false);
    await this.announcements.judge(calls, before, this.state);
    await departedAreGone(this, before, actual);
    if (within !== undefined) return;
    await presentAnswer(this, actual);
    await this.balance.judge(this.state);
  }

  private account({ command, item, outcome }: Ended): void {
    const { knowledge } = this;
    if (command.refusal !== undefined) return;
    if (outcome.done) this.balance.account(command);
    if (outcome.done) knowledge.accept(command.name);
    else knowledge.refuse(command.name);
    if (command.name === 'delete-target' && outcome.done && typeof item.members['iscsiName'] === 'string')
      knowledge.spentNames.push(item.members['iscsiName']);
  }

  private async judgeState(found: Explanation, calls: readonly Ended[], restored = false): Promise<void> {
    const { order } = found;
    const departed = found.departures.filter(({ member }) => this.around.degraded !== true || !isUnsteady(member));
    const [first, ...others] = departed.sort((a, b) => Number(b.mentioned) - Number(a.mentioned));
    if (first === undefined) return;
    const evidence = calls.length === 1 ? calls[0]?.evidence : undefined;
    const requirement =
      restored && !first.mentioned
        ? 'VDS-5.5b'
        : await requirementBroken(this.ctx, this.knowledge, this.state, first, order);
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const why = first.mentioned ? '' : ', which nothing was to change';
    this.unkept(requirement, `${departureText(first)}${why}${more}`, departureEvidence(first, evidence));
  }

  /** Holds the system against what an event must have made of it, and every held reference too. */
  async settle(event: (draft: Draft) => void): Promise<void> {
    const before = this.state;
    const draft = before.draft();
    event(draft);
    const actual = await this.observe();
    await this.judgeState({ order: [], objections: [], departures: departures(draft, actual) }, []);
    this.learn(actual);
    await departedAreGone(this, before, actual);
    await presentAnswer(this, actual);
    await this.balance.judge(this.state);
  }

  /** Whether calls that were refused have left everything as it was; what they changed is a finding. */
  async isAsBefore(calls: readonly string[]): Promise<boolean> {
    const before = this.state;
    const actual = await this.observe();
    const [first, ...others] = departures(before.draft(), actual);
    this.learn(actual);
    if (first === undefined) return true;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    this.unkept(
      'VDS-0.2b',
      `${departureText(first)}${more} after nothing but calls that were refused: ${calls.join('; ')}`,
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
    this.ctx.duties.unkept(requirement, problem, { ...evidence, steps: this.steps });
  }

  /** A finding with the steps that led to it, and one that did not end. */
  private withSteps({ finding }: DutyBroken, ...last: readonly string[]): DutyBroken {
    const { labels } = this.ctx.session;
    const steps = [...this.steps, ...last].map((step) => labels.apply(step));
    return new DutyBroken({ ...finding, steps: finding.steps ?? steps });
  }
}

/** The code with which GetProperties of an object answers. */
const codeOf = async (object: VdsObject): Promise<number> =>
  (await object.call(method(`${object.interfaceName}.GetProperties`).fullName, {})).hr;

/** Whether an error is a finding of the model, so that it can be looked for in a shorter tour. */
export const isFinding = (error: unknown): error is DutyBroken => error instanceof DutyBroken;
