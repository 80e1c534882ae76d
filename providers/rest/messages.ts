// HTTP as the server reads and writes it: bodies with a limit, JSON answers, and the status of each kind of error. What
// is asked for and how it is done live in routes.ts and server.ts.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  errorToWire,
  HarnessError,
  ProviderProtocolError,
  ProviderUnreachable,
  messageOf,
} from '../../src/port/errors.js';
import type { Json } from '../../src/contract/codec.js';

export const JSON_TYPE = 'application/json';
/** Enough for a LUN of a hundred thousand extents, and little enough that no request can fill the memory. */
export const BODY_LIMIT = 8 * 1024 * 1024;
const DROPPED_LIMIT = 8 * BODY_LIMIT;

/** A request that is wrong as HTTP, before any provider is asked. */
class RequestRefused extends Error {
  constructor(
    readonly status: number,
    readonly error: HarnessError,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(error.message);
  }
}

export const refuse = (
  status: number,
  problem: string,
  hint = '',
  headers?: Readonly<Record<string, string>>,
): RequestRefused => new RequestRefused(status, new ProviderProtocolError(problem, { hint }), headers);

export const noSession = (): RequestRefused =>
  new RequestRefused(
    404,
    new ProviderUnreachable('the session does not exist', {
      hint: 'It was closed, or the server was started anew since; open another.',
    }),
  );

export const shuttingDown = (): RequestRefused =>
  new RequestRefused(503, new ProviderUnreachable('the server is shutting down', { hint: 'Start it again.' }), {
    connection: 'close',
  });

// The client goes by the code in the body. The status is for people, logs and proxies: 422 for a request, or an answer
// of the provider, that the contract does not allow; 5xx where the provider is gone.
const STATUS: Readonly<Record<string, number>> = {
  VDSC_PROTOCOL: 422,
  VDSC_CRASHED: 502,
  VDSC_HUNG: 504,
  VDSC_UNREACHABLE: 502,
  VDSC_LOAD: 500,
  VDSC_CONFIG: 500,
};

export function sendJson(
  response: ServerResponse,
  status: number,
  body: Json | object,
  headers?: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * Answers an error as `{"error":{"code","message","hint"}}`. What is outside the family of errors was thrown by the
 * provider's own code.
 */
export function sendError(response: ServerResponse, error: unknown, fallback: 'VDSC_LOAD' | 'VDSC_PROTOCOL'): void {
  if (response.headersSent) return;
  if (error instanceof RequestRefused)
    sendJson(response, error.status, { error: errorToWire(error.error, fallback) }, error.headers);
  else
    sendJson(response, error instanceof HarnessError ? (STATUS[error.code] ?? 500) : 500, {
      error: errorToWire(error, fallback),
    });
}

/**
 * The body as bytes. Rejects with RequestRefused when it is larger than BODY_LIMIT. The rest is then read and dropped,
 * since a client that is cut off while it sends may never see the answer; up to a point.
 */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let dropping = false;
    const drop = (): void => {
      dropping = true;
      chunks.length = 0;
      reject(refuse(413, `the body is larger than ${BODY_LIMIT} bytes`));
    };
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) drop();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > DROPPED_LIMIT) request.destroy();
      else if (!dropping && size > BODY_LIMIT) drop();
      else if (!dropping) chunks.push(chunk);
    });
    request.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.once('error', () => reject(refuse(400, 'the body broke off')));
  });
}

/** The body as a JSON object. Rejects with RequestRefused when it is anything else. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  // The type is required because a web page can send any other without being asked whether it may.
  const type = request.headers['content-type'];
  if (type === undefined || !type.toLowerCase().startsWith(JSON_TYPE))
    throw refuse(415, `the body's type is ${type ?? 'not given'}`, `Send content-type: ${JSON_TYPE}.`);
  const bytes = await readBody(request);
  if (!isUtf8(bytes)) throw refuse(400, 'the body is not UTF-8');
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw refuse(400, `the body is not JSON: ${messageOf(error)}`);
  }
}
