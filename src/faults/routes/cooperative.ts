// The cooperative route: IVdsConformanceControl, which a provider may offer to test tools (docs/control-interface.md).
import { UNTOUCHED } from '../../contract/codec.js';
import { failed, formatHresult } from '../../contract/hresult.js';
import { ConfigurationError } from '../../port/errors.js';
import type { IVdsConformanceControl } from '../../port/generated/typed.js';
import { parseTruth, type Inventory } from '../../truth/inventory.js';
import { CONTROLLED, FAULT_KINDS, isControlled, type FaultKind } from '../kinds.js';
import { newObjectOf, type FaultRequest, type InjectedFault, type NotInjected, type Route } from './route.js';

/** Through IVdsConformanceControl, which a provider may offer to test tools. */
export class CooperativeRoute implements Route {
  readonly name = 'cooperative';
  private known: ReadonlySet<FaultKind> | undefined;
  /** The truth read last. It is the same more often than not, and to parse it costs more than to read it. */
  private last: { readonly json: string; readonly truth: Inventory } | undefined;

  constructor(private readonly control: IVdsConformanceControl) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    if (this.known === undefined) {
      const result = await this.control.queryFaults();
      const mask = typeof result.out.faultKinds === 'number' && !failed(result.hr) ? result.out.faultKinds : 0;
      this.known = new Set(CONTROLLED.filter((k) => mask & (1 << FAULT_KINDS[k].controlValue)));
    }
    return this.known;
  }

  async inject(request: FaultRequest): Promise<InjectedFault | NotInjected> {
    const { kind } = request;
    if (!isControlled(kind)) return { reason: `IVdsConformanceControl has no kind for ${kind}` };
    const result = await this.control.inject({
      kind: FAULT_KINDS[kind].controlValue,
      objectId: request.object,
      notify: request.notify === true,
    });
    const { faultId, proof } = result.out;
    if (failed(result.hr)) return { reason: `IVdsConformanceControl::Inject answered ${formatHresult(result.hr)}` };
    if (typeof faultId !== 'number' || typeof proof !== 'string' || proof === '')
      return { reason: 'IVdsConformanceControl::Inject gave no proof' };
    const newObject = newObjectOf(proof);
    return {
      kind,
      route: this.name,
      proof,
      ...(newObject === undefined ? {} : { newObject }),
      heal: async () => {
        const healed = await this.control.heal({ faultId });
        if (failed(healed.hr))
          throw new ConfigurationError(
            `IVdsConformanceControl::Heal answered ${formatHresult(healed.hr)}: the system under test may still be ` +
              'faulty',
          );
      },
    };
  }

  async truth(): Promise<Inventory | undefined> {
    const result = await this.control.readTruth();
    const json = result.out.truth;
    if (failed(result.hr) || json === UNTOUCHED || json === null) return undefined;
    if (this.last?.json !== json) this.last = { json, truth: parseTruth(json) };
    return this.last.truth;
  }
}
