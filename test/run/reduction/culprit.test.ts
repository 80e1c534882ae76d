// Which check of a group changed the system. The checks are names here.
import { describe, expect, test } from 'vitest';
import { blamed, findCulprit } from '../../../src/run/reduction/culprit.js';
import { failed } from '../../reporting/samples.js';

const group = Array.from({ length: 10 }, (_, i) => `c${i}`);

describe('of several checks that were compared together', () => {
  test.each(group)('%s is found to be the one that changed the system', async (culprit) => {
    let run = 0;
    const found = await findCulprit(
      group,
      async (ids) => {
        run += ids.length;
        return ids.includes(culprit);
      },
      30,
    );
    expect(found).toMatchObject({ status: 'alone', checks: [culprit] });
    expect(run).toBeLessThan(50);
  });

  test('the one is found with those before it that it needs', async () => {
    const found = await findCulprit(group, async (ids) => ids.includes('c2') && ids.includes('c7'), 30);
    expect(found).toMatchObject({ status: 'with', checks: ['c2', 'c7'] });
  });

  test('none is blamed where all together change nothing on a fresh system, or nothing may be run', async () => {
    expect(await findCulprit(group, async () => false, 30)).toEqual({ status: 'not-reproduced', checks: [], tries: 1 });
    expect(await findCulprit(group, async () => undefined, 30)).toEqual({ status: 'not-tried', checks: [], tries: 0 });
  });

  test('the message names the one where it is known, and all where it is not', () => {
    const message =
      'the system is not what it was after one of these 2 ' + 'checks: a, b: size of lun#1 is "1" (expected "2")';
    const [finding] = failed('b').findings;
    const result = { ...failed('b'), reason: message, findings: [{ ...finding!, message }], suspects: ['a', 'b'] };
    const known = blamed(result, { status: 'alone', checks: ['a'], tries: 4 });
    expect(known.reason).toMatch(/^the system is not what it was after the check a: size/);
    expect(known.findings[0]?.message).toBe(known.reason);
    expect(known).not.toHaveProperty('suspects');
    expect(blamed(result, { status: 'not-reproduced', checks: [], tries: 1 }).reason).toBe(message);
  });
});
