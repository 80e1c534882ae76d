// Writes src/contract/generated/objects.ts: the kinds of device, their queries, and those that a caller can make.
// Whatever objects.json names is looked up in the rest of the contract, and a name that is not there stops the
// generation.
import { readFileSync } from 'node:fs';

const { kinds, provider } = JSON.parse(
  readFileSync(new URL('../src/contract/data/objects.json', import.meta.url), 'utf8'),
);

/** The word as it stands in ids: `portal-group`. */
const slugOf = (word) => word.toLowerCase().replaceAll(' ', '-');

function lookups({ interfaces, structures, enumerations }) {
  const find = (what, list, name) => {
    const found = list.find((each) => each.name === name);
    if (found === undefined) throw new Error(`objects.json names the ${what} ${name}, which the contract lacks`);
    return found;
  };
  const method = (fullName) => {
    const [owner, name] = fullName.split('.');
    return find('method', find('interface', interfaces, owner).methods, name);
  };
  /** The only output of a getter. */
  const output = (fullName) => {
    const outs = method(fullName).params.filter((p) => p.direction === 'out');
    if (outs.length !== 1) throw new Error(`${fullName} does not have one output`);
    return outs[0];
  };
  const value = (enumeration, name) => {
    const found = find('enumeration', enumerations, enumeration).values[name];
    if (found === undefined) throw new Error(`${enumeration} has no ${name}`);
    return found;
  };
  return { method, output, value, structure: (name) => find('structure', structures, name) };
}

/**
 * The arm of VDS_ASYNC_OUTPUT that hands over an object, and the member of it that does; undefined where an operation
 * hands over none.
 */
function armOf(type, { structure }) {
  const arm = structure('VDS_ASYNC_OUTPUT').fields.find((f) => f.when?.values.includes(type));
  return arm === undefined ? undefined : { arm: arm.name, reference: structure(arm.type.name).fields[0].name };
}

/** A getter, its output, and the structure that it fills. */
function propertiesOf(getter, look) {
  const { name: out, type } = look.output(getter);
  return { getter, out, structure: look.structure(type.name).name };
}

function rowOf(kind, contract, look) {
  const slug = slugOf(kind.word);
  const interfaces = contract.interfaces
    .filter((i) => i.objects.includes(slug) && !i.extension)
    .map(({ name, required }) => ({ name, required }));
  if (!interfaces.some((i) => i.name === kind.interface))
    throw new Error(`interfaces.json does not say that a ${kind.word} has ${kind.interface}`);
  const properties = kind.properties.map((getter) => propertiesOf(getter, look));
  const members = look.structure(properties[0].structure).fields.map((f) => f.name);
  const unknown = kind.naturalKey.filter((name) => !members.includes(name));
  if (unknown.length > 0) throw new Error(`${properties[0].structure} has no ${unknown.join(', ')}`);
  const { name: out, type } = look.output(kind.container);
  for (const each of [...Object.keys(kind.listedBy), ...(kind.madeBy?.methods ?? []), kind.deletedBy ?? []].flat())
    look.method(each);
  return {
    name: kind.word,
    slug,
    type: look.value('VDS_OBJECT_TYPE', kind.objectType),
    interfaces,
    properties,
    naturalKey: kind.naturalKey,
    container: { getter: kind.container, out, interface: type.name },
    madeBy: kind.madeBy?.methods ?? [],
    deletedBy: kind.deletedBy ?? null,
    truth: kind.truth ?? null,
  };
}

function makeable(kind, look) {
  if (kind.madeBy === undefined || !kind.deletedBy?.startsWith(`${kind.interface}.`)) return undefined;
  const output = look.value('VDS_ASYNC_OUTPUT_TYPE', kind.madeBy.output);
  const arm = armOf(output, look);
  if (arm === undefined) return undefined;
  const type = look.value('VDS_OBJECT_TYPE', kind.objectType);
  return { name: kind.word, interfaceName: kind.interface, type, output, ...arm, delete: kind.deletedBy };
}

/** The text of generated/objects.ts below its banner. */
export function objectTables(contract) {
  const look = lookups(contract);
  const rows = kinds.map((kind) => `  ${kind.interface}: ${JSON.stringify(rowOf(kind, contract, look))},`);
  const lists = new Map(
    kinds.flatMap((kind) =>
      Object.entries(kind.listedBy).map(([query, how]) => [
        query,
        { lists: kind.interface, contains: how === 'contained' },
      ]),
    ),
  );
  // In the contract's order.
  const queries = contract.interfaces
    .flatMap((i) => i.methods.map((m) => `${i.name}.${m.name}`))
    .filter((name) => lists.has(name))
    .map((name) => `  ${JSON.stringify({ method: name, ...lists.get(name) })},`);
  const made = kinds.flatMap((kind) => {
    const row = makeable(kind, look);
    return row === undefined ? [] : [`  '${slugOf(kind.word)}': ${JSON.stringify(row)},`];
  });
  const providerKind = {
    name: provider.word,
    interface: provider.interface,
    properties: propertiesOf(provider.properties, look),
  };
  return `
import type { DeviceKindDef, MakeableDef, QueryDef } from '../object-definitions.js';

/** Each kind of device by the interface that reports its properties. */
export const DEVICE_KINDS = {
${rows.join('\n')}
} as const satisfies Readonly<Record<string, DeviceKindDef>>;

/** The provider object, which contains devices and is none. */
export const PROVIDER_KIND = ${JSON.stringify(providerKind)} as const;

/** Every method that answers an enumeration of devices, in the contract's order. */
export const QUERY_TABLE = [
${queries.join('\n')}
] as const satisfies readonly QueryDef[];

/** The kinds of device that an operation of a caller makes and hands over, and that have a method to delete them. */
export const MAKEABLE = {
${made.join('\n')}
} as const satisfies Readonly<Record<string, MakeableDef>>;
`;
}
