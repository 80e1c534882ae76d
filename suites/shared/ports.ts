// The controller ports of a subsystem that are objects.
import { type Context, controllersOf, type IVdsControllerPort } from '../../src/checks/index.js';
import { counted, type VDS_PORT_PROP } from '../../src/contract/index.js';

export interface FoundPort {
  readonly port: IVdsControllerPort;
  readonly prop: VDS_PORT_PROP;
}

/** The port objects of the subsystem. Not applicable when it has fewer than `atLeast`. */
export async function portsOf(ctx: Context, atLeast = 1): Promise<readonly [FoundPort, ...FoundPort[]]> {
  const found: FoundPort[] = [];
  for (const { controller } of await controllersOf(ctx, await ctx.system.subSystem())) {
    const bridge = await ctx.system.optional(controller, 'IVdsControllerControllerPort');
    const query = ctx.duties.supported(await bridge.queryControllerPorts());
    for (const port of await ctx.duties.list(query, 'enum', 'IVdsControllerPort', 'VDS-6.6b'))
      found.push({ port, prop: ctx.duties.output('VDS-7.7', await port.getProperties(), 'portProp') });
  }
  if (found.length < atLeast)
    ctx.notApplicable(
      `the controllers of the subsystem have ${counted(found.length, 'port')}, and the check needs ${atLeast}`,
    );
  return found as unknown as readonly [FoundPort, ...FoundPort[]];
}
