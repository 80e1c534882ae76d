// Corruption form × method × moment, from the contract: every method that documents VDS_E_PROVIDER_CACHE_CORRUPT, on the kinds of object that
// the suite can make. Standard effort takes each method with each form, with the moment going round, so that every pair of the three occurs; full
// takes the whole product.
import { HR, succeeded } from '../../src/contract/hresult.js';
import type { Method } from '../../src/contract/tables.js';
import type { Check } from '../../src/conformance/check.js';
import type { Context } from '../../src/conformance/context.js';
import { plausibleArguments } from '../../src/conformance/plausible-arguments.js';
import { RecoveryCase } from '../../src/conformance/recovery-case.js';
import { CORRUPTION_FORMS, type CorruptionForm } from '../../src/faults/kinds.js';
import { displayName } from '../../src/provider/trace.js';
import { adopt, LUN, methodsOf, onlyReads, PROVIDER, SUB_SYSTEM, TARGET, type SubjectKind } from './subjects.js';

const MOMENTS = ['before', 'between-the-pair', 'after-a-second-recovery'] as const;
type Moment = (typeof MOMENTS)[number];

const TITLES: Readonly<Record<Moment, string>> = {
  before: 'called between the corruption and the pair',
  'between-the-pair': 'called between Reenumerate and Refresh',
  'after-a-second-recovery': 'called after the second corruption was recovered from',
};

async function run(ctx: Context, kind: SubjectKind, method: Method, form: CorruptionForm, moment: Moment): Promise<void> {
  const { object, id } = await kind.make(ctx);
  const typed = await ctx.optional(object, method.interfaceName);
  const c = new RecoveryCase(ctx);
  await c.remember();
  const name = displayName(method.fullName);
  const call = async () => {
    const result = await typed.call(method.fullName, plausibleArguments(method));
    await adopt(ctx, result);
    if (succeeded(result.hr) && !onlyReads(method)) await c.changed();
    return result;
  };
  const corrupt = () => ctx.inject({ kind: form, object: id });
  const first = await corrupt();
  if (moment === 'before') await c.probe(name, call, undefined, false);
  if (moment === 'after-a-second-recovery') {
    c.paired(await ctx.recover({ fault: first }));
    await corrupt();
  }
  c.paired(await ctx.recover({ fault: first, ...(moment === 'between-the-pair' ? { betweenPair: () => c.probe(name, call, undefined, false) } : {}) }));
  await c.recovered();
  const result = await call();
  ctx.holds('VDS-5.6', result.hr !== HR.VDS_E_PROVIDER_CACHE_CORRUPT, `${name} answers VDS_E_PROVIDER_CACHE_CORRUPT after recovery`, result, 'detected, not recovered');
  ctx.permitted('VDS-5.5b', result, 'after recovery', 'wrong result code');
  if (onlyReads(method) && method.interfaceName === 'IVdsHwProvider') ctx.holds('VDS-5.6', succeeded(result.hr), `${name} fails after recovery`, result, 'detected, not recovered');
}

// A stale entry needs an earlier version of the object, which a generated check does not make; the hand-written checks do.
const FORMS = CORRUPTION_FORMS.filter((form) => form !== 'stale-entry');

export const recoveryByMethod: readonly Check[] = [PROVIDER, SUB_SYSTEM, LUN, TARGET].flatMap((kind) =>
  methodsOf(kind).filter((m) => m.codes.includes('VDS_E_PROVIDER_CACHE_CORRUPT')).flatMap((method, methodIndex) =>
    FORMS.flatMap((form, formIndex) => MOMENTS.map((moment, momentIndex): Check => ({
      id: `recovery.${form}.${method.fullName}.${moment}`,
      title: `${displayName(method.fullName)}, ${TITLES[moment]}, with ${form} of a ${kind.name}'s cache entry`,
      requirements: ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.6', 'VDS-4.2b'],
      faults: [form],
      matrix: { fault: form, method: method.fullName, moment },
      effort: (methodIndex + formIndex) % MOMENTS.length === momentIndex ? 'standard' : 'full',
      cost: { calls: 70, recoveries: moment === 'after-a-second-recovery' ? 2 : 1 },
      run: (ctx) => run(ctx, kind, method, form, moment),
    })))));
