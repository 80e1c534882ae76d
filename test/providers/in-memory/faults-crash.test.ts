// A crash really ends the process, of a provider that has one to itself.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ProviderCrashed } from '../../../src/port/errors.js';
import { openIsolated } from '../../../src/port/host/isolated.js';
import { Session } from '../../../src/port/session.js';
import { ROOT } from '../../support/project.js';
import { code, FK, idOf, Instance } from './system.js';
import { newFolder } from '../../support/folder.js';

const ADAPTER = pathToFileURL(join(ROOT, 'dist/providers/in-memory/adapter.js')).href;
const scratch = newFolder();
const sessions: Session[] = [];

async function open(): Promise<Instance> {
  const session = new Session(await openIsolated(ADAPTER, { settings: {}, seed: '1', scratch }));
  sessions.push(session);
  const p = await Instance.create(session);
  await p.load();
  return p;
}

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((s) => s.close()));
});

test('the next call on the object ends the process, and no other call', async () => {
  const p = await open();
  const [subSystem, lun, truth] = [await p.subSystem(), await p.lun(), await p.truth()];
  const objectId = await idOf(lun);
  const { faultId, proof } = await p.inject(FK.VDSC_FK_CRASH, objectId);
  expect(proof).toEqual({
    kind: 'crash',
    object: objectId,
    where: 'process',
    before: 'runs',
    after: 'ends at the next call',
  });
  expect(code(await p.control.inject({ kind: FK.VDSC_FK_CRASH, objectId, notify: false }))).toBe('VDS_E_NOT_SUPPORTED');
  expect(code(await subSystem.queryLuns())).toBe('S_OK');
  await p.control.heal({ faultId });
  expect(code(await lun.getProperties())).toBe('S_OK');
  await p.inject(FK.VDSC_FK_CRASH, objectId);
  const crash = lun.getProperties();
  await expect(crash).rejects.toThrow(ProviderCrashed);
  await expect(crash).rejects.toMatchObject({ code: 'VDSC_CRASHED', call: 'IVdsLun::GetProperties' });
  expect(p.session.broken?.code).toBe('VDSC_CRASHED');
  // A new process has a new array, with the same seed's ids.
  expect(await (await open()).truth()).toEqual(truth);
});
