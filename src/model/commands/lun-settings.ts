// Settings of a LUN: mask, name, hints, status, and the targets and controllers through which it is reached.
import { OBJECT_STATUS, HINT_MASK_FLAGS } from '../../contract/generated/enumerations.js';
import { zeroStructure } from '../../contract/codec.js';
import { command, type Command, type Request, type Target } from '../command.js';
import { Expected } from '../expected.js';
import { idsIn, type Item } from '../state.js';
import { namingCommands } from './names.js';
import { pathsChange } from './multipath.js';

/** Names that begin with one another: `model-1` and `model-10`. */
const initiators = (...numbers: readonly number[]): string =>
  numbers.map((n) => `iqn.1991-05.com.microsoft:model-${n}`).join(';');
/** Of a cluster: longer than a buffer of 1,024 characters. */
const MANY_INITIATORS = initiators(...Array.from({ length: 40 }, (_, i) => i + 1));
const MASKS = [
  { unmaskingList: '10000000C9A1B2C3', how: 'to "10000000C9A1B2C3"' },
  { unmaskingList: '*', how: 'to "*"' },
  { unmaskingList: MANY_INITIATORS, how: 'to forty initiators' },
  { unmaskingList: '', how: 'to ""' },
  // The longer name first.
  { unmaskingList: initiators(12, 1), how: 'to two initiators' },
] as const;

const HINTS = [
  zeroStructure('VDS_HINTS', {
    hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS,
    mostlyReads: true,
  }),
  zeroStructure('VDS_HINTS', {
    hintMask: HINT_MASK_FLAGS.VDS_HINT_OPTIMIZEFORSEQUENTIALREADS,
    optimizeForSequentialReads: true,
  }),
  // Features of which the flags of LUN and subsystem have to say the same.
  zeroStructure('VDS_HINTS', {
    hintMask:
      HINT_MASK_FLAGS.VDS_HINT_REMAPENABLED |
      HINT_MASK_FLAGS.VDS_HINT_READBACKVERIFYENABLED |
      HINT_MASK_FLAGS.VDS_HINT_WRITETHROUGHCACHINGENABLED |
      HINT_MASK_FLAGS.VDS_HINT_HARDWARECHECKSUMENABLED,
    remapEnabled: true,
    readBackVerifyEnabled: true,
    writeThroughCachingEnabled: true,
    hardwareChecksumEnabled: true,
  }),
] as const;
const hintings = HINTS.map((hints) => ({ args: { hints }, how: '' }));

const hintings2 = HINTS.map((hints) => ({ args: { hints2: zeroStructure('VDS_HINTS2', hints as object) }, how: '' }));

const isOwn = ({ item, knowledge }: Target): boolean => knowledge.own.has(item.id);

const hinting = (name: string, method: Command['method'], requests: readonly Request[]): Command =>
  command({
    name,
    method,
    on: 'IVdsLun',
    requirement: 'VDS-10.12a',
    touches: ['hints'],
    requests: (target) => (isOwn(target) ? requests : []),
    effect: (draft, _request, _outcome, { item }) => {
      draft.release(item.id, 'hints', 'hints2', 'rebuildPriority', 'flags', 'transitionState');
      for (const plex of draft.ofKind('IVdsLunPlex', item.id))
        draft.release(plex.id, 'hints', 'hints2', 'rebuildPriority', 'flags', 'transitionState');
    },
  });

/**
 * How a list is reported that shows the LUN to all is not said: but it is not the one before, nor shows it to nobody.
 */
const toAll = ({ members: { unmaskingList: before } }: Item): Expected =>
  new Expected(
    'a list that shows it to all',
    (actual) => actual === '*' || (actual !== '' && actual !== null && (actual !== before || !isNamed(before))),
  );

/** A list of names that a check made up. */
const isNamed = (list: unknown): boolean => MASKS.some((m) => m.unmaskingList === list && list !== '*');

export const LUN_SETTING_COMMANDS: readonly Command[] = [
  command({
    name: 'mask-lun',
    method: 'IVdsLun.SetMask',
    on: 'IVdsLun',
    requirement: 'VDS-10.9a',
    touches: ['mask'],
    requests: (target) => {
      const isSet = (list: string): boolean => list === target.item.members['unmaskingList'];
      // Changes come first.
      const masks = [...MASKS].sort((a, b) => Number(isSet(a.unmaskingList)) - Number(isSet(b.unmaskingList)));
      return isOwn(target) ? masks.map(({ unmaskingList, how }) => ({ args: { unmaskingList }, how })) : [];
    },
    effect: (draft, { args }, _outcome, { item }) => {
      draft.set(item.id, 'unmaskingList', args['unmaskingList'] === '*' ? toAll(item) : args['unmaskingList']);
      draft.release(item.id, 'pathInfo');
    },
  }),
  ...namingCommands('name-lun', 'IVdsLunNaming.SetFriendlyName', 'IVdsLun', isOwn),
  hinting('hint-lun', 'IVdsLun.ApplyHints', hintings),
  hinting('hint-lun-2', 'IVdsLun2.ApplyHints2', hintings2),
  command({
    name: 'hint-plex',
    method: 'IVdsLunPlex.ApplyHints',
    on: 'IVdsLunPlex',
    requirement: 'VDS-10.12a',
    touches: ['hints'],
    requests: ({ item, knowledge }) => (knowledge.own.has(item.parent ?? '') ? hintings : []),
    // "Hints applied to a plex affect neither the LUN nor its other plexes" (IVdsLunPlex::ApplyHints).
    effect: (draft, _request, _outcome, { item }) =>
      draft.release(item.id, 'hints', 'hints2', 'rebuildPriority', 'flags', 'transitionState'),
  }),
  command({
    name: 'set-lun-status',
    method: 'IVdsLun.SetStatus',
    on: 'IVdsLun',
    requirement: 'VDS-7.6b',
    touches: ['status'],
    requests: (target) => {
      if (!isOwn(target)) return [];
      const online = target.item.members['status'] === OBJECT_STATUS.STATUS_ONLINE;
      const status = online ? OBJECT_STATUS.STATUS_OFFLINE : OBJECT_STATUS.STATUS_ONLINE;
      return [{ args: { status }, how: `to ${online ? 'OFFLINE' : 'ONLINE'}` }];
    },
    effect: (draft, { args }, _outcome, { item, subSystem }) => {
      draft.set(item.id, 'status', args['status']);
      draft.release(item.id, 'health', 'transitionState', 'pathInfo');
      draft.release(subSystem, 'health');
      for (const plex of draft.ofKind('IVdsLunPlex', item.id))
        draft.release(plex.id, 'status', 'health', 'transitionState');
    },
  }),
  command({
    name: 'associate-targets',
    method: 'IVdsLunIscsi.AssociateTargets',
    on: 'IVdsLun',
    requirement: 'VDS-10.11',
    touches: ['associations'],
    requests: (target) => {
      const { item, state, subSystem, knowledge } = target;
      if (!isOwn(target) || item.members['associatedTargets'] === undefined) return [];
      const ids = state
        .ofKind('IVdsIscsiTarget', subSystem)
        .filter((t) => knowledge.own.has(t.id))
        .map((t) => t.id);
      const [first, second] = ids;
      const sets: (readonly string[])[] = [];
      if (first !== undefined) sets.push([first]);
      sets.push([]);
      if (first !== undefined && second !== undefined) sets.push([second], [second, first]);
      return sets.map((targetIdArray) => ({
        args: { targetIdArray: targetIdArray.length === 0 ? null : targetIdArray },
        how: targetIdArray.length === 0 ? 'to none' : `to ${targetIdArray.join(' and ')}`,
      }));
    },
    effect: (draft, { args }, _outcome, { item }) =>
      draft.associate(item.id, 'associatedTargets', idsIn(args['targetIdArray'])),
  }),
  command({
    name: 'associate-unknown-target',
    method: 'IVdsLunIscsi.AssociateTargets',
    on: 'IVdsLun',
    requirement: 'VDS-10.11',
    touches: ['associations'],
    requests: (target) =>
      isOwn(target) && target.item.members['associatedTargets'] !== undefined
        ? [{ args: { targetIdArray: ['5d0a6c1e-7b1f-4d5c-9d57-2f6f3b0a8e12'] }, how: 'to one that does not exist' }]
        : [],
    refusal: { requirement: 'VDS-10.11', because: 'for a target that does not exist' },
  }),
  command({
    name: 'associate-controllers',
    method: 'IVdsLun.AssociateControllers',
    on: 'IVdsLun',
    requirement: 'VDS-10.10',
    touches: ['associations', 'controllers'],
    requests: (target) => {
      const ids = target.state.ofKind('IVdsController', target.subSystem).map((c) => c.id);
      if (!isOwn(target) || ids.length === 0 || target.item.members['activeControllers'] === undefined) return [];
      const splits = ids.length > 1 ? [ids.slice(0, 1), ids.slice(1), ids.toReversed(), []] : [ids, []];
      return splits.map((active) => {
        const inactive = ids.filter((id) => !active.includes(id));
        return {
          args: {
            activeControllerIdArray: active.length === 0 ? null : active,
            inactiveControllerIdArray: inactive.length === 0 ? null : inactive,
          },
          how: `to ${active.length === 0 ? 'none' : active.join(' and ')}`,
        };
      });
    },
    effect: (draft, { args }, _outcome, { item }) => {
      const active = idsIn(args['activeControllerIdArray']);
      draft.associate(item.id, 'activeControllers', active);
      // A LUN that nobody can reach may be OFFLINE.
      if (active.length === 0 || idsIn(item.members['activeControllers']).length === 0)
        for (const { id } of [item, ...draft.ofKind('IVdsLunPlex', item.id)]) draft.release(id, 'status', 'health');
      // No page says what this means for the ports of a controller.
      draft.releaseAssociation(item.id, 'activeControllerPorts');
      pathsChange(draft, item.id);
    },
  }),
];
