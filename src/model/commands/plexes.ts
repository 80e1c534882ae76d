// Plexes that come to a LUN and go from it.
import { OneOf } from '../expected.js';
import { VDS_LUN_PLEX_TYPE, VDS_LUN_TYPE as LT } from '../../contract/generated/enumerations.js';
import { HR } from '../../contract/hresult.js';
import { command, type Command } from '../command.js';
import { idsIn, type Item, type SystemState } from '../state.js';

/** It has a target that no other LUN has. */
const isAssociated = (source: Item, state: SystemState): boolean =>
  idsIn(source.members['associatedTargets']).some(
    (target) =>
      state.ofKind('IVdsLun').filter((l) => idsIn(l.members['associatedTargets']).includes(target)).length === 1,
  );

const addition = (name: string, suits: (source: Item, state: SystemState) => boolean): Command =>
  command({
    name,
    method: 'IVdsLun.AddPlex',
    on: 'IVdsLun',
    requirement: 'VDS-10.8a',
    touches: ['plexes', 'luns', 'associations', 'size', 'space'],
    requests: ({ state, item, subSystem, knowledge }) => {
      const { size } = item.members;
      if (!knowledge.own.has(item.id) || typeof size !== 'bigint' || state.ofKind('IVdsLunPlex', item.id).length > 2)
        return [];
      return state
        .ofKind('IVdsLun', subSystem)
        .filter(
          (l) =>
            l.id !== item.id && knowledge.own.has(l.id) && (l.members['size'] as bigint) >= size && suits(l, state),
        )
        .map((l) => ({ args: { lunId: l.id }, how: `from ${l.id}` }));
    },
    effect: (draft, { args }, _outcome, { item, subSystem }) => {
      const source = args['lunId'] as string;
      // Whether the plexes keep their ids is said nowhere; how many there are is.
      for (const plex of draft.ofKind('IVdsLunPlex', source)) {
        draft.move(plex.id, item.id);
        draft.release(plex.id, ...Object.keys(plex.members));
        draft.optional.add(plex.id);
      }
      draft.counts.set(item.id, { kind: 'IVdsLunPlex', count: draft.ofKind('IVdsLunPlex', item.id).length });
      draft.remove(source);
      draft.open.add(item.id);
      draft.set(item.id, 'type', new OneOf(LT.VDS_LT_MIRROR, item.members['type']));
      draft.mayRebuild(item.id);
      draft.spaceChanges(subSystem, [item.id, source]);
    },
  });

/** Types of plexes that have their data once: what is rebuilt elsewhere may lie on more drives, or on fewer. */
const BY_DRIVES: readonly unknown[] = [VDS_LUN_PLEX_TYPE.VDS_LPT_SIMPLE, VDS_LUN_PLEX_TYPE.VDS_LPT_SPAN];

export const PLEX_COMMANDS: readonly Command[] = [
  addition('add-plex', () => true),
  addition('add-associated-plex', isAssociated),
  command({
    name: 'add-smaller-plex',
    method: 'IVdsLun.AddPlex',
    on: 'IVdsLun',
    requirement: 'VDS-10.8e',
    touches: ['plexes', 'luns'],
    requests: ({ state, item, subSystem, knowledge }) =>
      knowledge.own.has(item.id)
        ? state
            .ofKind('IVdsLun', subSystem)
            .filter((l) => knowledge.own.has(l.id) && (l.members['size'] as bigint) < (item.members['size'] as bigint))
            .map((l) => ({ args: { lunId: l.id }, how: `from ${l.id}, which is smaller` }))
        : [],
    refusal: {
      requirement: 'VDS-10.8e',
      // An array without plexes may say so first.
      codes: [HR.VDS_E_INVALID_OPERATION, HR.VDS_E_NOT_SUPPORTED],
      because: 'from a LUN that is smaller',
    },
  }),
  command({
    name: 'remove-plex',
    method: 'IVdsLun.RemovePlex',
    on: 'IVdsLun',
    requirement: 'VDS-10.8g',
    touches: ['plexes', 'space'],
    keeps: ['size'],
    requests: ({ state, item, knowledge }) => {
      const plexes = state.ofKind('IVdsLunPlex', item.id);
      return knowledge.own.has(item.id) && plexes.length > 1
        ? plexes.toReversed().map((p) => ({ args: { plexId: p.id }, how: `, ${p.id}` }))
        : [];
    },
    effect: (draft, { args }, _outcome, { item, subSystem }) => {
      draft.remove(args['plexId'] as string);
      if (draft.counts.has(item.id))
        draft.counts.set(item.id, { kind: 'IVdsLunPlex', count: draft.ofKind('IVdsLunPlex', item.id).length });
      draft.release(item.id, 'health');
      // Of one plex it is what that is; of several it stays what it was.
      const left = draft.ofKind('IVdsLunPlex', item.id);
      if (left.length < 2) draft.release(item.id, 'type');
      for (const plex of left) draft.release(plex.id, 'type');
      draft.spaceChanges(subSystem, [item.id]);
    },
  }),
  command({
    name: 'recover-lun',
    method: 'IVdsLun.Recover',
    on: 'IVdsLun',
    requirement: 'VDS-10.8i',
    touches: ['plexes'],
    requests: ({ state, item, knowledge }) =>
      knowledge.own.has(item.id) && state.ofKind('IVdsLunPlex', item.id).length > 1 ? [{ args: {}, how: '' }] : [],
    effect: (draft, _request, _outcome, { item, subSystem }) => {
      draft.release(item.id, 'status', 'health', 'transitionState');
      for (const plex of draft.ofKind('IVdsLunPlex', item.id)) {
        draft.release(plex.id, 'status', 'health', 'extents', 'transitionState');
        if (BY_DRIVES.includes(plex.members['type'])) draft.set(plex.id, 'type', new OneOf(...BY_DRIVES));
      }
      draft.spaceChanges(subSystem, [item.id]);
    },
  }),
];
