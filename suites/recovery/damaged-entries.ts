// One damaged entry in each of two subsystems, and everything that is near it: every getter, list and container of
// every kind of object, before the pair and after it; and the same again a while later. One corruption and one recovery
// serve some hundred calls.
import {
  damageInWords,
  type Check,
  CORRUPTION_FORMS,
  type CorruptionForm,
  HeldSystem,
  everyId,
  smallSystems,
  type SmallSystem,
} from '../../src/checks/index.js';

/** A kind of entry, and which of a subsystem is damaged; undefined where the subsystem has none. */
const ENTRIES: Readonly<Record<string, (system: SmallSystem) => string | undefined>> = {
  subsystem: ({ id }) => id,
  lun: ({ luns }) => luns[0]?.id,
  target: ({ targets }) => targets.at(-1)?.id,
  drive: ({ drive }) => drive,
  controller: ({ controller }) => controller,
  portal: ({ portal }) => portal,
  plex: ({ plex }) => plex,
  'portal-group': ({ group }) => group,
};

// A stale entry needs an earlier version of the object, which hand-written checks make.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

const damaged = (form: CorruptionForm, kind: string, which: (system: SmallSystem) => string | undefined): Check => ({
  id: `recovery.near.${form}.${kind}`,
  title:
    `After ${damageInWords(form, kind)}, every getter, list and container near it gives what was true or ` +
    'VDS_E_PROVIDER_CACHE_CORRUPT, and the truth after Reenumerate and Refresh',
  requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-7.1a', 'VDS-9.6d'],
  faults: [form],
  matrix: { fault: form, method: kind, moment: 'before-the-call' },
  effort: 'quick',
  cost: { calls: 2500, recoveries: 1 },
  async run(ctx) {
    const systems = await smallSystems(ctx);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const entries = systems.flatMap((system) => which(system) ?? []);
    if (entries.length === 0) ctx.notApplicable(`the subsystem has no ${kind}`);
    for (const object of entries) await ctx.faults.inject({ kind: form, object });
    await held.mustNotLie(`with a damaged ${kind}`);
    await held.recover();
    await held.mustBeTrue();
  },
});

export const damagedEntries: readonly Check[] = [
  ...Object.entries(ENTRIES).flatMap(([kind, which]) => FORMS.map((form) => damaged(form, kind, which))),
  {
    id: 'recovery.stays-true',
    title:
      'The state that Reenumerate and Refresh restored stays true when they are called again, each by itself too, ' +
      'and a while later',
    requirements: ['VDS-5.3', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-7.1a', 'VDS-9.6d'],
    faults: ['flipped-bytes'],
    cost: { calls: 5000, recoveries: 3 },
    async run(ctx) {
      const systems = await smallSystems(ctx);
      const held = await HeldSystem.hold(ctx, everyId(systems));
      await ctx.faults.inject({ kind: 'flipped-bytes', object: systems[0].luns[0]?.id ?? systems[0].id });
      await held.recover();
      await held.mustBeTrue();
      await held.mustStayTrue(ctx.session.limits.relapse);
    },
  },
];
