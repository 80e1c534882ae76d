// iSCSI names by RFC 3720 section 3.2.6 and RFC 3980: iqn., eui. and naa., at most 223 bytes of UTF-8, already
// normalised to lower case.
import { createHash } from 'node:crypto';

/** Bytes of the longest iSCSI name. */
const LONGEST = 223;
const IQN =
  /^iqn\.\d{4}-(?:0[1-9]|1[0-2])\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::.+)?$/;
const EUI = /^eui\.[0-9a-f]{16}$/i;
const NAA = /^naa\.(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;
// A name goes through stringprep before it is used, so ASCII controls, blanks and punctuation other than '-', '.' and
// ':' cannot be in one.
const ALLOWED = /^(?:[a-z0-9.:-]|[^\x20-\x7f\p{Cc}])+$/u;

/** Whether the text has the form of an iSCSI node name, whatever the profile of RFC 3722 says of its characters. */
export function looksLikeIscsiName(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') <= LONGEST && /^(?:iqn\.\d{4}-\d{2}\.\S+|eui\.\S+|naa\.\S+)$/i.test(text);
}

/** Whether the text is a valid iSCSI node name. */
export function isIscsiName(text: string): boolean {
  if (Buffer.byteLength(text, 'utf8') > LONGEST) return false;
  if (EUI.test(text) || NAA.test(text)) return true;
  return IQN.test(text) && ALLOWED.test(text);
}

/** A name of each class of RFC 3720 and RFC 3980, as RFC 3722 prepares it, made from one that nobody has. */
export function nameClasses(unique: string): readonly { readonly iscsiName: string; readonly how: string }[] {
  const digits = createHash('sha256').update(unique).digest('hex');
  return [
    { iscsiName: `${unique}-é名前ł`, how: 'under a name with letters beyond ASCII' },
    { iscsiName: `eui.${digits.slice(0, 16).toUpperCase()}`, how: 'under an eui. name' },
    { iscsiName: `naa.5${digits.slice(1, 16)}`, how: 'under a naa. name of 16 digits' },
    { iscsiName: `naa.6${digits.slice(1, 32)}`, how: 'under a naa. name of 32 digits' },
    {
      iscsiName: `${unique}-${'名'.repeat(Math.floor((LONGEST - 1 - unique.length) / 3))}`,
      how: `under a name of ${LONGEST} bytes, most of them of letters beyond ASCII`,
    },
    { iscsiName: `${unique}-${'x'.repeat(LONGEST - 1 - unique.length)}`, how: `under a name of ${LONGEST} bytes` },
  ];
}
