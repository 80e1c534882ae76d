// The checks of status and health that every kind of device has alike (semantics.md 7.6 and 10.14). What a kind does
// with a status of its own is in the kind's suite, what it does when it failed in faults.ts.
import {
  type Check,
  type Context,
  DEVICE_KINDS,
  type DeviceInterface,
  propertiesOf,
  setStatus,
  statusOf,
  type VdsObject,
  named,
  nameIn,
} from '../../src/checks/index.js';
import {
  goesWithStatus,
  HEALTH_BY_STATUS,
  HR,
  OBJECT_STATUS,
  STATUSES_NOT_WITH,
  structure,
  VDS_HEALTH,
} from '../../src/contract/index.js';

export interface StatusKind {
  readonly suite: string;
  readonly interfaceName: DeviceInterface;
  /** All that can be read without changing anything, or one that the check made. */
  all(ctx: Context): Promise<readonly VdsObject[]>;
  /** One that a check may change, as long as it puts it back. Not applicable where there is none. */
  spare(ctx: Context): Promise<VdsObject>;
}

const { STATUS_UNKNOWN, STATUS_ONLINE, STATUS_OFFLINE, STATUS_FAILED } = OBJECT_STATUS;

/** The documents' rules for a status and a health that are reported together. */
export function judgeHealth(
  ctx: Context,
  interfaceName: DeviceInterface,
  properties: Readonly<Record<string, unknown>>,
): void {
  const name = structureOf(interfaceName);
  const status = Number(properties['status']);
  const health = Number(properties['health']);
  const valid = structure(name).validHealth;
  ctx.duties.holds(
    'VDS-10.14',
    valid === undefined || valid.includes(health) || goesWithStatus(interfaceName, health, status),
    `${name}.health is ${nameIn('VDS_HEALTH', health)}, which the documents do not allow there`,
  );
  const byStatus = HEALTH_BY_STATUS.has(interfaceName);
  const together =
    `${name}.health is ${nameIn('VDS_HEALTH', health)} with the status ` +
    `${nameIn(enumerationOf(name, 'status'), status)}`;
  if (byStatus && status === STATUS_OFFLINE) return;
  if (byStatus && status === STATUS_FAILED) {
    ctx.duties.holds('VDS-10.14c', health === VDS_HEALTH.VDS_H_FAILED || health === VDS_HEALTH.VDS_H_FAILING, together);
    return;
  }
  ctx.duties.holds('VDS-10.14', health !== VDS_HEALTH.VDS_H_FAILED || status === STATUS_FAILED, together);
  ctx.duties.holds(
    'VDS-10.14b',
    (STATUSES_NOT_WITH[health] ?? []).every((each) => each !== status),
    together,
  );
}

/** The enumeration of a member of a structure. */
function enumerationOf(name: string, member: string): string {
  const type = structure(name).fields.find((f) => f.name === member)?.type;
  return type?.kind === 'enum' ? type.name : '';
}

/** The structure that GetProperties of an interface fills. */
const structureOf = (interfaceName: DeviceInterface): string => DEVICE_KINDS[interfaceName].properties[0].structure;

/** Status and health of every device of the kind agree. */
export const healthAgrees = (kind: StatusKind): Check => ({
  id: `${kind.suite}.health`,
  title:
    `The status and health of every ${DEVICE_KINDS[kind.interfaceName].name} ` +
    'agree, and its health is one that such objects have',
  requirements: ['VDS-10.14', 'VDS-10.14b', 'VDS-7.7'],
  cost: { calls: 20, recoveries: 0 },
  async run(ctx) {
    for (const object of await kind.all(ctx))
      judgeHealth(ctx, kind.interfaceName, await propertiesOf(ctx, object, 'VDS-7.7'));
  },
});

/** UNKNOWN is refused as a status. */
export const unknownRefused = (kind: StatusKind): Check => ({
  id: `${kind.suite}.status-unknown`,
  title: `SetStatus of a ${DEVICE_KINDS[kind.interfaceName].name} answers E_INVALIDARG for UNKNOWN and changes nothing`,
  requirements: ['VDS-7.6'],
  cost: { calls: 12, recoveries: 0 },
  async run(ctx) {
    const object = await kind.spare(ctx);
    const before = await statusOf(ctx, object);
    const result = await setStatus(ctx, object, STATUS_UNKNOWN);
    // Where no status can be set at all, that is as good an answer.
    if (result.hr === HR.VDS_E_NOT_SUPPORTED && (await setStatus(ctx, object, before)).hr === HR.VDS_E_NOT_SUPPORTED)
      ctx.notApplicable('SetStatus is not supported');
    ctx.duties.code('VDS-7.6', result, HR.E_INVALIDARG, 'for the status UNKNOWN');
    ctx.duties.equal('VDS-0.2b', 'the status after UNKNOWN was refused', await statusOf(ctx, object), before);
  },
});

/** A status that is set is the status told. */
export const statusIsReached = (
  kind: StatusKind,
  wanted: readonly number[] = [STATUS_OFFLINE, STATUS_ONLINE],
): Check => ({
  id: `${kind.suite}.set-status`,
  title:
    wanted.length === 1
      ? `SetStatus of a ${DEVICE_KINDS[kind.interfaceName].name} takes the status that it has`
      : `A ${DEVICE_KINDS[kind.interfaceName].name} reaches each status that SetStatus takes`,
  requirements: ['VDS-7.6b'],
  cost: { calls: 16, recoveries: 0 },
  async run(ctx) {
    const object = await kind.spare(ctx);
    if ((await statusOf(ctx, object)) !== STATUS_ONLINE) ctx.notApplicable('it is not online to begin with');
    const enumeration = enumerationOf(structureOf(kind.interfaceName), 'status');
    for (const status of wanted) {
      const name = nameIn(enumeration, status);
      const result = ctx.duties.supported(await setStatus(ctx, object, status), `for the status ${name}`);
      // Callers pass a subset of the values, and no page says which.
      if (result.hr === HR.E_INVALIDARG && status !== STATUS_ONLINE)
        ctx.notApplicable(`SetStatus answered E_INVALIDARG for the status ${name}`);
      ctx.duties.ok('VDS-7.6b', result);
      ctx.duties.equal(
        'VDS-7.6b',
        `the status after SetStatus(${name}) succeeded`,
        // The trace has the call that then reported it.
        named(enumeration, await statusOf(ctx, object)),
        named(enumeration, status),
        result,
      );
    }
  },
});
