import { describe, expect, test } from 'vitest';
import { stepsOf, type Tour } from '../../../src/checks/interactions/tour-plan.js';
import { randomFor } from '../../../src/checks/random.js';

const COMMANDS = ['create-lun', 'delete-lun', 'mask-lun', 'name-lun', 'extend-lun'];
const TOUR: Tour = { commands: COMMANDS, scenery: ['luns'], relation: 'mixed' };

const pairsOf = (tour: Tour, id: string): readonly string[] => {
  const steps = stepsOf(tour, randomFor('seed', id));
  return steps.slice(1).map((step, i) => `${steps[i]?.command} ${step.command}`);
};

describe('the steps of a tour', () => {
  test('in parts are those of the whole walk, whichever checks they are', () => {
    const parts = [1, 2, 3].flatMap((number) => pairsOf({ ...TOUR, part: { number, of: 3 } }, `part ${number}`));
    expect(parts).toHaveLength(COMMANDS.length ** 2);
    expect(new Set(parts).size).toBe(COMMANDS.length ** 2);
  });

  test('take each command once where that is asked', () => {
    const steps = stepsOf({ ...TOUR, once: true }, randomFor('seed', 'once'));
    expect(steps.map((s) => s.command).sort()).toEqual([...COMMANDS].sort());
  });

  test('that come once each go from one subsystem to the next, on other objects', () => {
    const steps = stepsOf({ ...TOUR, relation: 'same', once: true, between: 'during' }, randomFor('seed', 'free'));
    const [first] = steps;
    expect(steps.map((s) => (s.subSystem ?? 0) - (first?.subSystem ?? 0))).toEqual(COMMANDS.map((_, i) => i));
    expect(new Set(steps.map((s) => s.which)).size).toBe(COMMANDS.length);
  });

  test('that share a recovery share the form of the damage', () => {
    const steps = stepsOf({ ...TOUR, between: 'damage', width: 5 }, randomFor('seed', 'damage'));
    expect(steps.slice(0, 5).every((s) => s.form !== undefined && s.form === steps[0]?.form)).toBe(true);
    expect(new Set(steps.map((s) => s.form)).size).toBeGreaterThan(1);
  });
});
