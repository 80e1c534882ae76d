// Defects that show in trouble: overlapping calls, failed devices, errors of the array, memory that runs out.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HR, hresultFromWin32 } from '../../../src/contract/hresult.js';
import { method, type MethodName } from '../../../src/contract/tables.js';
import type { DeviceRecord } from '../../in-memory/cache/records.js';
import type { Guid } from '../../../src/contract/guid.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Defect } from '../defect.js';
import { RefreshingInventory } from '../refreshing.js';
import { given, skipToTheEnd, type MakeOverrides, type Overrides } from '../override.js';

/** One flag guards the whole provider, and a call that finds it set answers E_UNEXPECTED. */
const surprisedByOverlap = (): Overrides => {
  let busy = 0;
  return {
    async invoke(call, next) {
      // Injecting and healing are not part of the provider.
      if (method(call.method).interfaceName === 'IVdsConformanceControl') return next();
      if (busy > 0) return { hr: HR.E_UNEXPECTED, out: {} };
      busy += 1;
      try {
        // The call ends no sooner than the next turn, as a call to an array would.
        await nextTurn();
        return await next();
      } finally {
        busy -= 1;
      }
    },
  };
};

/** Refresh empties the lists of drives before it fills them again. */
const emptiesLists: MakeOverrides = (inner) => {
  let refreshing = 0;
  return {
    methods: {
      async 'IVdsHwProvider.Refresh'(_call, next) {
        refreshing += 1;
        try {
          await nextTurn();
          return await next();
        } finally {
          refreshing -= 1;
        }
      },
      async 'IVdsSubSystem.QueryDrives'(_call, next) {
        const isEmpty = refreshing > 0;
        const reply = await next();
        if (isEmpty) await skipToTheEnd(inner, reply.out.enum);
        return reply;
      },
    },
  };
};

/** The size is written before the operation has it, and by halves. */
const sizeTornByExtend = (): Overrides => {
  let extending = 0;
  return {
    methods: {
      async 'IVdsLun.Extend'(_call, next) {
        extending += 1;
        try {
          await nextTurn();
          return await next();
        } finally {
          extending -= 1;
        }
      },
      async 'IVdsLun.GetProperties'(_call, next) {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        return extending === 0 || prop === undefined
          ? reply
          : { ...reply, out: { lunProp: { ...prop, size: prop.size + 4096n } } };
      },
    },
  };
};

/** The code that trouble ends with is put down to something else. */
const toldAs =
  (code: number, as: number): MakeOverrides =>
  () => ({
    async invoke(_call, next) {
      const reply = await next();
      return reply.hr === code ? { ...reply, hr: as } : reply;
    },
  });

const SLOW = 40;

/** An operation that took its time is reported as failed, although it was carried out. */
const slowOperationToldAsFailed: MakeOverrides = () => ({
  methods: {
    async 'IVdsAsync.Wait'(_call, next) {
      const started = performance.now();
      const reply = await next();
      return performance.now() - started < SLOW
        ? reply
        : { ...reply, out: { ...reply.out, hrResult: HR.VDS_E_TIMEOUT } };
    },
  },
});

/** A call that waited for the array during its repair answers E_UNEXPECTED. */
const surprisedByTheAnswer: MakeOverrides = () => {
  const waiting = new Set<{ healed: boolean }>();
  return {
    methods: {
      async 'IVdsConformanceControl.Heal'(_call, next) {
        for (const call of waiting) call.healed = true;
        return next();
      },
    },
    async invoke(_call, next) {
      const call = { healed: false };
      waiting.add(call);
      try {
        const reply = await next();
        return call.healed ? { hr: HR.E_UNEXPECTED, out: {} } : reply;
      } finally {
        waiting.delete(call);
      }
    },
  };
};

/** Status and health are read when a device is met; Refresh leaves them. */
class StatusFromFirstSight extends RefreshingInventory {
  protected override write(record: DeviceRecord, id: Guid): void {
    const device = this.devices.get(id);
    const before = this.refreshing && device !== undefined ? this.soundRecord(device) : undefined;
    if (before === undefined || !('health' in before) || !('health' in record)) return super.write(record, id);
    return super.write({ ...record, status: before.status, health: before.health }, id);
  }
}

/** Bytes that it helps itself to. */
const RESERVE = 1 << 20;

/** Lists the plexes for which there is memory: one. */
class OnePlexWithoutMemory extends LunObject {
  private isShort = false;

  override refuse(name: MethodName): number | undefined {
    const refused = super.refuse(name);
    const { allocator } = this.provider.system;
    if (refused === undefined && name === 'IVdsLun.QueryPlexes' && allocator.free === 0) {
      allocator.give(RESERVE);
      this.isShort = true;
    }
    return refused;
  }

  protected override queryPlexes(): ReturnType<LunObject['queryPlexes']> {
    if (!this.isShort) return super.queryPlexes();
    this.isShort = false;
    const one = this.provider.list('plex', [...this.reach().lun.plexes.keys()].slice(0, 1));
    this.provider.system.allocator.give(-RESERVE);
    return { hr: HR.S_OK, out: { enum: one } };
  }
}

class EmptyWithoutMemory extends TargetObject {
  private isShort = false;

  override refuse(name: MethodName): number | undefined {
    const refused = super.refuse(name);
    const { allocator } = this.provider.system;
    if (refused === undefined && name === 'IVdsIscsiTarget.QueryAssociatedLuns' && allocator.free === 0) {
      allocator.give(RESERVE);
      this.isShort = true;
    }
    return refused;
  }

  protected override queryAssociatedLuns(): ReturnType<TargetObject['queryAssociatedLuns']> {
    if (!this.isShort) return super.queryAssociatedLuns();
    this.isShort = false;
    const none = this.provider.enumerate([]);
    this.provider.system.allocator.give(-RESERVE);
    return { hr: HR.S_OK, out: { enum: none } };
  }
}

/** HRESULT_FROM_WIN32(ERROR_IO_DEVICE) */
const IO_DEVICE = hresultFromWin32(1117);

/** Takes a list for set that it has sent to the array, whatever that answered, and sends it no second time. */
class SendsAMaskOnce extends LunObject {
  private sent: string | null | undefined;

  protected override setMask(list: string | null): ReturnType<LunObject['setMask']> {
    if (list === this.sent) return { hr: HR.S_OK };
    this.sent = undefined;
    try {
      return super.setMask(list);
    } catch (error) {
      if (error instanceof Failure && error.hr === IO_DEVICE) this.sent = list;
      throw error;
    }
  }
}

export const TROUBLE: readonly Defect[] = [
  {
    name: 'overlap-unexpected',
    breaks: ['VDS-13.3'],
    noticedBy: [
      'faults.overlapping-call.reenumerate-twice',
      'faults.overlapping-call.refresh-and-query',
      'interactions.reads-at-once',
    ],
    says: 'A call that overlaps another one answers E_UNEXPECTED.',
    overrides: surprisedByOverlap,
  },
  {
    name: 'drives-gone-while-refreshing',
    breaks: ['VDS-13.3'],
    noticedBy: ['interactions.reads-at-once'],
    says: 'While Refresh is under way QueryDrives gives drives that it has not yet read again as none.',
    overrides: emptiesLists,
  },
  {
    name: 'size-torn-by-extend',
    breaks: ['VDS-4.1a'],
    noticedBy: ['faults.overlapping-call.extend-and-properties'],
    says: 'While Extend is under way GetProperties reports a size that the LUN has at no time.',
    overrides: sizeTornByExtend,
  },
  {
    name: 'no-memory-is-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['faults.exhaust-memory.portal'],
    says: 'A method that gets no memory answers E_FAIL instead of E_OUTOFMEMORY.',
    overrides: toldAs(HR.E_OUTOFMEMORY, HR.E_FAIL),
  },
  {
    name: 'io-error-is-e-unexpected',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['faults.device-error.target', 'faults.device-error.pair'],
    says: 'An I/O error of the array is answered as E_UNEXPECTED instead of as the system error that it is.',
    overrides: toldAs(IO_DEVICE, HR.E_UNEXPECTED),
  },
  {
    name: 'slow-operation-reported-as-failed',
    breaks: ['VDS-8.2'],
    noticedBy: ['faults.latency'],
    says: 'An operation that takes longer than 40 ms is reported as timed out, although it is carried out.',
    overrides: slowOperationToldAsFailed,
  },
  {
    name: 'surprised-by-the-answer',
    breaks: ['VDS-13.3'],
    noticedBy: ['faults.hang.pair', 'interactions.reads-at-once'],
    says: 'A call that had to wait for an array which did not answer ends with E_UNEXPECTED once the array does.',
    overrides: surprisedByTheAnswer,
  },
  {
    name: 'status-from-first-sight',
    breaks: ['VDS-5.3'],
    noticedBy: ['array-events.pulled-drive.silently'],
    says: 'Refresh leaves status and health of devices as they were when the device was first met.',
    parts: { Inventory: StatusFromFirstSight },
  },
  {
    name: 'list-is-empty-without-memory',
    breaks: ['VDS-6.8'],
    noticedBy: ['recovery.trouble.exhaust-memory'],
    says: 'QueryAssociatedLuns of a target answers S_OK and an empty enumeration when there is no memory for the list.',
    parts: { Target: EmptyWithoutMemory },
  },
  {
    name: 'one-plex-without-memory',
    breaks: ['VDS-6.7b'],
    noticedBy: ['interactions.trouble'],
    says: 'QueryPlexes of a mirror lists the first plex alone, and answers S_OK, when there is no memory for more.',
    parts: { Lun: OnePlexWithoutMemory },
  },
  {
    name: 'mask-is-sent-once',
    says: 'SetMask answers S_OK and does nothing for a list of which it has failed with an I/O error before.',
    breaks: ['VDS-10.9a'],
    noticedBy: ['interactions.trouble'],
    parts: { Lun: SendsAMaskOnce },
  },
];
