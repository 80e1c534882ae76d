// Lawful choices where a page leaves one: other orders, values left out, busy moments, other ids, limits. Written from
// the documents, without the suite.
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR, hresultFromWin32 } from '../../../src/contract/hresult.js';
import type { MethodName } from '../../../src/contract/tables.js';
import type { Servant } from '../../../src/port/object-server.js';
import type { Reply } from '../../../src/port/port.js';
import { withMembers } from '../../defective/follow.js';
import type { ArrayTarget } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { DriveObject } from '../../in-memory/objects/drive.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Variant } from '../variant.js';

class ReordersEachList extends ProviderObject {
  private asked = 0;

  override enumerate(objects: readonly Servant[], position?: number): Servant {
    if (position !== undefined || objects.length === 0) return super.enumerate(objects, position);
    const at = (this.asked += 1) % objects.length;
    return super.enumerate([...objects.slice(at), ...objects.slice(0, at)].reverse());
  }
}

/** The structures that are told without a name. */
const NAMELESS: Readonly<Partial<Record<MethodName, string>>> = {
  'IVdsLun.GetProperties': 'lunProp',
  'IVdsIscsiTarget.GetProperties': 'targetProp',
  'IVdsController.GetProperties': 'controllerProp',
};

class ImportsToItsTargets extends SubSystemObject {
  protected override setImportTarget(given: string | null): ReturnType<SubSystemObject['setImportTarget']> {
    this.touch();
    const stored = this.dialect.parse(given);
    if (typeof stored === 'string') {
      const targets: readonly ArrayTarget[] = [...this.reach().subSystem.targets.values()];
      if (!targets.some((t) => t.iscsiName === stored)) throw new Failure(HR.VDS_E_OBJECT_NOT_FOUND);
    }
    return super.setImportTarget(given);
  }
}

const SCANS: ReadonlySet<MethodName> = new Set(['IVdsHwProvider.Reenumerate', 'IVdsHwProvider.Refresh']);

const ERROR_NO_SYSTEM_RESOURCES = 1450;
const MOST_LUNS = 12;

class TwelveLuns extends SubSystemObject {
  protected override createLun(
    request: Parameters<SubSystemObject['createLun']>[0],
  ): ReturnType<SubSystemObject['createLun']> {
    if (this.read().luns.length >= MOST_LUNS) {
      this.checkLunRequest(request);
      throw new Failure(hresultFromWin32(ERROR_NO_SYSTEM_RESOURCES));
    }
    return super.createLun(request);
  }
}

class FreeSpaceAsOneExtent extends DriveObject {
  protected override queryExtents(): ReturnType<DriveObject['queryExtents']> {
    const extents = this.read().extents.map(({ lun, size }) => ({
      id: this.id,
      lunId: lun ?? NULL_GUID,
      size: BigInt(size),
      used: lun !== null,
    }));
    const size = extents.filter((e) => !e.used).reduce((sum, e) => sum + e.size, 0n);
    const free = { id: this.id, lunId: NULL_GUID, size, used: false };
    const all = [...extents.filter((e) => e.used), ...(size === 0n ? [] : [free])];
    return { hr: HR.S_OK, out: { extentArray: all, numberOfExtents: all.length } };
  }
}

class EstimatesNothing extends AsyncOperation {
  protected override queryStatus(): ReturnType<AsyncOperation['queryStatus']> {
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: this.result === HR.S_OK ? 100 : 0 } };
  }
}

class CannotCancel extends AsyncOperation {
  protected override cancel(): ReturnType<AsyncOperation['cancel']> {
    return { hr: HR.VDS_E_NOT_SUPPORTED };
  }
}

/** Gives what a map holds other ids. Answers the new ones by the old. */
function renew<T extends { readonly id: Guid }>(items: Map<Guid, T>, next: () => Guid): Map<Guid, Guid> {
  const ids = new Map<Guid, Guid>();
  const all = [...items.values()];
  items.clear();
  for (const item of all) {
    const id = next();
    ids.set(item.id, id);
    items.set(id, Object.assign(item, { id }));
  }
  return ids;
}

class NumbersAnew extends ProviderObject {
  private loads = 0;

  protected override onLoad(callback: Parameters<ProviderObject['onLoad']>[0]): ReturnType<ProviderObject['onLoad']> {
    if (!this.loaded && (this.loads += 1) > 1) this.number();
    return super.onLoad(callback);
  }

  private number(): void {
    const { ids } = this.array;
    for (const { luns, targets } of this.array.connected()) {
      for (const { plexes } of luns.values()) renew(plexes, () => ids.next('plex'));
      renew(luns, () => ids.next('lun'));
      const now = renew(targets, () => ids.next('target'));
      for (const { groups } of targets.values()) renew(groups, () => ids.next('portal-group'));
      for (const lun of luns.values()) lun.targets = new Set([...lun.targets].map((id) => now.get(id) ?? id));
    }
  }
}

/** The properties of a reply that has a name, without it. */
function nameless(method: MethodName, reply: Reply): Reply {
  const prop = NAMELESS[method];
  return prop === undefined || reply.hr !== HR.S_OK
    ? reply
    : withMembers({ ...reply, hr: HR.VDS_S_PROPERTIES_INCOMPLETE }, prop, { friendlyName: null });
}

export const CHOICES: readonly Variant[] = [
  {
    name: 'lists-in-another-order-each-time',
    says: 'Each query lists its objects in another order: an enumeration is static, and no page compares two.',
    parts: { Provider: ReordersEachList },
    everywhere: true,
  },
  {
    name: 'properties-without-names',
    says:
      'GetProperties of LUNs, targets and controllers answers VDS_S_PROPERTIES_INCOMPLETE, which it lists, and ' +
      'leaves names out.',
    overrides: () => ({
      invoke: async (call, next) => nameless(call.method, await next()),
    }),
    everywhere: true,
  },
  {
    name: 'properties-without-names-now-and-then',
    says:
      'Every third GetProperties of LUNs, targets and controllers answers VDS_S_PROPERTIES_INCOMPLETE without the ' +
      'name, as if it had not reached the array.',
    overrides: () => {
      let asked = 0;
      return {
        invoke: async (call, next) => {
          const reply = await next();
          return call.method in NAMELESS && (asked += 1) % 3 === 0 ? nameless(call.method, reply) : reply;
        },
      };
    },
  },
  {
    name: 'imports-to-its-targets-only',
    says: 'SetImportTarget takes the names of targets of its subsystem only: no page says that it takes others.',
    parts: { SubSystem: ImportsToItsTargets },
  },
  {
    name: 'busy-when-first-asked-to-scan',
    says:
      'Reenumerate and Refresh answer VDS_E_ANOTHER_CALL_IN_PROGRESS, which ' +
      'they list, every time that they are first asked.',
    overrides: () => {
      const asked = new Map<MethodName, number>();
      return {
        invoke: async (call, next) => {
          const reply = await next();
          if (!SCANS.has(call.method) || reply.hr !== HR.S_OK) return reply;
          const times = (asked.get(call.method) ?? 0) + 1;
          asked.set(call.method, times);
          return times % 2 === 1 ? { ...reply, hr: HR.VDS_E_ANOTHER_CALL_IN_PROGRESS } : reply;
        },
      };
    },
  },
  {
    name: 'at-most-12-luns-by-resources',
    says:
      'A subsystem holds twelve LUNs, and CreateLun says so by HRESULT_FROM_WIN32(ERROR_NO_SYSTEM_RESOURCES): pages ' +
      'permit system errors.',
    parts: { SubSystem: TwelveLuns },
    incomplete: 'checks that need more LUNs than the array holds cannot be made',
  },
  {
    name: 'free-space-as-one-extent',
    says:
      'QueryExtents of a drive reports what is used and then all ' +
      'free space as one extent: an extent has no offset.',
    parts: { Drive: FreeSpaceAsOneExtent },
  },
  {
    name: 'percent-is-not-estimated',
    says:
      'QueryStatus reports 0 percent until an operation has succeeded, as ' +
      'its page allows where progress is not known.',
    parts: { AsyncOperation: EstimatesNothing },
  },
  {
    name: 'cancel-is-not-supported',
    says: 'Cancel answers VDS_E_NOT_SUPPORTED, which its page lists, and operations end as if it was not called.',
    parts: { AsyncOperation: CannotCancel },
  },
  {
    name: 'ids-are-new-in-each-load',
    says:
      'LUNs, targets and what they hold have other ids after OnLoad of a provider that was unloaded: only the ids of ' +
      'providers persist.',
    parts: { Provider: NumbersAnew },
  },
];
