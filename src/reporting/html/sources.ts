// Where a requirement's source can be read: the page ids of the catalogue as addresses, where they name a page.
import { html, type Markup } from './markup.js';

const DOCUMENTS = 'https://learn.microsoft.com/en-us/windows/win32';

/** The address of a documentation page, or undefined for what is none (a header, an IDL file, a section of MS-VDS). */
function addressOf(source: string): string | undefined {
  const reference = /^n[a-z]-(vds\w*)-[\w-]+$/.exec(source);
  if (reference !== null) return `${DOCUMENTS}/api/${reference[1]}/${source}`;
  const page = /^([a-z][a-z-]*)\.md$/.exec(source);
  return page === null ? undefined : `${DOCUMENTS}/vds/${page[1]}`;
}

/** The pages that state a requirement. */
export function sources(all: readonly string[]): Markup {
  return html`${all.map((source, index) => {
    const address = addressOf(source);
    return html`${index > 0 && ', '}${address === undefined ? source : html`<a href="${address}" rel="noreferrer">${source}</a>`}`;
  })}`;
}
