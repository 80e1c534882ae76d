// Where a requirement's source can be read: the page ids of the catalogue as addresses.
const DOCUMENTS = 'https://learn.microsoft.com/en-us/windows/win32';

/** The address of a documentation page, or undefined for what is none (a header, an IDL file, a section of MS-VDS). */
export function pageAddress(source: string): string | undefined {
  const reference = /^n[a-z]-(vds\w*)-[\w-]+$/.exec(source);
  if (reference !== null) return `${DOCUMENTS}/api/${reference[1]}/${source}`;
  const page = /^([a-z][a-z-]*)\.md$/.exec(source);
  return page === null ? undefined : `${DOCUMENTS}/vds/${page[1]}`;
}

/** Of the pages that state a requirement the one to read first: that of the method, where there is one. As an address where it has one. */
export function pageOf(sources: readonly string[], method?: string): string {
  const slug = method?.replace('.', '-').toLowerCase();
  const own = slug === undefined ? undefined : sources.find((source) => source.endsWith(`-${slug}`));
  const first = own ?? sources.find((source) => pageAddress(source) !== undefined) ?? sources[0] ?? '';
  return pageAddress(first) ?? first;
}
