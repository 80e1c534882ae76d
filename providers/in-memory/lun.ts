// A LUN: its properties, extending and deleting it.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { NULL_GUID } from '../../src/contract/guid.js';
import { MISC, VDS_ASYNC_OUTPUT_TYPE, VDS_LUN_STATUS, VDS_STORAGE_BUS_TYPE, VDS_TRANSITION_STATE } from '../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap } from '../../src/provider/object-server.js';
import { Failure } from './failure.js';
import { recordedHints } from './hints.js';
import { counted, knownIds } from './id-lists.js';
import { hex } from './ids.js';
import { DeviceObject } from './object.js';
import { grow, largestGrowth } from './space.js';

const STATUSES: ReadonlySet<number> = new Set(Object.values(VDS_LUN_STATUS));

export class LunObject extends DeviceObject<'lun'> {
  readonly kind = 'lun';
  readonly interfaces: InterfaceMap = {
    IVdsLun: {
      GetProperties: () => this.getProperties(),
      GetSubSystem: () => this.getSubSystem(),
      GetIdentificationData: () => this.getIdentificationData(),
      QueryActiveControllers: () => this.queryActiveControllers(),
      Extend: ({ numberOfBytesToAdd, driveIdArray, numberOfDrives }) => this.extend(numberOfBytesToAdd, driveIdArray, numberOfDrives),
      QueryPlexes: () => this.queryPlexes(),
      Delete: () => this.delete(),
      SetStatus: ({ status }) => this.setStatus(status),
      QueryHints: () => this.queryHints(),
      QueryMaxLunExtendSize: ({ driveIdArray, numberOfDrives }) => this.queryMaxLunExtendSize(driveIdArray, numberOfDrives),
    },
    IVdsLunIscsi: {
      QueryAssociatedTargets: () => this.queryAssociatedTargets(),
    },
  };

  protected getProperties(): Answer<'IVdsLun.GetProperties'> {
    const record = this.read();
    return {
      hr: HR.S_OK,
      out: {
        lunProp: {
          id: this.id, size: BigInt(record.size), friendlyName: record.friendlyName, identification: record.identification,
          unmaskingList: record.unmaskingList, flags: 0, type: record.type, status: record.status, health: record.health,
          transitionState: VDS_TRANSITION_STATE.VDS_TS_STABLE, rebuildPriority: 0,
        },
      },
    };
  }

  protected getSubSystem(): Answer<'IVdsLun.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected getIdentificationData(): Answer<'IVdsLun.GetIdentificationData'> {
    this.touch();
    return {
      hr: HR.S_OK,
      out: {
        lunInfo: {
          version: MISC.VER_VDS_LUN_INFORMATION, deviceType: 0, deviceTypeModifier: 0, commandQueueing: false, busType: VDS_STORAGE_BUS_TYPE.VDSBusTypeiScsi,
          vendorId: 'VDSC', productId: 'Reference', productRevision: '1', serialNumber: hex(this.id), diskSignature: NULL_GUID,
          deviceIdDescriptor: { version: 0, numberOfIdentifiers: 0, identifiers: null }, numberOfInterconnects: 0, interconnects: null,
        },
      },
    };
  }

  protected queryActiveControllers(): Answer<'IVdsLun.QueryActiveControllers'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.list('controller', this.read().controllers)) } };
  }

  protected queryPlexes(): Answer<'IVdsLun.QueryPlexes'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.list('plex', this.read().plexes)) } };
  }

  protected queryAssociatedTargets(): Answer<'IVdsLunIscsi.QueryAssociatedTargets'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.provider.inventory.list('target', this.read().targets)) } };
  }

  protected queryHints(): Answer<'IVdsLun.QueryHints'> {
    return { hr: HR.S_OK, out: { hints: recordedHints(this.read().hints) } };
  }

  /** What Extend accepts at most. */
  protected queryMaxLunExtendSize(driveIds: readonly Guid[] | null, numberOfDrives: number): Answer<'IVdsLun.QueryMaxLunExtendSize'> {
    const drives = this.driveList(driveIds, numberOfDrives);
    const { subSystem, lun } = this.reach('IVdsLun.QueryMaxLunExtendSize');
    return { hr: HR.S_OK, out: { maxBytesToBeAdded: largestGrowth(subSystem, lun, drives) } };
  }

  protected extend(bytes: bigint, driveIds: readonly Guid[] | null, numberOfDrives: number): Answer<'IVdsLun.Extend'> {
    this.touch();
    if (bytes === 0n) throw new Failure(HR.E_INVALIDARG);
    const drives = this.driveList(driveIds, numberOfDrives);
    const { array } = this.provider;
    const { subSystem, lun } = this.reach('IVdsLun.Extend');
    const growth = grow(subSystem, lun, bytes, drives);
    const reservation = array.reserve(subSystem, growth.added);
    const async = this.provider.start({
      type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
      abandon: () => reservation.release(),
      commit: () => {
        const { lun: truth } = this.reach();
        reservation.release();
        array.resize(truth, growth);
        this.provider.learn(this.id, ...truth.plexes.keys());
        return null;
      },
    });
    return { hr: HR.S_OK, out: { async } };
  }

  /** The drives of a list, by the cache. Throws Failure. */
  protected driveList(given: readonly Guid[] | null, count: number): readonly Guid[] | null {
    const { drives } = this.provider.inventory.record('sub-system', this.read().parent);
    const ids = counted(given, count);
    return ids === null ? null : knownIds(ids, drives);
  }

  protected delete(): Answer<'IVdsLun.Delete'> {
    this.reach('IVdsLun.Delete');
    this.provider.array.remove(this.id);
    this.provider.deviceDeparted(this.id);
    return { hr: HR.S_OK };
  }

  /** The status cannot be changed, but UNKNOWN is refused as no status at all. */
  protected setStatus(status: number): Answer<'IVdsLun.SetStatus'> {
    this.touch();
    throw new Failure(status !== VDS_LUN_STATUS.VDS_LS_UNKNOWN && STATUSES.has(status) ? HR.VDS_E_NOT_SUPPORTED : HR.E_INVALIDARG);
  }
}
