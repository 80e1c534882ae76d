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
import { endingOf, FAULT_VERDICT, identityOf, neverBegan, type Ending } from './ending.js';
import type { Frame } from './frame.js';
import type { Furnishing } from './furnishing.js';
import type { Groups } from './groups.js';
import { unmetPrecondition } from './precondition.js';
import { HarnessError } from '../port/errors.js';
import { LISTED } from '../truth/member-requirements.js';
import { HeldBack, Inconclusive, isSettled, NotApplicable, type CheckResult } from '../checks/outcome.js';
import { randomFor } from '../checks/random.js';
import type { LoadedProvider, SystemUnderTest } from '../lab/system.js';

export interface RunState {
  readonly system: SystemUnderTest;
  readonly seed: string;
  readonly strict: boolean;
  readonly readings: Readings;
  /** The habits of the LUNs that the run makes. */
  readonly habits: LunHabits;
  /** The file in which the provider caches its devices, for the device route. */
  readonly cacheFile: string | undefined;
  /** The commands that change the system, or tell the truth of it, behind the provider's back. */
  readonly device?: DeviceCommands | undefined;
  /** Furnishes the system before the first check; without one it is taken as it is. */
  readonly furnishing?: Furnishing | undefined;
  /** Compares the system before and after checks; without one nothing is compared. */
  readonly frame?: Frame | undefined;
  /** Judges checks together that share a recovery; without it each is run by itself. */
  readonly groups?: Groups | undefined;
}

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

const isForWantOfARoute = (unmet: Error): unmet is Inconclusive =>
  unmet instanceof Inconclusive && !(unmet instanceof HeldBack);

/**
 * Begins a check whose fault nobody can cause, to see whether it applies at all: a provider without iSCSI must not be
 * blamed for missing faults of targets. It ends where it would inject. Gives what the check ends with; rejects with
 * what is wrong with the provider itself.
 */
async function applicable(check: Check, context: Context, noRoute: Inconclusive): Promise<Error> {
  try {
    await check.run(context);
  } catch (error) {
    if (error instanceof NotApplicable) return error;
    if (error instanceof HarnessError && error.endsSession) throw error;
  }
  return noRoute;
}

/** The result of one run of a check, from which its reproduction starts. */
export interface FreshResult extends CheckResult {
  /** Ids of the checks of which one is to blame, this one among them; absent where there is no doubt. */
  readonly suspects?: readonly string[];
}

/** An ending with what is to be said before its reason. */
const said = (
  { reason, code, problem, hint }: Ending,
  before: string,
): Pick<Ending, 'reason' | 'code' | 'problem' | 'hint'> => ({
  reason: `${before}: ${reason}`,
  ...(code === undefined ? {} : { code }),
  ...(problem === undefined ? {} : { problem: `${before}: ${problem}` }),
  ...(hint === undefined ? {} : { hint }),
});

/**
 * Runs a check. Never rejects.
 *
 * @param isLast no check follows, so that the system is compared whether it is this check's turn or not
 */
export async function runCheck(check: Check, suite: string, state: RunState, isLast = false): Promise<FreshResult> {
  const started = performance.now();
  const died = state.system.unseenDeath();
  if (died !== undefined)
    return neverBegan(
      check,
      suite,
      {
        ...said(endingOf(died), 'the provider died before this check began, so an earlier check is to blame'),
        verdict: 'crashed',
      },
      performance.now() - started,
    );
  let session: Session;
  let loaded: LoadedProvider;
  try {
    ({ session, loaded } = await state.system.ready());
    await state.furnishing?.before(loaded);
    ({ session, loaded } = await state.system.ready());
    await state.frame?.before(loaded);
    if (session.broken !== undefined) ({ session, loaded } = await state.system.ready());
  } catch (error) {
    const ending = endingOf(error);
    const { verdict } = ending;
    return neverBegan(
      check,
      suite,
      {
        ...said(ending, 'the provider could not be opened for this check'),
        verdict: verdict === 'crashed' || verdict === 'hung' ? verdict : 'error',
      },
      performance.now() - started,
    );
  }
  session.labels.clear(session.owned());
  const context = new Context({
    system: state.system,
    session,
    loaded,
    routes: (now) => routesFor(now, state),
    random: randomFor(state.seed, check.id),
    ledger: state.system.lab?.ledger,
    readings: state.readings,
    habits: state.habits,
    strict: state.strict,
    prefix: `vdsc-${randomFor(state.seed, check.id).below(0x100000000).toString(16)}`,
  });
  let ending: Ending = { verdict: 'passed' };
  try {
    const unmet = await unmetPrecondition(check, {
      readOnly: state.system.lab?.readOnly === true,
      capabilities: session.capabilities,
      offers: (kind) => context.faults.offers(kind),
      hasControl: () => context.faults.hasControl(),
    });
    if (unmet === undefined) await (state.groups?.run(check, context) ?? check.run(context));
    else if (isForWantOfARoute(unmet)) throw await applicable(check, context, unmet);
    else throw unmet;
  } catch (error) {
    ending = endingOf(error);
  }
  const unclean = await context.finish();
  if (unclean.length === 0 && context.session.broken === undefined) state.system.lab?.ledger?.settle();
  if (context.session.broken !== undefined) state.system.charged(context.session);
  ending = await aftermath(check, context, state, unclean, ending, isLast);
  if (state.groups?.mustRunAlone(check, ending) === true) {
    // The remains of the whole group must not be blamed on one of its checks.
    state.frame?.forget();
    await state.system.renew();
    return runCheck(check, suite, state, isLast);
  }
  ending = state.groups?.afterAlone(check, ending) ?? ending;
  const { calls } = context;
  const { labels } = context.session;
  // Every call that comes back says so much.
  if (calls.count > 0) context.duties.judging('VDS-0.2d', 'VDS-2.7');
  const unjudged = ending.verdict === 'passed' ? check.requirements.filter((id) => !context.duties.judged.has(id)) : [];
  const trace =
    ending.verdict === 'passed'
      ? calls.named()
      : calls.entries(ending.finding?.call, ending.verdict === 'crashed' || ending.verdict === 'hung');
  const faultVerdict =
    check.faults === undefined || check.faults.length === 0
      ? undefined
      : (ending.faultVerdict ??
        (ending.verdict === 'failed' ? 'detected, not recovered' : FAULT_VERDICT[ending.verdict]));
  const result: FreshResult = {
    ...identityOf(check, suite),
    ...(unjudged.length === 0 ? {} : { unjudged }),
    verdict: ending.verdict,
    ...(faultVerdict === undefined ? {} : { faultVerdict }),
    ...(ending.reason === undefined ? {} : { reason: labels.apply(ending.reason) }),
    ...(ending.code === undefined ? {} : { code: ending.code }),
    ...(ending.problem === undefined ? {} : { problem: labels.apply(ending.problem) }),
    ...(ending.hint === undefined ? {} : { hint: labels.apply(ending.hint) }),
    findings: [...context.findings, ...(ending.finding === undefined ? [] : [ending.finding])],
    notes: context.notes,
    ...(context.pairs === undefined ? {} : { pairs: context.pairs }),
    ...(context.visited === undefined ? {} : { visited: context.visited }),
    ...(trace.length === 0 ? {} : { trace }),
    calls: calls.count,
    ms: performance.now() - started,
    ...(ending.suspects === undefined ? {} : { suspects: ending.suspects }),
  };
  if (!isSettled(ending.verdict) || context.left.has(LISTED)) {
    // Its remains must not be blamed on the next check.
    state.frame?.forget();
    await state.system.renew();
  }
  return result;
}
