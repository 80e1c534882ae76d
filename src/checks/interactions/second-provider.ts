// A second provider object beside the loaded one.
import { HR } from '../../contract/hresult.js';
import { recover } from '../../faults/recover.js';
import { load, type LoadedProvider } from '../../lab/system.js';
import { ProviderNotLoaded } from '../../port/errors.js';
import type { IVdsHwProvider } from '../../port/generated/typed.js';
import type { Result } from '../../port/objects.js';
import type { Context } from '../context.js';

export interface SecondProvider extends LoadedProvider {
  /** OnUnload, which is not called again after it answered S_OK. */
  unload(forceUnload: boolean): Promise<Result<object>>;
  /** Its own Reenumerate, then Refresh, each again while it is busy. Judges nothing. */
  recover(): Promise<readonly Result<object>[]>;
}

/**
 * A second provider object beside the loaded one. Not applicable where the provider loads only once at a time, which no
 * document forbids.
 */
export async function secondProvider(ctx: Context): Promise<SecondProvider> {
  let loaded: LoadedProvider;
  try {
    loaded = await load(ctx.session);
  } catch (error) {
    if (error instanceof ProviderNotLoaded)
      return ctx.notApplicable(`a second provider object cannot be loaded beside the first: ${error.message}`);
    throw error;
  }
  let unloaded = false;
  const unload = async (forceUnload: boolean): Promise<Result<object>> => {
    const answer = await loaded.providerPrivate.onUnload({ forceUnload });
    unloaded = answer.hr === HR.S_OK;
    return answer;
  };
  ctx.onCleanUp('unload the second provider object', async () => {
    if (!unloaded) await unload(true);
  });
  const whole = async (): Promise<readonly Result<object>[]> => {
    const { reenumerate, refresh } = await recover(loaded.hw);
    return refresh === undefined ? [reenumerate] : [reenumerate, refresh];
  };
  return { ...loaded, unload, recover: whole };
}

/** IVdsHwProvider's three methods of a provider object that is not loaded say so. */
export async function refusesUntilLoaded(ctx: Context, hw: IVdsHwProvider, when: string): Promise<void> {
  for (const call of [() => hw.querySubSystems(), () => hw.reenumerate(), () => hw.refresh()])
    ctx.duties.code('VDS-2.4', await call(), HR.VDS_E_INITIALIZE_NOT_CALLED, when);
}
