// The steps of a tour as a finding shows them: calls in the notation of every report, faults, and what else happened.
import { succeeded } from '../../../contract/hresult.js';
import { whatHappens } from '../../../faults/kinds.js';
import { briefCall, formatValue, shortCode } from '../../../port/show-value.js';
import { entryOf, type CallEntry } from '../../../port/trace-entry.js';
import type { CallRecord } from '../../../port/trace.js';
import type { Result } from '../../../port/objects.js';
import { label, type ObservedObject } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import { DutyBroken, type Evidence } from '../../outcome.js';

/** A shorter text stands in many steps. */
const TELLING = 6;
/** The most steps of the stage that are shown. */
const SETTINGS = 3;

interface Step {
  readonly text: string;
  /** Of a call. */
  readonly call?: CallEntry;
}

export class Steps {
  private readonly steps: Step[] = [];
  /** The steps that set the stage. */
  private stage: readonly Step[] = [];
  private latest: CallRecord | undefined;

  constructor(private readonly ctx: Context) {}

  get all(): readonly string[] {
    return this.steps.map(({ text }) => text);
  }

  /** The call of the last step, where that was one that succeeded. */
  get last(): CallRecord | undefined {
    return this.latest;
  }

  /** Takes the steps so far for the stage, not for steps of the tour. */
  stageIsSet(): void {
    this.stage = [...this.steps];
    this.steps.length = 0;
    this.latest = undefined;
  }

  /** The steps, and before them those of the stage that set the value, of whichever object, which a change lost. */
  leadingTo({ nature, expected }: Evidence = {}): readonly string[] {
    if (nature !== 'unasked-change' || typeof expected !== 'string' || expected.length < TELLING) return this.all;
    const sets = ({ call }: Step): boolean => Object.values(call?.args ?? {}).includes(expected);
    // Of each object the last.
    const settings = new Map(this.stage.filter(sets).map(({ call, text }) => [call?.object, text]));
    return [...[...settings.values()].slice(-SETTINGS).map((text) => `before: ${text}`), ...this.all];
  }

  say(text: string, call?: CallEntry): void {
    this.steps.push({ text, ...(call === undefined ? {} : { call }) });
    this.latest = undefined;
  }

  /** A call, with the result of its operation where that is another than its own answer. */
  called(record: CallRecord, ended = record.hr, how = ''): void {
    this.say(`${how}${this.textOf(record, ended, how !== '')}`, this.entryOf(record));
    if (ended !== undefined && succeeded(ended)) this.latest = record;
  }

  /** Calls that were made one after the other. */
  calledAll(...results: readonly (Result<object> | undefined)[]): void {
    for (const result of results) if (result !== undefined) this.called(result.record);
  }

  /** `IVdsLun::SetMask(unmaskingList: "*") on lun#1 → S_OK`; of calls that overlap with their operations. */
  textOf(record: CallRecord, ended = record.hr, overlaps = false): string {
    const entry = this.entryOf(record);
    if (entry === undefined) return '';
    const answer = entry.hr === undefined ? '' : ` → ${shortCode(entry.hr)}`;
    const { async: operation } = entry.outputs;
    if (overlaps && ended !== undefined && operation !== undefined && operation !== null)
      return `${briefCall(entry)}${answer} async: ${formatValue(operation)}, whose Wait gave ${shortCode(ended)}`;
    return `${briefCall(entry)}${answer}${
      ended === undefined || ended === entry.hr ? '' : `, ended with ${shortCode(ended)}`
    }`;
  }

  private entryOf(record: CallRecord): CallEntry | undefined {
    const entry = entryOf(record, { labels: this.ctx.session.labels, number: 1, began: 0 });
    return entry.type === 'call' ? entry : undefined;
  }

  /** A finding with the steps that led to it, and one that did not end. */
  addTo({ finding }: DutyBroken, ...last: readonly string[]): DutyBroken {
    const { labels } = this.ctx.session;
    const steps = [...this.all, ...last].map((step) => labels.apply(step));
    return new DutyBroken({ ...finding, steps: finding.steps ?? steps });
  }

  /** Of a fault that hits the whole provider there is no object. */
  fault(kind: string, item: Pick<ObservedObject, 'kind' | 'id'> | undefined): void {
    this.say(`fault: ${whatHappens(kind, item === undefined ? 'provider' : label(item))} (${kind})`);
  }

  faultIsOver(): void {
    this.say('the fault is over');
  }
}

/** Whether an error is a finding of the model, so that it can be looked for in a shorter tour. */
export const isFinding = (error: unknown): error is DutyBroken => error instanceof DutyBroken;
