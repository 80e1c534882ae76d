// A first look at a provider before a run: whether each session has a system of its own, and what the provider says that it is. It changes nothing.
import { HR } from '../contract/hresult.js';
import type { Port } from '../port/port.js';
import { Session, type Limits } from '../port/session.js';
import type { Product } from './events.js';
import { load, unload } from '../lab/system.js';

export interface Identity {
  /** Each session has a system of its own, so that several can be tested side by side. */
  readonly disposable: boolean;
  /** Absent when GetProperties does not succeed, which is for a check to judge. */
  readonly product?: Product;
}

/** Opens and loads the provider, asks, and closes it. Rejects with the HarnessError that opening or loading gave. */
export async function identify(open: () => Promise<Port>, limits: Limits): Promise<Identity> {
  const session = new Session(await open(), limits);
  const { disposable } = session.capabilities;
  try {
    const loaded = await load(session);
    const {
      hr,
      out: { providerProp },
    } = await loaded.provider.getProperties();
    await unload(loaded);
    if (hr !== HR.S_OK || typeof providerProp !== 'object' || providerProp === null) return { disposable };
    return { disposable, product: { name: providerProp.name ?? '', version: providerProp.version ?? '' } };
  } finally {
    if (session.broken === undefined) await session.close();
  }
}
