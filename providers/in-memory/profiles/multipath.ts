// A LUN of a Fibre Channel array: the controller ports on which it is active, the paths that lead there, and how the
// load is shared between them.
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  OBJECT_STATUS,
  VDS_HBAPORT_SPEED_FLAG,
  VDS_HBAPORT_STATUS,
  VDS_HBAPORT_TYPE,
  VDS_HWPROVIDER_TYPE,
  VDS_LOADBALANCE_POLICY_ENUM as LBP,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG as LBF,
  VDS_STORAGE_BUS_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_HBAPORT_PROP, VDS_PATH_ID, VDS_PATH_POLICY } from '../../../src/contract/generated/structures.js';
import type { Answer } from '../../../src/port/object-server.js';
import { portObjects, type ArrayLun, type FoundOf } from '../array/devices.js';
import { HBA_PORTS, pathsOf, setPath, type HbaPort, type PathRecord } from '../array/paths.js';
import { hex } from '../array/ids.js';
import { Failure } from '../failure.js';
import { counted, divided } from '../objects/id-lists.js';
import type { ProviderInstance } from '../objects/instance.js';
import { LunObject } from '../objects/lun.js';

/** The policies that can be set, each with the flag that says so. */
const POLICIES: ReadonlyMap<number, number> = new Map<number, number>([
  [LBP.VDS_LBP_FAILOVER, LBF.VDS_LBF_FAILOVER],
  [LBP.VDS_LBP_ROUND_ROBIN, LBF.VDS_LBF_ROUND_ROBIN],
  [LBP.VDS_LBP_WEIGHTED_PATHS, LBF.VDS_LBF_WEIGHTED_PATHS],
]);
const KNOWN_POLICIES: ReadonlySet<number> = new Set(Object.values(LBP));

const bytesOf = (wwn: string): { readonly wwn: Uint8Array } => ({ wwn: Uint8Array.from(Buffer.from(wwn, 'hex')) });

const hbaPortProp = ({ node, port }: HbaPort): VDS_HBAPORT_PROP => ({
  id: NULL_GUID,
  wwnNode: bytesOf(node),
  wwnPort: bytesOf(port),
  type: VDS_HBAPORT_TYPE.VDS_HPT_NPORT,
  status: VDS_HBAPORT_STATUS.VDS_HPS_ONLINE,
  portSpeed: VDS_HBAPORT_SPEED_FLAG.VDS_HSF_4GBIT,
  supportedPortSpeed: VDS_HBAPORT_SPEED_FLAG.VDS_HSF_4GBIT,
});

export class MultipathLun extends LunObject {
  protected override readonly busType = VDS_STORAGE_BUS_TYPE.VDSBusTypeFibre;

  constructor(provider: ProviderInstance, id: Guid, parent: Guid | null) {
    super(provider, id, parent);
    this.withdraw('IVdsLunIscsi');
    this.implement({
      IVdsLunControllerPorts: {
        AssociateControllerPorts: (lists) => this.associateControllerPorts(lists),
        QueryActiveControllerPorts: () => this.queryActiveControllerPorts(),
      },
      IVdsLunMpio: {
        GetPathInfo: () => this.getPathInfo(),
        GetLoadBalancePolicy: () => this.getLoadBalancePolicy(),
        SetLoadBalancePolicy: ({ policy, paths, numberOfPaths }) =>
          this.setLoadBalancePolicy(policy, paths, numberOfPaths),
        GetSupportedLbPolicies: () => this.getSupportedLbPolicies(),
      },
    });
  }

  /** A controller is active with all of its ports. */
  protected override activeOn(found: FoundOf<'lun'>, controllers: readonly Guid[]): void {
    super.activeOn(found, controllers);
    const { lun, subSystem } = found;
    const active = [...subSystem.controllers.values()].filter((c) => controllers.includes(c.id));
    lun.ports = new Set(active.flatMap((c) => c.ports.map((p) => p.id)));
  }

  /** A controller is active for the LUN as long as one of its ports is. */
  protected associateControllerPorts({
    activeControllerPortIdArray,
    numberOfActiveControllerPorts,
    inactiveControllerPortIdArray,
    numberOfInactiveControllerPorts,
  }: {
    readonly activeControllerPortIdArray: readonly Guid[] | null;
    readonly numberOfActiveControllerPorts: number;
    readonly inactiveControllerPortIdArray: readonly Guid[] | null;
    readonly numberOfInactiveControllerPorts: number;
  }): Answer<'IVdsLunControllerPorts.AssociateControllerPorts'> {
    const { inventory } = this.provider;
    const known = this.ofSubSystem().controllers.flatMap((id) => inventory.record('controller', id).ports);
    const active = counted(activeControllerPortIdArray, numberOfActiveControllerPorts);
    const { one } = divided(active, counted(inactiveControllerPortIdArray, numberOfInactiveControllerPorts), known);
    const { subSystem, lun } = this.reach('IVdsLunControllerPorts.AssociateControllerPorts');
    lun.ports = new Set(one);
    const controllers = [...subSystem.controllers.values()].filter((c) => c.ports.some((p) => one.includes(p.id)));
    lun.controllers = new Set(controllers.map((c) => c.id));
    return this.changed();
  }

  protected queryActiveControllerPorts(): Answer<'IVdsLunControllerPorts.QueryActiveControllerPorts'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('port', this.read().ports) } };
  }

  /** By the HBA port that it begins at, and half of the id of the controller port that it ends at. */
  protected pathId({ hba, port }: PathRecord): VDS_PATH_ID {
    return { sourceId: BigInt(hba + 1), pathId: BigInt(`0x${hex(port).slice(0, 16)}`) };
  }

  protected getPathInfo(): Answer<'IVdsLunMpio.GetPathInfo'> {
    const paths = this.read().paths.map((path) => ({
      pathId: this.pathId(path),
      type: VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL,
      status: path.status,
      controllerPortId: path.port,
      hbaPortId: NULL_GUID,
      hbaPortProp: hbaPortProp(HBA_PORTS[path.hba] ?? HBA_PORTS[0]),
    }));
    return { hr: HR.S_OK, out: { paths: paths.length === 0 ? null : paths, numberOfPaths: paths.length } };
  }

  protected getLoadBalancePolicy(): Answer<'IVdsLunMpio.GetLoadBalancePolicy'> {
    const { policy, paths: all } = this.read();
    const paths = all.map((path) => ({
      pathId: this.pathId(path),
      primaryPath: path.primary,
      weight: path.weight,
    }));
    return { hr: HR.S_OK, out: { policy, paths: paths.length === 0 ? null : paths, numberOfPaths: paths.length } };
  }

  protected getSupportedLbPolicies(): Answer<'IVdsLunMpio.GetSupportedLbPolicies'> {
    this.touch();
    return { hr: HR.S_OK, out: { lbFlags: [...POLICIES.values()].reduce((all, flag) => all | flag, 0) } };
  }

  /**
   * Members of a path that are not given stay as they are. Fail-over has one primary path, the first unless another is
   * given.
   */
  protected setLoadBalancePolicy(
    policy: number,
    given: readonly VDS_PATH_POLICY[] | null,
    count: number,
  ): Answer<'IVdsLunMpio.SetLoadBalancePolicy'> {
    const { paths } = this.read();
    if (!KNOWN_POLICIES.has(policy) || policy === LBP.VDS_LBP_UNKNOWN) throw new Failure(HR.E_INVALIDARG);
    if (!POLICIES.has(policy)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    if (given === null ? count !== 0 : count <= 0 || count > given.length) throw new Failure(HR.E_INVALIDARG);
    const chosen = (given ?? []).slice(0, count).map((each) => ({ ...each, path: this.pathNamed(each.pathId, paths) }));
    const primaries = chosen.filter((each) => each.primaryPath).map((each) => each.path);
    if (policy === LBP.VDS_LBP_FAILOVER && primaries.length > 1) throw new Failure(HR.E_INVALIDARG);
    const { lun } = this.reach('IVdsLunMpio.SetLoadBalancePolicy');
    for (const { path, primaryPath, weight } of chosen) setPath(lun, path, { primary: primaryPath, weight });
    if (policy === LBP.VDS_LBP_FAILOVER) {
      // Also of paths that are not there now, and may come back.
      for (const settings of lun.paths.values()) settings.primary = false;
      for (const path of paths) setPath(lun, path, { primary: path === (primaries[0] ?? paths[0]) });
    }
    lun.policy = policy;
    return this.changed();
  }

  private pathNamed({ sourceId, pathId }: VDS_PATH_ID, paths: readonly PathRecord[]): PathRecord {
    const found = paths.find((path) => {
      const id = this.pathId(path);
      return id.sourceId === sourceId && id.pathId === pathId;
    });
    if (found === undefined) throw new Failure(HR.E_INVALIDARG);
    return found;
  }

  /** The way to the array, before the statuses of paths to several LUNs are set. Throws Failure or Held. */
  reachable(): FoundOf<'lun'> {
    this.touch();
    return this.reach();
  }

  /** Sets the status of the paths from an HBA port. Answers how many of them could not be set. */
  setPathStatuses({ subSystem, lun }: FoundOf<'lun'>, hba: number, status: number): number {
    const paths = pathsOf(subSystem, lun).filter((path) => path.hba === hba);
    const settable = paths.filter(({ port }) => maySet(lun, status) && worksFor(subSystem, port, status));
    for (const path of settable) setPath(lun, path, { status });
    if (settable.length > 0) this.provider.learn(this.id);
    return paths.length - settable.length;
  }
}

/** Round robin uses all paths, so that none can stand by. */
const maySet = ({ policy }: ArrayLun, status: number): boolean =>
  status !== VDS_PATH_STATUS.VDS_MPS_STANDBY || policy !== LBP.VDS_LBP_ROUND_ROBIN;

/** A path to a port that does not work has failed, and cannot be set otherwise. */
function worksFor(subSystem: FoundOf<'lun'>['subSystem'], port: Guid, status: number): boolean {
  const found = portObjects(subSystem).find(({ id }) => id === port);
  return status === VDS_PATH_STATUS.VDS_MPS_FAILED || found?.status === OBJECT_STATUS.STATUS_ONLINE;
}
