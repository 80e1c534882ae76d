// The entries of the cache: one directory, and an entry for each device, as JSON with sizes as decimal strings.
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { extentsOf, lunStanding, portStatus, plexStanding, type DeviceKind, type Found } from '../array/devices.js';
import { CacheCorrupt } from '../failure.js';
import { hintsRecord, type HintsRecord } from '../array/hints.js';
import { pathsOf, type PathRecord } from '../array/paths.js';
import { contentOf, drivesOf, poolsOf } from '../array/pools.js';
import { gaps, plexSize, usedExtents } from '../array/space.js';

/** The directory's key. No object has it. */
export const DIRECTORY: Guid = NULL_GUID;

export interface DirectoryRecord {
  readonly kind: 'directory';
  readonly subSystems: readonly Guid[];
}

export interface SubSystemRecord {
  readonly kind: 'subsystem';
  readonly friendlyName: string;
  readonly identification: string;
  readonly status: number;
  readonly health: number;
  readonly importTarget: string | null;
  readonly drives: readonly Guid[];
  readonly controllers: readonly Guid[];
  readonly portals: readonly Guid[];
  readonly luns: readonly Guid[];
  readonly targets: readonly Guid[];
  readonly storagePools: readonly Guid[];
}

/** The lists of a subsystem's record. */
export type MemberList = {
  [M in keyof SubSystemRecord]: SubSystemRecord[M] extends readonly Guid[] ? M : never;
}[keyof SubSystemRecord];

export interface LunRecord {
  readonly kind: 'lun';
  /** The subsystem. */
  readonly parent: Guid;
  readonly size: string;
  readonly friendlyName: string;
  readonly identification: string;
  readonly snapshot: boolean;
  readonly unmaskingList: string;
  readonly type: number;
  readonly status: number;
  readonly health: number;
  readonly hints: HintsRecord | null;
  readonly plexes: readonly Guid[];
  readonly targets: readonly Guid[];
  readonly controllers: readonly Guid[];
  readonly ports: readonly Guid[];
  readonly policy: number;
  readonly paths: readonly PathRecord[];
  readonly number: number;
  readonly pools: readonly Guid[];
}

interface PlexRecord {
  readonly kind: 'plex';
  /** The LUN. */
  readonly parent: Guid;
  readonly size: string;
  readonly type: number;
  readonly status: number;
  readonly health: number;
  readonly stripeSize: number;
  readonly hints: HintsRecord | null;
  readonly extents: readonly { readonly drive: Guid; readonly size: string }[];
}

interface DriveRecord {
  readonly kind: 'drive';
  readonly parent: Guid;
  readonly size: string;
  readonly friendlyName: string;
  readonly identification: string;
  readonly bus: number;
  readonly slot: number;
  readonly flags: number;
  readonly status: number;
  readonly health: number;
  /** By offset, covering the drive; `plex` and its LUN are null where it is free. */
  readonly extents: readonly { readonly plex: Guid | null; readonly lun: Guid | null; readonly size: string }[];
  readonly pools: readonly Guid[];
}

interface ControllerRecord {
  readonly kind: 'controller';
  readonly parent: Guid;
  readonly friendlyName: string;
  readonly identification: string;
  readonly status: number;
  readonly health: number;
  /** Those that are no more than parts of it, by number. */
  readonly builtInPorts: readonly {
    readonly id: Guid;
    readonly friendlyName: string;
    readonly identification: string;
  }[];
  /** Those that are devices of their own, by number. */
  readonly ports: readonly Guid[];
  readonly luns: readonly Guid[];
}

interface PortRecord {
  readonly kind: 'port';
  /** The controller. */
  readonly parent: Guid;
  readonly friendlyName: string;
  readonly identification: string;
  readonly status: number;
  readonly luns: readonly Guid[];
}

interface PortalRecord {
  readonly kind: 'portal';
  readonly parent: Guid;
  readonly address: string;
  readonly tcpPort: number;
  readonly status: number;
  readonly groups: readonly Guid[];
}

interface TargetRecord {
  readonly kind: 'target';
  readonly parent: Guid;
  readonly iscsiName: string;
  readonly friendlyName: string;
  readonly chapEnabled: boolean;
  readonly groups: readonly Guid[];
  readonly luns: readonly Guid[];
}

interface PortalGroupRecord {
  readonly kind: 'portal-group';
  /** The target. */
  readonly parent: Guid;
  readonly tag: number;
  readonly portals: readonly Guid[];
}

interface PoolRecord {
  readonly kind: 'storage-pool';
  /** The subsystem with its drives. */
  readonly parent: Guid;
  readonly name: string;
  readonly type: number;
  readonly managed: string;
  readonly remaining: string;
  /** Null where the pool is not thin provisioned. */
  readonly provisioned: string | null;
  readonly drives: readonly { readonly drive: Guid; readonly size: string; readonly used: boolean }[];
  readonly luns: readonly Guid[];
  readonly pools: readonly Guid[];
}

interface Records {
  readonly directory: DirectoryRecord;
  readonly subsystem: SubSystemRecord;
  readonly lun: LunRecord;
  readonly plex: PlexRecord;
  readonly drive: DriveRecord;
  readonly controller: ControllerRecord;
  readonly port: PortRecord;
  readonly portal: PortalRecord;
  readonly target: TargetRecord;
  readonly 'portal-group': PortalGroupRecord;
  readonly 'storage-pool': PoolRecord;
}

export type RecordOf<K extends keyof Records> = Records[K];
export type CacheRecord = Records[keyof Records];
export type DeviceRecord = Records[DeviceKind];

export const encode = (record: CacheRecord): string => JSON.stringify(record);

/**
 * The record in a payload that was verified. Throws CacheCorrupt when it is of another kind: a reference led to the
 * wrong entry.
 */
export function decode<K extends keyof Records>(payload: string, kind: K): RecordOf<K> {
  let record = parsed.get(payload);
  if (record === undefined) {
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(payload, (record = JSON.parse(payload) as CacheRecord));
  }
  if (record.kind !== kind) throw new CacheCorrupt();
  return record as CacheRecord as RecordOf<K>;
}

/**
 * By their text, so that it is the bytes of the cache which say what is known, and reading the same ones again costs
 * little.
 */
const parsed = new Map<string, CacheRecord>();
const MOST_PARSED = 4096;

/** The entry of a device. It lists only the devices that are `known` to the provider. */
export function recordOf(found: Found, known: (id: Guid) => boolean): DeviceRecord {
  const listed = (ids: Iterable<Guid>): readonly Guid[] => [...ids].filter(known);
  const { subSystem: s } = found;
  const parent = found.parent ?? NULL_GUID;
  switch (found.kind) {
    case 'subsystem':
      return {
        kind: found.kind,
        friendlyName: s.friendlyName,
        identification: s.identification,
        status: s.status,
        health: s.health,
        importTarget: s.importTarget,
        drives: listed([...s.drives.values()].filter((d) => d.present).map((d) => d.id)),
        controllers: listed(s.controllers.keys()),
        portals: listed(s.portals.keys()),
        luns: listed(s.luns.keys()),
        targets: listed(s.targets.keys()),
        storagePools: listed(s.pools.keys()),
      };
    case 'lun': {
      const { lun } = found;
      return {
        kind: found.kind,
        parent,
        size: lun.size.toString(),
        friendlyName: lun.friendlyName,
        identification: lun.identification,
        snapshot: lun.snapshot,
        unmaskingList: lun.unmaskingList,
        type: lun.type,
        ...lunStanding(s, lun),
        hints: hintsRecord(lun.hints),
        plexes: listed(lun.plexes.keys()),
        targets: listed(lun.targets),
        controllers: listed(lun.controllers),
        ports: listed(lun.ports),
        policy: lun.policy,
        paths: pathsOf(s, lun),
        number: lun.number,
        pools: listed(poolsOf(s, drivesOf(lun))),
      };
    }
    case 'plex': {
      const { plex } = found;
      return {
        kind: found.kind,
        parent,
        size: plexSize(plex).toString(),
        type: plex.type,
        ...plexStanding(s, plex),
        stripeSize: plex.stripeSize,
        hints: hintsRecord(plex.hints),
        extents: extentsOf(plex).map(({ drive, size }) => ({ drive, size: size.toString() })),
      };
    }
    case 'drive': {
      const { drive } = found;
      const used = usedExtents(s, drive.id);
      const extents = [...used, ...gaps(drive, used).map((e) => ({ ...e, plex: null, lun: null }))].sort((a, b) =>
        a.offset < b.offset ? -1 : 1,
      );
      return {
        kind: found.kind,
        parent,
        size: drive.size.toString(),
        friendlyName: drive.friendlyName,
        identification: drive.identification,
        bus: drive.bus,
        slot: drive.slot,
        flags: drive.flags,
        status: drive.status,
        health: drive.health,
        extents: extents.map(({ plex, lun, size }) => ({ plex, lun, size: size.toString() })),
        pools: listed(poolsOf(s, new Set([drive.id]))),
      };
    }
    case 'controller': {
      const { id, friendlyName, identification, status, health, ports, hasPortObjects } = found.controller;
      const luns = [...s.luns.values()].filter((l) => l.controllers.has(id)).map((l) => l.id);
      return {
        kind: found.kind,
        parent,
        friendlyName,
        identification,
        status,
        health,
        builtInPorts: hasPortObjects
          ? []
          : ports.map((p) => ({ id: p.id, friendlyName: p.friendlyName, identification: p.identification })),
        ports: hasPortObjects ? listed(ports.map((p) => p.id)) : [],
        luns: listed(luns),
      };
    }
    case 'port': {
      const { id, friendlyName, identification } = found.port;
      const status = portStatus(found.controller, found.port);
      const luns = [...s.luns.values()].filter((l) => l.ports.has(id)).map((l) => l.id);
      return { kind: found.kind, parent, friendlyName, identification, status, luns: listed(luns) };
    }
    case 'portal': {
      const { id, address, tcpPort, status } = found.portal;
      const groups = [...s.targets.values()]
        .flatMap((t) => [...t.groups.values()])
        .filter((g) => g.portals.has(id))
        .map((g) => g.id);
      return { kind: found.kind, parent, address, tcpPort, status, groups: listed(groups) };
    }
    case 'target': {
      const { id, iscsiName, friendlyName, chapEnabled, groups } = found.target;
      const luns = [...s.luns.values()].filter((l) => l.targets.has(id)).map((l) => l.id);
      return {
        kind: found.kind,
        parent,
        iscsiName,
        friendlyName,
        chapEnabled,
        groups: listed(groups.keys()),
        luns: listed(luns),
      };
    }
    case 'portal-group':
      return { kind: found.kind, parent, tag: found.group.tag, portals: listed(found.group.portals) };
    case 'storage-pool': {
      const { name, type, provisioned } = found.pool;
      const { managed, remaining, extents, luns, pools } = contentOf(s, found.pool);
      return {
        kind: found.kind,
        parent,
        name,
        type,
        managed: managed.toString(),
        remaining: remaining.toString(),
        provisioned: provisioned?.toString() ?? null,
        drives: extents.map(({ size, ...each }) => ({ ...each, size: size.toString() })),
        luns: listed(luns),
        pools: listed(pools),
      };
    }
  }
}

/**
 * The devices that a record lists, each of which must have an entry: those that it holds, and those with which it is
 * associated.
 */
export function listedBy(record: DeviceRecord): readonly Guid[] {
  switch (record.kind) {
    case 'subsystem':
      return [
        ...record.drives,
        ...record.controllers,
        ...record.portals,
        ...record.luns,
        ...record.targets,
        ...record.storagePools,
      ];
    case 'lun':
      return [...record.plexes, ...record.controllers, ...record.ports, ...record.targets, ...record.pools];
    case 'plex':
    case 'drive':
      return [];
    case 'controller':
      return [...record.ports, ...record.luns];
    case 'port':
      return record.luns;
    case 'portal':
      return record.groups;
    case 'target':
      return [...record.groups, ...record.luns];
    case 'portal-group':
      return record.portals;
    case 'storage-pool':
      return [...record.luns, ...record.pools];
  }
}

/**
 * The devices that may change with this one: besides those listed, a plex and the drives that it is on. The provider
 * need not know them.
 */
export function concernedBy(record: DeviceRecord): readonly Guid[] {
  switch (record.kind) {
    case 'plex':
      return record.extents.map((e) => e.drive);
    case 'drive':
      return [
        ...record.extents.flatMap(({ plex, lun }) => (plex === null || lun === null ? [] : [plex, lun])),
        ...record.pools,
      ];
    default:
      return listedBy(record);
  }
}

/**
 * Members whose change is not announced as a change of the device: arrivals and departures are announced by themselves.
 */
const SILENT: Readonly<Record<DeviceKind, readonly string[]>> = {
  subsystem: ['drives', 'controllers', 'portals', 'luns', 'targets', 'storagePools', 'importTarget'],
  lun: ['policy', 'paths', 'pools'],
  plex: [],
  drive: [],
  controller: ['ports', 'luns'],
  port: ['luns'],
  portal: ['groups'],
  target: ['groups'],
  'portal-group': [],
  'storage-pool': [],
};

/** Whether the difference between two records of a device is one to announce. */
export function isModified(before: DeviceRecord, after: DeviceRecord): boolean {
  const silent = SILENT[after.kind];
  const told = (record: DeviceRecord): string =>
    JSON.stringify(record, (name, value: unknown) => (silent.includes(name) ? undefined : value));
  return told(before) !== told(after);
}
