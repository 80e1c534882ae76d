// What a tour through states is about: the commands that can be made in a state and judged, the requirements that they
// verify, and what it costs.
import { COMMANDS, commandNamed } from '../../../model/index.js';
import type { Check } from '../../check.js';
import { requirementsOfChanges } from '../tour-plan.js';
import { STATES_OF_OBJECTS } from './kinds.js';
import type { StateOfObject } from './state.js';

/** Commands that renew what the provider knows. */
const RENEWING: ReadonlySet<string> = new Set(['reenumerate', 'refresh', 'reenumerate-subsystem']);

/** Commands that change how many objects there are. */
const COUNTING = /^(?:create|delete|add|remove|replace)-/;

/** Whether a command can be made while a state lasts, and judged. */
export function isFor({ unseen, operation, renames, without }: StateOfObject, name: string): boolean {
  if (name === without) return false;
  // While the provider's knowledge is damaged they are what ends the damage.
  if (unseen === true && RENEWING.has(name)) return false;
  // A call that must be refused in one order of several may be possible in another.
  if (operation !== undefined && commandNamed(name).refusal !== undefined) return false;
  // Where objects have other ids afterwards, they are told apart by what there was before.
  return renames !== true || !COUNTING.test(name);
}

/** Those that only some states may show broken. */
const OF_STATES: Readonly<Record<string, readonly string[]>> = {
  damaged: ['VDS-5.5b', 'VDS-5.5d'],
  'OFFLINE as a whole': ['VDS-5.5d'],
  FAILED: ['VDS-5.5d'],
  disconnected: ['VDS-5.5d'],
  'taken out, with a plex of a LUN': ['VDS-5.5b', 'VDS-5.5d'],
  'taken out, with no LUN or a whole one': ['VDS-5.5b', 'VDS-5.5d'],
  'refreshed twice': ['VDS-5.5d'],
  'loaded anew': ['VDS-1.8', 'VDS-2.5a'],
};

/** The requirements that a tour through these states verifies. */
export function requirementsOfStates(names: readonly string[]): readonly string[] {
  const states = names.flatMap((name) => STATES_OF_OBJECTS.get(name) ?? []);
  const commands = COMMANDS.map((c) => c.name).filter((name) => states.some((state) => isFor(state, name)));
  return [...new Set([...requirementsOfChanges(commands), ...names.flatMap((name) => OF_STATES[name] ?? [])])];
}

/** The calls and recoveries of a tour through these states, roughly. */
export const costOfStates = (names: readonly string[], sparing: boolean): Check['cost'] => ({
  calls: 80_000,
  recoveries: !names.some((name) => STATES_OF_OBJECTS.get(name)?.enterAll !== undefined) ? 10 : sparing ? 18 : 30,
});
