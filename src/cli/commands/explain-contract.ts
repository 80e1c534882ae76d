// The part of `explain` about the contract itself: a result code, a method, an interface.
import { formatHresult, parseHresult, HR } from '../../contract/hresult.js';
import { addressOf } from '../../contract/pages.js';
import { codes, interfaces, type InterfaceDef, type MethodDef, type ParamDef } from '../../contract/tables.js';
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

function codeLines(name: string, value: number): string[] {
  const answeredBy = [...interfaces.values()].flatMap((i) =>
    i.methods.filter((m) => m.codes.includes(name)).map((m) => `${i.name}::${m.name}`),
  );
  return [
    formatHresult(value),
    answeredBy.length === 0
      ? '  The page of no method names it.'
      : `  Documented for ${answeredBy.length} ${answeredBy.length === 1 ? 'method' : 'methods'}: ${answeredBy.join(', ')}`,
    ...dutiesNaming(name),
  ];
}

/** Everything of the contract that can be asked for, by name. */
export const CONTRACT_ENTRIES: readonly Entry[] = [
  ...[...interfaces.values()].map((i) => ({ name: i.name, lines: () => interfaceLines(i) })),
  ...[...interfaces.values()].flatMap((i) =>
    i.methods.map((m) => ({ name: `${i.name}.${m.name}`, lines: () => methodLines(i, m) })),
  ),
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
