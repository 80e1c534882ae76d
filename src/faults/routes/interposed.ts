// The interposed route: what passes between harness and provider is changed on its way, by the transport's own means.
// It tests the harness and the gateway, and yields no verdict about the provider.
import { TRANSPORT_FAULTS, type TransportFault, type TransportFaults } from '../../port/port.js';
import type { FaultKind } from '../kinds.js';
import type { FaultRequest, InjectedFault, NotInjected, Route } from './route.js';

const isTransportFault = (kind: FaultKind): kind is TransportFault =>
  (TRANSPORT_FAULTS as readonly string[]).includes(kind);

export class InterposedRoute implements Route {
  readonly name = 'interposed';

  constructor(private readonly transport: TransportFaults) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    return new Set<FaultKind>(TRANSPORT_FAULTS);
  }

  async inject({ kind }: FaultRequest): Promise<InjectedFault | NotInjected> {
    if (!isTransportFault(kind)) return { reason: `a transport cannot make ${kind}` };
    const spoilt = await this.transport.spoil(kind);
    return {
      kind,
      route: this.name,
      proof: JSON.stringify({ kind, where: 'the next answer', before: 'passes as it is', after: kind }),
      struck: () => spoilt.struck(),
      heal: () => spoilt.stop(),
    };
  }

  async truth(): Promise<undefined> {
    return undefined;
  }
}
