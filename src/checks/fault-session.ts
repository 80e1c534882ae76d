// The faults of a check: injecting and healing them, the pair that recovers from them, and the truth of the system by
// the routes that know it.
import { formatHresult, HR } from '../contract/hresult.js';
import { endsWithProcess, strikesOnce, type FaultKind } from '../faults/kinds.js';
import { recover, type RecoveryOptions, type RecoveryResult } from '../faults/recover.js';
import type { FaultRequest, InjectedFault, Route } from '../faults/routes/route.js';
import type { Session } from '../port/session.js';
import type { LoadedProvider, SystemUnderTest } from '../lab/system.js';
import type { Inventory } from '../truth/inventory.js';
import type { CheckLife } from './life.js';
import type { SystemAccess } from './system-access.js';

export interface FaultOptions {
  /** The fault routes to a loaded provider. */
  readonly routes: (loaded: LoadedProvider) => Promise<readonly Route[]>;
  /** Whose rules say what a fault may hit. */
  readonly system: SystemUnderTest;
}

export class FaultSession {
  /** The routes, which are opened anew for each provider object that is loaded. */
  private opened: { readonly loaded: LoadedProvider; readonly routes: readonly Route[] } | undefined;
  private pairsBegun = 0;
  /** The number of the last pair of which both calls answered S_OK. */
  private lastWholePair = 0;
  /** By its place among what the check is to take back, what heals a fault, and the session of that. */
  private readonly healers = new Map<number, { readonly session: Session; heal(): Promise<void> }>();

  constructor(
    private readonly life: CheckLife,
    private readonly system: SystemAccess,
    private readonly options: FaultOptions,
  ) {}

  /**
   * Injects a fault by the first route that offers it, and heals it when the check ends. Inconclusive when no route
   * can, or none proves it.
   */
  async inject(request: FaultRequest): Promise<InjectedFault> {
    this.options.system.lab?.beforeFault(request.kind, request.object);
    const reasons: string[] = [];
    for (const route of await this.openRoutes()) {
      if (!(await route.kinds()).has(request.kind)) continue;
      const fault = await route.inject(request);
      if ('reason' in fault) {
        reasons.push(`${route.name}: ${fault.reason}`);
        if (fault.failed === true)
          this.life.note(`the ${route.name} route could not inject ${request.kind}: ${fault.reason}`);
        continue;
      }
      if (request.kind === 'disconnect') this.system.wasAway = true;
      this.life.session.struck({ kind: fault.kind, object: request.object, route: fault.route, proof: fault.proof });
      // A fault that strikes once has no cause to take away; the other kinds count as over from their healing on.
      let overSince = strikesOnce(request.kind) ? this.pairsBegun : undefined;
      let healed = false;
      const heal = async (): Promise<void> => {
        if (healed) return;
        healed = true;
        await fault.heal();
        overSince ??= this.pairsBegun;
      };
      const { session } = this.life;
      const place = this.life.onCleanUp(
        `recover from ${request.kind}`,
        async () => {
          this.healers.delete(place);
          // A fault that ended with the process, or with the session's own system, needs no healing.
          if (session.broken !== undefined && (endsWithProcess(request.kind) || !session.capabilities.persistent))
            return;
          // A pair of the check's own that began after it was over and succeeded has done what this would do.
          if (overSince !== undefined && this.lastWholePair > overSince) return;
          await heal();
          if (fault.route === 'interposed') return;
          await this.healThoseBefore(place, session);
          wholeOrThrow(await this.recover());
        },
        'VDS-5.5d',
      );
      this.healers.set(place, { session, heal });
      // Not the proof itself: it holds bytes of the provider's choosing, and two runs of one seed must read alike. The
      // trace has it.
      this.life.note(`${fault.kind} of ${request.object} by the ${fault.route} route`, 'fault');
      return { ...fault, heal };
    }
    return this.life.inconclusive(
      'no fault route could inject ' +
        `${request.kind}${
          reasons.length > 0
            ? `: ${reasons.join('; ')}`
            : ' (the provider offers no IVdsConformanceControl and no file or command is configured)'
        }`,
    );
  }

  /**
   * Heals the faults that were injected one after the other before this one: a recovery is dear, and one serves them
   * all. What was to be taken back between two of them goes by what the earlier one has left.
   */
  private async healThoseBefore(place: number, session: Session): Promise<void> {
    for (let at = place - 1; this.healers.get(at)?.session === session; at--) await this.healers.get(at)?.heal();
  }

  private async openRoutes(): Promise<readonly Route[]> {
    const { loaded } = this.system;
    if (this.opened?.loaded !== loaded) this.opened = { loaded, routes: await this.options.routes(loaded) };
    return this.opened.routes;
  }

  /** Whether some route offers the kind. */
  async offers(kind: FaultKind): Promise<boolean> {
    for (const route of await this.openRoutes()) if ((await route.kinds()).has(kind)) return true;
    return false;
  }

  /** Whether the provider has IVdsConformanceControl, and so says itself which kinds there are. */
  async hasControl(): Promise<boolean> {
    return (await this.openRoutes()).some((route) => route.name === 'cooperative');
  }

  /** Reenumerate then Refresh, after healing. */
  async recover(options: RecoveryOptions = {}): Promise<RecoveryResult> {
    await options.fault?.heal();
    const pair = ++this.pairsBegun;
    const result = await recover(this.system.hw, { ...options, fault: undefined });
    if (result.reenumerate.hr === HR.S_OK && result.refresh?.hr === HR.S_OK) this.lastWholePair = pair;
    return result;
  }

  /** Tells the routes that the present state is one to go back to. */
  rememberCache(): void {
    for (const route of this.opened?.routes ?? []) route.remember?.();
  }

  /** The state by a path that does not touch the provider, or undefined where there is none. */
  async truth(): Promise<Inventory | undefined> {
    for (const route of await this.openRoutes()) {
      const truth = await route.truth();
      if (truth !== undefined) return truth;
    }
    return undefined;
  }
}

/** Throws Error unless both calls of the pair answered S_OK, with the cause taken away. */
function wholeOrThrow({ reenumerate, refresh }: RecoveryResult): void {
  if (reenumerate.hr !== HR.S_OK) throw new Error(`Reenumerate answered ${formatHresult(reenumerate.hr)}`);
  if (refresh?.hr !== HR.S_OK) throw new Error(`Refresh answered ${formatHresult(refresh?.hr ?? HR.E_UNEXPECTED)}`);
}
