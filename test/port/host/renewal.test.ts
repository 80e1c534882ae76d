// A disposable system renewed: another session of the same process, unless that is at its end.
import { afterEach, expect, test } from 'vitest';
import { openIsolated } from '../../../src/port/host/isolated.js';
import type { Port } from '../../../src/port/port.js';
import { endAll, running, writeModule } from '../module.js';

afterEach(endAll);

const options = { settings: {}, seed: 'renewal', scratch: '' };
const renewed = async (port: Port): Promise<Port> => {
  if (port.renew === undefined) throw new Error('the port cannot be renewed');
  return port.renew();
};

test('keeps the process, and ends the session before the next', async () => {
  const module = writeModule({ open: "note('opened', process.pid)", close: "note('closed', process.pid)" });
  let port = await openIsolated(module.path, options);
  const pid = module.pid();
  for (let times = 0; times < 20; times += 1) {
    const before = port;
    const object = await before.createInstance();
    port = await renewed(before);
    await expect(before.release(object)).rejects.toThrow('the session is closed');
    expect(module.pid('closed')).toBe(pid);
    expect(module.pid('opened')).toBe(pid);
  }
  expect(await port.createInstance()).toBeGreaterThan(0);
  await port.close();
  expect(running(pid)).toBe(false);
});

test('says so where the provider dies of it, and leaves no process', async () => {
  const module = writeModule({ close: 'setTimeout(() => process.exit(1), 1); await sleep()' });
  const port = await openIsolated(module.path, options);
  const pid = module.pid();
  await expect(renewed(port)).rejects.toThrow('exit code 1');
  expect(running(pid)).toBe(false);
});
