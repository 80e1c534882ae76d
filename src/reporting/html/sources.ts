// Where a requirement's source can be read: the page ids of the catalogue as addresses, where they name a page.
import { pageAddress } from '../text/pages.js';
import { html, type Markup } from './markup.js';

/** The pages that state a requirement. */
export function sources(all: readonly string[]): Markup {
  return html`${all.map((source, index) => {
    const address = pageAddress(source);
    return html`${index > 0 && ', '}${address === undefined ? source : html`<a href="${address}" rel="noreferrer">${source}</a>`}`;
  })}`;
}
