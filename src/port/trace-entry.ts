// The trace of a check as reports and files get it: plain data, in which objects have names instead of numbers and long
// values are cut.
import { UNTOUCHED, type Json } from '../contract/codec.js';
import { method, structure, type Handle, type ParamDef, type TypeDef } from '../contract/tables.js';
import { flagEnumeration } from '../contract/flags.js';
import { named } from './show-value.js';
import { NOTIFICATION_EVENTS } from '../contract/generated/enumerations.js';
import type { Labels } from './labels.js';
import type { CallRecord, FaultRecord, NotificationRecord, TraceRecord } from './trace.js';

interface EntryBase {
  /** Counts the entries of the check from 1. Those that a long trace leaves out keep their numbers. */
  readonly number: number;
  /** Milliseconds since the check began. */
  readonly at: number;
  /** Present on what took back what the check had made. */
  readonly phase?: 'clean-up';
}

export interface CallEntry extends EntryBase {
  readonly type: 'call';
  /** The object of the call: `subsystem#2`. */
  readonly object: string;
  /** The contract's full name: `IVdsLun.Extend`. */
  readonly method: string;
  readonly args: Readonly<Record<string, Json>>;
  /** Absent when no answer came. */
  readonly hr?: number;
  /** The stable code of what happened instead of an answer. */
  readonly error?: string;
  readonly outputs: Readonly<Record<string, Json>>;
  /** Milliseconds that the call took. */
  readonly ms: number;
  /** The role of the call in the verdict: it showed the failure, or the provider was lost during it. */
  readonly mark?: 'shows-it' | 'died';
}

export interface FaultEntry extends EntryBase {
  readonly type: 'fault';
  readonly kind: string;
  /** The object that it hit, or `provider`. */
  readonly object: string;
  readonly route: string;
  readonly proof: string;
}

export interface NotificationEntry extends EntryBase {
  readonly type: 'notification';
  /** lNumberOfNotifications as the provider gave it. */
  readonly count: number;
  readonly notifications: readonly Json[];
  /** Present when it showed what is wrong. */
  readonly mark?: 'shows-it';
}

export type TraceEntry = CallEntry | FaultEntry | NotificationEntry;

const STRING = 200;
const ITEMS = 8;

/** The type of a value that is not in the contract. */
const ANY: TypeDef = { kind: 'u32' };

/**
 * A value as plain data. Strings and arrays are cut (`{"more": 12}` ends an array). What JSON has no word for is an
 * object of one member: `{"untouched": true}`, `{"bytes": 16}`, `{"object": "lun#1"}`, `{"hresult": 2147942487}`,
 * `{"enum": "VDS_LS_ONLINE"}`, `{"words": "at least 1 byte"}`. Integers that a JavaScript number cannot hold are
 * decimal strings.
 */
export function plainValue(value: unknown, labels: Labels, type: TypeDef = ANY): Json {
  if (value === undefined || value === null) return null;
  if (value === UNTOUCHED) return { untouched: true };
  if (typeof value === 'bigint') return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  if (typeof value === 'string') return cut(labels.apply(value));
  if (value instanceof Uint8Array) return { bytes: value.length };
  if (Array.isArray(value)) {
    const of = type.kind === 'array' ? type.of : ANY;
    const shown = value.slice(0, ITEMS).map((item) => plainValue(item, labels, of));
    return value.length > ITEMS ? [...shown, { more: value.length - ITEMS }] : shown;
  }
  switch (type.kind) {
    case 'pointer':
      return plainValue(value, labels, type.to);
    case 'interface':
      return { object: labels.of(value as Handle, type.name) };
    case 'hresult':
      return typeof value === 'number' ? { hresult: value } : String(value);
    case 'enum': {
      const shown = named(type.name, value);
      if (typeof shown === 'object') return shown as { readonly enum: string };
      break;
    }
  }
  if (typeof value === 'object') {
    // A notification's event is an integer by its type; its names are a list of their own.
    const event = type.kind === 'struct' && type.name.endsWith('_NOTIFICATION') ? eventName(value) : undefined;
    const fields = type.kind === 'struct' ? structure(type.name).fields : [];
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === 'event' && event !== undefined
          ? { enum: event }
          : plainValue(
              namedFlags(type.kind === 'struct' ? type.name : '', name, member),
              labels,
              fields.find((f) => f.name === name)?.type,
            ),
      ]),
    );
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}

/** Flags by their names; another value as it is. */
function namedFlags(owner: string, name: string, value: unknown): unknown {
  const enumeration = flagEnumeration(owner, name);
  return enumeration === undefined ? value : named(enumeration, value);
}

const eventName = (value: object): string | undefined =>
  Object.entries(NOTIFICATION_EVENTS).find(([, event]) => event === (value as { event?: unknown }).event)?.[0];

const cut = (text: string): string => (text.length > STRING ? `${text.slice(0, STRING - 3)}...` : text);

const plainValues = (
  interfaceName: string,
  params: readonly ParamDef[],
  values: Readonly<Record<string, unknown>>,
  labels: Labels,
): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      plainValue(namedFlags(interfaceName, name, value), labels, params.find((p) => p.name === name)?.type),
    ]),
  );

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

interface Frame {
  readonly labels: Labels;
  /** The number of the check's first record. */
  readonly number: number;
  /** When the check began, by the session's clock. */
  readonly began: number;
}

/** A record as an entry. */
export function entryOf(record: TraceRecord, { labels, number, began }: Frame): TraceEntry {
  const base = { number, at: rounded(Math.max(0, record.at - began)) };
  switch (record.type) {
    case 'call':
      return { type: 'call', ...base, ...callOf(record, labels) };
    case 'fault':
      return { type: 'fault', ...base, ...faultOf(record, labels) };
    case 'notification':
      return { type: 'notification', ...base, ...notificationOf(record, labels) };
  }
}

function callOf(record: CallRecord, labels: Labels): Omit<CallEntry, 'type' | keyof EntryBase> {
  const { ins, outs, interfaceName } = method(record.method);
  return {
    object: labels.of(record.object, interfaceName),
    method: record.method,
    args: {
      ...plainValues(interfaceName, ins, record.args, labels),
      ...Object.fromEntries(record.nullOuts.map((name) => [name, null])),
    },
    ...(record.hr === undefined ? {} : { hr: record.hr }),
    ...(record.error === undefined ? {} : { error: record.error }),
    outputs: plainValues(interfaceName, outs, record.out, labels),
    ms: rounded(record.ms),
  };
}

const PROOF = 2000;

function faultOf(
  { kind, object, route, proof }: FaultRecord,
  labels: Labels,
): Omit<FaultEntry, 'type' | keyof EntryBase> {
  const hit = labels.apply(object);
  const text = labels.apply(proof);
  return {
    kind,
    object: hit === object ? 'provider' : hit,
    route,
    proof: text.length > PROOF ? `${text.slice(0, PROOF - 3)}...` : text,
  };
}

const NOTIFICATION: TypeDef = { kind: 'struct', name: 'VDS_NOTIFICATION' };

function notificationOf(
  { count, notifications }: NotificationRecord,
  labels: Labels,
): Omit<NotificationEntry, 'type' | keyof EntryBase> {
  return { count, notifications: notifications.slice(0, ITEMS).map((n) => plainValue(n, labels, NOTIFICATION)) };
}
