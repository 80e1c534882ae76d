// Corruption form × method × moment, from the contract: every method that documents VDS_E_PROVIDER_CACHE_CORRUPT, on every kind of object.
// Standard effort takes each method at each moment, with the form going round, so that every pair of the three occurs; full takes the whole
// product.
import {
  type Check,
  type Context,
  CORRUPTION_FORMS,
  type CorruptionForm,
  displayName,
  during,
  KIND_BY_STRUCTURE,
  type Moment,
  MOMENTS,
  type ObjectState,
  OVERLAPPING,
  plausibleArguments,
  RecoveryCase,
  type Result,
} from '../../src/checks/index.js';
import { HR, type Method, succeeded, UNTOUCHED } from '../../src/contract/index.js';
import { adopt, DEVICES, methodsOf, onlyReads, PROVIDER, subject, type SubjectKind } from './subjects.js';

const TITLES: Readonly<Record<Moment, string>> = {
  'before-the-call': 'before the call',
  'during-the-call': 'during the call',
  'between-calls': 'between two calls',
  'during-reenumerate': 'during Reenumerate',
  'between-the-pair': 'between Reenumerate and Refresh',
  'during-refresh': 'during Refresh',
  'after-recovery': 'after a recovery',
  'after-a-second-recovery': 'after a second recovery',
};

/** A missed window is tried again this often. */
const TRIES = 3;

/** The properties that a successful call tells of the object itself; undefined for methods that tell none (those of a port are another device's). */
function stateOf(method: Method): ((result: Result<Record<string, unknown>>) => ObjectState) | undefined {
  const out = method.name.startsWith('GetProperties')
    ? method.outs.find((o) => o.type.kind === 'struct' && KIND_BY_STRUCTURE[o.type.name] !== undefined)
    : undefined;
  if (out === undefined) return undefined;
  return ({ out: given }) => {
    const value = given[out.name];
    return value === UNTOUCHED || value === null || value === undefined ? { id: '' } : (value as ObjectState);
  };
}

async function run(
  ctx: Context,
  kind: SubjectKind,
  method: Method,
  form: CorruptionForm,
  moment: Moment,
): Promise<void> {
  const { object, id, within } = await subject(ctx, kind);
  const typed = await ctx.system.optional(object, method.interfaceName);
  const args = await ctx.make.keptToScope(method, plausibleArguments(method));
  const c = new RecoveryCase(ctx, { within });
  await c.rememberTruth();
  const name = displayName(method.fullName);
  const state = stateOf(method);
  const call = async (): Promise<Result<Record<string, unknown>>> => {
    const result = await typed.call(method.fullName, args);
    await adopt(ctx, result);
    if (succeeded(result.hr) && !onlyReads(method)) await c.changed();
    return result;
  };
  const probe = (): Promise<void> => c.probe(name, call, state, false);
  const corrupt = () => ctx.faults.inject({ kind: form, object: id });
  const pair = async (): Promise<void> => c.pair();
  /** Corrupts while `busy` is under way. What that call answers is the provider's affair, as long as the code is one it may answer. */
  const corruptDuring = async (busy: () => Promise<Result<Record<string, unknown>>>): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const { answer, overlapped } = await during(ctx.session, busy, corrupt);
      ctx.duties.permitted('VDS-5.5a', answer, 'while its cache was being corrupted', 'wrong result code');
      if (overlapped) return;
      if (tries === TRIES)
        ctx.inconclusive(
          `the corruption missed ${displayName(answer.record.method)} ${TRIES} times: the call was over before it`,
        );
      await pair();
    }
  };
  const { hw } = ctx.system;
  switch (moment) {
    case 'before-the-call':
      await corrupt();
      await probe();
      break;
    case 'during-the-call':
      await corruptDuring(call);
      await probe();
      break;
    case 'between-calls':
      ctx.duties.permitted('VDS-7.5', await call(), 'before anything was wrong');
      await corrupt();
      await probe();
      break;
    case 'during-reenumerate':
      await corruptDuring(() => hw.reenumerate());
      await probe();
      break;
    case 'between-the-pair':
      await ctx.faults.recover({
        betweenPair: async () => {
          await corrupt();
          await probe();
        },
      });
      break;
    case 'during-refresh':
      ctx.duties.code('VDS-5.5b', await hw.reenumerate(), HR.S_OK, 'before anything was wrong');
      await corruptDuring(() => hw.refresh());
      await probe();
      break;
    case 'after-recovery':
    case 'after-a-second-recovery':
      await pair();
      if (moment === 'after-a-second-recovery') {
        await corrupt();
        await pair();
      }
      await corrupt();
      await probe();
      break;
  }
  await pair();
  await c.recovered();
  const result = await call();
  ctx.duties.holds(
    'VDS-5.6',
    result.hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT,
    `${name} answers VDS_E_PROVIDER_CACHE_CORRUPT after recovery`,
    result,
    'detected, not recovered',
  );
  ctx.duties.permitted('VDS-5.5b', result, 'after recovery', 'wrong result code');
  if (onlyReads(method) && method.interfaceName === 'IVdsHwProvider')
    ctx.duties.holds(
      'VDS-5.6',
      succeeded(result.hr),
      `${name} fails after recovery`,
      result,
      'detected, not recovered',
    );
}

// A stale entry needs an earlier version of the object, which a generated check does not make; the hand-written checks do.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

/** After a Delete there is no entry left to corrupt. */
const possible = (method: Method, moment: Moment): boolean =>
  method.name !== 'Delete' || (moment !== 'during-the-call' && moment !== 'between-calls');

const RECOVERIES: Readonly<Partial<Record<Moment, number>>> = {
  'during-refresh': 2,
  'between-the-pair': 2,
  'after-recovery': 2,
  'after-a-second-recovery': 3,
};

export const recoveryByMethod: readonly Check[] = [PROVIDER, ...DEVICES].flatMap((kind) =>
  methodsOf(kind)
    .filter((m) => m.codes.includes('VDS_E_PROVIDER_CACHE_CORRUPT'))
    .flatMap((method, methodIndex) =>
      MOMENTS.filter((moment) => possible(method, moment)).flatMap((moment, momentIndex) =>
        FORMS.map((form, formIndex): Check => ({
          id: `recovery.${form}.${method.fullName}.${moment}`,
          title: `${displayName(method.fullName)} around ${form} of a ${kind.name}'s cache entry ${TITLES[moment]}, and after recovery`,
          requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.6', 'VDS-4.2b'],
          faults: [form],
          matrix: { fault: form, method: method.fullName, moment },
          ...(OVERLAPPING.has(moment) ? { capabilities: ['parallelCalls' as const] } : {}),
          effort: (methodIndex + momentIndex) % FORMS.length === formIndex ? 'standard' : 'full',
          cost: { calls: 60, recoveries: RECOVERIES[moment] ?? 1 },
          run: (ctx) => run(ctx, kind, method, form, moment),
        })),
      ),
    ),
);
