// One damaged entry in each of two subsystems, and everything that is near it: every getter, list and container of
// every kind of object, before the pair and after it; and the same again a while later. One corruption and one recovery
// serve some hundred calls, and entries that have nothing to do with each other.
import {
  damageInWords,
  type Check,
  type Context,
  CORRUPTION_FORMS,
  type CorruptionForm,
  HeldSystem,
  type Lacking,
  ofThose,
  Sharing,
  everyId,
  smallSystems,
  type SmallSystem,
} from '../../src/checks/index.js';

/** A kind of entry, and which of a subsystem is damaged. */
interface Entry {
  readonly kind: string;
  /** Undefined where the subsystem has none. */
  which(system: SmallSystem): string | undefined;
}

/**
 * Entries that share a corruption: none of them is of an object that another one's object is part of, as what is wrong
 * with the whole may hide what is wrong with a part.
 */
const ENTRIES: readonly (readonly Entry[])[] = [
  [{ kind: 'subsystem', which: ({ id }) => id }],
  [
    { kind: 'lun', which: ({ luns }) => luns[0]?.id },
    { kind: 'drive', which: ({ drive }) => drive },
    { kind: 'portal-group', which: ({ group }) => group },
  ],
  [
    { kind: 'target', which: ({ targets }) => targets.at(-1)?.id },
    { kind: 'controller', which: ({ controller }) => controller },
    { kind: 'plex', which: ({ plex }) => plex },
  ],
  [{ kind: 'portal', which: ({ portal }) => portal }],
];

// A stale entry needs an earlier version of the object, which hand-written checks make.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

/** Damages these entries in each subsystem, and looks at everything near them before the pair and after it. */
async function damage(
  ctx: Context,
  entries: readonly Entry[],
  lacking: Lacking<Entry>,
  form: CorruptionForm,
): Promise<void> {
  const systems = await smallSystems(ctx);
  const held = await HeldSystem.hold(ctx, everyId(systems));
  const damaged = await ofThose(entries, lacking, async ({ kind, which }) => {
    const objects = systems.flatMap((system) => which(system) ?? []);
    return objects.length === 0 ? ctx.notApplicable(`the subsystem has no ${kind}`) : { kind, objects };
  });
  if (damaged.length === 0) return;
  for (const { objects } of damaged) for (const object of objects) await ctx.faults.inject({ kind: form, object });
  await held.mustNotLie(`with a damaged ${damaged.map(({ kind }) => kind).join(', and ')}`);
  await held.recover();
  await held.mustBeTrue();
}

const damagedChecks = (form: CorruptionForm, entries: readonly Entry[]): readonly Check[] => {
  const sharing = new Sharing<Entry>((ctx, some, lacking) => damage(ctx, some, lacking, form));
  return entries.map((entry) => ({
    ...sharing.check(`recovery.near.${form}.${entry.kind}`, entry),
    title:
      `After ${damageInWords(form, entry.kind)}, every getter, list and container near it gives what was true or ` +
      'VDS_E_PROVIDER_CACHE_CORRUPT, and the truth after Reenumerate and Refresh',
    requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-7.1a', 'VDS-9.6d'],
    faults: [form],
    matrix: { fault: form, method: entry.kind, moment: 'before-the-call' },
    effort: 'quick' as const,
    cost: { calls: 2500, recoveries: 1 },
  }));
};

export const damagedEntries: readonly Check[] = [
  ...ENTRIES.flatMap((entries) => FORMS.flatMap((form) => damagedChecks(form, entries))),
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
