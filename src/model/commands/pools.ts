// LUNs that are made in a storage pool.
import { VDS_LUN_TYPE as LT, VDS_STORAGE_POOL_TYPE } from '../../contract/generated/enumerations.js';
import type { Guid } from '../../contract/guid.js';
import { command, type Command, type Target } from '../command.js';
import { Expected } from '../expected.js';
import { idsIn, type Item } from '../state.js';
import { made, MOST_LUNS, ownLuns } from './lun-making.js';
import { newSizes, sizeText } from './sizes.js';

/** Whether all drives of a pool are the subsystem's: the pool itself names none. */
const liesIn = ({ state, subSystem }: Target, { members: { driveExtents } }: Item): boolean => {
  const drives = Array.isArray(driveExtents) ? (driveExtents as readonly { readonly id: Guid }[]) : [];
  return drives.length > 0 && drives.every(({ id }) => state.subSystemOf(id) === subSystem);
};

export const POOL_COMMANDS: readonly Command[] = [
  command({
    name: 'create-lun-in-pool',
    method: 'IVdsHwProviderStoragePools.CreateLunInStoragePool',
    on: 'IVdsSubSystem',
    requirement: 'VDS-10.16g',
    touches: ['luns', 'size', 'space', 'pools'],
    closely: true,
    requests: (target) => {
      const { state, knowledge } = target;
      if (ownLuns(target).length >= MOST_LUNS || knowledge.options.drives !== undefined) return [];
      const pools = state
        .ofKind('IVdsStoragePool')
        .filter(
          (p) =>
            p.members['type'] === VDS_STORAGE_POOL_TYPE.VDS_SPT_CONCRETE && knowledge.mayUse(p) && liesIn(target, p),
        );
      return pools.flatMap((pool) =>
        newSizes(knowledge.options.lunSize)
          .slice(0, 2)
          .map((sizeInBytes) => ({
            args: { type: LT.VDS_LT_SIMPLE, sizeInBytes, storagePoolId: pool.id, unmaskingList: '', hints2: null },
            how: `, ${pool.id}, of ${sizeText(sizeInBytes)}`,
          })),
      );
    },
    effect: (draft, { args }, outcome, target) => {
      made(draft, LT.VDS_LT_SIMPLE, args['sizeInBytes'] as bigint, '', outcome, target);
      const { made: id } = outcome;
      if (id === undefined) return;
      draft.set(
        args['storagePoolId'] as Guid,
        'allocatedLuns',
        new Expected(`a list with ${id}`, (actual) => idsIn(actual).includes(id)),
      );
    },
  }),
];
