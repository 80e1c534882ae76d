import { describe, expect, test } from 'vitest';
import { adapter as inMemory, createInMemory } from '../../../providers/in-memory/adapter.js';
import {
  ask,
  given,
  interfaceOf,
  overridePort,
  withOverrides,
  type Overrides,
} from '../../../providers/defective/override.js';
import { UNTOUCHED } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import { VDS_LUN_TYPE } from '../../../src/contract/generated/enumerations.js';
import type { Handle } from '../../../src/contract/tables.js';
import type { Notification, Port } from '../../../src/port/port.js';

const OPTIONS = { settings: {}, seed: 'override', scratch: '' };

/** A loaded provider behind the overrides, and its first subsystem. */
async function loaded(make: (inner: Port) => Overrides): Promise<{ port: Port; provider: Handle; subSystem: Handle }> {
  const inner = createInMemory({ seed: 'override' });
  const port = overridePort(inner, make(inner));
  const provider = await port.createInstance();
  const own = await interfaceOf(port, provider, 'IVdsProviderPrivate');
  await ask(port, own!, 'IVdsProviderPrivate.OnLoad', { machineName: null, callbackObject: await port.createSink() });
  const hw = await interfaceOf(port, provider, 'IVdsHwProvider');
  const list = given((await ask(port, hw!, 'IVdsHwProvider.QuerySubSystems', {})).out.enum);
  const [unknown] = given((await ask(port, list!, 'IEnumVdsObject.Next', { celt: 1 })).out.objectArray) ?? [];
  return { port, provider, subSystem: (await interfaceOf(port, unknown!, 'IVdsSubSystem'))! };
}

describe('overridePort', () => {
  test('passes on whatever is not overridden', async () => {
    const { port, provider, subSystem } = await loaded(() => ({}));
    expect((await ask(port, subSystem, 'IVdsSubSystem.GetProperties', {})).out.subSystemProp).toMatchObject({
      friendlyName: 'Array A',
    });
    expect(await port.addRef(provider)).toBeGreaterThan(1);
    expect(await port.release(provider)).toBeGreaterThan(0);
    expect(await port.identity(provider)).toBe(await port.identity(provider));
    expect((await port.queryInterface(provider, '00000000-0000-0000-0000-000000000001', 'IVdsLun')).object).toBeNull();
    await port.setSinkAnswer(HR.S_FALSE);
    await port.drainNotifications();
    await port.close();
  });

  test('lets an override answer, ask first, and change the arguments', async () => {
    const { port, subSystem } = await loaded(() => ({
      methods: {
        'IVdsSubSystem.GetProperties': async (_call, next) => {
          const reply = await next();
          const prop = given(reply.out.subSystemProp);
          return prop === undefined
            ? reply
            : { ...reply, out: { subSystemProp: { ...prop, friendlyName: `${prop.friendlyName}!` } } };
        },
        'IVdsSubSystem.SetStatus': async () => ({ hr: HR.S_OK, out: {} }),
        'IVdsSubSystem.CreateLun': (call, next) => next({ args: { ...call.args, type: VDS_LUN_TYPE.VDS_LT_SIMPLE } }),
      },
    }));
    expect((await ask(port, subSystem, 'IVdsSubSystem.GetProperties', {})).out.subSystemProp).toMatchObject({
      friendlyName: 'Array A!',
    });
    expect((await ask(port, subSystem, 'IVdsSubSystem.SetStatus', { status: 1 })).hr).toBe(HR.S_OK);
    const args = {
      type: VDS_LUN_TYPE.VDS_LT_UNKNOWN,
      sizeInBytes: 1n << 20n,
      driveIdArray: null,
      numberOfDrives: 0,
      unmaskingList: '',
      hints: null,
    };
    expect((await ask(port, subSystem, 'IVdsSubSystem.CreateLun', args)).hr).toBe(HR.S_OK);
  });

  test('gives each method to its own override, and the others to invoke', async () => {
    const seen: string[] = [];
    const { port, subSystem } = await loaded(() => ({
      methods: { 'IVdsSubSystem.QueryLuns': (_call, next) => next() },
      invoke: (call, next) => {
        seen.push(call.method);
        return next();
      },
    }));
    seen.length = 0;
    await ask(port, subSystem, 'IVdsSubSystem.QueryLuns', {});
    await ask(port, subSystem, 'IVdsSubSystem.QueryDrives', {});
    expect(seen).toEqual(['IVdsSubSystem.QueryDrives']);
  });

  test('overrides what is not a method: instances, interfaces, counts, identity', async () => {
    const calls: string[] = [];
    const note = <T>(what: string, next: () => Promise<T>): Promise<T> => {
      calls.push(what);
      return next();
    };
    const { port, provider } = await loaded(() => ({
      createInstance: (next) => note('createInstance', next),
      queryInterface: (_object, name, next) =>
        name === 'IVdsHwProviderPrivate' ? Promise.resolve({ hr: HR.E_NOINTERFACE, object: null }) : next(),
      addRef: (_object, next) => note('addRef', next),
      release: (_object, next) => note('release', next),
      identity: (_object, next) => note('identity', next),
    }));
    expect(await interfaceOf(port, provider, 'IVdsHwProviderPrivate')).toBeNull();
    await port.addRef(provider);
    await port.release(provider);
    await port.identity(provider);
    expect(calls).toEqual(['createInstance', 'addRef', 'release', 'identity']);
  });

  test('lets notifications be dropped, changed and repeated', async () => {
    const { port, subSystem } = await loaded(() => ({
      onNotification: (n, deliver) => {
        deliver(n);
        deliver({ ...n, count: 7 });
      },
    }));
    const received: Notification[] = [];
    port.onNotification((n) => received.push(n));
    const started = await ask(port, subSystem, 'IVdsSubSystem.CreateLun', {
      type: VDS_LUN_TYPE.VDS_LT_DEFAULT,
      sizeInBytes: 1n << 20n,
      driveIdArray: null,
      numberOfDrives: 0,
      unmaskingList: '',
      hints: null,
    });
    await ask(port, given(started.out.async)!, 'IVdsAsync.Wait', {});
    // The LUN, and the drive that it is on.
    expect(received.map((n) => n.count)).toEqual([2, 7]);
  });
});

describe('withOverrides', () => {
  test('makes the overrides anew for each session, with the session as it is', async () => {
    const inners: Port[] = [];
    const changed = withOverrides(inMemory, (inner) => {
      inners.push(inner);
      let instances = 0;
      return {
        createInstance: (next) => {
          instances += 1;
          if (instances > 1) throw new Error('a second instance in this session');
          return next();
        },
      };
    });
    expect(changed.name).toContain('in-memory');
    for (let session = 0; session < 2; session++) await (await changed.open(OPTIONS)).createInstance();
    expect(new Set(inners).size).toBe(2);
  });
});

describe('given', () => {
  test('is undefined for what a provider left out in any way', () => {
    expect([given(null), given(UNTOUCHED), given(undefined), given(0), given('')]).toEqual([
      undefined,
      undefined,
      undefined,
      0,
      '',
    ]);
  });
});
