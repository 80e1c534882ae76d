// What must be one object's own, as an id, a name, a tag or an identification, when one that was made earlier was
// deleted and another one is made: a number that is counted, or taken from the place in a list, comes again then.
import { type Check, type Context, inconsistencies, type MakeableKind } from '../../src/checks/index.js';

/** Makes another object of a kind, and gives what deletes it. */
type Make = () => Promise<() => Promise<unknown>>;

/** How objects of each kind are made, those of a check side by side. */
const MAKING: Readonly<Record<MakeableKind, (ctx: Context) => Promise<Make>>> = {
  lun: async (ctx) => {
    const subSystem = await ctx.system.subSystem();
    return async () => {
      const { lun } = await ctx.make.lun(subSystem);
      return async () => ctx.duties.ok('VDS-10.6', await lun.delete());
    };
  },
  target: async (ctx) => {
    const subSystem = await ctx.system.subSystem();
    return async () => {
      // The provider makes up the name.
      const { target } = await ctx.make.target(subSystem, null);
      return async () => ctx.duties.completed(await target.delete());
    };
  },
  'portal-group': async (ctx) => {
    const { target } = await ctx.make.target(await ctx.system.subSystem());
    return async () => {
      const { group, existed } = await ctx.make.portalGroup(target);
      if (existed) ctx.notApplicable('the target can have no more portal groups');
      return async () => ctx.duties.completed(await group.delete());
    };
  },
};

/** The duties of each kind that two objects may not share. */
const OWN: Readonly<Record<MakeableKind, readonly string[]>> = {
  lun: ['VDS-10.23'],
  target: ['VDS-11.1'],
  'portal-group': ['VDS-11.10'],
};

/** So many are made at first. */
const FIRST = 2;

export const afterDeletion: readonly Check[] = (Object.keys(MAKING) as MakeableKind[]).map((kind) => ({
  id: `consistency.after-deletion.${kind}`,
  title: `What is one ${kind.replace('-', ' ')}'s own is no other's, when one was deleted and another made`,
  requirements: [...OWN[kind], 'VDS-4.1a', 'VDS-4.2d'],
  cost: { calls: 1200, recoveries: 1 },
  async run(ctx) {
    const make = await MAKING[kind](ctx);
    const look = async (): Promise<ReturnType<typeof inconsistencies>> =>
      inconsistencies(await ctx.system.observe('VDS-4.1a', { depth: 'deep' }));
    const known = new Set((await look()).map(({ message }) => message));
    const judge = async (when: string): Promise<void> => {
      ctx.duties.judging(...OWN[kind]);
      for (const { requirement, message } of await look())
        if (!known.has(message)) {
          known.add(message);
          ctx.duties.unkept(requirement, `${message}, ${when}`);
        }
    };
    const deletions: Awaited<ReturnType<Make>>[] = [];
    for (let i = 0; i < FIRST; i++) deletions.push(await make());
    await deletions[0]?.();
    deletions.push(await make());
    await judge('after the first of two was deleted and another made');
    // What is counted may be counted anew.
    await deletions[1]?.();
    await ctx.faults.recover();
    await make();
    await judge('after another was deleted, Reenumerate and Refresh, and another made');
  },
}));
