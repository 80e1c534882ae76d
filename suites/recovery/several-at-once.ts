// Several objects vanish at the array before one pair, with references held to everything: VDS_E_OBJECT_DELETED comes
// from exactly those that are gone.
import { type Check, HeldSystem, everyId, type SmallSystem, smallSystems } from '../../src/checks/index.js';

const COUNT = 5;

/** Which of several objects in a row vanish. */
const PATTERNS: Readonly<Record<string, (index: number, count: number) => boolean>> = {
  'the-first-two': (index) => index < 2,
  'two-in-the-middle': (index) => index === 1 || index === 2,
  'the-last-two': (index, count) => index >= count - 2,
  'every-other': (index) => index % 2 === 0,
  'all-but-one': (index) => index !== 2,
};

const KINDS: Readonly<Record<string, (system: SmallSystem) => readonly { readonly id: string }[]>> = {
  luns: ({ luns }) => luns,
  targets: ({ targets }) => targets,
};

const vanish = (kind: string, pattern: string): Check => ({
  id: `recovery.several-gone.${kind}.${pattern}`,
  title:
    `Of several ${kind} ${pattern.replaceAll('-', ' ')} vanish at the array: after one Reenumerate and Refresh those ` +
    'and no others answer VDS_E_OBJECT_DELETED',
  requirements: ['VDS-7.1a', 'VDS-5.3', 'VDS-5.5b', 'VDS-5.5d', 'VDS-9.6d'],
  faults: ['delete-object'],
  matrix: { fault: 'delete-object', method: pattern, moment: 'before-the-call' },
  cost: { calls: 2500, recoveries: 1 },
  async run(ctx) {
    const systems = await smallSystems(ctx, COUNT);
    const all = (KINDS[kind]?.(systems[0]) ?? []).map(({ id }) => id);
    if (all.length < COUNT) ctx.notApplicable(`the subsystem takes fewer than ${COUNT} ${kind}`);
    const held = await HeldSystem.hold(ctx, everyId(systems));
    const gone = all.filter((_id, index) => PATTERNS[pattern]?.(index, all.length) === true);
    for (const object of gone) await ctx.faults.inject({ kind: 'delete-object', object });
    held.vanished(gone);
    await held.changed();
    await held.recover();
    await held.mustBeTrue();
  },
});

export const severalAtOnce: readonly Check[] = Object.keys(KINDS).flatMap((kind) =>
  Object.keys(PATTERNS).map((pattern) => vanish(kind, pattern)),
);
