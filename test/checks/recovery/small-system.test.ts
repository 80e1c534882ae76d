// The small systems that faults strike: what they hold, and what they do without on an array that lacks something.
import { describe, expect, test } from 'vitest';
import { everyId, smallSystems, type SmallSystem } from '../../../src/checks/recovery/small-system.js';
import { HR } from '../../../src/contract/hresult.js';
import { EVERYTHING } from '../../../src/lab/scope.js';
import { newFolder } from '../../support/folder.js';
import type { RunChecksOptions } from '../../support/run-checks.js';
import { inCheck, Provider } from '../in-check.js';

interface Made {
  readonly systems: readonly SmallSystem[];
  /** LUNs that the last target of the first system serves. */
  readonly served: number;
}

/** The systems that are made on a provider, looked at while they are there. */
async function madeOn(provider: Provider, count?: number, options: RunChecksOptions = {}): Promise<Made> {
  let made: Made | undefined;
  const { verdict, reason } = await inCheck(
    provider,
    async (ctx) => {
      const systems = await smallSystems(ctx, count);
      const last = systems[0].targets.at(-1);
      const served =
        last === undefined
          ? []
          : await ctx.duties.list(await last.target.queryAssociatedLuns(), 'enum', 'IVdsLun', 'VDS-6.7a');
      made = { systems, served: served.length };
    },
    options,
  );
  expect({ verdict, reason }).toEqual({ verdict: 'passed', reason: undefined });
  return made!;
}

const refusing = async (hr: number) => ({ hr, out: {} });

describe('small systems', () => {
  test('hold LUNs and targets on both subsystems, connected, and something of all that is there', async () => {
    const { systems, served } = await madeOn(new Provider());
    expect(systems).toHaveLength(2);
    for (const { luns, targets, drive, controller, portal, plex, group } of systems) {
      expect([luns.length, targets.length]).toEqual([3, 3]);
      for (const id of [drive, controller, portal, plex, group]) expect(id).toBeDefined();
    }
    expect(served).toBe(1);
    const ids = everyId(systems);
    expect(ids).toHaveLength(2 * (1 + 3 + 3 + 5));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('hold as many as are asked for, and are on one subsystem where the run may work on no other', async () => {
    const lab = {
      allowDestructive: true,
      scope: { ...EVERYTHING, subSystems: ['Array B'] },
      ledger: newFolder(),
    };
    const { systems } = await madeOn(new Provider(), 1, { lab });
    expect(systems.map(({ luns, targets }) => [luns.length, targets.length])).toEqual([[1, 1]]);
  });

  test('do without targets where none can be made', async () => {
    const provider = new Provider();
    provider.override('IVdsSubSystemIscsi.CreateTarget', () => refusing(HR.VDS_E_NOT_SUPPORTED));
    const { systems, served } = await madeOn(provider);
    expect(systems.map(({ luns, targets }) => [luns.length, targets.length])).toEqual([
      [3, 0],
      [3, 0],
    ]);
    expect(served).toBe(0);
  });

  test('do with fewer LUNs where there is room for no more', async () => {
    const provider = new Provider();
    let creations = 0;
    provider.override('IVdsSubSystem.CreateLun', (_call, next) => {
      creations += 1;
      return creations > 2 ? refusing(HR.VDS_E_NOT_ENOUGH_SPACE) : next();
    });
    const { systems } = await madeOn(provider);
    expect(systems[0]!.luns.length).toBeLessThan(3);
    expect(systems[1]!.luns).toEqual([]);
  });

  test('do without controllers and portals where the subsystem lists none', async () => {
    const provider = new Provider();
    provider.override('IVdsSubSystem.QueryControllers', () => refusing(HR.VDS_E_NOT_SUPPORTED));
    provider.override('IVdsSubSystemIscsi.QueryPortals', () => refusing(HR.VDS_E_NOT_SUPPORTED));
    const { systems } = await madeOn(provider);
    for (const { controller, portal, drive } of systems)
      expect([controller, portal, drive]).toEqual([undefined, undefined, expect.any(String)]);
  });
});
