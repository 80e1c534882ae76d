// The reading methods of a LUN: properties, plexes, controllers, targets, hints. Its changes are in lun.ts.
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  MISC,
  VDS_LUN_FLAG,
  VDS_STORAGE_BUS_TYPE,
  VDS_TRANSITION_STATE,
} from '../../../src/contract/generated/enumerations.js';
import type { Answer } from '../../../src/port/object-server.js';
import { recordedHints } from '../array/hints.js';
import { counted, knownIds } from './id-lists.js';
import { DeviceObject } from './object.js';
import type { SubSystemRecord } from '../cache/records.js';
import { largestGrowth } from '../array/resizing.js';

export abstract class LunQueries extends DeviceObject<'lun'> {
  readonly kind = 'lun';
  protected readonly busType: number = VDS_STORAGE_BUS_TYPE.VDSBusTypeiScsi;

  protected getProperties(): Answer<'IVdsLun.GetProperties'> {
    const record = this.read();
    return {
      hr: HR.S_OK,
      out: {
        lunProp: {
          id: this.id,
          size: BigInt(record.size),
          friendlyName: record.friendlyName,
          identification: record.identification,
          unmaskingList: record.unmaskingList,
          flags: record.snapshot ? VDS_LUN_FLAG.VDS_LF_SNAPSHOT : 0,
          type: record.type,
          status: record.status,
          health: record.health,
          transitionState: VDS_TRANSITION_STATE.VDS_TS_STABLE,
          rebuildPriority: record.hints?.rebuildPriority ?? 0,
        },
      },
    };
  }

  protected getSubSystem(): Answer<'IVdsLun.GetSubSystem'> {
    return { hr: HR.S_OK, out: { subSystem: this.holder() } };
  }

  protected getIdentificationData(): Answer<'IVdsLun.GetIdentificationData'> {
    const { identification } = this.read();
    return {
      hr: HR.S_OK,
      out: {
        lunInfo: {
          version: MISC.VER_VDS_LUN_INFORMATION,
          deviceType: 0,
          deviceTypeModifier: 0,
          commandQueueing: false,
          busType: this.busType,
          vendorId: 'VDSC',
          productId: 'Reference',
          productRevision: '1',
          serialNumber: identification.slice(identification.lastIndexOf('-') + 1),
          diskSignature: NULL_GUID,
          deviceIdDescriptor: { version: 0, numberOfIdentifiers: 0, identifiers: null },
          numberOfInterconnects: 0,
          interconnects: null,
        },
      },
    };
  }

  protected queryActiveControllers(): Answer<'IVdsLun.QueryActiveControllers'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('controller', this.read().controllers) } };
  }

  protected queryPlexes(): Answer<'IVdsLun.QueryPlexes'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('plex', this.read().plexes) } };
  }

  protected queryAssociatedTargets(): Answer<'IVdsLunIscsi.QueryAssociatedTargets'> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('target', this.read().targets) } };
  }

  protected queryHints(): Answer<'IVdsLun.QueryHints'> {
    return { hr: HR.S_OK, out: { hints: recordedHints(this.read().hints) } };
  }

  /** The most that Extend accepts. */
  protected queryMaxLunExtendSize(
    driveIds: readonly Guid[] | null,
    numberOfDrives: number,
  ): Answer<'IVdsLun.QueryMaxLunExtendSize'> {
    const drives = this.driveList(driveIds, numberOfDrives);
    const { subSystem, lun } = this.reach('IVdsLun.QueryMaxLunExtendSize');
    return { hr: HR.S_OK, out: { maxBytesToBeAdded: largestGrowth(subSystem, lun, drives) } };
  }

  /** The drives of a list, null for none. Throws Failure. */
  protected driveList(given: readonly Guid[] | null, count: number): readonly Guid[] | null {
    const { drives } = this.ofSubSystem();
    const ids = counted(given, count);
    return ids === null ? null : knownIds(ids, drives);
  }

  /** The cache's record of the subsystem. Throws CacheCorrupt. */
  protected ofSubSystem(): SubSystemRecord {
    return this.provider.inventory.record('subsystem', this.read().parent);
  }
}
