// Runs a few lines as the body of a check, with all that a check has, on a provider whose answers the test can change
// as it goes on.
import { overridePort, type MethodOverride } from '../../providers/defective/override.js';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { defineSuite, type Check } from '../../src/checks/check.js';
import type { Context } from '../../src/checks/context.js';
import { DutyBroken, type CheckResult } from '../../src/checks/outcome.js';
import type { MethodName } from '../../src/contract/tables.js';
import type { Call, Port } from '../../src/port/port.js';
import { runChecks, type RunChecksOptions } from '../support/run-checks.js';

/** The reference provider, and what it answers otherwise from now on. */
export class Provider {
  /** Calls that reached it. */
  readonly calls: Call[] = [];
  private readonly otherwise = new Map<string, MethodOverride<MethodName>>();

  /** Whether its array is the run's own, or one in a lab that outlives the run. */
  constructor(
    private readonly options: { readonly disposable: boolean } = { disposable: true },
    private readonly reference: () => Port = () => createInMemory({ seed: 'test' }),
  ) {}

  /** Answers calls of a method in another way, until the next `sound`. */
  override<M extends MethodName>(method: M, answer: MethodOverride<M>): void {
    this.otherwise.set(method, answer as unknown as MethodOverride<MethodName>);
  }

  /** Answers as the reference provider does. */
  sound(): void {
    this.otherwise.clear();
  }

  readonly open = async (): Promise<Port> => {
    const port = overridePort(this.reference(), {
      invoke: async (call, next) => {
        this.calls.push(call);
        const answer = this.otherwise.get(call.method);
        if (answer === undefined) return next();
        return answer(call as Parameters<typeof answer>[0], (changed) =>
          next({ ...call, ...(changed as Partial<Call>) }),
        ) as ReturnType<typeof next>;
      },
    });
    return Object.assign(port, { capabilities: { ...port.capabilities, ...this.options } });
  };
}

/**
 * Runs the body as a check on a provider. Rejects with what the body throws; gives the result of a check whose body
 * ends.
 */
export async function inCheck(
  provider: Provider,
  body: (ctx: Context) => Promise<void>,
  { faults, ...options }: RunChecksOptions & { readonly faults?: Check['faults'] } = {},
): Promise<CheckResult> {
  let thrown: { readonly error: unknown } | undefined;
  const check: Check = {
    id: 'own.check',
    title: 'the body of a test',
    requirements: ['VDS-5.3'],
    cost: { calls: 1, recoveries: 1 },
    ...(faults === undefined ? {} : { faults }),
    run: async (ctx) => {
      await body(ctx).catch((error: unknown) => {
        thrown = { error };
        // Nothing that a test does to the provider is to hinder the clean-up.
        provider.sound();
        throw error;
      });
      provider.sound();
    },
  };
  const [result] = await runChecks(provider.open, {
    from: [defineSuite('own', 'Own', [check])],
    bare: true,
    ...options,
  });
  if (thrown !== undefined) throw thrown.error;
  return result!;
}

/** The finding of a duty that a call found broken. Throws where it found none. */
export async function brokenBy(
  judge: () => Promise<unknown>,
): Promise<{ readonly requirement: string; readonly text: string }> {
  const error: unknown = await judge().then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof DutyBroken)) throw new Error('no duty was found broken', { cause: error });
  return { requirement: error.finding.requirement, text: error.message };
}
