// Everything that a check makes: it keeps to the scope, is written down, and is gone when the check ends.
import { describe, expect, test } from 'vitest';
import { Inconclusive, NotApplicable, type CheckResult } from '../../src/checks/outcome.js';
import { VDS_LUN_TYPE } from '../../src/contract/generated/enumerations.js';
import { HR } from '../../src/contract/hresult.js';
import { leftoversOf, readLedger } from '../../src/lab/ledger.js';
import { EVERYTHING, type Scope } from '../../src/lab/scope.js';
import { openPooled, POOLS } from '../lab/pooled-system.js';
import { newFolder } from '../support/folder.js';
import { inCheck, Provider } from './in-check.js';

const inScope = (scope: Partial<Scope>) => ({
  lab: { allowDestructive: true, scope: { ...EVERYTHING, ...scope }, ledger: newFolder() },
});

const refusing = async (hr: number) => ({ hr, out: {} });
/** The arguments that the calls of a method had. */
const asked = ({ calls }: Provider, method: string) => calls.filter((c) => c.method === method).map((c) => c.args);
const creations = (provider: Provider) => asked(provider, 'IVdsSubSystem.CreateLun');
const deletions = ({ calls }: Provider): string[] =>
  calls.map((c) => c.method).filter((m) => /^(?:IVdsLun|IVdsIscsiTarget|IVdsIscsiPortalGroup)\.Delete$/.test(m));

describe('what a check makes', () => {
  test('is deleted when it ends, newest first, whether it passes or fails', async () => {
    for (const fails of [false, true]) {
      const provider = new Provider();
      const ended = inCheck(provider, async (ctx) => {
        const subSystem = await ctx.system.subSystem();
        await ctx.make.lun(subSystem);
        const { target } = await ctx.make.target(subSystem);
        await ctx.make.portalGroup(target);
        if (fails) throw new Error('on purpose');
      });
      if (fails) await expect(ended).rejects.toThrow('on purpose');
      else expect((await ended).verdict).toBe('passed');
      expect(deletions(provider)).toEqual(['IVdsIscsiPortalGroup.Delete', 'IVdsIscsiTarget.Delete', 'IVdsLun.Delete']);
    }
  });

  test('may be deleted by the check itself', async () => {
    const result = await inCheck(new Provider(), async (ctx) => {
      const { lun } = await ctx.make.lun(await ctx.system.subSystem());
      ctx.duties.ok('VDS-10.6', await lun.delete());
    });
    expect(result).toMatchObject({ verdict: 'passed', findings: [], notes: [] });
  });

  test('and cannot be deleted counts against the provider', async () => {
    const provider = new Provider();
    const result: CheckResult = await inCheck(provider, async (ctx) => {
      await ctx.make.lun(await ctx.system.subSystem());
      ctx.onCleanUp('refuse', async () => provider.override('IVdsLun.Delete', () => refusing(HR.E_ACCESSDENIED)));
    });
    expect(result.verdict).toBe('failed');
    expect(result.findings.map((f) => f.requirement)).toEqual(['VDS-10.6']);
    expect(result.reason).toMatch(/delete a LUN.*IVdsLun::Delete answered E_ACCESSDENIED/);
  });

  test('has names of its own', async () => {
    await inCheck(new Provider(), async (ctx) => {
      const names = [ctx.make.uniqueName(), ctx.make.uniqueName(), ctx.make.uniqueIscsiName()];
      expect(new Set(names).size).toBe(3);
      expect(names[2]).toMatch(/^iqn\.\d{4}-\d\d\.[a-z.-]+:/);
    });
  });
});

describe('a LUN', () => {
  test('is asked for without a type, and of the size that --lun-size says', async () => {
    const provider = new Provider();
    await inCheck(
      provider,
      async (ctx) => {
        const { size } = await ctx.make.lun(await ctx.system.subSystem());
        expect(size).toBe(128n << 20n);
      },
      { lunSize: 128n << 20n },
    );
    expect(creations(provider)).toMatchObject([{ type: VDS_LUN_TYPE.VDS_LT_DEFAULT, driveIdArray: null }]);
  });

  test('is asked for in the form that the array took the first time', async () => {
    const provider = new Provider();
    provider.override('IVdsSubSystem.CreateLun', async ({ args }, next) =>
      args.type === VDS_LUN_TYPE.VDS_LT_DEFAULT ? refusing(HR.VDS_E_NOT_SUPPORTED) : next(),
    );
    await inCheck(provider, async (ctx) => {
      const subSystem = await ctx.system.subSystem();
      await ctx.make.lun(subSystem);
      expect(ctx.make.isAutomagic).toBe(false);
      const before = creations(provider).length;
      await ctx.make.lun(subSystem);
      expect(creations(provider)).toHaveLength(before + 1);
    });
  });

  test('without room at the array makes the check inconclusive; without support, not applicable', async () => {
    for (const [hr, error] of [
      [HR.VDS_E_NOT_ENOUGH_SPACE, Inconclusive],
      [HR.VDS_E_NOT_SUPPORTED, NotApplicable],
    ] as const) {
      const provider = new Provider();
      provider.override('IVdsSubSystem.CreateLun', () => refusing(hr));
      const ended = inCheck(provider, async (ctx) => {
        await ctx.make.lun(await ctx.system.subSystem());
      });
      await expect(ended).rejects.toBeInstanceOf(error);
    }
  });

  test('of a type is asked for by it', async () => {
    const provider = new Provider();
    await inCheck(provider, async (ctx) => {
      await ctx.make.simpleLun(await ctx.system.subSystem(), { size: 64n << 20n });
    });
    expect(creations(provider).at(-1)).toMatchObject({
      type: VDS_LUN_TYPE.VDS_LT_SIMPLE,
      sizeInBytes: 64n << 20n,
    });
  });
});

describe('within --drive', () => {
  test('a LUN lies on the drives in scope: a simple one on one, another on all', async () => {
    const provider = new Provider();
    await inCheck(
      provider,
      async (ctx) => {
        const subSystem = await ctx.system.subSystem();
        const { drives } = await ctx.make.lun(subSystem);
        expect(drives).toHaveLength(2);
        await ctx.make.simpleLun(subSystem);
        expect((await ctx.make.room(subSystem)).driveIdArray).toEqual(drives);
        expect((await ctx.make.room(subSystem, VDS_LUN_TYPE.VDS_LT_SIMPLE)).driveIdArray).toEqual(drives!.slice(0, 1));
      },
      inScope({ drives: ['Drive A-1', 'Drive A-2'] }),
    );
    expect(creations(provider)).toMatchObject([
      { type: VDS_LUN_TYPE.VDS_LT_SPAN, numberOfDrives: 2 },
      { type: VDS_LUN_TYPE.VDS_LT_SIMPLE, numberOfDrives: 1 },
    ]);
  });

  test('a type that leaves the layout to the provider cannot be asked for', async () => {
    const ended = inCheck(
      new Provider(),
      async (ctx) => {
        await ctx.make.lun(await ctx.system.subSystem(), { type: VDS_LUN_TYPE.VDS_LT_FAULT_TOLERANT });
      },
      inScope({ drives: ['Drive A-1'] }),
    );
    await expect(ended).rejects.toBeInstanceOf(Inconclusive);
  });

  test('a subsystem without such a drive is left out', async () => {
    const ended = inCheck(
      new Provider(),
      async (ctx) => {
        await ctx.make.lun(await ctx.system.subSystem());
      },
      inScope({ drives: ['nowhere'] }),
    );
    await expect(ended).rejects.toThrow(/no drive that is one of nowhere/);
  });
});

describe('within --pool', () => {
  test('a LUN is made in the pool, on the subsystem whose drives it lies on, and on no other', async () => {
    const provider = new Provider({ disposable: true }, () => openPooled(() => {}));
    await inCheck(
      provider,
      async (ctx) => {
        const [first, second] = await ctx.system.subSystems();
        await ctx.make.lun(first!);
        await expect(ctx.make.lun(second!)).rejects.toBeInstanceOf(NotApplicable);
      },
      inScope({ pools: ['Pool one'] }),
    );
    expect(asked(provider, 'IVdsHwProviderStoragePools.CreateLunInStoragePool')).toMatchObject([
      { storagePoolId: POOLS[0]!.id },
    ]);
    expect(creations(provider)).toEqual([]);
  });
});

test('a target is deleted after a load, when a wall knows no object yet', async () => {
  const provider = new Provider();
  const { verdict, reason } = await inCheck(
    provider,
    async (ctx) => {
      await ctx.make.target(await ctx.system.subSystem());
      await ctx.system.unload();
      await ctx.system.restart();
    },
    inScope({ subSystems: ['Array A'] }),
  );
  expect({ verdict, reason }).toEqual({ verdict: 'passed', reason: undefined });
  expect(deletions(provider)).toEqual(['IVdsIscsiTarget.Delete']);
});

test('an object is written down before it is made, and as gone when it is', async () => {
  const provider = new Provider({ disposable: false });
  const { lab } = inScope({});
  let during: ReturnType<typeof leftoversOf> | undefined;
  await inCheck(
    provider,
    async (ctx) => {
      await ctx.make.lun(await ctx.system.subSystem());
      during = leftoversOf(readLedger(lab.ledger));
    },
    { lab },
  );
  expect(during?.created.map((c) => c.kind)).toEqual(['lun']);
  expect(leftoversOf(readLedger(lab.ledger)).created).toEqual([]);
});
