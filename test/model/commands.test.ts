// Each method that changes something has a command of the model, or a reason why it has none.
import { describe, expect, test } from 'vitest';
import { changesSystem } from '../../src/contract/effects.js';
import { requirement } from '../../src/contract/requirements.js';
import { allMethods, type MethodName } from '../../src/contract/tables.js';
import { COMMANDS } from '../../src/model/index.js';

const WITHOUT: Readonly<Partial<Record<MethodName, string>>> = {
  'IVdsAsync.Cancel': 'ends a command that is under way: the tour "cancelled"',
  'IVdsAdviseSink.OnNotify': 'is implemented by the caller',
  'IVdsAdmin.RegisterProvider': 'is implemented by the service',
  'IVdsAdmin.UnregisterProvider': 'is implemented by the service',
  'IVdsConformanceControl.Inject': 'is a fault, and no method of VDS',
  'IVdsConformanceControl.Heal': 'ends a fault, and is no method of VDS',
};

describe('the commands of the model', () => {
  test('are there for every method that changes something', () => {
    const modelled = new Set(COMMANDS.map((c) => c.method));
    const missing = allMethods
      .map((m) => m.fullName)
      .filter((name) => changesSystem(name) && !modelled.has(name) && WITHOUT[name] === undefined);
    expect(missing).toEqual([]);
    for (const name of Object.keys(WITHOUT) as MethodName[]) expect(modelled.has(name), name).toBe(false);
  });

  test('have names of their own, and requirements that exist', () => {
    expect(new Set(COMMANDS.map((c) => c.name)).size).toBe(COMMANDS.length);
    for (const { requirements } of COMMANDS) for (const id of requirements) expect(requirement(id).id).toBe(id);
  });

  test('put back only what a method takes', () => {
    for (const { name, undo, undoMethod } of COMMANDS)
      expect(undoMethod === undefined || undo !== undefined, name).toBe(true);
  });
});
