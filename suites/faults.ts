// Trouble other than corruption: memory runs out, the array answers with errors, slowly or not at all, a device fails,
// calls overlap. A provider may fail meanwhile, with codes that it may answer; when the cause is gone and the pair was
// called, answers must be true again.
import {
  allObjects,
  type Check,
  type Context,
  type CreatedLun,
  defineSuite,
  type DeviceInterface,
  displayName,
  during,
  type IEnumVdsObject,
  importTargetValue,
  type IVdsSubSystem,
  plausibleArguments,
  ProviderCrashed,
  propertiesOf,
  ProviderUnreachable,
  judgeSize,
  RecoveryCase,
  type Result,
  importTargetOf,
  putsOff,
  leaveWays,
  onlyReads,
} from '../src/checks/index.js';
import { formatHresult, HR, NULL_GUID, OBJECT_STATUS, succeeded, VDS_HEALTH } from '../src/contract/index.js';
import {
  adopt,
  CONTROLLER,
  DEVICES,
  DRIVE,
  LUN,
  methodsOf,
  PLEX,
  PORT,
  PORTAL,
  PROVIDER,
  subject,
  SUB_SYSTEM,
  TARGET,
  type SubjectKind,
} from './products/subjects.js';
import { everyMethod } from './faults/every-method.js';
import { judgeHealth } from './shared/status.js';

/** Orders that leave every value as it was: flags and hints that the plausible arguments do not name are kept. */
const NEUTRAL: ReadonlySet<string> = new Set([
  'FlushCache',
  'InvalidateCache',
  'Reset',
  'SetFlags',
  'ClearFlags',
  'ApplyHints',
  'ApplyHints2',
]);

const IN_ORDER: ReadonlySet<unknown> = new Set([undefined, VDS_HEALTH.VDS_H_UNKNOWN, VDS_HEALTH.VDS_H_HEALTHY]);

/** Whether a device that is ONLINE and well again is as it was. */
const isInOrder = ({ status, health }: Readonly<Record<string, unknown>>): boolean =>
  status === OBJECT_STATUS.STATUS_ONLINE && IN_ORDER.has(health);

/** What is documented of the health of a device that has failed. */
const HEALTH: Readonly<Partial<Record<DeviceInterface, readonly string[]>>> = {
  IVdsSubSystem: ['VDS-10.14'],
  IVdsLun: ['VDS-10.14'],
  IVdsLunPlex: ['VDS-10.14'],
  IVdsDrive: ['VDS-10.14', 'VDS-10.14c'],
  IVdsController: ['VDS-10.14', 'VDS-10.14c'],
};

/** A device whose status fails at the array, and is ONLINE again. */
const failedStatus = (kind: SubjectKind & { readonly kind: DeviceInterface }): Check => ({
  id: `faults.fail-status.${kind.name}`,
  title:
    `A ${kind.name} that fails at the array is reported as failed after Reenumerate and Refresh, answers its getters ` +
    'still and orders in a permitted way, and is as before once it is repaired',
  requirements: ['VDS-5.3', 'VDS-7.3', 'VDS-7.3b', ...(HEALTH[kind.kind] ?? []), 'VDS-4.2b'],
  faults: ['fail-status'],
  cost: { calls: 240, recoveries: 2 },
  async run(ctx) {
    const { object, id, within } = await subject(ctx, kind);
    const before = await propertiesOf(ctx, object, 'VDS-7.3b');
    if (before['status'] === OBJECT_STATUS.STATUS_FAILED) ctx.notApplicable(`the ${kind.name} has failed already`);
    const c = new RecoveryCase(ctx, { within, requirement: 'VDS-5.3' });
    await c.requireTruth();
    await c.snapshot();
    const fault = await ctx.faults.inject({ kind: 'fail-status', object: id });
    leaveWays(ctx, kind.kind);
    await c.snapshotAfterChange();
    await c.reenumerateAndRefresh();
    let silent = false;
    for (const method of methodsOf(kind)) {
      const { object: typed } = await object.queryInterface(method.interfaceName);
      if (typed === null || method.name === 'Delete' || !onlyReads(method)) continue;
      const result = await typed.call(method.fullName, plausibleArguments(method));
      const getter =
        method.name === 'GetProperties' ||
        method.name === 'GetProperties2' ||
        method.name === 'GetSubSystem' ||
        method.name === 'GetProvider' ||
        method.name === 'GetController' ||
        method.name === 'GetLun';
      // A common code says just that the device has failed; which methods may answer it, only tables of possible values
      // say.
      if (getter && result.hr === HR.VDS_E_OBJECT_STATUS_FAILED) silent ||= method.name === 'GetProperties';
      else if (getter) ctx.duties.ok('VDS-7.3b', result);
      else ctx.duties.permitted('VDS-7.3', result, `on a ${kind.name} in failed status`);
    }
    // The state cannot be read where the device itself reports nothing.
    if (!silent) {
      await c.mustBeTrue();
      const properties = await propertiesOf(ctx, object, 'VDS-7.3b');
      if (HEALTH[kind.kind] !== undefined) judgeHealth(ctx, kind.kind, properties);
    }
    const orders = methodsOf(kind).filter(({ name }) => NEUTRAL.has(name));
    // Last, as the device may be in order after it; which one that something is wrong with is not to be.
    const puttingRight = isInOrder(before) ? methodsOf(kind).filter(({ name }) => name === 'SetStatus') : [];
    for (const method of [...orders, ...puttingRight]) {
      const { object: typed } = await object.queryInterface(method.interfaceName);
      if (typed === null) continue;
      const result = await typed.call(method.fullName, plausibleArguments(method));
      ctx.duties.permitted('VDS-7.3', result, `on a ${kind.name} in failed status`);
    }
    await fault.heal();
    await c.snapshotAfterChange();
    await c.mustRecover();
  },
});

/** Either it was carried out, or it was refused because another call was under way. */
function carriedOutOrBusy(ctx: Context, result: Result<object>, when: string, requirement = 'VDS-13.3'): void {
  ctx.duties.judging(requirement);
  if (putsOff(result.hr)) return;
  if (!succeeded(result.hr))
    ctx.duties.broken(
      requirement,
      `${displayName(result.record.method)} answered ${formatHresult(result.hr)} ${when}; it is to be carried out, ` +
        'or refused as busy',
      result,
    );
}

interface Overlap {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** Makes two calls on a LUN's subsystem; gives what the second one's object answers. */
  prepare(
    ctx: Context,
  ): Promise<{ readonly first: () => Promise<Result<object>>; readonly second: () => Promise<Result<object>> }>;
}

/**
 * QueryLuns during another call on the subsystem: nothing comes or goes meanwhile, so a busy provider must not list
 * fewer.
 */
async function queryDuring(
  ctx: Context,
  first: (subSystem: IVdsSubSystem) => Promise<Result<object>>,
): ReturnType<Overlap['prepare']> {
  const subSystem = await ctx.system.subSystem();
  await ctx.make.lun(subSystem);
  const listed = async (answer: Result<{ readonly enum: IEnumVdsObject | null }>): Promise<number> =>
    (await ctx.duties.list(answer, 'enum', 'IVdsLun', 'VDS-6.7a')).length;
  const all = await listed(await subSystem.queryLuns());
  return {
    first: () => first(subSystem),
    async second() {
      const answer = await subSystem.queryLuns();
      if (succeeded(answer.hr))
        ctx.duties.equal(
          'VDS-13.3',
          'the number of LUNs that QueryLuns lists while another call is under way',
          await listed(answer),
          all,
          answer,
        );
      return answer;
    },
  };
}

const OVERLAPS: readonly Overlap[] = [
  {
    id: 'reenumerate-twice',
    title: 'A second Reenumerate during the first is carried out or refused as busy',
    requirements: ['VDS-13.3'],
    prepare: async ({ system: { hw } }) => ({ first: () => hw.reenumerate(), second: () => hw.reenumerate() }),
  },
  {
    id: 'refresh-and-query',
    title: 'QuerySubSystems during Refresh is carried out or refused as busy',
    requirements: ['VDS-13.3'],
    prepare: async ({ system: { hw } }) => ({ first: () => hw.refresh(), second: () => hw.querySubSystems() }),
  },
  {
    id: 'delete-and-query',
    title: 'QueryLuns during the Delete of a LUN does no harm',
    requirements: ['VDS-13.2', 'VDS-13.3'],
    async prepare(ctx) {
      const { lun, subSystem } = await ctx.make.lun(await ctx.system.subSystem());
      return { first: () => lun.delete(), second: () => subSystem.queryLuns() };
    },
  },
  {
    id: 'query-twice',
    title: 'Two QueryLuns at once are both answered',
    requirements: ['VDS-13.2', 'VDS-13.3'],
    prepare: async (ctx) => queryDuring(ctx, (subSystem) => subSystem.queryLuns()),
  },
  {
    id: 'query-during-another',
    title: 'QueryLuns during a call that changes nothing lists all LUNs, or is refused as busy',
    requirements: ['VDS-13.3'],
    prepare: async (ctx) => queryDuring(ctx, (subSystem) => subSystem.getProperties()),
  },
  {
    id: 'extend-and-properties',
    title: 'GetProperties during Extend reports the size before it or after it',
    requirements: ['VDS-13.3', 'VDS-4.1a'],
    async prepare(ctx) {
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      ctx.duties.supported(await lun.queryMaxLunExtendSize({}));
      return {
        first: () => lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }),
        async second() {
          const answer = await lun.getProperties();
          if (succeeded(answer.hr)) {
            const told = ctx.duties.output('VDS-4.1a', answer, 'lunProp').size;
            ctx.duties.holds(
              'VDS-4.1a',
              told === size || (told - size) * 2n >= size,
              `GetProperties during Extend reports the size ${told}, which is ` +
                'neither the size before nor the size after it',
              answer,
            );
          }
          return answer;
        },
      };
    },
  },
  {
    id: 'import-target-and-get',
    title: 'GetImportTarget during SetImportTarget is carried out or refused as busy',
    requirements: ['VDS-13.3'],
    async prepare(ctx) {
      const { dialect, importTarget, target } = await importTargetOf(ctx, await ctx.system.subSystem());
      return {
        first: () => importTarget.setImportTarget({ iscsiName: importTargetValue(dialect, target) }),
        async second() {
          const answer = await importTarget.getImportTarget();
          // The call before left one set; with none set, the answer is a success as well.
          return answer.hr === HR.VDS_E_NO_IMPORT_TARGET ? { ...answer, hr: HR.S_OK } : answer;
        },
      };
    },
  },
];

const overlap = ({ id, title, requirements, prepare }: Overlap): Check => ({
  id: `faults.overlapping-call.${id}`,
  title,
  requirements,
  capabilities: ['parallelCalls'],
  cost: { calls: 150, recoveries: 1 },
  async run(ctx) {
    const { first, second } = await prepare(ctx);
    for (let tries = 1; ; tries++) {
      let other: Result<object> | undefined;
      const { answer, overlapped } = await during(
        ctx.session,
        first as () => Promise<Result<Record<string, unknown>>>,
        async () => {
          other = await second();
        },
      );
      carriedOutOrBusy(ctx, answer, 'while another call was made', requirements[0]);
      if (other !== undefined)
        carriedOutOrBusy(ctx, other, `during ${displayName(answer.record.method)}`, requirements[0]);
      await adopt(ctx, answer);
      if (overlapped) break;
      if (tries === 3)
        ctx.inconclusive(`the calls did not overlap in ${tries} tries: the first was over before the second began`);
    }
    const c = new RecoveryCase(ctx, { requirement: 'VDS-13.3' });
    await c.snapshotTruth();
    await c.mustRecover();
  },
});

/** The calls of a check that the array may keep waiting: started, not awaited. What they answer comes after healing. */
async function whileItHangs(
  ctx: Context,
  make: () => Promise<Result<object>>,
  meanwhile: () => Promise<Result<object>>,
): Promise<readonly [Result<object>, Result<object>]> {
  const { within } = await subject(ctx, SUB_SYSTEM);
  const fault = await ctx.faults.inject({ kind: 'hang', object: within });
  // A provider that serialises its calls answers the second one, too, only after healing.
  const both = Promise.allSettled([make(), meanwhile()]);
  await fault.heal();
  const [one, two] = await both;
  if (one.status === 'rejected') throw one.reason;
  if (two.status === 'rejected') throw two.reason;
  return [one.value, two.value];
}

/** The provider's process dies in the middle of a call, is started again, and reports true values. */
const crash = (during: string, call: (lun: CreatedLun) => Promise<Result<object>>): Check => ({
  id: `faults.crash.${during}`,
  title: `A provider whose process died during ${during} reports the truth once it is started and loaded again`,
  requirements: ['VDS-2.2', 'VDS-5.3', 'VDS-4.1a'],
  faults: ['crash'],
  capabilities: ['isolated', 'persistent'],
  cost: { calls: 200, recoveries: 1 },
  async run(ctx) {
    const neighbour = await ctx.make.lun(await ctx.system.subSystem());
    // By its identification: ids may be given anew at each load.
    const neighbourName = ctx.duties.output('VDS-7.9', await neighbour.lun.getProperties(), 'lunProp').identification;
    const made = await ctx.make.lun(await ctx.system.subSystem());
    await new RecoveryCase(ctx).requireTruth();
    const { route } = await ctx.faults.inject({ kind: 'crash', object: made.id });
    if (route === 'device') ctx.note(`the process was ended by its command before ${during}, not by the call`);
    const ended = await call(made).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (ended === undefined)
      return ctx.inconclusive('the provider is still there after the call during which it was to die');
    // After a crash of a process that is not the harness's own, nobody answers at its address.
    if (!(ended instanceof ProviderCrashed || ended instanceof ProviderUnreachable)) throw ended;
    await ctx.system.restart();
    const c = new RecoveryCase(ctx, { requirement: 'VDS-5.3' });
    await c.snapshot();
    const state = await ctx.system.inventory('VDS-5.3');
    const still = [...allObjects(state)].some(({ object }) => object['identification'] === neighbourName);
    ctx.duties.holds(
      'VDS-4.1a',
      still,
      'a LUN that the call was not about is gone after the provider was started again',
      undefined,
      'silent wrong data',
    );
    await c.mustRecover();
  },
});

export const suite = defineSuite('faults', 'Trouble other than corruption', [
  ...everyMethod(
    'exhaust-memory',
    [PROVIDER, ...DEVICES],
    (kind) =>
      `Every method of a ${kind} answers a code that it may answer when there is no memory, and works again afterwards`,
    { hits: () => NULL_GUID, atOnce: true },
  ),
  ...everyMethod(
    'device-error',
    [SUB_SYSTEM, LUN, TARGET],
    (kind) =>
      `Every method of a ${kind} answers a code that it may answer while the array answers with I/O errors, and ` +
      'works again afterwards',
  ),
  ...[SUB_SYSTEM, LUN, PLEX, DRIVE, CONTROLLER, PORT, PORTAL].map(failedStatus),
  ...OVERLAPS.map(overlap),
  crash('IVdsLun.Extend', ({ lun, drives, size }) => lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives })),
  crash('IVdsLun.Delete', ({ lun }) => lun.delete()),
  crash('IVdsLun.GetProperties', ({ lun }) => lun.getProperties()),
  {
    id: 'faults.device-error.pair',
    title:
      'Reenumerate and Refresh fail with a code that they may answer while the array answers with I/O errors, or ' +
      'succeed; afterwards the provider reports true values',
    requirements: ['VDS-5.5b', 'VDS-5.5c', 'VDS-5.5d', 'VDS-5.3', 'VDS-4.2b'],
    faults: ['device-error'],
    cost: { calls: 160, recoveries: 2 },
    async run(ctx) {
      const { id } = await subject(ctx, SUB_SYSTEM);
      await ctx.make.lun(await ctx.system.subSystem());
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      const fault = await ctx.faults.inject({ kind: 'device-error', object: id });
      const { reenumerate, refresh } = await ctx.faults.recover();
      for (const answer of [reenumerate, refresh])
        if (answer !== undefined)
          ctx.duties.permitted('VDS-5.5c', answer, 'while the array answers with I/O errors', 'wrong result code');
      await c.mustRecover({ fault });
    },
  },
  {
    id: 'faults.latency',
    title: 'A slow array makes calls slow, and nothing else',
    requirements: ['VDS-5.3'],
    faults: ['latency'],
    cost: { calls: 160, recoveries: 1 },
    async run(ctx) {
      const { id } = await subject(ctx, SUB_SYSTEM);
      const fault = await ctx.faults.inject({ kind: 'latency', object: id });
      const { lun, drives, size } = await ctx.make.lun(await ctx.system.subSystem());
      await ctx.duties.completed(await lun.extend({ numberOfBytesToAdd: size, driveIdArray: drives }));
      const now = ctx.duties.output('VDS-10.7a', await lun.getProperties(), 'lunProp').size;
      judgeSize(ctx, 'VDS-10.7a', { actual: now, asked: size * 2n, before: size });
      const c = new RecoveryCase(ctx, { requirement: 'VDS-5.3' });
      await c.snapshotTruth();
      await c.mustRecover({ fault });
    },
  },
  {
    id: 'faults.hang.operation',
    title: 'A creation that the array keeps waiting ends once it answers, and the LUN is there',
    requirements: ['VDS-0.2a', 'VDS-5.3'],
    faults: ['hang'],
    capabilities: ['parallelCalls'],
    cost: { calls: 80, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [started] = await whileItHangs(
        ctx,
        () => ctx.make.startLun(subSystem),
        () => ctx.system.hw.querySubSystems(),
      );
      ctx.duties.permitted('VDS-0.2a', started, 'although the array answered after a while', 'wrong result code');
      if (!succeeded(started.hr)) return;
      await adopt(ctx, started as Result<Record<string, unknown>>);
      const c = new RecoveryCase(ctx, { requirement: 'VDS-5.3' });
      await c.snapshot();
    },
  },
  {
    id: 'faults.hang.pair',
    title:
      'A Reenumerate that the array keeps waiting ends once it answers; another one meanwhile is carried out or ' +
      'refused as busy',
    requirements: ['VDS-5.2', 'VDS-13.3', 'VDS-0.2d'],
    faults: ['hang'],
    capabilities: ['parallelCalls'],
    cost: { calls: 160, recoveries: 2 },
    async run(ctx) {
      const c = new RecoveryCase(ctx);
      await c.snapshot();
      const [held, other] = await whileItHangs(
        ctx,
        () => ctx.system.hw.reenumerate(),
        () => ctx.system.hw.reenumerate(),
      );
      ctx.duties.permitted('VDS-5.2', held, 'after the array had kept it waiting', 'wrong result code');
      carriedOutOrBusy(ctx, other, 'while another one was kept waiting');
      await c.mustRecover();
    },
  },
] satisfies readonly Check[]);
