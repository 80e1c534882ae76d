// Several objects vanish at the array before one pair, with references held to everything: VDS_E_OBJECT_DELETED comes
// from exactly those that are gone.
import {
  type Check,
  type Context,
  type CorruptionForm,
  damageEntries,
  damageSome,
  HeldSystem,
  type Lacking,
  ofThose,
  Sharing,
  everyId,
  type SmallSystem,
  smallSystems,
} from '../../src/checks/index.js';

const COUNT = 5;
/** With fewer, some pattern leaves none or takes none. */
const FEWEST = 3;

/** Which of several objects in a row vanish. */
const PATTERNS: Readonly<Record<string, (index: number, count: number) => boolean>> = {
  'the-first-two': (index) => index < 2,
  'two-in-the-middle': (index) => index === 1 || index === 2,
  'the-last-two': (index, count) => index >= count - 2,
  'every-other': (index) => index % 2 === 0,
  'all-but-one': (index) => index !== 2,
};
/** With these, entries of what stays are damaged, in the same subsystem and in the other one. */
const DAMAGED = 'the-last-two';
/** With these, entries of the first that vanish are damaged before, one in each of these forms. */
const DAMAGED_TOO = 'every-other';
const FORMS: readonly CorruptionForm[] = ['flipped-bytes', 'lost-entry'];

const KINDS: Readonly<Record<string, (system: SmallSystem) => readonly { readonly id: string }[]>> = {
  luns: ({ luns }) => luns,
  targets: ({ targets }) => targets,
};

/** Lets some objects of these kinds vanish. */
async function vanish(
  ctx: Context,
  kinds: readonly string[],
  lacking: Lacking<string>,
  pattern: string,
): Promise<void> {
  const systems = await smallSystems(ctx, COUNT);
  const held = await HeldSystem.hold(ctx, everyId(systems));
  const rows = await ofThose(kinds, lacking, async (kind) => {
    const all = (KINDS[kind]?.(systems[0]) ?? []).map(({ id }) => id);
    if (all.length < FEWEST) ctx.notApplicable(`the subsystem takes fewer than ${FEWEST} ${kind}`);
    return all.filter((_id, index) => PATTERNS[pattern]?.(index, all.length));
  });
  const gone = rows.flat();
  if (gone.length === 0) return;
  if (pattern === DAMAGED) for (const system of systems) await damageSome(ctx, system);
  if (pattern === DAMAGED_TOO)
    for (const row of rows)
      for (const [n, form] of FORMS.entries()) await damageEntries(ctx, row.slice(n, n + 1), form);
  for (const object of gone) await ctx.faults.inject({ kind: 'delete-object', object });
  held.vanished(gone);
  await held.changed();
  await held.recover();
  await held.mustBeTrue();
}

export const severalAtOnce: readonly Check[] = Object.keys(PATTERNS).flatMap((pattern) => {
  const sharing = new Sharing<string>((ctx, kinds, lacking) => vanish(ctx, kinds, lacking, pattern));
  return Object.keys(KINDS).map((kind) => ({
    ...sharing.check(`recovery.several-gone.${kind}.${pattern}`, kind),
    title:
      `Of several ${kind} ${pattern.replaceAll('-', ' ')} vanish at the array: after one Reenumerate and Refresh ` +
      `those and no others answer VDS_E_OBJECT_DELETED${pattern === DAMAGED ? ', and damage is repaired' : ''}`,
    requirements: ['VDS-7.1a', 'VDS-5.3', 'VDS-5.5b', 'VDS-5.5d', 'VDS-9.6d', ...(kind === 'luns' ? ['VDS-9.6e'] : [])],
    faults: ['delete-object' as const],
    matrix: { fault: 'delete-object', method: pattern, moment: 'before-the-call' },
    cost: { calls: 2500, recoveries: 1 },
  }));
});
