// Tours through states: every command, while whatever stands in some relation to its object is in a state.
import {
  CORRUPTION_FORMS,
  costOfStates,
  goThroughStates,
  requirementsOfStates,
  type Check,
  type Effort,
} from '../../src/checks/index.js';

/** The states of objects, several to a check, that every command is made beside. */
const STATE_TOURS: Readonly<Record<string, { readonly title: string; readonly states: readonly string[] }>> = {
  offline: { title: 'an object is OFFLINE', states: ['OFFLINE', 'OFFLINE, with a LUN on it', 'OFFLINE as a whole'] },
  failed: { title: 'an object has failed', states: ['FAILED'] },
  'taken-out': {
    title: 'a drive is taken out of the array',
    states: ['taken out, with a plex of a LUN', 'taken out, with no LUN or a whole one'],
  },
  damaged: { title: "an object's entry is damaged", states: ['damaged'] },
  away: { title: 'a subsystem is disconnected, or just back', states: ['disconnected', 'just back'] },
  anew: { title: 'the provider was just loaded, or refreshed twice', states: ['loaded anew', 'refreshed twice'] },
  new: {
    title: 'an object was just made, or another one deleted',
    states: ['just made', 'after a sibling was deleted', 'deleted'],
  },
  refused: { title: 'a call on an object was just refused', states: ['after a refused call'] },
  pending: { title: 'an operation on an object is under way', states: ['with an operation under way'] },
};

const stateTour = (
  id: string,
  title: string,
  { states, sparing = false }: { readonly states: readonly string[]; readonly sparing?: boolean },
  effort: Effort,
): Check => ({
  id: `interactions.states.${id}`,
  title: `Each change of whatever stands in a relation to it, while ${title}, has its documented effect and no other`,
  requirements: requirementsOfStates(states),
  effort,
  cost: costOfStates(states, sparing),
  run: (ctx) => goThroughStates(ctx, { states, turns: 2, sparing }),
});
export const stateTours: readonly Check[] = [
  ...Object.entries(STATE_TOURS).map(([id, { title, states }]) => stateTour(id, title, { states }, 'standard')),
  // The tour through all forms by turns has visited what these spare.
  ...CORRUPTION_FORMS.slice(0, -1).map((form) =>
    stateTour(`damaged.${form}`, `an object's entry is damaged by ${form}`, { states: [form], sparing: true }, 'full'),
  ),
];
