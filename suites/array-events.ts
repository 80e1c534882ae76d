// Changes at the array that the provider did not make: an administrator renames, deletes and makes again, drives are
// pulled, LUNs are imported, and events get lost on their way. Until the pair an earlier truth is lawful; after it only
// the present one is.
import {
  allObjects,
  type Check,
  type Context,
  damageEntries,
  defineSuite,
  DEVICE_KINDS,
  type FaultKind,
  type InjectedFault,
  type Lacking,
  type ObjectState,
  ofThose,
  propertiesOf,
  RecoveryCase,
  type Result,
  Sharing,
  type TypedInterfaces,
  type VdsObject,
  pulledAs,
} from '../src/checks/index.js';
import { type Guid, HR, succeeded, unknownToGetObject, VDS_OBJECT_TYPE } from '../src/contract/index.js';
import { CONTROLLER, DRIVE, LUN, subject, SUB_SYSTEM, TARGET, type DeviceSubject } from './products/subjects.js';

const EVENTS = [
  { how: 'silently', notify: false },
  { how: 'with-its-event', notify: true },
] as const;

/** A case whose state after the pair follows from Refresh's own page: nothing was corrupted. */
const refreshCase = async (ctx: Context, within: Guid): Promise<RecoveryCase> => {
  const c = new RecoveryCase(ctx, { within, requirement: 'VDS-5.3' });
  await c.requireTruth();
  await c.snapshot();
  return c;
};

/** Asks an object for its properties and judges them by what is or was true. */
const look = (c: RecoveryCase, object: VdsObject, what: string): Promise<void> =>
  c.probe(
    `GetProperties of the ${what}`,
    () => object.call(`${object.interfaceName}.GetProperties` as 'IVdsLun.GetProperties', {}),
    ({ out }) => Object.values(out)[0] as ObjectState,
  );

/** The pair, and what is true then. */
async function heal(fault: InjectedFault, c: RecoveryCase): Promise<void> {
  await fault.heal();
  await c.snapshotAfterChange();
}

/** An object to which something happens at the array. */
interface Happening {
  readonly kind: DeviceSubject;
  readonly id: Guid;
  /** By its own interface. */
  readonly typed: TypedInterfaces['IVdsLun'];
  readonly within: Guid;
}

/** Finds or makes an object of each of these kinds, and begins the case of their recovery; none without objects. */
async function setUp(
  ctx: Context,
  kinds: readonly DeviceSubject[],
  lacking: Lacking<DeviceSubject>,
): Promise<{ readonly objects: readonly Happening[]; readonly c?: RecoveryCase }> {
  const objects = await ofThose(kinds, lacking, async (kind): Promise<Happening> => {
    const { object, id, within } = await subject(ctx, kind);
    return { kind, id, within, typed: await ctx.system.optional(object, kind.kind as 'IVdsLun') };
  });
  const [first] = objects;
  return first === undefined ? { objects } : { objects, c: await refreshCase(ctx, first.within) };
}

/** Gives each of these objects another name at the array, and its old one again. */
async function rename(
  ctx: Context,
  kinds: readonly DeviceSubject[],
  lacking: Lacking<DeviceSubject>,
  notify: boolean,
): Promise<void> {
  const { objects, c } = await setUp(ctx, kinds, lacking);
  if (c === undefined) return;
  const faults: InjectedFault[] = [];
  for (const { id } of objects) faults.push(await ctx.faults.inject({ kind: 'change-object', object: id, notify }));
  await c.snapshotAfterChange();
  for (const { kind, typed } of objects) await look(c, typed, kind.name);
  await c.mustRecover();
  await damageEntries(
    ctx,
    objects.map(({ id }) => id),
  );
  for (const fault of faults) await fault.heal();
  await c.snapshotAfterChange();
  await c.mustRecover();
}

const renamed: readonly Check[] = EVENTS.flatMap(({ how, notify }) => {
  const sharing = new Sharing<DeviceSubject>((ctx, kinds, lacking) => rename(ctx, kinds, lacking, notify));
  return [SUB_SYSTEM, LUN, TARGET, DRIVE, CONTROLLER].map((kind) => ({
    ...sharing.check(`array-events.renamed.${kind.name}.${how}`, kind),
    title:
      `The name that an administrator gives a ${kind.name} ${how.replaceAll('-', ' ')} is reported after Reenumerate ` +
      'and Refresh, and the old one again after it was put back while its entry was damaged',
    requirements: ['VDS-5.3', 'VDS-4.2b'],
    faults: ['change-object' as const],
    cost: { calls: 200, recoveries: 2 },
  }));
});

/** The object that was made again is another one than the one that was deleted. */
async function mustBeAnother(ctx: Context, { kind, id, typed }: Happening, newObject: Guid): Promise<void> {
  // Where the name is an object's identity, the one that was made again is the one that was there.
  if (newObject === id) return ctx.notApplicable('what is made again under a name has the id of before');
  ctx.duties.code(
    'VDS-7.1a',
    await typed.getProperties(),
    HR.VDS_E_OBJECT_DELETED,
    'on a reference to the one that was deleted, although another has its name now',
  );
  const { type } = DEVICE_KINDS[kind.kind];
  ctx.duties.code(
    'VDS-3.5d',
    await ctx.system.providerPrivate.getObject({ objectId: id, type }),
    HR.VDS_E_OBJECT_NOT_FOUND,
    'for the id of the one that was deleted',
  );
  const answer = await ctx.system.providerPrivate.getObject({ objectId: newObject, type });
  if (unknownToGetObject(kind.kind, answer.hr)) return ctx.notApplicable(`GetObject does not find any ${kind.name}`);
  const found = succeeded(answer.hr) ? ctx.duties.output('VDS-3.5a', answer, 'objectUnk') : null;
  const made = await found?.as(kind.kind);
  if (made === null || made === undefined)
    return ctx.duties.broken(
      'VDS-3.5a',
      `GetObject does not find the ${kind.name} that was made at the array, after Reenumerate and Refresh`,
    );
  ctx.duties.equal(
    'VDS-4.1a',
    'the id of the one that was made',
    (await propertiesOf(ctx, made, 'VDS-4.1a')).id,
    newObject,
  );
}

/** Deletes each of these objects at the array, and makes it again under its name. */
async function recreate(
  ctx: Context,
  kinds: readonly DeviceSubject[],
  lacking: Lacking<DeviceSubject>,
  notify: boolean,
): Promise<void> {
  const { objects, c } = await setUp(ctx, kinds, lacking);
  if (c === undefined) return;
  const again = new Map<DeviceSubject, Guid>();
  for (const { kind, id } of objects) {
    const { newObject } = await ctx.faults.inject({ kind: 'recreate-object', object: id, notify });
    again.set(kind, newObject ?? ctx.inconclusive('the proof does not name the object that was made'));
  }
  await c.snapshotAfterChange();
  for (const { kind, typed } of objects) await look(c, typed, kind.name);
  await c.mustRecover();
  await ofThose(kinds, lacking, async (kind) => {
    const object = objects.find((each) => each.kind === kind);
    const newObject = again.get(kind);
    if (object !== undefined && newObject !== undefined) await mustBeAnother(ctx, object, newObject);
  });
}

const recreated: readonly Check[] = EVENTS.flatMap(({ how, notify }) => {
  const sharing = new Sharing<DeviceSubject>((ctx, kinds, lacking) => recreate(ctx, kinds, lacking, notify));
  return [LUN, TARGET].map((kind) => ({
    ...sharing.check(`array-events.recreated.${kind.name}.${how}`, kind),
    title:
      `A ${kind.name} that an administrator deletes and makes again under its name ${how.replaceAll('-', ' ')} is ` +
      'another object after Reenumerate and Refresh',
    requirements: ['VDS-7.1a', 'VDS-4.1a', 'VDS-3.5a', 'VDS-3.5d', 'VDS-5.3'],
    faults: ['recreate-object' as const],
    cost: { calls: 140, recoveries: 1 },
  }));
});

const imported: Check[] = EVENTS.map(({ how, notify }) => ({
  id: `array-events.imported-lun.${how}`,
  title:
    `A LUN that is imported on this computer ${how.replaceAll('-', ' ')} is listed after Reenumerate and Refresh, ` +
    'and gone after it was taken away while its entry was damaged',
  requirements: ['VDS-3.5a', 'VDS-5.3', 'VDS-7.1a'],
  faults: ['import-lun' as const],
  cost: { calls: 200, recoveries: 2 },
  async run(ctx) {
    const { id: subSystem, within } = await subject(ctx, SUB_SYSTEM);
    const c = await refreshCase(ctx, within);
    const fault = await ctx.faults.inject({ kind: 'import-lun', object: subSystem, notify });
    const { newObject } = fault;
    if (newObject === undefined) return ctx.inconclusive('the proof does not name the LUN that was imported');
    await c.snapshotAfterChange();
    await c.mustRecover();
    const lun = await (await ctx.system.objectById(newObject, VDS_OBJECT_TYPE.VDS_OT_LUN))?.as('IVdsLun');
    ctx.duties.judging('VDS-3.5a');
    if (lun === null || lun === undefined)
      return ctx.duties.broken('VDS-3.5a', 'GetObject does not find an imported LUN after Reenumerate and Refresh');
    await damageEntries(ctx, [newObject]);
    await heal(fault, c);
    await c.mustRecover();
    ctx.duties.code(
      'VDS-7.1a',
      await lun.getProperties(),
      HR.VDS_E_OBJECT_DELETED,
      'on an imported LUN that was taken away',
    );
  },
}));

const pulled: Check[] = EVENTS.map(({ how, notify }) => ({
  id: `array-events.pulled-drive.${how}`,
  title:
    `A drive that is pulled ${how.replaceAll('-', ' ')} is gone after Reenumerate and Refresh, its reference is gone ` +
    'or reports that it is removed, and the drive is listed again once it is back',
  requirements: ['VDS-5.4b', 'VDS-5.3', 'VDS-5.4'],
  faults: ['disconnect' as const],
  cost: { calls: 240, recoveries: 2 },
  async run(ctx) {
    const { object, id, within } = await subject(ctx, DRIVE);
    const drive = await ctx.system.optional(object, 'IVdsDrive');
    const { internalBusNumber, slotNumber } = ctx.duties.output('VDS-4.5a', await drive.getProperties(), 'driveProp');
    const c = await refreshCase(ctx, within);
    const fault = await ctx.faults.inject({ kind: 'disconnect', object: id, notify });
    await c.snapshotAfterChange();
    await c.mustRecover({ departed: [id] });
    await pulledAs(ctx, drive, 'a drive that was pulled, after Reenumerate and Refresh');
    await heal(fault, c);
    await c.mustRecover();
    const back = [...allObjects(await ctx.system.inventory('VDS-5.4', undefined, within))].some(
      ({ kind, object: o }) =>
        kind === 'drive' && o['internalBusNumber'] === internalBusNumber && o['slotNumber'] === slotNumber,
    );
    ctx.duties.holds(
      'VDS-5.4',
      back,
      `no drive is listed in bus ${internalBusNumber}, slot ${slotNumber} after the drive was put back and ` +
        'Reenumerate and Refresh',
    );
  },
}));

/**
 * Something is done to events of the array on their way to the provider while LUNs change; the pair puts everything
 * right.
 */
const eventFault = (kind: FaultKind, title: string): Check => ({
  id: `array-events.${kind}`,
  title,
  requirements: ['VDS-5.3', 'VDS-7.1a'],
  faults: [kind, 'change-object', 'delete-object'],
  cost: { calls: 200, recoveries: 2 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const { id: within } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
    const stays = await ctx.make.lun(subSystem);
    const goes = await ctx.make.lun(subSystem);
    const c = await refreshCase(ctx, within);
    // Both events are of one LUN: in the wrong order the first one is about something that is gone. The other kinds
    // strike the second.
    if (kind === 'reorder-events') await ctx.faults.inject({ kind, object: within });
    await ctx.faults.inject({ kind: 'change-object', object: goes.id, notify: true });
    await c.snapshotAfterChange();
    if (kind !== 'reorder-events') await ctx.faults.inject({ kind, object: within });
    await ctx.faults.inject({ kind: 'delete-object', object: goes.id, notify: true });
    await c.snapshotAfterChange();
    await look(c, stays.lun, 'LUN that nothing happened to');
    await c.mustRecover({ departed: [goes.id] });
    ctx.duties.code(
      'VDS-7.1a',
      await goes.lun.getProperties(),
      HR.VDS_E_OBJECT_DELETED,
      'on a LUN that an administrator deleted, after Reenumerate and Refresh',
    );
    // An event that was kept back may come only now.
    ctx.duties.code(
      'VDS-4.1a',
      (await stays.lun.getProperties()) as Result<object>,
      HR.S_OK,
      'on a LUN that nothing happened to',
    );
  },
});

export const suite = defineSuite('array-events', 'Changes at the array', [
  ...renamed,
  ...recreated,
  ...imported,
  ...pulled,
  eventFault(
    'lose-event',
    'A lost event of the array leaves an earlier truth until the pair, and nothing wrong after it',
  ),
  eventFault('duplicate-event', 'An event of the array that comes twice does no harm'),
  eventFault('reorder-events', 'Events of the array that come in the wrong order do no harm'),
]);
