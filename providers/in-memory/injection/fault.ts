// A fault of IVdsConformanceControl: it is made at one object, and shows its change. Each group of kinds has a file
// beside this one.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDSC_FAULT_KIND } from '../../../src/contract/generated/enumerations.js';
import { Failure } from '../failure.js';
import type { ProviderInstance } from '../objects/instance.js';

/** The names of the kinds in proofs: `flipped-bytes`, … */
export const FAULT_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(VDSC_FAULT_KIND).map(([name, value]) => [
    value,
    name.replace('VDSC_FK_', '').toLowerCase().replaceAll('_', '-'),
  ]),
);

export interface FaultOrder {
  readonly kind: number;
  /** The instance through which the fault is injected. */
  readonly provider: ProviderInstance;
  readonly id: Guid;
  /** The array sends its event. */
  readonly notify: boolean;
}

/** The change by a fault, read back from its place. */
interface Change {
  readonly where: string;
  readonly before: string;
  readonly after: string;
  /** The device that it made. */
  readonly newObject?: Guid;
}

export interface MadeFault extends Change {
  /** Takes the cause away, where there is one that lasts. */
  readonly heal?: () => void;
}

/** Makes the fault. Throws Failure when it cannot be made. */
export type Fault = (order: FaultOrder) => MadeFault;

/** This kind cannot be done to this object. */
export const unsuitable = (): Failure => new Failure(HR.VDS_E_NOT_SUPPORTED);

/**
 * Changes what `look` reports, and shows it. Throws Failure(VDS_E_NOT_SUPPORTED), with the change taken back, when
 * nothing has changed.
 */
export function shown(where: string, look: () => string, change: () => () => void): MadeFault {
  const before = look();
  const heal = change();
  const after = look();
  if (before === after) {
    heal();
    throw unsuitable();
  }
  return { where, before, after, heal };
}
