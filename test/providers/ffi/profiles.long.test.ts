// Each profile of the native reference provider gets the verdicts of the same profile in memory, check by check.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { PROFILE_NAMES, type ProfileName } from '../../../providers/in-memory/profiles/profile.js';
import type { CheckResult } from '../../../src/checks/outcome.js';
import type { Port } from '../../../src/port/port.js';
import { openProvider, type ProviderSpec } from '../../../src/port/provider-spec.js';
import { FRAME_OF_EFFORT } from '../../../src/run/frame.js';
import { select } from '../../../src/run/selection.js';
import { SUITES } from '../../../suites/index.js';
import { newFolder } from '../../support/folder.js';
import { buildNative, type NativeLibrary } from '../../support/native.js';
import { runChecks, spec } from '../../support/run-checks.js';
import { sample } from '../../support/size.js';
import { needs } from '../../support/tools.js';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

/**
 * The suites of what only this profile has, or has in another way. All of their quick checks are made; of iSCSI those
 * are many, and two profiles have it.
 */
const OWN_SUITES: Readonly<Record<ProfileName, readonly string[]>> = {
  iscsi: [],
  'fibre-channel': ['ports', 'multipath'],
  pools: ['pools', 'maintenance'],
  legacy: ['subsystem'],
};

/** Those, and some of each other suite. */
function checksOf(profile: ProfileName): readonly string[] {
  const own = new Set(OWN_SUITES[profile]);
  const quick = select(SUITES, { effort: 'quick' });
  const others = quick.filter(({ suite }) => !own.has(suite.name));
  return [...quick.filter(({ suite }) => own.has(suite.name)), ...sample(others, 14)].map(({ check }) => check.id);
}

/** A port to a new array, which the checks may use up as that in memory. */
async function openDisposable(provider: ProviderSpec): Promise<Port> {
  const port = await openProvider(provider, { seed: 'test', scratch: newFolder() });
  const capabilities = { ...port.capabilities, disposable: true };
  return new Proxy(port, {
    get(target, name) {
      if (name === 'capabilities') return capabilities;
      // A session after this one would have its array.
      if (name === 'renew') return undefined;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** The checks that one of the two transports could not carry are left out. */
const comparable = (results: readonly CheckResult[], other: readonly CheckResult[]): readonly string[] => {
  const lacks = (r: CheckResult): boolean => r.reason?.includes('does not have the capability') === true;
  const left = new Set([...results, ...other].filter(lacks).map((r) => r.id));
  return results
    .filter((r) => !left.has(r.id))
    .map((r) => `${r.id}: ${r.verdict} ${r.faultVerdict ?? ''} ${r.verdict === 'passed' ? '' : r.reason}`);
};

needs('native', 'the profiles of the native reference provider', () =>
  describe('the profiles of the native reference provider', () => {
    let library: NativeLibrary;
    beforeAll(() => {
      library = buildNative();
    });

    test.each(PROFILE_NAMES)('%s has the verdicts of the same profile in memory', async (profile) => {
      const options = { checks: checksOf(profile), strict: true, bare: true, frame: FRAME_OF_EFFORT.quick };
      const native = await runChecks(() => openDisposable(spec('ffi', { ...library, profile }, true)), options);
      const inMemory = await runChecks(spec('in-memory', { profile }), options);
      const verdicts = comparable(native, inMemory);
      expect(verdicts).toEqual(comparable(inMemory, native));
      expect(verdicts.filter((verdict) => verdict.includes(': failed'))).toEqual([]);
      expect(verdicts.filter((verdict) => verdict.includes(': passed')).length).toBeGreaterThan(20);
    });

    test('an unknown profile, and another than that of the array, make no provider', async () => {
      const scratch = newFolder();
      const open = (profile: string): Promise<Port> =>
        openProvider(spec('ffi', { ...library, profile }, true), { seed: 'test', scratch });
      const create = async (profile: string): Promise<void> => {
        const port = await open(profile);
        await port.createInstance().finally(() => port.close());
      };
      await create('pools');
      await create('pools');
      await expect(create('legacy')).rejects.toThrow(/E_INVALIDARG/);
      await expect(create('floppy')).rejects.toThrow(/E_INVALIDARG/);
    });
  }),
);
