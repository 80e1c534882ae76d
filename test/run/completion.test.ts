// Advice of an incomplete run on how to complete it.
import { expect, test } from 'vitest';
import { HELD_BACK, type CheckResult } from '../../src/checks/outcome.js';
import { howToComplete } from '../../src/run/completion.js';

const open = (id: string, code?: string): CheckResult => ({
  id,
  suite: 's',
  title: 't',
  requirements: ['VDS-1.4a'],
  verdict: 'inconclusive',
  ...(code === undefined ? {} : { code }),
  findings: [],
  notes: [],
  calls: 1,
  ms: 1,
});

test('names the option that accepts what nobody can cause', () => {
  const lines = howToComplete([open('recovery.a'), open('recovery.b')]).join('\n');
  expect(lines).toContain('--allow-inconclusive recovery.a recovery.b');
  expect(lines).toContain('--cache-file');
  expect(lines).not.toContain('--allow-destructive');
});

test('takes the beginnings of many, and names what holds back a run that only reads', () => {
  const many = Array.from({ length: 30 }, (_, i) => open(`recovery.x${i}.lun`, HELD_BACK));
  const lines = howToComplete(many).join('\n');
  expect(lines).toContain('--allow-inconclusive "recovery.*"');
  expect(lines).toContain('--allow-destructive');
});

test('says nothing where all that is open is allowed', () => {
  expect(howToComplete([open('recovery.a')], ['recovery.*'])).toEqual([]);
});
