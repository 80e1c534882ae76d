// The api route: the provider's own methods, which every provider has. It proves least, as the provider knows at once
// what was done, and it is the only route that needs nothing from the provider or the lab.
import { succeeded, formatHresult, HR } from '../../contract/hresult.js';
import type { IVdsAsync, IVdsProviderPrivate } from '../../port/generated/typed.js';
import { MAKEABLE } from '../../port/made-objects.js';
import { VdsObject } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import type { FaultKind } from '../kinds.js';
import type { FaultRequest, InjectedFault, NotInjected, Route } from './route.js';

export class ApiRoute implements Route {
  readonly name = 'api';

  constructor(private readonly provider: IVdsProviderPrivate) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    return new Set<FaultKind>(['delete-object']);
  }

  /**
   * Deletes a LUN, target or portal group by a reference of its own, so that the check's references are those of a
   * caller that was not notified.
   */
  async inject(request: FaultRequest): Promise<InjectedFault | NotInjected> {
    for (const { name, type, interfaceName, delete: method } of Object.values(MAKEABLE)) {
      const object = await this.find(request.object, type);
      const typed = await object?.as(interfaceName);
      if (typed === undefined || typed === null) continue;
      const { hr, out } = await typed.call(method, {});
      if (!succeeded(hr)) return { reason: `${displayName(method)} answered ${formatHresult(hr)}` };
      if (out['async'] instanceof VdsObject) {
        const waited = await (out['async'] as IVdsAsync).wait();
        if (waited.out.hrResult !== HR.S_OK)
          return {
            reason:
              `${displayName(method)} ended with ` +
              `${typeof waited.out.hrResult === 'number' ? formatHresult(waited.out.hrResult) : 'no result'}`,
          };
      }
      if ((await this.find(request.object, type)) !== null)
        return { reason: `${displayName(method)} answered success, and the ${name} is still there` };
      return {
        kind: request.kind,
        route: this.name,
        proof: JSON.stringify({
          kind: request.kind,
          object: request.object,
          where: displayName(method),
          before: 'present',
          after: 'absent',
        }),
        heal: async () => {},
      };
    }
    return { reason: 'the provider has no method that deletes this object' };
  }

  async truth(): Promise<undefined> {
    return undefined;
  }

  private async find(objectId: string, type: number): Promise<VdsObject | null> {
    const { hr, out } = await this.provider.getObject({ objectId, type });
    return succeeded(hr) && out.objectUnk instanceof VdsObject ? out.objectUnk : null;
  }
}
