// The system under test over the length of a run: opens the provider, loads it, opens it again after a crash or hang.
import { formatHresult, HR, hresultFromWin32 } from '../contract/hresult.js';
import { HarnessError, ProviderNotLoaded, ProviderUnreachable } from '../port/errors.js';
import type { IVdsHwProvider, IVdsProvider, IVdsProviderPrivate } from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';
import type { Port } from '../port/port.js';
import { Patience } from '../port/patience.js';
import { Session, type Limits } from '../port/session.js';
import { InventoryUnreadable, readInventory } from '../truth/read-inventory.js';
import type { ProviderProcess } from '../faults/routes/command.js';
import { Lab, type LabRules } from './change-guard.js';
import { EVERYTHING } from './scope.js';
import { Wall } from './wall.js';

const RPC_X_NULL_REF_POINTER = hresultFromWin32(1780);

/** A provider object that OnLoad has answered S_OK on. */
export interface LoadedProvider {
  readonly session: Session;
  readonly unknown: VdsObject;
  readonly provider: IVdsProvider;
  readonly hw: IVdsHwProvider;
  readonly providerPrivate: IVdsProviderPrivate;
  readonly sink: VdsObject;
}

/**
 * Loads a provider object as the VDS service does: CoCreateInstance, then OnLoad at once. Rejects with
 * ProviderNotLoaded.
 */
export const load = async (session: Session): Promise<LoadedProvider> =>
  loadObject(session, await session.createInstance());

/** Loads a provider object that was just created. Rejects with ProviderNotLoaded. */
export async function loadObject(session: Session, unknown: VdsObject): Promise<LoadedProvider> {
  const provider = await unknown.as('IVdsProvider');
  const hw = await unknown.as('IVdsHwProvider');
  const providerPrivate = await unknown.as('IVdsProviderPrivate');
  if (provider === null || hw === null || providerPrivate === null) {
    const missing = [
      provider === null && 'IVdsProvider',
      hw === null && 'IVdsHwProvider',
      providerPrivate === null && 'IVdsProviderPrivate',
    ]
      .filter(Boolean)
      .join(', ');
    throw new ProviderNotLoaded(`the provider object lacks ${missing}`, {
      hint: 'Every hardware provider implements them (VDS-3.1). Is this a VDS hardware provider?',
    });
  }
  const sink = await session.createSink();
  const result = await initialize(providerPrivate, sink);
  if (result.hr !== HR.S_OK) {
    throw new ProviderNotLoaded(`OnLoad answered ${formatHresult(result.hr)}`, {
      hint: 'Is the array reachable for the provider?',
    });
  }
  return { session, unknown, provider, hw, providerPrivate, sink };
}

/**
 * OnLoad without the reserved name. The IDL does not let a caller leave it out, so that COM's proxy of an
 * out-of-process provider refuses NULL.
 */
export async function initialize(own: IVdsProviderPrivate, callbackObject: VdsObject | null): Promise<Result<object>> {
  const result = await own.onLoad({ machineName: null, callbackObject });
  return result.hr === RPC_X_NULL_REF_POINTER ? own.onLoad({ machineName: '', callbackObject }) : result;
}

/** How often OnUnload is called again that answered S_FALSE, and the milliseconds between. */
const ASKED_AGAIN = 3;
const UNTIL_READY = 50;

/**
 * Unloads as the service does: OnUnload, then the references go. Gives OnUnload's answer; anything but S_OK leaves the
 * provider loaded.
 */
export async function unload(loaded: LoadedProvider, forceUnload = false): Promise<Result<object>> {
  let answer = await loaded.providerPrivate.onUnload({ forceUnload });
  // One that is not ready to be unloaded is asked again.
  for (let again = 0; answer.hr === HR.S_FALSE && again < ASKED_AGAIN; again++) {
    await new Promise((resolve) => setTimeout(resolve, UNTIL_READY));
    answer = await loaded.providerPrivate.onUnload({ forceUnload });
  }
  if (answer.hr !== HR.S_OK) return answer;
  for (const object of [loaded.hw, loaded.provider, loaded.providerPrivate, loaded.unknown, loaded.sink])
    await object.release();
  return answer;
}

/** A provider that opened before and fails this often in a row is not tried again for each remaining check. */
const GIVE_UP_AFTER = 3;
/**
 * Milliseconds before each further try to reach a provider that was lost: a gateway that is started again is back
 * within seconds.
 */
const RETRY_AFTER = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export class SystemUnderTest {
  private current: { readonly session: Session; loaded: LoadedProvider | undefined } | undefined;
  private failures = 0;
  private lastFailure: unknown;
  private everOpened = false;
  /** The provider has gone, and was not started since. */
  private isLost = false;

  private rules: Lab | undefined;
  /** The wall around the part of the system that the run may work on. */
  readonly wall: Wall;
  private begun = false;
  /** A session of the provider's process that no check has used yet. */
  private spare: Port | undefined;
  private seenBroken: Session | undefined;
  private readonly patience = new Patience();

  /**
   * Without rules everything is allowed, as for a test on a system of its own; a run always has them. `process` is the
   * provider's where it is not the harness's own to start.
   */
  constructor(
    private readonly open: () => Promise<Port>,
    private readonly limits: Limits,
    private readonly labRules?: LabRules,
    readonly process?: ProviderProcess,
  ) {
    this.wall = new Wall(labRules?.scope ?? EVERYTHING);
  }

  /** The rules as they apply to the present session; undefined before the first and where there are none. */
  get lab(): Lab | undefined {
    return this.rules;
  }

  /**
   * A session whose provider is loaded: a new provider object, unless one is given that the session created before.
   * Rejects with the HarnessError that opening or loading gave.
   */
  async ready(created?: VdsObject): Promise<{ readonly session: Session; readonly loaded: LoadedProvider }> {
    if (this.lastFailure !== undefined && this.failures >= (this.everOpened ? GIVE_UP_AFTER : 1))
      throw this.lastFailure;
    if (this.current?.session.broken !== undefined) {
      // Waits until the old process is gone: the new one takes over its scratch folder.
      await this.current.session.close();
      this.current = undefined;
      this.isLost = true;
    }
    try {
      if (this.isLost) await this.process?.revive();
      const state = (this.current ??= { session: await this.newSession(), loaded: undefined });
      state.loaded ??= await loadObject(state.session, created ?? (await state.session.createInstance()));
      if (!this.begun) {
        await this.begin(state.session, state.loaded);
        if (state.session.broken !== undefined) {
          this.seenBroken = state.session;
          return await this.ready();
        }
      }
      this.everOpened = true;
      this.isLost = false;
      this.failures = 0;
      return { session: state.session, loaded: state.loaded };
    } catch (error) {
      this.failures += 1;
      this.lastFailure = error;
      throw error;
    }
  }

  /** Opens the provider. One that was there before and cannot be reached is waited for, once in a row of failures. */
  private async reach(): Promise<Port> {
    const waits = this.everOpened && this.failures === 0 ? RETRY_AFTER : [];
    for (const wait of waits) {
      try {
        return await this.open();
      } catch (error) {
        if (!(error instanceof ProviderUnreachable)) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return this.open();
  }

  private async newSession(): Promise<Session> {
    const { spare } = this;
    this.spare = undefined;
    const port = spare ?? (await this.reach());
    if (this.labRules === undefined) return new Session(port, this.limits, undefined, this.patience);
    this.rules = new Lab(this.labRules, port.capabilities, this.wall);
    return new Session(port, this.limits, this.rules.watcher, this.patience);
  }

  /**
   * Writes down what is there before the run makes anything. What cannot be read is for a check to judge, be it that a
   * getter fails, crashes, hangs or breaks the protocol: the LUNs are then unknown to the ledger, and the provider is
   * opened anew where it is gone.
   */
  private async begin(session: Session, loaded: LoadedProvider): Promise<void> {
    this.begun = true;
    if (this.rules?.ledger === undefined) return;
    const held = new Map(session.owned());
    try {
      const { subSystems } = await readInventory(loaded.hw);
      this.rules.ledger.add({ type: 'before', luns: subSystems.flatMap((s) => s.luns.map((l) => l.id)) });
    } catch (error) {
      const ofTheProvider = error instanceof HarnessError && error.code !== 'VDSC_CONFIG';
      if (!ofTheProvider && !(error instanceof InventoryUnreadable)) throw error;
    } finally {
      if (session.broken === undefined) await session.releaseSince(held);
    }
  }

  /** Why the provider is gone although no check has said so yet: it died after the last one had ended. Given once. */
  unseenDeath(): HarnessError | undefined {
    const session = this.current?.session;
    if (session?.broken === undefined || session === this.seenBroken) return undefined;
    this.seenBroken = session;
    return session.broken;
  }

  /** Says that a check was charged with the end of its session. */
  charged(session: Session): void {
    this.seenBroken = session;
  }

  /** Says that a check unloaded the provider, so that the next one loads it again. */
  unloaded(): void {
    if (this.current !== undefined) this.current.loaded = undefined;
  }

  /**
   * Leaves the present system for a new one, where each session has one of its own: what a check that did not pass left
   * behind must not be blamed on the next, and what a check sees must not depend on which others ran before it in this
   * process.
   */
  async renew(): Promise<void> {
    const { current } = this;
    if (current === undefined || current.session.broken !== undefined || !current.session.capabilities.disposable)
      return;
    this.current = undefined;
    // How it takes its end is not the next check's business.
    this.spare = await current.session.renew().catch(() => undefined);
  }

  /**
   * As fresh a system as can be had: a new one where each session has its own, else the same one with the provider
   * loaded anew.
   */
  async startAfresh(): Promise<void> {
    const { current } = this;
    if (current === undefined || current.session.broken !== undefined) return;
    if (current.session.capabilities.disposable) await this.renew();
    // As above; a provider that died of it is opened again for the next check.
    else await this.close().catch(() => {});
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await this.spare?.close();
    this.spare = undefined;
    if (current === undefined || current.session.broken !== undefined) return;
    if (current.loaded !== undefined) await unload(current.loaded);
    await current.session.close();
  }
}
