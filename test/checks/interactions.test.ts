import { describe, expect, test } from 'vitest';
import { HR } from '../../src/contract/hresult.js';
import type { Port } from '../../src/port/port.js';
import { createInMemory, REFERENCE_PARTS, type Parts } from '../../providers/in-memory/adapter.js';
import { Enumerator } from '../../providers/in-memory/objects/enumerator.js';
import { SubSystemObject } from '../../providers/in-memory/objects/subsystem.js';
import type { Answer } from '../../src/port/object-server.js';
import { runChecks } from '../support/run-checks.js';

/** Clearing one subsystem's import target clears every subsystem's. */
class ClearsEverywhere extends SubSystemObject {
  protected override setImportTarget(given: string | null): Answer<'IVdsSubSystemImportTarget.SetImportTarget'> {
    const answer = super.setImportTarget(given);
    if (this.dialect.parse(given) === null)
      for (const other of this.provider.array.subSystems.values()) {
        other.importTarget = null;
        this.provider.learn(other.id);
      }
    return answer;
  }
}

/** When fewer objects are left than asked for, each carries a reference too many. */
class LeakingEnumerator extends Enumerator {
  protected override next(celt: number): Answer<'IEnumVdsObject.Next'> {
    const answer = super.next(celt);
    const objects = answer.out?.objectArray;
    if (answer.hr === HR.S_FALSE && Array.isArray(objects))
      for (const object of objects as { references: number }[]) object.references += 1;
    return answer;
  }
}

const provider = (parts: Partial<Parts>) => async (): Promise<Port> =>
  createInMemory({ seed: 'test' }, { ...REFERENCE_PARTS, ...parts });

const findingOf = async (parts: Partial<Parts>, check: string): Promise<string> => {
  const [result] = await runChecks(provider(parts), { checks: [check] });
  return `${result?.verdict} ${result?.findings.at(-1)?.requirement ?? ''}`.trim();
};

describe('the suite interactions', () => {
  test('passes the reference', async () => {
    expect(await findingOf({}, 'interactions.import-target.other')).toBe('passed');
    expect(await findingOf({}, 'interactions.references')).toBe('passed');
  });

  test('names the requirement of the member that changed though nothing was to change it', async () => {
    const parts = { SubSystem: ClearsEverywhere };
    expect(await findingOf(parts, 'interactions.import-target.other')).toBe('failed VDS-1.4a');
  });

  test('cuts a failing tour down to the steps that it needs', async () => {
    const [result] = await runChecks(provider({ SubSystem: ClearsEverywhere }), {
      checks: ['interactions.import-target.other'],
    });
    expect(result?.findings.at(-1)?.steps).toEqual([
      // The setting that it undoes.
      expect.stringMatching(
        /^before: IVdsSubSystemImportTarget::SetImportTarget\(iscsiName: .*\) on subsystem#2 → S_OK$/,
      ),
      expect.stringMatching(/^IVdsSubSystemImportTarget::SetImportTarget\(iscsiName: .*\) on subsystem#1 → S_OK$/),
    ]);
  });

  test('notices references that a reading leaves behind', async () => {
    expect(await findingOf({ Enumerator: LeakingEnumerator }, 'interactions.references')).toBe('failed VDS-12.3');
  });
});
