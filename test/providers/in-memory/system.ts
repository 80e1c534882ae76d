// A loaded in-memory provider and short ways to its objects, for the tests of this folder.
import { expect } from 'vitest';
import type { Untouched } from '../../../src/contract/codec.js';
import type { Guid } from '../../../src/contract/guid.js';
import { hresultName } from '../../../src/contract/hresult.js';
import { VDSC_FAULT_KIND, VDS_LUN_TYPE } from '../../../src/contract/generated/enumerations.js';
import type { VDS_LUN_PROP } from '../../../src/contract/generated/structures.js';
import type { VdsObject, TypedInterfaces } from '../../../src/port/objects.js';
import { readInventory } from '../../../src/truth/read-inventory.js';
import { Session } from '../../../src/port/session.js';
import { createInMemory, type Parts } from '../../../providers/in-memory/adapter.js';
import { GIB } from '../../../src/contract/sizes.js';
export { GIB, MIB } from '../../../src/contract/sizes.js';

export const FK = VDSC_FAULT_KIND;
export const NOBODY: Guid = '11111111-2222-4333-8444-555555555555';

/** The name of an answer's code, which says more in a failing test than a number. */
export const code = (answer: { readonly hr: number }): string => hresultName(answer.hr) ?? String(answer.hr);

/** An output that the call must have given. */
export function given<T>(value: T): Exclude<T, null | undefined | Untouched> {
  if (value === null || value === undefined || typeof value === 'symbol')
    throw new Error(`expected an output, got ${String(value)}`);
  return value as Exclude<T, null | undefined | Untouched>;
}

export async function as<I extends keyof TypedInterfaces>(object: VdsObject, name: I): Promise<TypedInterfaces[I]> {
  return given(await object.as(name));
}

interface Standing {
  readonly status: number;
  readonly health: number;
}
export interface Truth {
  readonly subSystems: readonly (Standing & {
    readonly id: Guid;
    readonly friendlyName: string;
    readonly importTarget: string | null;
    readonly luns: readonly (Standing & {
      readonly id: Guid;
      readonly size: string;
      readonly friendlyName: string;
      readonly unmaskingList: string;
      readonly type: number;
      readonly plexes: readonly (Standing & { readonly id: Guid; readonly size: string; readonly type: number })[];
      readonly associatedTargets: readonly Guid[];
      readonly activeControllers: readonly Guid[];
    })[];
    readonly drives: readonly (Standing & {
      readonly id: Guid;
      readonly flags: number;
      readonly friendlyName: string;
    })[];
    readonly controllers: readonly (Standing & { readonly id: Guid; readonly friendlyName: string })[];
    readonly portals: readonly { readonly id: Guid; readonly status: number }[];
    readonly targets: readonly {
      readonly id: Guid;
      readonly iscsiName: string;
      readonly friendlyName: string;
      readonly chapEnabled: boolean;
      readonly portalGroups: readonly {
        readonly id: Guid;
        readonly tag: number;
        readonly associatedPortals: readonly Guid[];
      }[];
    }[];
  })[];
}

type Enumeration = {
  readonly hr: number;
  readonly out: { readonly enum: TypedInterfaces['IEnumVdsObject'] | null | Untouched };
};

/** All objects of an enumeration. */
export async function all<I extends keyof TypedInterfaces>(
  answer: Promise<Enumeration>,
  name: I,
): Promise<TypedInterfaces[I][]> {
  const { hr, out } = await answer;
  expect(code({ hr })).toBe('S_OK');
  const next = await given(out.enum).next({ celt: 10_000 });
  return Promise.all(given(next.out.objectArray).map((o) => as(given(o), name)));
}

/** One provider instance of a session. */
export class Instance {
  private constructor(
    readonly session: Session,
    readonly unknown: VdsObject,
    readonly provider: TypedInterfaces['IVdsProvider'],
    readonly life: TypedInterfaces['IVdsProviderPrivate'],
    readonly hw: TypedInterfaces['IVdsHwProvider'],
    readonly control: TypedInterfaces['IVdsConformanceControl'],
  ) {}

  static async create(session: Session): Promise<Instance> {
    const unknown = await session.createInstance();
    return new Instance(
      session,
      unknown,
      await as(unknown, 'IVdsProvider'),
      await as(unknown, 'IVdsProviderPrivate'),
      await as(unknown, 'IVdsHwProvider'),
      await as(unknown, 'IVdsConformanceControl'),
    );
  }

  async load(): Promise<void> {
    expect(code(await this.life.onLoad({ machineName: null, callbackObject: await this.session.createSink() }))).toBe(
      'S_OK',
    );
  }

  subSystems(): Promise<TypedInterfaces['IVdsSubSystem'][]> {
    return all(this.hw.querySubSystems(), 'IVdsSubSystem');
  }

  async subSystem(index = 0): Promise<TypedInterfaces['IVdsSubSystem']> {
    return given((await this.subSystems())[index]);
  }

  async lun(subSystem?: TypedInterfaces['IVdsSubSystem']): Promise<TypedInterfaces['IVdsLun']> {
    return given((await all((subSystem ?? (await this.subSystem())).queryLuns(), 'IVdsLun'))[0]);
  }

  async target(subSystem?: TypedInterfaces['IVdsSubSystem']): Promise<TypedInterfaces['IVdsIscsiTarget']> {
    const iscsi = await as(subSystem ?? (await this.subSystem()), 'IVdsSubSystemIscsi');
    return given((await all(iscsi.queryTargets(), 'IVdsIscsiTarget'))[0]);
  }

  /** Creates a LUN and waits for it. */
  async createLun(
    subSystem: TypedInterfaces['IVdsSubSystem'],
    size = GIB,
    type: number = VDS_LUN_TYPE.VDS_LT_SIMPLE,
  ): Promise<TypedInterfaces['IVdsLun']> {
    const accepted = await subSystem.createLun({
      type,
      sizeInBytes: size,
      driveIdArray: null,
      unmaskingList: '',
      hints: null,
    });
    expect(code(accepted)).toBe('S_OK');
    const { hrResult, asyncOut } = (await given(accepted.out.async).wait()).out;
    expect(code({ hr: given(hrResult) })).toBe('S_OK');
    return as(given(given(asyncOut).cl?.lunUnk), 'IVdsLun');
  }

  /** Creates a target, which is associated with nothing, and waits for it. */
  async createTarget(
    subSystem: TypedInterfaces['IVdsSubSystem'],
    iscsiName: string | null = null,
  ): Promise<TypedInterfaces['IVdsIscsiTarget']> {
    const accepted = await (await as(subSystem, 'IVdsSubSystemIscsi')).createTarget({ iscsiName, friendlyName: null });
    expect(code(accepted)).toBe('S_OK');
    return as(given(given((await given(accepted.out.async).wait()).out.asyncOut).ct?.targetUnk), 'IVdsIscsiTarget');
  }

  /** Injects a fault that must succeed. */
  async inject(
    kind: number,
    objectId: Guid,
    notify = false,
  ): Promise<{ readonly faultId: number; readonly proof: Record<string, string> }> {
    const answer = await this.control.inject({ kind, objectId, notify });
    expect(code(answer)).toBe('S_OK');
    return { faultId: given(answer.out.faultId), proof: JSON.parse(given(answer.out.proof)) as Record<string, string> };
  }

  /** The documented recovery. */
  async recover(): Promise<void> {
    expect(code(await this.hw.reenumerate())).toBe('S_OK');
    expect(code(await this.hw.refresh())).toBe('S_OK');
  }

  async truth(): Promise<Truth> {
    return comparable(JSON.parse(given((await this.control.readTruth()).out.truth)));
  }

  /** The provider's own account of everything it has, in the form of the truth. */
  async inventory(): Promise<Truth> {
    return comparable(await readInventory(this.hw));
  }
}

/**
 * Sizes as the truth writes them, and lists of associated ids in one order. LUN numbers go: the default profile has no
 * IVdsLunNumber.
 */
function comparable(state: unknown): Truth {
  return JSON.parse(
    JSON.stringify(state, (name, value: unknown) => {
      if (name === 'lunNumber') return undefined;
      if (typeof value === 'bigint') return value.toString();
      return Array.isArray(value) && value.every((v) => typeof v === 'string')
        ? [...(value as string[])].sort()
        : value;
    }),
  ) as Truth;
}

/** A new session with one loaded provider instance. */
export async function open(overrides: Partial<Parts> = {}, seed = '1'): Promise<Instance> {
  const instance = await Instance.create(new Session(createInMemory({ seed }, overrides)));
  await instance.load();
  return instance;
}

type Device =
  | 'IVdsSubSystem'
  | 'IVdsLun'
  | 'IVdsLunPlex'
  | 'IVdsDrive'
  | 'IVdsController'
  | 'IVdsIscsiTarget'
  | 'IVdsIscsiPortal'
  | 'IVdsIscsiPortalGroup';

export const idOf = async (object: TypedInterfaces[Device]): Promise<Guid> => {
  const { out } = await object.getProperties();
  return given(Object.values(out as unknown as Record<string, { readonly id: Guid }>)[0]).id;
};

export const propertiesOf = async (lun: TypedInterfaces['IVdsLun']): Promise<VDS_LUN_PROP> =>
  given((await lun.getProperties()).out.lunProp);

/** The events among the session's notifications since a mark, as `event:id`. */
export function events(session: Session, mark = 0): string[] {
  return session.received
    .slice(mark)
    .flatMap((n) => n.notifications)
    .map((n) => {
      const arm = n.lun ?? n.target ?? n.subSystem ?? n.drive ?? n.controller ?? n.portal ?? n.portalGroup;
      const [event, id] = Object.values(given(arm)) as [number, string];
      return `${event}:${id}`;
    });
}
