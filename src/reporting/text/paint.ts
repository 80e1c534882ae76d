// Colours and links of a terminal, or none.
import { styleText } from 'node:util';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  /** A text that leads to an address (OSC 8), which other terminals pass over. */
  readonly link: (text: string, address: string) => string;
}

/** Where nobody decides, colour is for terminals whose user does not refuse it (no-color.org: set and not empty). */
export function wantsColor(out: { readonly isTTY?: boolean }, noColor = process.env['NO_COLOR']): boolean {
  return out.isTTY === true && (noColor === undefined || noColor === '');
}

/** Paints, or leaves text as it is. `links` only for a terminal: in a file they are signs that nobody wants. */
export function paint(color: boolean, links = false): Paint {
  // wantsColor has decided; a later Node would ask the process's own standard output once more.
  const style =
    (format: Exclude<keyof Paint, 'link'>) =>
    (text: string): string =>
      color ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    yellow: style('yellow'),
    green: style('green'),
    link: (text, address) => (links ? `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\` : text),
  };
}
