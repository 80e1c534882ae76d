// The state of a system as a caller can know it: every object with its members, by id. The state after a change is made
// by a draft, whose values may be known in part (expected.ts); an observation makes it whole again.
import { configuresTargets } from '../contract/flags.js';
import { VDS_DRIVE_FLAG as DRF, VDS_HEALTH } from '../contract/generated/enumerations.js';
import type { Guid } from '../contract/guid.js';
import type { DeviceInterface } from '../contract/objects.js';
import { SPACE_OF_POOLS } from '../truth/compare.js';
import { CONTAINER, isContents } from '../truth/getters.js';
import { LISTED } from '../truth/member-requirements.js';
import { listKey, type Members, type Observation, type Unread } from '../truth/observation.js';
import { ANYTHING, Expected } from './expected.js';

/** A kind of object, by the interface that reports its properties. */
export type Kind = DeviceInterface;

export interface Item {
  readonly kind: Kind;
  readonly id: Guid;
  /** Its container; null for a subsystem. */
  readonly parent: Guid | null;
  /** The answers of its getters and queries, except the lists of its contents. An association is a list of ids. */
  readonly members: Members;
}

/** Associations that can be seen from both ends: a change of one is a change of the other. */
const RELATIONS: readonly {
  readonly kind: Kind;
  readonly member: string;
  readonly other: Kind;
  readonly inverse: string;
}[] = [
  { kind: 'IVdsLun', member: 'associatedTargets', other: 'IVdsIscsiTarget', inverse: 'associatedLuns' },
  { kind: 'IVdsLun', member: 'activeControllers', other: 'IVdsController', inverse: 'associatedLuns' },
  { kind: 'IVdsLun', member: 'activeControllerPorts', other: 'IVdsControllerPort', inverse: 'associatedLuns' },
  {
    kind: 'IVdsIscsiPortalGroup',
    member: 'associatedPortals',
    other: 'IVdsIscsiPortal',
    inverse: 'associatedPortalGroups',
  },
];

/** The ids of an association; empty where it is not known. */
export const idsIn = (value: unknown): readonly Guid[] =>
  Array.isArray(value) ? value.filter((v): v is Guid => typeof v === 'string') : [];

/** Whether a subsystem says that its LUNs get their targets from the array, which then makes those and deletes them. */
export const makesTargets = (state: SystemState, subSystem: Guid): boolean =>
  configuresTargets(Number(state.member(subSystem, 'flags')));

/** A member of a state that an effect mentions. */
export const memberKey = (id: Guid, member: string): string => `${id} ${member}`;

/** The member of a key that stands for the object itself. */
export const EXISTENCE = LISTED;

export class SystemState {
  protected constructor(
    readonly items: ReadonlyMap<Guid, Item>,
    /** The lists of which an observation says nothing. */
    private readonly unread: Unread = new Set(),
  ) {}

  static of({ objects, unread }: Observation): SystemState {
    const items = new Map<Guid, Item>();
    for (const { id, kind, container, members } of objects.values())
      items.set(id, { kind, id, parent: container ?? null, members: ownMembers(kind, members) });
    return new SystemState(items, unread);
  }

  get(id: Guid): Item | undefined {
    return this.items.get(id);
  }

  member(id: Guid, name: string): unknown {
    return this.items.get(id)?.members[name];
  }

  /** Objects of a kind, in the order of the observation; within a container where one is given. */
  ofKind(kind: Kind, within?: Guid): readonly Item[] {
    const found: Item[] = [];
    for (const item of this.items.values())
      if (
        item.kind === kind &&
        (within === undefined || item.parent === within || this.subSystemOf(item.id) === within)
      )
        found.push(item);
    return found;
  }

  /** The subsystem that an object belongs to; itself for a subsystem. */
  subSystemOf(id: Guid): Guid | undefined {
    let at = this.items.get(id);
    while (at !== undefined && at.parent !== null) at = this.items.get(at.parent);
    return at?.id;
  }

  /**
   * The objects that it is tied to: its container (unless that is the subsystem), its contents, and its associations.
   */
  neighbours(id: Guid): ReadonlySet<Guid> {
    const item = this.items.get(id);
    const found = new Set<Guid>();
    if (item === undefined) return found;
    if (item.parent !== null && this.items.get(item.parent)?.kind !== 'IVdsSubSystem') found.add(item.parent);
    for (const other of this.items.values())
      if (other.parent === id && item.kind !== 'IVdsSubSystem') found.add(other.id);
    for (const value of Object.values(item.members)) for (const each of idsIn(value)) found.add(each);
    for (const { kind, member, other } of RELATIONS)
      if (item.kind === other)
        for (const i of this.ofKind(kind)) if (idsIn(i.members[member]).includes(id)) found.add(i.id);
    found.delete(id);
    return found;
  }

  /** Whether what an object contains of a kind was not read, as the object has failed. */
  hidesIn(container: Guid, kind: Kind): boolean {
    return this.unread.has(listKey(container, kind));
  }

  /** Whether an object of another state would be in a list that was not read, or within such an object. */
  hides({ parent, kind }: Item, other: SystemState): boolean {
    if (this.unread.size === 0 || parent === null) return false;
    const container = other.get(parent);
    return this.hidesIn(parent, kind) || (container !== undefined && this.hides(container, other));
  }

  /** This state, with what is expected in the lists that were not read; nothing is expected where all were. */
  completedBy(expected: () => SystemState): SystemState {
    if (this.unread.size === 0) return this;
    const state = expected();
    const items = new Map(this.items);
    for (const item of state.items.values())
      if (!items.has(item.id) && this.hides(item, state)) items.set(item.id, item);
    return new SystemState(items);
  }

  /** This state, which is of one subsystem, with the rest of another state. */
  beside(other: SystemState, subSystem: Guid): SystemState {
    const items = new Map(this.items);
    for (const item of other.items.values())
      if (!items.has(item.id) && other.subSystemOf(item.id) !== subSystem) items.set(item.id, item);
    return new SystemState(items, this.unread);
  }

  /**
   * The state after one subsystem was observed, and of it only some members: the observed values, and for the rest
   * those of this state, in which everything that was expected stands.
   */
  overlaid(observed: SystemState, subSystem: Guid): SystemState {
    const items = new Map<Guid, Item>();
    for (const item of this.items.values())
      if (this.subSystemOf(item.id) !== subSystem || observed.hides(item, this)) items.set(item.id, item);
    for (const item of observed.items.values())
      items.set(item.id, { ...item, members: { ...this.items.get(item.id)?.members, ...item.members } });
    for (const item of observed.items.values()) if (!this.items.has(item.id)) associateNew(item, items, observed);
    return new SystemState(items);
  }

  /** This state as if a member of some objects had not been read. */
  unknowing(member: string, which: (item: Item) => boolean): SystemState {
    const concerned = [...this.items.values()].filter((item) => item.members[member] !== undefined && which(item));
    if (concerned.length === 0) return this;
    const items = new Map(this.items);
    for (const item of concerned) items.set(item.id, { ...item, members: { ...item.members, [member]: undefined } });
    return new SystemState(items);
  }

  /** This state with other values of a member, by the objects that are in it. */
  withMember(member: string, values: ReadonlyMap<Guid, unknown>): SystemState {
    const items = new Map(this.items);
    for (const [id, value] of values) {
      const item = items.get(id);
      if (item !== undefined) items.set(id, { ...item, members: { ...item.members, [member]: value } });
    }
    return new SystemState(items);
  }

  draft(): Draft {
    return new Draft(new Map(this.items));
  }
}

/**
 * The objects that came along with a new one, as the portal group of a target may: the other ends of its associations,
 * where they were not observed, follow from its own.
 */
function associateNew(item: Item, items: Map<Guid, Item>, observed: SystemState): void {
  for (const { kind, member, other, inverse } of RELATIONS) {
    if (kind !== item.kind) continue;
    const own = item.members[member];
    for (const end of [...items.values()].filter((each) => each.kind === other)) {
      const listed = end.members[inverse];
      const isKnown = Array.isArray(listed) || listed instanceof PartlyListed;
      if (observed.member(end.id, inverse) !== undefined || !isKnown) continue;
      const members = (now: unknown): Item => ({ ...end, members: { ...end.members, [inverse]: now } });
      if (own === undefined) items.set(end.id, members(undefined));
      else if (idsIn(own).includes(end.id) && !(Array.isArray(listed) && listed.includes(item.id)))
        items.set(end.id, members(Array.isArray(listed) ? [...listed, item.id] : listed.with(item.id)));
    }
  }
}

/** The members of an object that are not lists of what it contains. */
function ownMembers(kind: Kind, members: Members): Members {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (isContents(kind, name)) continue;
    if (name !== SECOND || typeof value !== 'object' || value === null) own[name] = modelled(kind, name, value);
    else for (const [field, v] of Object.entries(value)) own[second(field)] = modelled(kind, field, v);
  }
  return own;
}

/** Flags of a drive that follow from what lies on it, or from what has failed beside it. */
const FOLLOWING =
  DRF.VDS_DRF_ASSIGNED | DRF.VDS_DRF_UNASSIGNED | DRF.VDS_DRF_HOTSPARE_IN_USE | DRF.VDS_DRF_HOTSPARE_STANDBY;

/** A value as a state has it: without what follows from other members, and changes with them. */
export const modelled = (kind: Kind, member: string, value: unknown): unknown =>
  kind === 'IVdsDrive' && member === 'flags' && typeof value === 'number' ? value & ~FOLLOWING : value;

/** The second structure of properties that some kinds have, as members of their own: `properties2.friendlyName`. */
const SECOND = 'properties2';
const second = (member: string): string => `${SECOND}.${member}`;

/** A state in the making: what an effect says is written into it, and remembered as said. */
export class Draft extends SystemState {
  private readonly changing: Map<Guid, Item>;
  /** Keys of the members that effects mention: a difference there is a wrong effect, elsewhere a broken frame. */
  readonly mentioned = new Set<string>();

  constructor(items: Map<Guid, Item>) {
    super(items);
    this.changing = items;
  }

  /** A member has this value, or one that this admits. A member that the observation does not have stays unknown. */
  set(id: Guid, member: string, value: unknown): void {
    const item = this.changing.get(id);
    if (item === undefined) return;
    this.mentioned.add(memberKey(id, member));
    if (second(member) in item.members) this.set(id, second(member), value);
    if (!(member in item.members)) return;
    this.changing.set(id, { ...item, members: { ...this.changing.get(id)?.members, [member]: value } });
  }

  /** A member of an object that nothing was to change is taken to have this value, or one that this admits. */
  assume(id: Guid, member: string, value: Expected): void {
    const item = this.changing.get(id);
    if (item !== undefined) this.changing.set(id, { ...item, members: { ...item.members, [member]: value } });
  }

  /** Nothing is documented about these members after the change. */
  release(id: Guid, ...members: readonly string[]): void {
    for (const member of members) this.set(id, member, ANYTHING);
  }

  /** An association becomes these, and so does its other end. */
  associate(id: Guid, member: string, ids: readonly Guid[]): void {
    const item = this.changing.get(id);
    const relation = RELATIONS.find((r) => r.kind === item?.kind && r.member === member);
    this.set(id, member, ids);
    if (relation === undefined) return;
    for (const other of this.ofKind(relation.other)) {
      const value = other.members[relation.inverse];
      if (value instanceof PartlyListed)
        this.set(other.id, relation.inverse, new PartlyListed(without(value.sure, id), [...value.open, id]));
      if (!Array.isArray(value)) continue;
      const now = idsIn(value);
      if (!(relation.inverse in other.members) || now.includes(id) === ids.includes(other.id)) continue;
      this.set(other.id, relation.inverse, ids.includes(other.id) ? [...now, id] : now.filter((i) => i !== id));
    }
  }

  /** With what the object is associated after the change is not documented, at either end. */
  releaseAssociation(id: Guid, member: string): void {
    const item = this.changing.get(id);
    const relation = RELATIONS.find((r) => r.kind === item?.kind && r.member === member);
    const subSystem = this.subSystemOf(id);
    if (relation === undefined || subSystem === undefined || item?.members[member] === undefined) return;
    this.associate(id, member, []);
    this.release(id, member);
    this.mayList(relation.other, subSystem, relation.inverse, id);
  }

  /** Objects of a kind in the subsystem may come to list this one among their associations, or not. */
  mayList(kind: Kind, subSystem: Guid, member: string, id: Guid): void {
    for (const each of this.ofKind(kind, subSystem)) {
      const before = each.members[member];
      const { sure, open } = before instanceof PartlyListed ? before : { sure: idsIn(before), open: [] };
      if (before instanceof PartlyListed || Array.isArray(before))
        this.set(each.id, member, new PartlyListed(sure, [...open, id]));
    }
  }

  /** The object is gone, with what it contains and every association with it. */
  remove(id: Guid): void {
    const item = this.changing.get(id);
    if (item?.kind === 'IVdsLun') this.targetsMayGo(item);
    for (const each of this.changing.values()) if (each.parent === id) this.remove(each.id);
    this.changing.delete(id);
    this.mentioned.add(memberKey(id, EXISTENCE));
    this.unlist(id, []);
  }

  /** What lists the object does not list it any more, unless it is one of those that are open. */
  private unlist(id: Guid, open: readonly Guid[]): void {
    for (const item of this.changing.values())
      for (const [name, value] of Object.entries(item.members))
        if (value instanceof PartlyListed) {
          const still = [value.sure, value.open].some((list) => list.includes(id)) ? open : [];
          this.set(item.id, name, new PartlyListed(without(value.sure, id), [...without(value.open, id), ...still]));
        } else if (idsIn(value).includes(id)) {
          const rest = without(idsIn(value), id);
          this.set(item.id, name, open.length === 0 ? rest : new PartlyListed(rest, open));
        }
  }

  /** The targets of a LUN that no other has may go with it, where the array makes them with their LUN. */
  private targetsMayGo({ id, parent, members }: Item): void {
    if (parent === null || !makesTargets(this, parent)) return;
    const others = this.ofKind('IVdsLun', parent).filter((lun) => lun.id !== id);
    const shared = new Set(others.flatMap((lun) => idsIn(lun.members['associatedTargets'])));
    for (const target of idsIn(members['associatedTargets'])) if (!shared.has(target)) this.mayGo(target);
  }

  /** The object may be gone as well as there, with what it contains. */
  private mayGo(id: Guid): void {
    for (const each of this.changing.values()) if (each.parent === id) this.mayGo(each.id);
    this.optional.add(id);
    this.unlist(id, [id]);
  }

  /** A new object; members that are not given are learned. */
  add(item: Item): void {
    this.changing.set(item.id, item);
    this.mentioned.add(memberKey(item.id, EXISTENCE));
    for (const name of Object.keys(item.members)) this.mentioned.add(memberKey(item.id, name));
  }

  /** The object moves into another container. */
  move(id: Guid, parent: Guid): void {
    const item = this.changing.get(id);
    if (item === undefined) return;
    this.changing.set(id, { ...item, parent });
    this.set(id, CONTAINER, parent);
    this.mentioned.add(memberKey(id, EXISTENCE));
  }

  /** Objects in which new ones may appear (the plexes of a new LUN), which are then learned. */
  readonly open = new Set<Guid>();
  /** Objects that may have gone as well as stayed. */
  readonly optional = new Set<Guid>();
  /** How many objects of a kind these have, whichever those are. */
  readonly counts = new Map<Guid, { readonly kind: DeviceInterface; readonly count: number }>();

  /**
   * Space of the subsystem's drives is taken or given back for these LUNs; what other LUNs have of them stays as it
   * was. What is then free is a matter of the conservation of space.
   */
  spaceChanges(subSystem: Guid, luns: readonly Guid[]): void {
    for (const drive of this.ofKind('IVdsDrive', subSystem)) {
      const before = drive.members['extents'];
      if (before instanceof SpaceBut)
        this.set(drive.id, 'extents', new SpaceBut([...before.luns, ...luns], before.extents));
      else if (Array.isArray(before))
        this.set(drive.id, 'extents', new SpaceBut(luns, before as readonly SpaceOfDrive[]));
    }
    // Which pools of the provider that space belongs to is not known.
    for (const { id } of this.ofKind('IVdsStoragePool')) this.release(id, ...SPACE_OF_POOLS, 'allocatedLuns');
  }

  /** The plexes of a LUN may be resynchronised from now on (VDS_H_REBUILDING), where it has several. */
  mayRebuild(lun: Guid): void {
    const plexes = this.ofKind('IVdsLunPlex', lun);
    if (plexes.length < 2) return;
    for (const { id } of [...this.ofKind('IVdsLun').filter((each) => each.id === lun), ...plexes])
      if (this.member(id, 'health') === VDS_HEALTH.VDS_H_HEALTHY) this.assume(id, 'health', HEALTHY_OR_REBUILDING);
  }
}

interface SpaceOfDrive {
  readonly lunId: Guid;
  readonly size: bigint;
  readonly used: boolean;
}

/** A healthy device may be reported as being resynchronised. */
const HEALTHY_OR_REBUILDING = new Expected('VDS_H_HEALTHY or VDS_H_REBUILDING', (health) =>
  [VDS_HEALTH.VDS_H_HEALTHY, VDS_HEALTH.VDS_H_REBUILDING].includes(health as never),
);

/** The bytes that each LUN has, but those of `luns`. */
function spaceOf(extents: readonly SpaceOfDrive[], luns: ReadonlySet<Guid>): string {
  const bytes = new Map<Guid, bigint>();
  for (const { lunId, size, used } of extents)
    if (used && !luns.has(lunId)) bytes.set(lunId, (bytes.get(lunId) ?? 0n) + size);
  return [...bytes]
    .map(([id, size]) => `${id}:${size}`)
    .sort()
    .join();
}

const without = (ids: readonly Guid[], id: Guid): readonly Guid[] => ids.filter((i) => i !== id);

/** An association with all of `sure`, and any of `open`. */
export class PartlyListed extends Expected {
  constructor(
    readonly sure: readonly Guid[],
    readonly open: readonly Guid[],
  ) {
    super(
      `${sure.join(', ')}, with or without ${open.join(', ')}`,
      (actual) =>
        sure.every((id) => idsIn(actual).includes(id)) &&
        idsIn(actual).every((id) => sure.includes(id) || open.includes(id)),
    );
  }

  /** The same with one more. */
  with(id: Guid): PartlyListed {
    return new PartlyListed([...without(this.sure, id), id], without(this.open, id));
  }
}

/** Extents of a drive of which only what these LUNs have may have changed. */
class SpaceBut extends Expected {
  constructor(
    readonly luns: readonly Guid[],
    readonly extents: readonly SpaceOfDrive[],
  ) {
    const changed = new Set(luns);
    const rest = spaceOf(extents, changed);
    super(
      'extents in which nothing changed but for the LUNs that the call was about',
      (actual) => Array.isArray(actual) && spaceOf(actual as readonly SpaceOfDrive[], changed) === rest,
    );
  }
}
