// Objects that generated checks work on: one of each kind that the system has, made where it can be made, with the id of its cache entry.
import { succeeded } from '../../src/contract/hresult.js';
import { allMethods, type InterfaceName, type Method } from '../../src/contract/tables.js';
import type { Context } from '../../src/conformance/context.js';
import { idOf } from '../../src/conformance/devices.js';
import { MAKEABLE, madeBy } from '../../src/conformance/made-objects.js';
import type { IVdsAsync } from '../../src/provider/generated/typed.js';
import { VdsObject, type Result } from '../../src/provider/objects.js';

export interface Subject {
  /** Any interface of the object. */
  readonly object: VdsObject;
  /** What a fault is to hit. */
  readonly id: string;
}

export interface SubjectKind {
  readonly name: string;
  readonly interfaces: readonly InterfaceName[];
  make(ctx: Context): Promise<Subject>;
}

export const PROVIDER: SubjectKind = {
  name: 'provider',
  interfaces: ['IVdsHwProvider'],
  async make(ctx) {
    const { id } = ctx.output('VDS-7.9', await (await ctx.subSystem()).getProperties(), 'subSystemProp');
    return { object: ctx.unknown, id };
  },
};

export const SUB_SYSTEM: SubjectKind = {
  name: 'subsystem',
  interfaces: ['IVdsSubSystem', 'IVdsSubSystemIscsi', 'IVdsSubSystemImportTarget'],
  async make(ctx) {
    const object = await ctx.subSystem();
    // Some generated calls set or clear it; this puts it back when the check ends.
    const { object: importTarget } = await object.queryInterface('IVdsSubSystemImportTarget');
    if (importTarget !== null) await ctx.importTarget(object);
    return { object, id: ctx.output('VDS-7.9', await object.getProperties(), 'subSystemProp').id };
  },
};

export const LUN: SubjectKind = {
  name: 'lun',
  interfaces: ['IVdsLun'],
  async make(ctx) {
    const { lun, id } = await ctx.createLun(await ctx.subSystem());
    return { object: lun, id };
  },
};

export const TARGET: SubjectKind = {
  name: 'target',
  interfaces: ['IVdsIscsiTarget'],
  async make(ctx) {
    const { target, id } = await ctx.createTarget(await ctx.subSystem());
    return { object: target, id };
  },
};

/** The methods of a kind's interfaces, in the contract's order. */
export const methodsOf = (kind: SubjectKind): readonly Method[] => allMethods.filter((m) => kind.interfaces.includes(m.interfaceName));

/** A method that only reads: it has outputs, and none of them is an operation that it started. */
export const onlyReads = (method: Method): boolean => method.outs.length > 0 && !method.outs.some((o) => o.type.kind === 'interface' && o.type.name === 'IVdsAsync');

/** Waits for what a generated call may have started, and deletes what it made when the check ends. */
export async function adopt(ctx: Context, result: Result<Record<string, unknown>>): Promise<void> {
  const operation = result.out['async'];
  if (!succeeded(result.hr) || !(operation instanceof VdsObject)) return;
  const waited = await (operation as IVdsAsync).wait();
  const made = madeBy(waited);
  for (const kind of ['lun', 'target', 'portalGroup'] as const) {
    const { interfaceName, made: requirement } = MAKEABLE[kind];
    const object = await made?.as(interfaceName);
    if (object) ctx.deleteOnCleanUp(await idOf(ctx, object, requirement), kind);
  }
}
