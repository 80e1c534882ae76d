import { describe, expect, test } from 'vitest';
import { REQUIREMENTS, requirement } from '../../src/contract/requirements.js';
import { interfaces } from '../../src/contract/tables.js';
import { SUITES } from '../../suites/index.js';

const checks = SUITES.flatMap((s) => s.checks);

/** How many items sections 1 to 13 of the facts number. */
const ITEMS = [7, 8, 7, 6, 7, 7, 9, 8, 10, 19, 8, 4, 5];

describe('the requirement catalogue', () => {
  test('has every item of the facts, each id once', () => {
    expect(new Set(REQUIREMENTS.map((r) => r.id)).size).toBe(REQUIREMENTS.length);
    const items = new Set(REQUIREMENTS.map((r) => r.id.replace(/[a-z]$/, '')));
    ITEMS.forEach((count, section) => {
      for (let item = 1; item <= count; item++)
        expect(items, `item ${section + 1}.${item}`).toContain(`VDS-${section + 1}.${item}`);
    });
  });

  test('gives each requirement a source, and only interfaces that exist', () => {
    for (const r of REQUIREMENTS) {
      expect(r.source.length, r.id).toBeGreaterThan(0);
      for (const name of r.interfaces) expect(interfaces.has(name), `${r.id}: ${name}`).toBe(true);
    }
  });

  test('is cited by checks only where it exists', () => {
    for (const check of checks)
      for (const id of check.requirements) expect(() => requirement(id), `${check.id} cites ${id}`).not.toThrow();
  });

  test('has every requirement that binds a provider cited, waiting or explained as untestable, one of these', () => {
    const cited = new Set(checks.flatMap((c) => c.requirements));
    for (const r of REQUIREMENTS.filter((q) => q.level !== 'CALLER')) {
      const states = [
        cited.has(r.id) && 'cited',
        r.waiting !== undefined && 'waiting',
        r.untestable !== undefined && 'untestable',
      ].filter(Boolean);
      expect(states, r.id).toHaveLength(1);
    }
  });

  test('is not tested where it binds the caller', () => {
    for (const check of checks)
      for (const id of check.requirements) expect(requirement(id).level, `${check.id} cites ${id}`).not.toBe('CALLER');
  });
});
