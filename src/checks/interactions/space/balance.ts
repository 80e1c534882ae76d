// Holds the system to the conservation of space: at each reading of everything, and when a stage is struck, by when
// what was made on it has given back all that it took.
import {
  Conservation,
  Layout,
  Mirrors,
  useOf,
  type Circumstances,
  type Imbalance,
  type Played,
  type SystemState,
} from '../../../model/index.js';
import { label } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import type { Steps } from '../calls/steps.js';
import { roomIn, type Asker } from './reported-room.js';

/** Whoever makes the changes, and reports what is wrong with them. */
interface Accountable extends Asker {
  readonly ctx: Context;
  readonly around: Circumstances;
  readonly steps: Steps;
  observe(): Promise<SystemState>;
  unkept(requirement: string, problem: string): void;
}

export class Balance {
  private readonly conservation = new Conservation();
  private readonly layout = new Layout();
  private readonly mirrors = new Mirrors();

  /** Whether a change took or gave space since the stage was set. */
  private isMoved = false;

  constructor(private readonly player: Accountable) {}

  /** A change was carried out. */
  account({ command: { touches, method }, item }: Played): void {
    if (touches.includes('space')) this.isMoved = true;
    if (method === 'IVdsLun.AddPlex') this.mirrors.added(item.id);
    if (method === 'IVdsLun.Extend') this.conservation.grew(item.id);
  }

  /** The stage is set, and what follows is to be judged. */
  begin(): void {
    this.isMoved = false;
  }

  /** The stage is struck: the objects that were made have given back all that they took. */
  async judgeStruck(): Promise<void> {
    const { ctx, knowledge, steps } = this.player;
    if (!this.isMoved || ctx.session.broken !== undefined) return;
    steps.say('what was made is deleted');
    await this.judgeRoom(knowledge.withoutMoving(await this.player.observe()));
  }

  /** Weighs what calls have changed between two states that were read whole: from where they took, and left, space. */
  async judgeChange(before: SystemState, calls: readonly Played[], after: SystemState): Promise<void> {
    const weigh = (known: SystemState): Promise<readonly Imbalance[]> =>
      Promise.resolve(this.layout.weigh(before, calls, known));
    await this.hold(after, weigh, () => this.player.observe());
    this.layout.learn(before, calls, after);
  }

  /** Weighs a state that was read whole. */
  async judge(state: SystemState): Promise<void> {
    await this.hold(state, (known) => Promise.resolve(this.weighSpace(known)));
    if (this.mirrors.areIn(state)) this.player.ctx.duties.judging('VDS-10.8d');
    await this.holdAlways(state, (known) => Promise.resolve(this.mirrors.weigh(known)));
  }

  /** Takes a state for granted, and weighs it with the room that the subsystems report. */
  async start(state: SystemState): Promise<void> {
    this.meet(state);
    await this.judgeRoom(state);
  }

  /** Takes for granted where things lie in a state: objects may have other ids than before. */
  meet(state: SystemState): void {
    this.mirrors.begin(state);
  }

  /** Weighs the room that the subsystems report as well. */
  private async judgeRoom(state: SystemState): Promise<void> {
    await this.hold(state, async (known) => [...this.weighSpace(known), ...(await this.weighRoom(known))]);
  }

  private weighSpace(state: SystemState): readonly Imbalance[] {
    return this.conservation.weigh(state, (lun) => this.player.knowledge.own.has(lun));
  }

  private async weighRoom(state: SystemState): Promise<readonly Imbalance[]> {
    const use = useOf(state);
    if (use === undefined) return [];
    const found: Imbalance[] = [];
    for (const subSystem of state.ofKind('IVdsSubSystem').filter((s) => this.player.knowledge.mayUse(s)))
      for (const [type, size] of await roomIn(this.player, subSystem.id))
        found.push(
          ...this.conservation.weighRoom(`QueryMaxLunCreateSize of the ${label(subSystem)} for ${type}`, use, size),
        );
    return found;
  }

  /** An imbalance must still be there after a recovery: a cache may show it no earlier. */
  private async holdAlways(
    state: SystemState,
    weigh: (known: SystemState) => Promise<readonly Imbalance[]>,
    look = async (): Promise<SystemState> => this.player.knowledge.withoutMoving(await this.player.observe()),
  ): Promise<void> {
    const { player } = this;
    if ((await weigh(state)).length === 0) return;
    await player.ctx.faults.recover();
    const again = await look();
    for (const { requirement, problem } of await weigh(again)) player.unkept(requirement, problem);
  }

  /** The same of what holds only while nothing is wrong. */
  private async hold(...held: Parameters<Balance['holdAlways']>): Promise<void> {
    const { faulted, degraded } = this.player.around;
    if (!faulted && degraded !== true) await this.holdAlways(...held);
  }
}
