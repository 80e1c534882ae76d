// Steps of a tour that begin at once: those of two commands or more, on one object or on what one of them names, and
// two of one command.
import { HR } from '../../../contract/hresult.js';
import { after, commandNamed, idsOfRequest, limitsOf, type Item, type Request } from '../../../model/index.js';
import { equalValues } from '../../../truth/compare.js';
import { possible } from '../enabling.js';
import { didOverlap, playTogether } from '../overlapping.js';
import type { Player } from '../player.js';
import { callOn, otherRequest, RELATIONS, resolve, type Relation, type Resolved, type Step } from '../resolve.js';

/**
 * Begins as many calls at once as there are steps; those that cannot be made in one and the same state are left out.
 */
export async function playAtOnce(player: Player, steps: readonly Step[], kept: Step[]): Promise<void> {
  for (const step of steps) await possible(player, step, kept);
  const resolved = steps.flatMap((step) => resolve(step, player.state, player.focus, player.knowledge) ?? []);
  if (resolved.length > 1) await playTogether(player, resolved);
}

/** So many requests are tried. */
const PAIRS = 2;

/**
 * Begins two calls at once; where one is refused for want of something, as of space, then two others of the same
 * commands.
 */
export async function playPair(player: Player, one: Step, other: Step, kept: Step[]): Promise<void> {
  for (let i = 0; i < PAIRS; i++) {
    const first = await possible(player, { ...one, n: one.n + i }, kept);
    if (first === undefined) return;
    const second = resolve(other, player.state, { id: first.item.id }, player.knowledge);
    if (second === undefined || didOverlap(await playTogether(player, [first, second]))) return;
  }
}

/** The first object that a call names in its arguments. */
const namedFirst = ({ state }: Player, { request }: Resolved): Item | undefined =>
  state.get(idsOfRequest(request)[0] ?? '');

/** Begins a call, and another one at the same time on the first object that it names in its arguments. */
export async function playOnNamed(player: Player, one: Step, other: Step, kept: Step[]): Promise<void> {
  const first = await possible(player, one, kept);
  const named = first === undefined ? undefined : namedFirst(player, first);
  if (first === undefined || named?.kind !== commandNamed(other.command).on) return;
  const second = resolve({ ...other, relation: 'same' }, player.state, { id: named.id }, player.knowledge);
  if (second?.item.id === named.id) await playTogether(player, [first, second]);
}

/**
 * Begins each of these commands on the first object that a call names, in such a way that the call is not possible any
 * more once it is carried out, and then the call: it may be accepted, as all is well yet, and must fail in the end.
 */
export async function playAgainst(
  player: Player,
  step: Step,
  commands: readonly string[],
  kept: Step[],
): Promise<void> {
  for (const command of commands)
    for (let i = 0; i < PAIRS; i++) {
      const call = await possible(player, { ...step, n: step.n + i }, kept);
      const named = call === undefined ? undefined : namedFirst(player, call);
      if (call === undefined || named?.kind !== commandNamed(command).on) break;
      const other = callOn(player, command, named);
      const request = other === undefined ? undefined : requestAgainst(player, call, other);
      if (other === undefined || request === undefined) continue;
      await playTogether(player, [{ ...other, request }, call]);
      break;
    }
}

/**
 * The request of one call after which another one cannot be made any more, while its object is there: of those of which
 * that is not sure, the one that takes most of its object.
 */
function requestAgainst(
  { state, knowledge }: Player,
  first: Resolved,
  { command, item, subSystem }: Resolved,
): Request | undefined {
  const spoiling = (end: 'least' | 'most'): readonly (readonly [Request, bigint])[] =>
    command.requests({ state, item, subSystem, knowledge }).flatMap((request) => {
      const outcome = { hr: HR.S_OK, done: true };
      const then = after(state, [{ command, item, subSystem, request, outcome }], knowledge);
      const [now, of] = [then.get(item.id), then.get(first.item.id)];
      if (now === undefined || of === undefined) return [];
      const limits = Object.entries(now.members).map(([member, value]) => [member, limitsOf(value)?.[end]] as const);
      for (const [member, limit] of limits) if (limit !== undefined) then.set(item.id, member, limit);
      const left = first.command.requests({ state: then, item: of, subSystem: first.subSystem, knowledge });
      return left.some(({ args }) => equalValues(args, first.request.args))
        ? []
        : [[request, limits.reduce((sum, [, limit]) => sum + (limit ?? 0n), 0n)]];
    });
  const [surely] = spoiling('most');
  const [perhaps] = [...spoiling('least')].sort(([, a], [, b]) => (a < b ? -1 : 1));
  return (surely ?? perhaps)?.[0];
}

/**
 * Makes one and the same request twice at once, of one object and of two: what both want to have, a name or a portal,
 * only one can get.
 */
export async function playTwice(player: Player, step: Step, kept: Step[]): Promise<void> {
  await playBoth(player, step, kept);
  for (const relation of RELATIONS) {
    for (let i = 0; i < PAIRS; i++) {
      const on: Relation = i === 0 ? 'same' : 'sibling';
      const first = await possible(player, { ...step, n: step.n + i, relation: on }, kept);
      if (first === undefined) return;
      const { state, knowledge } = player;
      const second = resolve({ ...step, relation }, state, { id: first.item.id }, knowledge);
      if (second?.relation !== relation) break;
      // An id among the arguments is of one subsystem.
      if (second.subSystem !== first.subSystem && idsOfRequest(first.request).length > 0) break;
      if (didOverlap(await playTogether(player, [first, { ...second, request: first.request }]))) break;
    }
    step = { ...step, n: 0 };
  }
}

/** Makes two different requests of one command at once, of one object: to remove each of its plexes. */
async function playBoth(player: Player, step: Step, kept: Step[]): Promise<void> {
  const first = await possible(player, { ...step, relation: 'same', choice: true }, kept);
  if (first === undefined) return;
  const other = otherRequest(first, player.state, player.knowledge);
  if (other !== undefined) await playTogether(player, [first, { ...first, request: other }]);
}
