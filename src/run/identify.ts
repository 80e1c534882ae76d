// A first look at a provider before a run: that it can be opened and loaded at all, whether each session has a system
// of its own, and what the provider says that it is. It changes nothing.
import { HR } from '../contract/hresult.js';
import { HarnessError } from '../port/errors.js';
import type { Port } from '../port/port.js';
import { Session, type Limits } from '../port/session.js';
import type { Product } from './events.js';
import { load, unload, type LoadedProvider } from '../lab/system.js';

export interface Identity {
  /** Each session has a system of its own, so that several can be tested side by side. */
  readonly disposable: boolean;
  /** Absent when GetProperties does not succeed, which is for a check to judge. */
  readonly product?: Product;
}

/**
 * Opens and loads the provider, asks, and closes it. Rejects with the HarnessError that opening or loading gave; what
 * comes after is for checks to judge.
 */
export async function identify(open: () => Promise<Port>, limits: Limits): Promise<Identity> {
  const session = new Session(await open(), limits);
  const { disposable } = session.capabilities;
  try {
    const loaded = await load(session);
    const product = await judgedLater(() => productOf(loaded));
    if (session.broken === undefined) await judgedLater(() => unload(loaded));
    return { disposable, ...(product === undefined ? {} : { product }) };
  } finally {
    if (session.broken === undefined) await judgedLater(() => session.close());
  }
}

async function productOf(loaded: LoadedProvider): Promise<Product | undefined> {
  const {
    hr,
    out: { providerProp },
  } = await loaded.provider.getProperties();
  return hr === HR.S_OK && typeof providerProp === 'object' && providerProp !== null
    ? { name: providerProp.name ?? '', version: providerProp.version ?? '' }
    : undefined;
}

async function judgedLater<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HarnessError) return undefined;
    throw error;
  }
}
