// Over the four profiles of the reference, the tours through states visit most cells of command × role × state, and no
// fewer of them than they did.
import { expect, test } from 'vitest';
import { PROFILE_NAMES } from '../../../providers/in-memory/profiles/profile.js';
import { stateCoverage } from '../../../src/run/state-coverage.js';
import { runChecks, spec } from '../../support/run-checks.js';

/** By state the least share of its cells, in per cent, that one of the profiles has visited. */
const LEAST: Readonly<Record<string, number>> = {
  OFFLINE: 91,
  'OFFLINE, with a LUN on it': 95,
  'OFFLINE as a whole': 97,
  FAILED: 93,
  damaged: 89,
  disconnected: 96,
  'taken out, with a plex of a LUN': 92,
  'taken out, with no LUN or a whole one': 95,
  'just back': 98,
  'loaded anew': 95,
  'refreshed twice': 96,
  'just made': 90,
  'after a sibling was deleted': 91,
  deleted: 77,
  'after a refused call': 90,
  'with an operation under way': 76,
};

test(
  'each state is visited by nearly every command that it has something to do with',
  { timeout: 600_000 },
  async () => {
    const results = [];
    for (const profile of PROFILE_NAMES)
      results.push(
        ...(await runChecks(spec('in-memory', { profile }), { checks: ['interactions.states.*'], effort: 'standard' })),
      );
    expect(results.filter((r) => r.verdict !== 'passed').map((r) => `${r.id} ${r.verdict}: ${r.reason}`)).toEqual([]);
    const shares = stateCoverage(results).map(({ state, seen, possible }) => [
      state,
      Math.floor((100 * seen) / possible),
    ]);
    expect(shares.map(([state]) => state).sort()).toEqual(Object.keys(LEAST).sort());
    for (const [state, share] of shares)
      expect(share, String(state)).toBeGreaterThanOrEqual(LEAST[String(state)] ?? 100);
  },
);
