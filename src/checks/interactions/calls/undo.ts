// Settings of a tour on things that are not its own are put back when the check ends.
import { formatHresult, succeeded } from '../../../contract/hresult.js';
import { untilNotBusy } from '../../../faults/recover.js';
import type { Knowledge, SystemState } from '../../../model/index.js';
import { displayName } from '../../../port/show-value.js';
import type { Context } from '../../context.js';
import { leaveWays } from '../../equipment.js';
import { Handles } from '../handles.js';
import type { Resolved } from '../resolve.js';

/** How long, in milliseconds, a call is made again that was refused because another one is under way. */
export const BUSY = 2_000;

interface Undo {
  /** Whether the provider has taken the setting, so that it must take it back. */
  needed: boolean;
  /** Whether the call that was to set it did not reach the provider. */
  heldBack: boolean;
}

export class Undos {
  /** By object and method. */
  private readonly registered = new Map<string, Undo>();
  /** Before the first setting: later states may have what others brought about, as portals go with a controller. */
  private initial: SystemState | undefined;

  /** Those that were refused, and may be taken once others are put back: a portal's status after its controller's. */
  private readonly refused: (() => Promise<string | undefined>)[] = [];

  constructor(private readonly ctx: Context) {}

  /**
   * Registers what puts back the setting that a call is about to change; undefined for a command without an undo. It is
   * registered before the call, which may not return, and once for each object and method; what the provider refused
   * has set nothing, and may be refused again: a drive may have failed before.
   */
  register({ command, item }: Resolved, state: SystemState, knowledge: Knowledge): Undo | undefined {
    if (command.undo === undefined) return undefined;
    const key = `${item.id} ${command.method}`;
    const known = this.registered.get(key);
    if (known !== undefined) return known;
    const undo: Undo = { needed: false, heldBack: false };
    this.registered.set(key, undo);
    this.initial ??= state;
    const was = this.initial.get(item.id);
    const initially = was === undefined ? undefined : command.undo(was, this.initial, knowledge);
    // What another method undoes was either so at first, or there is nothing to put back.
    const isMoot = was !== undefined && command.undoMethod !== undefined;
    const args = initially ?? (isMoot ? undefined : command.undo(item, state, knowledge));
    const by = command.undoMethod ?? command.method;
    const { ctx } = this;
    if (command.method.endsWith('Status')) leaveWays(ctx, command.on);
    const putBack = async (): Promise<string | undefined> => {
      if (undo.heldBack && !undo.needed) return undefined;
      const object = await new Handles(ctx).forMethod(by, state, item.id);
      if (object === undefined || args === undefined) return undefined;
      const ask = async (given: typeof args): Promise<number> =>
        (await untilNotBusy(() => object.call(by, given), undo.needed ? BUSY : 0)).hr;
      let hr = await ask(args);
      if (!undo.needed) return undefined;
      const reset = succeeded(hr) ? undefined : command.reset?.(knowledge, args);
      if (reset !== undefined) hr = await ask(reset);
      return succeeded(hr) ? undefined : `${displayName(by)} answered ${formatHresult(hr)}`;
    };
    // Clean-up goes backwards.
    const isLast = this.registered.size === 1;
    ctx.onCleanUp(`put back what ${displayName(command.method)} set`, async () => {
      const problems: string[] = [];
      for (const each of [putBack, ...this.refused.splice(0)]) {
        const problem = await each();
        if (problem === undefined) continue;
        this.refused.push(each);
        problems.push(problem);
      }
      if (isLast && problems[0] !== undefined) throw new Error(problems[0]);
    });
    return undo;
  }
}
