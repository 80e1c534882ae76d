// What each of several loaded provider objects hears of the array: as much when another one was loaded, or unloaded, as
// before.
import { type Check, heardBy, loadBeside, secondProvider, type VdsObject } from '../../src/checks/index.js';
import { HR } from '../../src/contract/index.js';

export const listeningChecks: readonly Check[] = [
  {
    id: 'lifecycle.others-hear-on',
    title:
      'A provider object that announces what changes at the array goes on doing so when others are loaded and unloaded',
    requirements: ['VDS-9.1', 'VDS-9.6b'],
    faults: ['change-object'],
    effort: 'standard',
    cost: { calls: 80, recoveries: 0 },
    async run(ctx) {
      const { id, lun } = await ctx.make.lun(await ctx.system.subSystem());
      const first = { name: 'first', sink: ctx.system.sink };
      const alone = await heardBy(ctx, id, [first.sink]);
      if (alone.size === 0) ctx.notApplicable('the provider announces no change at the array by itself');
      const second = await secondProvider(ctx);
      const third = await loadBeside(ctx);
      const others = [
        { name: 'second', provider: second },
        ...(typeof third === 'string' ? [] : [{ name: 'third', provider: third }]),
      ];
      const all = [first, ...others.map(({ name, provider }) => ({ name, sink: provider.sink }))];
      // What another one does not hear at first, as it may name the LUN otherwise, it need not hear later.
      const together = await heardBy(
        ctx,
        id,
        all.map(({ sink }) => sink),
      );
      const judge = (heard: ReadonlySet<VdsObject>, before: ReadonlySet<VdsObject>, when: string): void => {
        for (const { name, sink } of all)
          if (before.has(sink))
            ctx.duties.holds(
              'VDS-9.6b',
              heard.has(sink),
              `a change at the array was announced to the sink of the ${name} provider object before, and is not ` +
                when,
            );
      };
      judge(together, alone, 'when others are loaded beside it');
      let known = together;
      for (const { name, provider } of others) {
        if ((await provider.unload(false)).hr !== HR.S_OK) continue;
        known = new Set([...known].filter((sink) => sink !== provider.sink));
        judge(await heardBy(ctx, id, [...known]), known, `after the ${name} was unloaded`);
        ctx.duties.code(
          'VDS-9.1',
          await lun.getProperties(),
          HR.S_OK,
          `after the ${name} provider object was unloaded`,
        );
      }
    },
  },
];
