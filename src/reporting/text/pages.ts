// Which of the pages that state a requirement a reader opens first.
import { addressOf } from '../../contract/pages.js';
import { allMethods } from '../../contract/tables.js';

const PAGES: ReadonlyMap<string, string> = new Map(
  allMethods.flatMap(({ fullName, page }) => (page === undefined ? [] : [[fullName, page] as const])),
);

/**
 * Of the pages that state a requirement the one to read first: that of one of these methods, the first that has one,
 * else the first that has an address.
 *
 * @param own whether the method's own page is the one to read also where the requirement does not name it, as it binds
 * every method
 */
export function pageOf(sources: readonly string[], methods: readonly string[] = [], own = false): string {
  const pages = methods.flatMap((method) => PAGES.get(method) ?? []);
  const first =
    pages.find((page) => own || sources.includes(page)) ??
    sources.find((source) => addressOf(source) !== undefined) ??
    sources[0] ??
    '';
  return addressOf(first) ?? first;
}
