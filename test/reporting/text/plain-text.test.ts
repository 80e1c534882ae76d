import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capBytes, plain, plainLine, terminalLine } from '../../../src/reporting/text/plain-text.js';
import { attributeText, cdataText } from '../../../src/reporting/junit/junit-xml.js';
import { hostileText, printable, withoutEscapes } from '../hostile.js';

describe('plain text', () => {
  test('an escape sequence goes as a whole, whichever way it is introduced', () => {
    expect(
      plain(
        '\x1b[1;31mred\x1b[0m \x1b]0;a title\x07and \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x9b2Jcleared ' +
          '\x9d0;t\x9cdone \x1bPq#0\x1b\\.',
      ),
    ).toBe('red and link cleared done .');
  });

  test('a string sequence without its end takes only its introducer with it', () => {
    expect(plain('before \x1b]0;everything that follows')).toBe('before 0;everything that follows');
    expect(plain('\x1b[38;5;1')).toBe('38;5;1');
  });

  test('text joined by the removal of a sequence is not a sequence', () => {
    expect(plain('\x1b\x1b[31m[31mX')).toBe('␛[31mX');
  });

  test('controls become visible, and stay apart', () => {
    expect(plain('a\0b\x07c\x7fd\x85e\ufffff')).toBe('a␀b␇c␡d\ufffde\ufffdf');
  });

  test('half a surrogate pair is replaced and its neighbours stay', () => {
    expect(plain('a\udc00b \ud800c \u{1f600}\udc00\u{1f600}\ud800')).toBe(
      'a\ufffdb \ufffdc \u{1f600}\ufffd\u{1f600}\ufffd',
    );
  });

  test('lines end with \\n', () => {
    expect(plain('a\r\nb\rc\n')).toBe('a\nb\nc\n');
    expect(plainLine('  a\r\n\tb\u2028c ')).toBe('a b c');
  });

  test('a line is cut without halving a character', () => {
    expect(plainLine('abcdef', 4)).toBe('abc…');
    expect(plainLine('ab\u{1f600}def', 4)).toBe('ab…');
  });

  test('a terminal line cannot turn the direction of writing', () => {
    expect(terminalLine('ok \u202edelaf\u202c \u2066x')).toBe('ok \ufffddelaf\ufffd \ufffdx');
  });

  test("a terminal line gives no command to a CI's agent", () => {
    expect(terminalLine('##vso[task.setvariable variable=PATH]x')).toBe('# #vso[task.setvariable variable=PATH]x');
    expect(terminalLine('LUN ##[add-mask]x ##teamcity[y] ###[z]')).toBe('LUN # #[add-mask]x # #teamcity[y] ## #[z]');
    // Taking something out must not leave one behind.
    expect(terminalLine('#\x1b[0m#\x1b[31mvso[x]')).toBe('# #vso[x]');
    expect(terminalLine('## heading, C#, #1')).toBe('## heading, C#, #1');
  });

  test('printable characters come through in their order, and nothing else does', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const line = plainLine(text);
        expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u);
        expect(plain(plain(text))).toBe(plain(text));
        expect(printable(plain(withoutEscapes(text)))).toBe(printable(withoutEscapes(text)));
      }),
      { numRuns: 500 },
    );
  });

  test('a megabyte of any introducer is read in one pass (a quadratic one would take minutes)', () => {
    for (const piece of ['\x1b', '\x1b[', '\x1b]', '\x9b', '\x9d', '\x1bP', '\x1b[1;', '\x1b ', ']]>', '\ud800']) {
      // CPU time: a busy machine makes no text quadratic.
      const started = process.cpuUsage();
      plainLine(piece.repeat(1_000_000 / piece.length));
      plain(`${piece}${'1'.repeat(1_000_000)}`);
      plain(`${piece}${' '.repeat(1_000_000)}`);
      expect(process.cpuUsage(started).user / 1000, JSON.stringify(piece)).toBeLessThan(15_000);
    }
  });
});

describe('cutting', () => {
  test('says how much of what is left and where the rest is, within the limit', () => {
    const cut = capBytes('x'.repeat(5000), 200, 'the message', 'all of it is in evidence/a.json');
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
    expect(cut).toMatch(
      /^x+\n\[cut: \d+ of 5,000 bytes of the message are shown; all of it is in evidence\/a\.json\]$/,
    );
  });

  test('never within a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 100, maxLength: 300 }),
        fc.integer({ min: 0, max: 400 }),
        (text, limit) => {
          const whole = plain(text);
          const cut = capBytes(whole, limit, 'it', 'all of it is elsewhere');
          if (Buffer.byteLength(whole) <= limit) expect(cut).toBe(whole);
          else expect(whole.startsWith(cut.slice(0, cut.lastIndexOf('\n[cut: ')))).toBe(true);
        },
      ),
    );
  });
});

describe('text for XML', () => {
  test('each ]]> but the first, which the builder splits, is split over two CDATA sections', () => {
    expect(cdataText('a]]>b')).toBe('a]]>b');
    expect(cdataText('a]]>b]]>c]]>')).toBe('a]]>b]]]]><![CDATA[>c]]]]><![CDATA[>');
    expect(cdataText('none ]] > here')).toBe('none ]] > here');
  });

  test('an attribute is never empty', () => {
    expect(attributeText('\x1b[31m \n')).toBe('(empty)');
  });
});
