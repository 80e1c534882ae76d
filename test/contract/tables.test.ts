import { describe, expect, test } from 'vitest';
import { allMethods, codes, enumerations, interfaces, method, structures } from '../../src/contract/tables.js';

const ofVds = [...interfaces.values()].filter((i) => i.extension === undefined && i.name !== 'IUnknown');

describe("the contract's tables", () => {
  test('hold all 38 interfaces and 137 methods of VDS, and every structure, enumeration and code of the facts', () => {
    expect(ofVds).toHaveLength(38);
    expect(ofVds.flatMap((i) => i.methods)).toHaveLength(137);
    expect([...structures.values()].filter((s) => s.inline === undefined)).toHaveLength(51);
    expect([...enumerations.keys()].filter((n) => n.startsWith('VDS_'))).toHaveLength(45);
    expect(codes).toHaveLength(383 + 26);
  });

  test("give each interface its own IID and each method of an interface its own slot after IUnknown's", () => {
    expect(new Set([...interfaces.values()].map((i) => i.iid)).size).toBe(interfaces.size);
    for (const { methods } of interfaces.values())
      expect(methods.map((m) => m.slot)).toEqual(methods.map((_, index) => index + 3));
  });

  test('name only structures, enumerations, counts and documented codes that exist', () => {
    const known = new Set(codes.map((c) => c.name));
    for (const m of allMethods) {
      for (const code of m.codes) expect(known, `${m.fullName} documents ${code}`).toContain(code);
      for (const p of m.params) {
        if (p.type.kind === 'struct') expect(structures.has(p.type.name)).toBe(true);
        if (p.type.kind === 'enum') expect(enumerations.has(p.type.name)).toBe(true);
        if (p.type.kind === 'array' || p.type.kind === 'bytes')
          expect(m.params.map((q) => q.name)).toContain(p.type.count);
      }
    }
    for (const s of structures.values()) {
      for (const f of s.fields) {
        expect(f.offset + f.size, `${s.name}.${f.name} lies inside`).toBeLessThanOrEqual(s.size);
        if (f.when !== undefined) expect(s.fields.map((g) => g.name)).toContain(f.when.field);
      }
    }
  });

  test('document CACHE_CORRUPT for 99 methods and OBJECT_DELETED for 96, as counted from the pages', () => {
    const documenting = (code: string): number =>
      ofVds.flatMap((i) => i.methods).filter((m) => m.codes.includes(code)).length;
    expect(documenting('VDS_E_PROVIDER_CACHE_CORRUPT')).toBe(99);
    expect(documenting('VDS_E_OBJECT_DELETED')).toBe(96);
    expect(documenting('VDS_E_ANOTHER_CALL_IN_PROGRESS')).toBe(74);
    expect(documenting('VDS_E_NOT_SUPPORTED')).toBe(49);
  });

  test('refuse a method that VDS does not have', () => {
    expect(() => method('IVdsLun.Explode')).toThrow(RangeError);
  });
});
