// Where a requirement's source can be read, as links.
import { addressOf } from '../../contract/pages.js';
import { html, type Markup } from './markup.js';

/** The pages that state a requirement. */
export function sources(all: readonly string[]): Markup {
  return html`${all.map((source, index) => {
    const address = addressOf(source);
    return html`${index > 0 && ', '}${
      address === undefined ? source : html`<a href="${address}" rel="noreferrer">${source}</a>`
    }`;
  })}`;
}
