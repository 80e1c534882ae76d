// The part of `explain` about the contract itself: a result code, a method, an interface, a structure, an enumeration
// or its value, an event.
import { formatHresult, parseHresult, HR } from '../../contract/hresult.js';
import { addressOf } from '../../contract/pages.js';
import { NOTIFICATION_EVENTS } from '../../contract/generated/enumerations.js';
import {
  codes,
  enumerations,
  interfaces,
  structures,
  type EnumerationDef,
  type InterfaceDef,
  type MethodDef,
  type ParamDef,
  type StructureDef,
} from '../../contract/tables.js';
import { counted } from '../../contract/wording.js';
import { REQUIREMENTS } from '../../contract/requirements.js';

interface Entry {
  readonly name: string;
  lines(): string[];
}

const typeText = (type: ParamDef['type']): string => {
  const { kind, ...rest } = type as { readonly kind: string } & Readonly<Record<string, unknown>>;
  const name = Object.values(rest).find((value) => typeof value === 'string');
  return name === undefined ? kind : `${kind} ${String(name)}`;
};

const param = ({ vdsName, direction, type, nullable }: ParamDef): string =>
  `    ${direction.padEnd(3)} ${vdsName}: ${typeText(type)}${nullable ? ', may be NULL' : ''}`;

const signature = ({ name, params }: MethodDef): string => `${name}(${params.map((p) => p.vdsName).join(', ')})`;

/** The requirements whose sentence names the text. */
const dutiesNaming = (text: string): string[] => {
  const named = new RegExp(`\\b${text}\\b`);
  const found = REQUIREMENTS.filter((r) => named.test(r.statement)).map(
    (r) => `  ${r.id} (${r.level}): ${r.statement}`,
  );
  return found.length === 0 ? [] : ['', 'Requirements that name it:', ...found.slice(0, 20)];
};

function methodLines(of: InterfaceDef, method: MethodDef): string[] {
  const address = addressOf(method.page);
  return [
    `${of.name}::${method.name}`,
    ...method.params.map(param),
    `  Documented return codes: ${method.codes.length === 0 ? 'none' : method.codes.join(', ')}`,
    ...(method.documentSays === undefined ? [] : [`  The page says: ${method.documentSays}`]),
    ...(address === undefined ? [] : [`  Documented at: ${address}`]),
    ...dutiesNaming(method.name),
  ];
}

function interfaceLines(of: InterfaceDef): string[] {
  return [
    of.name,
    `  iid ${of.iid}`,
    `  On: ${of.objects.join(', ')}. ${of.presence}`,
    '  Methods:',
    ...of.methods.map((m) => `    ${signature(m)}`),
    ...dutiesNaming(of.name),
  ];
}

/** How an enumeration or event is written in a header. */
const hex = (value: number): string => `${value} (0x${(value >>> 0).toString(16)})`;

const structureLines = ({ name, size, fields }: StructureDef): string[] => [
  `${name}: ${size} bytes`,
  ...fields.map((f) => `    ${String(f.offset).padStart(4)}  ${f.vdsName}: ${typeText(f.type)}`),
  ...dutiesNaming(name),
];

const enumerationLines = ({ name, values }: EnumerationDef): string[] => [
  name,
  ...Object.entries(values).map(([each, value]) => `    ${each} = ${hex(value)}`),
  ...dutiesNaming(name),
];

const valueLines = (name: string, value: number, of: string): string[] => [
  `${name} = ${hex(value)}, of ${of}`,
  ...dutiesNaming(name),
];

/** Methods that a code names before it says how many more there are. */
const NAMED = 12;

function codeLines(name: string, value: number): string[] {
  const answeredBy = [...interfaces.values()].flatMap((i) =>
    i.methods.filter((m) => m.codes.includes(name)).map((m) => `${i.name}::${m.name}`),
  );
  return [
    formatHresult(value),
    answeredBy.length === 0
      ? '  The page of no method names it.'
      : `  Documented for ${counted(answeredBy.length, 'method')}: ` +
        `${answeredBy.slice(0, NAMED).join(', ')}${
          answeredBy.length > NAMED ? ` and ${answeredBy.length - NAMED} more` : ''
        }`,
    ...dutiesNaming(name),
  ];
}

/** Everything of the contract that can be asked for, by name. */
export const CONTRACT_ENTRIES: readonly Entry[] = [
  ...[...interfaces.values()].map((i) => ({ name: i.name, lines: () => interfaceLines(i) })),
  ...[...interfaces.values()].flatMap((i) =>
    i.methods.map((m) => ({ name: `${i.name}.${m.name}`, lines: () => methodLines(i, m) })),
  ),
  ...[...structures.values()].map((s) => ({ name: s.name, lines: () => structureLines(s) })),
  ...[...enumerations.values()].flatMap((e) => [
    { name: e.name, lines: () => enumerationLines(e) },
    ...Object.entries(e.values).map(([name, value]) => ({ name, lines: () => valueLines(name, value, e.name) })),
  ]),
  ...Object.entries(NOTIFICATION_EVENTS).map(([name, value]) => ({
    name,
    lines: () => valueLines(name, value, 'the events of VDS_NOTIFICATION'),
  })),
  ...new Map([...Object.entries(HR), ...codes.map((c) => [c.name, c.value] as const)]).entries(),
].map((entry) => ('lines' in entry ? entry : { name: entry[0], lines: () => codeLines(...entry) }));

/** The explanation of a code, a method (with a dot or two colons) or an interface; undefined for anything else. */
export function explainContract(asked: string): string[] | undefined {
  const text = asked.replace('::', '.').toLowerCase();
  const found = CONTRACT_ENTRIES.find(({ name }) => name.toLowerCase() === text);
  if (found !== undefined) return found.lines();
  const hr = /^0x[0-9a-f]+$/.test(text) ? parseHresult(text) : undefined;
  const code = hr === undefined ? undefined : codes.find((c) => c.value === hr);
  return code === undefined ? undefined : codeLines(code.name, code.value);
}
