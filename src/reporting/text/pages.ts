// Where a requirement's source can be read: the page ids of the catalogue as addresses.
const DOCUMENTS = 'https://learn.microsoft.com/en-us/windows/win32';

/** The address of a documentation page, or undefined for what is none (a header, an IDL file, a section of MS-VDS). */
export function pageAddress(source: string): string | undefined {
  const reference = /^n[a-z]-(vds\w*)-[\w-]+$/.exec(source);
  if (reference !== null) return `${DOCUMENTS}/api/${reference[1]}/${source}`;
  const page = /^([a-z][a-z-]*)\.md$/.exec(source);
  return page === null ? undefined : `${DOCUMENTS}/vds/${page[1]}`;
}

/** The sources of a requirement on one line, as addresses where they have one. */
export const sourceText = (sources: readonly string[]): string =>
  sources.map((source) => pageAddress(source) ?? source).join(' , ');
