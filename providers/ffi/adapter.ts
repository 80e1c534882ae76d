// The FFI adapter: a native COM provider, loaded into this process. Meant to be opened in a provider host (openIsolated), where a crash costs
// the session and not the run; in process it serves benchmarks.
import { z } from 'zod';
import { parseGuid } from '../../src/contract/guid.js';
import { ConfigurationError } from '../../src/port/errors.js';
import type { ProviderAdapter } from '../../src/port/port.js';
import { loadKoffi } from './koffi.js';
import { classFactory } from './load.js';
import { NativePort } from './native-port.js';

const USAGE =
  'vds-conformance run --provider ffi --library ./provider.so --clsid {83BFB87F-43FB-4903-BAA6-127F01029EEC}';

const Settings = z.strictObject({
  /** Path of the provider's library. On Windows it may be left out for a provider that is registered. */
  library: z.string().min(1).optional(),
  /** Braced or bare. */
  clsid: z.string().transform((text, context) => {
    const clsid = parseGuid(text.trim());
    if (clsid !== undefined) return clsid;
    context.addIssue({ code: 'custom', message: `"${text}" is no GUID` });
    return z.NEVER;
  }),
});

function parse(settings: Readonly<Record<string, unknown>>): z.output<typeof Settings> {
  // What the command line was not given may be there as undefined.
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
    );
    throw new ConfigurationError(`the settings of the ffi provider are wrong: ${problems.join('; ')}`, {
      hint: `For example: ${USAGE}`,
    });
  }
  if (parsed.data.library === undefined && process.platform !== 'win32') {
    throw new ConfigurationError('the ffi provider needs the path of its library', {
      hint: `Only Windows can find a class by its CLSID alone. For example: ${USAGE}`,
    });
  }
  return parsed.data;
}

const STATE = 'VDSC_NATIVE_STATE';
let chosenState: string | undefined;
/**
 * Tells a provider that is a simulation where to keep its state, so that a respawned host finds it again. What the user has set stays; what an
 * earlier session in this process was given does not.
 */
function chooseState(scratch: string): void {
  if (process.env[STATE] !== undefined && process.env[STATE] !== chosenState) return;
  process.env[STATE] = scratch;
  chosenState = scratch;
}

export const adapter: ProviderAdapter = {
  name: 'ffi',
  async open({ settings, scratch }) {
    const { library, clsid } = parse(settings);
    const koffi = await loadKoffi();
    chooseState(scratch);
    return new NativePort(koffi, classFactory(koffi, library, clsid));
  },
};
