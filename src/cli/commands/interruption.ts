// Ctrl-C and SIGTERM during a run: the first stops the run so that its reports can be written, another ends the process
// at once.
import type { Interruption } from '../../run/execute.js';
import { EXIT } from '../../run/summary.js';

const SIGNALS: readonly (string | symbol)[] = ['SIGINT', 'SIGTERM'];
/**
 * Milliseconds that the check under way gets to clean up; the reports are then written whatever it does, and all of it
 * is to be done within a second.
 */
const GRACE = 600;
/**
 * Milliseconds in which a signal is the same one again: npm and npx pass on the Ctrl-C that the terminal gave to the
 * whole process group already.
 */
const ECHO = 100;

/**
 * Takes the signals from now on, also from those who would listen later: the engine's own listeners end the process and
 * report nothing. `stop` is called at the first.
 */
export function takeInterruptions(stop: () => void): Interruption {
  let first: number | undefined;
  let resolve = (): void => {};
  const graceIsOver = new Promise<undefined>((done) => {
    resolve = () => done(undefined);
  });
  const receive = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      // On a busy machine the timer may be late, and another signal may be waiting behind it: that one goes first.
      setTimeout(() => setImmediate(resolve), GRACE);
      stop();
    } else if (now - first > ECHO) {
      // The shell's prompt is not to stand behind the progress.
      if (process.stdout.isTTY) process.stdout.write('\n');
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGINT', receive).on('SIGTERM', receive);
  // Before any signal can be delivered, but after the listener is there to be removed.
  process.on('newListener', (event, listener) => {
    if (SIGNALS.includes(event)) queueMicrotask(() => process.removeListener(event, listener as () => void));
  });
  return {
    get happened() {
      return first !== undefined;
    },
    graceIsOver,
  };
}
