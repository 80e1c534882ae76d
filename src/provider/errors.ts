// What is not VDS: a provider that crashed, hung, broke the protocol, cannot be reached or is set up wrongly. A VDS failure is a value (the
// HRESULT) and never one of these.
import { inspect } from 'node:util';

interface Details {
  readonly hint?: string;
  readonly call?: string | undefined;
  readonly cause?: unknown;
  readonly endsSession?: boolean;
}

/** Base of the family. `code` is stable, `hint` says what to do next, `call` names the call during which it happened, where there was one. */
export class HarnessError extends Error {
  readonly hint: string;
  readonly call: string | undefined;
  /** Whether the session that it comes from can carry no more calls. */
  readonly endsSession: boolean;

  constructor(readonly code: string, problem: string, details: Details = {}) {
    const during = details.call === undefined ? '' : ` during ${details.call}`;
    super(`${problem}${during}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint ?? '';
    this.call = details.call;
    this.endsSession = details.endsSession ?? false;
  }

  /** `ProviderHung [VDSC_HUNG]: … Hint.`: the one line a person reads. */
  describe(): string {
    return `${this.name} [${this.code}]: ${this.message}.${this.hint === '' ? '' : ` ${this.hint}`}`;
  }

  /** The same error with the call that it happened during, for one raised where the call was not known; one that names a call stays as it is. */
  during(call: string): HarnessError {
    return this.call === undefined ? new (kindOf(this.code))(this.message, { hint: this.hint, call, cause: this, endsSession: this.endsSession }) : this;
  }
}

/** The process that holds the provider died. */
export class ProviderCrashed extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_CRASHED', problem, { ...details, endsSession: true }); }
}

/** A call did not return within its limit; the provider was ended where that is possible. */
export class ProviderHung extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_HUNG', problem, { ...details, endsSession: true }); }
}

/** An answer that the contract does not allow: a missing output, a value outside its type, a reference that was never given out, memory overrun. */
export class ProviderProtocolError extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_PROTOCOL', problem, details); }
}

/** Nothing answers at the address, or the connection broke. */
export class ProviderUnreachable extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_UNREACHABLE', problem, { ...details, endsSession: true }); }
}

/** The provider's module or library could not be loaded or made no provider object. */
export class ProviderNotLoaded extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_LOAD', problem, details); }
}

/** Wrong usage or configuration by whoever started the run. */
export class ConfigurationError extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_CONFIG', problem, details); }
}

const FAMILY = new Map<unknown, new (problem: string, details?: Details) => HarnessError>([
  ['VDSC_CRASHED', ProviderCrashed], ['VDSC_HUNG', ProviderHung], ['VDSC_PROTOCOL', ProviderProtocolError],
  ['VDSC_UNREACHABLE', ProviderUnreachable], ['VDSC_LOAD', ProviderNotLoaded], ['VDSC_CONFIG', ConfigurationError],
]);
const kindOf = (code: unknown): new (problem: string, details?: Details) => HarnessError => FAMILY.get(code) ?? ProviderProtocolError;

export interface ErrorOnTheWire {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly endsSession?: true;
}

/** No provider has more to say about an error; a hostile one could send enough to fill a report. */
const LONGEST = 4_000;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);

/** What foreign code threw, which need be no Error, and may throw again when it is looked at. */
function lookAt(thrown: unknown): { readonly code: unknown; readonly endsSession: unknown; readonly message: string; readonly hint: string } {
  try {
    if (!(thrown instanceof Error)) return { code: undefined, endsSession: false, message: typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 1 }), hint: '' };
    const { code, hint, endsSession } = thrown as Partial<HarnessError>;
    // By its code and not by its class: a vendor's module may have this package from a folder of its own.
    if (FAMILY.has(code)) return { code, endsSession, message: String(thrown.message), hint: String(hint ?? '') };
    const frame = /\n\s+at (.+)/.exec(String(thrown.stack))?.[1];
    return { code: undefined, endsSession: false, message: `${thrown.name}: ${thrown.message}`, hint: frame === undefined ? '' : `Thrown at ${frame}.` };
  } catch {
    return { code: undefined, endsSession: false, message: 'something was thrown that cannot be shown', hint: '' };
  }
}

/** An error as it crosses a process or a network; anything outside the family becomes a load or protocol error by `fallback`. */
export function errorToWire(error: unknown, fallback: 'VDSC_LOAD' | 'VDSC_PROTOCOL'): ErrorOnTheWire {
  const { code, message, hint, endsSession } = lookAt(error);
  return { code: typeof code === 'string' ? code : fallback, message: cut(message), hint: cut(hint), ...(endsSession === true ? { endsSession } : {}) };
}

/** The reverse of errorToWire. What is no error on the wire becomes a ProviderProtocolError that says so. */
export function errorFromWire(wire: ErrorOnTheWire): HarnessError {
  const { code, message, hint, endsSession } = ((wire as unknown) ?? {}) as { readonly [K in keyof ErrorOnTheWire]?: unknown };
  if (typeof code !== 'string' || typeof message !== 'string') return new ProviderProtocolError(`what was answered as an error is none: ${inspect(wire).slice(0, 200)}`);
  return new (kindOf(code))(cut(message), { hint: typeof hint === 'string' ? cut(hint) : '', endsSession: endsSession === true });
}
