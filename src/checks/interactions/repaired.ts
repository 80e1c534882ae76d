// Damage after changes: calls are made while all is well, then the cache entries of all that they were about are
// damaged at once, and the pair repairs them. What had been acknowledged holds, whatever states it left the objects in.
import { CORRUPTION_FORMS, type CorruptionForm } from '../../faults/kinds.js';
import type { Guid } from '../../contract/guid.js';
import { commandNamed, settingsOf, type Item } from '../../model/index.js';
import type { Player } from './player.js';
import { resolve, type Resolved, type Step } from './resolve.js';
import { HeldEnumerators } from './laws/witness.js';
import { FORMS } from './tour-plan.js';
import { damage, namedBy } from './wrong.js';

/** The values of before a change that a repair may bring back. */
const STALE = CORRUPTION_FORMS.filter((form) => !FORMS.includes(form));

/** The objects that a call was about: its own, those in its arguments, what it made, and what holds them. */
function concernedBy(player: Player, call: Resolved, made: Guid | undefined): readonly Guid[] {
  const { state } = player;
  const direct = [call.item.id, ...namedBy(player, call), ...(made === undefined ? [] : [made])];
  const holders = direct.flatMap((id) => state.get(id)?.parent ?? []);
  return [...direct, ...holders.filter((id) => state.get(id)?.kind !== 'IVdsSubSystem')];
}

/** Damages the entries of all these objects, then makes the pair: everything must be as it was. */
async function repair(player: Player, items: readonly Item[], form: CorruptionForm): Promise<boolean> {
  const { around } = player;
  const enumerators = new HeldEnumerators(player.ctx);
  for (const { id } of player.state.ofKind('IVdsSubSystem')) await enumerators.begin(player.handles, player.state, id);
  for (const item of items) await player.maintenance.concern(item);
  let damaged = false;
  for (const item of items) damaged = (await damage(player, item, form)) || damaged;
  player.around = { ...around, faulted: true };
  if (damaged) {
    player.ctx.duties.judging('VDS-6.5a');
    await player.recover();
  }
  player.around = around;
  for await (const { requirement, problem, evidence } of enumerators.end())
    player.unkept(requirement, problem, evidence);
  if (damaged) await player.settle(() => {}, true);
  return damaged;
}

/** Gives an object another value first, so that there is an acknowledged one to fall back to. */
async function playAnotherBefore(player: Player, step: Step): Promise<void> {
  const { command, item } = resolve(step, player.state, player.focus, player.knowledge) ?? {};
  if (command === undefined || item === undefined) return;
  const settings = settingsOf(command.on);
  // A status is none of them: one that is set twice is back.
  if (!settings.includes(command.name)) return;
  const others = settings.filter((name) => commandNamed(name).method === command.method);
  for (const name of [...others.filter((other) => other !== command.name), command.name]) {
    const before: Step = { ...step, command: name, n: step.n + 1, relation: 'same' };
    const resolved = resolve(before, player.state, { id: item.id }, player.knowledge);
    if (resolved?.item.id === item.id && (await player.play(resolved)) === true) break;
  }
  player.focus = { id: item.id };
}

/**
 * Makes calls, and has the entries of all that they were about repaired, from damage that shows and from an older
 * version. False where no entry could be damaged.
 */
export async function playRepaired(player: Player, steps: readonly Step[], form: CorruptionForm): Promise<boolean> {
  const { ctx } = player;
  if (!(await ctx.faults.offers(form))) return false;
  const concerned = new Set<Guid>();
  for (const step of steps) {
    await playAnotherBefore(player, step);
    const resolved = resolve(step, player.state, player.focus, player.knowledge);
    if (resolved === undefined || (await player.play(resolved)) !== true) continue;
    for (const id of concernedBy(player, resolved, player.focus?.id)) concerned.add(id);
  }
  await player.lookClosely();
  await player.handles.holdAll(player.state);
  const items = [...concerned].flatMap((id) => player.state.get(id) ?? []);
  if (items.length === 0) return true;
  if (!(await repair(player, items, form))) return false;
  for (const stale of STALE) if (await ctx.faults.offers(stale)) await repair(player, items, stale);
  return true;
}
