import { describe, expect, test } from 'vitest';
import { adapter, defectNamed } from '../../../providers/defective/adapter.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { ConfigurationError } from '../../../src/port/errors.js';
import { openProvider } from '../../../src/port/provider-spec.js';
import { spec } from '../../support/run-checks.js';

const open = (defect: unknown) => adapter.open({ settings: { defect }, seed: 'adapter', scratch: '' });
const refusal = async (defect: unknown): Promise<ConfigurationError> => {
  const error = await open(defect).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return error as ConfigurationError;
};

describe('the adapter of the defective providers', () => {
  test('opens every defect of the catalogue', async () => {
    for (const { name } of DEFECTS) await (await open(name)).close();
  });

  test('keeps sessions apart', async () => {
    const [first, second] = [await open('enumerator-ignores-reset'), await open('enumerator-ignores-reset')];
    expect(await first.createInstance()).toBe(await second.createInstance());
  });

  test.each([
    ['stale-after-recovry', 'stale-after-recovery'],
    ['import-target-cleared', 'import-target-cleared-on-refresh'],
    ['refresh', 'crash-in-refresh'],
    ['chap', 'chap-flag-lies'],
    ['lun-deleted-still-listed', 'deleted-lun-still-listed'],
  ])('answers %s with %s among the names that come near', async (given, near) => {
    const error = await refusal(given);
    expect(error.message).toContain(given);
    expect(error.hint).toContain(near);
  });

  test('says where the names are when none comes near, or none is given', async () => {
    for (const nothing of ['qqqqqqqq', '', undefined, 7])
      expect((await refusal(nothing)).hint).toContain('vds-conformance providers');
    expect((await refusal('qqqqqqqq')).hint).not.toContain('Did you mean');
  });

  test('reports the same through a provider host', async () => {
    await expect(
      openProvider(spec('defective', { defect: 'no-such' }, true), { seed: 'adapter', scratch: '' }),
    ).rejects.toThrow(ConfigurationError);
  });

  test('finds a defect by its name', () => {
    expect(defectNamed('crash-in-refresh').needsIsolation).toBe(true);
  });
});
