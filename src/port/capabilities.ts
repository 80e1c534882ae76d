// The capabilities of a transport, in one table: the type, a server's declaration, the documents and the reports derive
// from it. A check asks for these and never for an adapter.
import { z } from 'zod';

interface CapabilityDef {
  /** The ability of a transport that has it. */
  readonly says: string;
  /** The outcome of the checks that need it, where it is missing. */
  readonly without: string;
}

export const CAPABILITIES = {
  nullOuts: {
    says: 'NULL can be passed for an out parameter',
    without: 'checks that pass one are not applicable',
  },
  parallelCalls: {
    says: 'two calls can be under way at once',
    without: 'checks of overlapping calls are not applicable',
  },
  releaseCounts: {
    says: "Release answers the provider's own count",
    without: 'checks of reference counts are not applicable',
  },
  isolated: {
    says: 'a crash or hang of the provider costs the session and not the run',
    without: 'checks that may end the process of the provider are not applicable',
  },
  disposable: {
    says: 'each session has a system of its own, so that a run harms nothing and systems can be tested side by side',
    without:
      'checks that change the system are held back unless ' +
      '--allow-destructive is given, and all of them share one system',
  },
  guardedMemory: {
    says: "writes outside an output's memory are found",
    without: 'checks that look for such writes are not applicable',
  },
  persistent: {
    says: 'the system outlives the session: after a crash, the session opened next finds it as it was',
    without: 'checks that look at a system again after the provider has crashed are not applicable',
  },
  transportFaults: {
    says: 'the bytes of an answer can be spoilt on their way',
    without: 'checks of what the harness makes of a spoilt answer are not applicable',
  },
  outOfProcess: {
    says:
      "calls pass COM's proxies to another process, so that the codes by " +
      'which RPC reports that a server died mean just that',
    without: 'such a code is an answer like any other, and not a crash',
  },
} as const satisfies Readonly<Record<string, CapabilityDef>>;

export type Capability = keyof typeof CAPABILITIES;

/** The abilities of a transport. */
export type Capabilities = { readonly [C in Capability]: boolean };

const names = Object.keys(CAPABILITIES) as Capability[];
const each = <T>(value: T) => Object.fromEntries(names.map((name) => [name, value])) as Record<Capability, T>;

/** Those of a transport that carries plain calls only. */
export const NO_CAPABILITIES: Capabilities = each(false);

/** The capabilities as a server declares them; one that it does not name is missing. */
export const capabilitiesSchema = z.object(each(z.boolean().default(false))).prefault({});
