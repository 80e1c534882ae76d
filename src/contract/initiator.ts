// Entries of unmasking lists: names of initiators, which are iSCSI names or World-Wide Names.

/** Entries that name no initiator: neither has the form of a name, and a World-Wide Name has 16 hexadecimal digits. */
export const NO_INITIATORS: readonly string[] = [
  'no initiator',
  '0123456789ABCDEG',
  '123456789ABCDEF',
  '00123456789ABCDEF',
];
