// Friendly names: what is given is reported, or a beginning of it where the answer says so.
import { isBeginningOf } from '../../contract/friendly-name.js';
import { HR } from '../../contract/hresult.js';
import { Expected } from '../expected.js';
import type { Outcome, Request, Target } from '../command.js';

/** Two of them begin with the name that an object has, and with that of another one. */
const othersThan = (
  name: string,
  present: string,
  another: string,
): readonly { readonly friendlyName: string; readonly how: string }[] => [
  { friendlyName: `${name} 50%25 &lt;"a" \\'b'`, how: 'with characters that markup and URLs read otherwise' },
  { friendlyName: `${another} ÄŁ名前 🗄`, how: 'with letters beyond ASCII' },
  { friendlyName: `${present} ${'n'.repeat(200 - present.length)}`, how: 'of 201 characters' },
];
/** A name has as many characters at most for another to begin with it. */
const SHORT = 60;

const inOtherCase = (name: string): string =>
  [...name].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');

/** The name that another object of the kind has there, which a provider may keep for it alone. */
function nameOfAnother({ state, item, subSystem }: Target): string | undefined {
  const { kind, id, members } = item;
  for (const other of state.ofKind(kind, kind === 'IVdsSubSystem' ? undefined : subSystem)) {
    const { friendlyName: name } = other.members;
    if (other.id !== id && typeof name === 'string' && name !== '' && name !== members['friendlyName']) return name;
  }
  return undefined;
}

/**
 * Requests that name an object: a new name, the name of another one, the name that it had first (which a provider that
 * compares with what it once read takes for no change), the present one with small letters for capitals and the other
 * way round, names with characters that something may read otherwise and with letters of other scripts, a long one.
 */
export function namings(target: Target): readonly Request[] {
  const { item, knowledge } = target;
  const name = knowledge.options.uniqueName();
  const first = knowledge.firstValue(item.id, 'friendlyName');
  const present = item.members['friendlyName'];
  const asPresent = typeof present === 'string' && present !== '' ? inOtherCase(present) : present;
  const likeOthers: readonly (readonly [unknown, string])[] = [
    [nameOfAnother(target), 'as another is named'],
    [first === present ? undefined : first, 'as it was named first'],
    [asPresent === present ? undefined : asPresent, 'as before in the other case'],
  ];
  const beginning = (of: unknown): string =>
    typeof of === 'string' && of.trim() !== '' && of.length <= SHORT ? of : name;
  return [
    { friendlyName: name, how: '' },
    ...likeOthers.flatMap(([friendlyName, how]) => (typeof friendlyName === 'string' ? [{ friendlyName, how }] : [])),
    ...othersThan(name, beginning(present), beginning(nameOfAnother(target))),
  ].map(({ friendlyName, how }) => ({ args: { friendlyName }, how }));
}

/** The name after a call that gave `given`. */
export function nameAfter({ hr }: Pick<Outcome, 'hr'>, given: string): unknown {
  if (hr !== HR.VDS_S_NAME_TRUNCATED) return given;
  return new Expected(
    `a beginning of ${JSON.stringify(given)}`,
    (actual) => typeof actual === 'string' && isBeginningOf(actual, given),
  );
}
