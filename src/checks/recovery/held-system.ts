// A system to which references are held while something goes wrong, judged as a whole: one fault and one recovery serve
// every getter of every object that is held, and what else can be observed. Before the pair an answer is lawful that
// was true at some time, and so is a permitted failure; a value or a list that was never true is not, nor is
// VDS_E_OBJECT_DELETED of what the array holds. After the pair only the truth is.
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import type { Guid } from '../../contract/guid.js';
import { counted } from '../../contract/wording.js';
import { failed, formatHresult, HR, succeeded } from '../../contract/hresult.js';
import type { DeviceInterface } from '../../contract/objects.js';
import type { IEnumVdsObject, TypedInterfaces } from '../../port/generated/typed.js';
import { VdsObject, type Result } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import {
  answerEvidence,
  compareAnswer,
  compareObservations,
  describeDifferences,
  evidenceOf,
  isPassing,
  sameMember,
  withoutObjects,
} from '../../truth/compare.js';
import { untilNotBusy } from '../../faults/recover.js';
import type { Nameable } from '../../lab/scope.js';
import { enumerate, InventoryUnreadable, outputOf } from '../../truth/enumerate.js';
import { CONTAINER, gettersOf, type Getter } from '../../truth/getters.js';
import { flatten, inventoryOf, type Members, type Observation, type ObservedObject } from '../../truth/observation.js';
import { targetsOfOnly } from '../../truth/inventory.js';
import { membersOf, valueOf } from '../../truth/observe.js';
import { renamedIds, withIds } from '../../truth/rename.js';
import type { Context } from '../context.js';
import { untilAtRest } from '../make.js';
import type { Evidence } from '../outcome.js';
import { freed, thinLuns } from './freed-space.js';
import { described, inFull, mayBe, type Answer, type AnyResult, type Held } from './answers.js';
import { announcedTruly } from './comings-and-goings.js';

export class HeldSystem {
  /** States that were true at some time, oldest first; the last one is what recovery must bring about. */
  private readonly history: Observation[] = [];
  private readonly held: Held[] = [];
  private readonly idOf = new Map<number, Guid>();
  /** Getters that do not answer although nothing is wrong. */
  private readonly silent = new Set<string>();
  private readonly gone = new Set<Guid>();
  /** What a list of all subsystems lacked at first, where all was well. */
  private lacking = 0;
  private mark = 0;
  private readonly widowed: Guid[] = [];
  /** LUNs that have gone, and whose departure was not announced yet when it was looked. */
  private readonly departing = new Set<Guid>();

  private constructor(
    private readonly ctx: Context,
    private readonly subSystems: ReadonlySet<Guid>,
  ) {}

  /**
   * Observes everything that the run may work on, and takes a reference to each of `objects` and to what contains them.
   * The provider must report the truth before anything is wrong (VDS-5.3).
   */
  static async hold(ctx: Context, objects: readonly Guid[]): Promise<HeldSystem> {
    const ids: Guid[] = [];
    for (const each of await ctx.system.subSystems())
      ids.push(ctx.duties.output('VDS-7.9', await each.getProperties(), 'subSystemProp').id);
    const system = new HeldSystem(ctx, new Set(ids));
    await system.begin(objects);
    return system;
  }

  private async begin(objects: readonly Guid[]): Promise<void> {
    const { ctx } = this;
    const before = await this.observe('VDS-5.3');
    const truth = await this.truth();
    if (truth !== undefined) this.mustMatch(truth, before, 'VDS-5.3', 'before anything is wrong the provider reports');
    this.history.push(before);
    const wanted = new Set(objects);
    for (const id of objects) {
      const container = before.objects.get(id)?.container;
      if (container !== undefined) wanted.add(container);
    }
    for (const { id, kind } of before.objects.values()) {
      const { type } = DEVICE_KINDS[kind];
      const object = await (await ctx.system.objectById(id, type))?.as(kind as keyof TypedInterfaces);
      if (object == null) continue;
      this.idOf.set(await object.identity(), id);
      if (wanted.has(id)) this.held.push({ kind, id, object });
    }
    for await (const { held, getter, hr } of this.answers())
      if (failed(hr) && hr !== HR.VDS_E_NO_IMPORT_TARGET) this.silent.add(`${held.id} ${getter.method.fullName}`);
    const list = await this.subSystemsIn(await ctx.system.hw.querySubSystems());
    this.lacking = list === undefined ? 0 : this.lackedBy(list);
    ctx.faults.rememberCache();
    this.mark = ctx.session.received.length;
  }

  /** The state that recovery must bring about: the last true one. */
  private get expected(): Observation {
    const last = this.history.at(-1);
    if (last === undefined) throw new RangeError('the system was not observed before the fault');
    return last;
  }

  /** By its name as well: a subsystem that comes back may have another id. */
  private readonly isWithin = (subSystem: Nameable): boolean => this.ctx.system.admits('subSystems', subSystem);

  private observe(requirement: string): Promise<Observation> {
    return this.ctx.system.observe(requirement, {
      depth: 'deep',
      isWithin: this.isWithin,
      faultVerdict: requirement === 'VDS-5.3' ? undefined : 'detected, not recovered',
    });
  }

  /** A device that has come back may be busy for a while, which ends by itself. */
  private atRest(requirement: string): Promise<Observation> {
    return untilAtRest(
      () => this.observe(requirement),
      ({ objects }) =>
        [...objects.values()].some(({ members }) =>
          Object.entries(members).some(([member, value]) => isPassing(member, value)),
        ),
    );
  }

  private async truth(): Promise<Observation | undefined> {
    const truth = await this.ctx.faults.truth();
    return truth === undefined ? undefined : flatten({ subSystems: truth.subSystems.filter(this.isWithin) });
  }

  private mustMatch(expected: Observation, actual: Observation, requirement: string, what: string): void {
    this.ctx.duties.judging(requirement);
    const found = compareObservations(expected, actual);
    if (found[0] === undefined) return;
    const faultVerdict = requirement === 'VDS-5.3' ? undefined : 'silent wrong data';
    const message = `${what} wrong values: ${describeDifferences(found)}`;
    this.ctx.duties.broken(requirement, message, evidenceOf(found[0]), faultVerdict);
  }

  /** These objects have vanished at the array, with what they contain. */
  vanished(ids: readonly Guid[]): void {
    // Whether these have gone with the last of their LUNs is seen later.
    this.widowed.push(...targetsOfOnly(inventoryOf(this.expected), ids).map(({ target }) => target));
    const after = withoutObjects(this.expected, ids);
    for (const { id, kind } of this.expected.objects.values()) {
      if (after.objects.has(id)) continue;
      this.gone.add(id);
      if (kind === 'IVdsLun') this.departing.add(id);
    }
    const thin = thinLuns(this.expected);
    const objects = [...after.objects].map(([id, object]): [Guid, ObservedObject] => [
      id,
      { ...object, members: freed(object.members, this.gone, thin) },
    ]);
    this.history.push({ ...after, objects: new Map(objects) });
  }

  /**
   * A subsystem, or drives, went away and have come back. They and what they contain may have other ids and references
   * than before; everything else must be as it was, and so must their values and lists under the new ids (VDS-5.2).
   */
  async mustBeBack(...objects: readonly Guid[]): Promise<void> {
    const observed = await this.atRest('VDS-5.2');
    const back = withIds(this.expected, renamedIds(this.expected, observed));
    this.mustMatch(
      back,
      observed,
      'VDS-5.2',
      'after Reenumerate and Refresh that followed its return the provider reports of a subsystem',
    );
    const truth = await this.truth();
    if (truth !== undefined)
      this.mustMatch(
        truth,
        observed,
        'VDS-5.2',
        'after Reenumerate and Refresh that followed its return the provider reports',
      );
    await this.othersMustBeTrue('after another subsystem came back', ...objects);
  }

  /** Whatever became of these objects and what they contain, the others answer with the truth. */
  async othersMustBeTrue(when: string, ...objects: readonly Guid[]): Promise<void> {
    this.ctx.duties.judging('VDS-5.5b', 'VDS-5.6');
    const others = withoutObjects(this.expected, objects).objects;
    for (const answer of await this.judgeDeleted(when, others)) this.mustAnswerTruly(answer, when);
  }

  /** Unloads the provider and loads it again. What was held is given back; objects may have other ids now. */
  async loadAnew(): Promise<void> {
    const { system, session } = this.ctx;
    for (const { object } of this.held.splice(0)) if (session.broken === undefined) await object.release();
    this.idOf.clear();
    await system.unload();
    await system.restart();
  }

  /** After `loadAnew` all but these objects have their values, under whatever ids. Import targets are not judged. */
  async mustBeThere(when: string, but: readonly Guid[] = []): Promise<void> {
    const { expected, ctx } = this;
    const observed = await ctx.system.observe('VDS-5.2', { depth: 'deep', isWithin: this.isWithin });
    const ids = renamedIds(expected, observed);
    const others = withoutObjects(expected, but);
    const objects = [...others.objects].map(([id, object]): [Guid, ObservedObject] => {
      const { importTarget: _importTarget, ...members } = object.members;
      return [id, { ...object, members }];
    });
    const kept = but.map((id) => ids.get(id) ?? id);
    this.mustMatch(
      withIds({ ...others, objects: new Map(objects) }, ids),
      withoutObjects(observed, kept),
      'VDS-5.2',
      `${when} the provider reports`,
    );
  }

  /** Whether a member of an object is expected to have this value. */
  reports(id: Guid, member: string, value: unknown): boolean {
    return (compareAnswer(this.expected, id, { [member]: value }) ?? [undefined]).length === 0;
  }

  /** A member of an object has another value since a call was acknowledged. */
  acknowledged(id: Guid, members: Members): void {
    const { expected } = this;
    const object = expected.objects.get(id);
    if (object === undefined) throw new RangeError(`no object ${id} is expected`);
    const changed = { ...object, members: { ...object.members, ...members } };
    this.history.push({ ...expected, objects: new Map([...expected.objects, [id, changed]]) });
  }

  /** A change was carried out of which not every effect is known beforehand: the truth knows it. */
  async changed(): Promise<void> {
    const truth = await this.truth();
    if (truth === undefined) return;
    const followed: Guid[] = [];
    for (const id of this.widowed.splice(0)) {
      const subSystem = truth.objects.has(id) ? undefined : this.expected.objects.get(id)?.container;
      if (subSystem !== undefined && (await this.ctx.system.makesTargets(subSystem))) followed.push(id);
    }
    if (followed.length > 0) this.vanished(followed);
    const objects = new Map(this.expected.objects);
    for (const [id, { members }] of truth.objects) {
      const object = objects.get(id);
      if (object === undefined) continue;
      // A provider need not report all that the truth knows.
      const reported = Object.entries(members).filter(([name]) => name in object.members);
      objects.set(id, { ...object, members: { ...object.members, ...Object.fromEntries(reported) } });
    }
    this.history.push({ ...this.expected, objects });
  }

  /** Every getter of every held object, one call after another. */
  private async *answers(of?: Observation['objects']): AsyncGenerator<Answer> {
    for (const held of this.held.filter(({ id }) => of?.has(id) !== false)) {
      for (const getter of gettersOf(held.kind)) {
        if (this.silent.has(`${held.id} ${getter.method.fullName}`)) continue;
        const answer = await this.ask(held, getter);
        if (answer !== undefined) yield answer;
      }
    }
  }

  private async ask(held: Held, getter: Getter): Promise<Answer | undefined> {
    const { method, member, query, container } = getter;
    const typed =
      method.interfaceName === held.kind
        ? held.object
        : await held.object.as(method.interfaceName as keyof TypedInterfaces);
    if (typed === null) return undefined;
    const result: AnyResult = await typed.call(method.fullName, getter.args);
    const { hr } = result;
    const answer = { held, getter, hr, evidence: result };
    if (hr === HR.VDS_E_NO_IMPORT_TARGET && member !== undefined) return { ...answer, members: { [member]: null } };
    if (failed(hr)) return { ...answer, members: {} };
    try {
      const value = valueOf(method, result);
      if (member === undefined) return { ...answer, members: membersOf(hr, value as object) };
      if (query !== undefined)
        return { ...answer, members: { [member]: await this.idsIn(value as IEnumVdsObject, query.lists) } };
      if (container === true)
        return { ...answer, members: { [CONTAINER]: this.idOf.get(await (value as VdsObject).identity()) } };
      return { ...answer, members: { [member]: value } };
    } catch (error) {
      if (!(error instanceof InventoryUnreadable)) throw error;
      // An enumerator may need the cache, too.
      const { hr: code } = error.record;
      if (code !== undefined && failed(code)) return { ...answer, hr: code, evidence: error, members: {} };
      return this.ctx.duties.broken(error.requirement, `${displayName(error.record.method)} ${error.problem}`, error);
    }
  }

  private async idsIn(list: IEnumVdsObject, lists: DeviceInterface): Promise<(Guid | undefined)[]> {
    const ids: (Guid | undefined)[] = [];
    for (const object of await enumerate(list, lists)) ids.push(this.idOf.get(await object.identity()));
    return ids;
  }

  /** Where an answer differs from a state, in words; undefined where the state does not have the object. */
  private difference({ held, getter, members }: Answer, state: Observation): string | undefined {
    const expected = state.objects.get(held.id)?.members;
    if (expected === undefined) return undefined;
    const { member, query } = getter;
    if (query !== undefined && member !== undefined) {
      const [list, right] = [members[member] as readonly (Guid | undefined)[], expected[member]];
      if (!Array.isArray(right) || mayBe(list, right)) return '';
      return `${list.length === 0 ? 'none' : list.length} of ${counted(right.length, 'object')}`;
    }
    if (getter.container === true) {
      const id = members[CONTAINER];
      return id === undefined || id === state.objects.get(held.id)?.container || expected[CONTAINER] === id
        ? ''
        : `the object ${String(id)}`;
    }
    if (member !== undefined && !(member in expected)) return '';
    if (member !== undefined && sameMember(member, expected[member], members[member])) return '';
    return describeDifferences(compareAnswer(state, held.id, members) ?? []);
  }

  private evidenceOf({ held, members, evidence }: Answer, state: Observation): Evidence {
    return answerEvidence(state, held.id, members, evidence.record);
  }

  /** All answers, none of which says that an object is gone that is there: that would explain the rest. */
  private async judgeDeleted(when: string, of?: Observation['objects']): Promise<readonly Answer[]> {
    this.ctx.duties.judging('VDS-7.1a');
    const answers: Answer[] = [];
    for await (const answer of this.answers(of)) answers.push(answer);
    for (const answer of answers) this.mustNotSayDeleted(answer, when);
    return answers;
  }

  /** VDS_E_OBJECT_DELETED of what the array holds is wrong at any time. */
  private mustNotSayDeleted(answer: Answer, when: string): void {
    const { held, hr, evidence } = answer;
    if (hr === HR.VDS_E_OBJECT_DELETED && !this.gone.has(held.id))
      this.ctx.duties.broken(
        'VDS-7.1a',
        `${described(answer)} answered VDS_E_OBJECT_DELETED ${when}, and the array has the object`,
        evidence,
        'silent wrong data',
      );
  }

  /** Which subsystems there are is known whatever entry is damaged, or the answer is a failure. */
  private async judgeSubSystems(when: string): Promise<void> {
    const { duties, system } = this.ctx;
    const result = await system.hw.querySubSystems();
    if (failed(result.hr)) {
      if (result.hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT)
        duties.permitted('VDS-5.5a', result, when, 'wrong result code');
      return;
    }
    const list = await this.subSystemsIn(result);
    if (list === undefined) return;
    const missing = this.lackedBy(list) - this.lacking;
    if (missing > 0)
      duties.broken(
        'VDS-5.5a',
        `IVdsHwProvider::QuerySubSystems left out ${counted(missing, 'subsystem')} ${when}, though the array has ` +
          `${missing === 1 ? 'it' : 'them'}`,
        result,
        'silent wrong data',
      );
  }

  /**
   * How many of the subsystems that there are a list lacks, beyond those that its unknown ones may be: one that is
   * found again may be another object, and some are outside the run, which makes this less than none.
   */
  private lackedBy(list: readonly (Guid | undefined)[]): number {
    const missing = [...this.subSystems].filter((id) => !list.includes(id) && !this.gone.has(id)).length;
    return missing - list.filter((id) => id === undefined).length;
  }

  /** Ids of the subsystems of an enumeration, undefined for an unknown one; undefined where it cannot be read. */
  private async subSystemsIn(result: Result<{ readonly enum: IEnumVdsObject | null }>) {
    try {
      return await this.idsIn(outputOf(result, 'enum'), 'IVdsSubSystem');
    } catch (error) {
      if (error instanceof InventoryUnreadable) return undefined;
      throw error;
    }
  }

  /**
   * Judges what every held object answers while the cache may be damaged, or something else is wrong: the truth, or a
   * failure.
   */
  async mustNotLie(when: string, cause: 'damage' | 'trouble' = 'damage'): Promise<void> {
    const { duties } = this.ctx;
    duties.judging('VDS-5.5a', ...(cause === 'trouble' ? ['VDS-4.1a', 'VDS-6.8'] : []));
    await this.judgeSubSystems(when);
    for (const answer of await this.judgeDeleted(when)) {
      const { hr, evidence } = answer;
      if (!succeeded(hr)) {
        if (hr !== HR.VDS_E_NO_IMPORT_TARGET && hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT)
          duties.permitted('VDS-5.5a', evidence as AnyResult, when, 'wrong result code');
        if (hr !== HR.VDS_E_NO_IMPORT_TARGET) continue;
      }
      const wrong = this.history.map((state) => this.difference(answer, state)).filter((text) => text !== undefined);
      if (wrong.length > 0 && !wrong.includes(''))
        duties.broken(
          cause === 'damage' ? 'VDS-5.5a' : answer.getter.query === undefined ? 'VDS-4.1a' : 'VDS-6.8',
          `${described(answer)} answered ${formatHresult(hr)} ${when} with ${wrong.at(-1)}, which was never true`,
          { ...this.evidenceOf(answer, this.history.at(-1) ?? this.expected), orElse: 'a failure' },
          'silent wrong data',
        );
      else if (wrong.length > 0 && wrong.at(-1) !== '')
        this.ctx.note(
          `${displayName(answer.getter.method.fullName)} answered an earlier truth ${when}, which is lawful caching`,
        );
    }
  }

  /** Heals nothing: calls Reenumerate and Refresh, which must answer S_OK. */
  async recover(betweenPair?: () => Promise<void>): Promise<void> {
    const { reenumerate, refresh } = await this.ctx.faults.recover(betweenPair === undefined ? {} : { betweenPair });
    for (const answer of [reenumerate, refresh])
      if (answer !== undefined)
        this.ctx.duties.code('VDS-5.5d', answer, HR.S_OK, 'although the cause was gone', 'detected, not recovered');
  }

  /** After the pair everything is true: what can be observed, what held references answer, and what was announced. */
  async mustBeTrue(when = 'after Reenumerate and Refresh'): Promise<void> {
    const truth = await this.truth();
    if (truth !== undefined) this.mustMatch(truth, this.expected, 'VDS-5.5b', `${when} the array holds`);
    this.ctx.duties.judging('VDS-5.6');
    for (const answer of await this.judgeDeleted(when)) {
      const { held, evidence } = answer;
      if (this.gone.has(held.id)) {
        this.ctx.duties.code(
          'VDS-7.1a',
          evidence as AnyResult,
          HR.VDS_E_OBJECT_DELETED,
          `${when} on an object that is gone`,
        );
        continue;
      }
      this.mustAnswerTruly(answer, when);
    }
    this.mustMatch(this.expected, await this.observe('VDS-5.5b'), 'VDS-5.5b', `${when} the provider reports`);
    await this.mustHaveAnnouncedTruly();
  }

  /** A reference from before the fault answers, and with the truth. */
  private mustAnswerTruly(answer: Answer, when: string): void {
    const { hr, evidence } = answer;
    if (!succeeded(hr) && hr !== HR.VDS_E_NO_IMPORT_TARGET)
      this.ctx.duties.broken(
        'VDS-5.6',
        `${described(answer)} answered ${formatHresult(hr)} ${when}, and had answered before the fault`,
        evidence,
        'detected, not recovered',
      );
    const wrong = this.difference(answer, this.expected);
    if (wrong !== undefined && wrong !== '')
      this.ctx.duties.broken(
        'VDS-5.5b',
        `${inFull(answer, wrong)} ${when}, by a reference from before the fault`,
        this.evidenceOf(answer, this.expected),
        'silent wrong data',
      );
  }

  /** What was announced since this was asked last is what happened. */
  private async mustHaveAnnouncedTruly(): Promise<void> {
    const isThere = (id: Guid): boolean => !this.gone.has(id) && this.expected.objects.has(id);
    this.mark = await announcedTruly(this.ctx, this.mark, this.departing, isThere);
    this.departing.clear();
  }

  /**
   * True values right after the pair stay true: after a further pair in quick succession, after each call of it by
   * itself, and a while later. `pause` is in milliseconds.
   */
  async mustStayTrue(pause: number): Promise<void> {
    await this.recover();
    await this.mustBeTrue('after a second Reenumerate and Refresh in quick succession');
    const { hw } = this.ctx.system;
    this.ctx.duties.code('VDS-5.5d', await untilNotBusy(() => hw.reenumerate()), HR.S_OK, 'after recovery');
    await this.mustBeTrue('after a further Reenumerate');
    this.ctx.duties.code('VDS-5.5d', await untilNotBusy(() => hw.refresh()), HR.S_OK, 'after recovery');
    await this.mustBeTrue('after a further Refresh');
    // Nothing announces a relapse; what comes a while later can only be waited for.
    await new Promise((resolve) => setTimeout(resolve, pause));
    await this.mustBeTrue(`${pause} ms later`);
  }
}
