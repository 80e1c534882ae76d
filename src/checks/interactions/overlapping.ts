// Calls that overlap: all are begun before any is waited for; meanwhile their objects are read, one of them may be
// cancelled, and the caller may recover.
import { formatHresult, HR } from '../../contract/hresult.js';
import { method } from '../../contract/tables.js';
import type { Item } from '../../model/index.js';
import type { IVdsAsync } from '../../port/generated/typed.js';
import { VdsObject, type Result } from '../../port/objects.js';
import { displayName } from '../../port/show-value.js';
import type { Player } from './player.js';
import type { Ended } from './calls/calls.js';
import { type Resolved } from './resolve.js';

/** What is done while operations are under way. */
export interface Meanwhile {
  /** Which of the operations is cancelled, as an index; none unless given. */
  readonly cancel?: number;
  /** Another thing that is done while they are under way, and the words for it. */
  readonly also?: { readonly says: string; act(): Promise<void> };
  /** A call that is begun as soon as these are done, and with nothing else between. */
  readonly afterwards?: Resolved;
}

/** Answers to a call that another one has made impossible. */
export const REFUSED_FOR_ANOTHER: ReadonlySet<number> = new Set([
  HR.VDS_E_OBJECT_DELETED,
  HR.VDS_E_OBJECT_NOT_FOUND,
  HR.VDS_E_NAME_NOT_UNIQUE,
  HR.VDS_E_ANOTHER_CALL_IN_PROGRESS,
]);

const isCancelled = ({ outcome }: Ended): boolean => outcome.hr === HR.VDS_E_OPERATION_CANCELED;

/**
 * A read while a change is under way: what it answers is old or new, and what it leaves in a cache must not outlive the
 * change.
 */
async function readMeanwhile({ handles, state }: Player, { id, kind }: Item): Promise<void> {
  const getter = method(`${kind}.GetProperties`).fullName;
  await (await handles.forMethod(getter, state, id))?.call(getter, {});
}

/** Cancel ends the operation that it is called on, and no other. */
function judgeCancellation(
  player: Player,
  ended: readonly Ended[],
  which: number,
  answer: Result<object> | undefined,
): void {
  if (answer !== undefined) player.ctx.duties.judging('VDS-8.7a', ...(answer.hr === HR.S_OK ? ['VDS-8.7b'] : []));
  for (const [i, each] of ended.entries()) {
    const operation = `an operation of ${displayName(each.command.method)} ended`;
    if (i !== which && isCancelled(each))
      player.unkept('VDS-8.7a', `${operation} as cancelled, and Cancel was not called for it`, each.evidence);
    if (i === which && answer?.hr === HR.S_OK && !isCancelled(each))
      player.unkept(
        'VDS-8.7b',
        `${operation} with ${formatHresult(each.outcome.hr)} although its Cancel had answered S_OK`,
        each.evidence,
      );
  }
}

/** Each of the calls as a step. */
function tell(player: Player, ended: readonly Ended[], { cancel, also }: Meanwhile): void {
  const { steps } = player;
  player.together = steps.all.length + 1;
  const how = ended.length > 1 || also !== undefined ? 'overlapping: ' : '';
  for (const [i, { record, outcome }] of ended.entries())
    steps.called(record, outcome.hr, `${how}${i === cancel ? 'with Cancel of its operation: ' : ''}`);
  if (also !== undefined) steps.say(`overlapping: ${also.says}`);
}

/** Makes calls that overlap, and judges them and the state after them. Gives how each ended. */
export async function playTogether(
  player: Player,
  all: readonly Resolved[],
  meanwhile: Meanwhile = {},
): Promise<readonly Ended[]> {
  const { around } = player;
  player.around = { ...around, overlapped: all.length > 1 || meanwhile.also !== undefined };
  // Looked up before, so that nothing but the calls themselves lies between them.
  for (const { command, item } of all) await player.handles.forMethod(command.method, player.state, item.id);
  await player.announcements.listen();
  const begun = (await Promise.all(all.map((each) => player.calls.start(each)))).filter((b) => b !== undefined);
  const { cancel = -1, afterwards } = meanwhile;
  const operation = begun[cancel]?.started.out['async'];
  const answer = operation instanceof VdsObject ? await (operation as IVdsAsync).cancel() : undefined;
  const items = all.map(({ item }) => item);
  const hasTime = answer === undefined && afterwards === undefined;
  const contradicted = hasTime ? await player.operations.askMeanwhile(items) : [];
  if (hasTime) await Promise.all(items.map((item) => readMeanwhile(player, item)));
  await meanwhile.also?.act();
  const another = afterwards === undefined ? undefined : await player.calls.start(afterwards);
  if (another !== undefined) begun.push(another);
  const ended: Ended[] = [];
  for (const each of begun) ended.push(await player.calls.end(each));
  tell(player, ended, meanwhile);
  for (const { requirement, problem, evidence } of contradicted) player.unkept(requirement, problem, evidence);
  // What loses its object may end as cancelled.
  if (answer !== undefined || !all.some(({ command }) => /^(?:delete|remove|add)-/.test(command.name)))
    judgeCancellation(player, ended, cancel, answer);
  await player.judge(ended);
  player.around = around;
  const id = all.map((r) => r.item.id).find((i) => player.state.get(i) !== undefined);
  player.focus = id === undefined ? undefined : { id, reached: player.reached };
  return ended;
}

/** Whether calls did overlap: one that was refused for another reason than the others overlapped with nothing. */
export const didOverlap = (ended: readonly Ended[]): boolean =>
  ended.every(({ outcome: { done, hr } }) => done || REFUSED_FOR_ANOTHER.has(hr));

/** Makes one call and cancels what it started. Gives whether that ended as cancelled; then nothing may have changed. */
export async function playAndCancel(player: Player, resolved: Resolved): Promise<boolean> {
  const [ended] = await playTogether(player, [resolved], { cancel: 0 });
  if (ended === undefined) return false;
  player.focusOn(ended);
  return isCancelled(ended);
}
