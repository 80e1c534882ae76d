// Values and calls as people read them, raw or as plain data of a trace. One notation for calls serves findings, steps
// and reports: `IVdsLun::SetMask(unmaskingList: "*") on lun#1 → S_OK`.
import { UNTOUCHED, type Json } from '../contract/codec.js';
import { NOTIFICATION_EVENTS } from '../contract/generated/enumerations.js';
import { flagNames, MASKED } from '../contract/flags.js';
import { enumerations, knownMethod, structure, type TypeDef } from '../contract/tables.js';
import { formatHresult, HR } from '../contract/hresult.js';

/** `IVdsLun::Extend` */
export function displayName(name: string): string {
  let shown = displayed.get(name);
  if (shown === undefined) displayed.set(name, (shown = name.replace('.', '::')));
  return shown;
}
/** Asked for at each call, of the few hundred methods that there are. */
const displayed = new Map<string, string>();

/** An HRESULT among other values, which a report shows by its name. */
export const hresult = (hr: number | null | undefined) => ({ hresult: hr });

/** A value that is described and not given, as `at least 67108865 bytes`. */
export const inWords = (words: string) => ({ words });

/** A value of an enumeration as a report shows it: by its name, where it has one. */
export function named(enumeration: string, value: unknown): unknown {
  const { values = {}, flags } = enumerations.get(enumeration) ?? {};
  const name =
    flags === true && typeof value === 'number'
      ? flagNames(enumeration, value)
      : Object.entries(values).find(([, each]) => each === value)?.[0];
  return name === undefined ? value : { enum: name };
}

/** The same as text: its name, or its number. */
export const nameIn = (enumeration: string, value: unknown): string => formatValue(named(enumeration, value));

/** The name of an event of a notification, or its number. */
export const eventName = (event: unknown): string =>
  Object.entries(NOTIFICATION_EVENTS).find(([, each]) => each === event)?.[0] ?? formatValue(event);

/** Values that plain data writes as an object of one member (trace-entry.ts). */
function tagged(value: object): string | undefined {
  const [[tag, content] = [], ...others] = Object.entries(value);
  if (others.length > 0) return undefined;
  if (tag === 'hresult' && typeof content === 'number') return formatHresult(content);
  if ((tag === 'object' || tag === 'enum' || tag === 'words') && typeof content === 'string') return content;
  if (tag === 'bytes' && typeof content === 'number') return `${content} bytes`;
  if (tag === 'more' && typeof content === 'number') return `… ${content} more`;
  return tag === 'untouched' && content === true ? '(untouched)' : undefined;
}

/** A string in quotes: in single ones where it holds double ones, as JSON does, so that it can be read. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return text.includes('"') && !text.includes("'") ? `'${json.slice(1, -1).replaceAll('\\"', '"')}'` : json;
}

/** A value as a report shows it; long strings and arrays are cut. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value === UNTOUCHED) return '(untouched)';
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return quoted(value.length > 200 ? `${value.slice(0, 197)}...` : value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 9).map(formatValue);
    return `[${(value.length > 9 ? [...shown.slice(0, 8), `… ${value.length - 8} more`] : shown).join(', ')}]`;
  }
  if (typeof value === 'object')
    return (
      tagged(value) ??
      `{${Object.entries(value)
        .map(([k, v]) => `${k}: ${formatValue(v)}`)
        .join(', ')}}`
    );
  return String(value);
}

/** A structure of more fields is compared by those that differ. */
const FEW_FIELDS = 3;

const isStructure = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Two values that are compared: of structures that have the same fields only those fields that differ, if any do. */
export function differing(expected: unknown, actual: unknown): readonly [expected: unknown, actual: unknown] {
  if (!isStructure(expected) || !isStructure(actual)) return [expected, actual];
  const names = Object.keys(expected);
  if (names.length <= FEW_FIELDS || names.some((name) => !Object.hasOwn(actual, name))) return [expected, actual];
  const differ = names.filter((name) => formatValue(expected[name]) !== formatValue(actual[name]));
  if (differ.length === 0) return [expected, actual];
  const part = (of: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(differ.map((name) => [name, of[name]]));
  return [part(expected), part(actual)];
}

/** `name: value, name: value` */
export const valuesText = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${formatValue(value)}`)
    .join(', ');

type Values = Readonly<Record<string, Json>>;

/** A call as traces hold it. */
interface Called {
  readonly method: string;
  readonly args: Values;
  readonly object: string;
}

/** `IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1` */
export const calledText = ({ method, args, object }: Called): string =>
  `${displayName(method)}(${valuesText(args)}) on ${object}`;

/** The fields of a structure that its mask asks for, where it has one and they could be there. */
function askedFor(of: string, members: Values): (name: string) => boolean | undefined {
  const masked = MASKED.get(of);
  const mask = BigInt((members[masked?.mask ?? ''] as number | string | undefined) ?? 0);
  return (name) => {
    const bit = masked?.bits.get(name);
    return bit === undefined ? undefined : (mask & bit) !== 0n;
  };
}

/** Of a longer list of structures the first are shown. */
const FEW_STRUCTURES = 2;

/**
 * Members of structures that are zero, empty or NULL say that nothing is asked for; where a mask says what is asked
 * for, that counts.
 */
function brief(value: Json, type?: TypeDef): Json {
  if (type?.kind === 'pointer') return brief(value, type.to);
  if (Array.isArray(value)) {
    const of = type?.kind === 'array' ? type.of : undefined;
    const shown = of?.kind === 'struct' && value.length > FEW_STRUCTURES ? value.slice(0, FEW_STRUCTURES) : value;
    const left = value.length - shown.length;
    return [...shown.map((each: Json) => brief(each, of)), ...(left === 0 ? [] : [{ more: left }])];
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Values);
  const of = type?.kind === 'struct' ? type.name : undefined;
  const isAsked = askedFor(of ?? '', value as Values);
  const typeOf = (name: string): TypeDef | undefined =>
    of === undefined ? undefined : structure(of).fields.find((field) => field.name === name)?.type;
  return Object.fromEntries(
    members
      .filter(([k, m]) => members.length === 1 || (isAsked(k) ?? (m !== null && m !== 0 && m !== '' && m !== false)))
      .map(([k, m]) => [k, brief(m, typeOf(k))]),
  );
}

/** The same values without what says nothing. */
export const briefly = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, brief(value)]));

/** The arguments of a call without the members of their structures that say nothing. */
const briefArgs = ({ method: name, args }: Called): Values => {
  const ins = knownMethod(name)?.ins ?? [];
  return Object.fromEntries(
    Object.entries(args).map(([arg, value]) => [arg, brief(value, ins.find((each) => each.name === arg)?.type)]),
  );
};

/** A call without the members of its structures that say nothing. */
export const briefCall = (call: Called): string => calledText({ ...call, args: briefArgs(call) });

/** How many arguments a call has before those that say nothing are left out. */
const MANY_ARGUMENTS = 4;

/** The same without arguments that ask for nothing, where there are many. */
export function briefestCall(call: Called): string {
  const args = briefArgs(call);
  const said = Object.entries(args).filter(([, value]) => value !== null && value !== 0 && value !== '');
  const all = Object.keys(args).length;
  if (all < MANY_ARGUMENTS || said.length === all) return briefCall(call);
  return `${displayName(call.method)}(${valuesText(Object.fromEntries(said))}, …) on ${call.object}`;
}

/** `S_OK`, whose number everybody knows, or `VDS_E_OBJECT_DELETED (0x8004240D)`. */
export const shortCode = (hr: number): string => (hr === HR.S_OK ? 'S_OK' : formatHresult(hr));

/** A longer list is described by what it lacks and what it has besides. */
const WHOLE_LISTS = 4;

/** `is 1; expected 2`, `are [1]; expected [1, 2]`, or for long lists `lack [17] and have [18] besides`. */
export function comparison(actual: unknown, expected: unknown): string {
  if (!Array.isArray(actual) || !Array.isArray(expected) || actual.some((each) => typeof each === 'number')) {
    const [must, is] = differing(expected, actual);
    return `${Array.isArray(is) ? 'are' : 'is'} ${formatValue(is)}; expected ${formatValue(must)}`;
  }
  const lacks = expected.filter((each) => !actual.includes(each));
  const besides = actual.filter((each) => !expected.includes(each));
  if (Math.max(actual.length, expected.length) <= WHOLE_LISTS || lacks.length + besides.length === 0)
    return `are ${formatValue(actual)}; expected ${formatValue(expected)}`;
  return [
    ...(lacks.length === 0 ? [] : [`lack ${formatValue(lacks)}`]),
    ...(besides.length === 0 ? [] : [`have ${formatValue(besides)} besides`]),
  ].join(' and ');
}
