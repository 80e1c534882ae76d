// Reads the facts in src/contract/data and turns them into the contract's own form: names in camelCase, parsed types,
// resolved union cases. Everything generated (tables, TypeScript types, the C++ header) starts from this one model.
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../src/contract/data/${name}.json`, import.meta.url), 'utf8'));

const SCALARS = {
  SHORT: 'i16',
  USHORT: 'u16',
  WCHAR: 'u16',
  VDS_ISCSI_PORTALGROUP_TAG: 'u16',
  LONG: 'i32',
  ULONG: 'u32',
  DWORD: 'u32',
  ULONGLONG: 'u64',
  UCHAR: 'u8',
  BYTE: 'u8',
  BOOL: 'bool',
  HRESULT: 'hresult',
  VDS_OBJECT_ID: 'guid',
  GUID: 'guid',
  CLSID: 'guid',
};
/** Fields whose bytes must never reach a trace, a report or a log. */
const SECRETS = new Set(['VDS_ISCSI_SHARED_SECRET.pSharedSecret', 'VDS_ISCSI_IPSEC_KEY.pKey']);

const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);

/**
 * VDS's name without its type prefix: pwszIdentification becomes identification, m_cbPort portSize, m_cInterconnects
 * numberOfInterconnects.
 */
export function camelName(vdsName) {
  let name = vdsName;
  if (name.startsWith('m_')) {
    const counted = /^m_cb([A-Z].*)$/.exec(name);
    if (counted) return `${lowerFirst(counted[1])}Size`;
    const count = /^m_c([A-Z].*)$/.exec(name);
    if (count) return `numberOf${count[1]}`;
    name = name.slice(2);
  }
  const stripped =
    /^(?:ppp?wsz|pwsz|wsz|pull|pul|pl|pc|pp|p|ull|ul|rguch|rgb|rg|pb|sz|guid|dw|wc|b|l|s|w)([A-Z].*)$/.exec(name);
  // VDS_HINTS2 has bReserved1, ulReserved1 and ullReserved1: only their prefixes tell them apart.
  if (stripped && !stripped[1].startsWith('Reserved')) name = stripped[1];
  return lowerFirst(name);
}

export function loadContract() {
  const facts = read('interfaces');
  const control = read('control');
  const structFacts = read('structs');
  const enumFacts = read('enums');
  const errorFacts = read('errors');

  const faults = control.faults.map(({ dutiesOf, ...kind }) => {
    const { must, may } = dutiesOf === undefined ? kind : control.faults.find((k) => k.name === dutiesOf);
    return { ...kind, constant: `VDSC_FK_${kind.name.toUpperCase().replaceAll('-', '_')}`, must, may };
  });
  const faultKinds = {
    name: 'VDSC_FAULT_KIND',
    kind: 'enum',
    values: Object.fromEntries(faults.map((kind) => [kind.constant, kind.value])),
  };
  const enums = [...enumFacts.enums, faultKinds];
  const enumNames = new Set(enums.map((e) => e.name));
  const structNames = new Set(structFacts.structs.map((s) => s.name));
  const enumValue = new Map(enums.flatMap((e) => Object.entries(e.values).map(([k, v]) => [k, Number(v)])));
  const sizeIs = (attrs = []) => /^size_is\((.*)\)$/.exec(attrs.find((a) => a.startsWith('size_is')) ?? '')?.[1];

  const plain = (type) => {
    if (SCALARS[type]) return { kind: SCALARS[type] };
    if (type === 'LPWSTR') return { kind: 'wstr' };
    if (type === 'char*') return { kind: 'astr' };
    if (enumNames.has(type)) return { kind: 'enum', name: type };
    if (structNames.has(type)) return { kind: 'struct', name: type };
    if (/^I[A-Z]\w*\*$/.test(type)) return { kind: 'interface', name: type.slice(0, -1) };
    throw new Error(`unknown type ${type}`);
  };
  const counted = (of, count, extra) =>
    of.kind === 'u8' ? { kind: 'bytes', count, ...extra } : { kind: 'array', of, count, ...extra };

  function paramType(p) {
    const size = sizeIs(p.idlAttrs);
    if (p.direction === 'in') {
      if (size) return counted(plain(p.type.slice(0, -1)), camelName(size));
      if (p.type.endsWith('*') && !p.type.startsWith('I')) return { kind: 'pointer', to: plain(p.type.slice(0, -1)) };
      return plain(p.type);
    }
    const pointee = p.type.slice(0, -1);
    if (!size) return plain(pointee);
    const calleeCount = /^,\s*\*(\w+)$/.exec(size);
    if (calleeCount)
      return counted(plain(pointee.slice(0, -1)), camelName(calleeCount[1]), { allocatedBy: 'provider' });
    const lengthIs = /^length_is\(\*(\w+)\)$/.exec(p.idlAttrs.find((a) => a.startsWith('length_is')))[1];
    return counted(plain(pointee), camelName(lengthIs), { allocatedBy: 'caller', capacity: camelName(size) });
  }

  const structures = [];
  function fieldsOf(owner, fields) {
    return fields.flatMap((f) => {
      if (f.kind === 'union') {
        const by = camelName(/^switch_is\((\w+)\)$/.exec(f.idlAttrs[0])[1]);
        return f.fields.map((arm) => {
          const cases = /^case\((.*)\)$/
            .exec(arm.idlAttrs[0])[1]
            .split(',')
            .map((c) => {
              const value = enumValue.get(c.trim());
              if (value === undefined) throw new Error(`unknown case ${c} in ${owner}`);
              return value;
            });
          return { ...fieldsOf(owner, [{ ...arm, idlAttrs: [] }])[0], when: { field: by, values: cases } };
        });
      }
      const offset = f.offset64;
      if (f.kind === 'struct') {
        const name = `${owner}_${f.name}`;
        const inner = fieldsOf(name, f.fields).map((x) => ({ ...x, offset: x.offset - offset }));
        structures.push({ name, size: f.size64, align: 8, fields: inner, inline: true });
        return [{ name: camelName(f.name), vdsName: f.name, type: { kind: 'struct', name }, offset, size: f.size64 }];
      }
      const size = sizeIs(f.idlAttrs);
      let type;
      if (f.arrayLen)
        type = f.type === 'WCHAR' ? { kind: 'wchars', length: f.arrayLen } : { kind: 'fixed', length: f.arrayLen };
      else if (size) type = counted(plain(f.type.slice(0, -1)), camelName(size));
      else if (f.type.endsWith('*') && f.type !== 'char*' && !f.type.startsWith('I'))
        type = { kind: 'pointer', to: plain(f.type.slice(0, -1)) };
      else type = plain(f.type);
      return [
        {
          name: camelName(f.name),
          vdsName: f.name,
          type,
          offset,
          size: f.size64,
          ...(SECRETS.has(`${owner}.${f.name}`) ? { secret: true } : {}),
        },
      ];
    });
  }
  for (const s of structFacts.structs) {
    const fields = fieldsOf(s.name, s.fields);
    structures.push({
      name: s.name,
      size: s.size64,
      align: s.align64,
      fields,
      ...(s.documentedValidHealth ? { validHealth: s.documentedValidHealth } : {}),
    });
  }

  const interfaces = [...facts.interfaces, ...control.interfaces].map((i) => ({
    name: i.name,
    iid: i.iid,
    objects: i.onObjects ?? [],
    presence: i.presence ?? '',
    required: i.required ?? false,
    ...(control.interfaces.includes(i) ? { extension: true } : {}),
    methods:
      i.name === 'IUnknown'
        ? []
        : i.methods.map((m) => ({
            name: m.name,
            slot: m.vtableIndex,
            page: m.docPage,
            codes: m.documentedReturnCodes,
            generic: (m.genericReturnText ?? '').split('+').filter(Boolean),
            ...(m.docSays ? { documentSays: m.docSays } : {}),
            params: (m.params ?? []).map((p) => ({
              name: camelName(p.name),
              vdsName: p.name,
              direction: p.direction,
              nullable: Boolean(p.optional || p.salOptional),
              type: paramType(p),
              abi: p.abiX64.startsWith('ptrToStruct') ? 'value' : p.abiX64,
            })),
          })),
  }));

  const unique = (where, names) => {
    const seen = new Set();
    for (const n of names) {
      if (seen.has(n)) throw new Error(`${where}: two members would be called ${n}`);
      seen.add(n);
    }
  };
  for (const s of structures)
    unique(
      s.name,
      s.fields.map((f) => f.name),
    );
  for (const i of interfaces)
    for (const m of i.methods)
      unique(
        `${i.name}.${m.name}`,
        m.params.map((p) => p.name),
      );

  const codes = [...errorFacts.general, ...errorFacts.vds].map((c) => ({
    name: c.name,
    value: Number(c.value),
    ...(c.inCommonReturnCodesPage ? { common: true } : {}),
  }));
  const enumerations = enums.map((e) => ({
    name: e.name,
    flags: e.kind === 'flags',
    values: { ...Object.fromEntries(Object.entries(e.values).map(([k, v]) => [k, Number(v)])), ...e.laterSdkAdditions },
  }));
  const constants = Object.fromEntries(Object.entries(enumFacts.constants).map(([k, v]) => [k, v]));
  return { interfaces, structures, enumerations, codes, constants, faults };
}
