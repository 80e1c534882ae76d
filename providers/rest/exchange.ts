// One HTTP request and its JSON answer over an undici dispatcher, with every way it can go wrong turned into one of the
// harness's errors. It knows no resource. Written on dispatch(), beneath undici's request(), because that makes a
// stream for each body, and here a body is one chunk.
import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from 'undici';
import {
  errorFromWire,
  HarnessError,
  messageOf,
  ProviderProtocolError,
  ProviderUnreachable,
  type ErrorOnTheWire,
} from '../../src/port/errors.js';
import { JSON_TYPE } from './messages.js';
import type { Verb } from './routes.js';

/** Bytes of an answer. More than any provider has to say, and little enough that no server can fill the memory. */
export const REPLY_LIMIT = 32 * 1024 * 1024;

const EVENT_STREAM_TYPE = 'text/event-stream';

/** The answer of exchange() when an event stream began. */
export const STREAMING: unique symbol = Symbol('streaming');

/** Takes the body of an event stream as it comes. */
interface StreamListener {
  readonly chunk: (chunk: Buffer) => void;
  readonly lost: (error: HarnessError) => void;
}

const NO_BODY: readonly string[] = ['accept', JSON_TYPE];
const WITH_BODY: readonly string[] = ['accept', JSON_TYPE, 'content-type', JSON_TYPE];
const START_IT = "Is the provider's server running? Start it, or pass --url.";
const NOT_OURS = 'Does --url point at a VDS gateway that speaks this protocol? providers/rest/README.md describes it.';

/** node:net tries every address of a name and wraps their failures in an error without a message. */
const reason = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(reason).join('; ') : messageOf(error);

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code ?? '');

class Exchange implements Dispatcher.DispatchHandler {
  private connected = false;
  private status = 0;
  private type = '';
  private announced: string | undefined;
  private streaming = false;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly resolve: (answer: unknown) => void,
    private readonly reject: (error: HarnessError) => void,
    private readonly what: string,
    private readonly stream: StreamListener | undefined,
  ) {}

  onRequestStart(): void {
    this.connected = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.type = String(headers['content-type'] ?? '').toLowerCase();
    this.announced = headers['content-length']?.toString();
    if (Number(this.announced ?? 0) > REPLY_LIMIT) controller.abort(this.oversized());
    else if (this.stream !== undefined && status === 200 && this.type.startsWith(EVENT_STREAM_TYPE)) {
      this.streaming = true;
      this.resolve(STREAMING);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.streaming) {
      try {
        this.stream?.chunk(chunk);
      } catch (error) {
        controller.abort(
          error instanceof HarnessError
            ? error
            : new ProviderProtocolError(`the event stream is not well formed: ${reason(error)}`, { cause: error }),
        );
      }
      return;
    }
    this.size += chunk.length;
    this.chunks.push(chunk);
    if (this.size > REPLY_LIMIT) controller.abort(this.oversized());
  }

  onResponseEnd(): void {
    if (this.streaming) {
      this.stream?.lost(
        new ProviderUnreachable('the server ended the event stream', {
          hint: 'It closed the session or is shutting down; its log says why.',
        }),
      );
      return;
    }
    try {
      this.resolve(this.answer());
    } catch (error) {
      this.reject(error instanceof HarnessError ? error : new ProviderProtocolError(reason(error), { cause: error }));
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const translated = this.translate(error);
    if (this.streaming) this.stream?.lost(translated);
    else this.reject(translated);
  }

  private translate(error: Error): HarnessError {
    if (error instanceof HarnessError) return error;
    const details = { cause: error };
    const why = reason(error);
    if (!this.connected) return new ProviderUnreachable(why, { ...details, hint: START_IT });
    if (this.streaming)
      return new ProviderUnreachable(`the event stream broke off: ${why}`, { ...details, hint: START_IT });
    if (error.name === 'HTTPParserError' || codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW')
      return new ProviderProtocolError(`the answer is not HTTP: ${why}`, { ...details, hint: NOT_OURS });
    if (this.status !== 0) {
      return new ProviderProtocolError(
        `the answer to ${this.what} broke off after ${this.size} of ` +
          `${this.announced ?? 'an unknown number of'} bytes: ${why}`,
        details,
      );
    }
    return new ProviderUnreachable(`the connection broke: ${why}`, {
      ...details,
      hint: 'The server, or something between, ended the connection before it answered; its log may say why.',
    });
  }

  /**
   * The JSON of a 2xx answer. Throws what the server's error body says, or ProviderProtocolError for any other answer.
   */
  private answer(): unknown {
    if (this.status === 204) return undefined;
    const bytes =
      this.chunks.length === 1 && this.chunks[0] !== undefined ? this.chunks[0] : Buffer.concat(this.chunks);
    if (!this.type.startsWith(JSON_TYPE)) throw this.unexpected(`type "${this.type}" instead of ${JSON_TYPE}`, bytes);
    if (!isUtf8(bytes)) throw this.unexpected('bytes that are not UTF-8', bytes);
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString());
    } catch (error) {
      throw this.unexpected(`no JSON (${reason(error)})`, bytes);
    }
    if (this.status < 300) return json;
    const wire = (json as { readonly error?: Partial<ErrorOnTheWire> } | null)?.error;
    if (typeof wire?.code !== 'string' || typeof wire.message !== 'string')
      throw this.unexpected('no "error" with a code and a message', bytes);
    throw errorFromWire({
      code: wire.code,
      message: wire.message,
      hint: typeof wire.hint === 'string' ? wire.hint : '',
    });
  }

  private unexpected(came: string, bytes: Buffer): ProviderProtocolError {
    const text = bytes.subarray(0, 200).toString().replace(/\s+/g, ' ');
    return new ProviderProtocolError(
      `HTTP ${this.status} to ${this.what} has ${came}${text === '' ? ', and no body' : `: ${text}`}`,
      { hint: NOT_OURS },
    );
  }

  private oversized(): ProviderProtocolError {
    return new ProviderProtocolError(`the answer to ${this.what} is larger than ${REPLY_LIMIT} bytes`);
  }
}

/**
 * Sends a request and gives the JSON of its answer; undefined for 204. With `stream`, an event stream is answered with
 * STREAMING as soon as it begins. Rejects with ProviderUnreachable, ProviderProtocolError or what the server's error
 * body says.
 */
export function exchange(
  dispatcher: Dispatcher,
  verb: Verb,
  path: string,
  body?: string,
  stream?: StreamListener,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = stream !== undefined ? ['accept', EVENT_STREAM_TYPE] : body === undefined ? NO_BODY : WITH_BODY;
    dispatcher.dispatch(
      { method: verb, path, headers: headers as string[], ...(body === undefined ? {} : { body }) },
      new Exchange(resolve, reject, `${verb} ${path}`, stream),
    );
  });
}
