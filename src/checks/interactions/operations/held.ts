// Operations that have ended, and to which references are held: whatever happens later to their objects, to what they
// made and to other operations changes nothing in how they ended.
import type { Guid } from '../../../contract/guid.js';
import { failed, formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import { method } from '../../../contract/tables.js';
import type { Circumstances, Item, Played, SystemState } from '../../../model/index.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { MAKEABLE, madeBy, type MakeableKind } from '../../../port/made-objects.js';
import type { VdsObject } from '../../../port/objects.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';

/** An operation and how it ended. */
export interface EndedOperation {
  readonly operation: IVdsAsync;
  readonly begunBy: string;
  /** The object on which it was begun. */
  readonly on: Guid;
  /** The code of Wait itself. */
  readonly waited: number;
  /** The result that Wait reported. */
  readonly hr: number;
  /** The object that it made. */
  readonly made?: { readonly id: Guid; readonly kind: MakeableKind };
}

/** A statement of an operation about itself that is not the one it made before. */
interface Contradiction {
  readonly requirement: string;
  readonly problem: string;
  readonly evidence: Evidence;
}

interface Reporter {
  readonly ctx: Context;
  readonly state: SystemState;
  readonly around: Circumstances;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

/** So many are held; those that are dropped are released. */
const MOST = 12;
/** Every so often what Wait hands over is looked at as well. */
const LOOKED_AT = 2;

export class HeldOperations {
  private held: EndedOperation[] = [];
  /** Those of the last step. */
  private fresh: EndedOperation[] = [];
  private turns = 0;

  constructor(private readonly reporter: Reporter) {}

  keep(ended: EndedOperation): void {
    this.fresh.push(ended);
  }

  /** Gives the references back, as before the provider is unloaded. */
  async release(): Promise<void> {
    for (const { operation } of [...this.held.splice(0), ...this.fresh.splice(0)]) await operation.release();
  }

  /**
   * Asks some of them again, after these calls: those of which an object is gone, one of the same object as a call, and
   * one of the others in turn.
   */
  async judge(calls: readonly Played[] = []): Promise<void> {
    const { state, around } = this.reporter;
    if (!around.faulted && around.degraded !== true) {
      this.turns += 1;
      const isGone = ({ on, made }: EndedOperation): boolean =>
        state.get(on) === undefined || (made !== undefined && state.get(made.id) === undefined);
      const [gone, left] = [this.held.filter(isGone), this.held.filter((each) => !isGone(each))];
      const others = new Set([
        ...newestOf(
          left,
          calls.map(({ item }) => item.id),
        ),
        left[this.turns % left.length],
      ]);
      for (const each of [...gone, ...others]) {
        if (each === undefined) continue;
        for (const { requirement, problem, evidence } of await this.ask(each))
          this.reporter.unkept(requirement, problem, evidence);
      }
      for (const { operation } of gone) await operation.release();
      this.held = left;
    }
    this.held.push(...this.fresh.splice(0));
    for (const { operation } of this.held.splice(0, this.held.length - MOST)) await operation.release();
  }

  /**
   * Asks those of these objects while others are under way, which they do not concern. Gives what is wrong, to be
   * reported when all have ended.
   */
  async askMeanwhile(items: readonly Item[]): Promise<readonly Contradiction[]> {
    const found: Contradiction[] = [];
    for (const each of newestOf(
      this.held,
      items.map(({ id }) => id),
    )) {
      found.push(...(await this.askStatus(each, 'while another one is under way')));
      found.push(...(await cancelAgain(each)));
    }
    return found;
  }

  private async ask(ended: EndedOperation): Promise<readonly Contradiction[]> {
    return [
      ...(await this.askStatus(ended, 'after later calls')),
      ...(await this.waitAgain(ended)),
      ...(await cancelAgain(ended)),
    ];
  }

  private async askStatus(
    { operation, begunBy, on, made, hr }: EndedOperation,
    when: string,
  ): Promise<Contradiction[]> {
    const { ctx, state, around } = this.reporter;
    const answer = await operation.queryStatus();
    const told = `QueryStatus of an operation of ${begunBy} that ended with ${formatHresult(hr)}`;
    // Where an object of it is gone, or something is in the way, the call itself may be refused.
    const isGone = [on, made?.id].some((id) => id !== undefined && state.get(id) === undefined);
    if (failed(answer.hr) && (isGone || around.overlapped)) return [];
    ctx.duties.judging('VDS-8.5a');
    if (failed(answer.hr)) return [wrong('VDS-8.5a', `${told} answers ${formatHresult(answer.hr)} ${when}`, answer)];
    const result = ctx.duties.output('VDS-8.5a', answer, 'hrResult');
    return result === hr || (succeeded(result) && succeeded(hr))
      ? []
      : [wrong('VDS-8.5a', `${told} reports ${formatHresult(result)} ${when}`, answer)];
  }

  private async waitAgain(ended: EndedOperation): Promise<Contradiction[]> {
    const { operation, begunBy, made, waited, hr } = ended;
    const again = await operation.wait();
    const result = succeeded(again.hr) ? this.reporter.ctx.duties.output('VDS-8.2', again, 'hrResult') : again.hr;
    const handed = madeBy(again);
    const told = `Wait on an operation of ${begunBy}, asked again after later calls,`;
    const answers =
      `answers ${formatHresult(again.hr)}` + (succeeded(again.hr) ? ` with the result ${formatHresult(result)}` : '');
    const found: Contradiction[] = [];
    this.reporter.ctx.duties.judging('VDS-8.3b', failed(result) ? 'VDS-8.3d' : 'VDS-8.4a');
    if (again.hr !== waited || (succeeded(again.hr) && result !== hr))
      found.push(
        wrong('VDS-8.3b', `${told} ${answers}, and the first time the result was ${formatHresult(hr)}`, again),
      );
    if (failed(result) && handed !== null)
      found.push(wrong('VDS-8.3d', `${told} ${answers}, and hands over an object`, again));
    // A caller of two successes takes what is handed over, and releases it, without asking whether it is there.
    if (succeeded(result) && made !== undefined && handed === null)
      found.push(wrong('VDS-8.4a', `${told} ${answers}, and hands over NULL for what it made`, again));
    if (handed !== null && made !== undefined && this.turns % LOOKED_AT === 0)
      found.push(...(await this.lookAt(handed, made, told)));
    await handed?.release();
    return found;
  }

  /** The object that was handed over again is the one that was made, or a reference to what is gone. */
  private async lookAt(
    handed: VdsObject,
    { id, kind }: NonNullable<EndedOperation['made']>,
    told: string,
  ): Promise<Contradiction[]> {
    const { interfaceName } = MAKEABLE[kind];
    const getter = method(`${interfaceName}.GetProperties`);
    this.reporter.ctx.duties.judging('VDS-8.3c');
    const object = await handed.as(interfaceName);
    if (object === null) return [wrong('VDS-8.4a', `${told} hands over an object without ${interfaceName}`, {})];
    const result = await object.call(getter.fullName, {});
    await object.release();
    const properties = result.out[getter.outs[0]?.name ?? ''] as { readonly id?: unknown } | undefined;
    if (succeeded(result.hr) && properties?.id !== id)
      return [wrong('VDS-8.3c', `${told} hands over ${String(properties?.id)}, and the operation made ${id}`, result)];
    const isGone = this.reporter.state.get(id) === undefined;
    if (isGone === (result.hr === HR.VDS_E_OBJECT_DELETED)) return [];
    const answers = `answers ${formatHresult(result.hr)}`;
    return [
      isGone
        ? wrong('VDS-7.1a', `${told} hands over ${id}, which is gone and ${answers}`, result)
        : wrong('VDS-8.3c', `${told} hands over an object that ${answers}, and ${id}, which it made, is there`, result),
    ];
  }
}

const wrong = (requirement: string, problem: string, evidence: Evidence): Contradiction => ({
  requirement,
  problem,
  evidence,
});

/** It is too late to cancel it. */
async function cancelAgain({ operation, begunBy }: EndedOperation): Promise<Contradiction[]> {
  const answer = await operation.cancel();
  return failed(answer.hr)
    ? []
    : [wrong('VDS-8.7a', `Cancel of an operation of ${begunBy} that has ended succeeds`, answer)];
}

/** Of each of these objects the operation that ended last. */
const newestOf = (all: readonly EndedOperation[], ids: readonly Guid[]): readonly EndedOperation[] =>
  [...new Set(ids)].flatMap((id) => all.findLast(({ on }) => on === id) ?? []);
