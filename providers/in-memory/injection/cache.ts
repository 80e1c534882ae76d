// The faults of the cache change its bytes and nothing else; a correct provider finds them by verifying, answers
// VDS_E_PROVIDER_CACHE_CORRUPT to the calls that touch them, and is whole again after Reenumerate and Refresh. The
// stale entry carries a valid checksum: it cannot be found, is legal before that pair, and must be gone after it.
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDSC_FAULT_KIND as FK } from '../../../src/contract/generated/enumerations.js';
import type { StorageArray } from '../array/array.js';
import { HEADER_SIZE, type Cache } from '../cache/cache.js';
import { Failure } from '../failure.js';
import type { Knowledge } from '../objects/instance.js';
import { encode, type CacheRecord } from '../cache/records.js';
import { unsuitable, type Fault } from './fault.js';

/** Damages one entry. Throws Failure(VDS_E_NOT_SUPPORTED) when it has not what the fault needs. */
type CacheFault = (inventory: Knowledge, key: Guid, number: number, array: StorageArray) => void;

function payload(cache: Cache, key: Guid): Uint8Array {
  const place = cache.place(key);
  if (place === undefined) throw unsuitable();
  return cache.at(place).subarray(HEADER_SIZE);
}

/** Four flipped bits within 32, a burst that no CRC-32 overlooks. */
const flipBytes: CacheFault = ({ cache }, key, number) => {
  const bytes = payload(cache, key);
  const start = (number * 7) % (bytes.length - 3);
  for (let i = start; i < start + 4; i++) bytes[i] = (bytes[i] ?? 0) ^ (1 << (number % 8));
};

/** The entry is gone while its parent still lists it. */
const loseEntry: CacheFault = ({ cache }, key) => cache.remove(key);

/** The new half of a write that was cut short never came: what stands there is of something else. */
const tearWrite: CacheFault = ({ cache }, key, number) => {
  const bytes = payload(cache, key);
  const half = bytes.length >> 1;
  let fill = number & 0xff;
  do bytes.fill(++fill & 0xff, half);
  while (cache.isSound(key));
};

/** The checksum is right, but the entry refers to an object that does not exist. */
const dangle: CacheFault = ({ cache }, key, _number, array) => {
  if (!cache.isSound(key)) throw unsuitable();
  const record = JSON.parse(cache.read(key)) as CacheRecord;
  const nothing = array.ids.next('dangling');
  switch (record.kind) {
    case 'directory':
      throw unsuitable();
    case 'subsystem':
      return cache.store(key, encode({ ...record, luns: [...record.luns, nothing] }));
    default:
      return cache.store(key, encode({ ...record, parent: nothing }));
  }
};

/** The version before the present one is back, under a valid checksum. */
const makeStale: CacheFault = ({ cache, history }, key) => {
  const previous = history.before(key);
  if (previous === undefined) throw unsuitable();
  cache.store(key, previous);
};

/**
 * Damages an entry of the cache and shows where. There is no cause to take away: the damage is the provider's to
 * repair.
 */
const damage =
  (form: CacheFault): Fault =>
  ({ provider, id }) => {
    if (!provider.loaded) throw new Failure(HR.VDS_E_INITIALIZE_NOT_CALLED);
    const { inventory, array, system } = provider;
    const { cache } = inventory;
    const place = cache.place(id);
    if (place === undefined) throw unsuitable();
    const before = new Uint8Array(cache.at(place));
    form(inventory, id, system.faults.next, array);
    const now = cache.place(id) ?? place;
    const after = new Uint8Array(cache.at(now));
    const from = before.findIndex((byte, i) => byte !== after[i]);
    if (from === -1) throw unsuitable();
    return { where: `cache offset ${now.offset + from}`, before: excerpt(before, from), after: excerpt(after, from) };
  };

const excerpt = (bytes: Uint8Array, from: number): string =>
  Buffer.from(bytes.subarray(from, from + 32)).toString('hex');

export const CACHE_FAULTS: ReadonlyMap<number, Fault> = new Map([
  [FK.VDSC_FK_FLIPPED_BYTES, damage(flipBytes)],
  [FK.VDSC_FK_LOST_ENTRY, damage(loseEntry)],
  [FK.VDSC_FK_DANGLING_REFERENCE, damage(dangle)],
  [FK.VDSC_FK_TORN_WRITE, damage(tearWrite)],
  [FK.VDSC_FK_STALE_ENTRY, damage(makeStale)],
]);
