/** All flags of an enumeration of flags together: the bits that may be set. */
export const everyFlag = (flags: Readonly<Record<string, number>>): number =>
  Object.values(flags).reduce((all, flag) => all | flag, 0);
