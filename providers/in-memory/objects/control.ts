// IVdsConformanceControl, which this provider offers to test tools: faults come in, and the truth comes out without
// touching the cache.
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDSC_FAULT_KIND as FK } from '../../../src/contract/generated/enumerations.js';
import type { Answer, Implementation } from '../../../src/port/object-server.js';
import { Failure } from '../failure.js';
import { CACHE_FAULTS } from '../injection/cache.js';
import { DEVICE_FAULTS } from '../injection/devices.js';
import { FAULT_NAMES, type Fault, type MadeFault } from '../injection/fault.js';
import { SURROUNDING_FAULTS } from '../injection/surroundings.js';
import type { ProviderInstance } from './instance.js';

const FAULTS: ReadonlyMap<number, Fault> = new Map([...CACHE_FAULTS, ...DEVICE_FAULTS, ...SURROUNDING_FAULTS]);

export class ConformanceControl {
  readonly methods: Implementation<'IVdsConformanceControl'> = {
    QueryFaults: () => this.queryFaults(),
    Inject: ({ kind, objectId, notify }) => this.inject(kind, objectId, notify),
    Heal: ({ faultId }) => this.heal(faultId),
    ReadTruth: () => this.readTruth(),
  };

  constructor(protected readonly provider: ProviderInstance) {}

  protected queryFaults(): Answer<'IVdsConformanceControl.QueryFaults'> {
    return {
      hr: HR.S_OK,
      out: {
        faultKinds: [...FAULTS.keys()]
          .filter((kind) => this.offers(kind))
          .reduce((mask, kind) => mask | (1 << kind), 0),
      },
    };
  }

  /** A crash takes the process along, which is another's unless it is the provider's own. */
  private offers(kind: number): boolean {
    return kind !== FK.VDSC_FK_CRASH || this.provider.system.crashes !== undefined;
  }

  protected inject(kind: number, objectId: Guid, notify: boolean): Answer<'IVdsConformanceControl.Inject'> {
    const name = FAULT_NAMES.get(kind);
    if (name === undefined) throw new Failure(HR.E_INVALIDARG);
    const { array, inventory, system } = this.provider;
    const id = parseGuid(objectId) ?? NULL_GUID;
    const known =
      kind === FK.VDSC_FK_EXHAUST_MEMORY && id === NULL_GUID ? true : inventory.devices.has(id) || array.holds(id);
    if (!known) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    const { heal, ...change } = this.change(kind, id, notify);
    const faultId = system.faults.add(heal ?? (() => {}));
    return { hr: HR.S_OK, out: { faultId, proof: JSON.stringify({ kind: name, object: id, ...change }) } };
  }

  /** Makes the fault. */
  protected change(kind: number, id: Guid, notify: boolean): MadeFault {
    const fault = FAULTS.get(kind);
    if (fault === undefined || !this.offers(kind)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return fault({ kind, provider: this.provider, id, notify });
  }

  protected heal(faultId: number): Answer<'IVdsConformanceControl.Heal'> {
    return { hr: this.provider.system.faults.heal(faultId) ? HR.S_OK : HR.VDS_E_OBJECT_NOT_FOUND };
  }

  protected readTruth(): Answer<'IVdsConformanceControl.ReadTruth'> {
    return { hr: HR.S_OK, out: { truth: this.provider.array.truth() } };
  }
}
