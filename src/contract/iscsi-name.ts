// iSCSI names by RFC 3720 section 3.2.6 and RFC 3980: iqn., eui. and naa., at most 223 bytes of UTF-8, already normalised to lower case.

const IQN =
  /^iqn\.\d{4}-(?:0[1-9]|1[0-2])\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::.+)?$/;
const EUI = /^eui\.[0-9a-f]{16}$/i;
const NAA = /^naa\.(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;
// A name goes through stringprep before it is used, so ASCII controls, blanks and punctuation other than '-', '.' and ':' cannot be in one.
const ALLOWED = /^(?:[a-z0-9.:-]|[^\x20-\x7f\p{Cc}])+$/u;

/** Whether the text has the form of an iSCSI node name, whatever the profile of RFC 3722 says of its characters. */
export function looksLikeIscsiName(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') <= 223 && /^(?:iqn\.\d{4}-\d{2}\.\S+|eui\.\S+|naa\.\S+)$/i.test(text);
}

/** Whether the text is a valid iSCSI node name. */
export function isIscsiName(text: string): boolean {
  if (Buffer.byteLength(text, 'utf8') > 223) return false;
  if (EUI.test(text) || NAA.test(text)) return true;
  return IQN.test(text) && ALLOWED.test(text);
}
