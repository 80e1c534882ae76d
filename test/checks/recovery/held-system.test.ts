// The judge of a whole system, judgement by judgement, on the reference provider: it passes as it is, and each single
// lie is found.
import { describe, expect, test } from 'vitest';
import type { Context } from '../../../src/checks/context.js';
import { HeldSystem } from '../../../src/checks/recovery/held-system.js';
import { VDS_LUN_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { brokenBy, inCheck, Provider } from '../in-check.js';

interface Held {
  readonly ctx: Context;
  readonly provider: Provider;
  readonly system: HeldSystem;
  readonly lun: Guid;
  readonly neighbour: Guid;
}

/** Two LUNs of which one is held. */
async function held(body: (held: Held) => Promise<void>): Promise<void> {
  const provider = new Provider();
  await inCheck(
    provider,
    async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      const [{ id: lun }, { id: neighbour }] = [await ctx.make.lun(subSystem), await ctx.make.lun(subSystem)];
      const system = await HeldSystem.hold(ctx, [lun]);
      await body({ ctx, provider, system, lun, neighbour });
    },
    { faults: ['delete-object', 'fail-status'] },
  );
}

const failing = async (hr: number) => ({ hr, out: {} });

/** The provider says that a LUN is smaller than it is. */
const shrink = (provider: Provider, lun: Guid): void =>
  provider.override('IVdsLun.GetProperties', async (_call, next) => {
    const reply = await next();
    const { lunProp } = reply.out;
    if (typeof lunProp === 'object' && lunProp?.id === lun) Object.assign(lunProp, { size: 1n });
    return reply;
  });

describe('a system that nothing is wrong with', () => {
  test('does not lie, is true after the pair and stays so', async () => {
    await held(async ({ ctx, system }) => {
      await system.mustNotLie('meanwhile');
      await system.recover();
      await system.mustBeTrue();
      await system.mustStayTrue(1);
      expect(ctx.findings).toEqual([]);
    });
  });

  test('is not begun with where it reports what is not true', async () => {
    const provider = new Provider();
    await inCheck(provider, async (ctx) => {
      const { id } = await ctx.make.lun(await ctx.system.subSystem());
      shrink(provider, id);
      const broken = await brokenBy(() => HeldSystem.hold(ctx, [id]));
      expect(broken).toMatchObject({ requirement: 'VDS-5.3', text: expect.stringMatching(/size/) });
    });
  });
});

describe('while something is wrong', () => {
  test('a value that was never true is silent wrong data', () =>
    held(async ({ provider, system, lun }) => {
      shrink(provider, lun);
      const broken = await brokenBy(() => system.mustNotLie('meanwhile'));
      expect(broken).toMatchObject({
        requirement: 'VDS-5.5a',
        text: expect.stringMatching(
          /IVdsLun::GetProperties .*answered S_OK .* meanwhile with size of .*, which was never true/,
        ),
      });
    }));

  test('a list that lacks an object is silent wrong data, too', () =>
    held(async ({ provider, system }) => {
      provider.override('IEnumVdsObject.Next', async () => ({ hr: HR.S_FALSE, out: { objectArray: [], fetched: 0 } }));
      expect(await brokenBy(() => system.mustNotLie('meanwhile'))).toMatchObject({
        requirement: 'VDS-5.5a',
        text: expect.stringMatching(/left out \d+ subsystems?/),
      });
    }));

  test('the code of a damaged cache may be answered; one that says nothing is held against the provider', () =>
    held(async ({ ctx, provider, system }) => {
      provider.override('IVdsLun.GetProperties', () => failing(HR.VDS_E_PROVIDER_CACHE_CORRUPT));
      await system.mustNotLie('meanwhile');
      expect(ctx.findings).toEqual([]);
      provider.override('IVdsLun.GetProperties', () => failing(HR.E_FAIL));
      await system.mustNotLie('meanwhile');
      expect(ctx.findings.map((f) => f.requirement)).toEqual(['VDS-0.2c']);
    }));

  test('no object that the array has was deleted', () =>
    held(async ({ provider, system }) => {
      provider.override('IVdsLun.GetProperties', () => failing(HR.VDS_E_OBJECT_DELETED));
      expect((await brokenBy(() => system.mustNotLie('meanwhile'))).requirement).toBe('VDS-7.1a');
    }));

  test('an earlier truth is lawful caching, and is noted', () =>
    held(async ({ ctx, system, lun }) => {
      expect(system.reports(lun, 'size', 1n)).toBe(false);
      system.acknowledged(lun, { size: 1n });
      expect(system.reports(lun, 'size', 1n)).toBe(true);
      await system.mustNotLie('meanwhile');
      expect(ctx.notes.map((n) => n.text)).toContain(
        'IVdsLun::GetProperties answered an earlier truth meanwhile, which is lawful caching',
      );
    }));
});

describe('after the pair', () => {
  test('what was acknowledged is true, and no earlier truth', () =>
    held(async ({ system, lun }) => {
      system.acknowledged(lun, { size: 1n });
      expect(await brokenBy(() => system.mustBeTrue())).toMatchObject({
        requirement: 'VDS-5.5b',
        text: expect.stringMatching(/the array holds wrong values/),
      });
    }));

  test('what was changed at the array is expected from then on', () =>
    held(async ({ ctx, system, lun }) => {
      await ctx.faults.inject({ kind: 'fail-status', object: lun });
      await system.recover();
      expect((await brokenBy(() => system.mustBeTrue())).text).toMatch(/the array holds wrong values: .*status/);
      await system.changed();
      expect(system.reports(lun, 'status', VDS_LUN_STATUS.VDS_LS_FAILED)).toBe(true);
      await system.mustBeTrue();
    }));

  test('a held reference answers the truth', () =>
    held(async ({ provider, system, lun }) => {
      await system.recover();
      shrink(provider, lun);
      expect(await brokenBy(() => system.mustBeTrue())).toMatchObject({
        requirement: 'VDS-5.5b',
        text: expect.stringMatching(/by a reference from before the fault/),
      });
    }));

  test('an object that nobody held is judged by what the provider reports', () =>
    held(async ({ provider, system, neighbour }) => {
      shrink(provider, neighbour);
      expect(await brokenBy(() => system.mustBeTrue())).toMatchObject({
        requirement: 'VDS-5.5b',
        text: expect.stringMatching(/the provider reports wrong values/),
      });
    }));

  test('what had answered answers', () =>
    held(async ({ provider, system }) => {
      provider.override('IVdsLun.GetProperties', () => failing(HR.VDS_E_PROVIDER_CACHE_CORRUPT));
      expect((await brokenBy(() => system.mustBeTrue())).requirement).toBe('VDS-5.6');
    }));

  test('the pair answers S_OK, and what is to happen between the two does', () =>
    held(async ({ provider, system }) => {
      let between = false;
      await system.recover(async () => {
        between = true;
      });
      expect(between).toBe(true);
      provider.override('IVdsHwProvider.Refresh', () => failing(HR.E_FAIL));
      expect((await brokenBy(() => system.recover())).requirement).toBe('VDS-5.5d');
    }));

  test('what is true once may not turn false with a further pair', () =>
    held(async ({ provider, system, lun }) => {
      await system.recover();
      await system.mustBeTrue();
      let refreshed = 0;
      provider.override('IVdsHwProvider.Refresh', async (_call, next) => {
        refreshed += 1;
        if (refreshed === 2) shrink(provider, lun);
        return next();
      });
      expect((await brokenBy(() => system.mustStayTrue(1))).text).toMatch(/after a further Refresh/);
    }));
});

describe('an object that has vanished at the array', () => {
  test('may be answered VDS_E_OBJECT_DELETED for at once, and must be after the pair', () =>
    held(async ({ ctx, provider, system, lun }) => {
      await ctx.faults.inject({ kind: 'delete-object', object: lun });
      system.vanished([lun]);
      await system.mustNotLie('meanwhile');
      await system.recover();
      await system.mustBeTrue();
      provider.override('IVdsLun.GetProperties', () => failing(HR.E_FAIL));
      expect((await brokenBy(() => system.mustBeTrue())).requirement).toBe('VDS-7.1a');
    }));
});
