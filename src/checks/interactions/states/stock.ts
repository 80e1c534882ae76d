// Sees to it that there is still something of everything: tours delete what stands in a role to others.
import type { Item, Kind } from '../../../model/index.js';
import type { Player } from '../player.js';
import { resolve, subSystemAt } from '../resolve.js';
import type { StateOfObject } from './state.js';

interface Stock {
  /** Whether there is enough of it in a subsystem. */
  readonly suffices: (player: Player, subSystem: string) => boolean;
  readonly command: string;
}

const ownOf = ({ state, knowledge }: Player, kind: Kind, subSystem: string): readonly Item[] =>
  state.ofKind(kind, subSystem).filter(({ id, parent }) => knowledge.own.has(id) || knowledge.own.has(parent ?? ''));

const owned = (player: Player, kind: Kind, subSystem: string): number => ownOf(player, kind, subSystem).length;

const listing = (player: Player, kind: Kind, member: string, subSystem: string): boolean =>
  ownOf(player, kind, subSystem).some(({ members: { [member]: value } }) => !Array.isArray(value) || value.length > 0);

const STOCK: readonly Stock[] = [
  { command: 'create-lun', suffices: (player, s) => owned(player, 'IVdsLun', s) >= 3 },
  {
    command: 'create-mirror',
    suffices: (player, s) => owned(player, 'IVdsLunPlex', s) > owned(player, 'IVdsLun', s),
  },
  { command: 'create-target', suffices: (player, s) => owned(player, 'IVdsIscsiTarget', s) >= 2 },
  { command: 'create-portal-group', suffices: (player, s) => owned(player, 'IVdsIscsiPortalGroup', s) >= 2 },
  {
    command: 'add-portal',
    suffices: (player, s) => listing(player, 'IVdsIscsiPortalGroup', 'associatedPortals', s),
  },
  { command: 'associate-targets', suffices: (player, s) => listing(player, 'IVdsLun', 'associatedTargets', s) },
];

/** What a state needs, so that some object can be brought into it. */
const stockOf = ({ enabledBy: command, kinds, suits }: StateOfObject): readonly Stock[] =>
  command === undefined
    ? []
    : [
        {
          command,
          suffices: (player, s) =>
            kinds.some((kind) => player.state.ofKind(kind, s).some((item) => suits?.(player, item) !== false)),
        },
      ];

/** Makes what has become rare in a subsystem, the `at`th of those that the run may work on, and what a state needs. */
export async function restock(player: Player, at: number, state: StateOfObject): Promise<void> {
  const subSystem = subSystemAt(player.state, player.knowledge, at);
  if (subSystem === undefined) return;
  for (const { suffices, command } of [...STOCK, ...stockOf(state)])
    for (let i = 0; i < MOST && !suffices(player, subSystem.id); i++) {
      const call = resolve({ command, n: i, relation: 'same' }, player.state, { id: subSystem.id }, player.knowledge);
      if (call?.subSystem !== subSystem.id || (await player.play(call)) !== true) break;
    }
}
const MOST = 3;
