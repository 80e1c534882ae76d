// Leftovers of a run on a system that is not its own.
import { expect, test } from 'vitest';
import { leftoversOf, readLedger } from '../../src/lab/ledger.js';
import { EVERYTHING } from '../../src/lab/scope.js';
import { Provider } from '../checks/in-check.js';
import { newFolder } from '../support/folder.js';
import { runChecks } from '../support/run-checks.js';

test('nothing is open after the whole suite', async () => {
  const lab = { allowDestructive: true, scope: EVERYTHING, ledger: newFolder() };
  const results = await runChecks(new Provider({ disposable: false }).open, { effort: 'quick', lab });
  expect(results.filter((r) => r.verdict === 'failed' || r.verdict === 'error')).toEqual([]);
  expect(readLedger(lab.ledger).length).toBeGreaterThan(100);
  expect(leftoversOf(readLedger(lab.ledger))).toMatchObject({ created: [], settings: [], intents: [] });
});
