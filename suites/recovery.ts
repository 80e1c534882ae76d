// Cache corruption and recovery (semantics.md 5): each form of corruption, on each kind of object, judged by values
// before and after Reenumerate followed by Refresh.
import {
  damageInWords,
  type Check,
  type Context,
  CORRUPTION_FORMS,
  type CorruptionForm,
  defineSuite,
  importTargetValue,
  type IVdsAsync,
  type IVdsIscsiTarget,
  type IVdsLun,
  type IVdsSubSystem,
  type Lacking,
  type ObjectState,
  ofThose,
  RecoveryCase,
  type Result,
  sameImportTarget,
  Sharing,
  importTargetOf,
} from '../src/checks/index.js';
import { HR, succeeded, UNTOUCHED } from '../src/contract/index.js';
import { recoveryByMethod } from './products/recovery.js';
import { acknowledgedChanges } from './recovery/acknowledged.js';
import { awayAndBack } from './recovery/away-and-back.js';
import { damagedEntries } from './recovery/damaged-entries.js';
import { recreations } from './recovery/recreated.js';
import { severalAtOnce } from './recovery/several-at-once.js';
import { comeAndGoChecks } from './recovery/presence.js';
import { swaps } from './recovery/swapped.js';
import { trouble } from './recovery/trouble.js';
import { operationsUnderWay } from './recovery/under-way.js';

/**
 * The structure that a successful getter filled, as the state of its object; what it did not fill has no id, which
 * never existed.
 */
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

/** A subject for corruption: makes it, gives it an earlier version if it can, and says how to look at it. */
interface Subject {
  readonly name: string;
  prepare(
    ctx: Context,
    c: RecoveryCase,
  ): Promise<{ readonly id: string; readonly isChanged: boolean; look(): Promise<void> }>;
}

/** Makes the first of these changes that the provider supports and has room for. Gives whether there was one. */
async function isChangedBy(
  ctx: Context,
  changes: readonly (() => Promise<Result<object> | undefined>)[],
): Promise<boolean> {
  for (const change of changes) {
    const started = await change();
    if (started === undefined || !succeeded(started.hr)) continue;
    if ('async' in started.out) await ctx.duties.completed(started as Result<{ async: IVdsAsync | null }>);
    return true;
  }
  return false;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'lun',
    async prepare(ctx, c) {
      const { lun, id, size } = await ctx.make.lun(await ctx.system.subSystem());
      await c.snapshot();
      // By its size, or by its name where a LUN cannot be extended.
      const isChanged = await isChangedBy(ctx, [
        () => lun.extend({ numberOfBytesToAdd: size }),
        async () => (await lun.as('IVdsLunNaming'))?.setFriendlyName({ friendlyName: ctx.make.uniqueName() }),
      ]);
      return { id, isChanged, look: () => probeLun(c, lun) };
    },
  },
  {
    name: 'target',
    async prepare(ctx, c) {
      const { target, id } = await ctx.make.target(await ctx.system.subSystem());
      await c.snapshot();
      // By CHAP, or by its name where there is no CHAP.
      const targetSharedSecret = { sharedSecret: new Uint8Array(12).fill(0x61), sharedSecretSize: 12 };
      const isChanged = await isChangedBy(ctx, [
        () => target.setSharedSecret({ targetSharedSecret }),
        () => target.setFriendlyName({ friendlyName: ctx.make.uniqueName() }),
      ]);
      return { id, isChanged, look: () => probeTarget(c, target) };
    },
  },
  {
    name: 'subsystem',
    async prepare(ctx, c) {
      const subSystem = await ctx.system.subSystem();
      const { id } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      await c.snapshot();
      await ctx.make.lun(subSystem);
      return { id, isChanged: true, look: () => probeSubSystem(c, subSystem) };
    },
  },
];

/** Damages the entries of these subjects, and holds what they report against the truth, before the pair and after. */
async function damage(
  ctx: Context,
  form: CorruptionForm,
  subjects: readonly Subject[],
  lacking: Lacking<Subject>,
): Promise<void> {
  const c = new RecoveryCase(ctx);
  const neighbour = await ctx.make.lun(await ctx.system.subSystem());
  const prepared = await ofThose(subjects, lacking, async (subject) => {
    const each = await subject.prepare(ctx, c);
    if (form === 'stale-entry' && !each.isChanged)
      ctx.notApplicable(
        `no change of a ${subject.name} is supported, so that there is no earlier version of its entry`,
      );
    return each;
  });
  if (prepared.length === 0) return;
  await c.snapshot();
  for (const { id } of prepared) await ctx.faults.inject({ kind: form, object: id });
  const look = async (): Promise<void> => {
    for (const each of prepared) await each.look();
  };
  await look();
  await probeLun(c, neighbour.lun);
  await c.mustRecover();
  await look();
  ctx.duties.holds(
    'VDS-5.6',
    !c.sawCorruption,
    `a ${subjects.map(({ name }) => name).join(' or a ')} answers VDS_E_PROVIDER_CACHE_CORRUPT again after recovery`,
    undefined,
    'detected, not recovered',
  );
  await c.mustBeIdempotent();
}

/** What is wrong with a subsystem may hide what is wrong with what it has; the others share a recovery. */
const corruptions = (form: CorruptionForm): readonly Check[] => {
  const sharing = new Sharing<Subject>((ctx, subjects, lacking) => damage(ctx, form, subjects, lacking));
  return SUBJECTS.map((subject): Check => {
    const { name } = subject;
    const id = `recovery.${form}.${name}`;
    return {
      ...(name === 'subsystem' ? { id, run: (ctx) => sharing.alone(ctx, subject) } : sharing.check(id, subject)),
      title: `Reenumerate and Refresh restore everything after ${damageInWords(form, name)}`,
      requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-4.2b'],
      faults: [form],
      cost: { calls: 110, recoveries: 2 },
    };
  });
};

export const suite = defineSuite('recovery', 'Recovery from cache corruption', [
  ...recoveryByMethod,
  ...damagedEntries,
  ...trouble,
  ...severalAtOnce,
  ...awayAndBack,
  ...swaps,
  ...comeAndGoChecks,
  ...operationsUnderWay,
  ...recreations,
  ...acknowledgedChanges,
  ...CORRUPTION_FORMS.flatMap(corruptions),
  {
    id: 'recovery.nothing-wrong',
    title: 'Reenumerate and Refresh change nothing when nothing is wrong',
    requirements: ['VDS-5.1', 'VDS-5.3', 'VDS-5.5b', 'VDS-5.5d', 'VDS-4.2b'],
    cost: { calls: 60, recoveries: 1 },
    async run(ctx) {
      const c = new RecoveryCase(ctx, { requirement: 'VDS-5.1' });
      await ctx.make.lun(await ctx.system.subSystem());
      await c.snapshot();
      await c.mustBeIdempotent();
      await c.mustBeTrue();
    },
  },
  {
    id: 'recovery.second-subsystem',
    title: 'A corrupted entry of another subsystem is restored as well',
    requirements: ['VDS-5.5b', 'VDS-5.5d', 'VDS-5.6'],
    faults: ['flipped-bytes'],
    cost: { calls: 100, recoveries: 1 },
    async run(ctx) {
      const [, second] = await ctx.system.twoSubSystems();
      const c = new RecoveryCase(ctx);
      const { lun, id } = await ctx.make.lun(second);
      await c.snapshot();
      const fault = await ctx.faults.inject({ kind: 'flipped-bytes', object: id });
      await probeLun(c, lun);
      await c.mustRecover({ fault });
    },
  },
  {
    id: 'recovery.held-references',
    title: 'References held since before the corruption answer rightly after recovery, with their import target',
    requirements: ['VDS-5.6', 'VDS-5.5b', 'VDS-4.2b'],
    faults: ['flipped-bytes'],
    cost: { calls: 120, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { dialect, target, importTarget } = await importTargetOf(ctx, subSystem);
      const { lun, id, size } = await ctx.make.lun(subSystem);
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      const fault = await ctx.faults.inject({ kind: 'flipped-bytes', object: id });
      await c.mustRecover({ fault });
      const answer = await lun.getProperties();
      ctx.duties.code(
        'VDS-5.6',
        answer,
        HR.S_OK,
        'on a reference held since before the corruption',
        'detected, not recovered',
      );
      ctx.duties.equal(
        'VDS-4.2b',
        'the id of a LUN held over recovery',
        ctx.duties.output('VDS-5.6', answer, 'lunProp').id,
        id,
        answer,
        'silent wrong data',
      );
      ctx.duties.equal(
        'VDS-5.5b',
        'the size of a LUN held over recovery',
        ctx.duties.output('VDS-5.6', answer, 'lunProp').size,
        size,
        answer,
        'silent wrong data',
      );
      ctx.duties.ok('VDS-5.6', await target.target.getProperties(), 'detected, not recovered');
      const value = ctx.duties.output(
        'VDS-5.5b',
        await importTarget.getImportTarget(),
        'iscsiName',
        'detected, not recovered',
      );
      const stored = importTargetValue(dialect, target);
      ctx.duties.holds(
        'VDS-5.5b',
        sameImportTarget(value, stored, [target]),
        `the import target after recovery is "${value}", and "${stored}" was set`,
        undefined,
        'silent wrong data',
      );
    },
  },
  {
    id: 'recovery.again-after-recovery',
    title: 'A second corruption after a recovery is restored as the first one was',
    requirements: ['VDS-5.5b', 'VDS-5.5d'],
    faults: ['flipped-bytes'],
    cost: { calls: 140, recoveries: 2 },
    async run(ctx) {
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      for (let time = 0; time < 2; time++) {
        const fault = await ctx.faults.inject({ kind: 'flipped-bytes', object: id });
        await probeLun(c, lun);
        await c.mustRecover({ fault });
      }
    },
  },
  {
    id: 'recovery.corrupted-between-the-pair',
    title:
      'Corruption between Reenumerate and Refresh is restored by this Refresh, or by the next Reenumerate and Refresh',
    requirements: ['VDS-5.5b', 'VDS-5.5d'],
    faults: ['flipped-bytes'],
    cost: { calls: 120, recoveries: 2 },
    async run(ctx) {
      const { lun, id } = await ctx.make.lun(await ctx.system.subSystem());
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      await ctx.faults.recover({
        betweenPair: async () => {
          await ctx.faults.inject({ kind: 'flipped-bytes', object: id });
        },
      });
      await probeLun(c, lun);
      await c.mustRecover();
    },
  },
]);
