// Ways of answering one method wrong, for the defects next to this file: another code, another value, nothing done,
// other arguments. Each makes the overrides of a session.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { HR, succeeded } from '../../src/contract/hresult.js';
import type { RawMethods } from '../../src/contract/generated/raw.js';
import { method as contractOf, type Handle, type MethodName } from '../../src/contract/tables.js';
import type { Port } from '../../src/port/port.js';
import {
  interfaceOf,
  type MakeOverrides,
  type MethodCall,
  type MethodOutputs,
  type MethodOverride,
  type MethodReply,
  type Overrides,
} from './override.js';

type Arguments<M extends MethodName> = RawMethods[M]['in'];

/** Answers one method otherwise. */
export const overriding =
  <M extends MethodName>(method: M, make: () => MethodOverride<M>): MakeOverrides =>
  () => ({ methods: { [method]: make() } as NonNullable<Overrides['methods']> });

/** Where the provider answers one of these codes the caller gets another; with `only`, for some arguments. */
export const answers = <M extends MethodName>(
  method: M,
  right: readonly number[],
  instead: number,
  only: (args: Arguments<M>) => boolean = () => true,
): MakeOverrides =>
  overriding(method, () => async (call, next) => {
    const reply = await next();
    return right.includes(reply.hr) && only(call.args) ? { ...reply, hr: instead } : reply;
  });

/** The method is not there: it answers this code whatever it is asked. */
export const unavailable = <M extends MethodName>(
  method: M,
  hr: number,
  only: (args: Arguments<M>) => boolean = () => true,
): MakeOverrides =>
  overriding(
    method,
    () => async (call, next) => (only(call.args) ? { hr, out: nothing(method, call.nullOuts ?? []) } : next()),
  );

/** The interfaces of devices whose GetProperties tells whether the device is there. */
const TELL_PROPERTIES = [
  'IVdsSubSystem',
  'IVdsController',
  'IVdsControllerPort',
  'IVdsDrive',
  'IVdsLun',
  'IVdsLunPlex',
  'IVdsIscsiTarget',
  'IVdsIscsiPortal',
  'IVdsIscsiPortalGroup',
] as const;

/**
 * The answer of a failing GetProperties of the object: the object is gone, or the provider is not loaded, or its cache
 * is damaged.
 */
async function troubleOf(inner: Port, object: Handle): Promise<number | undefined> {
  for (const name of TELL_PROPERTIES) {
    const typed = await interfaceOf(inner, object, name);
    if (typed === null) continue;
    const { hr } = await inner.invoke({ object: typed, method: `${name}.GetProperties`, args: {} });
    await inner.release(typed);
    return succeeded(hr) ? undefined : hr;
  }
  return undefined;
}

/** Like unavailable(), for a lawful provider: an object that is gone, or cannot be read, says so first. */
export const lacks =
  <M extends MethodName>(method: M, hr: number, only: (args: Arguments<M>) => boolean = () => true): MakeOverrides =>
  (inner) => ({
    methods: {
      [method]: async (call: MethodCall<M>, next: () => Promise<MethodReply<M>>) =>
        only(call.args)
          ? { hr: (await troubleOf(inner, call.object)) ?? hr, out: nothing(method, call.nullOuts ?? []) }
          : next(),
    } as NonNullable<Overrides['methods']>,
  });

/** The outputs of a method that wrote none, but for pointers and strings, which are NULL. */
const nothing = <M extends MethodName>(method: M, nullOuts: readonly string[]): MethodOutputs<M> =>
  Object.fromEntries(
    contractOf(method)
      .outs.filter(({ name }) => !nullOuts.includes(name))
      .map(({ name, type }) => [name, type.kind === 'interface' || type.kind === 'wstr' ? null : UNTOUCHED]),
  ) as MethodOutputs<M>;

/** The method answers S_OK and does nothing; with `only`, for some arguments. */
export const pretends = <M extends MethodName>(
  method: M,
  only: (args: Arguments<M>) => boolean = () => true,
): MakeOverrides => unavailable(method, HR.S_OK, only);

/** The method is asked with other arguments than the caller's. */
export const asks = <M extends MethodName>(method: M, change: (args: Arguments<M>) => Arguments<M>): MakeOverrides =>
  overriding(method, () => async (call, next) => next({ args: change(call.args) }));

/**
 * Changes the outputs of a success, unless one is missing. `makeChange` is called for each session, so that a change
 * may remember.
 */
export const reports = <M extends MethodName>(
  method: M,
  makeChange: () => (out: RawMethods[M]['out'], args: Arguments<M>) => RawMethods[M]['out'],
): MakeOverrides =>
  overriding(method, () => {
    const change = makeChange();
    return async (call, next) => {
      const { hr, out } = await next();
      const whole = succeeded(hr) && Object.values(out).every((value) => value !== UNTOUCHED && value !== undefined);
      return {
        hr,
        out: whole && (call.nullOuts ?? []).length === 0 ? change(out as RawMethods[M]['out'], call.args) : out,
      };
    };
  });

/** Several at once: one defect that shows in more than one method. */
export const together =
  (...makes: readonly MakeOverrides[]): MakeOverrides =>
  (inner) => ({
    methods: Object.assign({}, ...makes.map((make) => make(inner).methods)) as NonNullable<Overrides['methods']>,
  });
