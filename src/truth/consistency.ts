// Contradictions within one observation, without anything to compare it with: two ends of an association that disagree,
// a child whose container does not list it, more than there can be. Each rule names the requirement that states it.
import { VDS_DRIVE_STATUS } from '../contract/generated/enumerations.js';
import type { VDS_DRIVE_EXTENT } from '../contract/generated/structures.js';
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { unknownToGetObject } from '../contract/get-object.js';
import type { Guid } from '../contract/guid.js';
import { formatHresult, HR } from '../contract/hresult.js';
import type { DeviceInterface } from '../contract/objects.js';
import { formatValue } from '../port/show-value.js';
import { equalValues, isPassing, shownMember } from './compare.js';
import { BY_ID, BY_PLACE, CONTAINER, CONTAINER_OBJECT, OTHER_WAYS, PORTS } from './getters.js';
import { label, leadsToIt, objectsOf, wordFor, type Observation, type ObservedObject } from './observation.js';
import { THE_PROVIDER } from './observe.js';
import { all, each, extentsOf, type Judgement, type Rule, usedExtents, within } from './rule.js';
import { ENUMERATED_RULES, RESERVED_RULES } from './enumerated-rules.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { STORAGE_RULES } from './storage-rules.js';
import { VALUE_RULES } from './value-rules.js';

const ids = (object: ObservedObject | undefined, member: string): readonly Guid[] | undefined => {
  const value = object?.members[member];
  return Array.isArray(value) ? (value as readonly Guid[]) : undefined;
};

/** Kinds that the page of GetObject does not name, each with an answer that says so. */
const LAWFULLY_UNKNOWN: ReadonlySet<string> = new Set(
  (Object.keys(DEVICE_KINDS) as DeviceInterface[]).flatMap((kind) =>
    [HR.VDS_E_OBJECT_NOT_FOUND, HR.VDS_E_INVALID_OBJECT_TYPE]
      .filter((hr) => unknownToGetObject(kind, hr))
      .map((hr) => `${kind} ${formatHresult(hr)}`),
  ),
);

/** Both ends of one association must name the same pairs. */
function bothEnds(
  name: string,
  requirement: string,
  one: readonly [DeviceInterface, string],
  other: readonly [DeviceInterface, string],
): Rule {
  const missing = (observation: Observation, from: typeof one, to: typeof one): Judgement =>
    each(objectsOf(observation, from[0]), (object) => {
      const far = (ids(object, from[1]) ?? []).flatMap((id) => {
        const end = observation.objects.get(id);
        return end === undefined || ids(end, to[1]) === undefined ? [] : [end];
      });
      if (far.length === 0) return undefined;
      const silent = far.find((end) => !ids(end, to[1])?.includes(object.id));
      return silent === undefined
        ? ''
        : `${label(object)} reports ${label(silent)} among its ${from[1]}, ` +
            `and that does not report it among its ${to[1]}`;
    });
  return {
    name,
    title: `Each ${wordFor(one[0])} and ${wordFor(other[0])} that are associated say so at both ends`,
    requirement,
    judge: (observation) => all(missing(observation, one, other), missing(observation, other, one)),
  };
}

/** No two objects of a kind report the same text; an empty one says nothing. */
const unique = (
  name: string,
  title: string,
  requirement: string,
  kind: DeviceInterface,
  member: string,
  keyOf = (text: string): string => text,
): Rule => ({
  name,
  title,
  requirement,
  judge: (observation) => {
    const seen = new Map<string, ObservedObject>();
    return each(objectsOf(observation, kind), (object) => {
      const value = object.members[member];
      if (typeof value !== 'string' || value === '') return undefined;
      const other = seen.get(keyOf(value));
      seen.set(keyOf(value), object);
      return other === undefined ? '' : `${label(object)} and ${label(other)} both have the ${member} ${value}`;
    });
  },
});

/** Bytes that these extents have, by one of their ids. */
function bytesBy(extents: readonly VDS_DRIVE_EXTENT[], key: 'id' | 'lunId'): Map<Guid, bigint> {
  const bytes = new Map<Guid, bigint>();
  for (const extent of extents) bytes.set(extent[key], (bytes.get(extent[key]) ?? 0n) + extent.size);
  return bytes;
}

/** A number that is reported, where it is reported and is one. */
const reported = (object: ObservedObject, member: string): number | undefined => {
  const value = object.members[member];
  // Zero is what is answered for a number that has no meaning for the device.
  return typeof value === 'number' && value > 0 ? value : undefined;
};

const atMost = (object: ObservedObject, member: string, count: number, what: string): string | undefined => {
  const most = reported(object, member);
  if (most === undefined) return undefined;
  return count <= most ? '' : `${label(object)} reports ${member} ${most}, and has ${count} ${what}`;
};

interface PortByNumber {
  readonly id: Guid;
  readonly [member: string]: unknown;
}

/** Whether two readings of a value agree, one of which may be missing, or of something that is busy for a while. */
const agree = (name: string, one: unknown, other: unknown): boolean =>
  other === undefined || equalValues(one, other) || isPassing(name, one) || isPassing(name, other);

export const RULES: readonly Rule[] = [
  ...VALUE_RULES,
  ...ENUMERATED_RULES,
  bothEnds('luns-and-targets', 'VDS-10.11', ['IVdsLun', 'associatedTargets'], ['IVdsIscsiTarget', 'associatedLuns']),
  bothEnds('luns-and-controllers', 'VDS-10.20', ['IVdsLun', 'activeControllers'], ['IVdsController', 'associatedLuns']),
  bothEnds(
    'luns-and-ports',
    'VDS-10.20',
    ['IVdsLun', 'activeControllerPorts'],
    ['IVdsControllerPort', 'associatedLuns'],
  ),
  bothEnds(
    'groups-and-portals',
    'VDS-11.4f',
    ['IVdsIscsiPortalGroup', 'associatedPortals'],
    ['IVdsIscsiPortal', 'associatedPortalGroups'],
  ),
  {
    name: 'containers',
    title: 'What an object reports as its container is what lists it',
    requirement: 'VDS-4.4',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const told = object.members[CONTAINER];
        if (told === undefined) return undefined;
        const owner = object.container ?? THE_PROVIDER;
        return told === owner
          ? ''
          : `${label(object)} is listed by ${owner}, and reports ${formatValue(told)} as its container`;
      }),
  },
  {
    name: 'found-by-id',
    title: 'GetObject finds every object that is listed',
    requirement: 'VDS-3.5a',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const found = object.members[BY_ID];
        if (found === undefined || LAWFULLY_UNKNOWN.has(`${object.kind} ${String(found)}`)) return undefined;
        return leadsToIt(found)
          ? ''
          : `GetObject of the ${label(object)}, which is listed, gives ${formatValue(found)}`;
      }),
  },
  {
    name: 'found-by-place',
    title: 'GetDrive, and GetDrive2, find every drive by the bus and slot that the drive reports',
    requirement: 'VDS-4.5a',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsDrive'), (drive) => {
        const found = drive.members[BY_PLACE];
        if (found === undefined) return undefined;
        return leadsToIt(found)
          ? ''
          : `GetDrive or GetDrive2 for the bus and slot of the ${label(drive)} gives ${formatValue(found)}`;
      }),
  },
  {
    name: 'both-properties',
    title: 'GetProperties and GetProperties2 of an object agree',
    requirement: 'VDS-4.1a',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const others = object.members['properties2'] as Readonly<Record<string, unknown>> | undefined;
        if (others === undefined) return undefined;
        // The identification is documented as something else in each of the two.
        const wrong = Object.entries(others).find(
          ([name, value]) =>
            name !== 'identification' &&
            object.members[name] !== undefined &&
            !equalValues(value, object.members[name]),
        );
        return wrong === undefined
          ? ''
          : `${label(object)}: ${wrong[0]} is ${formatValue(object.members[wrong[0]])} by GetProperties and ` +
              `${formatValue(wrong[1])} by GetProperties2`;
      }),
  },
  {
    name: 'maxima',
    title: 'The maximum numbers that a subsystem or controller reports are not below what it has',
    requirement: 'VDS-4.7',
    judge: (observation) =>
      all(
        each(objectsOf(observation, 'IVdsSubSystem'), (s) =>
          atMost(s, 'maxNumberOfControllers', within(observation, 'IVdsController', s).length, 'controllers'),
        ),
        each(objectsOf(observation, 'IVdsController'), (c) =>
          atMost(c, 'numberOfPorts', within(observation, 'IVdsControllerPort', c).length, 'ports'),
        ),
      ),
  },
  {
    name: 'buses-and-slots',
    title: 'The numbers of buses and slots that a subsystem reports are not below those that its drives are on',
    requirement: 'VDS-4.7c',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (s) => {
        // Drives of different enclosures may share a slot's number.
        const slots = new Map<unknown, Set<unknown>>();
        for (const { members } of within(observation, 'IVdsDrive', s))
          if (typeof members['internalBusNumber'] === 'number')
            slots.set(
              members['internalBusNumber'],
              (slots.get(members['internalBusNumber']) ?? new Set()).add(members['slotNumber']),
            );
        return (
          atMost(s, 'numberOfInternalBuses', slots.size, 'buses with drives') ||
          atMost(
            s,
            'maxNumberOfSlotsEachBus',
            Math.max(0, ...[...slots.values()].map((b) => b.size)),
            'slots with drives on one bus',
          )
        );
      }),
  },
  {
    name: 'ports-by-number',
    title: 'GetPortProperties of a controller reports the ports that it lists, as these do themselves',
    requirement: 'VDS-4.1a',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsController'), (controller) => {
        const byNumber = controller.members[PORTS] as readonly PortByNumber[] | undefined;
        const listed = ids(controller, 'controllerPorts');
        if (byNumber === undefined || listed === undefined || listed.length === 0) return undefined;
        const unlisted = byNumber.find(({ id }) => !listed.includes(id));
        if (unlisted !== undefined)
          return `${label(controller)} reports a port ${unlisted.id} by number that it does not list`;
        for (const { id, ...members } of byNumber) {
          const port = observation.objects.get(id);
          const wrong = Object.keys(members).find((name) => !agree(name, members[name], port?.members[name]));
          if (port === undefined || wrong === undefined) continue;
          const [own, other] = [port.members[wrong], members[wrong]].map((v) => shownMember(port, wrong, v));
          return `${wrong} of ${label(port)} is ${own} by itself, and ${other} by GetPortProperties of its controller`;
        }
        return '';
      }),
  },
  {
    name: 'drive-extents',
    title: 'The extents of a drive are no larger than the drive, and name LUNs that are listed',
    requirement: 'VDS-10.15',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsDrive'), (drive) => {
        const extents = extentsOf(drive);
        if (extents === undefined) return undefined;
        const stranger = usedExtents(drive).find((e) => observation.objects.get(e.lunId)?.kind !== 'IVdsLun');
        if (stranger !== undefined)
          return `${label(drive)} has an extent in use for the LUN ${stranger.lunId}, which no enumeration lists`;
        const bytes = extents.reduce((sum, e) => sum + e.size, 0n);
        const size = drive.members['size'];
        return typeof size === 'bigint' && bytes > size
          ? `${label(drive)} has ${size} bytes, and its extents together ${bytes}`
          : '';
      }),
  },
  {
    name: 'plex-extents',
    title: 'The extents of the plexes of a LUN are those that the drives report for it',
    requirement: 'VDS-10.15',
    judge: (observation) => {
      const drives = objectsOf(observation, 'IVdsDrive')
        // A drive that cannot be reached may report nothing of what is on it.
        .filter(
          (d) =>
            usedExtents(d).length > 0 ||
            (extentsOf(d) !== undefined && d.members['status'] === VDS_DRIVE_STATUS.VDS_DRS_ONLINE),
        )
        .map((drive) => ({ drive, byLun: bytesBy(usedExtents(drive), 'lunId') }));
      return each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const plexes = within(observation, 'IVdsLunPlex', lun);
        if (plexes.length === 0 || plexes.some((p) => extentsOf(p) === undefined)) return undefined;
        const extents = plexes.flatMap(usedExtents);
        const other = extents.find((e) => e.lunId !== lun.id);
        if (other !== undefined) return `a plex of the ${label(lun)} has an extent of the LUN ${other.lunId}`;
        const byPlexes = bytesBy(extents, 'id');
        for (const { drive, byLun } of drives) {
          const byDrive = byLun.get(lun.id) ?? 0n;
          const byPlex = byPlexes.get(drive.id) ?? 0n;
          if (byDrive !== byPlex)
            return (
              `the plexes of the ${label(lun)} have ${byPlex} bytes of the ${label(drive)}, which reports ` +
              `${byDrive} for it`
            );
        }
        return '';
      });
    },
  },
  {
    name: 'plex-of-each-lun',
    title: 'Each LUN has a plex',
    requirement: 'VDS-6.7b',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const plexes = ids(lun, 'plexes');
        if (plexes === undefined) return undefined;
        return plexes.length === 0 ? `QueryPlexes lists no plex of the ${label(lun)}` : '';
      }),
  },
  {
    name: 'plexes',
    title: 'Each plex is at least as large as its LUN',
    requirement: 'VDS-10.8b',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const plexes = within(observation, 'IVdsLunPlex', lun);
        const { size } = lun.members;
        if (plexes.length === 0 || typeof size !== 'bigint') return undefined;
        const small = plexes.find((p) => typeof p.members['size'] === 'bigint' && p.members['size'] < size);
        return small === undefined
          ? ''
          : `${label(small)} has ${formatValue(small.members['size'])} bytes, and its LUN ${formatValue(size)}`;
      }),
  },
  unique(
    'target-names',
    'No two targets have one iSCSI name, on whichever subsystems',
    'VDS-11.1',
    'IVdsIscsiTarget',
    'iscsiName',
    (name) => name.toLowerCase(),
  ),
  unique('lun-identifications', 'No two LUNs have one identification', 'VDS-10.23', 'IVdsLun', 'identification'),
  {
    name: 'portal-in-one-group',
    title: 'A portal is in at most one portal group of a target',
    requirement: 'VDS-11.4d',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsIscsiTarget'), (target) => {
        const portals = within(observation, 'IVdsIscsiPortalGroup', target).flatMap(
          (g) => ids(g, 'associatedPortals') ?? [],
        );
        if (portals.length === 0) return undefined;
        const twice = portals.find((id, index) => portals.indexOf(id) !== index);
        return twice === undefined ? '' : `the portal ${twice} is in two groups of the ${label(target)}`;
      }),
  },
];

/** Rules of which other suites have checks that make first what is to be judged. */
const ALSO: readonly Rule[] = [
  ...IDENTITY_RULES,
  ...STORAGE_RULES,
  ...RESERVED_RULES,
  {
    name: 'other-ways',
    title: 'Whatever way an object is found, it reports the same',
    requirement: 'VDS-4.1a',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const wrong = object.members[OTHER_WAYS];
        return wrong === undefined ? undefined : `${label(object)}: ${String(wrong)}`;
      }),
  },
  {
    name: 'container-objects',
    title: 'What contains an object is the object that is listed, or another, throughout',
    requirement: 'VDS-4.1b',
    judge: (observation) => {
      const first = new Map<string, ObservedObject>();
      return each(observation.objects.values(), (object) => {
        const told = object.members[CONTAINER_OBJECT];
        if (told === undefined) return undefined;
        const kind = observation.objects.get(object.container ?? '')?.kind ?? THE_PROVIDER;
        const other = first.get(kind) ?? object;
        first.set(kind, other);
        return told === other.members[CONTAINER_OBJECT]
          ? ''
          : `the container of the ${label(object)} is ${formatValue(told)}, and that of the ${label(other)} is not`;
      });
    },
  },
];

/** The contradictions in one observation by all rules, each with its requirement. */
export const inconsistencies = (
  observation: Observation,
): { readonly requirement: string; readonly message: string }[] =>
  [...RULES, ...ALSO].flatMap(({ requirement, judge }) =>
    judge(observation).wrong.map((message) => ({ requirement, message })),
  );
