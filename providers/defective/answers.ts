// Ways of answering one method wrong, for the defects next to this file: another code, another value, nothing done, other arguments. Each makes the
// overrides of a session.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { HR, succeeded } from '../../src/contract/hresult.js';
import type { RawMethods } from '../../src/contract/generated/raw.js';
import { method as contractOf, type MethodName } from '../../src/contract/tables.js';
import type { MakeOverrides, MethodOutputs, MethodOverride, Overrides } from './override.js';

type Arguments<M extends MethodName> = RawMethods[M]['in'];

/** Answers one method otherwise. */
export const overriding = <M extends MethodName>(method: M, make: () => MethodOverride<M>): MakeOverrides => () => ({ methods: { [method]: make() } as NonNullable<Overrides['methods']> });

/** Where the provider answers one of these codes the caller gets another; with `only`, for some arguments. */
export const answers = <M extends MethodName>(method: M, owed: readonly number[], instead: number, only: (args: Arguments<M>) => boolean = () => true): MakeOverrides =>
  overriding(method, () => async (call, next) => {
    const reply = await next();
    return owed.includes(reply.hr) && only(call.args) ? { ...reply, hr: instead } : reply;
  });

/** The method is not there: it answers this code whatever it is asked. */
export const unavailable = <M extends MethodName>(method: M, hr: number, only: (args: Arguments<M>) => boolean = () => true): MakeOverrides =>
  overriding(method, () => async (call, next) => (only(call.args) ? { hr, out: nothing(method, call.nullOuts ?? []) } : next()));

/** The outputs of a method that wrote none, but for pointers and strings, which are NULL. */
const nothing = <M extends MethodName>(method: M, nullOuts: readonly string[]): MethodOutputs<M> => Object.fromEntries(
  contractOf(method).outs.filter(({ name }) => !nullOuts.includes(name)).map(({ name, type }) => [name, type.kind === 'interface' || type.kind === 'wstr' ? null : UNTOUCHED]),
) as MethodOutputs<M>;

/** The method answers S_OK and does nothing; with `only`, for some arguments. */
export const pretends = <M extends MethodName>(method: M, only: (args: Arguments<M>) => boolean = () => true): MakeOverrides => unavailable(method, HR.S_OK, only);

/** The method is asked with other arguments than the caller's. */
export const asks = <M extends MethodName>(method: M, change: (args: Arguments<M>) => Arguments<M>): MakeOverrides =>
  overriding(method, () => async (call, next) => next({ args: change(call.args) }));

/** What a success tells is changed, unless an output is missing. `makeChange` is called for each session, so that a change may remember. */
export const tells = <M extends MethodName>(method: M, makeChange: () => (out: RawMethods[M]['out'], args: Arguments<M>) => RawMethods[M]['out']): MakeOverrides =>
  overriding(method, () => {
    const change = makeChange();
    return async (call, next) => {
      const { hr, out } = await next();
      const whole = succeeded(hr) && Object.values(out).every((value) => value !== UNTOUCHED && value !== undefined);
      return { hr, out: whole && (call.nullOuts ?? []).length === 0 ? change(out as RawMethods[M]['out'], call.args) : out };
    };
  });

/** Several at once: one defect that shows in more than one method. */
export const together = (...makes: readonly MakeOverrides[]): MakeOverrides => (inner) => ({
  methods: Object.assign({}, ...makes.map((make) => make(inner).methods)) as NonNullable<Overrides['methods']>,
});
