// The properties of the provider object: its properties, the versions that it supports, its type (semantics.md 3).
import { type Check, judgeProviderProperties, judgeProviderType, judgeVersionSupport } from '../../src/checks/index.js';

export const providerChecks: readonly Check[] = [
  {
    id: 'lifecycle.provider-properties',
    title: 'IVdsProvider::GetProperties reports a hardware provider with an id, a name and a version',
    requirements: ['VDS-3.2a', 'VDS-3.2c', 'VDS-4.2a', 'VDS-3.11'],
    changes: false,
    cost: { calls: 2, recoveries: 0 },
    async run(ctx) {
      await judgeProviderProperties(ctx, ctx.system.provider);
    },
  },
  {
    id: 'lifecycle.version-support',
    title: 'GetVersionSupport answers a combination of the VDS_VSF flags',
    requirements: ['VDS-3.3a'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      await judgeVersionSupport(ctx, await ctx.system.optional(ctx.system.unknown, 'IVdsProviderSupport'));
    },
  },
  {
    id: 'lifecycle.provider-type',
    title: 'GetProviderType answers one of the VDS_HWT values, the same each time',
    requirements: ['VDS-3.3c'],
    changes: false,
    cost: { calls: 4, recoveries: 0 },
    async run(ctx) {
      await judgeProviderType(ctx, await ctx.system.optional(ctx.system.unknown, 'IVdsHwProviderType'));
    },
  },
];
