// Which calls can be made while an object is in a state, by the role of that to what they are made on; and which of
// them may share a look at the system.
import type { Guid } from '../../../contract/guid.js';
import { COMMANDS, commandNamed, idsOfRequest, type Item, type SystemState } from '../../../model/index.js';
import type { Player } from '../player.js';
import { madeKind, type Resolved } from '../resolve.js';
import { namedBy } from '../wrong.js';
import { isOfArgument, isThroughArgument, rolesOf, THROUGH_ARGUMENTS, type Cell, type Role } from './roles.js';

/** The objects on which a call can be made while another one is in a state, with the role of that to each. */
export class Relations {
  private readonly roles: ReadonlyMap<Guid, Role>;

  constructor(
    /** The state in which the relations are known: where the object is gone, that from before it went. */
    readonly known: SystemState,
    readonly related: Item,
    /** The calls that named the object while it was there. */
    private readonly naming: readonly Resolved[] = [],
  ) {
    this.roles = rolesOf(known, related);
  }

  /** Which roles there are, and to objects of which kinds. */
  has({ role, command }: Cell): boolean {
    if (isThroughArgument(role)) return true;
    const { on } = commandNamed(command);
    return this.known.ofKind(on).some(({ id }) => this.roles.get(id) === role);
  }

  /** The calls of a cell in the present state. */
  calls(player: Player, { command: name, role }: Cell, state: SystemState): readonly Resolved[] {
    const command = commandNamed(name);
    const { knowledge } = player;
    if (!knowledge.isAvailable(name)) return [];
    if (role === 'argument' && state.get(this.related.id) === undefined)
      return this.naming
        .filter((call) => call.command === command && state.get(call.item.id) !== undefined)
        .slice(0, 1);
    const calls: Resolved[] = [];
    for (const item of state.ofKind(command.on)) {
      if (!isThroughArgument(role) && this.roles.get(item.id) !== role) continue;
      const subSystem = state.subSystemOf(item.id);
      if (subSystem === undefined || !knowledge.mayUse(item)) continue;
      for (const request of command.requests({ state, item, subSystem, knowledge })) {
        const call: Resolved = { command, item, subSystem, request, relation: 'same' };
        if (!isThroughArgument(role) || this.isNamed(player, call, role)) calls.push(call);
      }
    }
    return isOfArgument(role) ? mostMembers(player, calls, state) : calls;
  }

  /** Whether something that a call names stands so to the object that this has the role to the call. */
  private isNamed(player: Player, call: Resolved, role: Role): boolean {
    return namedBy(player, call).some((id) => THROUGH_ARGUMENTS.get(this.roles.get(id) ?? 'beside') === role);
  }
}

/** Those calls that name what has most members, as a LUN of several plexes, of which a part can be lost. */
function mostMembers(player: Player, calls: readonly Resolved[], { items }: SystemState): readonly Resolved[] {
  const parents = [...items.values()].map(({ parent }) => parent);
  const counts = calls.map((call) => {
    const named = new Set<Guid | null>(namedBy(player, call));
    return parents.filter((parent) => named.has(parent)).length;
  });
  const most = Math.max(...counts);
  return calls.filter((_call, i) => counts[i] === most);
}

/** Every call that names an object by its id; of lists the longest first, of which the rest could be taken for all. */
export function callsNaming({ state, knowledge }: Player, { id }: Item): readonly Resolved[] {
  const calls = COMMANDS.flatMap((command) =>
    state.ofKind(command.on).flatMap((item): Resolved[] => {
      const subSystem = state.subSystemOf(item.id);
      if (subSystem === undefined || item.id === id || !knowledge.mayUse(item)) return [];
      return command
        .requests({ state, item, subSystem, knowledge })
        .filter((request) => idsOfRequest(request).includes(id))
        .map((request) => ({ command, item, subSystem, request, relation: 'same' }));
    }),
  );
  return calls.sort((a, b) => idsOfRequest(b.request).length - idsOfRequest(a.request).length);
}

/** What the calls of a batch have touched: of one change that follows another of the same, only the last shows. */
export class Touched {
  private readonly keys = new Set<string>();

  /** Whether the call may join the batch. */
  admits(call: Resolved): boolean {
    const ended = endedBy(call);
    if ([...this.keys].some((key) => ended.some((id) => key.startsWith(id)))) return false;
    return keysOf(call).every((key) => !this.keys.has(key));
  }

  add(call: Resolved): void {
    for (const key of keysOf(call)) this.keys.add(key);
  }
}

/** Commands after which an object that they name is no more by itself. */
const ENDING: ReadonlySet<string> = new Set(['add-plex', 'remove-plex']);

/** The objects that a call ends. */
function endedBy({ command, item, request }: Resolved): readonly string[] {
  if (command.name.startsWith('delete-')) return [item.id];
  return ENDING.has(command.name) ? idsOfRequest(request) : [];
}

/** What is made is seen whatever is made after it. */
const keysOf = ({ command, item }: Resolved): readonly string[] =>
  madeKind(command) === undefined ? command.touches.map((touch) => `${item.id} ${touch}`) : [];
