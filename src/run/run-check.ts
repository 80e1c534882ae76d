// Runs one check against the system under test and says how it ended. Nothing that a check does may end the run.
import { ApiRoute } from '../faults/routes/api.js';
import { CacheFileRoute } from '../faults/routes/cache-file.js';
import { CommandRoute } from '../faults/routes/command.js';
import { CooperativeRoute } from '../faults/routes/cooperative.js';
import type { DeviceCommands } from '../faults/routes/device-commands.js';
import { InterposedRoute } from '../faults/routes/interposed.js';
import type { Route } from '../faults/routes/route.js';
import type { Session } from '../port/session.js';
import { Context } from '../checks/context.js';
import type { Readings } from '../checks/duties.js';
import type { Check } from '../checks/check.js';
import type { LunHabits } from '../checks/lun-habits.js';
import { aftermath } from './aftermath.js';
import { endingOf, FAULT_VERDICT, type Ending } from './ending.js';
import type { Frame } from './frame.js';
import type { Furnishing } from './furnishing.js';
import { obstacle } from './precondition.js';
import { isSettled, type CheckResult } from '../checks/outcome.js';
import { randomFor } from '../checks/random.js';
import { EVERYTHING, type Scope } from '../lab/scope.js';
import type { LoadedProvider, SystemUnderTest } from '../lab/system.js';

export interface RunState {
  readonly system: SystemUnderTest;
  readonly seed: string;
  readonly strict: boolean;
  readonly readings: Readings;
  /** What the run has learnt about the LUNs that it makes. */
  readonly habits: LunHabits;
  /** The file in which the provider caches its devices, for the device route. */
  readonly cacheFile: string | undefined;
  /** The commands that change the system, or tell the truth of it, behind the provider's back. */
  readonly device?: DeviceCommands | undefined;
  /** What checks may work on; everything unless given. */
  readonly scope?: Scope;
  /** Furnishes the system before the first check; without one it is taken as it is. */
  readonly furnishing?: Furnishing | undefined;
  /** Compares the system before and after checks; without one nothing is compared. */
  readonly frame?: Frame | undefined;
}

const TRACE_KEPT = 200;

/** The fault routes to a loaded provider, those that prove most first. */
export async function routesFor(
  loaded: LoadedProvider,
  {
    cacheFile,
    device,
    system,
  }: Pick<RunState, 'cacheFile' | 'device'> & { readonly system: Pick<SystemUnderTest, 'process'> },
): Promise<Route[]> {
  const routes: Route[] = [];
  // The device route first: it proves more, as it goes behind the provider's back.
  if (device !== undefined) routes.push(new CommandRoute(device, loaded.hw, system.process));
  if (cacheFile !== undefined) routes.push(new CacheFileRoute(cacheFile));
  const control = await loaded.unknown.as('IVdsConformanceControl');
  if (control !== null) routes.push(new CooperativeRoute(control));
  routes.push(new ApiRoute(loaded.providerPrivate));
  const { transportFaults } = loaded.session;
  if (transportFaults !== undefined) routes.push(new InterposedRoute(transportFaults));
  return routes;
}

/** Runs a check. Never rejects. */
export async function runCheck(check: Check, suite: string, state: RunState): Promise<CheckResult> {
  const started = performance.now();
  const base = {
    id: check.id,
    suite,
    title: check.title,
    requirements: check.requirements,
    ...(check.matrix === undefined ? {} : { matrix: check.matrix }),
  };
  let session: Session;
  let loaded: LoadedProvider;
  try {
    ({ session, loaded } = await state.system.ready());
    await state.furnishing?.before(loaded);
    if (session.broken !== undefined) ({ session, loaded } = await state.system.ready());
    await state.frame?.before(loaded);
    if (session.broken !== undefined) ({ session, loaded } = await state.system.ready());
  } catch (error) {
    const { verdict, reason, code } = endingOf(error);
    return {
      ...base,
      verdict: verdict === 'crashed' || verdict === 'hung' ? verdict : 'error',
      reason: `the provider could not be opened for this check: ${reason}`,
      ...(code === undefined ? {} : { code }),
      findings: [],
      notes: [],
      calls: 0,
      ms: performance.now() - started,
    };
  }
  session.labels.clear();
  const context = new Context({
    system: state.system,
    session,
    loaded,
    routes: (now) => routesFor(now, state),
    random: randomFor(state.seed, check.id),
    ledger: state.system.lab?.ledger,
    scope: state.scope ?? EVERYTHING,
    readings: state.readings,
    habits: state.habits,
    strict: state.strict,
    prefix: `vdsc-${randomFor(state.seed, check.id).below(0x100000000).toString(16)}`,
  });
  let ending: Ending = { verdict: 'passed' };
  try {
    const inTheWay = await obstacle(check, {
      readOnly: state.system.lab?.readOnly === true,
      capabilities: session.capabilities,
      offers: (kind) => context.faults.offers(kind),
    });
    if (inTheWay !== undefined) throw inTheWay;
    await check.run(context);
  } catch (error) {
    ending = endingOf(error);
  }
  const calls = context.calls.count;
  const trace = ending.verdict === 'passed' ? undefined : context.calls.lines();
  const unclean = await context.finish();
  if (unclean.length === 0 && context.session.broken === undefined) state.system.lab?.ledger?.settle();
  const after = await aftermath(check, context, state, unclean, ending);
  ending = after.ending;
  const faultVerdict =
    check.faults === undefined || check.faults.length === 0
      ? undefined
      : (ending.faultVerdict ??
        (ending.verdict === 'failed' ? 'detected, not recovered' : FAULT_VERDICT[ending.verdict]));
  const { labels } = context.session;
  const kept = (trace ?? after.trace)?.slice(-TRACE_KEPT);
  const result: CheckResult = {
    ...base,
    verdict: ending.verdict,
    ...(faultVerdict === undefined ? {} : { faultVerdict }),
    ...(ending.reason === undefined ? {} : { reason: labels.apply(ending.reason) }),
    ...(ending.code === undefined ? {} : { code: ending.code }),
    findings: [...context.findings, ...after.findings, ...(ending.finding === undefined ? [] : [ending.finding])],
    notes: [...context.notes, ...after.notes],
    ...(ending.verdict === 'passed' || kept === undefined ? {} : { trace: kept }),
    calls,
    ms: performance.now() - started,
  };
  if (!isSettled(ending.verdict)) {
    // What it left behind must not be blamed on the next.
    state.frame?.forget();
    await state.system.renew();
  }
  return result;
}
