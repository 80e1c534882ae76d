// The reference provider through REST and directly: with one seed, a caller cannot tell them apart.
import { expect, test } from 'vitest';
import { Session } from '../../../src/port/session.js';
import { adapter as inMemory } from '../../../providers/in-memory/adapter.js';
import { adapter as rest } from '../../../providers/rest/adapter.js';
import { serve } from '../../../providers/rest/server.js';
import { as, code, FK, idOf, Instance, propertiesOf } from '../in-memory/system.js';

/** A bit of everything, one call after another: what was called and answered, and what was notified. */
async function tour(session: Session): Promise<object> {
  const p = await Instance.create(session);
  await p.load();
  const subSystem = await p.subSystem();
  const importTarget = await as(subSystem, 'IVdsSubSystemImportTarget');
  await importTarget.setImportTarget({ iscsiName: 'iqn.1991-05.com.example:tour' });
  await importTarget.getImportTarget();
  const lun = await p.createLun(subSystem);
  await propertiesOf(lun);
  await lun.getProperties({ nullOuts: ['lunProp'] });
  await p.inject(FK.VDSC_FK_FLIPPED_BYTES, await idOf(lun));
  expect(code(await lun.getProperties())).toBe('VDS_E_PROVIDER_CACHE_CORRUPT');
  await p.recover();
  await propertiesOf(lun);
  const inventory = await p.inventory();
  expect(inventory).toEqual(await p.truth());
  await lun.delete();
  expect(code(await lun.getProperties())).toBe('VDS_E_OBJECT_DELETED');
  const references = await session.releaseSince(new Map());
  const notifications = await session.notificationsSince(0);
  const calls = session.trace
    .callsSince(0)
    .map(({ method, args, nullOuts, hr, out }) => ({ method, args, nullOuts, hr, out }));
  await session.close();
  // The inventory's calls run side by side, so that their order is the transport's; its value is compared instead.
  return {
    calls: calls.slice(
      0,
      calls.findIndex((c) => c.method === 'IVdsHwProvider.Refresh'),
    ),
    inventory,
    references,
    notifications,
  };
}

test('the same calls have the same answers', async () => {
  const options = (seed: string) => ({ settings: {}, seed, scratch: '/nowhere' });
  const server = await serve({ adapter: inMemory, openOptions: options });
  const directly = await tour(new Session(await inMemory.open(options('tour'))));
  const throughRest = await tour(
    new Session(await rest.open({ settings: { url: server.url }, seed: 'tour', scratch: '/nowhere' })),
  );
  expect(throughRest).toEqual(directly);
  await server.close();
});
