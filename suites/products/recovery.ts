// Corruption form × method × moment, from the contract: every method that documents VDS_E_PROVIDER_CACHE_CORRUPT, on every kind of object.
// Standard effort takes each method at each moment, with the form going round, so that every pair of the three occurs; full takes the whole
// product.
import {
  type Call,
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
  plausibleArguments,
  RecoveryCase,
  type Result,
  untilNotBusy,
} from '../../src/checks/index.js';
import { HR, type Method, succeeded, UNTOUCHED } from '../../src/contract/index.js';
import { adopt, DEVICES, methodsOf, onlyReads, PROVIDER, subject, type SubjectKind } from './subjects.js';

/** A missed window is tried again this often. */
const TRIES = 3;

/** The properties that a successful call reports of the object itself; undefined for methods that report none (those of a port are another device's). */
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
  await c.snapshotTruth();
  const name = displayName(method.fullName);
  const state = stateOf(method);
  const call: Call = async () => {
    const result = await typed.call(method.fullName, args);
    await adopt(ctx, result);
    if (succeeded(result.hr) && !onlyReads(method)) await c.snapshotAfterChange();
    return result;
  };
  const strike = async (): Promise<void> => {
    await ctx.faults.inject({ kind: form, object: id });
  };
  const { hw } = ctx.system;
  await moment.play({
    call,
    strike,
    async callUndisturbed() {
      ctx.duties.permitted('VDS-7.5', await call(), 'before anything was wrong');
    },
    probe: () => c.probe(name, call, state, false),
    // What the call answers while the fault strikes is the provider's affair, as long as the code is one that it may answer.
    async strikeDuring(busy) {
      for (let tries = 1; ; tries++) {
        const { answer, overlapped } = await during(ctx.session, busy, strike);
        ctx.duties.permitted('VDS-5.5a', answer, 'while its cache was being corrupted', 'wrong result code');
        if (overlapped) return;
        if (tries === TRIES)
          ctx.inconclusive(
            `the corruption missed ${displayName(answer.record.method)} ${TRIES} times: the call was over before it`,
          );
        await c.reenumerateAndRefresh();
      }
    },
    async recover(betweenPair) {
      if (betweenPair === undefined) await c.reenumerateAndRefresh();
      else await ctx.faults.recover({ betweenPair });
    },
    async reenumerateUndisturbed() {
      ctx.duties.code('VDS-5.5b', await untilNotBusy(() => hw.reenumerate()), HR.S_OK, 'before anything was wrong');
    },
    reenumerate: () => hw.reenumerate(),
    refresh: () => hw.refresh(),
  });
  await c.reenumerateAndRefresh();
  await c.mustBeTrue();
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

/** After a Delete no entry is left to corrupt. */
const possible = (method: Method, moment: Moment): boolean => method.name !== 'Delete' || !moment.callsFirst;

export const recoveryByMethod: readonly Check[] = [PROVIDER, ...DEVICES].flatMap((kind) =>
  methodsOf(kind)
    .filter((m) => m.codes.includes('VDS_E_PROVIDER_CACHE_CORRUPT'))
    .flatMap((method, methodIndex) =>
      MOMENTS.filter((moment) => possible(method, moment)).flatMap((moment, momentIndex) =>
        FORMS.map((form, formIndex): Check => ({
          id: `recovery.${form}.${method.fullName}.${moment.name}`,
          title: `${displayName(method.fullName)} around ${form} of a ${kind.name}'s cache entry ${moment.title}, and after recovery`,
          requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.6', 'VDS-4.2b'],
          faults: [form],
          matrix: { fault: form, method: method.fullName, moment: moment.name },
          ...(moment.overlaps ? { capabilities: ['parallelCalls' as const] } : {}),
          effort: (methodIndex + momentIndex) % FORMS.length === formIndex ? 'standard' : 'full',
          cost: { calls: 60, recoveries: moment.recoveries },
          run: (ctx) => run(ctx, kind, method, form, moment),
        })),
      ),
    ),
);
