// References that outlive their provider object: no page says what they answer, so that any permitted failure will do.
// They must neither crash nor speak of anything that is not, and can be released.
import { succeeded } from '../../../contract/hresult.js';
import { method } from '../../../contract/tables.js';
import type { SystemState } from '../../../model/index.js';
import type { VdsObject } from '../../../port/objects.js';
import { displayName, formatValue } from '../../../port/show-value.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';

interface Reporter {
  readonly ctx: Context;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

export class Outliving {
  constructor(
    private readonly reporter: Reporter,
    private readonly objects: readonly VdsObject[],
  ) {}

  /** Asks each what it is; one that answers is an object of one of these states. */
  async judge(when: string, ...states: readonly SystemState[]): Promise<void> {
    for (const object of this.objects) {
      const getter = method(`${object.interfaceName}.GetProperties`);
      const result = await object.call(getter.fullName, {});
      this.reporter.ctx.duties.permitted('VDS-0.2a', result, when);
      const properties = result.out[getter.outs[0]?.name ?? ''];
      if (!succeeded(result.hr) || typeof properties !== 'object' || properties === null) continue;
      const { id } = properties as Readonly<Record<string, unknown>>;
      if (!states.some((state) => state.ofKind(object.interfaceName as never).some((item) => item.id === id)))
        this.reporter.unkept(
          'VDS-4.1a',
          `${displayName(getter.fullName)} ${when} reports the id ` +
            `${formatValue(id)}, which no object of the kind has or had`,
          result,
        );
    }
  }

  /** Gives the references back. */
  async release(): Promise<void> {
    for (const object of this.objects) await object.release();
  }
}
