// Errors outside VDS: a provider that crashed, hung, broke the protocol, cannot be reached or is set up wrongly. A VDS
// failure is a value (the HRESULT) and never one of these.
import { inspect } from 'node:util';

interface Details {
  readonly hint?: string;
  readonly call?: string | undefined;
  readonly cause?: unknown;
  readonly endsSession?: boolean;
  /** It happened while no call was under way, so that the one which finds out is not to be named. */
  readonly betweenCalls?: boolean;
  /** The milliseconds that a call had, where it took longer: the message then says which call did not answer. */
  readonly limit?: number | undefined;
}

/** After these the provider is gone; after the others it may go on, unless they say otherwise. */
const GONE: ReadonlySet<string> = new Set(['VDSC_CRASHED', 'VDSC_HUNG', 'VDSC_UNREACHABLE']);

/**
 * Base of the family. `code` is stable, `hint` says what to do next, `call` names the call during which it happened,
 * where there was one.
 */
export class HarnessError extends Error {
  readonly hint: string;
  readonly call: string | undefined;
  /** Whether the session that it comes from can carry no more calls. */
  readonly endsSession: boolean;
  private readonly betweenCalls: boolean;
  private readonly limit: number | undefined;

  constructor(
    readonly code: string,
    problem: string,
    details: Details = {},
  ) {
    const during = details.call === undefined ? '' : ` during ${details.call}`;
    const message =
      details.limit === undefined
        ? `${problem}${during}`
        : `${details.call ?? 'the provider'} did not answer within ${details.limit} ms`;
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint ?? '';
    this.call = details.call;
    this.betweenCalls = details.betweenCalls === true;
    this.limit = details.limit;
    this.endsSession = GONE.has(code) || details.endsSession === true;
  }

  /** `The problem. Hint. [VDSC_HUNG]`: the one line a person reads, with the stable code to search for. */
  describe(): string {
    return `${this.message}.${this.hint === '' ? '' : ` ${this.hint}`} [${this.code}]`;
  }

  /**
   * The same error with the call that it happened during, for one raised where the call was not known; one that names a
   * call stays as it is.
   */
  during(call: string): HarnessError {
    return this.call === undefined && !this.betweenCalls
      ? new (kindOf(this.code))(this.message, {
          hint: this.hint,
          call,
          cause: this,
          endsSession: this.endsSession,
          limit: this.limit,
        })
      : this;
  }
}

/** The process that holds the provider died. */
export class ProviderCrashed extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_CRASHED', problem, details);
  }
}

/** A call did not return within its limit; the provider was ended where that is possible. */
export class ProviderHung extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_HUNG', problem, details);
  }
}

/**
 * An answer that the contract does not allow: a missing output, a value outside its type, a reference that was never
 * given out, memory overrun.
 */
export class ProviderProtocolError extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_PROTOCOL', problem, details);
  }
}

/** Nothing answers at the address, or the connection broke. */
export class ProviderUnreachable extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_UNREACHABLE', problem, details);
  }
}

/** The provider's module or library could not be loaded or made no provider object. */
export class ProviderNotLoaded extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_LOAD', problem, details);
  }
}

/** Wrong usage or configuration by whoever started the run. */
export class ConfigurationError extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_CONFIG', problem, details);
  }
}

/** A run that only reads was about to change the system under test. The call was not made. */
export class ChangeRefused extends HarnessError {
  constructor(problem: string, details?: Details) {
    super('VDSC_READ_ONLY', problem, details);
  }
}

const FAMILY = new Map<unknown, new (problem: string, details?: Details) => HarnessError>([
  ['VDSC_CRASHED', ProviderCrashed],
  ['VDSC_HUNG', ProviderHung],
  ['VDSC_PROTOCOL', ProviderProtocolError],
  ['VDSC_UNREACHABLE', ProviderUnreachable],
  ['VDSC_LOAD', ProviderNotLoaded],
  ['VDSC_CONFIG', ConfigurationError],
  ['VDSC_READ_ONLY', ChangeRefused],
]);
const kindOf = (code: unknown): new (problem: string, details?: Details) => HarnessError =>
  FAMILY.get(code) ?? ProviderProtocolError;

export interface ErrorOnTheWire {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly endsSession?: true;
}

/** No provider has more to say about an error; a hostile one could send enough to fill a report. */
const LONGEST = 4_000;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);

/** The message of whatever was thrown, which need not be an Error. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Calls `look`, for something that foreign code threw: it need not be an Error, and may throw again when it is read.
 */
function safely<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

// By the code and not by the class: a vendor's module may have this package from a folder of its own.
const isOfFamily = (error: unknown): error is HarnessError =>
  error instanceof Error && FAMILY.has((error as Partial<HarnessError>).code);

/**
 * An error as it crosses a process or a network; anything outside the family becomes a load or protocol error by
 * `fallback`.
 */
export function errorToWire(error: unknown, fallback: 'VDSC_LOAD' | 'VDSC_PROTOCOL'): ErrorOnTheWire {
  return safely<ErrorOnTheWire>(
    () => {
      if (!(error instanceof Error))
        return {
          code: fallback,
          message: cut(typeof error === 'string' ? error : inspect(error, { depth: 1 })),
          hint: '',
        };
      if (!isOfFamily(error)) return { code: fallback, message: cut(`${error.name}: ${error.message}`), hint: '' };
      const { code, message, hint, endsSession } = error;
      return {
        code,
        message: cut(String(message)),
        hint: cut(String(hint ?? '')),
        ...(endsSession && !GONE.has(code) ? { endsSession } : {}),
      };
    },
    { code: fallback, message: 'something was thrown that cannot be shown', hint: '' },
  );
}

/**
 * `Thrown at …:12:5.`, for the author of the code that threw; empty for the family, which has its own hints, and where
 * it is unknown.
 */
export function thrownAt(error: unknown): string {
  return safely(() => {
    if (!(error instanceof Error) || isOfFamily(error)) return '';
    const frame = /\n\s+at (.+)/.exec(String(error.stack))?.[1];
    return frame === undefined ? '' : `Thrown at ${frame}.`;
  }, '');
}

/** The reverse of errorToWire. A malformed error becomes a ProviderProtocolError that says so. */
export function errorFromWire(wire: ErrorOnTheWire): HarnessError {
  const { code, message, hint, endsSession } = ((wire as unknown) ?? {}) as {
    readonly [K in keyof ErrorOnTheWire]?: unknown;
  };
  if (typeof code !== 'string' || typeof message !== 'string')
    return new ProviderProtocolError(
      `the answer should be an error, but has no code and message: ${inspect(wire).slice(0, 200)}`,
    );
  return new (kindOf(code))(cut(message), {
    hint: typeof hint === 'string' ? cut(hint) : '',
    endsSession: endsSession === true,
  });
}
