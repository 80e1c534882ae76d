// What is not VDS: a provider that crashed, hung, broke the protocol, cannot be reached or is set up wrongly. A VDS failure is a value (the
// HRESULT) and never one of these.

/** Base of the family. `code` is stable, `hint` says what to do next, `call` names the call during which it happened, where there was one. */
export class HarnessError extends Error {
  readonly hint: string;
  readonly call: string | undefined;

  constructor(readonly code: string, problem: string, details: { hint?: string; call?: string | undefined; cause?: unknown } = {}) {
    const during = details.call === undefined ? '' : ` during ${details.call}`;
    super(`${problem}${during}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint ?? '';
    this.call = details.call;
  }

  /** `ProviderHung [VDSC_HUNG]: … Hint.`: the one line a person reads. */
  describe(): string {
    return `${this.name} [${this.code}]: ${this.message}.${this.hint === '' ? '' : ` ${this.hint}`}`;
  }
}

type Details = ConstructorParameters<typeof HarnessError>[2];

/** The process that holds the provider died. */
export class ProviderCrashed extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_CRASHED', problem, details); }
}

/** A call did not return within its limit; the provider was ended where that is possible. */
export class ProviderHung extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_HUNG', problem, details); }
}

/** An answer that the contract does not allow: a missing output, a value outside its type, a reference that was never given out, memory overrun. */
export class ProviderProtocolError extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_PROTOCOL', problem, details); }
}

/** Nothing answers at the address, or the connection broke. */
export class ProviderUnreachable extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_UNREACHABLE', problem, details); }
}

/** The provider's module or library could not be loaded or made no provider object. */
export class ProviderNotLoaded extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_LOAD', problem, details); }
}

/** Wrong usage or configuration by whoever started the run. */
export class ConfigurationError extends HarnessError {
  constructor(problem: string, details?: Details) { super('VDSC_CONFIG', problem, details); }
}

const FAMILY = { VDSC_CRASHED: ProviderCrashed, VDSC_HUNG: ProviderHung, VDSC_PROTOCOL: ProviderProtocolError, VDSC_UNREACHABLE: ProviderUnreachable, VDSC_LOAD: ProviderNotLoaded, VDSC_CONFIG: ConfigurationError } as const;

export interface ErrorOnTheWire {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** An error as it crosses a process or a network; anything outside the family becomes a load or protocol error by `fallback`. */
export function errorToWire(error: unknown, fallback: 'VDSC_LOAD' | 'VDSC_PROTOCOL'): ErrorOnTheWire {
  if (error instanceof HarnessError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: fallback, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error), hint: '' };
}

export function errorFromWire(wire: ErrorOnTheWire, call?: string): HarnessError {
  const Known = (FAMILY as Record<string, (typeof FAMILY)[keyof typeof FAMILY] | undefined>)[wire.code] ?? ProviderProtocolError;
  return new Known(wire.message, { hint: wire.hint, call });
}
