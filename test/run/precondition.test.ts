// The conditions under which a check begins, and what is said where one is not met.
import { expect, test } from 'vitest';
import type { Check } from '../../src/checks/check.js';
import { HeldBack, Inconclusive, NotApplicable } from '../../src/checks/outcome.js';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { unmetPrecondition, type Circumstances } from '../../src/run/precondition.js';

const check = (body: Partial<Check>): Check => ({
  id: 'own.check',
  title: 'a check',
  requirements: ['VDS-5.3'],
  cost: { calls: 1, recoveries: 0 },
  run: async () => {},
  ...body,
});

const { capabilities } = createInMemory({ seed: 'precondition' });
const unmet = (body: Partial<Check>, over: Partial<Circumstances> = {}) =>
  unmetPrecondition(check(body), {
    readOnly: false,
    capabilities,
    offers: async () => true,
    hasControl: async () => true,
    ...over,
  });

test('a check begins where nothing stands against it', async () => {
  expect(await unmet({ faults: ['hang'], capabilities: ['disposable'] })).toBeUndefined();
  expect(await unmet({ changes: false }, { readOnly: true })).toBeUndefined();
});

test('a run that only reads holds back what changes the system, by faults too, and says how to allow it', async () => {
  const bodies: Partial<Check>[] = [{}, { changes: false, faults: ['latency'] }];
  for (const body of bodies) {
    const held = await unmet(body, { readOnly: true });
    expect(held).toBeInstanceOf(HeldBack);
    expect(held?.message).toContain('--allow-destructive');
  }
});

test('a capability that the transport lacks makes a check not applicable, by its name', async () => {
  const lacking = await unmet(
    { capabilities: ['disposable'] },
    { capabilities: { ...capabilities, disposable: false } },
  );
  expect(lacking).toBeInstanceOf(NotApplicable);
  expect(lacking?.message).toContain('disposable');
});

test('a fault left out by a control interface is not applicable; without one, the check is inconclusive', async () => {
  const offers = async (kind: string): Promise<boolean> => kind !== 'hang';
  const leftOut = await unmet({ faults: ['latency', 'hang'] }, { offers });
  expect(leftOut).toBeInstanceOf(NotApplicable);
  expect(leftOut?.message).toMatch(/QueryFaults does not offer hang/);
  const noWay = await unmet({ faults: ['hang'] }, { offers, hasControl: async () => false });
  expect(noWay).toBeInstanceOf(Inconclusive);
  expect(noWay?.message).toMatch(/no fault route offers hang/);
});
