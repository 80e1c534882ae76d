// The faults. Those of the cache change its bytes and nothing else; a correct provider finds them by verifying, answers
// VDS_E_PROVIDER_CACHE_CORRUPT to the calls that touch them, and is whole again after Reenumerate and Refresh. The stale entry carries a valid
// checksum: it cannot be found, is legal before that pair, and must be gone after it. Those of the array change the truth.
import type { Guid } from '../../src/contract/guid.js';
import { HR } from '../../src/contract/hresult.js';
import { VDSC_FAULT_KIND as FK } from '../../src/contract/generated/enumerations.js';
import type { StorageArray } from './array.js';
import { HEADER_SIZE, type Cache } from './cache.js';
import { Failure } from './failure.js';
import type { Inventory } from './inventory.js';
import { encode, type CacheRecord } from './records.js';

export const FAULT_NAMES: Readonly<Record<number, string>> = {
  [FK.VDSC_FK_FLIPPED_BYTES]: 'flipped-bytes', [FK.VDSC_FK_LOST_ENTRY]: 'lost-entry', [FK.VDSC_FK_DANGLING_REFERENCE]: 'dangling-reference',
  [FK.VDSC_FK_TORN_WRITE]: 'torn-write', [FK.VDSC_FK_STALE_ENTRY]: 'stale-entry', [FK.VDSC_FK_DELETE_OBJECT]: 'delete-object',
  [FK.VDSC_FK_DISCONNECT]: 'disconnect',
};

/** What a fault changed, read back from where it changed it. */
export interface Change {
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** Damages one entry. Throws Failure(VDS_E_NOT_SUPPORTED) when it has not what the fault needs. */
type CacheFault = (inventory: Inventory, key: Guid, number: number, array: StorageArray) => void;

const unsuitable = (): Failure => new Failure(HR.VDS_E_NOT_SUPPORTED);

function payload(cache: Cache, key: Guid): Uint8Array {
  const place = cache.place(key);
  if (place === undefined) throw unsuitable();
  return cache.at(place).subarray(HEADER_SIZE);
}

/** Four flipped bits within 32, a burst that no CRC-32 overlooks. */
const flipBytes: CacheFault = ({ cache }, key, number) => {
  const bytes = payload(cache, key);
  const start = (number * 7) % (bytes.length - 3);
  for (let i = start; i < start + 4; i++) bytes[i] = (bytes[i] ?? 0) ^ (1 << number % 8);
};

/** The entry is gone while its parent still lists it. */
const loseEntry: CacheFault = ({ cache }, key) => cache.remove(key);

/** The new half of a write that was cut short never came: what stands there is of something else. */
const tearWrite: CacheFault = ({ cache }, key, number) => {
  const bytes = payload(cache, key);
  const half = bytes.length >> 1;
  let fill = number & 0xff;
  do bytes.fill(++fill & 0xff, half); while (cache.isSound(key));
};

/** The checksum is right, but the entry refers to an object that does not exist. */
const dangle: CacheFault = ({ cache }, key, _number, array) => {
  if (!cache.isSound(key)) throw unsuitable();
  const record = JSON.parse(cache.read(key)) as CacheRecord;
  const nothing = array.ids.next('dangling');
  switch (record.kind) {
    case 'directory': throw unsuitable();
    case 'sub-system': return cache.store(key, encode({ ...record, luns: [...record.luns, nothing] }));
    default: return cache.store(key, encode({ ...record, parent: nothing }));
  }
};

/** The version before the present one is back, under a valid checksum. */
const makeStale: CacheFault = ({ cache, history }, key) => {
  const previous = history.before(key);
  if (previous === undefined) throw unsuitable();
  cache.store(key, previous);
};

export const CACHE_FAULTS: ReadonlyMap<number, CacheFault> = new Map([
  [FK.VDSC_FK_FLIPPED_BYTES, flipBytes], [FK.VDSC_FK_LOST_ENTRY, loseEntry], [FK.VDSC_FK_DANGLING_REFERENCE, dangle],
  [FK.VDSC_FK_TORN_WRITE, tearWrite], [FK.VDSC_FK_STALE_ENTRY, makeStale],
]);

/** Damages an entry of the cache and shows where. Throws Failure(VDS_E_NOT_SUPPORTED) when there is none, or it cannot be damaged so. */
export function damage(fault: CacheFault, inventory: Inventory, key: Guid, number: number, array: StorageArray): Change {
  const { cache } = inventory;
  const place = cache.place(key);
  if (place === undefined) throw unsuitable();
  const before = new Uint8Array(cache.at(place));
  fault(inventory, key, number, array);
  const now = cache.place(key) ?? place;
  const after = new Uint8Array(cache.at(now));
  const from = before.findIndex((byte, i) => byte !== after[i]);
  if (from === -1) throw unsuitable();
  return { where: `cache offset ${now.offset + from}`, before: excerpt(before, from), after: excerpt(after, from) };
}

const excerpt = (bytes: Uint8Array, from: number): string => Buffer.from(bytes.subarray(from, from + 32)).toString('hex');

/** Removes a device from the array with all that it holds. */
export function deleteFromArray(array: StorageArray, id: Guid): Change {
  const presence = (): string => (array.holds(id) ? 'present' : 'absent');
  const before = presence();
  array.remove(id);
  return { where: 'array', before, after: presence() };
}

/** Cuts a subsystem off, or pulls a drive. Throws Failure(VDS_E_NOT_SUPPORTED) for any other device, or one that is away already. */
export function disconnect(array: StorageArray, id: Guid): Change {
  const found = array.find(id);
  if (found?.kind === 'sub-system') found.subSystem.connected = false;
  else if (found?.kind === 'drive') found.drive.present = false;
  else throw unsuitable();
  return { where: 'array', before: 'connected', after: array.find(id) === undefined ? 'disconnected' : 'connected' };
}

/** Connects again what disconnect took away, if it is still there. */
export function reconnect(array: StorageArray, id: Guid): void {
  const subSystem = array.subSystems.get(id);
  if (subSystem !== undefined) subSystem.connected = true;
  for (const { drives } of array.subSystems.values()) {
    const drive = drives.get(id);
    if (drive !== undefined) drive.present = true;
  }
}

/** The faults of a session, by the numbers under which they can be healed. */
export class FaultLog {
  private readonly heals: (() => void)[] = [];

  /** The number that the next fault will have. */
  get next(): number {
    return this.heals.length + 1;
  }

  /** Takes a fault in; `heal` takes its cause away. */
  add(heal: () => void): number {
    this.heals.push(heal);
    return this.heals.length;
  }

  /** Whether there was such a fault. Each is healed once: a second time must not undo a later fault of the same kind. */
  heal(number: number): boolean {
    const heal = this.heals[number - 1];
    if (heal === undefined) return false;
    this.heals[number - 1] = () => {};
    heal();
    return true;
  }
}
