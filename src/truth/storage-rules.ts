// Rules about what storage is made of: plexes, pools, paths and portals.
import {
  OBJECT_STATUS,
  POOL_ATTRIBUTE_MASK_FLAGS,
  VDS_HEALTH,
  VDS_HWPROVIDER_TYPE,
  VDS_IPADDRESS_TYPE,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_LOADBALANCE_POLICY_ENUM,
  VDS_LUN_PLEX_STATUS,
  VDS_LUN_PLEX_TYPE as LPT,
  VDS_LUN_TYPE,
  VDS_PATH_STATUS,
  VDS_PROVIDER_LBSUPPORT_FLAG,
  VDS_RAID_TYPE,
  VDS_STORAGE_POOL_TYPE,
} from '../contract/generated/enumerations.js';
import type {
  VDS_IPADDRESS,
  VDS_PATH_ID,
  VDS_PATH_INFO,
  VDS_PATH_POLICY,
  VDS_POOL_ATTRIBUTES,
  VDS_STORAGE_POOL_DRIVE_EXTENT,
} from '../contract/generated/structures.js';
import { everyFlag } from '../contract/flags.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { goesWithStatus, STATUSES_NOT_WITH } from '../contract/health.js';
import { formatValue } from '../port/show-value.js';
import { shownMember } from './compare.js';
import { label, objectsOf, type Observation, type ObservedObject } from './observation.js';
import { each, extentsOf, within, type Rule } from './rule.js';

/** A rule about each object of a kind by itself. */
const ofEach = (
  name: string,
  title: string,
  requirement: string,
  kind: ObservedObject['kind'],
  judge: (object: ObservedObject, observation: Observation) => string | undefined,
): Rule => ({
  name,
  title,
  requirement,
  judge: (observation) => each(objectsOf(observation, kind), (object) => judge(object, observation)),
});

const HIGHEST_PRIORITY = 15;

const pathKey = ({ sourceId, pathId }: VDS_PATH_ID): string => `${sourceId}/${pathId}`;

/** The paths of a LUN, where it has some. */
const pathsOf = ({ members }: ObservedObject): readonly VDS_PATH_INFO[] | undefined =>
  Array.isArray(members['pathInfo']) ? (members['pathInfo'] as readonly VDS_PATH_INFO[]) : undefined;

interface Policy {
  readonly policy?: number;
  readonly paths?: readonly VDS_PATH_POLICY[] | null;
}
const isOnline = ({ status }: VDS_PATH_INFO): boolean => status === VDS_PATH_STATUS.VDS_MPS_ONLINE;

const policyOf = ({ members }: ObservedObject): Policy | undefined =>
  members['loadBalancePolicy'] as Policy | undefined;

const KNOWN_POLICIES = everyFlag(VDS_PROVIDER_LBSUPPORT_FLAG);

const attributesOf = ({ members }: ObservedObject): VDS_POOL_ATTRIBUTES | undefined =>
  members['attributes'] as VDS_POOL_ATTRIBUTES | undefined;

const isNowhere = ({ type, textAddress, ipv4Address, port }: VDS_IPADDRESS): boolean =>
  port === 0 ||
  (type === VDS_IPADDRESS_TYPE.VDS_IPT_TEXT && textAddress === '') ||
  (type === VDS_IPADDRESS_TYPE.VDS_IPT_IPV4 && ipv4Address === 0);

const { STATUS_FAILED } = OBJECT_STATUS;

const statusAndHealth = (object: ObservedObject): string => {
  const [status, health] = ['status', 'health'].map((name) => shownMember(object, name, object.members[name]));
  return `${label(object)} has the status ${status}, and the health ${health}`;
};

export const STORAGE_RULES: readonly Rule[] = [
  {
    name: 'health-and-status',
    title: 'The health of each device goes with its status',
    requirement: 'VDS-10.14b',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const { health, status } = object.members;
        if (typeof health !== 'number' || typeof status !== 'number') return undefined;
        const goes = goesWithStatus(object.kind, health, status) || !(STATUSES_NOT_WITH[health] ?? []).includes(status);
        return goes ? '' : statusAndHealth(object);
      }),
  },
  {
    name: 'failed-health',
    title: 'A device whose health is FAILED has the status FAILED',
    requirement: 'VDS-10.14',
    judge: ({ objects }) =>
      each(objects.values(), (object) => {
        const { health, status } = object.members;
        if (health !== VDS_HEALTH.VDS_H_FAILED || typeof status !== 'number') return undefined;
        const goes = status === STATUS_FAILED || goesWithStatus(object.kind, health, status);
        return goes ? '' : statusAndHealth(object);
      }),
  },
  ofEach(
    'healthy-luns',
    'A LUN that is healthy has no plex that has failed',
    'VDS-10.14d',
    'IVdsLun',
    (lun, observation) => {
      const plexes = within(observation, 'IVdsLunPlex', lun);
      if (lun.members['health'] !== VDS_HEALTH.VDS_H_HEALTHY || plexes.length === 0) return undefined;
      const failed = plexes.find((p) => p.members['status'] === VDS_LUN_PLEX_STATUS.VDS_LPS_FAILED);
      return failed === undefined ? '' : `${label(lun)} is HEALTHY, and ${label(failed)} has failed`;
    },
  ),
  ofEach('rebuild-priorities', 'The rebuild priority of a LUN is 0 to 15', 'VDS-10.22', 'IVdsLun', (lun) => {
    const { rebuildPriority: priority } = lun.members;
    if (typeof priority !== 'number') return undefined;
    return priority >= 0 && priority <= HIGHEST_PRIORITY ? '' : `${label(lun)} has the rebuild priority ${priority}`;
  }),
  ofEach(
    'stripe-size-of-no-stripe',
    'A plex that is no stripe has no stripe size',
    'VDS-10.8b',
    'IVdsLunPlex',
    (plex) => {
      const { type, stripeSize } = plex.members;
      if (typeof stripeSize !== 'number' || (type !== LPT.VDS_LPT_SIMPLE && type !== LPT.VDS_LPT_SPAN))
        return undefined;
      return stripeSize === 0 ? '' : `${label(plex)} is no stripe, and has a stripe size of ${stripeSize}`;
    },
  ),
  ofEach('simple-luns', 'A simple LUN lies on one drive', 'VDS-10.8d', 'IVdsLun', (lun, observation) => {
    const plexes = within(observation, 'IVdsLunPlex', lun);
    const [only, ...others] = plexes;
    if (lun.members['type'] !== VDS_LUN_TYPE.VDS_LT_SIMPLE || only === undefined || others.length > 0) return undefined;
    const extents = extentsOf(only);
    if (extents === undefined) return undefined;
    const drives = new Set(extents.map(({ id }) => id));
    return drives.size <= 1 ? '' : `${label(lun)} is simple, and lies on ${drives.size} drives`;
  }),
  ofEach(
    'thin-pools',
    'A pool that is thin provisioned is of type CONCRETE',
    'VDS-10.16d',
    'IVdsStoragePool',
    (pool) =>
      attributesOf(pool)?.isThinProvisioned !== true
        ? undefined
        : pool.members['type'] === VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE
          ? ''
          : `${label(pool)} is thin provisioned, and of type ${formatValue(pool.members['type'])}`,
  ),
  ofEach(
    'pools-of-no-raid-type',
    'A pool whose RAID type is unknown does not name it among its attributes',
    'VDS-10.16i',
    'IVdsStoragePool',
    (pool) => {
      const given = attributesOf(pool);
      if (given === undefined) return undefined;
      const named = (given.attributeMask & POOL_ATTRIBUTE_MASK_FLAGS.VDS_POOL_ATTRIB_RAIDTYPE) !== 0n;
      return named && given.raidType === VDS_RAID_TYPE.VDS_RT_UNKNOWN
        ? `${label(pool)} has VDS_POOL_ATTRIB_RAIDTYPE in its mask, and the RAID type VDS_RT_UNKNOWN`
        : '';
    },
  ),
  ofEach(
    'consumed-by-pools',
    'A pool that is thin provisioned consumes no more than is provisioned for it',
    'VDS-10.16e',
    'IVdsStoragePool',
    (pool) => {
      const given = attributesOf(pool);
      const { totalConsumedSpace: consumed } = pool.members;
      if (given?.isThinProvisioned !== true || typeof consumed !== 'bigint') return undefined;
      return consumed <= given.provisionedSpace
        ? ''
        : `${label(pool)} consumes ${consumed} bytes, and ${given.provisionedSpace} are provisioned for it`;
    },
  ),
  ofEach(
    'free-in-pools',
    'The free space of a pool is no more than its managed space',
    'VDS-10.16f',
    'IVdsStoragePool',
    (pool) => {
      const { remainingFreeSpace: free, totalManagedSpace: managed } = pool.members;
      if (typeof free !== 'bigint' || typeof managed !== 'bigint') return undefined;
      return free <= managed ? '' : `${label(pool)} has ${free} bytes free of ${managed} that it manages`;
    },
  ),
  ofEach(
    'pools-in-pools',
    'The pools that a pool has given space to are others',
    'VDS-10.16h',
    'IVdsStoragePool',
    (pool, { objects }) => {
      const listed = pool.members['allocatedStoragePools'];
      if (!Array.isArray(listed)) return undefined;
      const wrong = (listed as readonly Guid[]).find(
        (id) => id === pool.id || objects.get(id)?.kind !== 'IVdsStoragePool',
      );
      return wrong === undefined ? '' : `${label(pool)} has given space to ${wrong}, which is no other pool`;
    },
  ),
  ofEach(
    'drives-of-pools',
    'The extents of a pool are of drives that are listed',
    'VDS-10.16n',
    'IVdsStoragePool',
    (pool, { objects }) => {
      const extents = pool.members['driveExtents'];
      if (!Array.isArray(extents)) return undefined;
      const wrong = (extents as readonly VDS_STORAGE_POOL_DRIVE_EXTENT[]).find(
        ({ id }) => objects.get(id)?.kind !== 'IVdsDrive',
      );
      return wrong === undefined ? '' : `${label(pool)} has an extent of ${wrong.id}, which is no drive that is listed`;
    },
  ),
  ofEach(
    'paths-of-iscsi',
    'The LUNs of an iSCSI provider do not have IVdsLunMpio',
    'VDS-10.19d',
    'IVdsLun',
    (lun, { provider }) => {
      const has = lun.interfaces?.get('IVdsLunMpio');
      if (provider['providerType'] !== VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI || has === undefined) return undefined;
      return has === null ? '' : `${label(lun)} has IVdsLunMpio, and its provider is of type iSCSI`;
    },
  ),
  ofEach(
    'paths-by-type',
    'The type of each path is one interconnect, and its status one of its enumeration',
    'VDS-10.19c',
    'IVdsLun',
    (lun) => {
      const wrong = pathsOf(lun)?.find(
        ({ type, status }) =>
          type === VDS_HWPROVIDER_TYPE.VDS_HWT_HYBRID ||
          !(Object.values(VDS_HWPROVIDER_TYPE) as readonly number[]).includes(type) ||
          !(Object.values(VDS_PATH_STATUS) as readonly number[]).includes(status),
      );
      if (pathsOf(lun) === undefined) return undefined;
      return wrong === undefined ? '' : `${label(lun)} has a path of type ${wrong.type} with status ${wrong.status}`;
    },
  ),
  ofEach('hba-ports', 'The ids of HBA ports are left to VDS', 'VDS-10.19b', 'IVdsLun', (lun) => {
    const wrong = pathsOf(lun)?.find(({ hbaPortProp }) => hbaPortProp && hbaPortProp.id !== NULL_GUID);
    if (pathsOf(lun) === undefined) return undefined;
    return wrong === undefined ? '' : `${label(lun)} has a path from an HBA port with an id of the provider's`;
  }),
  ofEach(
    'paths-and-policies',
    'GetPathInfo and GetLoadBalancePolicy of a LUN report the same paths',
    'VDS-10.19',
    'IVdsLun',
    (lun) => {
      const [paths, policies] = [pathsOf(lun), policyOf(lun)?.paths];
      if (paths === undefined || policies === undefined) return undefined;
      const [one, other] = [paths, policies ?? []].map((all) =>
        all
          .map(({ pathId }) => pathKey(pathId))
          .sort()
          .join(),
      );
      return one === other ? '' : `${label(lun)} has the paths ${one}, and policies for the paths ${other}`;
    },
  ),
  ofEach('ids-of-paths', 'Each path of a LUN has an id of its own', 'VDS-10.19h', 'IVdsLun', (lun) => {
    const paths = pathsOf(lun)?.map(({ pathId }) => pathKey(pathId));
    const twice = paths?.find((id, index) => paths.indexOf(id) !== index);
    if (paths === undefined) return undefined;
    return twice === undefined ? '' : `${label(lun)} has two paths with the id ${twice}`;
  }),
  ofEach(
    'ends-of-paths',
    'The other end of each path is a port or portal of the provider',
    'VDS-10.19i',
    'IVdsLun',
    (lun, observation) => {
      const ends = new Set(
        (['IVdsControllerPort', 'IVdsIscsiPortal'] as const).flatMap((kind) =>
          objectsOf(observation, kind).map(({ id }) => id),
        ),
      );
      const paths = pathsOf(lun);
      if (paths === undefined || ends.size === 0) return undefined;
      const loose = paths
        .filter(({ status }) => status !== VDS_PATH_STATUS.VDS_MPS_FAILED)
        .map(({ controllerPortId, targetPortalId }) => controllerPortId ?? targetPortalId ?? NULL_GUID)
        .find((id) => !ends.has(id));
      return loose === undefined
        ? ''
        : `${label(lun)} has a path that ends at ${loose}, which is no port or portal that is listed`;
    },
  ),
  ofEach(
    'supported-policies',
    'The policies that a LUN supports are some that there are',
    'VDS-10.19f',
    'IVdsLun',
    (lun) => {
      const flags = lun.members['supportedLbPolicies'];
      if (typeof flags !== 'number') return undefined;
      return (flags & ~KNOWN_POLICIES) === 0 ? '' : `${label(lun)} supports the policies 0x${flags.toString(16)}`;
    },
  ),
  ofEach(
    'fail-over',
    'Under fail-over one path is primary, where any path is active',
    'VDS-10.19g',
    'IVdsLun',
    (lun) => {
      const { policy, paths } = policyOf(lun) ?? {};
      if (policy !== VDS_LOADBALANCE_POLICY_ENUM.VDS_LBP_FAILOVER || !Array.isArray(paths)) return undefined;
      const primary = (paths as readonly VDS_PATH_POLICY[]).filter((p) => p.primaryPath).length;
      if (primary === 1 || (primary === 0 && pathsOf(lun)?.some(isOnline) !== true)) return '';
      return `${label(lun)} has ${primary === 0 ? 'no primary path' : `${primary} primary paths`} under fail-over`;
    },
  ),
  ofEach(
    'portal-addresses',
    'A portal that is online has an address and a port',
    'VDS-11.9',
    'IVdsIscsiPortal',
    (portal) => {
      const { status } = portal.members;
      const address = portal.members['address'] as VDS_IPADDRESS | undefined;
      if (status !== VDS_ISCSI_PORTAL_STATUS.VDS_IPS_ONLINE || address === undefined) return undefined;
      return isNowhere(address) ? `${label(portal)} is online, and has no address or no port` : '';
    },
  ),
];
