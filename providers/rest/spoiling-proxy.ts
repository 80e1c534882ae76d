// A TCP proxy between the client and its server that passes bytes on as they are, until it is told to spoil an answer:
// then real bytes are lost, changed or delayed on their way. It knows as much of HTTP as it takes to see where an
// answer ends, and nothing of VDS.
//
//   client ── request, untouched ──► proxy ──► server      The server has carried the request out by the time that its
// answer is spoilt.
//   client ◄─ what is left of it ─── proxy ◄── answer
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TransportFault } from '../../src/port/port.js';
import { REPLY_LIMIT } from './exchange.js';

const HEADERS_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
/** A slow answer comes in so many pieces, with so many milliseconds before each. */
const PIECES = 5;
const PAUSE = 100;

/** Writes a whole answer to the client, spoilt. Gives what it did, for people. */
type Spoil = (answer: Buffer, client: Socket) => string;

/** Length of the headers, with the empty line after them; undefined until they are all there. */
function headersOf(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(HEADERS_END);
  return end === -1 ? undefined : end + HEADERS_END.length;
}

/** Whether the bytes are a whole answer. */
function isWhole(bytes: Buffer): boolean {
  const start = headersOf(bytes);
  if (start === undefined) return false;
  const length = /^content-length: *(\d+)\r$/im.exec(bytes.toString('latin1', 0, start))?.[1];
  return length === undefined
    ? bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
    : bytes.length >= start + Number(length);
}

const reset: Spoil = (answer, client) => {
  client.resetAndDestroy();
  return `${answer.length} bytes came, none was passed on, the connection was reset`;
};

const truncate: Spoil = (answer, client) => {
  const start = headersOf(answer) ?? 0;
  const kept = start + Math.floor((answer.length - start) / 2);
  client.end(answer.subarray(0, kept));
  return `${answer.length} bytes came, ${kept} were passed on, the connection was ended`;
};

const malform: Spoil = (answer, client) => {
  const start = headersOf(answer) ?? 0;
  const changed = Buffer.concat([answer.subarray(0, start), Buffer.alloc(answer.length - start, '<')]);
  client.write(changed);
  return `the ${answer.length - start} bytes of the body were overwritten`;
};

const inflate: Spoil = (answer, client) => {
  const head = answer
    .toString('latin1', 0, headersOf(answer))
    .replace(/^(content-length|transfer-encoding):.*\r\n/gim, '');
  client.write(head.replace(/\r\n\r\n$/, '\r\nconnection: close\r\n\r\n'), 'latin1');
  const filler = Buffer.alloc(1 << 20, ' ');
  const more = (): void => {
    while (!client.destroyed && client.write(filler));
  };
  client.on('drain', more);
  more();
  return `${answer.length} bytes came, and filler without end was passed on, of which ${REPLY_LIMIT} bytes are allowed`;
};

const delay: Spoil = (answer, client) => {
  const size = Math.ceil(answer.length / PIECES);
  const pass = (from: number): void => {
    if (client.destroyed || from >= answer.length) return;
    setTimeout(() => {
      client.write(answer.subarray(from, from + size));
      pass(from + size);
    }, PAUSE);
  };
  pass(0);
  return `${answer.length} bytes were passed on in ${Math.ceil(answer.length / size)} pieces, ${PAUSE} ms apart`;
};

const SPOILS: Readonly<Record<TransportFault, Spoil>> = {
  'transport-reset': reset,
  'transport-truncated': truncate,
  'transport-malformed': malform,
  'transport-oversized': inflate,
  'transport-slow': delay,
};

export class SpoilingProxy {
  /** The damage to the spoilt answer. */
  struck: string | undefined;
  private readonly sockets = new Set<Socket>();
  private pending: TransportFault | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /**
   * Listens on a free port of the loopback address, for connections to the server at an origin such as
   * http://127.0.0.1:8443.
   */
  static async start(origin: string): Promise<SpoilingProxy> {
    const { hostname, port } = new URL(origin);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new SpoilingProxy(server, { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 80 : port) });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Spoils the next answer, and only that. */
  spoil(kind: TransportFault): void {
    this.struck = undefined;
    this.pending = kind;
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private join(client: Socket): void {
    const upstream = connect(this.target);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      // Each side hears of the other's end by its close.
      socket.on('error', () => {});
      socket.setNoDelay(true);
    }
    client.on('data', (bytes: Buffer) => {
      upstream.write(bytes);
    });
    client.once('close', () => {
      this.part(client, upstream);
    });
    upstream.once('close', () => {
      this.part(upstream, client);
    });
    let kept = Buffer.alloc(0);
    upstream.on('data', (bytes: Buffer) => {
      if (this.pending === undefined) {
        client.write(bytes);
        return;
      }
      kept = Buffer.concat([kept, bytes]);
      if (!isWhole(kept)) return;
      const kind = this.pending;
      this.pending = undefined;
      this.struck = SPOILS[kind](kept, client);
      kept = Buffer.alloc(0);
    });
  }

  private part(closed: Socket, other: Socket): void {
    this.sockets.delete(closed);
    other.end();
  }
}
