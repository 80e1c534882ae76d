// A Fibre Channel array: its controllers have ports that are objects with World Wide Names, and this computer reaches
// each LUN by several paths.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  VDS_HWPROVIDER_TYPE,
  VDS_INTERCONNECT_FLAG,
  VDS_LOADBALANCE_POLICY_ENUM,
  VDS_PATH_STATUS,
  VDS_SUB_SYSTEM_FLAG as SF,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HBAPORT_PROP } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { StorageArray, type NewLun } from '../array/array.js';
import type { ArrayLun, ArrayPort, ArraySubSystem } from '../array/devices.js';
import { HBA_PORTS } from '../array/paths.js';
import { Failure } from '../failure.js';
import { ControllerObject } from '../objects/controller.js';
import type { ProviderInstance } from '../objects/instance.js';
import { ProviderObject } from '../objects/provider.js';
import { FLAGS } from '../objects/subsystem-queries.js';
import { SubSystemObject } from '../objects/subsystem.js';
import type { Parts, System } from '../parts.js';
import { MultipathLun } from './multipath.js';

const PORTS = 2;
const twoDigits = (n: number): string => n.toString(16).toUpperCase().padStart(2, '0');

export class FibreChannelArray extends StorageArray {
  protected override get hasPortObjects(): boolean {
    return true;
  }

  /** No targets and no portals; the LUN of the first subsystem is shown to one port of this computer. */
  protected override build(): void {
    super.build();
    for (const { targets, portals } of this.subSystems.values())
      for (const id of [...targets.keys(), ...portals.keys()]) this.remove(id);
    const [existing] = [...this.subSystems.values()].flatMap(({ luns }) => [...luns.values()]);
    if (existing !== undefined) existing.unmaskingList = HBA_PORTS[0].port;
  }

  /** Controller A-1 has the ports 5006016041010000 and 5006016041010001. */
  protected override newPorts(controller: string): readonly ArrayPort[] {
    const [letter = '', number = '0'] = controller.split('-');
    return Array.from({ length: PORTS }, (_, n) =>
      this.newPort(
        `Port ${controller}-${n}`,
        `50060160${twoDigits(letter.charCodeAt(0))}${twoDigits(Number(number))}00${twoDigits(n)}`,
      ),
    );
  }

  override addLun(subSystem: ArraySubSystem, lun: NewLun): ArrayLun {
    const made = super.addLun(subSystem, lun);
    made.policy = VDS_LOADBALANCE_POLICY_ENUM.VDS_LBP_ROUND_ROBIN;
    return made;
  }
}

export class FibreChannelProvider extends ProviderObject {
  protected override readonly type = VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL;

  constructor(system: System) {
    super(system);
    this.implement({
      IVdsHwProviderPrivateMpio: {
        SetAllPathStatusesFromHbaPort: ({ hbaPortProp, status }) =>
          this.setAllPathStatusesFromHbaPort(hbaPortProp, status),
      },
    });
  }

  /** Only the names of the HBA port count. */
  protected setAllPathStatusesFromHbaPort(
    { wwnNode, wwnPort }: VDS_HBAPORT_PROP,
    status: number,
  ): Answer<'IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort'> {
    if (!this.loaded) throw new Failure(HR.VDS_E_INITIALIZE_NOT_CALLED);
    const hba = this.hbaPort(nameOf(wwnNode.wwn), nameOf(wwnPort.wwn));
    if (hba < 0 || !SETTABLE.has(status)) throw new Failure(HR.E_INVALIDARG);
    const luns = [...this.inventory.devices.values()].filter((device) => device instanceof MultipathLun);
    const found = luns.map((lun) => ({ lun, truth: lun.reachable() }));
    const left = found.reduce((sum, { lun, truth }) => sum + lun.setPathStatuses(truth, hba, status), 0);
    return { hr: left > 0 ? HR.VDS_S_STATUSES_INCOMPLETELY_SET : HR.S_OK };
  }

  protected hbaPort(node: string, port: string): number {
    return HBA_PORTS.findIndex((each) => each.node === node && each.port === port);
  }
}

const SETTABLE: ReadonlySet<number> = new Set(
  Object.values(VDS_PATH_STATUS).filter((status) => status !== VDS_PATH_STATUS.VDS_MPS_UNKNOWN),
);

const nameOf = (wwn: Uint8Array): string => Buffer.from(wwn).toString('hex').toUpperCase();

export class FibreChannelSubSystem extends SubSystemObject {
  protected override readonly flags = FLAGS & ~(SF.VDS_SF_SUPPORTS_AUTH_CHAP | SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP);
  protected override readonly interconnects = VDS_INTERCONNECT_FLAG.VDS_ITF_FIBRE_CHANNEL;

  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.withdraw('IVdsSubSystemIscsi', 'IVdsSubSystemImportTarget');
  }
}

export class FibreChannelController extends ControllerObject {
  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.implement({ IVdsControllerControllerPort: { QueryControllerPorts: () => this.queryControllerPorts() } });
  }

  protected queryControllerPorts(): Answer<'IVdsControllerControllerPort.QueryControllerPorts'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('port', this.read().ports) } };
  }
}

export const FIBRE_CHANNEL: Partial<Parts> = {
  StorageArray: FibreChannelArray,
  Provider: FibreChannelProvider,
  SubSystem: FibreChannelSubSystem,
  Controller: FibreChannelController,
  Lun: MultipathLun,
};
