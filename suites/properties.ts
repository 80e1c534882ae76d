// The values of GetProperties, one by one (semantics.md 3, 4, 7 and 10): values within their enumerations and limits,
// and what the provider's own type, flags and counts oblige it to.
import {
  type Check,
  type Context,
  controllersOf,
  defineSuite,
  type Device,
  DEVICE_KINDS,
  type DeviceInterface,
  census,
  devicesOf,
  drivesOf,
  extentsOf,
  flagsOf,
  judgeProviderType2,
  makeHotSpare,
  makeMirror,
  lunIfMade,
  MIB,
  namesTheSame,
  plexesOf,
  portals,
  nameIn,
} from '../src/checks/index.js';
import {
  counted,
  everyFlag,
  enumerations,
  formatHresult,
  HR,
  INTERFACES_OF_TYPES,
  method,
  structure,
  VDS_INTERCONNECT_FLAG,
  VDS_IPADDRESS_TYPE,
  VDS_ISCSI_PORTAL_STATUS,
  VDS_LUN_TYPE,
  VDS_STORAGE_BUS_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  VDS_TRANSITION_STATE,
} from '../src/contract/index.js';

/** The kinds whose structures have members of enumerations. */
const KINDS: readonly DeviceInterface[] = [
  'IVdsSubSystem',
  'IVdsController',
  'IVdsDrive',
  'IVdsLun',
  'IVdsLunPlex',
  'IVdsIscsiPortal',
];

/** Values that a page calls reserved, so that no object has them: UNKNOWN of these members. */
const RESERVED: ReadonlySet<string> = new Set([
  'VDS_SUB_SYSTEM_PROP.status',
  'VDS_LUN_PROP.status',
  'VDS_LUN_PROP.type',
  'VDS_LUN_PROP.transitionState',
  'VDS_LUN_PLEX_PROP.status',
  'VDS_LUN_PLEX_PROP.type',
  'VDS_LUN_PLEX_PROP.transitionState',
]);
const HIGHEST_PRIORITY = 15;

/** The structure that GetProperties of a kind fills. */
function structureOf(kind: DeviceInterface): string {
  const type = method(`${kind}.GetProperties`).outs[0]?.type;
  if (type?.kind !== 'struct') throw new TypeError(`${kind}.GetProperties fills no structure`);
  return type.name;
}

/** The members of a device's structure that are values of an enumeration must be of it, and no reserved value. */
function judgeEnumerations(ctx: Context, { kind, properties, record }: Device): void {
  const evidence = { record };
  const name = structureOf(kind);
  for (const { name: member, type } of structure(name).fields) {
    if (type.kind !== 'enum' || member === 'health') continue;
    const values: readonly number[] = Object.values(enumerations.get(type.name)?.values ?? {});
    const value = Number(properties[member]);
    ctx.duties.holds(
      'VDS-7.10',
      values.includes(value),
      `${name}.${member} is ${value}, none of ${type.name}`,
      evidence,
    );
    if (RESERVED.has(`${name}.${member}`))
      ctx.duties.holds('VDS-7.10b', value !== 0, `${name}.${member} is 0, which is reserved`, evidence);
  }
  const priority = properties['rebuildPriority'];
  if (priority !== undefined)
    ctx.duties.holds(
      'VDS-10.22',
      Number(priority) >= 0 && Number(priority) <= HIGHEST_PRIORITY,
      `${name}.sRebuildPriority is ${Number(priority)}; expected 0 to ${HIGHEST_PRIORITY}`,
      evidence,
    );
}

const enumerationsOf = (kind: DeviceInterface): Check => ({
  id: `properties.values.${DEVICE_KINDS[kind].name.toLowerCase()}`,
  title: `Every ${DEVICE_KINDS[kind].name} reports values of their enumerations, and no reserved value`,
  requirements: [
    'VDS-7.10',
    ...([...RESERVED].some((each) => each.startsWith(`${structureOf(kind)}.`)) ? ['VDS-7.10b'] : []),
    ...(structure(structureOf(kind)).fields.some(({ name }) => name === 'rebuildPriority') ? ['VDS-10.22'] : []),
  ],
  changes: false,
  cost: { calls: 60, recoveries: 0 },
  async run(ctx) {
    for (const device of await devicesOf(ctx, kind, 'VDS-7.10')) judgeEnumerations(ctx, device);
  },
});

export const suite = defineSuite('properties', 'Values of properties', [
  ...KINDS.map(enumerationsOf),
  {
    id: 'properties.provider-type-2',
    title: 'GetProviderType2 answers one of the types of provider, the same one each time',
    requirements: ['VDS-3.3b'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const second = await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderType2');
      ctx.duties.supported(await second.getProviderType2());
      await judgeProviderType2(ctx, second, await ctx.system.unknown.as('IVdsHwProviderType'));
    },
  },
  {
    id: 'properties.interfaces-of-the-type',
    title: 'The objects of a provider have the interfaces that its own type obliges them to have',
    requirements: INTERFACES_OF_TYPES.map(({ requirement }) => requirement),
    changes: false,
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const typed = await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderType');
      const result = await typed.getProviderType();
      const own = ctx.duties.output('VDS-3.3c', result, 'type');
      const expected = INTERFACES_OF_TYPES.find(({ type }) => type === own);
      if (expected === undefined) return ctx.notApplicable('no page says what interfaces a provider of this type has');
      const devices = await census(ctx, expected.requirement);
      for (const [kind, name] of expected.interfaces)
        for (const { object } of devices.filter((device) => device.kind === kind))
          ctx.duties.holds(
            expected.requirement,
            (await object.as(name as 'IVdsLunIscsi')) !== null,
            `the provider's type is ${own}, and a ${DEVICE_KINDS[kind].name} lacks ${name}`,
            result,
          );
    },
  },
  {
    id: 'properties.directed-creation',
    title: 'LUNs can be created partially directed, by a concrete type and a size, and explicitly, on given drives',
    requirements: ['VDS-10.1a', 'VDS-10.1b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      const supported = async (driveIdArray: readonly string[] | null): Promise<boolean> => {
        for (const [name, type] of Object.entries(VDS_LUN_TYPE)) {
          if (type < VDS_LUN_TYPE.VDS_LT_SIMPLE || name.includes('RAID')) continue;
          const started = await subSystem.createLun({ type, sizeInBytes, unmaskingList: '', driveIdArray });
          await lunIfMade(ctx, subSystem, started);
          // Any other answer is about this request, not about what is supported at all.
          if (started.hr !== HR.VDS_E_NOT_SUPPORTED) return true;
        }
        return false;
      };
      ctx.duties.holds(
        'VDS-10.1b',
        await supported(null),
        'CreateLun answers VDS_E_NOT_SUPPORTED for every concrete type without drives',
      );
      const drives = (await drivesOf(ctx, subSystem)).map(({ prop }) => prop.id);
      ctx.duties.holds(
        'VDS-10.1a',
        (await supported(drives.slice(0, 1))) || (await supported(drives.slice(0, 3))),
        'CreateLun answers VDS_E_NOT_SUPPORTED for every concrete type with drives given',
      );
    },
  },
  {
    id: 'properties.lun-identification',
    title: "Each LUN's identification is a string of its own",
    requirements: ['VDS-10.23'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      await ctx.make.lun(subSystem);
      await ctx.make.lun(subSystem);
      const seen = new Set<string>();
      for (const lun of await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')) {
        const result = await lun.getProperties();
        const { identification } = ctx.duties.output('VDS-10.23', result, 'lunProp');
        ctx.duties.holds(
          'VDS-10.23',
          identification !== null && identification !== '',
          'VDS_LUN_PROP.pwszIdentification, the unique identifier of a LUN, is NULL or empty',
          result,
        );
        ctx.duties.holds('VDS-10.23', !seen.has(identification ?? ''), `two LUNs have "${identification}"`, result);
        seen.add(identification ?? '');
      }
    },
  },
  {
    id: 'properties.plexes-of-the-type',
    title:
      'A LUN has several plexes exactly if it is a mirror, each on drives ' +
      'of its own, and a simple LUN lies on one drive',
    requirements: ['VDS-10.8c', 'VDS-10.8d'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const simple = await ctx.make.simpleLun(subSystem);
      const [only, ...others] = await plexesOf(ctx, simple.lun);
      ctx.duties.equal('VDS-10.8c', 'the number of plexes of a simple LUN beyond the first', others.length, 0);
      const drivesOfPlex = async (plex: (typeof others)[0]): Promise<ReadonlySet<string>> =>
        new Set((await extentsOf(ctx, plex.plex)).map(({ id }) => id));
      if (only !== undefined)
        ctx.duties.equal('VDS-10.8d', 'the number of drives of a simple LUN', (await drivesOfPlex(only)).size, 1);
      const { lun, plexes } = await makeMirror(ctx, subSystem);
      const told = await lun.getProperties();
      const { type } = ctx.duties.output('VDS-10.8c', told, 'lunProp');
      ctx.duties.holds(
        'VDS-10.8c',
        namesTheSame(VDS_LUN_TYPE.VDS_LT_MIRROR, type) || type > VDS_LUN_TYPE.VDS_LT_RAID6,
        `a LUN of type ${nameIn('VDS_LUN_TYPE', type)} has ${counted(plexes.length, 'plex', 'plexes')}, which only a ` +
          'mirrored LUN has',
        told,
      );
      const used = new Set<string>();
      for (const plex of plexes)
        for (const drive of await drivesOfPlex(plex)) {
          ctx.duties.holds('VDS-10.8d', !used.has(drive), 'two plexes of a mirror lie on one drive');
          used.add(drive);
        }
    },
  },
  {
    id: 'properties.stable',
    title: 'A LUN reports transition state STABLE once the operation that made it has ended',
    requirements: ['VDS-10.25'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      const result = await lun.getProperties();
      ctx.duties.equal(
        'VDS-10.25',
        'VDS_LUN_PROP.TransitionState with no configuration in progress',
        ctx.duties.output('VDS-10.25', result, 'lunProp').transitionState,
        VDS_TRANSITION_STATE.VDS_TS_STABLE,
        result,
      );
    },
  },
  {
    id: 'properties.hot-spares-are-spared',
    title: 'A hot spare is used neither for a new LUN nor for one that is extended',
    requirements: ['VDS-10.21b'],
    capabilities: ['disposable'],
    cost: { calls: 100, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const spares = [];
      for (const found of await drivesOf(ctx, subSystem)) {
        if ((await extentsOf(ctx, found.drive)).some(({ used }) => used)) continue;
        if ((await makeHotSpare(ctx, found)).hr === HR.S_OK) spares.push(found);
      }
      if (spares.length === 0) ctx.notApplicable('no drive can be made a hot spare');
      const started = await ctx.make.startLun(subSystem);
      // With every free drive a spare there may be no room.
      const made = await lunIfMade(ctx, subSystem, started);
      for (const { prop } of spares) {
        const directed = await ctx.make.startLun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, drives: [prop.id] });
        await lunIfMade(ctx, subSystem, directed);
        const extended = await made?.lun.extend({ numberOfBytesToAdd: 16n * MIB, driveIdArray: [prop.id] });
        if (extended?.hr === HR.S_OK) await ctx.duties.output('VDS-8.1b', extended, 'async').wait();
      }
      for (const { drive } of spares)
        ctx.duties.holds(
          'VDS-10.21b',
          (await extentsOf(ctx, drive)).every(({ used }) => !used),
          'a drive that is a hot spare holds an extent of a LUN that was created or extended after it became one',
        );
    },
  },
  {
    id: 'properties.ports',
    title: 'A controller reports as many ports as GetPortProperties finds, numbered from 0',
    requirements: ['VDS-4.7b'],
    changes: false,
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      for (const { controller, prop } of await controllersOf(ctx, await ctx.system.subSystem())) {
        let found = 0;
        for (let portNumber = 0; portNumber <= prop.numberOfPorts; portNumber++) {
          const result = ctx.duties.supported(await controller.getPortProperties({ portNumber }));
          if (result.hr === HR.S_OK || result.hr === HR.VDS_S_PROPERTIES_INCOMPLETE) found += 1;
        }
        ctx.duties.equal('VDS-4.7b', 'the number of ports that a controller has', found, prop.numberOfPorts);
      }
    },
  },
  {
    id: 'properties.interconnects',
    title: 'GetSupportedInterconnects reports a combination of the VDS_ITF flags',
    requirements: ['VDS-3.9'],
    changes: false,
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const typed = await ctx.system.optional(await ctx.system.subSystem(), 'IVdsSubSystemInterconnect');
      const result = ctx.duties.supported(await typed.getSupportedInterconnects());
      const flags = ctx.duties.output('VDS-3.9', result, 'supportedInterconnectsFlag');
      const known = everyFlag(VDS_INTERCONNECT_FLAG);
      ctx.duties.holds(
        'VDS-3.9',
        flags !== 0 && (flags & ~known) === 0,
        `the supported interconnects are 0x${flags.toString(16)}, and the flags are within 0x${known.toString(16)}`,
        result,
      );
    },
  },
  {
    id: 'properties.drive2',
    title: 'IVdsDrive2::GetProperties2 answers S_OK where it succeeds, with a bus type of its enumeration',
    requirements: ['VDS-7.7b', 'VDS-4.8b'],
    changes: false,
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      for (const { drive } of await drivesOf(ctx, await ctx.system.subSystem())) {
        const second = await ctx.system.optional(drive, 'IVdsDrive2');
        const result = await second.getProperties2();
        // Not by code(), to which incomplete properties are a success like any other.
        ctx.duties.holds(
          'VDS-7.7b',
          result.hr === HR.S_OK,
          `IVdsDrive2::GetProperties2 answered ${formatHresult(result.hr)} on a drive that is there; expected S_OK`,
          result,
        );
        const { busType } = ctx.duties.output('VDS-7.7b', result, 'driveProp2');
        ctx.duties.holds(
          'VDS-4.8b',
          (Object.values(VDS_STORAGE_BUS_TYPE) as readonly number[]).includes(busType),
          `the bus type of a drive is ${busType}, which the enumeration does not have`,
          result,
        );
      }
    },
  },
  {
    id: 'properties.unmasked-to-nobody',
    title: 'A LUN that is created with an empty unmasking list is unmasked to nobody, where the subsystem can mask',
    requirements: ['VDS-10.9d'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE) === 0)
        ctx.notApplicable('the subsystem does not have VDS_SF_LUN_MASKING_CAPABLE');
      const { lun } = await ctx.make.lun(subSystem);
      const result = await lun.getProperties();
      const { unmaskingList } = ctx.duties.output('VDS-10.9d', result, 'lunProp');
      ctx.duties.holds(
        'VDS-10.9d',
        unmaskingList === null || unmaskingList === '',
        `a LUN that was created for no computer is unmasked to "${unmaskingList}"`,
        result,
      );
    },
  },
  {
    id: 'properties.portal-address',
    title: 'A portal that is online reports an address of its type and a TCP port',
    requirements: ['VDS-11.9'],
    changes: false,
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      for (const { portal } of await portals(ctx, await ctx.system.subSystem())) {
        const result = await portal.getProperties();
        const { address, status } = ctx.duties.output('VDS-11.9', result, 'portalProp');
        if (status !== VDS_ISCSI_PORTAL_STATUS.VDS_IPS_ONLINE) continue;
        const empty =
          (address.type === VDS_IPADDRESS_TYPE.VDS_IPT_TEXT && address.textAddress === '') ||
          (address.type === VDS_IPADDRESS_TYPE.VDS_IPT_IPV4 && address.ipv4Address === 0);
        ctx.duties.holds(
          'VDS-11.9',
          !empty && address.port !== 0,
          'a portal that is online has no address or no port',
          result,
        );
      }
    },
  },
]);
