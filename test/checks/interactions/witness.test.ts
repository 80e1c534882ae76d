import { expect, test } from 'vitest';
import type { Handles } from '../../../src/checks/interactions/handles.js';
import { HeldEnumerators } from '../../../src/checks/interactions/laws/witness.js';
import type { SystemState } from '../../../src/model/index.js';
import { inCheck, Provider } from '../in-check.js';

/** More than an enumerator is gone through for. */
const MANY = 70;

test('an enumerator of more objects than are looked at is no contradiction', async () => {
  const broken: string[] = [];
  const result = await inCheck(new Provider(), async (ctx) => {
    const subSystem = await ctx.system.subSystem();
    const iscsi = await ctx.system.iscsi(subSystem);
    for (let i = 0; i < MANY; i++) await ctx.make.target(subSystem);
    const handles = { forMethod: async (name: string) => (name.endsWith('QueryTargets') ? iscsi : undefined) };
    const state = { ofKind: () => Array.from({ length: MANY }) };
    const held = new HeldEnumerators(ctx);
    await held.begin(handles as unknown as Handles, state as unknown as SystemState, '');
    for await (const { problem } of held.end()) broken.push(problem);
    expect(ctx.calls.count).toBeGreaterThan(MANY);
  });
  expect(broken).toEqual([]);
  expect(result.verdict).toBe('passed');
});
