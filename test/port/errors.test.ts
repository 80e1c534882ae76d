import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
  errorFromWire,
  errorToWire,
  HarnessError,
  ProviderCrashed,
  ProviderHung,
  ProviderNotLoaded,
  ProviderProtocolError,
  ProviderUnreachable,
  thrownAt,
  type ErrorOnTheWire,
} from '../../src/port/errors.js';
import { overTheWire } from './port-double.js';

const FAMILY = [
  ProviderCrashed,
  ProviderHung,
  ProviderProtocolError,
  ProviderUnreachable,
  ProviderNotLoaded,
  ConfigurationError,
];
const there = (error: unknown): HarnessError =>
  errorFromWire(overTheWire(errorToWire(error, 'VDSC_PROTOCOL')) as ErrorOnTheWire);

describe('an error of the family', () => {
  test.each(FAMILY.map((Kind) => [Kind.name, Kind] as const))('%s crosses a wire as itself', (_, Kind) => {
    const error = new Kind('something broke', { hint: 'Mend it.', call: 'IVdsLun::Extend' });
    const back = there(error);
    expect(back).toBeInstanceOf(Kind);
    expect(back.describe()).toBe(error.describe());
    expect(back.endsSession).toBe(error.endsSession);
  });

  test('says whether its session is over, and that crosses as well', () => {
    expect(FAMILY.map((Kind) => new Kind('x').endsSession)).toEqual([true, true, false, true, false, false]);
    expect(there(new ProviderProtocolError('x', { endsSession: true })).endsSession).toBe(true);
    expect(there(new ProviderProtocolError('x')).endsSession).toBe(false);
  });

  test('describes itself in one line, with its hint', () => {
    expect(
      new ProviderHung('no answer in time', { call: 'IVdsLun::Extend', hint: 'Wait longer.', limit: 5 }).describe(),
    ).toBe('IVdsLun::Extend did not answer within 5 ms. Wait longer. [VDSC_HUNG]');
    expect(new ConfigurationError('no provider').describe()).toBe('no provider. [VDSC_CONFIG]');
  });

  test('is given the name of its call once', () => {
    const error = new ProviderProtocolError('odd', { hint: 'Look.', endsSession: true });
    const named = error.during('IVdsLun::Extend');
    expect(named).toBeInstanceOf(ProviderProtocolError);
    expect([named.message, named.hint, named.call, named.endsSession, named.cause]).toEqual([
      'odd during IVdsLun::Extend',
      'Look.',
      'IVdsLun::Extend',
      true,
      error,
    ]);
    expect(named.during('IVdsLun::Shrink')).toBe(named);
  });

  test("of a class of a vendor's own is still named", () => {
    class OutOfPaper extends ProviderUnreachable {
      constructor(readonly sheets: bigint) {
        super(`${sheets} sheets`);
      }
    }
    expect(new OutOfPaper(0n).during('IVdsLun::Extend')).toBeInstanceOf(ProviderUnreachable);
    expect(new OutOfPaper(0n).during('IVdsLun::Extend').message).toBe('0 sheets during IVdsLun::Extend');
  });
});

describe('what is not of the family', () => {
  test.each<readonly [string, unknown, string]>([
    ['an error', new TypeError('bad'), 'TypeError: bad'],
    ['a system error', Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'Error: no such file'],
    ['text', 'plain', 'plain'],
    ['nothing', undefined, 'undefined'],
    ['an object', { code: 'VDSC_HUNG' }, "{ code: 'VDSC_HUNG' }"],
    [
      'an object that cannot be looked at',
      {
        get [Symbol.toStringTag]() {
          throw new Error('no');
        },
      },
      'something was thrown that cannot be shown',
    ],
  ])('%s becomes what the other side calls it', (_, thrown, message) => {
    expect(errorToWire(thrown, 'VDSC_LOAD')).toEqual({ code: 'VDSC_LOAD', message, hint: '' });
    expect(there(thrown)).toBeInstanceOf(ProviderProtocolError);
  });

  test('is cut where it does not end', () => {
    expect(errorToWire(new Error('x'.repeat(1e6)), 'VDSC_LOAD').message.length).toBeLessThan(5_000);
    expect(
      errorFromWire({ code: 'VDSC_LOAD', message: 'x'.repeat(1e6), hint: 'y'.repeat(1e6) }).describe().length,
    ).toBeLessThan(10_000);
  });

  test.each<readonly [unknown]>([
    [undefined],
    [null],
    [5],
    ['text'],
    [[]],
    [{}],
    [{ code: 5, message: 'x' }],
    [{ code: 'VDSC_HUNG' }],
  ])('%j on the wire is no error, and is said so', (wire) => {
    const error = errorFromWire(wire as ErrorOnTheWire);
    expect(error).toBeInstanceOf(ProviderProtocolError);
    expect(error.message).toMatch(/^the answer should be an error, but has no code and message: /);
  });

  test.each(['constructor', '__proto__', 'toString', 'VDSC_FUTURE'])('the code %s is unknown', (code) => {
    expect(errorFromWire({ code, message: 'm', hint: '' })).toEqual(new ProviderProtocolError('m'));
  });

  test('says where it was thrown', () => {
    expect(thrownAt(new Error('x'))).toMatch(/^Thrown at .*errors\.test\.\w+:\d+:\d+.*\.$/);
    expect([
      thrownAt('x'),
      thrownAt(new ProviderHung('x')),
      thrownAt(Object.assign(new Error('x'), { stack: undefined })),
    ]).toEqual(['', '', '']);
  });
});
