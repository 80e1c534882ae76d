// What the cache's entries say: one directory, and an entry for each subsystem, LUN and target, as JSON with sizes as decimal strings.
import { NULL_GUID, type Guid } from '../../src/contract/guid.js';
import type { ArrayLun, ArraySubSystem, ArrayTarget } from './array.js';
import { CacheCorrupt } from './failure.js';

/** The directory's key. No object has it. */
export const DIRECTORY: Guid = NULL_GUID;

export interface DirectoryRecord {
  readonly kind: 'directory';
  readonly subSystems: readonly Guid[];
}

export interface SubSystemRecord {
  readonly kind: 'sub-system';
  readonly friendlyName: string;
  readonly identification: string;
  readonly status: number;
  readonly health: number;
  readonly importTarget: string | null;
  readonly luns: readonly Guid[];
  readonly targets: readonly Guid[];
}

export interface LunRecord {
  readonly kind: 'lun';
  /** The subsystem. */
  readonly parent: Guid;
  readonly size: string;
  readonly friendlyName: string;
  readonly identification: string;
  readonly unmaskingList: string;
  readonly type: number;
  readonly status: number;
  readonly health: number;
}

export interface TargetRecord {
  readonly kind: 'target';
  readonly parent: Guid;
  readonly iscsiName: string;
  readonly friendlyName: string;
  readonly chapEnabled: boolean;
}

export type CacheRecord = DirectoryRecord | SubSystemRecord | LunRecord | TargetRecord;

export const encode = (record: CacheRecord): string => JSON.stringify(record);

/** The record in a payload that was verified. Throws CacheCorrupt when it is of another kind: a reference led to the wrong entry. */
export function decode<K extends CacheRecord['kind']>(payload: string, kind: K): Extract<CacheRecord, { kind: K }> {
  const record = JSON.parse(payload) as CacheRecord;
  if (record.kind !== kind) throw new CacheCorrupt();
  return record as Extract<CacheRecord, { kind: K }>;
}

/** `luns` and `targets` are the members that the provider knows, which may be fewer than the array has. */
export const subSystemRecord = (truth: ArraySubSystem, luns: readonly Guid[], targets: readonly Guid[]): SubSystemRecord => ({
  kind: 'sub-system', friendlyName: truth.friendlyName, identification: truth.identification, status: truth.status, health: truth.health,
  importTarget: truth.importTarget, luns, targets,
});

export const lunRecord = (truth: ArrayLun, parent: Guid): LunRecord => ({
  kind: 'lun', parent, size: truth.size.toString(), friendlyName: truth.friendlyName, identification: truth.identification,
  unmaskingList: truth.unmaskingList, type: truth.type, status: truth.status, health: truth.health,
});

export const targetRecord = (truth: ArrayTarget, parent: Guid): TargetRecord => ({
  kind: 'target', parent, iscsiName: truth.iscsiName, friendlyName: truth.friendlyName, chapEnabled: truth.chapEnabled,
});
