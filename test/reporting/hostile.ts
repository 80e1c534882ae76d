// Text as a broken or malicious provider may give it, and what of it XML must still carry.
import fc from 'fast-check';

/** Pieces that have broken a writer of XML, a log or a terminal before. */
const PIECES = [
  ']]>',
  ']]>]]>',
  ']]]]>>',
  '<![CDATA[',
  '<![CDATA[]]>]]>',
  ']]',
  '>',
  '--',
  '-->',
  '<!--',
  '&',
  '&amp;',
  '&#0;',
  '&#xFFFE;',
  '<',
  '</failure>',
  '"',
  "'",
  '<?xml?>',
  '\0',
  '\x01',
  '\x08',
  '\x0b',
  '\x0c',
  '\x1f',
  '\x7f',
  '\x80',
  '\x85',
  '\x9f',
  '\r',
  '\r\n',
  '\n',
  '\t',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '\ud800',
  '\udbff',
  '\udc00',
  '\udfff',
  '\u{1f600}',
  '\u{10ffff}',
  '\u{1fffe}',
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[2J',
  '\x1b',
  '\x1b[',
  '\x1b]',
  '\x1b]0;title\x07',
  '\x1b]8;;http://x\x1b\\',
  '\x1bP',
  '\x1bc',
  '\x9b31m',
  '\x9d0;t\x9c',
  '\x90',
  '\x1b[38;5;1',
  '##vso[task.complete]',
  '##[error]',
  '::error::',
  '<script>alert(1)</script>',
  '\u202e',
  '\u2066',
  'a',
  'iqn.2026-11.example:x',
  ' ',
  '  ',
  '{',
  '}',
  '__proto__',
  '$&',
  '$1',
  '\\u0000',
];

export const hostileText = (maxLength = 30): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
        { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
      ),
      { maxLength },
    )
    .map((pieces) => pieces.join(''));

/**
 * What of a text every report must still show, told apart from how it shows the rest: printable characters, in their
 * order. Escape sequences are left out by the caller (see withoutEscapes), as some of their characters are printable.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x20\x7f-\x9f\u2400-\u2421\ufffd-\uffff]|\p{Surrogate}|\s/gu, '');
}

/** Breaks whatever could begin an escape sequence, so that all printable characters must come through. */
export const withoutEscapes = (text: string): string => text.replace(/[\x1b\x80-\x9f]/g, '');
