// Defects of what a LUN says of its identity.
import type { Guid } from '../../../src/contract/guid.js';
import { VDS_INTERCONNECT_ADDRESS_TYPE } from '../../../src/contract/generated/enumerations.js';
import type { Handle } from '../../../src/contract/tables.js';
import { StorageArray, type NewLun, type Reservation } from '../../in-memory/array/array.js';
import type { ArrayLun, ArraySubSystem } from '../../in-memory/array/devices.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import type { Defect } from '../defect.js';
import { given, type Overrides } from '../override.js';

type Identification = ReturnType<LunObject['getIdentificationData']>;

const identification = (change: object): typeof LunObject =>
  class extends LunObject {
    protected override getIdentificationData(): Identification {
      const answer = super.getIdentificationData();
      const info = answer.out?.lunInfo;
      return typeof info === 'object' && info !== null
        ? { ...answer, out: { lunInfo: { ...info, ...change } } }
        : answer;
    }
  };

/** A new LUN gets the id of the one made before, if that is gone. */
class ReusesIds extends StorageArray {
  // The constructor of the base makes LUNs already, so there is no initialiser here that would clear what it left.
  declare private last: Guid | undefined;

  override addLun(subSystem: ArraySubSystem, wanted: NewLun): ArrayLun {
    const { last } = this;
    const made = super.addLun(subSystem, wanted);
    // An administrator names what is made at the array itself, and that gets an id of its own.
    if (
      last === undefined ||
      wanted.friendlyName !== undefined ||
      [...this.subSystems.values()].some((s) => s.luns.has(last))
    ) {
      this.last = made.id;
      return made;
    }
    const reused = { ...made, id: last };
    subSystem.luns.delete(made.id);
    subSystem.luns.set(last, reused);
    return reused;
  }
}

/** Ids are made from the number that a LUN has in its subsystem. */
class SameIdInBoth extends StorageArray {
  protected override build(): void {
    super.build();
    const [first, second] = [...this.subSystems.values()];
    const [lun] = first?.luns.values() ?? [];
    if (second === undefined || lun === undefined) return;
    second.luns.clear();
    second.luns.set(lun.id, { ...lun });
  }
}

/** Space that was set aside for a LUN is never given back, not even when the LUN goes. */
class LeaksSpace extends StorageArray {
  override reserve(...wanted: Parameters<StorageArray['reserve']>): Reservation {
    super.reserve(...wanted);
    return { release: () => {} };
  }
}

/** GetObject makes an object of its own every second time. */
function newObjectNowAndThen(): Overrides {
  const copies = new Map<Handle, number>();
  let asked = 0;
  return {
    methods: {
      'IVdsProviderPrivate.GetObject': async (_call, next) => {
        const reply = await next();
        const object = given(reply.out.objectUnk);
        if (object !== undefined && ++asked % 2 === 0) copies.set(object, -asked);
        return reply;
      },
    },
    queryInterface: async (object, _name, next) => {
      const reply = await next();
      const copy = copies.get(object);
      if (reply.object !== null && copy !== undefined) copies.set(reply.object, copy);
      return reply;
    },
    identity: async (object, next) => copies.get(object) ?? next(),
  };
}

/** Objects that GetObject made read a LUN's record in an older form, in which the size stands elsewhere. */
function otherSizeById(): Overrides {
  const byId = new Set<Handle>();
  return {
    queryInterface: async (object, _name, next) => {
      const reply = await next();
      if (reply.object !== null && byId.has(object)) byId.add(reply.object);
      return reply;
    },
    methods: {
      'IVdsProviderPrivate.GetObject': async (_call, next) => {
        const reply = await next();
        const object = given(reply.out.objectUnk);
        if (object !== undefined) byId.add(object);
        return reply;
      },
      'IVdsLun.GetProperties': async (call, next) => {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        return prop !== undefined && byId.has(call.object)
          ? { ...reply, out: { lunProp: { ...prop, size: 0n } } }
          : reply;
      },
    },
  };
}

const INTERCONNECT = {
  addressType: VDS_INTERCONNECT_ADDRESS_TYPE.VDS_IA_FCFS,
  portSize: 0,
  port: null,
  addressSize: 0,
  address: null,
};

export const LUN_IDENTITY: readonly Defect[] = [
  {
    name: 'lun-identification-version-0',
    breaks: ['VDS-10.18a'],
    noticedBy: ['luns.identification'],
    says: 'GetIdentificationData leaves m_version 0.',
    parts: { Lun: identification({ version: 0 }) },
  },
  {
    name: 'lun-identification-with-interconnects',
    breaks: ['VDS-10.18b'],
    noticedBy: ['luns.identification'],
    strict: true,
    says: 'GetIdentificationData reports an interconnect, which should be left to others.',
    parts: { Lun: identification({ numberOfInterconnects: 1, interconnects: [INTERCONNECT] }) },
  },
  {
    name: 'lun-identifier-count-lies',
    breaks: ['VDS-12.2b'],
    noticedBy: ['luns.identification'],
    says: 'The device id descriptor counts three identifiers and has none.',
    parts: { Lun: identification({ deviceIdDescriptor: { version: 0, numberOfIdentifiers: 3, identifiers: null } }) },
  },
  {
    name: 'lun-id-reused',
    breaks: ['VDS-4.2e'],
    noticedBy: ['luns.space-is-freed'],
    strict: true,
    says: 'A LUN that CreateLun makes gets the id of one that was just deleted.',
    parts: { StorageArray: ReusesIds },
  },
  {
    name: 'lun-ids-not-unique',
    breaks: ['VDS-4.4'],
    noticedBy: ['identity.container.lun'],
    says: 'LUNs of different subsystems have the same id, so that one is taken for the other.',
    parts: { StorageArray: SameIdInBoth },
  },
  {
    name: 'lun-space-leaked',
    breaks: ['VDS-10.6'],
    noticedBy: ['subsystem.space-is-freed'],
    says: 'The space of a deleted LUN is never free again.',
    parts: { StorageArray: LeaksSpace },
  },
  {
    name: 'lun-identity-varies',
    breaks: ['VDS-4.1b'],
    noticedBy: ['luns.one-object'],
    says: 'GetObject hands out the one COM object of a LUN at times, and at times a second one.',
    overrides: newObjectNowAndThen,
  },
  {
    name: 'lun-size-differs-by-route',
    breaks: ['VDS-4.1a'],
    noticedBy: ['identity.created-objects', 'interactions.queries'],
    says: 'A LUN found by GetObject reports another size than the same LUN found by QueryLuns.',
    overrides: otherSizeById,
  },
];
