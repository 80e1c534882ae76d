// Lawful habits about iSCSI targets, portal groups and names.
import { v5 } from 'uuid';
import { VDS_SUB_SYSTEM_FLAG as SF } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { asks, lacks, reports, together } from '../../defective/answers.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArraySubSystem, ArrayTarget } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PortalGroupObject } from '../../in-memory/objects/portal-group.js';
import { isSecret } from '../../in-memory/objects/secrets.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import { LearnsOfTargets, SimpleTargets, TargetsOfLuns, TargetsStayBehind } from '../simple-targets.js';
import { notSupported, withFlags } from '../small-arrays.js';
import type { Variant } from '../variant.js';

const NAMES = '5f9c4c1e-8d5c-4b7a-9d0e-1f6a7b1c2d3e';

/** The id of a target follows from its name, which is its identity. */
class IdsFromNames extends StorageArray {
  override addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName?: string): ArrayTarget {
    const made = super.addTarget(subSystem, iscsiName, friendlyName);
    const target = { ...made, id: v5(iscsiName, NAMES) };
    subSystem.targets.delete(made.id);
    subSystem.targets.set(target.id, target);
    return target;
  }
}

/** Each target comes with one group that holds every portal, and has no room for another. */
class FixedGroups extends StorageArray {
  override addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName?: string): ArrayTarget {
    const target = super.addTarget(subSystem, iscsiName, friendlyName);
    const group = super.addPortalGroup(target);
    for (const portal of subSystem.portals.keys()) group.portals.add(portal);
    return target;
  }
  override addPortalGroup(target: ArrayTarget): ReturnType<StorageArray['addPortalGroup']> {
    const [first] = target.groups.values();
    return first ?? super.addPortalGroup(target);
  }
  override promiseGroup(): ReturnType<StorageArray['promiseGroup']> {
    return undefined;
  }
}

/** Each target that is made comes with a group that holds every portal, which can be taken out of it. */
class GroupsOfAllPortals extends StorageArray {
  declare private isBuilt: boolean | undefined;

  protected override build(): void {
    super.build();
    this.isBuilt = true;
  }

  override addTarget(subSystem: ArraySubSystem, iscsiName: string, friendlyName?: string): ArrayTarget {
    const target = super.addTarget(subSystem, iscsiName, friendlyName);
    if (this.isBuilt !== true) return target;
    const group = this.addPortalGroup(target);
    for (const portal of subSystem.portals.keys()) group.portals.add(portal);
    return target;
  }
}

class FixedGroup extends PortalGroupObject {
  protected override addPortal(portalId: Guid): ReturnType<PortalGroupObject['addPortal']> {
    // Tells what is unknown, and otherwise that nothing can be changed.
    const { inventory } = this.provider;
    const known = inventory.record('subsystem', inventory.record('target', this.read().parent).parent).portals;
    throw new Failure(known.includes(portalId) ? HR.VDS_E_INVALID_OPERATION : HR.VDS_E_OBJECT_NOT_FOUND);
  }
  protected override removePortal(portalId: Guid): ReturnType<PortalGroupObject['removePortal']> {
    throw new Failure(this.read().portals.includes(portalId) ? HR.VDS_E_NOT_SUPPORTED : HR.VDS_E_OBJECT_NOT_FOUND);
  }
}

/** AddPortal has nothing to do for a portal that is in the group. */
class TakesItsPortalsAgain extends PortalGroupObject {
  protected override checkAddable(...[found, id]: Parameters<PortalGroupObject['checkAddable']>): void {
    if (!found.group.portals.has(id)) super.checkAddable(found, id);
  }
}

/** Counts portal groups on, so that the tag of one that is gone does not come again. */
class NewTags extends StorageArray {
  // The constructor of an array makes groups already.
  declare private made: number | undefined;

  override addPortalGroup(target: ArrayTarget): ReturnType<StorageArray['addPortalGroup']> {
    this.made = (this.made ?? 0) + 1;
    const group = { ...super.addPortalGroup(target), tag: this.made };
    target.groups.set(group.id, group);
    return group;
  }
}

/** Each LUN has its targets to itself. */
class NoTargetInCommon extends LunObject {
  protected override associateTargets(
    ids: readonly Guid[] | null,
    count: number,
  ): ReturnType<LunObject['associateTargets']> {
    const wanted = new Set(ids?.map((id) => id.toLowerCase()));
    const others = [...this.reach().subSystem.luns.values()].filter(({ id }) => id !== this.id);
    if (others.some(({ targets }) => [...targets].some((id) => wanted.has(id))))
      throw new Failure(HR.VDS_E_NOT_SUPPORTED);
    return super.associateTargets(ids, count);
  }
}

class OneGroup extends StorageArray {
  override promiseGroup(target: ArrayTarget): ReturnType<StorageArray['promiseGroup']> {
    return target.groups.size + target.promisedGroups >= 1 ? undefined : super.promiseGroup(target);
  }
}

class OnePortal extends StorageArray {
  override addPortal(subSystem: ArraySubSystem, address: string): ReturnType<StorageArray['addPortal']> {
    const [first] = subSystem.portals.values();
    return first ?? super.addPortal(subSystem, address);
  }
}

/** Secrets by the initiator that has to know them; under '' the one for all. */
const secretsOf = new WeakMap<object, Set<string>>();

class KeepsSecretsForOne extends TargetObject {
  protected override setSharedSecret(
    ...given: Parameters<TargetObject['setSharedSecret']>
  ): ReturnType<TargetObject['setSharedSecret']> {
    const [secret, initiatorName] = given;
    this.touch();
    if (initiatorName === '') throw new Failure(HR.E_INVALIDARG);
    const isSet = isSecret(secret);
    const { target } = this.reach('IVdsIscsiTarget.SetSharedSecret');
    const secrets = secretsOf.get(target) ?? new Set();
    secretsOf.set(target, secrets);
    secrets[isSet ? 'add' : 'delete'](initiatorName?.toLowerCase() ?? '');
    target.chapEnabled = secrets.size > 0;
    return this.changed();
  }
}

/** LUNs have the targets that the array makes for them, and no others. */
const theirOwnTargetsOnly = together(
  withFlags((flags) => flags | SF.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG),
  notSupported('IVdsSubSystemIscsi.CreateTarget', 'IVdsLunIscsi.AssociateTargets'),
);

export const TARGET_HABITS: readonly Variant[] = [
  {
    name: 'simple-targets-and-others',
    says: 'Supports simple target configuration, and lets targets be created as well: the flag does not forbid that.',
    decides: ['targets of new LUNs'],
    parts: { StorageArray: SimpleTargets },
    overrides: withFlags((flags) => flags | SF.VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG),
  },
  {
    name: 'targets-of-luns',
    says:
      'Supports simple target configuration only: a LUN comes and goes with a target of its own, as no page says ' +
      'which targets the array assigns LUNs to. Neither CreateTarget nor AssociateTargets is supported.',
    decides: ['targets of new LUNs', 'associations'],
    parts: { StorageArray: TargetsOfLuns, Provider: LearnsOfTargets },
    overrides: theirOwnTargetsOnly,
  },
  {
    name: 'targets-stay-behind',
    says: 'The target that came with a LUN stays, without one, when the LUN becomes a plex of another.',
    decides: ['targets of new LUNs', 'associations'],
    parts: { StorageArray: TargetsStayBehind, Provider: LearnsOfTargets },
    overrides: theirOwnTargetsOnly,
  },
  {
    name: 'a-secret-for-one-is-kept',
    says: 'CHAP is in use while anybody has to know a secret, all initiators or one.',
    parts: { Target: KeepsSecretsForOne },
  },
  {
    name: 'one-target-a-lun',
    says: 'Associates a LUN with one target at most, as most subsystems do, and refuses more with VDS_E_NOT_SUPPORTED.',
    decides: ['associations'],
    overrides: lacks(
      'IVdsLunIscsi.AssociateTargets',
      HR.VDS_E_NOT_SUPPORTED,
      ({ numberOfTargets }) => numberOfTargets > 1,
    ),
  },
  {
    name: 'one-lun-a-target',
    says:
      'A target serves one LUN: AssociateTargets answers VDS_E_NOT_SUPPORTED, which is for combinations of ' +
      'parameters too, for a target that another LUN has.',
    decides: ['associations'],
    parts: { Lun: NoTargetInCommon },
  },
  {
    name: 'one-target-a-lun-by-argument',
    says: 'Associates a LUN with one target at most, and refuses more with E_INVALIDARG.',
    decides: ['associations'],
    overrides: lacks('IVdsLunIscsi.AssociateTargets', HR.E_INVALIDARG, ({ numberOfTargets }) => numberOfTargets > 1),
  },
  {
    name: 'target-ids-from-names',
    says: 'A target that is deleted and made again under its name has the id of before: the name is its identity.',
    parts: { StorageArray: IdsFromNames },
  },
  {
    name: 'fixed-portal-group',
    says:
      'Each target has one portal group, which holds every portal and cannot ' +
      'be changed; CreatePortalGroup hands that one out.',
    decides: ['portal groups'],
    parts: { StorageArray: FixedGroups, PortalGroup: FixedGroup },
    overrides: lacks('IVdsIscsiPortalGroup.Delete', HR.VDS_E_ASSOCIATED_PORTALS_EXIST),
  },
  {
    name: 'targets-have-all-portals',
    says: 'A new target comes with a portal group that holds every portal: one must be taken out for another group.',
    decides: ['portal groups'],
    parts: { StorageArray: GroupsOfAllPortals },
  },
  {
    name: 'portal-added-again',
    says: 'AddPortal succeeds for a portal that is in the group already, and leaves it there once.',
    decides: ['portal groups'],
    parts: { PortalGroup: TakesItsPortalsAgain },
  },
  {
    name: 'one-portal-group',
    says:
      'A target has one portal group at most, and a further CreatePortalGroup ' +
      'ends with VDS_S_ALREADY_EXISTS as its result too.',
    decides: ['portal groups'],
    parts: { StorageArray: OneGroup },
    overrides: () => {
      const existing = new Set<number>();
      return {
        methods: {
          'IVdsIscsiTarget.CreatePortalGroup': async (_call, next) => {
            const reply = await next();
            if (reply.hr === HR.VDS_S_ALREADY_EXISTS && typeof reply.out.async === 'number')
              existing.add(reply.out.async);
            return reply;
          },
          'IVdsAsync.Wait': async (call, next) => {
            const reply = await next();
            return existing.has(call.object) && reply.out.hrResult === HR.S_OK
              ? { ...reply, out: { ...reply.out, hrResult: HR.VDS_S_ALREADY_EXISTS } }
              : reply;
          },
          'IVdsAsync.QueryStatus': async (call, next) => {
            const reply = await next();
            return existing.has(call.object) && reply.out.hrResult === HR.S_OK
              ? { ...reply, out: { ...reply.out, hrResult: HR.VDS_S_ALREADY_EXISTS } }
              : reply;
          },
        },
      };
    },
  },
  { name: 'one-portal', says: 'Each subsystem has a single portal.', parts: { StorageArray: OnePortal } },
  {
    name: 'names-in-lower-case',
    says: 'Tells the iSCSI names of targets in lower case, in which they are compared.',
    decides: ['names of targets'],
    overrides: together(
      asks('IVdsSubSystemIscsi.CreateTarget', (args) => ({
        ...args,
        iscsiName: args.iscsiName === null ? null : args.iscsiName.toLowerCase(),
      })),
    ),
  },
  {
    name: 'underscores-in-names',
    says: 'Makes up names of targets with an underscore, which no page of VDS rules out.',
    decides: ['names of targets'],
    finds: ['VDS-7.9b'],
    overrides: reports('IVdsIscsiTarget.GetProperties', () => ({ targetProp }) => ({
      targetProp: {
        ...targetProp,
        iscsiName: /vdsc:[0-9a-f]{32}$/.test(targetProp.iscsiName ?? '')
          ? (targetProp.iscsiName ?? '').replace('vdsc:', 'vdsc:t_')
          : targetProp.iscsiName,
      },
    })),
  },
  {
    name: 'tags-are-not-used-again',
    says: 'The tags of portal groups are counted on for the whole array, whatever was deleted meanwhile.',
    parts: { StorageArray: NewTags },
  },
];
