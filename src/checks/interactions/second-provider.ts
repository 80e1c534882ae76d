// A second provider object beside the loaded one.
import { HR } from '../../contract/hresult.js';
import { recover } from '../../faults/recover.js';
import { loadObject, type LoadedProvider } from '../../lab/system.js';
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
 * A second provider object beside the loaded one; the reason where there cannot be one, as a provider may load only
 * once at a time. `created` looks at it before it is loaded.
 */
export async function loadBeside(
  ctx: Context,
  created: (hw: IVdsHwProvider) => Promise<void> = async () => {},
): Promise<SecondProvider | string> {
  const unknown = await ctx.session.createInstance();
  if (await ctx.system.isLoadedObject(unknown)) {
    await unknown.release();
    return 'the class factory gives one provider object each time';
  }
  const hw = await unknown.as('IVdsHwProvider');
  if (hw !== null) await created(hw);
  await hw?.release();
  let loaded: LoadedProvider;
  try {
    loaded = await loadObject(ctx.session, unknown);
  } catch (error) {
    if (error instanceof ProviderNotLoaded)
      return `a second provider object cannot be loaded beside the first: ${error.message}`;
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

/** The same. Not applicable where there cannot be one, which no document forbids. */
export async function secondProvider(ctx: Context): Promise<SecondProvider> {
  const second = await loadBeside(ctx);
  return typeof second === 'string' ? ctx.notApplicable(second) : second;
}

/** IVdsHwProvider's three methods of a provider object that is not loaded say so. */
export async function refusesUntilLoaded(ctx: Context, hw: IVdsHwProvider, when: string): Promise<void> {
  for (const call of [() => hw.querySubSystems(), () => hw.reenumerate(), () => hw.refresh()])
    ctx.duties.code('VDS-2.4', await call(), HR.VDS_E_INITIALIZE_NOT_CALLED, when);
}
