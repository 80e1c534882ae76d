// The provider's reports as an inventory: complete, within one subsystem, and its import target.
import { expect, test } from 'vitest';
import { overridePort, type Overrides } from '../../providers/defective/override.js';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { HR } from '../../src/contract/hresult.js';
import { load, type LoadedProvider } from '../../src/lab/system.js';
import type { IVdsSubSystem } from '../../src/port/generated/typed.js';
import { Session } from '../../src/port/session.js';
import { enumerate, InventoryUnreadable, readImportTarget, readInventory } from '../../src/truth/read-inventory.js';
import { outputOf } from '../../src/truth/enumerate.js';
import { loaded } from './system.js';

const overridden = (methods: Overrides['methods']): Promise<LoadedProvider> =>
  load(new Session(overridePort(createInMemory({ seed: 'truth' }), methods === undefined ? {} : { methods })));

const firstOf = async ({ hw }: LoadedProvider): Promise<IVdsSubSystem> =>
  (await enumerate(outputOf(await hw.querySubSystems(), 'enum'), 'IVdsSubSystem'))[0]!;

test('an inventory holds every subsystem, or the one that it is asked for', async () => {
  const provider = await loaded();
  const { subSystems } = await readInventory(provider.hw);
  expect(subSystems.map((s) => s.friendlyName)).toEqual(['Array A', 'Array B']);
  const [, second] = subSystems;
  expect((await readInventory(provider.hw, second!.id)).subSystems.map((s) => s.id)).toEqual([second!.id]);
});

test('an answer that is missing makes it unreadable, with the call', async () => {
  const { hw } = await overridden({ 'IVdsSubSystem.QueryLuns': async () => ({ hr: HR.S_OK, out: { enum: null } }) });
  const error: unknown = await readInventory(hw).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InventoryUnreadable);
  expect((error as InventoryUnreadable).record.method).toBe('IVdsSubSystem.QueryLuns');
});

test('an import target is its value, null where none is set, and undefined where it is not supported', async () => {
  const provider = await loaded();
  const subSystem = await firstOf(provider);
  expect(await readImportTarget(subSystem)).toBeNull();
  const [target] = await enumerate(
    outputOf(await (await subSystem.as('IVdsSubSystemIscsi'))!.queryTargets(), 'enum'),
    'IVdsIscsiTarget',
  );
  const { iscsiName } = outputOf(await target!.getProperties(), 'targetProp');
  await (await subSystem.as('IVdsSubSystemImportTarget'))!.setImportTarget({ iscsiName });
  expect(await readImportTarget(subSystem)).toBe(iscsiName);
  const without = await overridden({
    'IVdsSubSystemImportTarget.GetImportTarget': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} }),
  });
  expect(await readImportTarget(await firstOf(without))).toBeUndefined();
});
