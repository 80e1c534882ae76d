// Tags of portal groups (semantics.md 11.3), by which initiators tell the groups of a target apart.
import type { Check } from '../../src/checks/index.js';

const HIGHEST_TAG = 0xffff;

export const tagChecks: readonly Check[] = [
  {
    id: 'iscsi.portal-group-tags',
    title: 'The portal groups of a target have tags of 16 bits, each its own',
    requirements: ['VDS-11.10'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      const seen = new Map<number, string>();
      for (let time = 0; time < 2; time++) {
        const { group, id } = await ctx.make.portalGroup(target);
        const result = await group.getProperties();
        const { tag } = ctx.duties.output('VDS-11.10', result, 'portalGroupProp');
        ctx.duties.holds(
          'VDS-11.10',
          tag <= HIGHEST_TAG,
          `a portal group has the tag ${tag}, of more than 16 bits`,
          result,
        );
        // A target that can have one group hands out the same one again.
        const other = seen.get(tag) ?? id;
        ctx.duties.holds('VDS-11.10', other === id, `two portal groups of a target have the tag ${tag}`, result);
        seen.set(tag, id);
      }
    },
  },
];
