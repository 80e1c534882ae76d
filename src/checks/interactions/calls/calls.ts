// Makes the calls of a tour: begins one, makes it again where the provider is busy, waits for the operation that it
// started, and takes what was made.
import { failed, formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import { method } from '../../../contract/tables.js';
import { untilNotBusy } from '../../../faults/recover.js';
import type { Circumstances, Knowledge, Outcome, Played, SystemState } from '../../../model/index.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { madeBy } from '../../../port/made-objects.js';
import { VdsObject, type Result } from '../../../port/objects.js';
import { displayName } from '../../../port/show-value.js';
import type { CallRecord } from '../../../port/trace.js';
import type { Context } from '../../context.js';
import { propertiesOf } from '../../devices.js';
import { judgedStatus } from '../../operations.js';
import type { Evidence } from '../../outcome.js';
import { OutsideScope } from '../../../lab/wall.js';
import { beyondCount } from './beyond-count.js';
import { handsOutNothing, judgeEnded } from '../laws/call-laws.js';
import type { HeldOperations } from '../operations/held.js';
import type { Handles } from '../handles.js';
import { madeKind, type MadeKind, type Resolved } from '../resolve.js';
import { isFinding, type Steps } from './steps.js';
import { BUSY, Undos } from './undo.js';

/** How often a call is made again that was refused for want of memory. */
const TRIES = 3;
/** Of every so many operations the object is let go of while they are under way. */
const LET_GO = 6;

type Answer = Result<Record<string, unknown>>;

/** The surroundings of a call: the state of the system, what is known of it, and what is going on around. */
interface Scene {
  readonly ctx: Context;
  readonly knowledge: Knowledge;
  readonly handles: Handles;
  readonly steps: Steps;
  readonly state: SystemState;
  readonly around: Circumstances;
  readonly operations: HeldOperations;
}

/** A call that has begun. */
export interface Begun {
  readonly resolved: Resolved;
  readonly started: Answer;
}

/** A call that has ended. */
export interface Ended extends Played {
  readonly evidence: Evidence;
  /** The call itself, of which the evidence may be what ended its operation. */
  readonly record: CallRecord;
}

/** Makes a call, again where what refuses it passes; not where that is what the step is about. */
export async function insist(
  { ctx, around }: Pick<Scene, 'ctx' | 'around'>,
  name: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  if (around.overlapped || around.faulted) return call();
  const ask = (): Promise<Answer> => untilNotBusy(call, BUSY);
  let answer = await ask();
  if (answer.hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT) {
    ctx.note(`${displayName(name)} answered ${formatHresult(answer.hr)} although nothing damaged the cache`);
    await ctx.faults.recover();
    answer = await ask();
  }
  for (let i = 0; i < TRIES && answer.hr === HR.E_OUTOFMEMORY; i++) answer = await ask();
  return answer;
}

/** Makes the calls of a player. */
export class Calls {
  private isLonger = false;
  private waits = 0;
  private readonly undos: Undos;

  constructor(private readonly scene: Scene) {
    this.undos = new Undos(scene.ctx);
  }

  /**
   * Makes the call of a request; undefined where the object lacks the interface for it, or where the call is held back
   * because it reaches outside the scope of the run.
   */
  async start(resolved: Resolved): Promise<Begun | undefined> {
    const { command, item } = resolved;
    const { handles, state, knowledge } = this.scene;
    const object = await handles.forMethod(command.method, state, item.id);
    if (object === undefined) {
      knowledge.lacks(command.name);
      return undefined;
    }
    const undo = this.undos.register(resolved, state, knowledge);
    const args = this.argumentsOf(resolved);
    const started = await insist(this.scene, command.method, () => object.call(command.method, args)).catch((error) => {
      if (!(error instanceof OutsideScope)) throw error;
      if (undo !== undefined) undo.heldBack = true;
      this.scene.ctx.note(`held back: ${error.message}`);
      return undefined;
    });
    if (started === undefined) return undefined;
    if (undo !== undefined && succeeded(started.hr)) undo.needed = true;
    return { resolved, started };
  }

  /** As the request says; every second time its lists are longer than their counts. */
  private argumentsOf({ command, request }: Resolved): Readonly<Record<string, unknown>> {
    const { state, knowledge } = this.scene;
    this.isLonger = !this.isLonger;
    return this.isLonger
      ? beyondCount(command.method, request.args, state, (item) => knowledge.mayUse(item))
      : request.args;
  }

  /** Waits for what a call started, looks at both results, and takes what was made. */
  async end(begun: Begun): Promise<Ended> {
    try {
      return await this.ended(begun);
    } catch (error) {
      const { steps } = this.scene;
      throw isFinding(error) ? steps.addTo(error, steps.textOf(begun.started.record)) : error;
    }
  }

  private async ended({ resolved, started }: Begun): Promise<Ended> {
    const { command, item, subSystem, request } = resolved;
    const { ctx, around } = this.scene;
    const played = { command, item, subSystem, request, record: started.record };
    ctx.duties.permitted('VDS-0.2a', started, 'to a call of the model');
    handsOutNothing(ctx, started);
    if (!succeeded(started.hr) || !method(command.method).outs.some((o) => o.name === 'async'))
      return { ...played, outcome: { hr: started.hr, done: succeeded(started.hr) }, evidence: started };
    const operation = ctx.duties.output('VDS-8.1b', started as Result<{ async: IVdsAsync | null }>, 'async');
    const makes = madeKind(command);
    if (!around.faulted) await judgedStatus(ctx, await operation.queryStatus());
    this.waits += 1;
    // An operation does not go with the references to its object.
    if (this.waits % LET_GO === 0 && !around.overlapped && !around.faulted) {
      ctx.duties.judging('VDS-8.3a');
      await this.scene.handles.letGoOf(item.id);
    }
    const waited = await operation.wait();
    ctx.duties.ok('VDS-8.2', waited);
    const hr = ctx.duties.output('VDS-8.2', waited, 'hrResult');
    const done = succeeded(hr);
    const unknown = madeBy(waited);
    if (!around.faulted)
      await judgeEnded(ctx, operation, waited, hr, {
        method: command.method,
        makes: command.refusal === undefined ? makes?.kind : undefined,
      });
    const ended = { operation, begunBy: displayName(command.method), on: item.id, waited: waited.hr, hr };
    if (!done || makes === undefined || command.refusal !== undefined) {
      this.scene.operations.keep(ended);
      return { ...played, outcome: { hr: done ? started.hr : hr, done }, evidence: waited };
    }
    if (unknown === null)
      return ctx.duties.broken(
        'VDS-8.4a',
        `${displayName(command.method)} succeeded without handing over what it made`,
        waited,
      );
    const outcome = await this.made(unknown, makes, hr === HR.VDS_S_ALREADY_EXISTS ? hr : started.hr);
    this.scene.operations.keep({
      ...ended,
      ...(outcome.made === undefined ? {} : { made: { id: outcome.made, kind: makes.kind } }),
    });
    return { ...played, outcome, evidence: waited };
  }

  private async made(unknown: VdsObject, { kind, as }: MadeKind, hr: number): Promise<Outcome> {
    const { ctx, knowledge, handles, state, around } = this.scene;
    const object = await unknown.as(as);
    if (object === null) return ctx.duties.broken('VDS-8.4a', `what was handed over has no ${as}`);
    // Another call that was under way may have deleted it by now, with what contains it.
    if (around.overlapped && (await codeOf(object)) === HR.VDS_E_OBJECT_DELETED) return { hr, done: true };
    // One that was there before may be what is damaged.
    if (around.faulted && hr === HR.VDS_S_ALREADY_EXISTS && failed(await codeOf(object))) return { hr, done: true };
    const { id } = await propertiesOf(ctx, object, 'VDS-8.4a');
    const isNew = state.get(id) === undefined;
    // Another call that was under way may have made it meanwhile.
    if (hr === HR.VDS_S_ALREADY_EXISTS && (!isNew || knowledge.own.has(id))) return { hr, done: true, made: id };
    if (!isNew) ctx.duties.broken('VDS-4.1a', `the operation handed over ${id} as new, which was there before`);
    if (knowledge.own.has(id))
      ctx.duties.broken('VDS-4.1a', `two operations handed over one object, ${id}, each as what it had made`);
    knowledge.own.add(id);
    ctx.make.deleteOnCleanUp(id, kind);
    handles.keep(id, object);
    return { hr, done: true, made: id };
  }
}

/** The code with which GetProperties of an object answers. */
const codeOf = async (object: VdsObject): Promise<number> =>
  (await object.call(method(`${object.interfaceName}.GetProperties`).fullName, {})).hr;
