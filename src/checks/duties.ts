// Judging: turns a duty that a provider did not keep into a finding at its requirement's level.
import { UNTOUCHED } from '../contract/codec.js';
import { outputTypeOf, OUTPUTS_WITH_AN_OBJECT } from '../contract/async-outputs.js';
import { failed, formatHresult, HR, isPermitted, SERVER_DIED, succeeded, worthOf } from '../contract/hresult.js';
import { parseGuid, type Guid } from '../contract/guid.js';
import { requirement } from '../contract/requirements.js';
import { method, type MethodName } from '../contract/tables.js';
import { timesText } from '../contract/wording.js';
import type { IEnumVdsObject, IVdsAsync, TypedInterfaces } from '../port/generated/typed.js';
import { MAKEABLE, madeBy, type MakeableKind, type Waited } from '../port/made-objects.js';
import type { Result } from '../port/objects.js';
import { comparison, displayName, eventName, formatValue, hresult, inWords, named } from '../port/show-value.js';
import type { CallRecord } from '../port/trace.js';
import { equalValues } from '../truth/compare.js';
import { enumerate, InventoryUnreadable } from '../truth/read-inventory.js';
import type { CheckLife } from './life.js';
import { OF_THE_LAB } from './lun-habits.js';
import { DutyBroken, type Evidence, type FaultVerdict, type Finding } from './outcome.js';

/**
 * Knowledge that lasts for the whole run: the readings that a provider chose, where the documents allow several, must
 * not change.
 */
export type Readings = Map<string, string>;

export interface JudgingOptions {
  readonly strict: boolean;
  readonly readings: Readings;
}

/**
 * The methods of which VDS-8.1a says that they return an IVdsAsync with every success; VDS-8.1b says so of the others.
 */
const NAMED_IN_8_1A: ReadonlySet<string> = new Set([
  'IVdsSubSystem.CreateLun',
  'IVdsLun.Extend',
  'IVdsSubSystemIscsi.CreateTarget',
  'IVdsIscsiTarget.Delete',
]);

/** Of whichever query: an enumerator that repeats objects is one thing to mend. */
const LISTED_OFTEN = 'how often a query lists one object';

export class Duties {
  /** The findings after which the check went on. */
  readonly findings: Finding[] = [];
  /** The requirements of which something was judged, whether it held or not. */
  readonly judged = new Set<string>();
  /** The calls that gave lists. */
  private readonly readings = new WeakMap<readonly unknown[], CallRecord>();

  constructor(
    private readonly life: CheckLife,
    private readonly options: JudgingOptions,
  ) {}

  /** These are judged here, where only what is wrong is reported, by broken() or unkept(). */
  judging(...requirementIds: readonly string[]): void {
    for (const id of requirementIds) this.judged.add(id);
  }

  /**
   * A duty that is not kept. At level SHOULD it is recorded and the check goes on (unless --strict); at any other level
   * it ends the check: for an AMBIGUOUS requirement a check calls this only for what no reading allows. Returns never
   * when it throws.
   */
  broken(requirementId: string, message: string, evidence?: Evidence, faultVerdict?: FaultVerdict): never {
    throw new DutyBroken(this.finding(requirementId, message, evidence, faultVerdict));
  }

  /**
   * Like broken(), for a duty after which the check can go on: throws except at level SHOULD, where the finding is
   * recorded. Gives false.
   */
  unkept(requirementId: string, message: string, evidence?: Evidence, faultVerdict?: FaultVerdict): false {
    const finding = this.finding(requirementId, message, evidence, faultVerdict);
    if (finding.level !== 'SHOULD' || this.options.strict) throw new DutyBroken(finding);
    this.findings.push(finding);
    return false;
  }

  private finding(
    requirementId: string,
    message: string,
    evidence: Evidence | undefined,
    faultVerdict: FaultVerdict | undefined,
  ): Finding {
    this.judged.add(requirementId);
    const { level } = requirement(requirementId);
    const { calls, session } = this.life;
    const { record, member, of, expected, actual, event, query, nature, orElse, steps } = evidence ?? {};
    const said = session.labels.applied(message);
    const ids = [expected, actual].filter((v): v is Guid => typeof v === 'string' && parseGuid(v) !== undefined);
    return {
      requirement: requirementId,
      level,
      message: said.text,
      ...(record === undefined ? {} : { call: calls.refer(record) }),
      ...(member === undefined ? {} : { member: session.labels.apply(member) }),
      ...(of === undefined ? {} : { of: session.labels.apply(of) }),
      ...(expected === undefined ? {} : { expected: calls.value(expected) }),
      ...(actual === undefined ? {} : { actual: calls.value(actual) }),
      ...(said.named.length === 0 ? {} : { objects: said.named }),
      ...(event === undefined ? {} : { event: eventName(event) }),
      ...(query === undefined ? {} : { query }),
      ...(nature === undefined ? {} : { nature }),
      ...(orElse === undefined ? {} : { orElse }),
      ...(ids.length === 0 ? {} : { ids: Object.fromEntries(ids.map((id) => [session.labels.apply(id), id])) }),
      ...(steps === undefined ? {} : { steps: steps.map((step) => session.labels.apply(step)) }),
      ...(faultVerdict === undefined ? {} : { faultVerdict }),
    };
  }

  /** The call must have succeeded: S_OK, or a success code that its page documents. */
  ok(requirementId: string, result: Result<object>, faultVerdict?: FaultVerdict): boolean {
    this.judged.add(requirementId);
    const called = method(result.record.method);
    if (succeeded(result.hr) && isPermitted(called, result.hr)) return true;
    return this.unkept(
      requirementId,
      `${displayName(called.fullName)} answered ${formatHresult(result.hr)}; expected success`,
      { record: result.record, expected: inWords('success'), actual: hresult(result.hr) },
      faultVerdict,
    );
  }

  /**
   * The call must have answered one of these codes, because the requirement states it. Where S_OK is one, properties
   * that are said to be incomplete are as good.
   */
  code(
    requirementId: string,
    result: Result<object>,
    codes: number | readonly number[],
    when: string,
    faultVerdict?: FaultVerdict,
  ): boolean {
    this.judged.add(requirementId);
    const allowed = typeof codes === 'number' ? [codes] : codes;
    if (allowed.includes(result.hr)) return true;
    const called = method(result.record.method);
    if (allowed.includes(HR.S_OK) && result.hr === HR.VDS_S_PROPERTIES_INCOMPLETE && isPermitted(called, result.hr))
      return true;
    return this.unkept(
      requirementId,
      `${displayName(result.record.method)} answered ${formatHresult(result.hr)} ${when}; expected ` +
        `${allowed.map(formatHresult).join(' or ')}`,
      {
        record: result.record,
        expected: allowed.length === 1 ? hresult(allowed[0]) : allowed.map(hresult),
        actual: hresult(result.hr),
      },
      faultVerdict,
    );
  }

  /** The call must have failed, with a code that its page, or the generic text of every page, permits. */
  refused(requirementId: string, result: Result<object>, when: string): boolean {
    this.judged.add(requirementId);
    const called = method(result.record.method);
    if (succeeded(result.hr))
      return this.unkept(
        requirementId,
        `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}; expected a failure`,
        { record: result.record, expected: inWords('a failure'), actual: hresult(result.hr) },
      );
    return this.permitted(requirementId, result, when);
  }

  /**
   * An id that names no existing object must be refused, and should be with VDS_E_OBJECT_NOT_FOUND: most pages say that
   * the code "can be returned". `others` are codes for what else is wrong.
   */
  notFound(result: Result<object>, when: string, others: readonly number[] = []): boolean {
    return (
      this.refused('VDS-7.2', result, when) &&
      this.code('VDS-7.2d', result, [HR.VDS_E_OBJECT_NOT_FOUND, ...others], when)
    );
  }

  /** The code must be one that the method may answer at all (semantics.md 0.2). */
  permitted(requirementId: string, result: Result<object>, when: string, faultVerdict?: FaultVerdict): boolean {
    this.judged.add(requirementId);
    if (failed(result.hr)) this.judged.add('VDS-0.2c');
    const called = method(result.record.method);
    const answered = `${displayName(called.fullName)} answered ${formatHresult(result.hr)} ${when}`;
    if (SERVER_DIED.has(result.hr) && this.life.session.capabilities.outOfProcess)
      return this.unkept(
        'VDS-2.7',
        `${answered}, by which COM reports that the provider's process is gone`,
        result,
        faultVerdict,
      );
    if (result.hr === HR.VDS_E_NO_IMPORT_TARGET && !called.codes.includes('VDS_E_NO_IMPORT_TARGET'))
      return this.unkept('VDS-1.6c', `${answered}, which only GetImportTarget answers`, result, faultVerdict);
    switch (worthOf(called, result.hr)) {
      case 'permitted':
        return true;
      case 'says-nothing':
        return this.unkept('VDS-0.2c', `${answered}, which gives the caller nothing to act on`, result, faultVerdict);
      case 'unknown':
        return this.unkept(
          requirementId,
          `${answered}, a success that neither its page nor vdserr.h has`,
          result,
          faultVerdict,
        );
    }
  }

  /** The value of an output that a success must have. */
  output<T, K extends keyof T & string>(
    requirementId: string,
    result: Result<T>,
    name: K,
    faultVerdict?: FaultVerdict,
  ): NonNullable<T[K]> {
    this.judged.add(requirementId);
    if (!succeeded(result.hr))
      this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)}; expected success`,
        { record: result.record, expected: inWords('success'), actual: hresult(result.hr) },
        faultVerdict,
      );
    const value = result.out[name];
    if (value === UNTOUCHED)
      return this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ` +
          `${formatHresult(result.hr)} without writing its output "${name}"`,
        result,
        faultVerdict,
      );
    if (value === null || value === undefined)
      return this.broken(
        requirementId,
        `${displayName(result.record.method)} answered ${formatHresult(result.hr)} with NULL as its output "${name}"`,
        result,
        faultVerdict,
      );
    return value as NonNullable<T[K]>;
  }

  /** A list to be filled with what a call gave, which a finding about the list then shows. */
  readBy<T>({ record }: Result<object>): T[] {
    const list: T[] = [];
    this.readings.set(list, record);
    return list;
  }

  /**
   * An enumeration must list an object, and once.
   *
   * @param requirementId is broken where it lists none
   * @param of the object, as `lun#1`
   * @param which says which object that is, as `the new LUN`
   */
  listedOnce(
    requirementId: string,
    { query, of, which }: { readonly query: MethodName; readonly of: string; readonly which: string },
    times: number,
    evidence?: Evidence,
  ): boolean {
    this.judging(requirementId, 'VDS-6.5c');
    return (
      times === 1 ||
      this.unkept(
        times === 0 ? requirementId : 'VDS-6.5c',
        `${displayName(query)} lists ${of}, ${which}, ${timesText(times)}; expected once`,
        {
          record: evidence?.record,
          query,
          member: LISTED_OFTEN,
          expected: inWords(`${of} once`),
          actual: inWords(`${of} ${timesText(times)}`),
        },
      )
    );
  }

  /** An enumeration must list nothing twice; `ids` are of what it lists, `how` the way in which it was read. */
  noneTwice(requirementId: string, query: MethodName, ids: readonly string[], how = ''): boolean {
    this.judged.add(requirementId);
    const twice = ids.find((id, i) => ids.indexOf(id) < i);
    if (twice === undefined) return true;
    const times = ids.filter((id) => id === twice).length;
    return this.unkept(requirementId, `${displayName(query)}${how} lists ${twice} ${timesText(times)}; expected once`, {
      record: this.readings.get(ids),
      query,
      member: LISTED_OFTEN,
      expected: inWords(`${twice} once`),
      actual: inWords(`${twice} ${timesText(times)}`),
    });
  }

  /** A value must be this one, or all of a list in this order. */
  equal(
    requirementId: string,
    what: string,
    actual: unknown,
    expected: unknown,
    evidence?: Evidence,
    faultVerdict?: FaultVerdict,
  ): boolean {
    this.judged.add(requirementId);
    if (equalValues(actual, expected)) return true;
    return this.unkept(
      requirementId,
      `${what} ${comparison(actual, expected)}`,
      {
        member: what,
        ...evidence,
        record: evidence?.record ?? (Array.isArray(actual) ? this.readings.get(actual) : undefined),
        expected,
        actual,
      },
      faultVerdict,
    );
  }

  /** Something must have happened so often; `what` says what, as `VDS_NF_LUN_ARRIVE for a new LUN came`. */
  times(requirementId: string, what: string, actual: number, expected: number, evidence?: Evidence): boolean {
    this.judged.add(requirementId);
    if (actual === expected) return true;
    return this.unkept(requirementId, `${what} ${timesText(actual)}; expected ${timesText(expected)}`, {
      member: `how often ${what}`,
      ...evidence,
      expected: inWords(timesText(expected)),
      actual: inWords(timesText(actual)),
    });
  }

  /** A condition that the requirement demands; `message` says what is wrong when it does not hold. */
  holds(
    requirementId: string,
    condition: boolean,
    message: string,
    evidence?: Evidence,
    faultVerdict?: FaultVerdict,
  ): boolean {
    this.judged.add(requirementId);
    return condition || this.unkept(requirementId, message, evidence, faultVerdict);
  }

  /**
   * Records which of the documented readings the provider chose; another one later in the run breaks the requirement.
   * `instance` is the one of several things that was looked at.
   */
  reading(question: string, answer: string, requirementId: string, instance = '', evidence?: Evidence): void {
    this.judged.add(requirementId);
    const known = this.options.readings.get(question);
    if (known !== undefined && known !== answer)
      this.broken(
        requirementId,
        instance === ''
          ? `${question}: "${answer}" now, and "${known}" before in this run`
          : `${instance}: that is "${answer}", and before in this run it was "${known}" (${question})`,
        {
          ...evidence,
          member: question,
          expected: inWords(`${known}, as before in this run`),
          actual: inWords(answer),
        },
      );
    this.options.readings.set(question, answer);
    this.life.note(`${question}: ${answer}`, 'reading');
  }

  /** The reading that the provider has shown in this run; undefined where it has not been asked for. */
  readingOf(question: string): string | undefined {
    return this.options.readings.get(question);
  }

  /**
   * The answer; ends the check as not applicable where it is VDS_E_NOT_SUPPORTED. `how` says what about the call may be
   * the reason.
   */
  supported<R extends Pick<Result<object>, 'hr' | 'record'>>(result: R, how = ''): R {
    const { hr, record } = result;
    if (hr === HR.VDS_E_NOT_SUPPORTED)
      this.life.notApplicable(
        `${displayName(record.method)} answered ${formatHresult(hr)}${how === '' ? '' : ` ${how}`}`,
      );
    return result;
  }

  /** The objects of an enumeration that a call answered, as the interface asked for. */
  async list<K extends string, I extends keyof TypedInterfaces>(
    result: Result<{ readonly [P in K]: IEnumVdsObject | null }>,
    name: K,
    as: I,
    requirementId: string,
  ): Promise<TypedInterfaces[I][]> {
    this.ok(requirementId, result as Result<object>);
    try {
      return await enumerate(
        this.output(
          'VDS-6.6a',
          result as unknown as Result<{ enum: IEnumVdsObject | null }>,
          name as unknown as 'enum',
        ),
        as,
      );
    } catch (error) {
      if (error instanceof InventoryUnreadable)
        return this.broken(error.requirement, `${displayName(error.record.method)} ${error.problem}`, error);
      throw error;
    }
  }

  /**
   * Waits for an asynchronous operation as a caller must, looking at both results (VDS-8.2). Not applicable where the
   * method is not supported, inconclusive where the lab has no room for it.
   */
  async completed<T>(started: Result<T & { readonly async: IVdsAsync | null }>): Promise<Waited> {
    const waited = await this.operation(started).wait();
    this.succeededIn(waited, started.record, 'VDS-8.2');
    this.outputType(waited, started.record.method);
    return waited;
  }

  /** The operation of a call that must have started one. Ends the check as completed() does. */
  operation<T>(started: Result<T & { readonly async: IVdsAsync | null }>): IVdsAsync {
    const request = started as unknown as Result<{ readonly async: IVdsAsync | null }>;
    const requirementId = NAMED_IN_8_1A.has(started.record.method) ? 'VDS-8.1a' : 'VDS-8.1b';
    this.carriedOut(request.hr, request.record);
    this.ok(requirementId, request as Result<object>);
    return this.output(requirementId, request, 'async');
  }

  /** Both results of Wait must be successes. `record` is of the call that started the operation. */
  succeededIn(waited: Waited, record: CallRecord, requirementId: string): boolean {
    this.ok(requirementId, waited);
    const hr = this.output('VDS-8.2', waited, 'hrResult');
    this.carriedOut(hr, record);
    return this.holds(
      requirementId,
      succeeded(hr) && isPermitted(method(record.method), hr),
      hr === HR.VDS_E_OPERATION_PENDING
        ? `${displayName(waited.record.method)} returned before the operation had ended: its result is ` +
            `${formatHresult(hr)}`
        : `${displayName(record.method)} ended with ${formatHresult(hr)}, the result that Wait gave, although ` +
            'nothing stood against its success',
      { ...waited, expected: inWords('a success, as the result of the operation'), actual: hresult(hr) },
    );
  }

  /**
   * Ends the check where an answer says that the provider lacks the method, or that the lab has no room for what it
   * asks.
   */
  private carriedOut(hr: number, { method: name }: CallRecord): void {
    const answered = `${displayName(name)} answered ${formatHresult(hr)}`;
    if (hr === HR.VDS_E_NOT_SUPPORTED) this.life.notApplicable(answered);
    if (OF_THE_LAB.has(hr)) this.life.inconclusive(`${answered}: the array has no room for what the check needs`);
  }

  /**
   * VDS_ASYNC_OUTPUT.type must be the operation's. Where nothing but the type is handed over, the IDL lets a caller
   * pass over all of it.
   */
  outputType(waited: Waited, startedBy: MethodName): boolean {
    const type = outputTypeOf(startedBy);
    const requirement = OUTPUTS_WITH_AN_OBJECT.has(type) ? 'VDS-8.4d' : 'VDS-8.4c';
    const actual = this.output(requirement, waited, 'asyncOut').type;
    return this.holds(
      requirement,
      actual === type,
      `VDS_ASYNC_OUTPUT.type is ${formatValue(named('VDS_ASYNC_OUTPUT_TYPE', actual))}; expected ` +
        `${formatValue(named('VDS_ASYNC_OUTPUT_TYPE', type))} for this operation`,
      waited,
    );
  }

  /** Waits for a creation, and gives what it made, as its interface. */
  async made<T, K extends MakeableKind>(
    started: Result<T & { readonly async: IVdsAsync | null }>,
    kind: K,
  ): Promise<TypedInterfaces[(typeof MAKEABLE)[K]['interfaceName']]> {
    const { name } = MAKEABLE[kind];
    const interfaceName: (typeof MAKEABLE)[K]['interfaceName'] = MAKEABLE[kind].interfaceName;
    const waited = await this.completed(started);
    const unknown = madeBy(waited);
    this.judging('VDS-8.4a');
    if (unknown === null)
      return this.broken('VDS-8.4a', `the creation of a ${name} succeeded, and Wait handed over none`, waited);
    return (
      (await unknown.as(interfaceName)) ??
      this.broken('VDS-8.4a', `what was handed over as a new ${name} has no ${interfaceName}`, waited)
    );
  }

  /** The reading of a question that the provider showed before in this run. */
  knownReading(question: string): string | undefined {
    return this.options.readings.get(question);
  }
}
