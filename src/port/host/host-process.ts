// The child process in which code that is not ours runs: a vendor's module, or a native library by way of the FFI
// adapter. It performs the operations it is sent and knows nothing of limits; its parent ends it when it must.
import { Worker } from 'node:worker_threads';
import { errorToWire, ProviderProtocolError, thrownAt } from '../errors.js';
import { settingsOf } from '../adapter-settings.js';
import { loadAdapter, openAdapter } from '../load-adapter.js';
import { encodeNotification, perform } from '../operations.js';
import type { Notification, Port } from '../port.js';
import type { FromHost, ToHost } from './messages.js';

// A terminal's Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});

let underWay = 0;
// The parent has closed the session, or is gone. An ordinary exit waits for the threads of native calls, so that one
// which hangs would keep this process for ever.
process.on('disconnect', () => {
  if (underWay > 0) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
});
// Foreign code that never comes back to the event loop keeps the above from happening; this thread sees that the parent
// is gone all the same. Where no thread can be had the provider still runs.
new Worker(new URL('./watch-parent.js', import.meta.url), { workerData: process.ppid, env: {}, execArgv: [] })
  .once('error', () => {})
  .unref();

let port: Port | undefined;
const send = (message: FromHost): void => {
  process.send?.(message);
};

/** Never throws: it would end whatever code of the provider called OnNotify. */
function notify(notification: Notification): void {
  let message: FromHost;
  try {
    message = { notification: encodeNotification(notification) };
  } catch (error) {
    const { message: problem } = errorToWire(error, 'VDSC_PROTOCOL');
    message = {
      broken: errorToWire(
        new ProviderProtocolError(`OnNotify was given what the contract does not allow: ${problem}`),
        'VDSC_PROTOCOL',
      ),
    };
  }
  send(message);
}

async function handle(message: ToHost): Promise<void> {
  underWay += 1;
  try {
    if ('open' in message) {
      const { module, ...options } = message.open;
      const opened = await openAdapter(module, { ...options, ownProcess: true });
      port = opened;
      // A late message belongs to an ended session, not to the next one.
      opened.onNotification((notification) => {
        if (port === opened) notify(notification);
      });
      send({ id: message.id, opened: opened.capabilities });
    } else if ('describe' in message) {
      const { name, says = '', settings } = await loadAdapter(message.describe);
      send({
        id: message.id,
        described: { name, says, ...(settings === undefined ? {} : { settings: settingsOf(settings) }) },
      });
    } else if ('operation' in message) {
      if (port === undefined) throw new Error('no provider is open');
      send({ id: message.id, reply: await perform(port, message.operation) });
    } else {
      await port?.close();
      send({ id: message.id, reply: {} });
    }
  } catch (error) {
    const wire = errorToWire(error, 'open' in message || 'describe' in message ? 'VDSC_LOAD' : 'VDSC_PROTOCOL');
    send({ id: message.id, error: wire.hint === '' ? { ...wire, hint: thrownAt(error) } : wire });
  } finally {
    underWay -= 1;
  }
}

process.on('message', (message: ToHost) => {
  void handle(message);
});
