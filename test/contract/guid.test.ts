import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatGuidBraced, guidFromBytes, guidToBytes, NULL_GUID, parseGuid } from '../../src/contract/guid.js';

describe('GUIDs', () => {
  test('are parsed braced and bare, in either case, whatever their version digits', () => {
    expect(parseGuid('{83BFB87F-43FB-4903-BAA6-127F01029EEC}')).toBe('83bfb87f-43fb-4903-baa6-127f01029eec');
    expect(parseGuid('10C5E575-7984-4E81-A56B-431F5F92AE42')).toBe('10c5e575-7984-4e81-a56b-431f5f92ae42');
    expect(parseGuid('00000000-0000-0000-c000-000000000046')).toBe('00000000-0000-0000-c000-000000000046');
    expect(parseGuid(NULL_GUID)).toBe(NULL_GUID);
  });

  test('are nothing else', () => {
    for (const text of [
      '',
      '{}',
      '{83bfb87f-43fb-4903-baa6-127f01029eec',
      '83bfb87f-43fb-4903-baa6-127f01029eec}',
      '83bfb87f43fb4903baa6127f01029eec',
      ' 83bfb87f-43fb-4903-baa6-127f01029eec',
      '(83bfb87f-43fb-4903-baa6-127f01029eec)',
    ])
      expect(parseGuid(text)).toBeUndefined();
  });

  test('lie in memory as Windows lays them out', () => {
    expect(Buffer.from(guidToBytes('83bfb87f-43fb-4903-baa6-127f01029eec')).toString('hex')).toBe(
      '7fb8bf83fb430349baa6127f01029eec',
    );
  });

  test('survive memory and braces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const guid = guidFromBytes(bytes);
        return Buffer.from(guidToBytes(guid)).equals(Buffer.from(bytes)) && parseGuid(formatGuidBraced(guid)) === guid;
      }),
    );
  });

  test('refuse memory that is too short and text that is none', () => {
    expect(() => guidFromBytes(new Uint8Array(15))).toThrow(RangeError);
    expect(() => guidToBytes('nonsense')).toThrow(RangeError);
  });
});
