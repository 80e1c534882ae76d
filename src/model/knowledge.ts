// The knowledge of a run beyond the state: what it made itself, how the provider reads what the documents leave open,
// how it rounds, what it refuses.
import { VDS_LUN_TYPE as LT, VDS_TRANSITION_STATE } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import { Between, Expected, limitsOf } from './expected.js';
import { isPassing, WAYS_TO_LUNS } from '../truth/compare.js';
import { idsIn, memberKey, type Item, type Kind, type SystemState } from './state.js';

interface KnowledgeOptions {
  /** How SetImportTarget's string is understood; undefined where there is no import target. */
  readonly importTarget?: {
    value(target: { readonly id: Guid; readonly iscsiName: string }): string;
    readonly clear: string;
    readonly byName: boolean;
  };
  readonly uniqueName: () => string;
  readonly uniqueIscsiName: () => string;
  /** Whether the run may work on the subsystem or drive. */
  readonly within: (item: Item) => boolean;
  /** Drives that LUNs must lie on; undefined where the provider chooses. */
  readonly drives?: readonly Guid[];
  /** Bytes of a LUN that the array has taken, where the run has asked for one. */
  readonly lunSize?: bigint;
  /** Whether the system is thrown away afterwards, so that it may be cut off from its hosts. */
  readonly disposable?: boolean;
  /** What earlier checks have seen of the ways to LUNs: an array may take its time over changing them back. */
  readonly ways?: Ways;
}

/** By LUN the controllers that were active for it at last, and those that it has left by itself. */
export interface Ways {
  readonly active: Map<Guid, readonly Guid[]>;
  readonly left: Map<Guid, readonly Guid[]>;
}

export const newWays = (): Ways => ({ active: new Map(), left: new Map() });

const MOST = 1n << 62n;

/** Which sizes a unit is of: those of new LUNs, those of new and extended ones, and what was added by Extend. */
const [NEW, ANY, ADDED] = ['new', 'any', 'added'];
/** So often a command is tried that is refused each time. */
const PATIENCE = 6;
/** More columns than a stripe is likely to have. */
export const COLUMNS = 16n;

const CONCATENATED: ReadonlySet<unknown> = new Set([LT.VDS_LT_SIMPLE, LT.VDS_LT_SPAN, LT.VDS_LT_MIRROR]);
/** Whether a LUN, or a plex, of this type may have several columns; both count their types alike. */
export const isStriped = (type: unknown): boolean => typeof type === 'number' && !CONCATENATED.has(type);

/** Members of which it counts what they were at first. */
const REMEMBERED = ['friendlyName', 'status'] as const;

/** The greatest common divisor. */
export const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));

/** Members that may have values which end by themselves. */
const PASSING = ['status', 'health', 'portProperties'] as const;

/** An array may go on with these in the background, for hours, after the operation that began them has ended. */
const IN_TRANSITION: ReadonlySet<unknown> = new Set([
  VDS_TRANSITION_STATE.VDS_TS_EXTENDING,
  VDS_TRANSITION_STATE.VDS_TS_SHRINKING,
  VDS_TRANSITION_STATE.VDS_TS_RECONFIGING,
  VDS_TRANSITION_STATE.VDS_TS_RESTRIPING,
]);

/** The kinds whose members say which ways lead to a LUN. */
const WITH_WAYS: ReadonlySet<Kind> = new Set<Kind>(['IVdsLun', 'IVdsController', 'IVdsControllerPort']);

/** So many refusals are ahead of a command that was carried out once. */
const ACCEPTED = -1_000_000;

/** The sizes between these, with a leeway at both ends; any where the leeway is unknown. */
function within(least: bigint, most: bigint, asked: bigint, leeway: bigint | undefined): Between {
  if (leeway === undefined) return new Between(1n, MOST);
  const more = leeway + (asked < 0n ? -asked : asked) / 64n;
  return new Between(least > more ? least - more : 1n, most + more);
}

export class Knowledge {
  /** The objects that this run made, and may reshape and delete. */
  readonly own = new Set<Guid>();
  /** LUNs that were made, or given other space: the array may be at work on them for a while. */
  readonly reshaped = new Set<Guid>();
  /** Targets of which one initiator has to know a secret of its own, which nobody can ask for. */
  readonly secretsForOne = new Set<Guid>();
  /** iSCSI names of targets that were deleted. */
  readonly spentNames: string[] = [];
  /**
   * By subsystem and type: what the sizes of LUNs have been multiples of, but for one constant. Those of new ones are
   * also counted by themselves, as an array may round them otherwise than a LUN that it extends.
   */
  private readonly units = new Map<string, { unit: bigint; readonly seen: bigint }>();
  /** By subsystem the smallest size of a LUN that was made for less. */
  private readonly least = new Map<Guid, bigint>();
  private readonly refused = new Map<string, number>();
  private readonly vain = new Map<string, number>();
  private readonly fresh = new Map<string, unknown>();
  /** How long each list was at one time or another, by its object and member. */
  private readonly lengths = new Map<string, Set<number>>();
  private readonly firstValues = new Map<string, unknown>();
  private readonly acquainted = new Set<string>();

  /** By drives that were replaced: those that what lies on them moves to, perhaps in the background. */
  private readonly moving = new Map<Guid, Guid>();

  /** By drive the LUNs that were found on it: one that is OFFLINE may report none. */
  private readonly lunsOf = new Map<Guid, ReadonlySet<Guid>>();

  private readonly ways: Ways;

  constructor(readonly options: KnowledgeOptions) {
    this.ways = options.ways ?? newWays();
  }

  /** The extents of a drive are to move to another; the pages do not say when. */
  moves(from: Guid, to: Guid): void {
    this.moving.set(from, to);
  }

  /** The LUNs that are found on a drive now, and those that were found on it before. */
  foundOn(drive: Guid, luns: readonly Guid[]): ReadonlySet<Guid> {
    const all = new Set([...(this.lunsOf.get(drive) ?? []), ...luns]);
    this.lunsOf.set(drive, all);
    return all;
  }

  /** The state without what moves in the background, and so may change at any time. */
  withoutMoving(state: SystemState): SystemState {
    for (const from of this.moving.keys()) {
      const extents = state.member(from, 'extents');
      const isLeft = Array.isArray(extents) && extents.every((e: { readonly used: boolean }) => !e.used);
      if (isLeft) this.moving.delete(from);
    }
    const settled = PASSING.reduce(
      (known, member) => known.unknowing(member, ({ members }) => isPassing(member, members[member])),
      this.withoutWays(state).unknowing('transitionState', ({ members }) =>
        IN_TRANSITION.has(members['transitionState']),
      ),
    );
    if (this.moving.size === 0) return settled;
    const drives = new Set([...this.moving].flat());
    return settled.unknowing('extents', (item) => drives.has(item.id) || item.kind === 'IVdsLunPlex');
  }

  /** The state without the ways to LUNs of subsystems where some may still come back to the controller they had. */
  private withoutWays(state: SystemState): SystemState {
    const within = new Set([...this.ways.left.keys()].flatMap((lun) => state.subSystemOf(lun) ?? []));
    if (within.size === 0) return state;
    return WAYS_TO_LUNS.reduce(
      (known, member) =>
        known.unknowing(member, ({ id, kind }) => WITH_WAYS.has(kind) && within.has(state.subSystemOf(id) ?? id)),
      state,
    );
  }

  /** Remembers which controllers LUNs have left by themselves, until they are back there. */
  private meetWays(state: SystemState): void {
    for (const { id, members } of state.ofKind('IVdsLun')) {
      const { activeControllers } = members;
      if (!Array.isArray(activeControllers)) continue;
      const now = idsIn(activeControllers);
      const had = [...(this.ways.active.get(id) ?? []), ...(this.ways.left.get(id) ?? [])];
      const missing = had.filter((controller) => !now.includes(controller) && state.get(controller) !== undefined);
      if (missing.length === 0) this.ways.left.delete(id);
      else this.ways.left.set(id, missing);
      this.ways.active.set(id, now);
    }
    for (const id of this.ways.left.keys()) if (state.get(id) === undefined) this.ways.left.delete(id);
  }

  /** The caller has said which controllers are active for a LUN. */
  waysWereSet(lun: Guid): void {
    this.ways.left.delete(lun);
    this.ways.active.delete(lun);
  }

  wasReshaped(...luns: readonly (Guid | undefined)[]): void {
    for (const id of luns) if (id !== undefined) this.reshaped.add(id);
  }

  mayUse(item: Item): boolean {
    return this.options.within(item);
  }

  /** Learns from the size of a new LUN how sizes are rounded. */
  created(subSystem: Guid, type: unknown, size: bigint, asked: unknown): void {
    const least = this.least.get(subSystem);
    if (typeof asked === 'bigint' && size > asked && (least === undefined || size < least))
      this.least.set(subSystem, size);
    for (const what of [NEW, ANY]) {
      const known = this.learn(`${subSystem} ${what} ${String(type)}`, size);
      // A size that was given as asked is one of the units' multiples.
      if (size === asked) known.unit = divisor(known.unit, size);
    }
  }

  /** The same from the size of a LUN that was extended; `before` where its size was known. */
  extended(subSystem: Guid, type: unknown, before: unknown, size: bigint): void {
    this.learn(`${subSystem} ${ANY} ${String(type)}`, size);
    if (typeof before === 'bigint' && size > before) this.learn(`${subSystem} ${ADDED}`, size - before, 0n);
  }

  private learn(key: string, size: bigint, first = size): { unit: bigint } {
    const known = this.units.get(key) ?? { unit: 0n, seen: first };
    this.units.set(key, known);
    known.unit = divisor(known.unit, size > known.seen ? size - known.seen : known.seen - size);
    return known;
  }

  /** By how much a size of these may differ from what was asked for; undefined where nothing is known yet. */
  private leeway(subSystem: Guid, type: unknown, what: string): bigint | undefined {
    const own = this.units.get(`${subSystem} ${what} ${String(type)}`)?.unit ?? 0n;
    const all = [...this.units].filter(([key]) => key.startsWith(`${subSystem} ${what} `)).map(([, { unit }]) => unit);
    const largest = all.reduce((a, b) => (a > b ? a : b), 0n);
    if (largest === 0n) return undefined;
    // A type of several columns rounds each of them, and how many it has goes by where there is room.
    return own === 0n || isStriped(type) ? largest * COLUMNS : largest;
  }

  /** The same of changes: an array may add whole pieces to a size that it need not round to them. */
  private leewayOfChanges(subSystem: Guid, type: unknown): bigint | undefined {
    const unit = this.leeway(subSystem, type, ANY);
    const added = this.units.get(`${subSystem} ${ADDED}`)?.unit ?? 0n;
    return unit === undefined || unit > added ? unit : added;
  }

  /** Bytes by which a size must change so that it shows, whatever the rounding, also as one of four changes at once. */
  showing(subSystem: Guid, type: unknown): bigint | undefined {
    const unit = this.leewayOfChanges(subSystem, type);
    return unit === undefined ? undefined : 5n * unit;
  }

  /**
   * The sizes that a new LUN may have for which `asked` bytes are asked: rounded up or down, as those before it, or up
   * to the smallest size that the array has given in place of a smaller one.
   */
  rounded(subSystem: Guid, type: unknown, asked: bigint): Between {
    const leeway = this.leeway(subSystem, type, NEW);
    const known = this.units.get(`${subSystem} ${NEW} ${String(type)}`);
    // All of one size, which none had asked for: the unit is what divides it, and other types tell nothing of it.
    const isOpen = leeway !== undefined && known?.unit === 0n && known.seen > leeway;
    const sizes = within(asked, asked, asked, isOpen ? known.seen : leeway);
    const least = this.least.get(subSystem) ?? asked;
    return least > sizes.most ? new Between(sizes.least, least) : sizes;
  }

  /** The sizes that may come of asking for `asked` more than `from`: the first addition may be rounded to anything. */
  changed(subSystem: Guid, type: unknown, asked: bigint, from: unknown): Between {
    const { least, most } = limitsOf(from) ?? { least: 0n, most: MOST };
    const isFirst = !this.units.has(`${subSystem} ${ADDED}`);
    const ofFirst = asked < 0n ? this.leeway(subSystem, type, ANY) : undefined;
    const leeway = isFirst ? ofFirst : this.leewayOfChanges(subSystem, type);
    return within(least + asked, most + asked, asked, leeway);
  }

  /** Whether the first new object of its kind had something; undefined before there was one. */
  first(key: string): unknown {
    return this.fresh.get(key);
  }

  /** The values of new objects of a kind, learned from the first one. */
  asEver(key: string, project: (value: unknown) => unknown = (value) => value): Expected {
    const known = this.fresh.has(key);
    const first = JSON.stringify(this.fresh.get(key));
    return new Expected(
      known ? `as with the first one that was made (${first})` : 'anything',
      (actual) => !known || first === JSON.stringify(project(actual)),
    );
  }

  /** The same for what is read only now and then: the first time that it is read, it is learned. */
  asFirstRead(key: string, project: (value: unknown) => unknown): Expected {
    return new Expected('as with the first one that was made', (actual) => {
      this.firstOf(key, project(actual));
      return JSON.stringify(this.fresh.get(key)) === JSON.stringify(project(actual));
    });
  }

  /** A value that was left out is learned from a later object. */
  firstOf(key: string, value: unknown): void {
    if (value !== undefined && !this.fresh.has(key)) this.fresh.set(key, value);
  }

  /** A call was carried out; where it gave a target a secret for one initiator, that is remembered. */
  secretWasSet(method: string, target: Guid, { initiatorName }: Readonly<Record<string, unknown>>): void {
    if (method === 'IVdsIscsiTarget.SetSharedSecret' && typeof initiatorName === 'string')
      this.secretsForOne.add(target);
  }

  /** The objects of the run's own have other ids now. */
  rename(ids: ReadonlyMap<Guid, Guid>): void {
    for (const known of [this.own, this.secretsForOne])
      for (const [was, is] of ids) if (known.delete(was)) known.add(is);
  }

  /** Remembers what objects had when they were first seen. */
  met(state: SystemState): void {
    this.meetWays(state);
    for (const { id, members } of state.items.values()) {
      this.acquainted.add(id);
      for (const member of REMEMBERED) {
        const key = memberKey(id, member);
        if (members[member] !== undefined && !this.firstValues.has(key)) this.firstValues.set(key, members[member]);
      }
      for (const [member, list] of Object.entries(members)) {
        if (!Array.isArray(list)) continue;
        const key = memberKey(id, member);
        this.lengths.set(key, (this.lengths.get(key) ?? new Set()).add(list.length));
      }
    }
  }

  /** From now on earlier lengths of lists are remembered. */
  forgetLengths(): void {
    this.lengths.clear();
  }

  /** Whether a list was so long at an earlier time: an earlier version of a damaged entry may be answered. */
  hadLength(id: Guid, member: string, length: number): boolean {
    return this.lengths.get(memberKey(id, member))?.has(length) === true;
  }

  /** Whether an object was ever there, with this id. */
  hasMet(id: string): boolean {
    return this.acquainted.has(id);
  }

  /** The value of a member when the object was first seen; undefined for one that is not remembered. */
  firstValue(id: Guid, member: string): unknown {
    return this.firstValues.get(memberKey(id, member));
  }

  /**
   * The provider has refused this command for what it may lack; after several such answers it is not asked for again.
   */
  refuse(command: string): void {
    this.refused.set(command, (this.refused.get(command) ?? 0) + 1);
  }

  /** The provider has no interface for the command. */
  lacks(command: string): void {
    this.refused.set(command, Number.MAX_SAFE_INTEGER);
  }

  accept(command: string): void {
    this.refused.set(command, ACCEPTED);
  }

  /** Whether the provider has ever carried the command out. */
  hasAccepted(command: string): boolean {
    return (this.refused.get(command) ?? 0) < 0;
  }

  /** Other commands were played to make this one possible, and it still was not. */
  enabledInVain(command: string): void {
    this.vain.set(command, (this.vain.get(command) ?? 0) + 1);
  }

  /** Commands that were in vain may not be any more. */
  tryAgain(): void {
    this.vain.clear();
  }

  /** Whether it is worth a few calls more to make a command possible. */
  isWorthEnabling(command: string): boolean {
    return this.isAvailable(command) && (this.vain.get(command) ?? 0) < PATIENCE / 2;
  }

  isAvailable(command: string): boolean {
    return (this.refused.get(command) ?? 0) < PATIENCE;
  }
}
