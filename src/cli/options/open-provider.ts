// Opens a provider for a command that asks it something itself rather than running checks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, unload, type LoadedProvider } from '../../lab/system.js';
import { openProvider, type ProviderSpec } from '../../port/provider-spec.js';
import { Session, type ChangeGuard, type Limits } from '../../port/session.js';

/** Opens and loads the provider, lets `use` work with it, and unloads and closes it. `guard` looks at each change before it is made. */
export async function withProvider<T>(
  spec: ProviderSpec,
  limits: Limits,
  guard: ChangeGuard | undefined,
  use: (opened: { readonly session: Session; readonly loaded: LoadedProvider; readonly scratch: string }) => Promise<T>,
): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'vds-conformance-'));
  let session: Session | undefined;
  try {
    session = new Session(await openProvider(spec, { seed: 'look', scratch }), limits, guard);
    const before = new Map(session.owned());
    const loaded = await load(session);
    const own = new Map(session.owned());
    const answer = await use({ session, loaded, scratch });
    if (session.broken === undefined) {
      await session.releaseSince(own);
      await unload(loaded);
      await session.releaseSince(before);
    }
    return answer;
  } finally {
    if (session !== undefined && session.broken === undefined) await session.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
