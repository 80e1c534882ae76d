// Defects of subsystems: what they report of themselves, where drives are, how large a LUN can be, their controllers,
// and replacing drives.
import { VDS_CONTROLLER_STATUS, VDS_HEALTH } from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, parseGuid, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import { answers, asks, overriding, pretends, reports, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { given, type MakeOverrides } from '../override.js';
import { GIB } from '../../../src/contract/sizes.js';

class StaleHealth extends StorageArray {
  protected override build(): void {
    super.build();
    for (const subSystem of this.subSystems.values()) subSystem.health = VDS_HEALTH.VDS_H_STALE;
  }
}

/** Migrates a LUN up to the last gap on the drive, and forgets what lies behind that. */
class LeavesWhatLiesBehindAGap extends SubSystemObject {
  protected override replaceDrive(...drives: Parameters<SubSystemObject['replaceDrive']>) {
    const answer = super.replaceDrive(...drives);
    const [replaced, replacement] = drives.map((id) => parseGuid(id) ?? id) as [Guid, Guid];
    const { luns } = this.reach().subSystem;
    for (const { plexes } of luns.values())
      for (const plex of plexes.values())
        plex.columns = plex.columns.map((column) => {
          const moved = column.filter(({ drive }) => drive === replacement);
          return column.map((e) => (moved.length > 1 && e === moved.at(-1) ? { ...e, drive: replaced } : e));
        });
    this.provider.learn(replaced, replacement, ...[...luns.values()].flatMap(({ plexes }) => [...plexes.keys()]));
    return answer;
  }
}

/** Looks for a drive that was replaced, and its enclosure, where it finds what replaced it. */
class FindsTheReplacement extends SubSystemObject {
  private readonly by = new Map<Guid, Guid>();

  protected override replaceDrive(replaced: Guid, replacement: Guid): ReturnType<SubSystemObject['replaceDrive']> {
    const answer = super.replaceDrive(replaced, replacement);
    this.by.set(parseGuid(replaced) ?? replaced, parseGuid(replacement) ?? replacement);
    return answer;
  }

  protected override getDrive2(...place: Parameters<SubSystemObject['getDrive2']>) {
    const answer = super.getDrive2(...place);
    const found = answer.out?.drive as { readonly id: Guid } | undefined;
    const other = this.provider.inventory.devices.get(this.by.get(found?.id ?? NULL_GUID) ?? NULL_GUID);
    return other === undefined ? answer : { ...answer, out: { drive: other } };
  }
}

/** Asks the array for nothing where it is given the name that it was given last. */
class RemembersWhatItWasCalled extends SubSystemObject {
  private last: string | null = null;

  protected override setFriendlyName(name: string | null): ReturnType<SubSystemObject['setFriendlyName']> {
    if (name !== null && name === this.last) return { hr: HR.S_OK };
    const answer = super.setFriendlyName(name);
    this.last = name;
    return answer;
  }
}

class OnlineControllersOnly extends SubSystemObject {
  protected override queryControllers(): ReturnType<SubSystemObject['queryControllers']> {
    const { inventory } = this.provider;
    const online = inventory
      .members(this.id, 'controllers')
      .filter(({ id }) => inventory.record('controller', id).status === VDS_CONTROLLER_STATUS.VDS_CS_ONLINE);
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(online) } };
  }
}

/** The old drive is freed before anything was copied to the new one. */
class ReplacesWithoutCopying extends SubSystemObject {
  protected override replaceDrive(replaced: Guid, replacement: Guid): ReturnType<SubSystemObject['replaceDrive']> {
    const answer = super.replaceDrive(replaced, replacement);
    for (const lun of this.reach('IVdsSubSystem.ReplaceDrive').subSystem.luns.values())
      for (const plex of lun.plexes.values())
        plex.columns = plex.columns.map((column) => column.filter(({ drive }) => drive !== replacement));
    this.provider.learn(replacement);
    return answer;
  }
}

/** How large a LUN can be is reckoned anew when LUNs change, and not when drives do. */
const roomOfTheLuns: MakeOverrides = () => {
  const sizes = new Map<string, bigint>();
  const forgetting = async <T>(_call: unknown, next: () => Promise<T>): Promise<T> => {
    const reply = await next();
    sizes.clear();
    return reply;
  };
  return {
    methods: {
      'IVdsSubSystem.CreateLun': forgetting,
      'IVdsLun.Extend': forgetting,
      'IVdsLun.Shrink': forgetting,
      'IVdsLun.Delete': forgetting,
      'IVdsLun.AddPlex': forgetting,
      'IVdsLun.RemovePlex': forgetting,
      'IVdsSubSystem.QueryMaxLunCreateSize': async (call, next) => {
        const question = `${call.object} ${call.args.type} ${String(call.args.driveIdArray)}`;
        const reply = await next();
        const size = sizes.get(question) ?? given(reply.out.maxLunSize);
        if (reply.hr !== HR.S_OK || size === undefined) return reply;
        sizes.set(question, size);
        return { ...reply, out: { maxLunSize: size } };
      },
    },
  };
};

export const SUB_SYSTEM: readonly Defect[] = [
  {
    name: 'room-from-before-a-drive-changed',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun-after-each-change'],
    says: 'QueryMaxLunCreateSize goes on with the sizes of before when a drive is set OFFLINE or becomes a hot spare.',
    overrides: roomOfTheLuns,
  },
  {
    name: 'subsystem-health-of-no-subsystem',
    breaks: ['VDS-10.14'],
    noticedBy: ['subsystem.health'],
    says: "A subsystem's health is STALE, which only volumes have.",
    parts: { StorageArray: StaleHealth },
  },
  {
    name: 'subsystem-set-status-e-fail',
    breaks: ['VDS-7.6b'],
    noticedBy: ['subsystem.set-status'],
    says: 'SetStatus of a subsystem answers E_FAIL for ONLINE.',
    overrides: unavailable('IVdsSubSystem.SetStatus', HR.E_FAIL, ({ status }) => status === 1),
  },
  {
    name: 'subsystem-status-unknown-accepted',
    breaks: ['VDS-7.6'],
    noticedBy: ['subsystem.status-unknown'],
    says: 'SetStatus of a subsystem answers S_OK for UNKNOWN.',
    overrides: pretends('IVdsSubSystem.SetStatus', ({ status }) => status === 0),
  },
  {
    name: 'subsystem-properties-2-without-flags',
    breaks: ['VDS-4.1a'],
    noticedBy: ['subsystem.properties-agree'],
    says: 'GetProperties2 of a subsystem leaves the flags 0.',
    overrides: reports('IVdsSubSystem2.GetProperties2', () => (out) => ({
      subSystemProp2: { ...out.subSystemProp2, flags: 0 },
    })),
  },
  {
    name: 'get-drive-counts-slots-from-1',
    breaks: ['VDS-4.5a'],
    noticedBy: ['subsystem.get-drive'],
    says: 'GetDrive takes slots from 1, and GetProperties reports them from 0.',
    overrides: asks('IVdsSubSystem.GetDrive', (args) => ({ ...args, slotNumber: args.slotNumber - 1 })),
  },
  {
    name: 'get-drive-2-looks-at-the-enclosure-alone',
    breaks: ['VDS-4.5a'],
    noticedBy: ['subsystem.get-drive2'],
    says: 'GetDrive2 hands out the first drive of the enclosure, whatever slot is asked for.',
    overrides: asks('IVdsSubSystem2.GetDrive2', (args) => ({ ...args, slotNumber: 0 })),
  },
  {
    name: 'empty-slot-gives-the-first-drive',
    breaks: ['VDS-4.5b'],
    noticedBy: ['subsystem.empty-slot'],
    says: 'GetDrive of a slot without a drive hands out the first one.',
    overrides: overriding('IVdsSubSystem.GetDrive', () => async (call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_OBJECT_NOT_FOUND ? next({ args: { ...call.args, slotNumber: 0 } }) : reply;
    }),
  },
  {
    name: 'replace-unknown-drive-e-invalidarg',
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['subsystem.replace-unknown-drive'],
    says: 'ReplaceDrive answers E_INVALIDARG for a drive that does not exist.',
    overrides: answers('IVdsSubSystem.ReplaceDrive', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'replaced-drive-is-not-copied',
    breaks: ['VDS-10.26'],
    noticedBy: ['subsystem.replace-drive'],
    says: 'ReplaceDrive frees the drive and copies nothing: what lay on it is on neither.',
    parts: { SubSystem: ReplacesWithoutCopying },
  },
  {
    name: 'largest-lun-overstated',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun2'],
    says: 'QueryMaxLunCreateSize reports a gigabyte more than CreateLun can make.',
    overrides: reports('IVdsSubSystem.QueryMaxLunCreateSize', () => (out) => ({ maxLunSize: out.maxLunSize + GIB })),
  },
  {
    name: 'largest-lun-is-all-there-is',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun-on-given-drives'],
    says: 'QueryMaxLunCreateSize does not look at the drives that are given.',
    overrides: asks('IVdsSubSystem.QueryMaxLunCreateSize', (args) => ({
      ...args,
      driveIdArray: null,
      numberOfDrives: 0,
      type: args.driveIdArray === null ? args.type : 11,
    })),
  },
  {
    name: 'largest-lun-follows-the-hints',
    breaks: ['VDS-10.5f'],
    noticedBy: ['subsystem.largest-lun-despite-hints'],
    says: 'QueryMaxLunCreateSize leaves out drives that it is given, where a hint wants fewer.',
    overrides: reports('IVdsSubSystem.QueryMaxLunCreateSize', () => (out, { hints, driveIdArray }) => {
      const [wanted, given] = [hints?.maximumDriveCount ?? 0, driveIdArray?.length ?? 0];
      return {
        maxLunSize: wanted > 0 && given > wanted ? (out.maxLunSize / BigInt(given)) * BigInt(wanted) : out.maxLunSize,
      };
    }),
  },
  {
    name: 'largest-lun-unknown-drive-e-invalidarg',
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['subsystem.largest-lun-unknown-drive'],
    says: 'QueryMaxLunCreateSize answers E_INVALIDARG for a drive that does not exist.',
    overrides: answers('IVdsSubSystem.QueryMaxLunCreateSize', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'largest-lun-null-hints-now-and-then',
    breaks: ['VDS-10.5b'],
    noticedBy: ['subsystem.largest-lun-null-hints'],
    says: 'QueryMaxLunCreateSize takes NULL for the hints every second time.',
    overrides: overriding('IVdsSubSystem.QueryMaxLunCreateSize', () => {
      let times = 0;
      return async (call, next) =>
        call.args.hints === null && ++times % 2 === 0 ? { hr: HR.E_INVALIDARG, out: {} } : next();
    }),
  },
  {
    name: 'largest-lun-without-a-result',
    breaks: ['VDS-10.5e'],
    noticedBy: ['subsystem.largest-lun-needs-a-result', 'interactions.queries'],
    says: 'QueryMaxLunCreateSize answers S_OK when it is given nowhere to put its result.',
    overrides: overriding(
      'IVdsSubSystem.QueryMaxLunCreateSize',
      () => async (call, next) => ((call.nullOuts ?? []).length > 0 ? { hr: HR.S_OK, out: {} } : next()),
    ),
  },
  {
    name: 'largest-lun-2-reports-half',
    breaks: ['VDS-10.5a'],
    noticedBy: ['subsystem.largest-lun2'],
    says: 'QueryMaxLunCreateSize2 reports half of what QueryMaxLunCreateSize reports.',
    overrides: reports('IVdsSubSystem2.QueryMaxLunCreateSize2', () => (out) => ({ maxLunSize: out.maxLunSize / 2n })),
  },
  {
    name: 'controllers-left-out-stay',
    breaks: ['VDS-10.10b'],
    noticedBy: ['subsystem.controllers-left-out'],
    says: 'SetControllerStatus takes lists that are no partition of the controllers.',
    overrides: answers('IVdsSubSystem.SetControllerStatus', [HR.E_INVALIDARG], HR.S_OK),
  },
  {
    name: 'controllers-are-only-counted',
    breaks: ['VDS-10.10b'],
    noticedBy: ['subsystem.controllers-left-out'],
    says: 'SetControllerStatus takes a controller that stands twice for one that is left out.',
    overrides: overriding('IVdsSubSystem.SetControllerStatus', () => async ({ args }, next) => {
      const reply = await next();
      const online = args.onlineControllerIdArray ?? [];
      return reply.hr === HR.E_INVALIDARG && new Set(online).size < online.length ? { hr: HR.S_OK, out: {} } : reply;
    }),
  },
  {
    name: 'set-controller-status-unknown-e-invalidarg',
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['subsystem.controllers-unknown'],
    says: 'SetControllerStatus answers E_INVALIDARG for a controller that does not exist.',
    overrides: answers('IVdsSubSystem.SetControllerStatus', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'set-controller-status-does-nothing',
    breaks: ['VDS-10.10'],
    noticedBy: ['subsystem.controllers-set'],
    says: 'SetControllerStatus answers S_OK and leaves the controllers as they are.',
    overrides: pretends(
      'IVdsSubSystem.SetControllerStatus',
      ({ numberOfOfflineControllers }) => numberOfOfflineControllers > 0,
    ),
  },
  {
    name: 'offline-controllers-are-not-listed',
    breaks: ['VDS-6.7c'],
    noticedBy: ['subsystem.controllers-set'],
    says: 'QueryControllers lists online controllers only.',
    parts: { SubSystem: OnlineControllersOnly },
  },
  {
    name: 'subsystem-name-is-not-kept',
    breaks: ['VDS-10.13c'],
    noticedBy: ['subsystem.friendly-name'],
    says: 'SetFriendlyName of a subsystem answers S_OK and keeps the old name.',
    overrides: pretends('IVdsSubSystemNaming.SetFriendlyName'),
  },
  {
    name: 'subsystem-name-shortened-in-silence',
    breaks: ['VDS-10.13'],
    noticedBy: ['subsystem.long-name'],
    says: 'SetFriendlyName of a subsystem answers S_OK for a name that it shortened.',
    overrides: answers('IVdsSubSystemNaming.SetFriendlyName', [HR.VDS_S_NAME_TRUNCATED], HR.S_OK),
  },
  {
    name: 'replaced-drive-keeps-the-end-of-a-lun',
    breaks: ['VDS-10.26b'],
    noticedBy: ['subsystem.replace-drive-under-offline-lun'],
    says: 'ReplaceDrive leaves what a LUN has on the drive behind another LUN.',
    parts: { SubSystem: LeavesWhatLiesBehindAGap },
  },
  {
    name: 'replacement-in-the-slot-of-the-replaced',
    breaks: ['VDS-4.5a'],
    noticedBy: ['interactions.drives'],
    says: 'GetDrive2 hands out the replacement at the place of a drive that was replaced, where that still is.',
    parts: { SubSystem: FindsTheReplacement },
  },
  {
    name: 'subsystem-name-shortened-once',
    breaks: ['VDS-10.13'],
    noticedBy: ['interactions.requests'],
    says: 'SetFriendlyName of a subsystem that is given the same long name again answers S_OK, and keeps it shortened.',
    parts: { SubSystem: RemembersWhatItWasCalled },
  },
  {
    name: 'subsystem-reenumerate-e-notimpl',
    breaks: ['VDS-5.4'],
    noticedBy: ['subsystem.reenumerate'],
    says: 'IVdsSubSystem::Reenumerate answers E_NOTIMPL, since the array finds drives by itself.',
    overrides: unavailable('IVdsSubSystem.Reenumerate', HR.E_NOTIMPL),
  },
];
