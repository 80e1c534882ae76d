// A route: a way by which a fault reaches a provider. A route injects and proves: a fault without proof that it
// happened makes a case inconclusive. Each route has a file of its own beside this one.
import { parseGuid, type Guid } from '../../contract/guid.js';
import type { Inventory } from '../../truth/inventory.js';
import type { FaultKind } from '../kinds.js';

/**
 * By how much they prove: the provider's own methods; behind its back; the control interface; what passes the port
 * changed by the harness.
 */
export type RouteName = 'api' | 'device' | 'cooperative' | 'interposed';

export interface FaultRequest {
  readonly kind: FaultKind;
  /** The object that the fault hits; GUID_NULL where the kind concerns the whole provider. */
  readonly object: Guid;
  /** Let the array tell the provider, as by its event. */
  readonly notify?: boolean;
}

export interface InjectedFault {
  readonly kind: FaultKind;
  readonly route: RouteName;
  /** The change, read back after it was made. */
  readonly proof: string;
  /** Of a fault that waits for its moment: what it changed, once it has struck. */
  readonly struck?: () => string | undefined;
  /** The object that a fault made (a LUN imported, a target made again under its old name). */
  readonly newObject?: Guid;
  /** Takes the cause away; the cache stays as it is. */
  heal(): Promise<void>;
}

/** Why a route could not inject. */
export interface NotInjected {
  readonly reason: string;
  /** Something that was configured for it failed: worth telling also when another route can inject. */
  readonly failed?: true;
}

export interface Route {
  readonly name: RouteName;
  /** Which kinds it offers. */
  kinds(): Promise<ReadonlySet<FaultKind>>;
  inject(request: FaultRequest): Promise<InjectedFault | NotInjected>;
  /** Keeps what a later stale entry needs; called at each state that a check notes as true. */
  remember?(): void;
  /** The state of the system, read by a path that does not touch the provider; undefined where the route has none. */
  truth(): Promise<Inventory | undefined>;
}

/** The object that a fault made, as its proof, or the output of what made it, names it. */
export function newObjectOf(json: string): Guid | undefined {
  try {
    const { newObject } = JSON.parse(json) as { readonly newObject?: unknown };
    return typeof newObject === 'string' ? parseGuid(newObject) : undefined;
  } catch {
    // A proof is for people first, so it need not be JSON.
    return undefined;
  }
}
