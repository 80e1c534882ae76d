// Settings with one argument too few, too many or wrong, made of objects of which everything else is set: a provider
// may carry them out or refuse them, and what it refuses it has not begun.
import { UNKNOWN_ID } from '../../../contract/nobodys-ids.js';
import { method, type MethodName, type ParamDef } from '../../../contract/tables.js';
import { commandNamed, settingsOf, type Item, type Kind, type Request } from '../../../model/index.js';
import { formatValue } from '../../../port/show-value.js';
import type { Context } from '../../context.js';
import type { Player } from '../player.js';
import { callOn, type Resolved } from '../resolve.js';
import { onStage } from '../stage.js';
import { requirementsOfChanges } from '../tour-plan.js';

/** The kinds of object that a run makes, and may set as it likes. */
const KINDS: readonly Kind[] = ['IVdsIscsiTarget', 'IVdsLun', 'IVdsLunPlex'];
const SOMEBODY = 'iqn.1991-05.com.microsoft:model-1';
const NO_VALUE = 9999;

/** The methods of an object itself: others may reach further. */
const settings = (kind: Kind): readonly string[] =>
  settingsOf(kind).filter((name) => commandNamed(name).method.startsWith(kind));

/** The values of a parameter in place of the one that is given. */
function valuesFor({ type, nullable }: ParamDef, given: unknown): readonly unknown[] {
  const none = nullable && given !== null ? [null] : [];
  switch (type.kind) {
    case 'wstr':
      return given === null ? [SOMEBODY] : none;
    case 'guid':
      return [UNKNOWN_ID];
    case 'enum':
      return [NO_VALUE];
    case 'array':
      return type.of.kind === 'guid' ? [...none, [UNKNOWN_ID]] : none;
    default:
      return none;
  }
}

/** The request with another value of each argument in its turn. */
const variationsOf = (name: MethodName, { args }: Request): readonly Request[] =>
  method(name).ins.flatMap((parameter) =>
    Object.hasOwn(args, parameter.name)
      ? valuesFor(parameter, args[parameter.name]).map((value) => ({
          args: { ...args, [parameter.name]: value },
          how: `with ${formatValue(value)} as ${parameter.vdsName}`,
        }))
      : [],
  );

/** Makes a call of which the answer is open; what it refuses has changed nothing. Gives whether it was carried out. */
async function tryOut(player: Player, call: Resolved): Promise<boolean> {
  const begun = await player.calls.start(call);
  if (begun === undefined) return false;
  const ended = await player.calls.end(begun);
  player.steps.called(ended.record, ended.outcome.hr);
  if (ended.outcome.done) {
    player.knowledge.secretWasSet(call.command.method, call.item.id, call.request.args);
    await player.begin();
  } else await player.isAsBefore([player.steps.textOf(ended.record)]);
  return ended.outcome.done;
}

/** The object of the run's own of which most can be set. */
function subjectOf(player: Player, kind: Kind): Item | undefined {
  const { own } = player.knowledge;
  const count = (item: Item): number =>
    settings(kind).filter((command) => callOn(player, command, item) !== undefined).length;
  return player.state
    .ofKind(kind)
    .filter(({ id, parent }) => own.has(id) || own.has(parent ?? ''))
    .sort((a, b) => count(b) - count(a))[0];
}

/** Sets everything else of an object, in ways in which the command is still possible. */
async function setOthers(player: Player, command: string, subject: Item): Promise<void> {
  for (const other of settings(subject.kind).filter((name) => name !== command))
    for (let n = 0; n < WAYS; n++) {
      const call = callOn(player, other, subject, n);
      if (call !== undefined) await player.play(call);
      if (!player.isWhole) await player.lookClosely();
      if (callOn(player, command, subject) !== undefined) break;
    }
}
const WAYS = 3;

/** Makes the variations of each setting of an object, with every other one set before. */
async function trySettings(player: Player, kind: Kind): Promise<void> {
  const subject = subjectOf(player, kind);
  for (const command of subject === undefined ? [] : settings(kind)) {
    await setOthers(player, command, subject as Item);
    const call = callOn(player, command, subject as Item);
    for (const request of call === undefined ? [] : variationsOf(call.command.method, call.request))
      if (await tryOut(player, { ...(call as Resolved), request })) await setOthers(player, command, subject as Item);
  }
}

export const goThroughRefusedSettings = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    for (const kind of KINDS) await trySettings(player, kind);
  });

/** The requirements that these settings verify. */
export const requirementsOfRefusedSettings = (): readonly string[] => [
  ...new Set([...requirementsOfChanges(KINDS.flatMap(settings)), 'VDS-0.2a', 'VDS-0.2b']),
];
