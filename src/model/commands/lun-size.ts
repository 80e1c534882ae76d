// Extend and Shrink, also where they must be refused.
import { command, type Command, type Target } from '../command.js';
import { isSpare } from '../drive-extents.js';
import type { Draft } from '../state.js';
import { Formerly } from '../expected.js';
import { isStriped } from '../knowledge.js';
import { CHANGES, GIB, IMPOSSIBLE, MIB, sizeText, wrapping } from './sizes.js';

/** Bytes by which a LUN that is a little larger than 4 GiB can be shrunk. */
const MUCH = 4n * GIB + 16n * MIB;
/** More than any array has left. */
const TOO_MUCH = 1n << 55n;

function resized(draft: Draft, by: bigint, { item, subSystem, knowledge }: Omit<Target, 'state'>): void {
  // Every plex is rounded, and a mirror may have one of several columns.
  const plexes = draft.ofKind('IVdsLunPlex', item.id);
  const own = item.members['type'];
  const before = own instanceof Formerly ? own.value : own;
  const type = plexes.map((p) => p.members['type']).find((each) => isStriped(each)) ?? before;
  draft.set(item.id, 'size', knowledge.changed(subSystem, type, by, draft.member(item.id, 'size')));
  // A LUN of one drive that grows onto another is one of several from then on.
  draft.set(item.id, 'type', new Formerly(before));
  draft.release(item.id, 'transitionState');
  for (const plex of plexes) draft.release(plex.id, 'size', 'type', 'extents', 'transitionState');
  draft.spaceChanges(subSystem, [item.id]);
}

/** The drives of the LUN's subsystem that a list may name. */
const drivesOf = ({ state, subSystem, knowledge }: Target): readonly string[] => {
  const { drives } = knowledge.options;
  return drives ?? state.ofKind('IVdsDrive', subSystem).map((d) => d.id);
};

/** A drive that is a hot spare, of which no space may be given. */
const spareOf = ({ state, subSystem, knowledge }: Target): string | undefined =>
  state.ofKind('IVdsDrive', subSystem).find((d) => knowledge.mayUse(d) && isSpare(d))?.id;

/** Bytes that may be taken from a LUN of this size; more than 32 bits hold, first of all where it has them. */
const shrinkages = (size: unknown, changes: readonly bigint[]): readonly bigint[] =>
  typeof size === 'bigint'
    ? [...(size > MUCH + 16n * MIB ? [MUCH] : []), ...changes.filter((by) => size > 2n * by)]
    : [];

/** Bytes by which a size is changed: the usual ones, and as many as show where sizes are rounded to more. */
function changesOf({ knowledge, subSystem, item }: Target): readonly bigint[] {
  const showing = knowledge.showing(subSystem, item.members['type']);
  return showing === undefined || CHANGES.some((by) => by >= showing) ? CHANGES : [...CHANGES, showing];
}

export const LUN_SIZE_COMMANDS: readonly Command[] = [
  command({
    name: 'extend-lun',
    method: 'IVdsLun.Extend',
    on: 'IVdsLun',
    requirement: 'VDS-10.7a',
    touches: ['size', 'space'],
    requests: (target) => {
      if (!target.knowledge.own.has(target.item.id)) return [];
      const drives = drivesOf(target);
      return changesOf(target).flatMap((numberOfBytesToAdd, i) => {
        const how = `by ${sizeText(numberOfBytesToAdd)}`;
        const drive = i === 0 ? (spareOf(target) ?? drives[0]) : drives[i % Math.max(drives.length, 1)];
        const any = { args: { numberOfBytesToAdd, driveIdArray: target.knowledge.options.drives ?? null }, how };
        return drive === undefined
          ? [any]
          : [any, { args: { numberOfBytesToAdd, driveIdArray: [drive] }, how: `${how}, first on ${drive}` }];
      });
    },
    effect: (draft, { args }, _outcome, target) => {
      resized(draft, args['numberOfBytesToAdd'] as bigint, target);
      draft.mayRebuild(target.item.id);
    },
  }),
  command({
    name: 'shrink-lun',
    method: 'IVdsLun.Shrink',
    on: 'IVdsLun',
    requirement: 'VDS-10.7f',
    touches: ['size', 'space'],
    requests: (target) =>
      target.knowledge.own.has(target.item.id)
        ? shrinkages(target.item.members['size'], changesOf(target)).map((by) => ({
            args: { numberOfBytesToRemove: by },
            how: `by ${sizeText(by)}`,
          }))
        : [],
    effect: (draft, { args }, _outcome, target) => resized(draft, -(args['numberOfBytesToRemove'] as bigint), target),
  }),
  command({
    name: 'extend-lun-too-far',
    method: 'IVdsLun.Extend',
    on: 'IVdsLun',
    requirement: 'VDS-10.7h',
    touches: ['size', 'space'],
    requests: (target) => {
      if (!target.knowledge.own.has(target.item.id)) return [];
      const [drive] = drivesOf(target);
      const { drives } = target.knowledge.options;
      const { size } = target.item.members;
      const request = (numberOfBytesToAdd: bigint, how: string, driveIdArray: readonly string[] | null) => ({
        args: { numberOfBytesToAdd, driveIdArray },
        how,
      });
      return [
        ...(drive === undefined ? [] : [request(TOO_MUCH, 'by more than there is, with a list of drives', [drive])]),
        request(TOO_MUCH, 'by more than there is', drives ?? null),
        ...[...(typeof size === 'bigint' ? wrapping(size) : []), ...IMPOSSIBLE].map(({ bytes, how }) =>
          request(bytes, `by ${how}`, drives ?? null),
        ),
      ];
    },
    refusal: { requirement: 'VDS-10.7h', because: 'for more than the array has' },
  }),
  command({
    name: 'shrink-lun-too-far',
    method: 'IVdsLun.Shrink',
    on: 'IVdsLun',
    requirement: 'VDS-10.7f',
    touches: ['size', 'space'],
    // By so much more that it is too much however an array rounds it.
    requests: ({ item, knowledge }) =>
      knowledge.own.has(item.id) && typeof item.members['size'] === 'bigint'
        ? [
            { args: { numberOfBytesToRemove: 2n * item.members['size'] + 64n * MIB }, how: 'by more than it has' },
            ...IMPOSSIBLE.map(({ bytes, how }) => ({ args: { numberOfBytesToRemove: bytes }, how: `by ${how}` })),
          ]
        : [],
    refusal: { requirement: 'VDS-10.7f', because: 'for more than the LUN has' },
  }),
];
