// Rules about values in one observation: what flags, places, sizes and settings say of each other. consistency.ts has
// those about associations.
import { counted } from '../contract/wording.js';
import {
  HINT_MASK_FLAGS as HINT,
  VDS_CONTROLLER_STATUS,
  VDS_DRIVE_FLAG as DRF,
  VDS_DRIVE_STATUS,
  VDS_HWPROVIDER_TYPE,
  VDS_LUN_FLAG as LF,
  VDS_LUN_PLEX_FLAG,
  VDS_LUN_PLEX_TYPE as LPT,
  VDS_PORT_STATUS,
  VDS_STORAGE_BUS_TYPE,
  VDS_STORAGE_IDENTIFIER_CODE_SET,
  VDS_STORAGE_IDENTIFIER_TYPE,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_VERSION_SUPPORT_FLAG,
} from '../contract/generated/enumerations.js';
import type { VDS_LUN_INFORMATION } from '../contract/generated/structures.js';
import { formatValue } from '../port/show-value.js';
import { equalValues } from './compare.js';
import { PORTS } from './getters.js';
import { label, objectsOf, type Observation, type ObservedObject } from './observation.js';
import { all, each, extentsOf, usedExtents, within, type Judgement, type Rule } from './rule.js';

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** A number of flags that is reported; undefined where it is not. */
const flagsOf = (object: ObservedObject | undefined, member = 'flags'): number | undefined => {
  const value = object?.members[member];
  return typeof value === 'number' ? value : undefined;
};

/** The subsystem that an object is in. */
function subSystemOf({ objects }: Observation, object: ObservedObject): ObservedObject | undefined {
  let at: ObservedObject | undefined = object;
  while (at !== undefined && at.kind !== 'IVdsSubSystem')
    at = at.container === undefined ? undefined : objects.get(at.container);
  return at;
}

const second = ({ members }: ObservedObject): Readonly<Record<string, unknown>> =>
  (members['properties2'] as Readonly<Record<string, unknown>> | undefined) ?? {};

const UNDEFINED_ENCLOSURE = 0xffff_ffff;
/** The enclosure that a drive is in; undefined where it does not say. */
const enclosureOf = (drive: ObservedObject): number | undefined => {
  const number = second(drive)['enclosureNumber'];
  return typeof number === 'number' && number !== UNDEFINED_ENCLOSURE ? number : undefined;
};

/** A property of a LUN, the ability of its subsystem that it implies, and the hint that asks for it. */
const ENABLED = [
  ['VDS_LF_LBN_REMAP_ENABLED', 'VDS_SF_LUN_REMAPPING_CAPABLE', 'remapEnabled', HINT.VDS_HINT_REMAPENABLED],
  [
    'VDS_LF_READ_BACK_VERIFY_ENABLED',
    'VDS_SF_READ_BACK_VERIFY_CAPABLE',
    'readBackVerifyEnabled',
    HINT.VDS_HINT_READBACKVERIFYENABLED,
  ],
  [
    'VDS_LF_WRITE_THROUGH_CACHING_ENABLED',
    'VDS_SF_WRITE_THROUGH_CACHING_CAPABLE',
    'writeThroughCachingEnabled',
    HINT.VDS_HINT_WRITETHROUGHCACHINGENABLED,
  ],
  [
    'VDS_LF_HARDWARE_CHECKSUM_ENABLED',
    'VDS_SF_HARDWARE_CHECKSUM_CAPABLE',
    'hardwareChecksumEnabled',
    HINT.VDS_HINT_HARDWARECHECKSUMENABLED,
  ],
  ['VDS_LF_READ_CACHE_ENABLED', 'VDS_SF_READ_CACHING_CAPABLE', 'readCachingEnabled', HINT.VDS_HINT_READCACHINGENABLED],
  [
    'VDS_LF_WRITE_CACHE_ENABLED',
    'VDS_SF_WRITE_CACHING_CAPABLE',
    'writeCachingEnabled',
    HINT.VDS_HINT_WRITECACHINGENABLED,
  ],
  ['VDS_LF_MEDIA_SCAN_ENABLED', 'VDS_SF_MEDIA_SCAN_CAPABLE', 'mediaScanEnabled', HINT.VDS_HINT_MEDIASCANENABLED],
  [
    'VDS_LF_CONSISTENCY_CHECK_ENABLED',
    'VDS_SF_CONSISTENCY_CHECK_CAPABLE',
    'consistencyCheckEnabled',
    HINT.VDS_HINT_CONSISTENCYCHECKENABLED,
  ],
] as const;

type Hints = Readonly<Record<string, unknown>> & { readonly hintMask: bigint };
const hintsOf = ({ members }: ObservedObject, member: 'hints' | 'hints2'): Hints | undefined =>
  members[member] as Hints | undefined;

/** Flags that came with VDS 3.0, by the kind that reports them. */
const FLAGS_OF_3_0 = {
  IVdsDrive: DRF.VDS_DRF_ASSIGNED | DRF.VDS_DRF_UNASSIGNED | DRF.VDS_DRF_HOTSPARE_IN_USE | DRF.VDS_DRF_HOTSPARE_STANDBY,
  IVdsLun:
    LF.VDS_LF_READ_CACHE_ENABLED |
    LF.VDS_LF_WRITE_CACHE_ENABLED |
    LF.VDS_LF_MEDIA_SCAN_ENABLED |
    LF.VDS_LF_CONSISTENCY_CHECK_ENABLED |
    LF.VDS_LF_SNAPSHOT,
  IVdsSubSystem:
    SF.VDS_SF_SUPPORTS_LUN_NUMBER |
    SF.VDS_SF_SUPPORTS_MIRRORED_CACHE |
    SF.VDS_SF_READ_CACHING_CAPABLE |
    SF.VDS_SF_WRITE_CACHING_CAPABLE |
    SF.VDS_SF_MEDIA_SCAN_CAPABLE |
    SF.VDS_SF_CONSISTENCY_CHECK_CAPABLE,
} as const;

const HIGHEST_TAG = 0xffff;
const WWN = /^[0-9A-Fa-f]{16}$/;

interface Port {
  readonly id: string;
  readonly status?: unknown;
  readonly identification?: unknown;
}

/** The ports of a controller, as it reports them by number and as it lists them. */
const portsOf = (observation: Observation, controller: ObservedObject): readonly Port[] => [
  ...((controller.members[PORTS] as readonly Port[] | undefined) ?? []),
  ...within(observation, 'IVdsControllerPort', controller).map(({ id, members }) => ({ id, ...members })),
];

const controllers = (observation: Observation): ObservedObject[] => objectsOf(observation, 'IVdsController');

/** Those of the values that are not among an enumeration's. */
const foreign = (value: unknown, enumeration: Readonly<Record<string, number>>): boolean =>
  typeof value === 'number' && !Object.values(enumeration).includes(value);

function wrongIn({ busType, deviceIdDescriptor }: VDS_LUN_INFORMATION): string {
  if (foreign(busType, VDS_STORAGE_BUS_TYPE)) return `the bus type ${busType}, which the enumeration does not have`;
  for (const { codeSet, type } of deviceIdDescriptor.identifiers ?? []) {
    if (foreign(codeSet, VDS_STORAGE_IDENTIFIER_CODE_SET))
      return `an identifier of code set ${codeSet}, which the enumeration does not have`;
    if (foreign(type, VDS_STORAGE_IDENTIFIER_TYPE))
      return `an identifier of type ${type}, which the enumeration does not have`;
  }
  return '';
}

/** Both are of one drive, and it cannot be both. */
const EXCLUDING = [
  ['VDS_DRF_ASSIGNED', 'VDS_DRF_UNASSIGNED'],
  ['VDS_DRF_HOTSPARE_IN_USE', 'VDS_DRF_HOTSPARE_STANDBY'],
] as const;

export const VALUE_RULES: readonly Rule[] = [
  {
    name: 'group-tags',
    title: 'The portal groups of a target have tags of 16 bits, and no two of them the same',
    requirement: 'VDS-11.10',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsIscsiTarget'), (target) => {
        const tags = within(observation, 'IVdsIscsiPortalGroup', target).flatMap(({ members }) =>
          typeof members['tag'] === 'number' ? [members['tag']] : [],
        );
        if (tags.length === 0) return undefined;
        const wide = tags.find((tag) => tag > HIGHEST_TAG);
        if (wide !== undefined)
          return `a portal group of the ${label(target)} has the tag ${wide}, of more than 16 bits`;
        const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
        return twice === undefined ? '' : `two portal groups of the ${label(target)} have the tag ${twice}`;
      }),
  },
  {
    name: 'drive-flags',
    title: 'The flags of a drive do not contradict each other, and a drive with extents of LUNs is not unassigned',
    requirement: 'VDS-10.27',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsDrive'), (drive) => {
        const flags = flagsOf(drive);
        if (flags === undefined) return undefined;
        const both = EXCLUDING.find((names) => names.every((name) => has(flags, DRF[name])));
        if (both !== undefined) return `${label(drive)} has ${both.join(' and ')}`;
        return has(flags, DRF.VDS_DRF_UNASSIGNED) && usedExtents(drive).length > 0
          ? `${label(drive)} has VDS_DRF_UNASSIGNED, and extents of LUNs`
          : '';
      }),
  },
  {
    name: 'places',
    title: 'No two drives of a subsystem are in one slot of one bus and one enclosure',
    requirement: 'VDS-4.5a',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (subSystem) => {
        const seen = new Map<string, ObservedObject>();
        let places = 0;
        for (const drive of within(observation, 'IVdsDrive', subSystem)) {
          const { internalBusNumber, slotNumber } = drive.members;
          if (internalBusNumber === undefined || slotNumber === undefined) continue;
          places += 1;
          const place = `${formatValue(internalBusNumber)} ${formatValue(slotNumber)} ${enclosureOf(drive) ?? ''}`;
          const other = seen.get(place);
          if (other !== undefined)
            return (
              `${label(drive)} and ${label(other)} are both in slot ${formatValue(slotNumber)} of bus ` +
              `${formatValue(internalBusNumber)}`
            );
          seen.set(place, drive);
        }
        return places === 0 ? undefined : '';
      }),
  },
  {
    name: 'enclosures',
    title: 'The drives of a subsystem are in no more enclosures than it reports',
    requirement: 'VDS-4.8',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (subSystem) => {
        const count = second(subSystem)['numberOfEnclosures'];
        const enclosures = new Set(
          within(observation, 'IVdsDrive', subSystem).flatMap((drive) => enclosureOf(drive) ?? []),
        );
        // Zero says that the number has no meaning here.
        if (typeof count !== 'number' || count === 0 || enclosures.size === 0) return undefined;
        return enclosures.size <= count
          ? ''
          : `${label(subSystem)} reports ${counted(count, 'enclosure')}, and its drives are in ${enclosures.size}`;
      }),
  },
  {
    name: 'stripe-sizes',
    title: 'The stripe size of a plex is one that its subsystem supports',
    requirement: 'VDS-10.28',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLunPlex'), (plex) => {
        const sizes = flagsOf(subSystemOf(observation, plex), 'stripeSizeFlags');
        const { type, stripeSize } = plex.members;
        const striped = type === LPT.VDS_LPT_STRIPE || type === LPT.VDS_LPT_PARITY;
        if (!striped || sizes === undefined || sizes === 0 || typeof stripeSize !== 'number') return undefined;
        const isPower = stripeSize > 0 && Number.isInteger(Math.log2(stripeSize));
        return isPower && has(sizes, stripeSize)
          ? ''
          : `${label(plex)} reports a stripe size of ${stripeSize} bytes, which its subsystem does not support`;
      }),
  },
  {
    name: 'plex-sizes',
    title: 'The extents of a plex hold what the plex holds',
    requirement: 'VDS-10.29',
    // A LUN of a storage pool may be thin.
    judge: (observation) =>
      each(
        objectsOf(observation, 'IVdsStoragePool').length > 0 ? [] : objectsOf(observation, 'IVdsLunPlex'),
        (plex) => {
          const { size } = plex.members;
          if (extentsOf(plex) === undefined || typeof size !== 'bigint') return undefined;
          const bytes = usedExtents(plex).reduce((sum, e) => sum + e.size, 0n);
          return bytes >= size ? '' : `${label(plex)} has ${size} bytes, and its extents together ${bytes}`;
        },
      ),
  },
  {
    name: 'free-extents',
    title: 'A drive that is online and of which no LUN has anything reports extents that are free',
    requirement: 'VDS-10.15b',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsDrive'), (drive) => {
        const { size, status } = drive.members;
        const extents = extentsOf(drive);
        if (extents === undefined || usedExtents(drive).length > 0 || flagsOf(drive) !== 0) return undefined;
        if (status !== VDS_DRIVE_STATUS.VDS_DRS_ONLINE || typeof size !== 'bigint' || size === 0n) return undefined;
        return extents.length > 0 ? '' : `${label(drive)} is online, and reports no extents, not even free ones`;
      }),
  },
  {
    name: 'whole-drives',
    title: 'A subsystem that cannot use extents of drives uses whole ones',
    requirement: 'VDS-10.31',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsDrive'), (drive) => {
        const flags = flagsOf(subSystemOf(observation, drive));
        const used = usedExtents(drive);
        if (flags === undefined || used.length === 0) return undefined;
        if (has(flags, SF.VDS_SF_DRIVE_EXTENT_CAPABLE)) return '';
        const luns = new Set(used.map((e) => e.lunId)).size;
        return luns === 1 && used.length === extentsOf(drive)?.length
          ? ''
          : `${label(drive)} is used in part, and its subsystem does not have VDS_SF_DRIVE_EXTENT_CAPABLE`;
      }),
  },
  {
    name: 'capabilities',
    title: 'What is enabled on a LUN is what its subsystem is capable of',
    requirement: 'VDS-10.32',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const enabled = flagsOf(lun);
        const capable = flagsOf(subSystemOf(observation, lun));
        if (enabled === undefined || capable === undefined) return undefined;
        const wrong = ENABLED.find(([flag, capability]) => has(enabled, LF[flag]) && !has(capable, SF[capability]));
        return wrong === undefined ? '' : `${label(lun)} has ${wrong[0]}, and its subsystem does not have ${wrong[1]}`;
      }),
  },
  {
    name: 'several-plexes',
    title: 'Where a LUN has several plexes its subsystem says that it supports them',
    requirement: 'VDS-10.32b',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const capable = flagsOf(subSystemOf(observation, lun));
        const plexes = within(observation, 'IVdsLunPlex', lun).length;
        if (plexes === 0 || capable === undefined) return undefined;
        return plexes === 1 || has(capable, SF.VDS_SF_LUN_PLEXING_CAPABLE)
          ? ''
          : `${label(lun)} has ${plexes} plexes, and its subsystem does not have VDS_SF_LUN_PLEXING_CAPABLE`;
      }),
  },
  {
    name: 'hints-and-flags',
    title: 'The flags of a LUN say of a feature what its hints say',
    requirement: 'VDS-10.33',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const flags = flagsOf(lun);
        const hints = [hintsOf(lun, 'hints'), hintsOf(lun, 'hints2')].filter((h) => h !== undefined);
        if (flags === undefined || hints.length === 0) return undefined;
        for (const told of hints)
          for (const [flag, , member, bit] of ENABLED)
            if (
              (told.hintMask & bit) !== 0n &&
              typeof told[member] === 'boolean' &&
              told[member] !== has(flags, LF[flag])
            )
              return (
                `the hints of the ${label(lun)} say that ${member} is ${told[member]}, and ${flag} is ` +
                `${told[member] ? 'not set' : 'set'}`
              );
        return '';
      }),
  },
  {
    name: 'remapping-of-plexes',
    title: 'The only plex of a LUN is remapped where the LUN is',
    requirement: 'VDS-10.33b',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const [plex, ...others] = within(observation, 'IVdsLunPlex', lun);
        const [own, its] = [flagsOf(lun), flagsOf(plex)];
        if (own === undefined || its === undefined || others.length > 0) return undefined;
        return has(own, LF.VDS_LF_LBN_REMAP_ENABLED) === has(its, VDS_LUN_PLEX_FLAG.VDS_LPF_LBN_REMAP_ENABLED)
          ? ''
          : `${label(lun)} and its only plex do not agree whether its extents are remapped`;
      }),
  },
  {
    name: 'both-hints',
    title: 'QueryHints and QueryHints2 of a LUN agree in the hints that both have',
    requirement: 'VDS-10.34',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const [one, two] = [hintsOf(lun, 'hints'), hintsOf(lun, 'hints2')];
        if (one === undefined || two === undefined) return undefined;
        const wrong = Object.keys(one).find(
          // The second structure has bits for hints that the first does not have.
          (name) => name !== 'hintMask' && name in two && !equalValues(one[name], two[name]),
        );
        return wrong === undefined
          ? ''
          : `${label(lun)}: ${wrong} is ${formatValue(one[wrong])} by QueryHints ` +
              `and ${formatValue(two[wrong])} by QueryHints2`;
      }),
  },
  {
    name: 'ports-of-offline-controllers',
    title: 'No port of a controller that is OFFLINE is ONLINE',
    requirement: 'VDS-7.11',
    judge: (observation) =>
      all(
        ...controllers(observation).map((controller): Judgement => {
          const { status } = controller.members;
          return each(status === undefined ? [] : portsOf(observation, controller), (port) => {
            if (port.status === undefined) return undefined;
            return status === VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE && port.status === VDS_PORT_STATUS.VDS_PRS_ONLINE
              ? `${label(controller)} is OFFLINE, and its port ${port.id} is ONLINE`
              : '';
          });
        }),
      ),
  },
  {
    name: 'world-wide-names',
    title: 'A port of a Fibre Channel provider is identified by its world wide name, in 16 hexadecimal digits',
    requirement: 'VDS-4.9',
    judge: (observation) =>
      each(
        observation.provider['providerType'] === VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL
          ? controllers(observation).flatMap((controller) => portsOf(observation, controller))
          : [],
        ({ id, identification }) => {
          if (identification === undefined) return undefined;
          return typeof identification === 'string' && WWN.test(identification)
            ? ''
            : `the port ${id} is identified by ${formatValue(identification)}`;
        },
      ),
  },
  {
    name: 'lun-information',
    title: 'The identification data of a LUN have values of their enumerations',
    requirement: 'VDS-10.35',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const information = lun.members['identificationData'] as VDS_LUN_INFORMATION | undefined;
        if (information === undefined) return undefined;
        const wrong = wrongIn(information);
        return wrong === '' ? '' : `the identification data of the ${label(lun)} have ${wrong}`;
      }),
  },
  {
    name: 'versions',
    title: 'A provider that does not support VDS 3.0 has no flags that came with it',
    requirement: 'VDS-3.10',
    judge: (observation) => {
      const supported = observation.provider['versionSupport'];
      const three = typeof supported === 'number' && has(supported, VDS_VERSION_SUPPORT_FLAG.VDS_VSF_3_0);
      return each(typeof supported === 'number' ? observation.objects.values() : [], (object) => {
        const later = FLAGS_OF_3_0[object.kind as keyof typeof FLAGS_OF_3_0] as number | undefined;
        const flags = flagsOf(object);
        if (later === undefined || flags === undefined) return undefined;
        return three || !has(flags, later)
          ? ''
          : `${label(object)} has flags 0x${(flags & later).toString(16)}, which came with VDS 3.0, and the ` +
              'provider does not support it';
      });
    },
  },
];
