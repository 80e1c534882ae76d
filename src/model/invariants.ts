// What holds in every state, whatever led to it: two ends of an association agree, each object is within what it says contains it, and the space that
// plexes have is the space that drives say their LUNs have.
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { CONTAINER } from '../truth/getters.js';
import { idsIn, RELATIONS, type Item, type SystemState } from './state.js';

export interface Violation {
  readonly requirement: string;
  readonly problem: string;
}

interface Extent {
  readonly id: Guid;
  readonly lunId: Guid;
  readonly size: bigint;
  readonly used: boolean;
}

const extentsIn = ({ members }: Item): readonly Extent[] | undefined =>
  Array.isArray(members['extents']) ? (members['extents'] as readonly Extent[]) : undefined;

function* oneSided(state: SystemState): Generator<Violation> {
  for (const { kind, member, other, inverse } of RELATIONS)
    for (const item of state.ofKind(kind)) {
      if (!Array.isArray(item.members[member])) continue;
      for (const end of state.ofKind(other)) {
        if (!Array.isArray(end.members[inverse])) continue;
        const here = idsIn(item.members[member]).includes(end.id);
        if (here !== idsIn(end.members[inverse]).includes(item.id))
          yield {
            requirement: other === 'target' ? 'VDS-10.11' : other === 'portal' ? 'VDS-11.4a' : 'VDS-10.10',
            problem: `${item.kind} ${item.id} ${here ? 'lists' : 'does not list'} ${end.kind} ${end.id} as associated, which ${here ? 'does not list' : 'lists'} it`,
          };
      }
    }
}

function* misplaced(state: SystemState): Generator<Violation> {
  for (const { kind, id, parent, members } of state.items.values()) {
    const container = members[CONTAINER];
    if (parent !== null && typeof container === 'string' && container !== parent)
      yield {
        requirement: 'VDS-4.4',
        problem: `${kind} ${id} is listed by ${parent}, and says that ${container} contains it`,
      };
  }
}

/** Bytes by drive and LUN. */
function sums(extents: Iterable<readonly [string, bigint]>): ReadonlyMap<string, bigint> {
  const bytes = new Map<string, bigint>();
  for (const [key, size] of extents) bytes.set(key, (bytes.get(key) ?? 0n) + size);
  return bytes;
}

/** Where what drives say of a subsystem's LUNs is not what the LUNs' plexes say. */
function* unaccounted(state: SystemState, subSystem: Guid): Generator<Violation> {
  const luns = state.ofKind('LUN', subSystem);
  const ids = new Set(luns.map((l) => l.id));
  const plexes = luns.flatMap((l) => state.ofKind('plex', l.id));
  const drives = state.ofKind('drive', subSystem);
  if (drives.length === 0 || [...plexes, ...drives].some((i) => extentsIn(i) === undefined)) return;
  const used = drives.flatMap(
    (d) =>
      extentsIn(d)
        ?.filter((e) => e.used)
        .map((e) => ({ ...e, id: d.id })) ?? [],
  );
  const orphan = used.find((e) => e.lunId !== NULL_GUID && !ids.has(e.lunId));
  if (orphan !== undefined)
    yield {
      requirement: 'VDS-10.15',
      problem: `drive ${orphan.id} lists ${orphan.size} bytes that ${orphan.lunId} uses, which is no LUN of the subsystem`,
    };
  const byDrives = sums(used.map((e) => [`${e.id} ${e.lunId}`, e.size]));
  const byPlexes = sums(
    plexes.flatMap((p) => extentsIn(p)?.map((e) => [`${e.id} ${p.parent}`, e.size] as const) ?? []),
  );
  for (const [key, size] of byPlexes) {
    const [drive, lun] = key.split(' ');
    // A drive that was pulled tells nothing.
    if (drives.some((d) => d.id === drive) && byDrives.get(key) !== size)
      yield {
        requirement: 'VDS-10.15',
        problem: `the plexes of LUN ${lun} have ${size} bytes of drive ${drive}, which lists ${byDrives.get(key) ?? 0n} of that LUN`,
      };
  }
  for (const [key, size] of byDrives) {
    const [drive, lun] = key.split(' ');
    if (!byPlexes.has(key) && ids.has(lun ?? ''))
      yield {
        requirement: 'VDS-10.15',
        problem: `drive ${drive} lists ${size} bytes of LUN ${lun}, no plex of which has any there`,
      };
  }
}

/** A plex is at least as large as its LUN, and a LUN has a plex. */
function* tooSmall(state: SystemState): Generator<Violation> {
  for (const { id, members } of state.ofKind('LUN'))
    for (const plex of state.ofKind('plex', id)) {
      const { size } = plex.members;
      if (typeof size === 'bigint' && typeof members['size'] === 'bigint' && size < members['size'])
        yield {
          requirement: 'VDS-10.8b',
          problem: `plex ${plex.id} has ${size} bytes, and its LUN ${members['size']}`,
        };
    }
}

/** Everything that cannot be true of this state. */
export function violations(state: SystemState): Violation[] {
  return [
    ...oneSided(state),
    ...misplaced(state),
    ...tooSmall(state),
    ...state.ofKind('subsystem').flatMap(({ id }) => [...unaccounted(state, id)]),
  ];
}
