// Portal groups of targets, and the portals in them.
import { VDS_ISCSI_PORTAL_STATUS } from '../../contract/generated/enumerations.js';
import type { Guid } from '../../contract/guid.js';
import { HR } from '../../contract/hresult.js';
import { command, type Command, type Request, type Target } from '../command.js';
import { ANYTHING } from '../expected.js';
import { idsIn } from '../state.js';

/** Whether the group is of a target of the run's own. */
const isOwn = ({ item, knowledge }: Target): boolean => knowledge.own.has(item.parent ?? '');
const portalsIn = ({ item }: Pick<Target, 'item'>): readonly string[] => idsIn(item.members['associatedPortals']);

/** The portals that are in any group of the target. */
const portalsOfTarget = ({ state, item }: Target): ReadonlySet<string> =>
  new Set(state.ofKind('IVdsIscsiPortalGroup', item.parent ?? '').flatMap((group) => portalsIn({ item: group })));

const naming = (portal: string): Request => ({ args: { portalId: portal }, how: `, ${portal}` });

export const PORTAL_GROUP_COMMANDS: readonly Command[] = [
  command({
    name: 'create-portal-group',
    method: 'IVdsIscsiTarget.CreatePortalGroup',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.3',
    touches: ['portal groups'],
    requests: ({ item, knowledge }) => (knowledge.own.has(item.id) ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, { hr, made }, { item }) => {
      // No more can be created: an existing one is handed over.
      if (hr === HR.VDS_S_ALREADY_EXISTS || made === undefined) return;
      draft.add({
        kind: 'IVdsIscsiPortalGroup',
        id: made,
        parent: item.id,
        members: { tag: ANYTHING, associatedPortals: [] },
      });
    },
  }),
  command({
    name: 'delete-portal-group',
    method: 'IVdsIscsiPortalGroup.Delete',
    on: 'IVdsIscsiPortalGroup',
    requirement: 'VDS-11.2a',
    touches: ['portal groups'],
    requests: (target) => (isOwn(target) && portalsIn(target).length === 0 ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, _outcome, { item }) => draft.remove(item.id),
  }),
  command({
    name: 'delete-portal-group-in-use',
    method: 'IVdsIscsiPortalGroup.Delete',
    on: 'IVdsIscsiPortalGroup',
    requirement: 'VDS-11.2c',
    touches: ['portal groups', 'portals'],
    requests: (target) => (isOwn(target) && portalsIn(target).length > 0 ? [{ args: {}, how: '' }] : []),
    refusal: {
      requirement: 'VDS-11.2c',
      codes: [HR.VDS_E_ASSOCIATED_PORTALS_EXIST],
      because: 'while a portal is in the group',
    },
  }),
  command({
    name: 'add-portal',
    method: 'IVdsIscsiPortalGroup.AddPortal',
    on: 'IVdsIscsiPortalGroup',
    requirement: 'VDS-11.4c',
    touches: ['portals', 'portal groups'],
    requests: (target) => {
      const { state, subSystem } = target;
      if (!isOwn(target)) return [];
      const used = portalsOfTarget(target);
      return state
        .ofKind('IVdsIscsiPortal', subSystem)
        .filter((p) => !used.has(p.id))
        .map((p) => naming(p.id));
    },
    granted: {
      requirement: 'VDS-11.4e',
      because: 'to a portal that is in a group of another target',
      when: (state, item, { args: { portalId } }) =>
        state.member(portalId as Guid, 'status') === VDS_ISCSI_PORTAL_STATUS.VDS_IPS_ONLINE &&
        state
          .ofKind('IVdsIscsiPortalGroup')
          .some(
            ({ parent, members }) =>
              parent !== item.parent && idsIn(members['associatedPortals']).includes(portalId as Guid),
          ),
    },
    // One that is in the group already may be added once more, and is in it once.
    effect: (draft, { args }, _outcome, { item }) =>
      draft.associate(item.id, 'associatedPortals', [
        ...new Set([...idsIn(draft.member(item.id, 'associatedPortals')), args['portalId'] as string]),
      ]),
  }),
  command({
    name: 'add-portal-of-another-group',
    method: 'IVdsIscsiPortalGroup.AddPortal',
    on: 'IVdsIscsiPortalGroup',
    requirement: 'VDS-11.4d',
    touches: ['portals', 'portal groups'],
    requests: (target) => {
      const own = new Set(portalsIn(target));
      return isOwn(target) ? [...portalsOfTarget(target)].filter((id) => !own.has(id)).map(naming) : [];
    },
    refusal: { requirement: 'VDS-11.4d', because: 'for a portal that is in another group of the target' },
  }),
  command({
    name: 'remove-portal',
    method: 'IVdsIscsiPortalGroup.RemovePortal',
    on: 'IVdsIscsiPortalGroup',
    requirement: 'VDS-11.4c',
    touches: ['portals', 'portal groups'],
    requests: (target) => (isOwn(target) ? portalsIn(target).map(naming) : []),
    effect: (draft, { args }, _outcome, { item }) =>
      draft.associate(
        item.id,
        'associatedPortals',
        idsIn(draft.member(item.id, 'associatedPortals')).filter((id) => id !== args['portalId']),
      ),
  }),
];
