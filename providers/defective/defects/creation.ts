// Defects of creating LUNs: types that are promised and refused, drives that are not looked at, failures that leave
// something behind.
import {
  VDS_LUN_TYPE,
  VDS_SUB_SYSTEM_FLAG,
  VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG,
} from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Port } from '../../../src/port/port.js';
import { answers, asks, overriding, reports, together, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, type MakeOverrides } from '../override.js';
import { MIB } from '../../../src/contract/sizes.js';

const { VDS_LT_SIMPLE, VDS_LT_SPAN, VDS_LT_STRIPE, VDS_LT_MIRROR, VDS_LT_FAULT_TOLERANT, VDS_LT_NON_FAULT_TOLERANT } =
  VDS_LUN_TYPE;

/** The flags say that there are LUNs of a type, and CreateLun refuses them. */
const promised = (name: string, type: number, noticedBy: readonly string[]): Defect => ({
  name: `promised-${name}-luns-refused`,
  breaks: ['VDS-7.5c'],
  noticedBy,
  says:
    `The subsystem's flags say that it makes LUNs of type ${name}, ` +
    'and CreateLun answers VDS_E_NOT_SUPPORTED to them.',
  overrides: unavailable('IVdsSubSystem.CreateLun', HR.VDS_E_NOT_SUPPORTED, (args) => args.type === type),
});

/** A subsystem whose flags say more than it has. */
export const withFlags = (flags: number): MakeOverrides =>
  together(
    reports('IVdsSubSystem.GetProperties', () => (out) => ({
      subSystemProp: { ...out.subSystemProp, flags: out.subSystemProp.flags | flags },
    })),
    reports('IVdsSubSystem2.GetProperties2', () => (out) => ({
      subSystemProp2: { ...out.subSystemProp2, flags: out.subSystemProp2.flags | flags },
    })),
  );

const withoutDrives = <T extends { readonly driveIdArray: readonly string[] | null; readonly numberOfDrives: number }>(
  args: T,
): T => ({ ...args, driveIdArray: null, numberOfDrives: 0 });

/** When a LUN does not fit, makes one of a size that does, and answers that it did not fit. */
const leavesAPart = (inner: Port): ReturnType<MakeOverrides> => ({
  methods: {
    'IVdsSubSystem.CreateLun': async (call, next) => {
      const reply = await next();
      if (reply.hr !== HR.VDS_E_NOT_ENOUGH_SPACE) return reply;
      const smaller = await next({ args: { ...call.args, sizeInBytes: 64n * MIB } });
      const operation = given(smaller.out.async);
      if (operation !== undefined) await finish(inner, operation);
      return reply;
    },
  },
});

/** Waits for an operation of the provider's, and releases what it gave. */
export async function finish(inner: Port, operation: Handle): Promise<void> {
  const { out } = await ask(inner, operation, 'IVdsAsync.Wait', {});
  const made = given(out.asyncOut)?.cl?.lunUnk ?? null;
  if (made !== null) await inner.release(made);
  await inner.release(operation);
}

export const CREATION: readonly Defect[] = [
  promised('simple', VDS_LT_SIMPLE, ['creation.simple']),
  promised('span', VDS_LT_SPAN, ['creation.span']),
  promised('stripe', VDS_LT_STRIPE, ['creation.stripe']),
  promised('mirror', VDS_LT_MIRROR, ['creation.mirror']),
  promised('fault-tolerant', VDS_LT_FAULT_TOLERANT, ['creation.fault-tolerant']),
  promised('non-fault-tolerant', VDS_LT_NON_FAULT_TOLERANT, ['creation.non-fault-tolerant']),
  {
    name: 'parity-luns-promised',
    breaks: ['VDS-7.5c'],
    noticedBy: ['creation.parity'],
    says: 'VDS_SF_SUPPORTS_PARITY_LUNS is set, and there are no such LUNs.',
    overrides: withFlags(VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_PARITY_LUNS),
  },
  {
    name: 'raid5-luns-promised',
    breaks: ['VDS-7.5c'],
    noticedBy: ['creation.raid'],
    says: 'VDS_SF_SUPPORTS_RAID5_LUNS is set, and there are no such LUNs.',
    overrides: reports('IVdsSubSystem2.GetProperties2', () => (out) => ({
      subSystemProp2: {
        ...out.subSystemProp2,
        supportedRaidTypeFlags: VDS_SUB_SYSTEM_SUPPORTED_RAID_TYPE_FLAG.VDS_SF_SUPPORTS_RAID5_LUNS,
      },
    })),
  },
  {
    name: 'every-lun-reported-as-simple',
    breaks: ['VDS-10.2h'],
    noticedBy: ['creation.span'],
    says: 'GetProperties reports every LUN as a simple one, whatever it is.',
    overrides: reports('IVdsLun.GetProperties', () => (out) => ({ lunProp: { ...out.lunProp, type: VDS_LT_SIMPLE } })),
  },
  {
    name: 'mirrors-of-a-quarter',
    breaks: ['VDS-10.2c'],
    noticedBy: ['creation.mirror'],
    says: 'CreateLun counts the plexes of a mirror twice over, and makes it a quarter of the size asked for.',
    overrides: asks('IVdsSubSystem.CreateLun', (args) => ({
      ...args,
      sizeInBytes: args.type === VDS_LT_MIRROR ? args.sizeInBytes / 4n : args.sizeInBytes,
    })),
  },
  {
    name: 'drives-given-are-not-looked-at',
    breaks: ['VDS-10.2b'],
    noticedBy: ['drives.asked-for-by-id'],
    says: 'CreateLun takes whatever drives it likes, also when the caller names some.',
    overrides: asks('IVdsSubSystem.CreateLun', withoutDrives),
  },
  {
    name: 'drives-used-from-the-last',
    breaks: ['VDS-10.2b'],
    noticedBy: ['creation.drives-in-order'],
    says: 'CreateLun uses the drives in the order opposite to the one given.',
    overrides: asks('IVdsSubSystem.CreateLun', (args) => ({
      ...args,
      driveIdArray: args.driveIdArray === null ? null : [...args.driveIdArray].reverse(),
    })),
  },
  {
    name: 'create-unknown-drive-e-invalidarg',
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['creation.unknown-drive'],
    says: 'CreateLun answers E_INVALIDARG for a drive that does not exist.',
    overrides: answers('IVdsSubSystem.CreateLun', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'create-spills-over-to-other-drives',
    breaks: ['VDS-10.2i'],
    noticedBy: ['creation.too-large-for-its-drive'],
    says: 'Where the drives given have too little room CreateLun goes on with others.',
    overrides: overriding('IVdsSubSystem.CreateLun', () => async (call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_NOT_ENOUGH_SPACE && call.args.driveIdArray !== null
        ? next({ args: { ...withoutDrives(call.args), type: VDS_LT_SPAN } })
        : reply;
    }),
  },
  {
    name: 'too-few-drives-e-fail',
    breaks: ['VDS-10.2j'],
    noticedBy: ['creation.too-few-drives'],
    says: 'CreateLun of a mirror on too few drives answers E_FAIL.',
    overrides: answers('IVdsSubSystem.CreateLun', [HR.VDS_E_NOT_ENOUGH_DRIVE], HR.E_FAIL),
  },
  {
    name: 'failed-creation-leaves-a-lun',
    breaks: ['VDS-0.2b'],
    strict: true,
    noticedBy: ['luns.create-too-large'],
    says: 'CreateLun answers VDS_E_NOT_ENOUGH_SPACE and leaves a LUN of what it could get behind.',
    overrides: leavesAPart,
  },
  {
    name: 'creation-takes-hints-without-their-bits',
    breaks: ['VDS-10.12a'],
    noticedBy: ['creation.hints-are-told'],
    says: 'CreateLun applies all hints that are given, whatever their mask says.',
    overrides: asks('IVdsSubSystem.CreateLun', (args) => ({
      ...args,
      hints: args.hints === null ? null : { ...args.hints, hintMask: 0x1ffn },
    })),
  },
  {
    name: 'create-lun2-returns-no-async',
    breaks: ['VDS-8.1b'],
    noticedBy: ['async.type.CreateLun2'],
    says: 'CreateLun2 answers S_OK and NULL in place of an IVdsAsync.',
    overrides: (inner) => ({
      methods: {
        'IVdsSubSystem2.CreateLun2': async (_call, next) => {
          const reply = await next();
          const operation = given(reply.out.async);
          if (operation !== undefined) await finish(inner, operation);
          return { ...reply, out: { async: null } };
        },
      },
    }),
  },
  {
    name: 'create-lun2-unsupported-e-invalidarg',
    breaks: ['VDS-7.5'],
    noticedBy: ['creation.create-lun2-unsupported'],
    says: 'CreateLun2 answers E_INVALIDARG for a type of the enumeration that it lacks.',
    overrides: answers('IVdsSubSystem2.CreateLun2', [HR.VDS_E_NOT_SUPPORTED], HR.E_INVALIDARG),
  },
  {
    name: 'create-lun2-bad-type-not-supported',
    breaks: ['VDS-7.5b'],
    noticedBy: ['creation.create-lun2-type-unknown'],
    says: 'CreateLun2 answers VDS_E_NOT_SUPPORTED for a type outside the enumeration.',
    overrides: answers('IVdsSubSystem2.CreateLun2', [HR.E_INVALIDARG], HR.VDS_E_NOT_SUPPORTED),
  },
  {
    name: 'simple-target-config-without-a-target',
    breaks: ['VDS-10.4a'],
    noticedBy: ['creation.simple-target-config'],
    says: 'VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG is set, and a new LUN is associated with no target.',
    overrides: withFlags(VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG),
  },
];
