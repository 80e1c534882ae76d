// The one recovery procedure: heal the cause, IVdsHwProvider::Reenumerate, then IVdsHwProvider::Refresh (semantics.md
// 5.5).
import { HR } from '../contract/hresult.js';
import type { IVdsHwProvider } from '../port/generated/typed.js';
import type { Result } from '../port/objects.js';
import type { InjectedFault } from './routes/route.js';

export interface RecoveryOptions {
  readonly fault?: InjectedFault | undefined;
  /** Runs after Reenumerate has answered and before Refresh is called. */
  readonly betweenPair?: () => Promise<void>;
  /** Milliseconds during which VDS_E_ANOTHER_CALL_IN_PROGRESS is answered by trying again. */
  readonly busyLimit?: number;
}

export interface RecoveryResult {
  readonly reenumerate: Result<object>;
  /** Undefined when Reenumerate failed: Refresh is then not called, as the documents put it second. */
  readonly refresh: Result<object> | undefined;
}

const BUSY_PAUSE = 50;

/** Makes a call, again while it answers VDS_E_ANOTHER_CALL_IN_PROGRESS and the limit of milliseconds lasts. */
export async function untilNotBusy<T>(call: () => Promise<Result<T>>, limit = 30_000): Promise<Result<T>> {
  const deadline = performance.now() + limit;
  for (;;) {
    const result = await call();
    if (result.hr !== HR.VDS_E_ANOTHER_CALL_IN_PROGRESS || performance.now() >= deadline) return result;
    // Nothing announces that the other call is over; asking again is all that the documents offer.
    await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE));
  }
}

/** Recovers as a caller would. Judges nothing: the oracle does. */
export async function recover(provider: IVdsHwProvider, options: RecoveryOptions = {}): Promise<RecoveryResult> {
  const limit = options.busyLimit ?? 30_000;
  await options.fault?.heal();
  const reenumerate = await untilNotBusy(() => provider.reenumerate(), limit);
  if (reenumerate.hr !== HR.S_OK) return { reenumerate, refresh: undefined };
  await options.betweenPair?.();
  return { reenumerate, refresh: await untilNotBusy(() => provider.refresh(), limit) };
}
