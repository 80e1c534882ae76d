// Changes that were acknowledged while the cache was damaged: a success is a promise, which the pair must not break by
// restoring what was there before.
import {
  damageInWords,
  type Check,
  type Context,
  CORRUPTION_FORMS,
  type CorruptionForm,
  everyId,
  HeldSystem,
  importTargetValue,
  type Result,
  type SmallSystem,
  smallSystems,
} from '../../src/checks/index.js';
import { HR } from '../../src/contract/index.js';

/** One member of an object that can be set. */
interface Setting {
  readonly id: string;
  readonly member: string;
  set(value: string): Promise<Result<object> | undefined>;
  /** The value set before the fault, and the one set while the cache is damaged. */
  readonly values: readonly [string, string];
}

/** The settings of the first subsystem: two LUNs' names, two targets' names, and the import target. */
function settingsOf(ctx: Context, system: SmallSystem): Setting[] {
  const settings: Setting[] = [];
  const names = (): readonly [string, string] => [ctx.make.uniqueName(), ctx.make.uniqueName()];
  for (const { lun, id } of system.luns.slice(0, 2))
    settings.push({
      id,
      member: 'friendlyName',
      values: names(),
      set: async (friendlyName) => (await lun.as('IVdsLunNaming'))?.setFriendlyName({ friendlyName }),
    });
  for (const { target, id } of system.targets.slice(0, 2))
    settings.push({
      id,
      member: 'friendlyName',
      values: names(),
      set: (friendlyName) => target.setFriendlyName({ friendlyName }),
    });
  const { imported, targets } = system;
  const [first, second] = targets;
  if (imported !== undefined && first !== undefined && second !== undefined)
    settings.push({
      id: system.id,
      member: 'importTarget',
      values: [importTargetValue(imported.dialect, first), importTargetValue(imported.dialect, second)],
      set: (iscsiName) => imported.importTarget.setImportTarget({ iscsiName }),
    });
  return settings;
}

const DAMAGED: Readonly<Record<string, (system: SmallSystem) => string | undefined>> = {
  lun: ({ luns }) => luns[0]?.id,
  target: ({ targets }) => targets[0]?.id,
  subsystem: ({ id }) => id,
};

const acknowledged = (kind: string, form: CorruptionForm): Check => ({
  id: `recovery.acknowledged.${form}.${kind}`,
  title:
    `A change that was acknowledged after ${damageInWords(form, kind)} is still there ` +
    'after Reenumerate and Refresh',
  requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-7.1a'],
  faults: [form],
  matrix: { fault: form, method: kind, moment: 'before-the-call' },
  effort: 'quick',
  cost: { calls: 2500, recoveries: 1 },
  async run(ctx) {
    const systems = await smallSystems(ctx);
    const object = DAMAGED[kind]?.(systems[0]) ?? ctx.notApplicable(`the subsystem has no ${kind}`);
    // Only what this provider takes and gives back as it was set can be expected later.
    const settings: Setting[] = [];
    for (const each of settingsOf(ctx, systems[0]))
      if ((await each.set(each.values[0]))?.hr === HR.S_OK) settings.push(each);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const exact = settings.filter(({ id, member, values }) => held.reports(id, member, values[0]));
    if (exact.length === 0) ctx.notApplicable('nothing can be set whose value would be known');
    await ctx.faults.inject({ kind: form, object });
    let taken = 0;
    for (const { id, member, values, set } of exact) {
      const answer = await set(values[1]);
      if (answer === undefined) continue;
      ctx.duties.permitted('VDS-5.5a', answer, `after ${damageInWords(form, kind)}`, 'wrong result code');
      if (answer.hr !== HR.S_OK) continue;
      held.acknowledged(id, { [member]: values[1] });
      taken += 1;
    }
    ctx.note(`${taken} of ${exact.length} changes were acknowledged before Reenumerate and Refresh`);
    await held.recover();
    await held.mustBeTrue();
  },
});

// A stale entry needs an earlier version of the object.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

export const acknowledgedChanges: readonly Check[] = Object.keys(DAMAGED).flatMap((kind) =>
  FORMS.map((form) => acknowledged(kind, form)),
);
