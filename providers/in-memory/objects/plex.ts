// A plex of a LUN: its properties, extents and hints.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_TRANSITION_STATE } from '../../../src/contract/generated/enumerations.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import type { Answer, InterfaceMap } from '../../../src/port/object-server.js';
import { Failure } from '../failure.js';
import { recordedHints, withHints } from '../array/hints.js';
import { DeviceObject } from './object.js';

export class PlexObject extends DeviceObject<'plex'> {
  readonly kind = 'plex';
  readonly interfaces: InterfaceMap = {
    IVdsLunPlex: {
      GetProperties: () => this.getProperties(),
      GetLun: () => this.getLun(),
      QueryExtents: () => this.queryExtents(),
      QueryHints: () => this.queryHints(),
      ApplyHints: ({ hints }) => this.applyHints(hints),
    },
  };

  protected getProperties(): Answer<'IVdsLunPlex.GetProperties'> {
    const { size, type, status, health, stripeSize, hints } = this.read();
    return {
      hr: HR.S_OK,
      out: {
        plexProp: {
          id: this.id,
          size: BigInt(size),
          type,
          status,
          health,
          transitionState: VDS_TRANSITION_STATE.VDS_TS_STABLE,
          flags: 0,
          stripeSize,
          rebuildPriority: hints?.rebuildPriority ?? 0,
        },
      },
    };
  }

  protected getLun(): Answer<'IVdsLunPlex.GetLun'> {
    return { hr: HR.S_OK, out: { lun: this.holder() } };
  }

  protected queryExtents(): Answer<'IVdsLunPlex.QueryExtents'> {
    const { parent, extents } = this.read();
    const extentArray = extents.map(({ drive, size }) => ({
      id: drive,
      lunId: parent,
      size: BigInt(size),
      used: true,
    }));
    return { hr: HR.S_OK, out: { extentArray, numberOfExtents: extentArray.length } };
  }

  protected queryHints(): Answer<'IVdsLunPlex.QueryHints'> {
    return { hr: HR.S_OK, out: { hints: recordedHints(this.read().hints) } };
  }

  protected applyHints(hints: VDS_HINTS | null): Answer<'IVdsLunPlex.ApplyHints'> {
    this.touch();
    if (hints === null) throw new Failure(HR.E_INVALIDARG);
    const { plex } = this.reach('IVdsLunPlex.ApplyHints');
    plex.hints = withHints(plex.hints, hints);
    return this.changed();
  }
}
