import { expect, test } from 'vitest';
import { createInMemory } from '../../providers/in-memory/adapter.js';
import { TraceLog } from '../../src/checks/trace-log.js';
import { Session } from '../../src/port/session.js';

test('a check gives back what it took before its provider was loaded anew on the same session', async () => {
  const session = new Session(createInMemory({ seed: 'test' }));
  const ofTheRun = await session.createInstance();
  const log = new TraceLog(session);
  await session.createInstance();
  let loaded = ofTheRun;
  await log.moveTo(async () => {
    loaded = await session.createInstance();
    return { session, ofTheRun: [loaded] };
  });
  await session.createInstance();
  await log.releaseNew();
  expect([...session.owned().keys()]).toEqual([ofTheRun.handle, loaded.handle]);
  await session.close();
});

test("a check keeps what is the run's, whoever loaded it", async () => {
  const session = new Session(createInMemory({ seed: 'test' }));
  const log = new TraceLog(session);
  const loaded = await session.createInstance();
  await log.moveTo(async () => ({ session, ofTheRun: [loaded] }));
  await log.releaseNew();
  expect([...session.owned().keys()]).toEqual([loaded.handle]);
  await session.close();
});

test('a check that goes on with another session keeps what was there', async () => {
  const [first, second] = [1, 2].map((n) => new Session(createInMemory({ seed: `test ${n}` }))) as [Session, Session];
  const log = new TraceLog(first);
  await first.createInstance();
  const ofTheRun = await second.createInstance();
  await log.moveTo(async () => ({ session: second, ofTheRun: [] }));
  await second.createInstance();
  await log.releaseNew();
  expect([...second.owned().keys()]).toEqual([ofTheRun.handle]);
  await Promise.all([first.close(), second.close()]);
});
