// Friendly names: what is given is reported, or a beginning of it where the answer says so.
import { isBeginningOf } from '../../contract/friendly-name.js';
import { HR } from '../../contract/hresult.js';
import { Expected } from '../expected.js';
import type { MethodName } from '../../contract/tables.js';
import { command, type Command, type Outcome, type Request, type Target } from '../command.js';
import type { Kind } from '../state.js';

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
function namings(target: Target): readonly Request[] {
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

/** Names that are long by their characters or by their bytes, and such as are just as long as a buffer may be. */
const LONG = [
  ...['é', '名', '🗄'].flatMap((letter) => [32, 60].map((length) => ({ letter, length }))),
  ...[64, 128, 255].map((length) => ({ letter: 'n', length })),
];

const longNamings = ({ knowledge }: Target): readonly Request[] =>
  LONG.map(({ letter, length }) => {
    const name = `${knowledge.options.uniqueName().slice(-BEGINNING)} `;
    return {
      args: { friendlyName: name + letter.repeat(length - name.length) },
      how: `of ${length} characters with "${letter}"`,
    };
  });
/** So many characters of a new name make no two alike. */
const BEGINNING = 5;

/** The name after a call that gave `given`. */
export function nameAfter({ hr }: Pick<Outcome, 'hr'>, given: string): unknown {
  if (hr !== HR.VDS_S_NAME_TRUNCATED) return given;
  return new Expected(
    `a beginning of ${JSON.stringify(given)}`,
    (actual) => typeof actual === 'string' && isBeginningOf(actual, given),
  );
}

/** The commands that name objects of a kind: with short names, and with long ones, which is crossed with nothing. */
export const namingCommands = (
  name: string,
  method: MethodName,
  on: Kind,
  mayName: (target: Target) => boolean,
  others: Pick<Command, 'undo'> = {},
): readonly Command[] =>
  (
    [
      [name, namings, {}],
      [`${name}-at-length`, longNamings, { apart: true }],
    ] as const
  ).map(([each, requests, apart]) =>
    command({
      name: each,
      method,
      on,
      requirement: 'VDS-10.13c',
      touches: ['name'],
      requests: (target) => (mayName(target) ? requests(target) : []),
      effect: (draft, { args }, outcome, { item }) =>
        draft.set(item.id, 'friendlyName', nameAfter(outcome, args['friendlyName'] as string)),
      ...others,
      ...apart,
    }),
  );
