// GUIDs as Windows writes them: strict parsing, with or without braces, and the mixed byte order of a GUID structure in
// memory.

/** A GUID in its canonical form here: lower case, hyphens, no braces. */
export type Guid = string;

export const NULL_GUID: Guid = '00000000-0000-0000-0000-000000000000';

const BARE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Parses a GUID, braced or bare, of any version or variant (real Microsoft GUIDs carry version digits that RFC 9562
 * does not know). Returns the canonical form, or undefined when the text is not exactly one GUID.
 */
export function parseGuid(text: string): Guid | undefined {
  const braced = text.startsWith('{') && text.endsWith('}');
  const bare = (braced ? text.slice(1, -1) : text).toLowerCase();
  return BARE.test(bare) ? bare : undefined;
}

/** `{83BFB87F-43FB-4903-BAA6-127F01029EEC}`, as the registry writes it. */
export function formatGuidBraced(guid: Guid): string {
  return `{${guid.toUpperCase()}}`;
}

// Data1, Data2 and Data3 are little-endian integers, Data4 is eight bytes in order.
const BYTE_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The 16 bytes of the GUID structure. Throws RangeError when the argument is not a GUID. */
export function guidToBytes(guid: Guid): Uint8Array {
  const canonical = parseGuid(guid);
  if (canonical === undefined) throw new RangeError(`not a GUID: ${guid}`);
  const plain = Buffer.from(canonical.replaceAll('-', ''), 'hex');
  return Uint8Array.from(BYTE_ORDER, (from) => plain[from] ?? 0);
}

/** The GUID whose structure starts at `offset`. Throws RangeError when fewer than 16 bytes are there. */
export function guidFromBytes(bytes: Uint8Array, offset = 0): Guid {
  if (bytes.length < offset + 16) throw new RangeError('a GUID takes 16 bytes');
  // Native calls decode several GUIDs each; two-digit pieces from a table make this ten times quicker than formatting
  // numbers.
  const at = (index: number): string => HEX[bytes[offset + index] ?? 0] ?? '';
  return (
    `${at(3)}${at(2)}${at(1)}${at(0)}-${at(5)}${at(4)}-${at(7)}${at(6)}-${at(8)}${at(9)}-` +
    `${at(10)}${at(11)}${at(12)}${at(13)}${at(14)}${at(15)}`
  );
}
