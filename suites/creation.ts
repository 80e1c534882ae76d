// Creating LUNs (semantics.md 7.5, 10.1 to 10.4): of every type of a subsystem, on given drives, and by CreateLun2.
import {
  bytesUnused,
  type Check,
  defineSuite,
  emptyDrives,
  extentsOf,
  fullyAllocated,
  flagsOf,
  type IVdsLun,
  mustListOnce,
  judgeSize,
  modestHints,
  AUTOMAGIC,
  lunIfMade,
  MIB,
  notFoundLun,
  refusedLun,
  refusedOperation,
  TOO_LARGE,
  supportsVersion,
  TYPE_FLAGS,
  UNKNOWN_ID,
  nameIn,
} from '../src/checks/index.js';
import {
  configuresTargets,
  HINT_MASK_FLAGS,
  HR,
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG,
} from '../src/contract/index.js';
import { bytesOn, drivesInOrder } from './creation/drive-order.js';
import { judgeType, NO_TYPES, oddSize, soundLun, versionTwo } from './creation/new-luns.js';
import { optionalArguments } from './creation/optional-arguments.js';

const {
  VDS_LT_DEFAULT,
  VDS_LT_FAULT_TOLERANT,
  VDS_LT_NON_FAULT_TOLERANT,
  VDS_LT_SIMPLE,
  VDS_LT_SPAN,
  VDS_LT_STRIPE,
  VDS_LT_MIRROR,
  VDS_LT_PARITY,
} = VDS_LUN_TYPE;
const {
  VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS,
  VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS,
  VDS_SF_SUPPORTS_SIMPLE_LUNS,
  VDS_SF_SUPPORTS_SPAN_LUNS,
  VDS_SF_SUPPORTS_STRIPE_LUNS,
  VDS_SF_SUPPORTS_MIRROR_LUNS,
  VDS_SF_SUPPORTS_PARITY_LUNS,
} = VDS_SUB_SYSTEM_FLAG;

/** A type that the subsystem's flags name is created. */
const ofType = (name: string, type: number, flag: number): Check => ({
  id: `creation.${name}`,
  title:
    `CreateLun makes a LUN of type ${name} of at least the size asked ` +
    "for, where the subsystem's flags say that it can",
  requirements: AUTOMAGIC.has(type)
    ? ['VDS-10.2c', 'VDS-10.2d', 'VDS-10.2g', 'VDS-10.2h', 'VDS-10.2f', 'VDS-7.5c']
    : ['VDS-10.2c', 'VDS-10.2d', 'VDS-10.2g', 'VDS-10.2h', 'VDS-7.5c'],
  cost: { calls: 14, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    if (((await flagsOf(ctx, subSystem)) & flag) === 0)
      ctx.notApplicable(`the subsystem's flags do not name LUNs of type ${name}`);
    await soundLun(ctx, subSystem, {
      type,
      size: await oddSize(ctx, subSystem),
      ...(AUTOMAGIC.has(type) ? { hints: modestHints() } : {}),
    });
  },
});

export const suite = defineSuite('creation', 'Creating LUNs', [
  ofType('fault-tolerant', VDS_LT_FAULT_TOLERANT, VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS),
  ofType('non-fault-tolerant', VDS_LT_NON_FAULT_TOLERANT, VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS),
  ofType('simple', VDS_LT_SIMPLE, VDS_SF_SUPPORTS_SIMPLE_LUNS),
  ofType('span', VDS_LT_SPAN, VDS_SF_SUPPORTS_SPAN_LUNS),
  ofType('stripe', VDS_LT_STRIPE, VDS_SF_SUPPORTS_STRIPE_LUNS),
  ofType('mirror', VDS_LT_MIRROR, VDS_SF_SUPPORTS_MIRROR_LUNS),
  ofType('parity', VDS_LT_PARITY, VDS_SF_SUPPORTS_PARITY_LUNS),
  {
    id: 'creation.raid',
    title: 'CreateLun2 makes a LUN of each RAID type that GetProperties2 says is supported',
    requirements: ['VDS-10.2h', 'VDS-7.5c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { subSystem, subSystem2 } = await versionTwo(ctx);
      const { supportedRaidTypeFlags } = ctx.duties.output(
        'VDS-7.7',
        await subSystem2.getProperties2(),
        'subSystemProp2',
      );
      const types = Object.entries(VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG)
        .filter(([, flag]) => (supportedRaidTypeFlags & flag) !== 0)
        .map(
          ([name]) =>
            VDS_LUN_TYPE[name.replace('VDS_SF_SUPPORTS_', 'VDS_LT_').replace('_LUNS', '') as keyof typeof VDS_LUN_TYPE],
        );
      if (types.length === 0) ctx.notApplicable('the subsystem supports no RAID type by number');
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      for (const type of types) {
        const started = await subSystem2.createLun2({
          type,
          sizeInBytes,
          unmaskingList: '',
          ...(await ctx.make.room(subSystem, type)),
        });
        ctx.duties.holds(
          'VDS-7.5c',
          started.hr !== HR.VDS_E_NOT_SUPPORTED,
          `CreateLun2 answered VDS_E_NOT_SUPPORTED for LUN type ${nameIn('VDS_LUN_TYPE', type)}, which the ` +
            "subsystem's flags say it supports",
          started,
        );
        const { lun } = await ctx.make.startedLun(subSystem, started);
        const told = await lun.getProperties();
        judgeType(ctx, type, ctx.duties.output('VDS-10.2h', told, 'lunProp').type, told);
      }
    },
  },
  {
    id: 'creation.type-unknown',
    title: 'CreateLun answers E_INVALIDARG for types between, above and below those of the enumeration',
    requirements: ['VDS-7.5b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      // A provider that makes no LUN at all answers VDS_E_NOT_SUPPORTED whatever the type.
      await ctx.make.lun(subSystem);
      for (const type of NO_TYPES)
        await refusedLun(
          ctx,
          'VDS-7.5b',
          await ctx.make.startLun(subSystem, { type }),
          [HR.E_INVALIDARG],
          `for the unknown LUN type ${type}`,
        );
    },
  },
  {
    id: 'creation.create-lun2-type-unknown',
    title: 'CreateLun2 answers E_INVALIDARG for types between, above and below those of the enumeration',
    requirements: ['VDS-7.5b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { subSystem, subSystem2 } = await versionTwo(ctx);
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      // Where it is not supported for any type, these are no exception.
      await ctx.make.startedLun(
        subSystem,
        await subSystem2.createLun2({
          type: VDS_LT_SIMPLE,
          sizeInBytes,
          unmaskingList: '',
          ...(await ctx.make.room(subSystem, VDS_LT_SIMPLE)),
        }),
      );
      for (const type of NO_TYPES)
        await refusedLun(
          ctx,
          'VDS-7.5b',
          await subSystem2.createLun2({
            type,
            sizeInBytes,
            unmaskingList: '',
            ...(await ctx.make.room(subSystem, type)),
          }),
          [HR.E_INVALIDARG],
          `for the unknown LUN type ${type}`,
        );
    },
  },
  {
    id: 'creation.on-one-drive',
    title: 'A LUN that is directed to one drive lies on that drive and no other',
    requirements: ['VDS-10.1a', 'VDS-10.2b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await emptyDrives(ctx, subSystem, 2);
      const flags = await flagsOf(ctx, subSystem);
      for (const chosen of [drives.length - 1, 0]) {
        const started = await ctx.make.startLun(subSystem, {
          type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
          drives: [drives[chosen]!.prop.id],
          size: await oddSize(ctx, subSystem),
        });
        ctx.duties.judging('VDS-10.1a');
        if (started.hr === HR.VDS_E_NOT_SUPPORTED && (flags & VDS_SF_SUPPORTS_SIMPLE_LUNS) !== 0)
          return ctx.duties.broken(
            'VDS-10.1a',
            'CreateLun answered VDS_E_NOT_SUPPORTED for a simple LUN on a given drive, although the subsystem has ' +
              'VDS_SF_SUPPORTS_SIMPLE_LUNS',
            started,
          );
        const { id, lun, size } = await fullyAllocated(ctx, subSystem, await ctx.make.startedLun(subSystem, started));
        const bytes = await bytesOn(ctx, drives, id);
        ctx.duties.holds(
          'VDS-10.2b',
          (bytes[chosen] ?? 0n) >= size,
          `a LUN of ${size} bytes was directed to one drive, which holds ${bytes[chosen]} bytes of it`,
        );
        ctx.duties.holds(
          'VDS-10.2b',
          bytes.every((b, index) => b === 0n || index === chosen),
          'a LUN that was directed to one drive lies on another one',
        );
        ctx.duties.ok('VDS-10.6', await lun.delete());
      }
    },
  },
  ...drivesInOrder,
  ...optionalArguments,
  {
    id: 'creation.unknown-drive',
    title: 'CreateLun refuses a drive in the list that does not exist, with VDS_E_OBJECT_NOT_FOUND',
    requirements: ['VDS-7.2', 'VDS-7.2d'],
    cost: { calls: 14, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ prop }] = await emptyDrives(ctx, subSystem);
      const single = ctx.duties.supported(
        await ctx.make.startLun(subSystem, { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, drives: [UNKNOWN_ID] }),
        'with drives given',
      );
      await notFoundLun(ctx, single, 'for a drive that does not exist');
      // Of several types only a span takes two drives, so that nothing else is wrong with the list.
      if (((await flagsOf(ctx, subSystem)) & VDS_SF_SUPPORTS_SPAN_LUNS) === 0) return;
      const span = await ctx.make.startLun(subSystem, { type: VDS_LT_SPAN, drives: [prop.id, UNKNOWN_ID] });
      await notFoundLun(ctx, span, 'for a drive that does not exist among others');
    },
  },
  {
    id: 'creation.too-large-for-its-drive',
    title:
      'CreateLun on one given drive fails for want of room, or at a limit, for more than the drive has, although ' +
      'others have room',
    requirements: ['VDS-10.2i'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [{ prop, free }] = await emptyDrives(ctx, subSystem, 2);
      const started = ctx.duties.supported(
        await ctx.make.startLun(subSystem, {
          type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
          drives: [prop.id],
          size: free + 1024n * MIB,
        }),
        'with drives given',
      );
      await refusedLun(ctx, 'VDS-10.2i', started, TOO_LARGE, 'for more than the given drive has');
    },
  },
  {
    id: 'creation.too-few-drives',
    title: 'CreateLun of a mirror on one given drive answers VDS_E_NOT_ENOUGH_DRIVE',
    requirements: ['VDS-10.2j'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (((await flagsOf(ctx, subSystem)) & VDS_SF_SUPPORTS_MIRROR_LUNS) === 0)
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_MIRROR_LUNS');
      const [{ prop }] = await emptyDrives(ctx, subSystem);
      const started = await ctx.make.startLun(subSystem, { type: VDS_LT_MIRROR, drives: [prop.id] });
      // A provider may also refuse such a list as an argument, or keep both plexes on the drive.
      if ((await lunIfMade(ctx, subSystem, started)) !== undefined)
        ctx.notApplicable('the subsystem mirrors on a single drive');
      await refusedOperation(ctx, 'VDS-10.2j', started, TOO_LARGE, 'for a mirror on one drive');
    },
  },
  {
    id: 'creation.hints-are-told',
    title: 'QueryHints of a LUN that was made with hints reports no hint that its mask did not name',
    requirements: ['VDS-10.12a'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const toldOf = async (isYankable: boolean): ReturnType<IVdsLun['queryHints']> => {
        const hints = { ...modestHints(), isYankable };
        const started = await ctx.make.startLun(subSystem, { type: VDS_LT_DEFAULT, hints });
        return (await ctx.make.startedLun(subSystem, started)).lun.queryHints();
      };
      const reported = (answer: Awaited<ReturnType<typeof toldOf>>): unknown => {
        const { hintMask, isYankable } = ctx.duties.output('VDS-10.12a', answer, 'hints');
        return (hintMask & HINT_MASK_FLAGS.VDS_HINT_ISYANKABLE) === 0n ? 'not named by the mask' : isYankable;
      };
      // What a provider applies by itself it may report as well, and the same each time.
      const usual = reported(ctx.duties.supported(await toldOf(false)));
      const result = await toldOf(true);
      ctx.duties.equal(
        'VDS-10.12a',
        'isYankable, which was given to CreateLun as TRUE, once FALSE, and which its mask did not name',
        reported(result),
        usual,
        result,
      );
    },
  },
  {
    id: 'creation.create-lun2',
    title: 'CreateLun2 makes a LUN as CreateLun does, of a concrete type, that QueryLuns lists',
    requirements: [
      'VDS-8.1b',
      'VDS-8.4a',
      'VDS-8.4d',
      'VDS-10.2c',
      'VDS-10.2d',
      'VDS-10.2g',
      'VDS-10.2h',
      'VDS-6.7a',
      'VDS-6.5c',
    ],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const { subSystem, subSystem2 } = await versionTwo(ctx);
      const sizeInBytes = await oddSize(ctx, subSystem);
      const { id, lun, size } = await ctx.make.startedLun(
        subSystem,
        await subSystem2.createLun2({
          type: VDS_LT_SIMPLE,
          sizeInBytes,
          unmaskingList: '',
          ...(await ctx.make.room(subSystem, VDS_LT_SIMPLE)),
        }),
      );
      const told = await lun.getProperties();
      judgeSize(ctx, 'VDS-10.2c', { actual: size, asked: sizeInBytes }, told);
      judgeType(ctx, VDS_LT_SIMPLE, ctx.duties.output('VDS-10.2h', told, 'lunProp').type, told);
      await mustListOnce(ctx, subSystem, id, 'a LUN made by CreateLun2');
    },
  },
  {
    id: 'creation.create-lun2-unsupported',
    title: "CreateLun2 answers VDS_E_NOT_SUPPORTED for a type that the subsystem's flags say it lacks",
    requirements: ['VDS-7.5'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const { subSystem, subSystem2 } = await versionTwo(ctx);
      const { flags, supportedRaidTypeFlags } = ctx.duties.output(
        'VDS-7.7',
        await subSystem2.getProperties2(),
        'subSystemProp2',
      );
      const lacking = [
        ...TYPE_FLAGS.filter(({ flag }) => (flags & flag) === 0).map(({ type }) => type as number),
        ...((supportedRaidTypeFlags & VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG.VDS_SF_SUPPORTS_RAID6_LUNS) === 0
          ? [VDS_LUN_TYPE.VDS_LT_RAID6]
          : []),
      ];
      if (lacking.length === 0) ctx.notApplicable('the subsystem supports every type that it has a flag for');
      if (!(await supportsVersion(ctx, 'VDS_VSF_1_1'))) ctx.notApplicable('the provider does not support VDS 1.1');
      const sizeInBytes = await ctx.make.lunSize(subSystem);
      for (const type of lacking)
        await refusedLun(
          ctx,
          'VDS-7.5',
          await subSystem2.createLun2({
            type,
            sizeInBytes,
            unmaskingList: '',
            ...(await ctx.make.room(subSystem, type)),
          }),
          [HR.VDS_E_NOT_SUPPORTED],
          `for LUN type ${nameIn('VDS_LUN_TYPE', type)}, which its flags say it lacks`,
        );
    },
  },
  {
    id: 'creation.simple-target-config',
    title: 'A subsystem that supports simple target configuration only gives a new LUN a target that has a portal',
    requirements: ['VDS-10.4a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      if (!configuresTargets(await flagsOf(ctx, subSystem)))
        ctx.notApplicable('the subsystem does not have VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG');
      const { lun } = await ctx.make.lun(subSystem);
      const iscsi = await ctx.system.optional(lun, 'IVdsLunIscsi');
      let portals = 0;
      for (const target of await ctx.duties.list(
        await iscsi.queryAssociatedTargets(),
        'enum',
        'IVdsIscsiTarget',
        'VDS-10.4a',
      )) {
        for (const group of await ctx.duties.list(
          await target.queryPortalGroups(),
          'enum',
          'IVdsIscsiPortalGroup',
          'VDS-10.4a',
        )) {
          portals += (
            await ctx.duties.list(await group.queryAssociatedPortals(), 'enum', 'IVdsIscsiPortal', 'VDS-10.4a')
          ).length;
        }
      }
      ctx.duties.holds(
        'VDS-10.4a',
        portals > 0,
        'a new LUN on a subsystem with VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG ' +
          'is associated with no target that has a portal',
      );
    },
  },
  {
    id: 'creation.no-room-left-behind',
    title: 'A creation that failed for lack of space leaves no LUN and takes no space',
    requirements: ['VDS-10.2i', 'VDS-0.2b'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const drives = await emptyDrives(ctx, subSystem);
      const luns = async (): Promise<number> =>
        (await ctx.duties.list(await subSystem.queryLuns(), 'enum', 'IVdsLun', 'VDS-6.7a')).length;
      const before = await luns();
      const free = async (): Promise<bigint> => bytesUnused(await extentsOf(ctx, drives[0].drive));
      await refusedLun(
        ctx,
        'VDS-10.2i',
        await ctx.make.startLun(subSystem, {
          type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
          drives: [drives[0].prop.id],
          size: drives[0].free * 2n,
        }),
        TOO_LARGE,
        'for twice what the given drive has',
      );
      ctx.duties.equal('VDS-0.2b', 'the number of LUNs after a creation that failed', await luns(), before);
      ctx.duties.equal(
        'VDS-0.2b',
        'the free bytes of the drive after a creation that failed',
        await free(),
        drives[0].free,
      );
    },
  },
]);
