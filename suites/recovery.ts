// Cache corruption and recovery (semantics.md 5): each form of corruption, on each kind of object, judged by values before and after
// Reenumerate followed by Refresh.
import { UNTOUCHED } from '../src/contract/codec.js';
import { VDS_ASYNC_OUTPUT_TYPE } from '../src/contract/generated/enumerations.js';
import { HR } from '../src/contract/hresult.js';
import { defineSuite, type Check } from '../src/checks/check.js';
import { importTargetValue, type Context } from '../src/checks/context.js';
import { RecoveryCase } from '../src/checks/recovery-case.js';
import { recoveryByMethod } from './products/recovery.js';
import { sameImportTarget } from '../src/truth/compare-inventories.js';
import type { ObjectState } from '../src/truth/inventory.js';
import { CORRUPTION_FORMS, type CorruptionForm } from '../src/faults/kinds.js';
import type { IVdsIscsiTarget, IVdsLun, IVdsSubSystem } from '../src/port/generated/typed.js';
import type { Result } from '../src/port/objects.js';

const MIB = 1024n * 1024n;

/** The structure that a successful getter filled, as the state of its object; what it did not fill has no id, which never existed. */
const state = (result: Result<object>, name: string): ObjectState => {
  const value = (result.out as Record<string, unknown>)[name];
  return value === UNTOUCHED || value === null || value === undefined ? { id: '' } : (value as ObjectState);
};
const probeLun = async (c: RecoveryCase, lun: IVdsLun): Promise<void> => {
  await c.probe(
    'IVdsLun::GetProperties',
    () => lun.getProperties(),
    (r) => state(r, 'lunProp'),
  );
  await c.probe('IVdsLun::GetIdentificationData', () => lun.getIdentificationData());
};
const probeTarget = (c: RecoveryCase, target: IVdsIscsiTarget): Promise<void> =>
  c.probe(
    'IVdsIscsiTarget::GetProperties',
    () => target.getProperties(),
    (r) => state(r, 'targetProp'),
  );
const probeSubSystem = async (c: RecoveryCase, subSystem: IVdsSubSystem): Promise<void> => {
  await c.probe(
    'IVdsSubSystem::GetProperties',
    () => subSystem.getProperties(),
    (r) => state(r, 'subSystemProp'),
  );
  await c.probe('IVdsSubSystem::QueryLuns', () => subSystem.queryLuns());
};

/** A subject for corruption: makes it, gives it an earlier version, and says how to look at it. */
interface Subject {
  readonly name: string;
  prepare(ctx: Context, c: RecoveryCase): Promise<{ readonly id: string; look(): Promise<void> }>;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'lun',
    async prepare(ctx, c) {
      const { lun, id } = await ctx.createLun(await ctx.subSystem());
      await c.remember();
      await ctx.completed(
        await lun.extend({ numberOfBytesToAdd: 16n * MIB }),
        VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_EXTENDLUN,
      );
      return { id, look: () => probeLun(c, lun) };
    },
  },
  {
    name: 'target',
    async prepare(ctx, c) {
      const { target, id } = await ctx.createTarget(await ctx.subSystem());
      await c.remember();
      // Gives the cache an earlier version of the target: by CHAP, or by a name where there is no CHAP.
      const secret = await target.setSharedSecret({
        targetSharedSecret: { sharedSecret: new Uint8Array(12).fill(0x61), sharedSecretSize: 12 },
      });
      if (secret.hr !== HR.S_OK) await target.setFriendlyName({ friendlyName: ctx.uniqueName() });
      return { id, look: () => probeTarget(c, target) };
    },
  },
  {
    name: 'subsystem',
    async prepare(ctx, c) {
      const subSystem = await ctx.subSystem();
      const { id } = ctx.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      await c.remember();
      await ctx.createLun(subSystem);
      return { id, look: () => probeSubSystem(c, subSystem) };
    },
  },
];

const corruption = (form: CorruptionForm, subject: Subject): Check => ({
  id: `recovery.${form}.${subject.name}`,
  title: `Reenumerate and Refresh restore everything after ${form} of a ${subject.name}'s cache entry`,
  requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.6', 'VDS-4.2b'],
  faults: [form],
  cost: { calls: 110, recoveries: 2 },
  async run(ctx) {
    const c = new RecoveryCase(ctx);
    const neighbour = await ctx.createLun(await ctx.subSystem());
    const { id, look } = await subject.prepare(ctx, c);
    await c.remember();
    const fault = await ctx.inject({ kind: form, object: id });
    await look();
    await probeLun(c, neighbour.lun);
    await c.settled({ fault });
    await look();
    ctx.holds(
      'VDS-5.6',
      !c.detected,
      `a ${subject.name} answers VDS_E_PROVIDER_CACHE_CORRUPT again after recovery`,
      undefined,
      'detected, not recovered',
    );
    await c.recoveredTwice();
  },
});

export const suite = defineSuite('recovery', 'Recovery from cache corruption', [
  ...recoveryByMethod,
  ...CORRUPTION_FORMS.flatMap((form) => SUBJECTS.map((subject) => corruption(form, subject))),
  {
    id: 'recovery.nothing-wrong',
    title: 'Reenumerate and Refresh change nothing when nothing is wrong',
    requirements: ['VDS-5.1', 'VDS-5.3', 'VDS-4.2b'],
    cost: { calls: 60, recoveries: 1 },
    async run(ctx) {
      const c = new RecoveryCase(ctx);
      await ctx.createLun(await ctx.subSystem());
      await c.remember();
      await c.recoveredTwice();
      await c.recovered();
    },
  },
  {
    id: 'recovery.second-subsystem',
    title: 'A corrupted entry of another subsystem is restored as well',
    requirements: ['VDS-5.5b', 'VDS-5.6'],
    faults: ['flipped-bytes'],
    cost: { calls: 100, recoveries: 1 },
    async run(ctx) {
      const [, second] = await ctx.twoSubSystems();
      const c = new RecoveryCase(ctx);
      const { lun, id } = await ctx.createLun(second);
      await c.remember();
      const fault = await ctx.inject({ kind: 'flipped-bytes', object: id });
      await probeLun(c, lun);
      await c.settled({ fault });
    },
  },
  {
    id: 'recovery.held-references',
    title: 'References held since before the corruption answer rightly after recovery, with their import target',
    requirements: ['VDS-5.6', 'VDS-7.1a', 'VDS-4.2b'],
    faults: ['flipped-bytes'],
    cost: { calls: 120, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.subSystem();
      const { dialect, target, importTarget } = await ctx.importTargetDialect(subSystem);
      const { lun, id, size } = await ctx.createLun(subSystem);
      const c = new RecoveryCase(ctx);
      await c.remember();
      const fault = await ctx.inject({ kind: 'flipped-bytes', object: id });
      await c.settled({ fault });
      const answer = await lun.getProperties();
      ctx.code(
        'VDS-5.6',
        answer,
        HR.S_OK,
        'on a reference held since before the corruption',
        'detected, not recovered',
      );
      ctx.equal(
        'VDS-4.2b',
        'the id of a LUN held over recovery',
        ctx.output('VDS-5.6', answer, 'lunProp').id,
        id,
        answer,
        'silent wrong data',
      );
      ctx.equal(
        'VDS-5.5b',
        'the size of a LUN held over recovery',
        ctx.output('VDS-5.6', answer, 'lunProp').size,
        size,
        answer,
        'silent wrong data',
      );
      ctx.ok('VDS-5.6', await target.target.getProperties(), 'detected, not recovered');
      const value = ctx.output(
        'VDS-5.5b',
        await importTarget.getImportTarget(),
        'iscsiName',
        'detected, not recovered',
      );
      const stored = importTargetValue(dialect, target);
      ctx.holds(
        'VDS-5.5b',
        sameImportTarget(value, stored, [{ targets: [target] }]),
        `the import target after recovery is "${value}", and "${stored}" was set`,
        undefined,
        'silent wrong data',
      );
    },
  },
  {
    id: 'recovery.again-after-recovery',
    title: 'A second corruption after a recovery is restored as the first one was',
    requirements: ['VDS-5.5b'],
    faults: ['flipped-bytes'],
    cost: { calls: 140, recoveries: 2 },
    async run(ctx) {
      const { lun, id } = await ctx.createLun(await ctx.subSystem());
      const c = new RecoveryCase(ctx);
      await c.remember();
      for (let time = 0; time < 2; time++) {
        const fault = await ctx.inject({ kind: 'flipped-bytes', object: id });
        await probeLun(c, lun);
        await c.settled({ fault });
      }
    },
  },
  {
    id: 'recovery.corrupted-between-the-pair',
    title: 'Corruption between Reenumerate and Refresh is restored by this pair or by the next one',
    requirements: ['VDS-5.5b'],
    faults: ['flipped-bytes'],
    cost: { calls: 120, recoveries: 2 },
    async run(ctx) {
      const { lun, id } = await ctx.createLun(await ctx.subSystem());
      const c = new RecoveryCase(ctx);
      await c.remember();
      await ctx.recover({
        betweenPair: async () => {
          await ctx.inject({ kind: 'flipped-bytes', object: id });
        },
      });
      await probeLun(c, lun);
      await c.settled();
    },
  },
]);
