// Making and deleting LUNs of each type.
import { zeroStructure } from '../../contract/codec.js';
import {
  HINT_MASK_FLAGS,
  VDS_LUN_TYPE as LT,
  VDS_SUB_SYSTEM_FLAG as SF,
} from '../../contract/generated/enumerations.js';
import { AUTOMAGIC, isFaultTolerant, namesTheSame } from '../../contract/lun-types.js';
import { OF_THE_LAB, TOO_LARGE } from '../../contract/want-of-room.js';
import type { Guid } from '../../contract/guid.js';
import { command, type Command, type Outcome, type Request, type Target } from '../command.js';
import { ANYTHING, Expected } from '../expected.js';
import { idsIn, type Draft } from '../state.js';
import { newSizes, sizeText } from './sizes.js';

/** Learned from the first LUN: the number of targets that a new one comes with. */
export const TARGETS_OF_A_NEW_LUN = 'targets of a new LUN';
/** The hints that are in effect, in text. */
function hintsInEffect(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const on = Object.entries(value).filter(([, each]) => each === true);
  return on
    .map(([name]) => name)
    .sort()
    .join();
}
export const numberOf = (association: unknown): number => idsIn(association).length;

/** The parameter that holds the hints of a new LUN. */
const HINTS = { 'IVdsSubSystem.CreateLun': 'hints', 'IVdsSubSystem2.CreateLun2': 'hints2' } as const;

/** More of its own a run does not keep in one subsystem. */
export const MOST_LUNS = 6;

/** Which LUNs of a subsystem are the run's own. */
export const ownLuns = ({ state, subSystem, knowledge }: Target): ReturnType<typeof state.ofKind> =>
  state.ofKind('IVdsLun', subSystem).filter((l) => knowledge.own.has(l.id));

/** Whether a subsystem shows LUNs to some and not to others; where not, lists are passed over (VDS-10.36). */
const canMask = (draft: Draft, subSystem: Guid): boolean =>
  (Number(draft.member(subSystem, 'flags')) & SF.VDS_SF_LUN_MASKING_CAPABLE) !== 0;

export function made(
  draft: Draft,
  type: number,
  size: bigint,
  unmaskingList: string,
  { made: id }: Outcome,
  { subSystem, knowledge }: Omit<Target, 'state'>,
): void {
  if (id === undefined) return;
  draft.open.add(id);
  draft.add({
    kind: 'IVdsLun',
    id,
    parent: subSystem,
    members: {
      size: knowledge.rounded(subSystem, type, size),
      unmaskingList: unmaskingList === '*' || !canMask(draft, subSystem) ? ANYTHING : unmaskingList,
      associatedTargets: knowledge.asEver(TARGETS_OF_A_NEW_LUN, numberOf),
    },
  });
  draft.spaceChanges(subSystem, [id]);
  draft.mayList('IVdsController', subSystem, 'associatedLuns', id);
  draft.mayList('IVdsControllerPort', subSystem, 'associatedLuns', id);
  // A subsystem of simple targets associates a new LUN by itself.
  if (knowledge.first(TARGETS_OF_A_NEW_LUN) !== 0) draft.mayList('IVdsIscsiTarget', subSystem, 'associatedLuns', id);
}

/** The flags by which a subsystem says that it makes LUNs of a type. */
const PROMISES: Readonly<Record<number, number>> = {
  [LT.VDS_LT_SIMPLE]: SF.VDS_SF_SUPPORTS_SIMPLE_LUNS,
  [LT.VDS_LT_SPAN]: SF.VDS_SF_SUPPORTS_SPAN_LUNS,
  [LT.VDS_LT_STRIPE]: SF.VDS_SF_SUPPORTS_STRIPE_LUNS,
  [LT.VDS_LT_MIRROR]: SF.VDS_SF_SUPPORTS_MIRROR_LUNS,
  [LT.VDS_LT_PARITY]: SF.VDS_SF_SUPPORTS_PARITY_LUNS,
  [LT.VDS_LT_FAULT_TOLERANT]: SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS,
  [LT.VDS_LT_NON_FAULT_TOLERANT]: SF.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS,
};

/** The type that a LUN reports which was asked for with a type. */
function typeOf(asked: number): Expected {
  const tolerance = asked === LT.VDS_LT_FAULT_TOLERANT || asked === LT.VDS_LT_NON_FAULT_TOLERANT;
  const admits = (type: unknown): boolean => {
    if (typeof type !== 'number' || AUTOMAGIC.has(type)) return false;
    if (tolerance) return isFaultTolerant(type) === (asked === LT.VDS_LT_FAULT_TOLERANT);
    return asked === LT.VDS_LT_DEFAULT || namesTheSame(asked, type);
  };
  return new Expected('a concrete type that is what was asked for', admits, tolerance ? 'VDS-10.2f' : undefined);
}

/** An automagic type wants hints, and a concrete one wants none; these ask for nothing out of the way. */
const MODEST = { hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: false };
const MODEST_HINTS: Readonly<Record<Creation, object>> = {
  'IVdsSubSystem.CreateLun': zeroStructure('VDS_HINTS', MODEST),
  'IVdsSubSystem2.CreateLun2': zeroStructure('VDS_HINTS2', MODEST),
};
const hintsFor = (type: number, method: Creation): object | null => (AUTOMAGIC.has(type) ? MODEST_HINTS[method] : null);

/** Drives that a new LUN of a type may be given: one of the last three, or the last two for two plexes. */
function placesFor(type: number, { state, subSystem }: Target): readonly (readonly Guid[])[] {
  const drives = state.ofKind('IVdsDrive', subSystem).map(({ id }) => id);
  if (type === LT.VDS_LT_SIMPLE) return drives.slice(-3).map((id) => [id]);
  return type === LT.VDS_LT_MIRROR && drives.length > 2 ? [drives.slice(-2)] : [];
}

/** Bytes that no array has. */
const MORE_THAN_ALL = 1n << 60n;

type Creation = 'IVdsSubSystem.CreateLun' | 'IVdsSubSystem2.CreateLun2';

const creation = (
  name: string,
  type: number,
  masks: readonly string[] = [''],
  method: Creation = 'IVdsSubSystem.CreateLun',
  apart: Pick<Command, 'apart' | 'promised'> = {},
): Command =>
  command({
    name,
    method,
    on: 'IVdsSubSystem',
    requirement: 'VDS-10.2c',
    touches: ['luns', 'size', 'space', 'mask'],
    ...(PROMISES[type] === undefined ? {} : { promised: { flag: PROMISES[type], requirement: 'VDS-7.5c' } }),
    ...apart,
    requests: (target) => {
      if (ownLuns(target).length >= MOST_LUNS) return [];
      const { drives, lunSize } = target.knowledge.options;
      // An automagic type goes with no list of drives.
      if (drives !== undefined && AUTOMAGIC.has(type)) return [];
      const each = placesFor(type, target);
      // A larger one may be refused for its size, whatever its type.
      const sizes = newSizes(lunSize).slice(0, apart.apart === true ? 2 : undefined);
      return sizes.map((sizeInBytes, i) => {
        const unmaskingList = masks[i % masks.length] ?? '';
        // The first is left to the provider, others are given drives of their own.
        const place = i === 0 ? undefined : each[i % each.length];
        return {
          args: {
            type,
            sizeInBytes,
            driveIdArray: drives ?? place ?? null,
            unmaskingList,
            [HINTS[method]]: hintsFor(type, method),
          },
          how: `of ${sizeText(sizeInBytes)}${place === undefined ? '' : ` on ${place.join(' and ')}`}`,
        };
      });
    },
    effect: (draft, { args }, outcome, target) => {
      made(draft, type, args['sizeInBytes'] as bigint, args['unmaskingList'] as string, outcome, target);
      if (outcome.made !== undefined) draft.assume(outcome.made, 'type', typeOf(type));
      // Nobody applied any.
      if (outcome.made !== undefined)
        draft.assume(
          outcome.made,
          'hints',
          target.knowledge.asFirstRead(`hints of a new LUN of type ${type} in ${target.subSystem}`, hintsInEffect),
        );
    },
  });

/** A type of the enumeration that is not supported is answered as such, and not as a wrong argument. */
const creationApart = (name: string, type: number, method?: Creation): Command =>
  creation(name, type, undefined, method, {
    apart: true,
    promised:
      type === LT.VDS_LT_DEFAULT
        ? { requirement: 'VDS-10.1c' }
        : { flag: PROMISES[type] ?? 0, requirement: 'VDS-7.5c', otherwise: 'VDS-7.5' },
  });

const deletion = (name: string, suits: (target: Target) => boolean): Command =>
  command({
    name,
    method: 'IVdsLun.Delete',
    on: 'IVdsLun',
    requirement: 'VDS-10.6',
    touches: ['luns', 'space', 'associations', 'plexes'],
    requests: (target) => (target.knowledge.own.has(target.item.id) && suits(target) ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, _outcome, { item, subSystem }) => {
      draft.remove(item.id);
      draft.spaceChanges(subSystem, [item.id]);
    },
  });

export const LUN_MAKING_COMMANDS: readonly Command[] = [
  creation('create-lun', LT.VDS_LT_SIMPLE, ['', '*', '10000000C9A1B2C3']),
  creation('create-lun-2', LT.VDS_LT_SIMPLE, undefined, 'IVdsSubSystem2.CreateLun2'),
  creation('create-mirror', LT.VDS_LT_MIRROR),
  creation('create-stripe', LT.VDS_LT_STRIPE),
  creation('create-span', LT.VDS_LT_SPAN),
  creationApart('create-default-lun', LT.VDS_LT_DEFAULT),
  creationApart('create-fault-tolerant-lun', LT.VDS_LT_FAULT_TOLERANT),
  creationApart('create-non-fault-tolerant-lun', LT.VDS_LT_NON_FAULT_TOLERANT),
  creationApart('create-parity-lun', LT.VDS_LT_PARITY),
  creationApart('create-span-2', LT.VDS_LT_SPAN, 'IVdsSubSystem2.CreateLun2'),
  creationApart('create-stripe-2', LT.VDS_LT_STRIPE, 'IVdsSubSystem2.CreateLun2'),
  creationApart('create-parity-lun-2', LT.VDS_LT_PARITY, 'IVdsSubSystem2.CreateLun2'),
  command({
    name: 'create-lun-too-large',
    method: 'IVdsSubSystem.CreateLun',
    on: 'IVdsSubSystem',
    requirement: 'VDS-10.2i',
    touches: ['luns', 'size', 'space'],
    apart: true,
    requests: ({ state, subSystem, knowledge }) => {
      const { drives = null } = knowledge.options;
      // What lies in a pool need not lie on the drive that is given.
      const isFree = drives === null && state.ofKind('IVdsStoragePool').length === 0;
      const last = isFree ? state.ofKind('IVdsDrive', subSystem).at(-1) : undefined;
      const request = (type: number, sizeInBytes: bigint, driveIdArray: readonly Guid[] | null, on = ''): Request => ({
        args: { type, sizeInBytes, driveIdArray, unmaskingList: '', hints: hintsFor(type, 'IVdsSubSystem.CreateLun') },
        how: `of ${sizeInBytes} bytes${on}`,
      });
      const size = last?.members['size'];
      return [
        request(LT.VDS_LT_DEFAULT, MORE_THAN_ALL, drives),
        request(LT.VDS_LT_SIMPLE, MORE_THAN_ALL, drives),
        ...(last === undefined || typeof size !== 'bigint'
          ? []
          : [request(LT.VDS_LT_SIMPLE, 2n * size, [last.id], ` on ${last.id}`)]),
      ];
    },
    refusal: {
      requirement: 'VDS-10.2i',
      codes: [...TOO_LARGE, ...OF_THE_LAB],
      because: 'for more than the array, or the drive, has',
    },
  }),
  deletion('delete-lun', () => true),
  deletion('delete-associated-lun', ({ item }) => numberOf(item.members['associatedTargets']) > 0),
];
