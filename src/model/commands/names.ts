// Friendly names: what is given is reported, or a beginning of it where the answer says so.
import { internationalNames, isBeginningOf } from '../../contract/friendly-name.js';
import { HR } from '../../contract/hresult.js';
import { Expected } from '../expected.js';
import type { Outcome, Request, Target } from '../command.js';

/** Characters of a name that is neither short nor long. */
const MIDDLING = 40;

const othersThan = (name: string): readonly { readonly friendlyName: string; readonly how: string }[] => [
  { friendlyName: `${name} ÄŁ名前 🗄`, how: 'with letters beyond ASCII' },
  { friendlyName: `${name} ${'n'.repeat(200 - name.length)}`, how: 'of 201 characters' },
  ...internationalNames(name, MIDDLING),
];

const inOtherCase = (name: string): string =>
  [...name].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');

/**
 * Requests that name an object: a new name, the name that it had first (which a provider that compares with what it
 * once read takes for no change), the present one with small letters for capitals and the other way round, names with
 * letters of other scripts, a long one.
 */
export function namings({ item, knowledge }: Pick<Target, 'item' | 'knowledge'>): readonly Request[] {
  const name = knowledge.options.uniqueName();
  const first = knowledge.firstValue(item.id, 'friendlyName');
  const back =
    typeof first === 'string' && first !== item.members['friendlyName']
      ? [{ args: { friendlyName: first }, how: 'as it was named first' }]
      : [];
  const present = item.members['friendlyName'];
  const other =
    typeof present === 'string' && present !== '' && inOtherCase(present) !== present
      ? [{ args: { friendlyName: inOtherCase(present) }, how: 'as before in the other case' }]
      : [];
  const others = othersThan(name).map(({ friendlyName, how }) => ({ args: { friendlyName }, how }));
  return [{ args: { friendlyName: name }, how: '' }, ...back, ...other, ...others];
}

/** The name after a call that gave `given`. */
export function nameAfter({ hr }: Outcome, given: string): unknown {
  if (hr !== HR.VDS_S_NAME_TRUNCATED) return given;
  return new Expected(
    `a beginning of ${JSON.stringify(given)}`,
    (actual) => typeof actual === 'string' && isBeginningOf(actual, given),
  );
}
