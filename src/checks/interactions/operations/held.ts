// Operations that have ended and made something, and to which a reference is held: that what they made is deleted
// changes nothing in how they ended.
import { UNTOUCHED } from '../../../contract/codec.js';
import type { Guid } from '../../../contract/guid.js';
import { formatHresult } from '../../../contract/hresult.js';
import type { Played } from '../../../model/index.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { madeBy, type Waited } from '../../../port/made-objects.js';
import type { Evidence } from '../../outcome.js';

/** An operation and how it ended. */
interface EndedOperation {
  readonly operation: IVdsAsync;
  readonly waited: Waited;
  readonly hr: number;
  /** The object that it made. */
  readonly id: Guid;
}

/** So many are held. */
const MOST = 6;

export class HeldOperations {
  private held: EndedOperation[] = [];

  constructor(private readonly reporter: { unkept(requirement: string, problem: string, evidence?: Evidence): void }) {}

  keep(ended: EndedOperation): void {
    this.held = [...this.held, ended].slice(-MOST);
  }

  /** Gives the references back, as before the provider is unloaded. */
  async release(): Promise<void> {
    for (const { operation } of this.held.splice(0)) await operation.release();
  }

  /** Those of which a call has deleted what they made are asked once more. */
  async judge(calls: readonly Played[]): Promise<void> {
    const deleted = new Set(
      calls.flatMap(({ command, item, outcome }) =>
        outcome.done && command.method.endsWith('.Delete') ? [item.id] : [],
      ),
    );
    const left = this.held.filter(({ id }) => deleted.has(id));
    this.held = this.held.filter((each) => !left.includes(each));
    for (const { operation, waited, hr } of left) {
      const again = await operation.wait();
      const result = again.out.hrResult === UNTOUCHED ? undefined : again.out.hrResult;
      const told = result === undefined ? 'without a result' : `with the result ${formatHresult(result ?? 0)}`;
      if (again.hr !== waited.hr || result !== hr)
        this.reporter.unkept(
          'VDS-8.3b',
          `once what its operation made is deleted, Wait answers ${formatHresult(again.hr)} ${told}, and answered ` +
            `${formatHresult(waited.hr)} with ${formatHresult(hr)}`,
          again,
        );
      await madeBy(again)?.release();
    }
  }
}
