// Furnishing: what it makes leaves room for the checks.
import { expect, test } from 'vitest';
import { openDeviating } from '../../providers/lawful/variant.js';
import { variantsNamed } from '../../providers/lawful/variants.js';
import { runChecks } from '../support/run-checks.js';

const SEED = { seed: 'furnishing' };

test('an array with room for four LUNs and three targets is checked', async () => {
  const checks = ['luns.friendly-name', 'recovery.acknowledged.flipped-bytes.lun', 'iscsi.associate-targets-full-set'];
  const results = await runChecks(async () => openDeviating(variantsNamed('a-few-luns-and-targets'), SEED), { checks });
  expect(Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]))).toEqual(
    Object.fromEntries(checks.map((id) => [id, 'passed'])),
  );
});
