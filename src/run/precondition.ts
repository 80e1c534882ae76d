// The preconditions of a check. A run ends a check with the one that is unmet; the forecast counts them beforehand.
import type { FaultKind } from '../faults/kinds.js';
import type { Capabilities } from '../port/port.js';
import type { Check } from '../checks/check.js';
import { changes, HOW_TO_ALLOW } from '../lab/change-guard.js';
import { HeldBack, Inconclusive, NotApplicable } from '../checks/outcome.js';

export interface Circumstances {
  /** The run may not change the system. */
  readonly readOnly: boolean;
  readonly capabilities: Capabilities;
  /** Whether some fault route offers the kind. */
  readonly offers: (kind: FaultKind) => Promise<boolean>;
  /** Whether the provider has IVdsConformanceControl, whose QueryFaults says which kinds it can show. */
  readonly hasControl: () => Promise<boolean>;
}

/** The outcome of a check that cannot begin, with the reason; undefined where it can. */
export async function unmetPrecondition(
  check: Check,
  { readOnly, capabilities, offers, hasControl }: Circumstances,
): Promise<HeldBack | NotApplicable | Inconclusive | undefined> {
  if (readOnly && changes(check))
    return new HeldBack(
      `it changes the system, and this run only reads because the system is not disposable. ${HOW_TO_ALLOW}`,
    );
  for (const capability of check.capabilities ?? []) {
    if (!capabilities[capability]) return new NotApplicable(`the transport does not have the capability ${capability}`);
  }
  for (const kind of check.faults ?? []) {
    if (await offers(kind)) continue;
    return (await hasControl())
      ? new NotApplicable(
          `IVdsConformanceControl::QueryFaults does not offer ${kind}, and no file or command is configured for it`,
        )
      : new Inconclusive(
          `no fault route offers ${kind}: the provider has no IVdsConformanceControl, and no file or command is ` +
            'configured for it',
        );
  }
  return undefined;
}
