// One observation of everything, judged by itself (semantics.md 4, 6, 10, 11): both ends of each association,
// containers, sums and maxima; and what must be one object's own, once others have gone and come.
import { type Check, CONSISTENCY_RULES, defineSuite } from '../src/checks/index.js';
import { afterDeletion } from './consistency/after-deletion.js';

export const suite = defineSuite('consistency', 'What the provider reports of one system agrees with itself', [
  ...CONSISTENCY_RULES.map(({ name, title, requirement, judge }): Check => ({
    id: `consistency.${name}`,
    title,
    // The observations on the way must not contradict each other either.
    requirements: [...new Set([requirement, 'VDS-4.1a', 'VDS-4.2d'])],
    changes: false,
    cost: { calls: 300, recoveries: 0 },
    async run(ctx) {
      const { judged, wrong } = judge(await ctx.system.observe(requirement, { depth: 'deep' }));
      if (judged === 0) ctx.notApplicable('the provider reports nothing that this rule judges');
      const [first, ...others] = wrong;
      ctx.duties.holds(
        requirement,
        first === undefined,
        `${first ?? ''}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
      );
    },
  })),
  ...afterDeletion,
]);
