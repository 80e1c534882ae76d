// Arbitrary values of the contract's types, for property tests of whatever carries them.
import fc, { type Arbitrary } from 'fast-check';
import { guidFromBytes } from '../../src/contract/guid.js';
import { structure, type FieldDef, type TypeDef } from '../../src/contract/tables.js';

/** Any UTF-16 string, lone surrogates included, without NUL, which ends a string in C. */
const utf16 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

/** Values of a type. `interfaces` makes what stands for an interface pointer. */
export function valueOf(
  type: TypeDef,
  interfaces: Arbitrary<unknown> = fc.option(fc.integer({ min: 1, max: 1000 })),
): Arbitrary<unknown> {
  switch (type.kind) {
    case 'u64':
      return fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
    case 'i16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'u16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'i32':
    case 'enum':
      return fc.integer({ min: -0x80000000, max: 0x7fffffff });
    case 'u32':
    case 'hresult':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'u8':
      return fc.integer({ min: 0, max: 0xff });
    case 'bool':
      return fc.boolean();
    case 'guid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => guidFromBytes(b));
    case 'wstr':
      return fc.option(utf16);
    case 'astr':
      return fc.option(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)), maxLength: 12 }),
      );
    case 'wchars':
      return utf16.map((s) => s.slice(0, type.length - 1));
    case 'fixed':
      return fc.uint8Array({ minLength: type.length, maxLength: type.length });
    case 'bytes':
      return fc.option(fc.uint8Array({ maxLength: 20 }));
    case 'interface':
      return interfaces;
    case 'pointer':
      return fc.option(valueOf(type.to, interfaces));
    case 'array':
      return fc.option(
        fc.array(valueOf(type.of, type.of.kind === 'interface' ? fc.integer({ min: 1, max: 1000 }) : interfaces), {
          maxLength: 4,
        }),
      );
    case 'struct':
      return structureOf(type.name, interfaces);
  }
}

/** Values of a structure; a switch takes each of its documented cases and others. */
function structureOf(name: string, interfaces: Arbitrary<unknown>): Arbitrary<unknown> {
  const { fields } = structure(name);
  const cases = (field: FieldDef): number[] =>
    fields.flatMap((f) => (f.when?.field === field.name ? f.when.values : []));
  const always = fields.filter((f) => f.when === undefined);
  const base = fc.record(
    Object.fromEntries(
      always.map((f) => {
        const switches = cases(f);
        return [f.name, switches.length > 0 ? fc.constantFrom(...switches, 9999) : valueOf(f.type, interfaces)];
      }),
    ),
  );
  return base.chain((values) => {
    const given = values as Record<string, unknown>;
    const arms = fields.filter((f) => f.when !== undefined && f.when.values.includes(given[f.when.field] as number));
    return fc
      .record(Object.fromEntries(arms.map((f) => [f.name, valueOf(f.type, interfaces)])))
      .map((chosen) => ({ ...given, ...chosen }));
  });
}
