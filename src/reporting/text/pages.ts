// Which of the pages that state a requirement a reader opens first.
import { addressOf } from '../../contract/pages.js';

/**
 * Of the pages that state a requirement the one to read first: that of the method, where there is one. As an address
 * where it has one.
 */
export function pageOf(sources: readonly string[], method?: string): string {
  const slug = method?.replace('.', '-').toLowerCase();
  const own = slug === undefined ? undefined : sources.find((source) => source.endsWith(`-${slug}`));
  const first = own ?? sources.find((source) => addressOf(source) !== undefined) ?? sources[0] ?? '';
  return addressOf(first) ?? first;
}
