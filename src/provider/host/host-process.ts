// The child process in which code that is not ours runs: a vendor's module, or a native library by way of the FFI adapter. It performs the
// operations it is sent and knows nothing of limits; its parent ends it when it must.
import { loadAdapter } from '../load-adapter.js';
import { errorToWire } from '../errors.js';
import { encodeNotification, perform } from '../operations.js';
import type { Port } from '../port.js';
import type { FromHost, ToHost } from './messages.js';

// A terminal's Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});

let underWay = 0;
// The parent has closed the session, or is gone. An ordinary exit waits for the threads of native calls, so that one which hangs would keep
// this process for ever.
process.on('disconnect', () => {
  if (underWay > 0) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
});

let port: Port | undefined;
const send = (message: FromHost): void => { process.send?.(message); };

async function handle(message: ToHost): Promise<void> {
  underWay += 1;
  try {
    if ('open' in message) {
      const { module, ...options } = message.open;
      port = await (await loadAdapter(module)).open(options);
      port.onNotification((n) => send({ notification: encodeNotification(n) }));
      send({ id: message.id, opened: port.capabilities });
    } else if ('operation' in message) {
      if (port === undefined) throw new Error('no provider is open');
      send({ id: message.id, reply: await perform(port, message.operation) });
    } else {
      await port?.close();
      send({ id: message.id, reply: {} });
    }
  } catch (error) {
    send({ id: message.id, error: errorToWire(error, 'open' in message ? 'VDSC_LOAD' : 'VDSC_PROTOCOL') });
  } finally {
    underWay -= 1;
  }
}

process.on('message', (message: ToHost) => { void handle(message); });
