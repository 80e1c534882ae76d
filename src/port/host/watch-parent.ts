// The thread of a provider host that ends the process when its parent is gone, whatever the provider's code is doing.
import { workerData } from 'node:worker_threads';

const INTERVAL = 500;
const parent = workerData as number;

/** Elsewhere an orphan gets another parent; on Windows it keeps the number of the one it had. */
function orphaned(): boolean {
  if (process.platform !== 'win32') return process.ppid !== parent;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}

setInterval(() => {
  if (orphaned()) process.kill(process.pid, 'SIGKILL');
}, INTERVAL);
