import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CodecError,
  decodeArguments,
  decodeOutputs,
  encodeArguments,
  encodeOutputs,
  UNTOUCHED,
  zeroStructure,
} from '../../src/contract/codec.js';
import { allMethods, method, structures } from '../../src/contract/tables.js';
import { valueOf } from '../support/contract-values.js';

const overTheWire = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

describe('the codec', () => {
  test.each(allMethods.map((m) => [m.fullName, m] as const))(
    'carries any arguments and outputs of %s through JSON',
    (_, m) => {
      const args = fc.record(Object.fromEntries(m.ins.map((p) => [p.name, valueOf(p.type)])));
      const outs = fc.record(
        Object.fromEntries(
          m.outs.map((p) => [p.name, fc.oneof({ weight: 4, arbitrary: valueOf(p.type) }, fc.constant(UNTOUCHED))]),
        ),
      );
      fc.assert(
        fc.property(args, outs, (given, answered) => {
          expect(decodeArguments(m, overTheWire(encodeArguments(m, given)))).toEqual(given);
          expect(decodeOutputs(m, overTheWire(encodeOutputs(m, answered)))).toEqual(answered);
        }),
        { numRuns: 20 },
      );
    },
  );

  test('distinguishes NULL, untouched and passed-as-NULL outputs', () => {
    const m = method('IVdsSubSystem.QueryLuns');
    expect(encodeOutputs(m, { enum: null })).toEqual({ enum: null });
    expect(encodeOutputs(m, { enum: UNTOUCHED })).toEqual({ enum: { untouched: true } });
    expect(encodeOutputs(m, {}, ['enum'])).toEqual({});
    expect(decodeOutputs(m, {}, ['enum'])).toEqual({});
    expect(() => decodeOutputs(m, {})).toThrow('IVdsSubSystem.QueryLuns.enum: is missing');
  });

  test.each([
    [
      'a number for a 64-bit integer',
      'IVdsLun.Shrink',
      { numberOfBytesToRemove: 5 },
      /numberOfBytesToRemove: expected a decimal string/,
    ],
    ['2^64', 'IVdsLun.Shrink', { numberOfBytesToRemove: '18446744073709551616' }, /2\^64-1/],
    [
      'an integer that does not fit',
      'IVdsSubSystem.GetDrive',
      { busNumber: 40000, slotNumber: 0 },
      /busNumber: expected an integer from -32768 to 32767/,
    ],
    ['a missing argument', 'IVdsSubSystem.GetDrive', { busNumber: 0 }, /slotNumber: is missing/],
    ['an unknown argument', 'IVdsHwProvider.Refresh', { force: true }, /force: is not in the contract/],
    ['a bad GUID', 'IVdsLun.AddPlex', { lunId: 'nonsense' }, /lunId: expected a GUID/],
    [
      'a handle that is none',
      'IVdsProviderPrivate.OnLoad',
      { machineName: null, callbackObject: -1 },
      /callbackObject: expected an object handle/,
    ],
    [
      'bytes that are no base64',
      'IVdsIscsiTarget.SetSharedSecret',
      { targetSharedSecret: { sharedSecret: '***', sharedSecretSize: 3 }, initiatorName: null },
      /sharedSecret: is not of its type \(the value is secret\)/,
    ],
    ['no object at all', 'IVdsLun.Shrink', null, /expected an object/],
  ] as const)('says where and what is wrong with %s', (_, name, json, message) => {
    expect(() => decodeArguments(method(name), json)).toThrow(CodecError);
    expect(() => decodeArguments(method(name), json)).toThrow(message);
  });

  test('makes zero structures that it can carry itself', () => {
    for (const m of allMethods) {
      for (const p of m.ins) {
        if (p.type.kind !== 'pointer' || p.type.to.kind !== 'struct') continue;
        const name = p.type.to.name;
        expect(() => encodeArguments({ ...m, ins: [p] }, { [p.name]: zeroStructure(name) })).not.toThrow();
      }
    }
    expect(structures.size).toBeGreaterThan(0);
  });
});
