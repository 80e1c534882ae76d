// Where the documents that the catalogue cites can be read.

const DOCUMENTS = 'https://learn.microsoft.com/en-us/windows/win32';
const PROTOCOL = 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vds';

/** The address of a cited page, or undefined for what has none of its own (a header, or an IDL file, of the SDK). */
export function addressOf(source: string): string | undefined {
  const reference = /^n[a-z]-(vds\w*)-[\w-]+$/.exec(source);
  if (reference !== null) return `${DOCUMENTS}/api/${reference[1]}/${source}`;
  if (source === 'MS-VDS' || source.startsWith('MS-VDS ')) return PROTOCOL;
  const page = /^([a-z][a-z-]*)\.md$/.exec(source);
  return page === null ? undefined : `${DOCUMENTS}/vds/${page[1]}`;
}

/** The name of a cited source, with its address where it has one: `page (https://…)`. */
export function citation(source: string): string {
  const address = addressOf(source);
  return address === undefined ? source : `${source} (${address})`;
}
