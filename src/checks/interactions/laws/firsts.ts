// Lessons from the first objects of a kind that a run makes, for later ones.
import {
  numberOf,
  TARGETS_OF_A_NEW_LUN,
  type Explanation,
  type Item,
  type Knowledge,
  type SystemState,
} from '../../../model/index.js';

/** Later objects of a kind must have the values of the first one. */
export function learnFirsts(knowledge: Knowledge, { order }: Explanation, actual: SystemState): void {
  for (const { command, item, subSystem, outcome } of order) {
    const isExtended = command.name === 'extend-lun' && outcome.done;
    // What a Shrink at the same time has taken away was added as well.
    const isShrunk = order.some((other) => other.command.name === 'shrink-lun' && other.item.id === item.id);
    const resized = isExtended && !isShrunk ? actual.get(item.id) : undefined;
    const made = outcome.made === undefined ? undefined : actual.get(outcome.made);
    if (made?.kind === 'IVdsLun') firstLun(knowledge, order, made);
    const { type, size } = resized?.members ?? {};
    if (typeof size === 'bigint') knowledge.extended(subSystem, type, item.members['size'], size);
    if (made?.kind === 'IVdsIscsiTarget') knowledge.firstOf('target chapEnabled', made.members['chapEnabled']);
  }
}

function firstLun(
  knowledge: Knowledge,
  order: Explanation['order'],
  { id, members: { size, type, associatedTargets } }: Item,
): void {
  knowledge.firstOf(TARGETS_OF_A_NEW_LUN, numberOf(associatedTargets));
  for (const { outcome, request, subSystem } of order)
    if (outcome.made === id && typeof size === 'bigint')
      knowledge.created(subSystem, type, size, request.args['sizeInBytes']);
}
