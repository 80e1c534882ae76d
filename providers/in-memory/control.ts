// IVdsConformanceControl: the door for a test tool, by which faults come in and the truth comes out (docs/control-interface.md).
import { NULL_GUID, parseGuid, type Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { VDSC_FAULT_KIND as FK } from '../../src/contract/generated/enumerations.js';
import type { Answer, Implementation } from '../../src/provider/object-server.js';
import { Failure } from './failure.js';
import { CACHE_FAULTS, damage, deleteFromArray, disconnect, FAULT_NAMES, reconnect, type Change } from './faults.js';
import type { ProviderObject } from './provider.js';

const ALL_KINDS = Object.keys(FAULT_NAMES).reduce((mask, kind) => mask | (1 << Number(kind)), 0);

export class ConformanceControl {
  readonly methods: Implementation<'IVdsConformanceControl'> = {
    QueryFaults: () => this.queryFaults(),
    Inject: ({ kind, objectId, notify }) => this.inject(kind, objectId, notify),
    Heal: ({ faultId }) => this.heal(faultId),
    ReadTruth: () => this.readTruth(),
  };

  constructor(protected readonly provider: ProviderObject) {}

  protected queryFaults(): Answer<'IVdsConformanceControl.QueryFaults'> {
    return { hr: HR.S_OK, out: { faultKinds: ALL_KINDS } };
  }

  protected inject(kind: number, objectId: Guid, notify: boolean): Answer<'IVdsConformanceControl.Inject'> {
    const name = FAULT_NAMES[kind];
    if (name === undefined) throw new Failure(HR.E_INVALIDARG);
    const { array, inventory, system } = this.provider;
    const id = parseGuid(objectId) ?? NULL_GUID;
    if (!inventory.devices.has(id) && !array.holds(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    const change = this.change(kind, id, notify);
    const faultId = system.faults.add(() => this.takeAway(kind, id));
    return { hr: HR.S_OK, out: { faultId, proof: JSON.stringify({ kind: name, object: id, ...change }) } };
  }

  /** Makes the fault. */
  protected change(kind: number, id: Guid, notify: boolean): Change {
    const { array, inventory, system, loaded } = this.provider;
    const ofCache = CACHE_FAULTS.get(kind);
    if (ofCache !== undefined) {
      if (!loaded) throw new Failure(HR.VDS_E_INITIALIZE_NOT_CALLED);
      return damage(ofCache, inventory, id, system.faults.next, array);
    }
    if (kind === FK.VDSC_FK_DELETE_OBJECT && !array.holds(id)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    const change = kind === FK.VDSC_FK_DELETE_OBJECT ? deleteFromArray(array, id) : disconnect(array, id);
    if (notify) this.provider.learn(id);
    return change;
  }

  /** Takes a fault's cause away: a cable can be plugged in again. A deleted device is gone for good, and damage to a cache has no lasting cause. */
  protected takeAway(kind: number, id: Guid): void {
    if (kind === FK.VDSC_FK_DISCONNECT) reconnect(this.provider.array, id);
  }

  protected heal(faultId: number): Answer<'IVdsConformanceControl.Heal'> {
    return { hr: this.provider.system.faults.heal(faultId) ? HR.S_OK : HR.VDS_E_OBJECT_NOT_FOUND };
  }

  protected readTruth(): Answer<'IVdsConformanceControl.ReadTruth'> {
    return { hr: HR.S_OK, out: { truth: this.provider.array.truth() } };
  }
}
