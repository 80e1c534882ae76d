// Secrets are taken out of what a call carries before anything keeps it.
import { UNTOUCHED } from '../contract/codec.js';
import { method, structure, type MethodName, type TypeDef } from '../contract/tables.js';

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

/**
 * Only what is known not to be secret is kept: a value of another shape than its type's, or a member that the type
 * lacks, may hold one as well.
 */
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

/**
 * Arguments or outputs as a trace may hold them. Gives the same object back where there is nothing to hide, which is
 * nearly always.
 */
export function redact(name: MethodName, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const secrets = secretsOf(name);
  if (secrets.length === 0) return values;
  const copy = { ...values };
  for (const param of secrets) if (param.name in copy) copy[param.name] = withoutSecret(param.type, copy[param.name]);
  return copy;
}
