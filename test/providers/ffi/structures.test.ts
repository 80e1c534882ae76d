// Every structure of the contract, to native memory and back, and what a provider can leave in an out parameter. No
// provider is needed: the test writes what one would.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { UNTOUCHED } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import {
  method,
  structure,
  structures,
  type FieldDef,
  type Handle,
  type TypeDef,
} from '../../../src/contract/tables.js';
import { ProviderProtocolError } from '../../../src/port/errors.js';
import { loadKoffi, type Koffi } from '../../../providers/ffi/koffi.js';
import {
  allocate,
  Arena,
  foreignMemory,
  setPointer,
  type Address,
  type Foreign,
} from '../../../providers/ffi/memory.js';
import { Outs, type OutArea } from '../../../providers/ffi/outs.js';
import { compileRead, NOT_FOLLOWED, type ReadContext } from '../../../providers/ffi/reading.js';
import { compileWrite } from '../../../providers/ffi/writing.js';

let koffi: Koffi;
let memory: Foreign;
beforeAll(async () => {
  koffi = await loadKoffi();
  memory = foreignMemory(koffi);
});

const newArena = (): Arena => new Arena(koffi, allocate(koffi, 4096));
const HANDLE_ADDRESS = 0x7000_0000_1000;
const toAddress = (handle: Handle): Address => HANDLE_ADDRESS + handle * 16;
const toHandle = (address: Address): Handle => ((address - HANDLE_ADDRESS) / 16) as Handle;

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((s) => !s.includes('\0'));
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 4 });
const bytes = (constraints: fc.IntArrayConstraints): fc.Arbitrary<Uint8Array> => fc.uint8Array(constraints);

/** Values of a type, leaving out counts, which belong to their arrays. */
function valuesOf(type: TypeDef): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'u8':
      return fc.integer({ min: 0, max: 0xff });
    case 'i16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'u16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'i32':
    case 'enum':
      return fc.integer();
    case 'u32':
    case 'hresult':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'u64':
      return fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
    case 'bool':
      return fc.boolean();
    case 'guid':
      return bytes({ minLength: 16, maxLength: 16 }).map((b) =>
        Buffer.from(b)
          .toString('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      );
    case 'wchars':
      return text.map((t) => t.slice(0, type.length - 1));
    case 'fixed':
      return bytes({ minLength: type.length, maxLength: type.length });
    case 'wstr':
    case 'astr':
      return orNull(text);
    case 'interface':
      return orNull(fc.integer({ min: 1, max: 1000 }));
    case 'bytes':
      return orNull(bytes({ maxLength: 30 }));
    case 'pointer':
      return orNull(valuesOf(type.to));
    case 'array':
      return orNull(fc.array(valuesOf(type.of), { maxLength: 5 }));
    case 'struct':
      return structureValues(type.name);
  }
}

/** Values of a structure, with the arms that its switches select and counts that are those of its arrays. */
function structureValues(name: string): fc.Arbitrary<Record<string, unknown>> {
  const { fields } = structure(name);
  const switches = new Map<string, number[]>();
  for (const { when } of fields)
    if (when) switches.set(when.field, [...(switches.get(when.field) ?? []), ...when.values]);
  const isSelected = (field: FieldDef, value: Record<string, unknown>): boolean =>
    field.when === undefined || field.when.values.includes(value[field.when.field] as number);
  const members = fields.map((f): [string, fc.Arbitrary<unknown>] => [
    f.name,
    switches.has(f.name) ? fc.constantFrom(...(switches.get(f.name) ?? []), 0) : valuesOf(f.type),
  ]);
  return fc.record(Object.fromEntries(members)).map((all) => {
    const value = Object.fromEntries(fields.filter((f) => isSelected(f, all)).map((f) => [f.name, all[f.name]]));
    for (const { name: member, type } of fields) {
      if (type.kind === 'array' || type.kind === 'bytes')
        value[type.count] = (value[member] as { length: number } | null)?.length ?? 0;
    }
    return value;
  });
}

describe('every structure comes back from native memory as it went there', () => {
  test.each([...structures.keys()])('%s', (name) => {
    const { size } = structure(name);
    const write = compileWrite({ kind: 'struct', name }, name);
    const read = compileRead({ kind: 'struct', name }, name);
    fc.assert(
      fc.property(structureValues(name), (value) => {
        const arena = newArena();
        const at = arena.reserve(size);
        const { block } = arena;
        write({ arena, pointerOf: toAddress }, block, at, value);
        const context: ReadContext = { memory, arena, follow: true, frees: new Set(), give: toHandle };
        expect(read(context, block, at)).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an argument that does not fit its type is refused, not cut off', () => {
  test.each<[TypeDef, unknown]>([
    [{ kind: 'i16' }, 0x8000],
    [{ kind: 'u32' }, -1],
    [{ kind: 'u32' }, 1.5],
    [{ kind: 'u64' }, 5],
    [{ kind: 'u64' }, 1n << 64n],
    [{ kind: 'bool' }, 1],
    [{ kind: 'guid' }, 'lun-1'],
    [{ kind: 'wchars', length: 4 }, 'four'],
    [{ kind: 'fixed', length: 4 }, new Uint8Array(5)],
    [{ kind: 'wstr' }, undefined],
    [{ kind: 'struct', name: 'VDS_PATH_ID' }, { sourceId: 1n }],
  ])('%o: %o', (type, value) => {
    const arena = newArena();
    expect(() =>
      compileWrite(type, 'IVdsLun.Method.argument')(
        { arena, pointerOf: toAddress },
        arena.block,
        arena.reserve(64),
        value,
      ),
    ).toThrow(/^IVdsLun\.Method\.argument/);
  });
});

describe('what a call left in its out parameters', () => {
  interface Called {
    readonly area: OutArea;
    /** Where a provider would see the parameter. */
    readonly at: (name: string) => number;
    readonly outputs: (hr: number) => Record<string, unknown>;
    readonly frees: Set<Address>;
    readonly given: { readonly address: Address; readonly usable: boolean }[];
  }

  function call(name: string, args: Record<string, unknown> = {}, nulled: readonly string[] = []): Called {
    const outs = new Outs(method(name));
    const arena = newArena();
    const area = outs.prepare(arena, args, nulled);
    const frees = new Set<Address>();
    const given: { address: Address; usable: boolean }[] = [];
    const give = (address: Address, _: string, usable: boolean): Handle => given.push({ address, usable }) as Handle;
    return {
      area,
      frees,
      given,
      at: (param) => outs.address(area, param) - area.block.base,
      outputs: (hr) => outs.collect(area, hr, { memory, arena, frees, give }),
    };
  }
  /** Memory of a provider's. */
  const allocated = (size: number): ReturnType<typeof allocate> => allocate(koffi, Math.max(size, 16));

  test('nothing', () => {
    expect(call('IVdsLun.GetProperties').outputs(HR.E_FAIL)).toEqual({ lunProp: UNTOUCHED });
    expect(call('IVdsSubSystem.QueryLuns').outputs(HR.S_OK)).toEqual({ enum: UNTOUCHED });
    expect(call('IVdsLun.GetProperties', {}, ['lunProp']).outputs(HR.S_OK)).toEqual({});
  });

  test('NULL is not nothing', () => {
    const { area, at, outputs } = call('IVdsSubSystem.QueryLuns');
    setPointer(area.block, at('enum'), 0);
    expect(outputs(HR.S_OK)).toEqual({ enum: null });
  });

  test('a byte too many names the parameter and the number of bytes', () => {
    for (const [past, expected] of [
      [1, 'wrote 1 bytes past VDS_LUN_PROP (parameter pLunProp)'],
      [16, 'wrote 16 bytes past VDS_LUN_PROP (parameter pLunProp)'],
    ] as const) {
      const { area, at, outputs } = call('IVdsLun.GetProperties');
      area.block.buffer.fill(0, at('lunProp'), at('lunProp') + structure('VDS_LUN_PROP').size + past);
      expect(() => outputs(HR.S_OK)).toThrow(expected);
    }
    const { area, at, outputs } = call('IVdsLun.GetProperties');
    area.block.buffer.fill(0, at('lunProp') - 4, at('lunProp'));
    expect(() => outputs(HR.S_OK)).toThrow('wrote 4 bytes before VDS_LUN_PROP (parameter pLunProp)');
  });

  test('between two parameters the nearer one is named', () => {
    const first = call('IVdsAsync.QueryStatus');
    first.area.block.buffer.fill(0, first.at('hrResult') + 4, first.at('hrResult') + 8);
    expect(() => first.outputs(HR.S_OK)).toThrow('wrote 4 bytes past parameter pHrResult');
    const second = call('IVdsAsync.QueryStatus');
    second.area.block.buffer.fill(0, second.at('percentCompleted') - 8, second.at('percentCompleted'));
    expect(() => second.outputs(HR.S_OK)).toThrow('wrote 8 bytes before parameter pulPercentCompleted');
  });

  test('an array, its texts, and what has to be freed', () => {
    const { area, at, outputs, frees } = call('IVdsIscsiTarget.GetConnectedInitiators');
    const array = allocated(16);
    const name = allocated(64);
    name.buffer.write('iqn.2026-11.test\0', 'utf16le');
    setPointer(array, 0, name.base);
    setPointer(array, 8, 0);
    setPointer(area.block, at('initiatorList'), array.base);
    area.block.view.setInt32(at('numberOfInitiators'), 2, true);
    expect(outputs(HR.S_OK)).toEqual({ initiatorList: ['iqn.2026-11.test', null], numberOfInitiators: 2 });
    expect([...frees]).toEqual([array.base, name.base]);
  });

  test.each([
    [-1, 'is -1'],
    [0x7fffffff, 'is 2147483647'],
  ])('a count of %i is an error and no loop', (count, message) => {
    const { area, at, outputs } = call('IVdsLunPlex.QueryExtents');
    setPointer(area.block, at('extentArray'), allocated(64).base);
    area.block.view.setInt32(at('numberOfExtents'), count, true);
    expect(() => outputs(HR.S_OK)).toThrow(message);
  });

  test('an array without its count', () => {
    const { area, at, outputs } = call('IVdsLunPlex.QueryExtents');
    setPointer(area.block, at('extentArray'), allocated(64).base);
    expect(() => outputs(HR.S_OK)).toThrow('returned without its count');
  });

  test('an array whose count was passed as NULL is freed unread', () => {
    const { area, at, outputs, frees } = call('IVdsLunPlex.QueryExtents', {}, ['numberOfExtents']);
    const { base } = allocated(64);
    setPointer(area.block, at('extentArray'), base);
    expect(outputs(HR.S_OK)).toEqual({ extentArray: [] });
    expect([...frees]).toEqual([base]);
  });

  test('the same memory for two texts would be freed twice', () => {
    const { area, at, outputs } = call('IVdsController.GetProperties');
    const shared = allocated(16);
    const start = at('controllerProp');
    area.block.buffer.fill(0, start, start + structure('VDS_CONTROLLER_PROP').size);
    for (const field of structure('VDS_CONTROLLER_PROP').fields)
      if (field.type.kind === 'wstr') setPointer(area.block, start + field.offset, shared.base);
    expect(() => outputs(HR.S_OK)).toThrow(
      'IVdsController.GetProperties.controllerProp.identification is the same memory as another output',
    );
  });

  test('a text left uninitialised is an error after success, and NULL after failure', () => {
    for (const [hr, check] of [
      [HR.S_OK, (run: () => unknown) => expect(run).toThrow(ProviderProtocolError)],
      [
        HR.E_FAIL,
        (run: () => unknown) =>
          expect(run()).toMatchObject({ controllerProp: { numberOfPorts: 4, friendlyName: null } }),
      ],
    ] as const) {
      const { area, at, outputs } = call('IVdsController.GetProperties');
      area.block.view.setInt16(at('controllerProp') + 40, 4, true);
      check(() => outputs(hr));
    }
  });

  test('pointers that come with a failure are shown, not followed and not freed', () => {
    const objects = call('IVdsSubSystem.QueryLuns');
    setPointer(objects.area.block, objects.at('enum'), 0x10);
    expect(objects.outputs(HR.E_FAIL)).toEqual({ enum: 1 });
    expect(objects.given).toEqual([{ address: 0x10, usable: false }]);

    const texts = call('IVdsSubSystemImportTarget.GetImportTarget');
    setPointer(texts.area.block, texts.at('iscsiName'), 0x10);
    expect(texts.outputs(HR.E_FAIL)).toEqual({ iscsiName: NOT_FOLLOWED });

    const arrays = call('IVdsLunPlex.QueryExtents');
    setPointer(arrays.area.block, arrays.at('extentArray'), 0x10);
    arrays.area.block.view.setInt32(arrays.at('numberOfExtents'), -7, true);
    expect(arrays.outputs(HR.E_FAIL)).toEqual({ extentArray: [], numberOfExtents: -7 });
    expect([...objects.frees, ...texts.frees, ...arrays.frees]).toEqual([]);
  });

  test("IVdsAsync::Wait: the operation's own result decides whether its output is followed", () => {
    const values = { VDS_ASYNCOUT_CREATELUN: 50 };
    for (const [own, usable] of [
      [HR.S_OK, true],
      [HR.VDS_E_NOT_ENOUGH_SPACE, false],
    ] as const) {
      const { area, at, outputs, given } = call('IVdsAsync.Wait');
      area.block.view.setUint32(at('hrResult'), own, true);
      area.block.view.setInt32(at('asyncOut'), values.VDS_ASYNCOUT_CREATELUN, true);
      setPointer(area.block, at('asyncOut') + 8, 0x7000_0000_1010);
      expect(outputs(HR.S_OK)).toEqual({ hrResult: own, asyncOut: { type: 50, cl: { lunUnk: 1 } } });
      expect(given).toEqual([{ address: 0x7000_0000_1010, usable }]);
    }
  });

  test('IEnumVdsObject::Next: as many as were fetched, and no more than there is room for', () => {
    const args = { celt: 3 };
    const none = call('IEnumVdsObject.Next', args);
    none.area.block.view.setUint32(none.at('fetched'), 0, true);
    expect(none.outputs(HR.S_FALSE)).toEqual({ objectArray: [], fetched: 0 });

    const two = call('IEnumVdsObject.Next', args);
    two.area.block.view.setUint32(two.at('fetched'), 2, true);
    for (const index of [0, 1]) setPointer(two.area.block, two.at('objectArray') + index * 8, 0x1000 + index);
    expect(two.outputs(HR.S_FALSE)).toEqual({ objectArray: [1, 2], fetched: 2 });

    const four = call('IEnumVdsObject.Next', args);
    four.area.block.view.setUint32(four.at('fetched'), 4, true);
    expect(() => four.outputs(HR.S_OK)).toThrow('is 4 where parameter ppObjectArray has room for 3');

    const overrun = call('IEnumVdsObject.Next', args);
    overrun.area.block.buffer.fill(0, overrun.at('objectArray'), overrun.at('objectArray') + 4 * 8);
    expect(() => overrun.outputs(HR.S_OK)).toThrow('wrote 8 bytes past parameter ppObjectArray');

    const uncounted = call('IEnumVdsObject.Next', args, ['fetched']);
    setPointer(uncounted.area.block, uncounted.at('objectArray'), 0x1000);
    expect(uncounted.outputs(HR.S_OK)).toEqual({ objectArray: [1] });

    expect(call('IEnumVdsObject.Next', { celt: 0xffffffff }).outputs(HR.S_FALSE)).toEqual({
      objectArray: UNTOUCHED,
      fetched: UNTOUCHED,
    });
  });
});
