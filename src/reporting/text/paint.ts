// Colours of a terminal, or none.

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Where nobody decides, colour is for terminals whose user does not refuse it (no-color.org: set and not empty). */
export function wantsColor(out: { readonly isTTY?: boolean }, noColor = process.env['NO_COLOR']): boolean {
  return out.isTTY === true && (noColor === undefined || noColor === '');
}

/** Paints, or leaves text as it is. */
export function paint(color: boolean): Paint {
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      color ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), yellow: sgr(33, 39), green: sgr(32, 39) };
}
