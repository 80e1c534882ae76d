// The places on drives where the space of LUNs lies: a hot spare is left alone, Shrink takes from the end, and
// ReplaceDrive leaves nothing behind. Where else things lie is the provider's, and so is the order in which it lists
// extents, of which no page says anything; what is known of a LUN's order is that what Extend adds comes last.
import { VDS_DRIVE_STATUS, VDS_LUN_PLEX_TYPE } from '../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT } from '../contract/generated/structures.js';
import type { Guid } from '../contract/guid.js';
import { MIB } from '../contract/sizes.js';
import type { MethodName } from '../contract/tables.js';
import type { Imbalance } from './conservation.js';
import { bytesOf, isSpare } from './drive-extents.js';
import type { Played } from './explain.js';
import type { Item, SystemState } from './state.js';

/** Bytes by drive. */
type Bytes = ReadonlyMap<Guid, bigint>;

/** Calls that take space of drives for a LUN, by whichever route. */
const TAKES: ReadonlySet<MethodName> = new Set<MethodName>([
  'IVdsSubSystem.CreateLun',
  'IVdsSubSystem2.CreateLun2',
  'IVdsHwProviderStoragePools.CreateLunInStoragePool',
  'IVdsLun.Extend',
  'IVdsLun.AddPlex',
]);

/** Bytes that an array may lose at an edge. */
const EDGE = MIB;

const extentsOf = (item: Item | undefined): readonly VDS_DRIVE_EXTENT[] | undefined => {
  const extents = item?.members['extents'];
  return Array.isArray(extents) ? (extents as readonly VDS_DRIVE_EXTENT[]).filter((e) => e.used) : undefined;
};

function bytesBy(key: 'id' | 'lunId', extents: readonly VDS_DRIVE_EXTENT[]): Bytes {
  const bytes = new Map<Guid, bigint>();
  for (const e of extents) bytes.set(e[key], (bytes.get(e[key]) ?? 0n) + e.size);
  return bytes;
}

const isOnline = ({ members: { status } }: Item): boolean => status === VDS_DRIVE_STATUS.VDS_DRS_ONLINE;

/** The drives and plexes whose extents tell whether a call takes and gives space where it may. */
export function spaceToldBy(state: SystemState, call: Omit<Played, 'outcome'>): readonly Guid[] {
  const { command, item, subSystem, request } = call;
  const { method } = command;
  const from = method === 'IVdsSubSystem.ReplaceDrive' ? request.args['driveToBeReplaced'] : undefined;
  const isResized = method === 'IVdsLun.Extend' || method === 'IVdsLun.Shrink';
  return [
    ...(typeof from === 'string' ? [from as Guid] : []),
    ...(isResized ? state.ofKind('IVdsLunPlex', item.id).map((p) => p.id) : []),
    ...(TAKES.has(method)
      ? state
          .ofKind('IVdsDrive', subSystem)
          .filter(isSpare)
          .map((d) => d.id)
      : []),
  ];
}

/**
 * What calls took of drives that are hot spares before and after them. A LUN that is new is never rebuilt onto one;
 * another one may be, when a drive of it cannot be used.
 */
function takenOfSpares(before: SystemState, calls: readonly Played[], after: SystemState): readonly Imbalance[] {
  const done = calls.filter((c) => c.outcome.done);
  if (done.some(({ command: { method } }) => method === 'IVdsDrive.SetFlags' || method === 'IVdsDrive.ClearFlags'))
    return [];
  const made = new Set(done.flatMap((c) => (TAKES.has(c.command.method) ? (c.outcome.made ?? []) : [])));
  const allOnline = [before, after].every((state) => state.ofKind('IVdsDrive').every(isOnline));
  const onlyTake = done.length > 0 && done.every((c) => TAKES.has(c.command.method));
  return after.ofKind('IVdsDrive').flatMap((drive): Imbalance[] => {
    const [was, is] = [extentsOf(before.get(drive.id)), extentsOf(drive)];
    if (was === undefined || is === undefined || !isSpare(drive) || !isSpare(before.get(drive.id))) return [];
    const ofNew = bytesOf(is.filter((e) => made.has(e.lunId)));
    const more = bytesOf(is) - bytesOf(was);
    const taken = ofNew > 0n ? ofNew : allOnline && onlyTake ? more : 0n;
    const problem = `${taken} bytes of the drive ${drive.id}, which is a hot spare, were taken for a LUN`;
    return taken > 0n ? [{ requirement: 'VDS-10.21b', problem }] : [];
  });
}

const ONE_AFTER_ANOTHER: readonly unknown[] = [VDS_LUN_PLEX_TYPE.VDS_LPT_SIMPLE, VDS_LUN_PLEX_TYPE.VDS_LPT_SPAN];

/** What a plex has of drives, whose bytes come one after another; undefined where it is not known, or has columns. */
function plexBytes(plex: Item | undefined): Bytes | undefined {
  const extents = extentsOf(plex);
  return extents === undefined || !ONE_AFTER_ANOTHER.includes(plex?.members['type'])
    ? undefined
    : bytesBy('id', extents);
}

/** By how much the second is more, by drive; only where it differs. */
function differences(less: Bytes, more: Bytes): Bytes {
  const by = new Map<Guid, bigint>();
  for (const drive of new Set([...less.keys(), ...more.keys()])) {
    const difference = (more.get(drive) ?? 0n) - (less.get(drive) ?? 0n);
    if (difference !== 0n) by.set(drive, difference);
  }
  return by;
}

const total = (bytes: Bytes): bigint => [...bytes.values()].reduce((sum, b) => sum + b, 0n);
const sumOf = (layers: readonly Bytes[]): Bytes => {
  const sum = new Map<Guid, bigint>();
  for (const layer of layers) for (const [drive, bytes] of layer) sum.set(drive, (sum.get(drive) ?? 0n) + bytes);
  return sum;
};
const isEvery = (bytes: Bytes, suits: (b: bigint) => boolean): boolean => [...bytes.values()].every(suits);

/** The bytes that may go, and those that must, by drive, when so many of these layers are taken from the last. */
function fromTheEnd(layers: readonly Bytes[], removed: bigint): { readonly must: Bytes; readonly may: Bytes } {
  const gone: Bytes[] = [];
  let left = removed;
  for (const layer of layers.toReversed()) {
    if (total(layer) > left) return { must: sumOf(gone), may: left > 0n ? sumOf([...gone, layer]) : sumOf(gone) };
    gone.push(layer);
    left -= total(layer);
  }
  return { must: sumOf(gone), may: sumOf(gone) };
}

/** The layers that are left of some when bytes have gone from drives, taken from the last ones. */
function withoutEnd(layers: readonly Bytes[], gone: Bytes): readonly Bytes[] {
  const left = new Map(gone);
  const kept: Bytes[] = [];
  for (const layer of layers.toReversed()) {
    const rest = new Map<Guid, bigint>();
    for (const [drive, bytes] of layer) {
      const wanted = left.get(drive) ?? 0n;
      const taken = wanted < bytes ? wanted : bytes;
      left.set(drive, wanted - taken);
      if (bytes > taken) rest.set(drive, bytes - taken);
    }
    if (rest.size > 0) kept.unshift(rest);
  }
  return kept;
}

/** The only one of some calls, where it was carried out and is by this method. */
function soleCall(calls: readonly Played[], method: MethodName): Played | undefined {
  const [call, ...others] = calls;
  return others.length === 0 && call?.command.method === method && call.outcome.done ? call : undefined;
}

/** The bytes that a LUN had on a drive that was replaced, and those that it has there still. */
interface Move {
  readonly lun: Guid;
  readonly type: unknown;
  readonly from: Guid;
  readonly had: bigint;
  readonly has: bigint;
}

/** The most bytes of a LUN that have moved, by its type. */
function mostOf(before: ReadonlyMap<unknown, bigint>, moves: readonly Move[]): ReadonlyMap<unknown, bigint> {
  const most = new Map(before);
  for (const { type, had, has } of moves) if (has === 0n && had > (most.get(type) ?? 0n)) most.set(type, had);
  return most;
}

/** Follows what each plex was given first, and what came to it with each Extend. */
export class Layout {
  private readonly layers = new Map<Guid, readonly Bytes[]>();
  /**
   * The most bytes of a LUN that had moved when ReplaceDrive had returned, by its type: one with redundancy may be
   * rebuilt in the background while others are copied.
   */
  private readonly mostMoved = new Map<unknown, bigint>();

  /** Weighs a change between two states that were read whole; nothing is remembered of it. */
  weigh(before: SystemState, calls: readonly Played[], after: SystemState): readonly Imbalance[] {
    return [
      ...takenOfSpares(before, calls, after),
      ...this.takenElsewhere(before, calls, after),
      ...this.leftBehind(before, calls, after),
    ];
  }

  /** What Shrink took from elsewhere than the end. */
  private takenElsewhere(before: SystemState, calls: readonly Played[], after: SystemState): readonly Imbalance[] {
    const call = soleCall(calls, 'IVdsLun.Shrink');
    if (call === undefined) return [];
    return after.ofKind('IVdsLunPlex', call.item.id).flatMap((plex): Imbalance[] => {
      const [was, is] = [plexBytes(before.get(plex.id)), plexBytes(plex)];
      if (was === undefined || is === undefined) return [];
      const gone = differences(is, was);
      const { must, may } = fromTheEnd(this.layersOf(plex.id, was), total(gone));
      const wrong = [...was.keys()].find((drive) => {
        const bytes = gone.get(drive) ?? 0n;
        return bytes > (may.get(drive) ?? 0n) + EDGE || bytes + EDGE < (must.get(drive) ?? 0n);
      });
      if (wrong === undefined) return [];
      const [bytes, most] = [gone.get(wrong) ?? 0n, may.get(wrong) ?? 0n];
      return [
        {
          requirement: 'VDS-10.7e',
          problem:
            `Shrink took ${bytes} bytes of the plex ${plex.id} from the drive ${wrong}, on which ${most} of the last ` +
            `${total(gone)} bytes of the LUN lay, as Extend had added them`,
        },
      ];
    });
  }

  /** What ReplaceDrive left of a LUN, where it has moved as much of another. */
  private leftBehind(before: SystemState, calls: readonly Played[], after: SystemState): readonly Imbalance[] {
    const moves = this.movesOf(before, calls, after);
    const most = mostOf(this.mostMoved, moves);
    return moves
      .filter(({ type, had, has }) => has === had && has <= (most.get(type) ?? 0n))
      .map(({ lun, type, has, from }) => ({
        requirement: 'VDS-10.26b',
        problem:
          `ReplaceDrive left ${has} bytes of the LUN ${lun} on the drive ${from} that it was to replace, and has ` +
          `moved ${most.get(type)} bytes of a LUN of its type before it returned`,
      }));
  }

  private movesOf(before: SystemState, calls: readonly Played[], after: SystemState): readonly Move[] {
    const call = soleCall(calls, 'IVdsSubSystem.ReplaceDrive');
    const from = call?.request.args['driveToBeReplaced'] as Guid | undefined;
    if (call === undefined || from === undefined) return [];
    const [was, is] = [extentsOf(before.get(from)), extentsOf(after.get(from))];
    if (was === undefined || is === undefined) return [];
    const left = bytesBy('lunId', is);
    return [...bytesBy('lunId', was)].map(([lun, had]) => ({
      lun,
      type: before.member(lun, 'type'),
      from,
      had,
      has: left.get(lun) ?? 0n,
    }));
  }

  /** What is known of the order of a plex that has this much now. */
  private layersOf(plex: Guid, bytes: Bytes): readonly Bytes[] {
    const known = this.layers.get(plex) ?? [];
    return differences(sumOf(known), bytes).size === 0 ? known : [bytes];
  }

  /** Remembers what a change has left. */
  learn(before: SystemState, calls: readonly Played[], after: SystemState): void {
    for (const [type, bytes] of mostOf(this.mostMoved, this.movesOf(before, calls, after)))
      this.mostMoved.set(type, bytes);
    const resized = soleCall(calls, 'IVdsLun.Extend') ?? soleCall(calls, 'IVdsLun.Shrink');
    for (const plex of after.ofKind('IVdsLunPlex')) {
      const [was, is] = [plexBytes(before.get(plex.id)), plexBytes(plex)];
      if (is === undefined) {
        this.layers.delete(plex.id);
        continue;
      }
      const change = was === undefined || resized?.item.id !== plex.parent ? undefined : differences(was, is);
      const layers = was === undefined ? [] : this.layersOf(plex.id, was);
      if (change === undefined || change.size === 0) this.layers.set(plex.id, this.layersOf(plex.id, is));
      else if (isEvery(change, (b) => b > 0n)) this.layers.set(plex.id, [...layers, change]);
      else if (isEvery(change, (b) => b < 0n)) this.layers.set(plex.id, withoutEnd(layers, differences(is, was ?? is)));
      else this.layers.set(plex.id, [is]);
    }
  }
}
