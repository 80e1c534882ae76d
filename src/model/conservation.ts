// The conservation of space: whatever is deleted, shrunk, taken away or replaced gives back what it had, and two
// readings with the same things in use have the same left. The law is about bytes; where they lie is the provider's.
//
// A provider may keep what the documents leave to it: it may round to pieces, take something for each LUN beyond its
// size, hold back the space of a drive that cannot be used, and give a thin LUN what is written and no more.
import { VDS_DRIVE_STATUS } from '../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT, VDS_POOL_ATTRIBUTES } from '../contract/generated/structures.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { MIB } from '../contract/sizes.js';
import { bytesOf, bytesUnused, extentsOf, lunsOn } from './drive-extents.js';
import { COLUMNS, divisor, isStriped } from './knowledge.js';
import { idsIn, type Item, type SystemState } from './state.js';

export interface Imbalance {
  readonly requirement: string;
  /** The problem as a sentence. */
  readonly problem: string;
}

/** The bytes that were free with the same things in use, as one reading or query has them. */
interface Account {
  /** The holder of the space and everything that is in use of it: only the same are compared. */
  readonly use: string;
  /** Whose space it is, to be followed by how much: `the free space of the drive …`. */
  readonly holder: string;
  readonly free: bigint;
  /** Bytes by which the same use may leave less, as where things lie may be another place. */
  readonly leeway: bigint;
  readonly requirement: string;
}

/** A plex of a LUN and the bytes that it has of drives. */
interface Share {
  readonly key: string;
  readonly lun: Guid;
  readonly holder: string;
  /** Of the LUN. */
  readonly size: bigint;
  /** By how much the plex is larger than its LUN, as one that was a larger LUN may be. */
  readonly excess: bigint;
  readonly held: bigint;
  readonly isStriped: boolean;
}

/** Pieces that an array may lose at the edge of each LUN. */
const ALIGNMENT = MIB;
/** The largest piece of which an array may give a part in vain each time that a LUN grows. */
const LARGEST_PIECE = 64n * MIB;
/** The part of a drive in use that an array may take for what it writes down about it: one of so many. */
const OWN_USE = 64n;

/** The bytes that each LUN has of these extents, without saying which LUN. */
function sharesOf(extents: readonly VDS_DRIVE_EXTENT[]): string {
  const bytes = new Map<Guid, bigint>();
  for (const { lunId, size, used } of extents) if (used) bytes.set(lunId, (bytes.get(lunId) ?? 0n) + size);
  return [...bytes.values()].map(String).sort().join();
}

const conditionOf = ({ members }: Item): string => `${String(members['status'])} ${String(members['flags'])}`;

/** Everything in use of a state's drives, whichever LUN it is of; undefined where it is not all known. */
export function useOf(state: SystemState): string | undefined {
  const parts: string[] = [];
  for (const drive of state.ofKind('IVdsDrive')) {
    const extents = extentsOf(drive);
    if (extents === undefined) return undefined;
    parts.push(`${drive.id} ${conditionOf(drive)} ${sharesOf(extents)}`);
  }
  for (const lun of state.ofKind('IVdsLun'))
    parts.push(`${String(lun.members['type'])} ${String(lun.members['size'])}`);
  return parts.sort().join(';');
}

/** Of a drive that can be used: its free space, and all that it lists, whatever is in use. */
function ofDrive(drive: Item, isWhole: ReadonlyMap<Guid, boolean>): readonly Account[] {
  const extents = extentsOf(drive);
  const { status, flags, size } = drive.members;
  if (extents === undefined || status !== VDS_DRIVE_STATUS.VDS_DRS_ONLINE || flags === undefined) return [];
  // Of one that is not in use nothing need be reported.
  if (extents.length === 0 || typeof size !== 'bigint') return [];
  const use = `${drive.id} ${size} ${conditionOf(drive)}`;
  const luns = lunsOn(drive);
  const free: Account = {
    use: `${use} ${sharesOf(extents)}`,
    holder: `the free space of the drive ${drive.id}`,
    free: bytesUnused(extents),
    leeway: BigInt(luns.length) * ALIGNMENT,
    requirement: 'VDS-10.15',
  };
  // What is set aside for a thin LUN, and not written yet, may be neither its own nor free.
  if (!luns.every((id) => isWhole.get(id) === true)) return [free];
  const sum: Account = {
    use,
    holder: `the sum of the extents of the drive ${drive.id}`,
    free: bytesOf(extents),
    leeway: size / OWN_USE,
    requirement: 'VDS-10.15',
  };
  return [free, sum];
}

/** Everything in use, and the space that each pool has: one that grows with its LUNs may keep what it was given. */
function useOfPools(state: SystemState, pools: readonly Item[]): string | undefined {
  const use = useOf(state);
  const managed = pools.map((p) => `${p.id} ${String(p.members['totalManagedSpace'])}`);
  return use === undefined ? undefined : `of ${managed.join()} with ${use}`;
}

/** Of a pool that is not thin: what is written to a thin one takes its space. */
function ofPool(state: SystemState, pool: Item, use: string | undefined): Account | undefined {
  const { remainingFreeSpace: free, status, allocatedLuns } = pool.members;
  const attributes = pool.members['attributes'] as VDS_POOL_ATTRIBUTES | undefined;
  if (typeof free !== 'bigint' || attributes?.isThinProvisioned !== false || use === undefined) return undefined;
  const own = idsIn(allocatedLuns).map((id) => String(state.member(id, 'size')));
  return {
    use: `${pool.id} ${String(status)} ${own.sort().join()} ${use}`,
    holder: `the free space of the pool ${pool.id}`,
    free,
    leeway: BigInt(state.ofKind('IVdsLun').length) * ALIGNMENT,
    requirement: 'VDS-10.16f',
  };
}

export class Conservation {
  /** The most that was free, by use. */
  private readonly accounts = new Map<string, bigint>();
  /** The first and the last reading of each plex. */
  private readonly shares = new Map<string, readonly Share[]>();
  /** By LUN whether its plexes had as much of drives as its size when they were seen last. */
  private readonly isWhole = new Map<Guid, boolean>();
  /** The LUNs that had nothing of drives when it was looked last. */
  private readonly unwritten = new Set<Guid>();
  /** How often each LUN has grown. */
  private readonly growths = new Map<Guid, number>();
  /** The unit of which the extents of LUNs have been multiples. */
  private unit = 0n;

  /** A LUN has grown: what was added to it may be in pieces of its own, the last of them in part. */
  grew(lun: Guid): void {
    this.growths.set(lun, (this.growths.get(lun) ?? 0) + 1);
  }

  /** Weighs a state that was read whole; what is in balance is remembered. `isOwn`: LUNs that the run made. */
  weigh(state: SystemState, isOwn: (lun: Guid) => boolean = () => true): readonly Imbalance[] {
    const pools = state.ofKind('IVdsStoragePool');
    const use = pools.length === 0 ? undefined : useOfPools(state, pools);
    const shares = sharesOfPlexes(state);
    for (const { lun } of shares) this.isWhole.set(lun, true);
    for (const { lun, held, size } of shares) if (held < size) this.isWhole.set(lun, false);
    for (const { lun, held } of shares) this.unwritten[held === 0n ? 'add' : 'delete'](lun);
    const unseen = [
      ...this.unwritten,
      ...state.ofKind('IVdsLunPlex').flatMap((plex) => (extentsOf(plex) === undefined ? [plex.id] : [])),
    ];
    const open = new Set(unseen.map((id) => state.subSystemOf(id)));
    const accounts = [
      ...state
        .ofKind('IVdsDrive')
        // What is set aside for LUNs that have nothing of drives yet, or may have nothing, is seen on none.
        .filter(({ id }) => !open.has(state.subSystemOf(id)))
        .flatMap((drive) => ofDrive(drive, this.isWhole)),
      ...pools.flatMap((pool) => ofPool(state, pool, use) ?? []),
    ];
    this.learnUnit(state, isOwn);
    return [
      ...accounts.flatMap((account) => this.judge(account)),
      ...shares.flatMap((share) => this.judgeShare(share)),
    ];
  }

  /** Weighs the room that a query reports, with these things in use. `query` follows "the room by". */
  weighRoom(query: string, use: string, free: bigint): readonly Imbalance[] {
    return this.judge({
      use: `${query} ${use}`,
      holder: `the room by ${query}`,
      free,
      leeway: 0n,
      requirement: 'VDS-10.5a',
    });
  }

  private judge({ use, holder, free, leeway, requirement }: Account): readonly Imbalance[] {
    const before = this.accounts.get(use);
    if (before === undefined || free > before) this.accounts.set(use, free);
    if (before === undefined || free + leeway >= before) return [];
    return [{ requirement, problem: `${holder} is ${free} bytes, and was ${before} when nothing more was in use` }];
  }

  private judgeShare(share: Share): readonly Imbalance[] {
    const known = this.shares.get(share.key) ?? [];
    const piece = this.unit < LARGEST_PIECE ? this.unit : LARGEST_PIECE;
    const slack =
      this.unit * (share.isStriped ? COLUMNS : 1n) + ALIGNMENT + piece * BigInt(this.growths.get(share.lun) ?? 0);
    const wrong = known.toReversed().find((earlier) => share.held > mostOf(share, earlier) + slack);
    if (wrong !== undefined)
      return [
        {
          requirement: share.size < wrong.size ? 'VDS-10.7g' : 'VDS-10.15',
          problem:
            `${share.holder} has ${share.held} bytes of drives, and had ${wrong.held} when its LUN had ${wrong.size} ` +
            `instead of ${share.size}`,
        },
      ];
    // A plex that has less than its size is thin, and takes and gives as it is written; one that is larger than its LUN
    // has room for more of it.
    if (share.held >= share.size && share.excess <= slack) this.shares.set(share.key, [known[0] ?? share, share]);
    return [];
  }

  /** Of what is not the run's own, as of shadow copies, an array may keep what it likes. */
  private learnUnit(state: SystemState, isOwn: (lun: Guid) => boolean): void {
    for (const plex of state.ofKind('IVdsLunPlex'))
      if (isOwn(plex.parent ?? NULL_GUID))
        for (const { size, used } of extentsOf(plex) ?? []) if (used) this.unit = divisor(this.unit, size);
  }
}

/**
 * The most that a plex can have, by an earlier reading: for each byte of its LUN always the same, and no less than one,
 * and something besides.
 */
function mostOf({ size, isStriped }: Share, earlier: Share): bigint {
  if (size <= earlier.size) return earlier.held - (earlier.size - size);
  const most = (earlier.held * size) / (earlier.size || 1n);
  // The addition may lie on fewer columns.
  return isStriped ? 2n * most : most;
}

const sharesOfPlexes = (state: SystemState): readonly Share[] =>
  state.ofKind('IVdsLunPlex').flatMap((plex): readonly Share[] => {
    const extents = extentsOf(plex);
    const { size: own, type } = plex.members;
    const lun = plex.parent ?? NULL_GUID;
    const size = state.member(lun, 'size');
    if (extents === undefined || typeof size !== 'bigint') return [];
    return [
      {
        key: `${lun} ${plex.id}`,
        lun,
        holder: `the plex ${plex.id}`,
        size,
        excess: typeof own === 'bigint' ? own - size : 0n,
        held: bytesOf(extents.filter((e) => e.used)),
        isStriped: isStriped(type),
      },
    ];
  });
