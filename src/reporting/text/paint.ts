// Colours of a terminal, or none.
import { styleText } from 'node:util';

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
  // wantsColor has decided; a later Node would ask the process's own standard output once more.
  const style =
    (format: keyof Paint) =>
    (text: string): string =>
      color ? styleText(format, text, { validateStream: false }) : text;
  return { bold: style('bold'), dim: style('dim'), red: style('red'), yellow: style('yellow'), green: style('green') };
}
