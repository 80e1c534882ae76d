// Text from a provider as a report may show it: no escape sequence acts, no control character passes, everything else
// stays as it was. The further needs of a file format (CDATA, shell quotes) are met beside the format.

/**
 * Escape sequences of terminals, each introduced by ESC or by its one-byte form (C1): CSI; strings that BEL or ST ends
 * (OSC, DCS, SOS, PM, APC); the short ones. They are removed whole: taking out ESC alone leaves `[31m` behind. A string
 * without its end is not one, or the rest of a text would vanish. A string holds no introducer, so that a text made of
 * introducers is still read in one pass.
 */
const ESCAPES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;

const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;

/** With the flag `u` this matches a surrogate only where it is not half of a pair. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Characters that turn the direction of writing: a name could make the line that quotes it read as something else. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * C0 has pictures of its own (␀, ␇), which keep apart what a provider sent; the rest becomes the replacement character.
 */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
}

/** Nearly all text matches: it needs no change. */
const ORDINARY = /^[\x20-\x7e\n]*$/;

/** Readable text of any length and lines, in characters that XML 1.0 can carry. Tabs and line ends (as `\n`) stay. */
export function plain(text: string): string {
  if (ORDINARY.test(text)) return text;
  return text
    .replace(ESCAPES, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROLS, picture)
    .replace(LONE_SURROGATES, '\ufffd');
}

/** The same where a turned direction of writing would fool the reader: a page, a terminal. */
export function inert(text: string): string {
  return plain(text.replace(DIRECTION, '\ufffd'));
}

/** As plain(), on one line of at most `max` characters. */
export function plainLine(text: string, max = Infinity): string {
  const line = plain(text).replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  return `${line.slice(0, max - 1).replace(LONE_SURROGATES, '')}…`;
}

/** `##vso[…]`, `##[…]`, `##teamcity[…]`: agents of CI systems obey these wherever they stand in a log's line. */
const LOG_COMMANDS = /##(?=\w*\[)/g;

/**
 * As inert(), on one line of at most `max` characters, for a terminal or a CI's log, where a turned direction of
 * writing would fool the reader, and a command to the agent would be obeyed.
 */
export function terminalLine(text: string, max = Infinity): string {
  return plainLine(text.replace(DIRECTION, '\ufffd'), max).replace(LOG_COMMANDS, '# #');
}

const grouped = (bytes: number): string => bytes.toLocaleString('en-US');

/**
 * Cuts a text to `limit` bytes of UTF-8, a notice included.
 *
 * @param what names the text in the notice, as in `[cut: 900 of 70,000 bytes of the message are shown; …]`
 * @param rest says where the whole is
 */
export function capBytes(text: string, limit: number, what: string, rest: string): string {
  // Three bytes are the most that one UTF-16 unit takes, so most texts need no counting.
  if (text.length * 3 <= limit) return text;
  const whole = Buffer.from(text);
  if (whole.length <= limit) return text;
  const notice = (kept: number): string =>
    `\n[cut: ${grouped(kept)} of ${grouped(whole.length)} bytes of ${what} are shown; ${rest}]`;
  let kept = Math.max(0, limit - Buffer.byteLength(notice(whole.length)));
  // Never within a character: continuation bytes are 10xxxxxx.
  while (kept > 0 && ((whole[kept] ?? 0) & 0xc0) === 0x80) kept -= 1;
  return `${whole.toString('utf8', 0, kept)}${notice(kept)}`;
}
