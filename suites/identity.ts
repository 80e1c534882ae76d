// Who is who (semantics.md 3.5 and 4): one object for each device by whatever way it is reached, ids that are valid,
// unique and lasting, and the way back from a device to what contains it.
import {
  askForProperties,
  census,
  type Check,
  type Context,
  defineSuite,
  type Device,
  DEVICE_KINDS,
  type DeviceInterface,
  devicesOf,
  displayName,
  formatValue,
  idOf,
  listed,
  propertiesOf,
  queriesOf,
  RecoveryCase,
  UNKNOWN_ID,
  type VdsObject,
} from '../src/checks/index.js';
import {
  counted,
  type Guid,
  HR,
  NAMED_BY_GET_OBJECT,
  NULL_GUID,
  succeeded,
  unknownToGetObject,
  VDS_OBJECT_TYPE,
} from '../src/contract/index.js';

const KINDS = Object.keys(DEVICE_KINDS) as DeviceInterface[];
const slug = (kind: DeviceInterface): string => DEVICE_KINDS[kind].slug;

/** GetObject, which must find the device, as its own interface. */
async function found(ctx: Context, { kind, id }: Pick<Device, 'kind' | 'id'>): Promise<VdsObject> {
  const result = await ctx.system.providerPrivate.getObject({ objectId: id, type: DEVICE_KINDS[kind].type });
  // The page names some kinds; that of the types, and of notifications, has the others as well.
  if (!NAMED_BY_GET_OBJECT.has(kind)) {
    const missing = unknownToGetObject(kind, result.hr);
    ctx.duties.reading(`GetObject for a ${DEVICE_KINDS[kind].name}`, missing ? 'finds none' : 'finds it', 'VDS-3.5c');
    if (missing) ctx.notApplicable(`GetObject does not find any ${DEVICE_KINDS[kind].name}`);
  }
  ctx.duties.code(
    'VDS-3.5a',
    result,
    HR.S_OK,
    `for the id and type of a ${DEVICE_KINDS[kind].name} that an enumeration lists`,
  );
  const object = await ctx.duties.output('VDS-3.5a', result, 'objectUnk').as(kind);
  return (
    object ??
    ctx.duties.broken('VDS-3.5a', `what GetObject found for a ${DEVICE_KINDS[kind].name} has no ${kind}`, result)
  );
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v instanceof Uint8Array ? [...v] : v));

/** Another way to a device must show the same device: its id, and the same properties. */
async function sameDevice(ctx: Context, device: Device, other: VdsObject, way: string): Promise<void> {
  const { properties, members } = await askForProperties(ctx, other, 'VDS-4.1a');
  ctx.duties.equal('VDS-4.1a', `the id of a ${DEVICE_KINDS[device.kind].name} ${way}`, properties.id, device.id);
  for (const [name, value] of Object.entries(device.members)) {
    if (name in members && asText(members[name]) !== asText(value))
      ctx.duties.unkept(
        'VDS-4.1a',
        `${name} of a ${DEVICE_KINDS[device.kind].name} is ${formatValue(members[name])} ${way}, and ` +
          `${formatValue(value)} by its enumeration`,
      );
  }
}

/** Whether two ways give one COM object is open, but is the same for all devices of a kind (4.1b). */
async function sameIdentity(
  ctx: Context,
  kind: DeviceInterface,
  one: VdsObject,
  other: VdsObject,
  ways: string,
): Promise<void> {
  ctx.duties.reading(
    `COM identity of one ${DEVICE_KINDS[kind].name} ${ways}`,
    (await one.identity()) === (await other.identity()) ? 'one object' : 'several objects',
    'VDS-4.1b',
  );
}

const getObjectChecks = KINDS.map((kind): Check => ({
  id: `identity.get-object.${slug(kind)}`,
  title: `GetObject finds each ${DEVICE_KINDS[kind].name} that is listed, and shows it as the enumeration does`,
  requirements: ['VDS-3.5a', 'VDS-4.1a', 'VDS-4.1b', ...(NAMED_BY_GET_OBJECT.has(kind) ? [] : ['VDS-3.5c'])],
  changes: false,
  cost: { calls: 80, recoveries: 0 },
  async run(ctx) {
    for (const device of await devicesOf(ctx, kind, 'VDS-4.1a')) {
      const object = await found(ctx, device);
      await sameDevice(ctx, device, object, 'by GetObject');
      await sameIdentity(ctx, device.kind, device.object, object, 'by enumeration and by GetObject');
    }
  },
}));

const containerChecks = KINDS.map((kind): Check => ({
  id: `identity.container.${slug(kind)}`,
  title:
    `${displayName(DEVICE_KINDS[kind].container.getter)} hands out what contains the ${DEVICE_KINDS[kind].name}, ` +
    'with a reference of its own',
  requirements: ['VDS-4.4', 'VDS-12.3'],
  changes: false,
  cost: { calls: 80, recoveries: 0 },
  async run(ctx) {
    const { getter, out } = DEVICE_KINDS[kind].container;
    for (const device of await devicesOf(ctx, kind, 'VDS-4.4')) {
      const expected =
        device.container?.id ??
        ctx.duties.output('VDS-3.2a', await ctx.system.provider.getProperties(), 'providerProp').id;
      // Twice, giving the first one back in between: what it took was its own.
      for (let time = 0; time < 2; time++) {
        const result = await device.object.call(getter, {});
        ctx.duties.code('VDS-4.4', result, HR.S_OK, `on a ${DEVICE_KINDS[kind].name} that is there`);
        const container = ctx.duties.output('VDS-4.4', result, out) as VdsObject;
        ctx.duties.equal(
          'VDS-4.4',
          `the id of what contains a ${DEVICE_KINDS[kind].name}, which ` +
            `${device.container === undefined ? 'the provider' : 'it'} listed`,
          await idOf(ctx, container, 'VDS-4.4'),
          expected,
          result,
        );
        await container.release();
      }
      ctx.duties.judging('VDS-12.3');
      if (device.container !== undefined) await propertiesOf(ctx, device.container.object, 'VDS-12.3');
    }
  },
}));

/** Every listed device, by kind and id. */
const namesOf = (devices: readonly Device[]): string[] =>
  devices.map((d) => `${DEVICE_KINDS[d.kind].name} ${d.id}`).sort();

async function keepIds(ctx: Context, change: () => Promise<void>, when: string): Promise<void> {
  const before = await census(ctx, 'VDS-4.2b');
  await change();
  const after = namesOf(await census(ctx, 'VDS-4.2b', Infinity));
  for (const name of namesOf(before))
    ctx.duties.holds(
      'VDS-4.2b',
      after.includes(name),
      `${name} was listed before ${when}, and no object of that kind has this id after it`,
    );
  for (const device of before) {
    const again = await propertiesOf(ctx, device.object, 'VDS-4.2b');
    ctx.duties.equal(
      'VDS-4.2b',
      `the id that a ${DEVICE_KINDS[device.kind].name} held from before ${when} reports after it`,
      again.id,
      device.id,
    );
  }
}

export const suite = defineSuite('identity', 'Identity of objects', [
  ...getObjectChecks,
  ...containerChecks,
  {
    id: 'identity.ids-are-unique',
    title: 'Every device has an id of its own, which is not GUID_NULL',
    requirements: ['VDS-4.2a', 'VDS-4.2d'],
    changes: false,
    cost: { calls: 120, recoveries: 0 },
    async run(ctx) {
      const devices = await census(ctx, 'VDS-4.2a');
      const { id } = ctx.duties.output('VDS-3.2a', await ctx.system.provider.getProperties(), 'providerProp');
      const seen = new Map<Guid, string>([[id, 'the provider']]);
      for (const device of devices) {
        const what = `a ${DEVICE_KINDS[device.kind].name}`;
        ctx.duties.holds('VDS-4.2a', device.id !== NULL_GUID, `${what} has GUID_NULL as its id`);
        ctx.duties.holds(
          'VDS-4.2d',
          !seen.has(device.id),
          `${what} and ${seen.get(device.id)} have the id ${device.id}`,
        );
        seen.set(device.id, what);
      }
    },
  },
  {
    id: 'identity.listed-once',
    title: 'No query lists a device twice',
    requirements: ['VDS-4.1a'],
    changes: false,
    cost: { calls: 200, recoveries: 0 },
    async run(ctx) {
      const holders: { readonly object: VdsObject; readonly kind: DeviceInterface | 'IVdsHwProvider' }[] = [
        { object: ctx.system.hw, kind: 'IVdsHwProvider' },
        ...(await census(ctx, 'VDS-4.1a')),
      ];
      for (const { object, kind } of holders) {
        for (const query of queriesOf(kind)) {
          const ids: Guid[] = [];
          for (const each of (await listed(ctx, object, query, 'VDS-4.1a')) ?? [])
            ids.push(await idOf(ctx, each, 'VDS-4.1a'));
          ctx.duties.noneTwice('VDS-4.1a', query.method.fullName, ids);
        }
      }
    },
  },
  {
    id: 'identity.associations-show-the-same-devices',
    title: 'A device that an association lists is the one that its container lists, with the same id and properties',
    requirements: ['VDS-4.1a', 'VDS-4.1b'],
    changes: false,
    cost: { calls: 240, recoveries: 0 },
    async run(ctx) {
      const devices = await census(ctx, 'VDS-4.1a');
      for (const { object, kind } of devices) {
        for (const query of queriesOf(kind).filter((q) => !q.contains)) {
          for (const each of (await listed(ctx, object, query, 'VDS-4.1a')) ?? []) {
            const id = await idOf(ctx, each, 'VDS-4.1a');
            const device = devices.find((d) => d.kind === query.lists && d.id === id);
            // A large array is not looked through; what is not among the first of its list is still to be found by its
            // id.
            if (device === undefined) await found(ctx, { kind: query.lists, id });
            else {
              await sameDevice(ctx, device, each, `by ${displayName(query.method.fullName)}`);
              await sameIdentity(ctx, device.kind, device.object, each, 'by enumeration and by association');
            }
          }
        }
      }
    },
  },
  {
    id: 'identity.container-object',
    title: 'What contains a device is one COM object with what the enumeration listed, or another, throughout',
    requirements: ['VDS-4.1b', 'VDS-4.4'],
    changes: false,
    cost: { calls: 140, recoveries: 0 },
    async run(ctx) {
      for (const device of await census(ctx, 'VDS-4.4')) {
        if (device.container === undefined) continue;
        const { getter, out } = DEVICE_KINDS[device.kind].container;
        const container = ctx.duties.output('VDS-4.4', await device.object.call(getter, {}), out) as VdsObject;
        await sameIdentity(
          ctx,
          device.container.kind,
          device.container.object,
          container,
          'by enumeration and by what it contains',
        );
      }
    },
  },
  {
    id: 'identity.enumerated-twice',
    title: 'A second enumeration lists the same devices with the same ids and properties',
    requirements: ['VDS-4.1a', 'VDS-4.1b', 'VDS-4.2b'],
    changes: false,
    cost: { calls: 240, recoveries: 0 },
    async run(ctx) {
      const before = await census(ctx, 'VDS-4.2b');
      const after = await census(ctx, 'VDS-4.2b', Infinity);
      const names = new Set(namesOf(after));
      ctx.duties.equal(
        'VDS-4.2b',
        'what a second enumeration does not list of the first',
        namesOf(before).filter((name) => !names.has(name)),
        [],
      );
      for (const device of before) {
        const again = after.find((d) => d.kind === device.kind && d.id === device.id);
        if (again === undefined) continue;
        await sameDevice(ctx, device, again.object, 'by a second enumeration');
        await sameIdentity(ctx, device.kind, device.object, again.object, 'by two enumerations');
      }
    },
  },
  {
    id: 'identity.created-objects',
    title: 'A LUN and a target are the same by their creation, by enumeration and by GetObject',
    requirements: ['VDS-4.1a', 'VDS-4.1b', 'VDS-3.5a'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun } = await ctx.make.lun(subSystem);
      const made: [DeviceInterface, VdsObject][] = [['IVdsLun', lun]];
      if ((await subSystem.as('IVdsSubSystemIscsi')) !== null)
        made.push(['IVdsIscsiTarget', (await ctx.make.target(subSystem)).target]);
      for (const [kind, object] of made) {
        const asked = await askForProperties(ctx, object, 'VDS-4.1a');
        const device: Device = { kind, object, id: asked.properties.id, ...asked, container: undefined };
        await sameDevice(ctx, device, await found(ctx, device), 'by GetObject after its creation');
        const query = queriesOf('IVdsSubSystem').find((q) => q.contains && q.lists === kind)!;
        let times = 0;
        for (const each of (await listed(ctx, subSystem, query, 'VDS-4.1a')) ?? []) {
          if ((await idOf(ctx, each, 'VDS-4.1a')) !== device.id) continue;
          times += 1;
          await sameDevice(ctx, device, each, 'by enumeration after its creation');
          await sameIdentity(ctx, kind, object, each, 'by its creation and by enumeration');
        }
        ctx.duties.listedOnce(
          'VDS-4.1a',
          {
            query: query.method.fullName,
            of: device.id,
            which: `a ${DEVICE_KINDS[kind].name} that was just created`,
          },
          times,
        );
      }
    },
  },
  {
    id: 'identity.ids-stay-over-recovery',
    title: 'Reenumerate and Refresh leave every device its id, and objects held from before stand for the same devices',
    requirements: ['VDS-4.2b'],
    changes: false,
    cost: { calls: 300, recoveries: 1 },
    run: (ctx) =>
      keepIds(
        ctx,
        async () => {
          await new RecoveryCase(ctx).reenumerateAndRefresh();
        },
        'Reenumerate and Refresh',
      ),
  },
  {
    id: 'identity.ids-stay-over-drive-scans',
    title: 'IVdsSubSystem::Reenumerate leaves every device its id',
    requirements: ['VDS-4.2b'],
    changes: false,
    cost: { calls: 300, recoveries: 0 },
    run: (ctx) =>
      keepIds(
        ctx,
        async () => {
          for (const subSystem of await ctx.system.subSystems()) {
            const result = ctx.duties.supported(await subSystem.reenumerate());
            ctx.duties.code('VDS-4.2b', result, HR.S_OK, 'with nothing changed');
          }
        },
        'IVdsSubSystem::Reenumerate',
      ),
  },
  {
    id: 'identity.ids-stay-over-reconnection',
    title:
      'A subsystem that was disconnected and is connected again comes back with its members; all have their ids of ' +
      'before, or all have new ones',
    requirements: ['VDS-4.2b', 'VDS-4.2c', 'VDS-5.2'],
    faults: ['disconnect'],
    cost: { calls: 260, recoveries: 2 },
    async run(ctx) {
      const before = await census(ctx, 'VDS-4.2b');
      const last = before.findLast((d) => d.kind === 'IVdsSubSystem');
      if (last === undefined) return ctx.notApplicable('no subsystem is connected');
      const c = new RecoveryCase(ctx);
      const fault = await ctx.faults.inject({ kind: 'disconnect', object: last.id });
      await c.reenumerateAndRefresh();
      await fault.heal();
      await c.reenumerateAndRefresh();
      const after = namesOf(await census(ctx, 'VDS-5.2', Infinity));
      const isOfIt = (device: Device | undefined): boolean =>
        device !== undefined && (device.id === last.id || isOfIt(device.container));
      for (const name of namesOf(before.filter((device) => !isOfIt(device))))
        ctx.duties.holds(
          'VDS-4.2b',
          after.includes(name),
          `${name} was there before another subsystem was disconnected, and is not listed after that came back`,
        );
      const ofIt = namesOf(before.filter(isOfIt));
      const kept = ofIt.filter((name) => after.includes(name)).length;
      ctx.duties.holds(
        'VDS-5.2',
        after.length >= namesOf(before).length,
        `${counted(namesOf(before).length, 'device was', 'devices were')} listed before a subsystem was ` +
          `disconnected, and ${after.length} after it came back`,
      );
      ctx.duties.holds(
        'VDS-4.2c',
        kept === 0 || kept === ofIt.length,
        `${kept} of ${ofIt.length} devices of a subsystem that was disconnected and came back have the ids of before`,
      );
      ctx.duties.reading(
        'ids of a subsystem that was disconnected and came back, and of its members',
        kept === ofIt.length ? 'those of before' : 'new ones',
        'VDS-4.2c',
      );
    },
  },
  {
    id: 'identity.unknown-ids',
    title: 'GetObject answers VDS_E_OBJECT_NOT_FOUND for an id that no device has, whatever kind is asked for',
    requirements: ['VDS-3.5d'],
    changes: false,
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      for (const kind of KINDS) {
        for (const objectId of [UNKNOWN_ID, NULL_GUID]) {
          const result = await ctx.system.providerPrivate.getObject({ objectId, type: DEVICE_KINDS[kind].type });
          // GUID_NULL is not a valid id at all: E_INVALIDARG is right as well.
          ctx.duties.code(
            'VDS-3.5d',
            result,
            objectId === NULL_GUID ? [HR.VDS_E_OBJECT_NOT_FOUND, HR.E_INVALIDARG] : HR.VDS_E_OBJECT_NOT_FOUND,
            `for an id that names no object, with the type of a ${DEVICE_KINDS[kind].name}`,
          );
        }
      }
    },
  },
  {
    id: 'identity.wrong-types',
    title: 'GetObject with the id of one kind of device and the type of another never hands out another device',
    requirements: ['VDS-3.5b'],
    changes: false,
    cost: { calls: 120, recoveries: 0 },
    async run(ctx) {
      const devices = await census(ctx, 'VDS-3.5b');
      for (const kind of KINDS) {
        const device = devices.find((d) => d.kind === kind);
        if (device === undefined) continue;
        const own = DEVICE_KINDS[kind].type;
        // A kind that GetObject does not know says nothing about how it looks for others.
        const isKnown = succeeded((await ctx.system.providerPrivate.getObject({ objectId: device.id, type: own })).hr);
        for (const [name, type] of Object.entries(VDS_OBJECT_TYPE)) {
          if (type === own) continue;
          const result = await ctx.system.providerPrivate.getObject({ objectId: device.id, type });
          const byId = succeeded(result.hr);
          if (!byId)
            ctx.duties.refused('VDS-3.5b', result, `for the id of a ${DEVICE_KINDS[kind].name} with the type ${name}`);
          else {
            const object = await ctx.duties.output('VDS-3.5b', result, 'objectUnk').as(kind);
            ctx.duties.holds(
              'VDS-3.5b',
              object !== null && (await idOf(ctx, object, 'VDS-3.5b')) === device.id,
              `GetObject with ${name} handed out an object other than the ${DEVICE_KINDS[kind].name} that has the id`,
              result,
            );
          }
          if (isKnown && KINDS.some((k) => DEVICE_KINDS[k].type === type))
            ctx.duties.reading('GetObject with an id of another type', byId ? 'found by id' : 'refused', 'VDS-3.5b');
        }
      }
    },
  },
  {
    id: 'identity.types-that-no-device-has',
    title: 'GetObject with a type that no device has refuses an id that names nothing',
    requirements: ['VDS-3.5b'],
    changes: false,
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const known = new Set<number>(KINDS.map((k) => DEVICE_KINDS[k].type));
      for (const [name, type] of [
        ...Object.entries(VDS_OBJECT_TYPE),
        ['a number outside the enumeration', 9999] as const,
      ]) {
        if (known.has(type)) continue;
        for (const objectId of [UNKNOWN_ID, NULL_GUID]) {
          const result = await ctx.system.providerPrivate.getObject({ objectId, type: type as VDS_OBJECT_TYPE });
          ctx.duties.refused('VDS-3.5b', result, `for an id that names nothing, with ${name} as the type`);
        }
      }
    },
  },
  {
    id: 'identity.deleted-objects-are-not-found',
    title: 'GetObject does not find a LUN or target that was deleted, and none of its members',
    requirements: ['VDS-3.5d'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { lun, id } = await ctx.make.lun(subSystem);
      const gone: { readonly kind: DeviceInterface; readonly id: Guid }[] = [{ kind: 'IVdsLun', id }];
      const plexes = queriesOf('IVdsLun').find((q) => q.lists === 'IVdsLunPlex')!;
      for (const plex of (await listed(ctx, lun, plexes, 'VDS-4.1a')) ?? [])
        gone.push({ kind: 'IVdsLunPlex', id: await idOf(ctx, plex, 'VDS-4.1a') });
      ctx.duties.ok('VDS-10.6', await lun.delete());
      for (const each of gone) {
        const result = await ctx.system.providerPrivate.getObject({
          objectId: each.id,
          type: DEVICE_KINDS[each.kind].type,
        });
        ctx.duties.code(
          'VDS-3.5d',
          result,
          HR.VDS_E_OBJECT_NOT_FOUND,
          `for a ${DEVICE_KINDS[each.kind].name} that is gone with its LUN`,
        );
      }
    },
  },
]);
