// Settings of a tour on things that are not its own are put back when the check ends.
import { formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import type { Knowledge, SystemState } from '../../../model/index.js';
import { displayName } from '../../../port/show-value.js';
import type { Context } from '../../context.js';
import { Handles } from '../handles.js';
import type { Resolved } from '../resolve.js';

interface Undo {
  /** Whether the provider has taken the setting, so that it must take it back. */
  needed: boolean;
}

export class Undos {
  /** By object and method. */
  private readonly registered = new Map<string, Undo>();

  constructor(private readonly ctx: Context) {}

  /**
   * Registers what puts back the setting that a call is about to change; undefined for a command without an undo. It is
   * registered before the call, which may not return, and once for each object and method; what the provider turns out
   * not to support has set nothing.
   */
  register({ command, item }: Resolved, state: SystemState, knowledge: Knowledge): Undo | undefined {
    if (command.undo === undefined) return undefined;
    const key = `${item.id} ${command.method}`;
    const known = this.registered.get(key);
    if (known !== undefined) return known;
    const undo: Undo = { needed: false };
    this.registered.set(key, undo);
    const args = command.undo(item, state, knowledge);
    const by = command.undoMethod ?? command.method;
    const { ctx } = this;
    ctx.onCleanUp(`put back what ${displayName(command.method)} set`, async () => {
      const object = await new Handles(ctx).forMethod(by, state, item.id);
      if (object === undefined || args === undefined) return;
      let { hr } = await object.call(by, args);
      if (hr === HR.VDS_E_NOT_SUPPORTED && !undo.needed) return;
      const reset = succeeded(hr) ? undefined : command.reset?.(knowledge, args);
      if (reset !== undefined) ({ hr } = await object.call(by, reset));
      if (!succeeded(hr)) throw new Error(`${displayName(by)} answered ${formatHresult(hr)}`);
    });
    return undo;
  }
}
