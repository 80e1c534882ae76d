// What passed the port, kept as references and written out as text only when somebody reads it. Secrets are taken out before they get here.
import { DEVICE_KINDS, PROVIDER_KIND } from '../contract/generated/objects.js';
import { UNTOUCHED } from '../contract/codec.js';
import { NULL_GUID, type Guid } from '../contract/guid.js';
import { formatHresult } from '../contract/hresult.js';
import { method, structure, type Handle, type MethodName, type ParamDef, type TypeDef } from '../contract/tables.js';
import { mapReferences } from './references.js';

export interface CallRecord {
  /** Counts the calls of a session from 1. */
  readonly seq: number;
  /** Milliseconds since the session opened, and how long the call took. */
  readonly at: number;
  ms: number;
  readonly method: MethodName;
  readonly object: Handle;
  readonly args: Readonly<Record<string, unknown>>;
  readonly nullOuts: readonly string[];
  hr: number | undefined;
  out: Readonly<Record<string, unknown>>;
  /** Set instead of `hr` when the call crashed, hung or broke the protocol. */
  error: string | undefined;
}

/** The canonical form of a GUID that may be braced, in upper case or without its hyphens: each provider writes ids as it likes. */
const canonical = (guid: string): Guid =>
  guid
    .replace(/[{}-]/g, '')
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Replaces what a report must not depend on: object ids made by a provider become lun#1, in the order in which they were first seen. */
export class Labels {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** Names an id the first time it is seen. */
  learn(kind: string, guid: string): void {
    if (this.names.has(guid)) return;
    const id = canonical(guid);
    if (this.names.has(id)) return;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    this.names.set(id, `${kind}#${count}`);
  }

  /**
   * The text with every known GUID replaced by its name, and any other but GUID_NULL by guid#n; also where it stands without hyphens, as in
   * serial numbers that providers make of an object's id.
   */
  apply(text: string): string {
    return text.replace(
      /\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?|(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])/g,
      (found) => {
        const id = canonical(found);
        if (id === NULL_GUID) return found;
        this.learn('guid', id);
        return this.names.get(id) ?? found;
      },
    );
  }

  clear(): void {
    this.names.clear();
    this.counts.clear();
  }
}

/** Structures that carry an object's own id, and the word a report uses for that kind of object. */
export const KIND_BY_STRUCTURE: Readonly<Record<string, string>> = {
  [PROVIDER_KIND.properties.structure]: PROVIDER_KIND.name,
  ...Object.fromEntries(
    Object.values(DEVICE_KINDS).flatMap((kind) => kind.properties.map((each) => [each.structure, kind.slug])),
  ),
};

const holdsSecret = (type: TypeDef): boolean => {
  switch (type.kind) {
    case 'struct':
      return structure(type.name).fields.some((f) => f.secret === true || holdsSecret(f.type));
    case 'pointer':
      return holdsSecret(type.to);
    case 'array':
      return holdsSecret(type.of);
    default:
      return false;
  }
};

const secretParams = new Map<MethodName, readonly { readonly name: string; readonly type: TypeDef }[]>();
function secretsOf(name: MethodName): readonly { readonly name: string; readonly type: TypeDef }[] {
  let found = secretParams.get(name);
  if (found === undefined) {
    found = method(name)
      .params.filter((p) => holdsSecret(p.type))
      .map((p) => ({ name: p.name, type: p.type }));
    secretParams.set(name, found);
  }
  return found;
}

const SECRET = '(secret)';

/** Only what is known not to be secret is kept: a value of another shape than its type's, or a member that the type lacks, may hold one as well. */
function withoutSecret(type: TypeDef, value: unknown): unknown {
  if (value === null || value === undefined || value === UNTOUCHED) return value;
  if (type.kind === 'pointer') return withoutSecret(type.to, value);
  if (type.kind === 'array' && Array.isArray(value)) return value.map((item) => withoutSecret(type.of, item));
  if (type.kind !== 'struct' || typeof value !== 'object' || Array.isArray(value) || value instanceof Uint8Array)
    return SECRET;
  const given = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const field of structure(type.name).fields) {
    if (!(field.name in given)) continue;
    const member = given[field.name];
    if (field.secret === true && member !== null) copy[field.name] = SECRET;
    else copy[field.name] = holdsSecret(field.type) ? withoutSecret(field.type, member) : member;
  }
  return copy;
}

/** Arguments or outputs as a trace may hold them. Gives the same object back where there is nothing to hide, which is nearly always. */
export function redact(name: MethodName, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const secrets = secretsOf(name);
  if (secrets.length === 0) return values;
  const copy = { ...values };
  for (const param of secrets) if (param.name in copy) copy[param.name] = withoutSecret(param.type, copy[param.name]);
  return copy;
}

/** A value as a report shows it; long strings and arrays are cut. */
export function formatValue(value: unknown): string {
  if (value === null) return 'NULL';
  if (value === UNTOUCHED) return '(untouched)';
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return JSON.stringify(value.length > 200 ? `${value.slice(0, 197)}...` : value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 8).map(formatValue).join(', ');
    return `[${shown}${value.length > 8 ? `, … ${value.length} in all` : ''}]`;
  }
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([k, v]) => `${k}: ${formatValue(v)}`)
      .join(', ')}}`;
  return String(value);
}

/** Stands for an interface pointer. */
const OBJECT = Symbol('object');
/** The type of a value that is not in the contract. */
const ANY: TypeDef = { kind: 'u32' };

/** `IVdsLun::Extend` */
export const displayName = (name: string): string => name.replace('.', '::');

/** The same where interface pointers are words: their numbers depend on which calls came before. */
const formatTyped = (type: TypeDef, value: unknown): string => formatValue(mapReferences(type, value, () => OBJECT));

/** A call on one line: `IVdsLun::Extend(numberOfBytesToAdd: 1048576) → S_OK (0x00000000) async: object`. */
export function formatCall(record: CallRecord, labels: Labels): string {
  const { ins, outs } = method(record.method);
  const show = (params: readonly ParamDef[], values: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(values).map(
      ([name, value]) => `${name}: ${formatTyped(params.find((p) => p.name === name)?.type ?? ANY, value)}`,
    );
  const args = [...show(ins, record.args), ...record.nullOuts.map((name) => `${name}: NULL`)];
  const out = show(outs, record.out).map((text) => ` ${text}`);
  const answer = record.error ?? (record.hr === undefined ? '(no answer)' : formatHresult(record.hr));
  return labels.apply(`${displayName(record.method)}(${args.join(', ')}) → ${answer}${out.join(',')}`);
}

/** The newest calls of a session: a bounded ring, so that a long run holds no more than `capacity` of them. */
export class Trace {
  private records: CallRecord[] = [];
  private dropped = 0;

  /** No more are kept than a report shows: what lives on for long costs the garbage collector far more than what dies young. */
  constructor(private readonly capacity = 256) {}

  add(record: CallRecord): void {
    this.records.push(record);
    // Cut in large steps: shifting at each call would make the ring quadratic.
    if (this.records.length >= this.capacity * 2) {
      this.dropped += this.records.length - this.capacity;
      this.records = this.records.slice(-this.capacity);
    }
  }

  /** How many calls were ever added. */
  get total(): number {
    return this.dropped + this.records.length;
  }

  /** The calls added since `total` was `mark`, as far as they are still held, at most the newest `capacity`. */
  since(mark: number): readonly CallRecord[] {
    return this.records.slice(Math.max(0, mark - this.dropped)).slice(-this.capacity);
  }
}
