// Maintenance operations that run beside a tour: each runs until it is stopped or pulsed, whatever else is done to its
// device, or happens to it and is mended. No getter reports them, so that one is stopped to see whether it ran, and
// then started again.
import { VDS_MAINTENANCE_OPERATION as OP } from '../../../contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../../../contract/generated/objects.js';
import type { Guid } from '../../../contract/guid.js';
import { HR } from '../../../contract/hresult.js';
import { OutsideScope } from '../../../lab/wall.js';
import {
  drivesUnder,
  type Circumstances,
  type Item,
  type Kind,
  type Knowledge,
  type Played,
  type SystemState,
} from '../../../model/index.js';
import { nameIn } from '../../../port/show-value.js';
import { label } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import { Handles } from '../handles.js';
import type { Evidence } from '../../outcome.js';

const START = 'IVdsMaintenance.StartMaintenance';
const STOP = 'IVdsMaintenance.StopMaintenance';

/** Operations that do no harm; the first that a device supports is started. */
const HARMLESS: readonly number[] = [OP.BlinkLight, OP.Ping];

/** The kinds of device that may have the interface. */
const KINDS = (Object.keys(DEVICE_KINDS) as Kind[]).filter((kind) =>
  DEVICE_KINDS[kind].interfaces.some(({ name }) => name === 'IVdsMaintenance'),
);

/** Methods after which a device begins anew. */
const RESTARTS = /\.Reset$/;

interface Accountable {
  readonly ctx: Context;
  readonly knowledge: Knowledge;
  readonly handles: Handles;
  readonly state: SystemState;
  readonly around: Circumstances;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

export class Maintenance {
  /** By device the operation that runs. */
  private readonly running = new Map<Guid, number>();
  /** Devices to which something was done since they were last looked at. */
  private readonly concerned = new Set<Guid>();
  /** Devices that were reset since theirs was started. */
  private readonly restarted = new Set<Guid>();
  /** Kinds of device that support none. */
  private readonly lacking = new Set<Kind>();
  private turns = 0;

  constructor(private readonly player: Accountable) {}

  /** Something is about to be done to an object: an operation is to run then on it, or on the drives of a LUN. */
  async concern(item: Item): Promise<void> {
    const drives = item.kind === 'IVdsLun' ? drivesUnder(this.player.state, item.id) : [];
    for (const device of [item, ...drives])
      if (KINDS.includes(device.kind) && (this.running.has(device.id) || (await this.start(device))))
        this.concerned.add(device.id);
  }

  /** Starts one on a device of each kind in each subsystem. */
  private async begin(): Promise<void> {
    const { state } = this.player;
    for (const kind of KINDS) {
      const begun = new Set<Guid | undefined>();
      for (const item of state.ofKind(kind)) {
        const subSystem = state.subSystemOf(item.id);
        if (!begun.has(subSystem) && (await this.start(item))) begun.add(subSystem);
      }
    }
  }

  /** Starts the first operation that a device supports; gives whether one runs. */
  private async start(item: Item): Promise<boolean> {
    const { ctx, handles, knowledge, state, around } = this.player;
    if (this.lacking.has(item.kind) || around.faulted || around.degraded === true || !knowledge.mayUse(item))
      return false;
    const object = await handles.forMethod(START, state, item.id);
    let supported = false;
    for (const operation of object === undefined ? [] : HARMLESS) {
      const hr = await object?.call(START, { operation }).then(
        (answer) => answer.hr,
        (error: unknown) => {
          if (error instanceof OutsideScope) return HR.VDS_E_NOT_SUPPORTED;
          throw error;
        },
      );
      supported ||= hr !== HR.VDS_E_NOT_SUPPORTED;
      if (hr !== HR.S_OK) continue;
      this.running.set(item.id, operation);
      this.restarted.delete(item.id);
      ctx.onCleanUp('stop a maintenance operation', async () => {
        if (this.running.delete(item.id))
          await (await new Handles(ctx).forMethod(STOP, state, item.id))?.call(STOP, { operation });
      });
      return true;
    }
    if (!supported) this.lacking.add(item.kind);
    return false;
  }

  /** A call was answered: it may have started or ended an operation, or the device may do so by itself. */
  account({ command, item, request, outcome }: Played, around: Circumstances): void {
    if (!command.touches.includes('maintenance')) {
      if (command.touches.includes('status')) this.forget(item);
      else if (outcome.done && RESTARTS.test(command.method)) this.restarted.add(item.id);
      return;
    }
    const { operation } = request.args;
    if (!outcome.done || this.running.get(item.id) !== operation || command.method === START) return;
    this.running.delete(item.id);
    if (outcome.hr === HR.S_FALSE && !around.faulted && !around.overlapped) this.report(item, Number(operation));
  }

  /** It is not known any more what runs on a device, and on the devices in it; on any unless given. */
  forget(item?: Pick<Item, 'id'>): void {
    const { state } = this.player;
    for (const id of this.running.keys())
      if (item === undefined || id === item.id || state.subSystemOf(id) === item.id) this.running.delete(id);
  }

  /** Looks at those devices to which something was done, and at one of the others in turn. */
  async judge(): Promise<void> {
    const { around } = this.player;
    if (around.faulted || around.degraded === true) return;
    if (this.running.size === 0) return this.begin();
    const all = [...this.running.keys()];
    const looked = new Set([...this.concerned, ...all.slice(this.turns++ % all.length).slice(0, 1)]);
    this.concerned.clear();
    for (const id of looked) await this.lookAt(id);
  }

  /** Looks at those devices that were reset, before something else ends what ran on them. */
  async judgeRestarted(): Promise<void> {
    for (const id of this.restarted) if (this.running.has(id)) await this.lookAt(id);
    this.restarted.clear();
  }

  private async lookAt(id: Guid): Promise<void> {
    await this.stop(id);
    const item = this.player.state.get(id);
    if (item !== undefined) await this.start(item);
  }

  /** Stops all of them: each ran until then. */
  async end(): Promise<void> {
    for (const id of this.running.keys()) await this.stop(id);
  }

  private async stop(id: Guid): Promise<void> {
    const { ctx, handles, state, around } = this.player;
    const item = state.get(id);
    const operation = this.running.get(id);
    this.running.delete(id);
    if (item === undefined || operation === undefined) return;
    const stopped = await (await handles.forMethod(STOP, state, id))?.call(STOP, { operation });
    if (stopped === undefined || around.faulted || around.degraded === true) return;
    ctx.duties.judging(this.restarted.has(id) ? 'VDS-10.17d' : 'VDS-10.17');
    if (stopped.hr === HR.S_FALSE) this.report(item, operation, stopped);
  }

  private report(item: Item, operation: number, evidence?: Evidence): void {
    const wasReset = this.restarted.has(item.id);
    this.player.unkept(
      wasReset ? 'VDS-10.17d' : 'VDS-10.17',
      `${nameIn('VDS_MAINTENANCE_OPERATION', operation)}, which was started on ${label(item)} and has been neither ` +
        `stopped nor pulsed since, ${wasReset ? 'only reset, ' : ''}did not run any more when it was stopped or pulsed`,
      evidence,
    );
  }
}
