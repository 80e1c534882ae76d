// The requirements that a step of a tour judges: that of each call, and those of all members that are compared after
// it.
import { HR } from '../../../contract/hresult.js';
import type { Knowledge, Played, SystemState } from '../../../model/index.js';
import { requirementOf, requirementOfNew } from '../../../truth/member-requirements.js';

const ofMembers = new Map<string, string>();

function ofMember(kind: Parameters<typeof requirementOf>[0], member: string): string {
  const key = `${kind}.${member}`;
  const known = ofMembers.get(key) ?? requirementOf(kind, member);
  ofMembers.set(key, known);
  return known;
}

/** The requirements that calls judge, with the state that was read after them. */
export function judgedBy(calls: readonly Played[], state: SystemState, knowledge: Knowledge): ReadonlySet<string> {
  // Answers that speak of a busy provider, or of an id that names nothing, are held against the state whatever is
  // asked.
  const judged = new Set<string>(['VDS-7.2b', 'VDS-7.4']);
  for (const { command, outcome } of calls) {
    judged.add(command.refusal?.requirement ?? command.requirement(knowledge));
    if (command.promised !== undefined) judged.add(command.promised.requirement);
    if (command.allowedBy !== undefined) judged.add(command.allowedBy);
    if (!outcome.done) judged.add('VDS-0.2a').add('VDS-0.2b');
    if (outcome.hr === HR.VDS_E_OPERATION_CANCELED) judged.add('VDS-8.7c');
    const made = outcome.made === undefined ? undefined : state.get(outcome.made);
    if (made !== undefined)
      for (const member of Object.keys(made.members)) {
        const ofNew = requirementOfNew(made.kind, member);
        if (ofNew !== undefined) judged.add(ofNew);
      }
  }
  for (const { kind, members } of state.items.values())
    for (const [member, value] of Object.entries(members)) if (value !== undefined) judged.add(ofMember(kind, member));
  return judged;
}
