// Opens a provider for a command that asks it something itself rather than running checks.
import { load, unload, type LoadedProvider } from '../../lab/system.js';
import { identify, type Identity } from '../../run/identify.js';
import { withScratch } from '../../run/scratch.js';
import { openProvider, type ProviderSpec } from '../../port/provider-spec.js';
import { Session, type CallWatcher, type Limits } from '../../port/session.js';

/**
 * Opens and loads the provider, lets `use` work with it, and unloads and closes it. `watcher` looks on while the
 * session calls.
 */
export async function withProvider<T>(
  spec: ProviderSpec,
  limits: Limits,
  watcher: CallWatcher | undefined,
  use: (opened: { readonly session: Session; readonly loaded: LoadedProvider; readonly scratch: string }) => Promise<T>,
): Promise<T> {
  return withScratch(async (scratch) => {
    let session: Session | undefined;
    try {
      session = new Session(
        await openProvider(spec, { seed: 'look', scratch, openLimit: limits.load }),
        limits,
        watcher,
      );
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
    }
  });
}

/**
 * Opens and loads the provider once, so that one that cannot be is found before a run begins; gives what it says of
 * itself.
 */
export const lookAt = (spec: ProviderSpec, seed: string, limits: Limits): Promise<Identity> =>
  withScratch((scratch) => identify(() => openProvider(spec, { seed, scratch, openLimit: limits.load }), limits));
