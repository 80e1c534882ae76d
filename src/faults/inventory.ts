// What exists on the system, by values: read through the provider (readInventory) or by a path that does not touch it (a truth). Both have
// one form, so that the oracle compares like with like.
import { z } from 'zod';
import { UNTOUCHED } from '../contract/codec.js';
import { parseGuid } from '../contract/guid.js';
import { failed, formatHresult, HR } from '../contract/hresult.js';
import { ProviderProtocolError } from '../provider/errors.js';
import type { IEnumVdsObject, IVdsHwProvider, TypedInterfaces } from '../provider/generated/typed.js';
import type { Result } from '../provider/objects.js';
import type { CallRecord } from '../provider/trace.js';

const guid = z.string().transform((text, context) => {
  const id = parseGuid(text);
  if (id === undefined) context.addIssue({ code: 'custom', message: 'no GUID' });
  return id ?? text;
});
const size = z.string().regex(/^\d{1,20}$/).transform(BigInt);

const lun = z.object({
  id: guid, size, friendlyName: z.string().nullable().optional(), identification: z.string().nullable().optional(),
  unmaskingList: z.string().nullable().optional(), type: z.number().optional(), status: z.number().optional(), health: z.number().optional(),
});
const target = z.object({ id: guid, iscsiName: z.string(), friendlyName: z.string().nullable().optional(), chapEnabled: z.boolean().optional() });
const subSystem = z.object({
  id: guid, friendlyName: z.string().nullable().optional(), identification: z.string().nullable().optional(), status: z.number().optional(),
  health: z.number().optional(), importTarget: z.string().nullable().optional(), luns: z.array(lun), targets: z.array(target).optional(),
});
const inventory = z.object({ subSystems: z.array(subSystem) });

export type LunState = z.output<typeof lun>;
export type TargetState = z.output<typeof target>;
export type SubSystemState = z.output<typeof subSystem>;
/** The system by values. Sizes are bytes; `importTarget` is null when none is set and absent when the provider has no such interface; so are targets. */
export type Inventory = z.output<typeof inventory>;

/** Parses a truth as IVdsConformanceControl::ReadTruth and ground-truth commands give it. Throws ProviderProtocolError naming what is wrong. */
export function parseTruth(json: string): Inventory {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ProviderProtocolError(`the truth is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const parsed = inventory.safeParse(value);
  if (!parsed.success) throw new ProviderProtocolError(`the truth does not have the documented form: ${z.prettifyError(parsed.error)}`, { hint: 'docs/control-interface.md describes it.' });
  return parsed.data;
}

/** A call that had to succeed for the inventory to be read, and did not. */
export class InventoryUnreadable extends Error {
  constructor(readonly record: CallRecord, readonly problem: string) {
    super(problem);
    this.name = 'InventoryUnreadable';
  }
}

/** The value of an output that a successful call owes. Throws InventoryUnreadable for a failure, NULL or nothing. */
function owed<T, K extends keyof T>(result: Result<T>, name: K): NonNullable<T[K]> {
  if (failed(result.hr)) throw new InventoryUnreadable(result.record, `answered ${formatHresult(result.hr)}`);
  const value = result.out[name];
  if (value === null || value === undefined || value === UNTOUCHED) throw new InventoryUnreadable(result.record, `answered success without ${String(name)}`);
  return value as NonNullable<T[K]>;
}

/** More objects than an array has: an enumerator that never ends must not hang a run. */
const MOST_OBJECTS = 100_000;

/** Every object of an enumerator, each with a reference of its own, as the interface asked for. Throws InventoryUnreadable. */
export async function enumerate<I extends keyof TypedInterfaces>(enumerator: IEnumVdsObject, name: I): Promise<TypedInterfaces[I][]> {
  const found: TypedInterfaces[I][] = [];
  for (;;) {
    const next = await enumerator.next({ celt: 16 });
    if (failed(next.hr)) throw new InventoryUnreadable(next.record, `answered ${formatHresult(next.hr)}`);
    const objects = next.out.objectArray;
    for (const object of Array.isArray(objects) ? objects : []) {
      const typed = object === null ? null : await object.as(name);
      if (typed === null) throw new InventoryUnreadable(next.record, `returned an object without ${name}`);
      found.push(typed);
    }
    if (next.hr !== HR.S_OK) return found;
    if (found.length > MOST_OBJECTS || !Array.isArray(objects) || objects.length === 0) throw new InventoryUnreadable(next.record, 'never came to an end');
  }
}

/** The import target's value: null when none is set, undefined when the subsystem has no such interface or does not support it. */
export async function readImportTarget(object: TypedInterfaces['IVdsSubSystem']): Promise<string | null | undefined> {
  const importTarget = await object.as('IVdsSubSystemImportTarget');
  if (importTarget === null) return undefined;
  const result = await importTarget.getImportTarget();
  if (result.hr === HR.VDS_E_NO_IMPORT_TARGET) return null;
  if (result.hr === HR.VDS_E_NOT_SUPPORTED) return undefined;
  return owed(result, 'iscsiName');
}

/** What the provider says exists. Its references are the session's, to be released by whoever took the ledger's mark. Throws InventoryUnreadable. */
export async function readInventory(provider: IVdsHwProvider): Promise<Inventory> {
  const subSystems: SubSystemState[] = [];
  for (const each of await enumerate(owed(await provider.querySubSystems(), 'enum'), 'IVdsSubSystem')) {
    const prop = owed(await each.getProperties(), 'subSystemProp');
    const luns: LunState[] = [];
    for (const object of await enumerate(owed(await each.queryLuns(), 'enum'), 'IVdsLun')) {
      const p = owed(await object.getProperties(), 'lunProp');
      luns.push({ id: p.id, size: p.size, friendlyName: p.friendlyName, identification: p.identification, unmaskingList: p.unmaskingList, type: p.type, status: p.status, health: p.health });
    }
    let targets: TargetState[] | undefined;
    const iscsi = await each.as('IVdsSubSystemIscsi');
    if (iscsi !== null) {
      targets = [];
      for (const object of await enumerate(owed(await iscsi.queryTargets(), 'enum'), 'IVdsIscsiTarget')) {
        const p = owed(await object.getProperties(), 'targetProp');
        targets.push({ id: p.id, iscsiName: p.iscsiName ?? '', friendlyName: p.friendlyName, chapEnabled: p.chapEnabled });
      }
    }
    const importTarget = await readImportTarget(each);
    subSystems.push({
      id: prop.id, friendlyName: prop.friendlyName, identification: prop.identification, status: prop.status, health: prop.health, luns,
      ...(targets === undefined ? {} : { targets }),
      ...(importTarget === undefined ? {} : { importTarget }),
    });
  }
  return { subSystems };
}

export interface Difference {
  /** `lun 6f0… size` */
  readonly what: string;
  readonly id: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Whether two answers name one import target: iSCSI names have no case, a GUID may stand in braces, and where the value is an object id the target's
 * name may be answered for it.
 */
export function sameImportTarget(one: unknown, other: unknown, states: readonly { readonly targets?: readonly TargetState[] | undefined }[] = []): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  const name = (value: string): string => {
    const id = parseGuid(value);
    if (id === undefined) return value.toLowerCase();
    return states.flatMap((s) => s.targets ?? []).find((t) => t.id === id)?.iscsiName.toLowerCase() ?? id;
  };
  return name(one) === name(other);
}

const show = (kind: string, id: string, field: string): string => `${kind} ${id} ${field}`;

function differences(kind: string, expected: { readonly id: string }, actual: { readonly id: string }): Difference[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    if (Array.isArray(value) || value === undefined) return [];
    const other = (actual as Record<string, unknown>)[field];
    // A truth may hold less than the provider says, and a provider without the import-target interface says less than the truth.
    if (other === undefined || Object.is(other, value) || (field === 'importTarget' && sameImportTarget(value, other, [expected, actual] as SubSystemState[]))) return [];
    return [{ what: show(kind, expected.id, field), id: expected.id, expected: value, actual: other }];
  });
}

function compareLists<T extends { readonly id: string }>(kind: string, expected: readonly T[], actual: readonly T[], nested: (e: T, a: T) => Difference[] = () => []): Difference[] {
  const found: Difference[] = [];
  const byId = new Map(actual.map((a) => [a.id, a]));
  for (const e of expected) {
    const a = byId.get(e.id);
    if (a === undefined) found.push({ what: show(kind, e.id, 'in the enumeration'), id: e.id, expected: 'present', actual: 'missing' });
    else found.push(...differences(kind, e, a), ...nested(e, a));
  }
  const known = new Set(expected.map((e) => e.id));
  for (const a of actual) if (!known.has(a.id)) found.push({ what: show(kind, a.id, 'in the enumeration'), id: a.id, expected: 'absent', actual: 'present' });
  if (byId.size !== actual.length) found.push({ what: `${kind}s in the enumeration`, id: '', expected: 'each once', actual: 'one of them twice' });
  return found;
}

/** Where two states of the system differ; members that only one of them knows are not compared. */
export function compareInventories(expected: Inventory, actual: Inventory): Difference[] {
  return compareLists('subsystem', expected.subSystems, actual.subSystems, (e, a) => [
    ...compareLists('lun', e.luns, a.luns),
    ...(e.targets === undefined || a.targets === undefined ? [] : compareLists('target', e.targets, a.targets)),
  ]);
}

/** Values that survive a provider giving its objects new ids: what names an object to people. */
export function naturalKeys(state: Inventory): Map<string, string> {
  const keys = new Map<string, string>();
  for (const s of state.subSystems) {
    keys.set(`subsystem ${s.identification ?? s.friendlyName ?? ''}`, s.id);
    for (const l of s.luns) if (l.identification) keys.set(`lun ${l.identification}`, l.id);
    for (const t of s.targets ?? []) keys.set(`target ${t.iscsiName}`, t.id);
  }
  return keys;
}

