// Friendly names: what is given is told, or a beginning of it where the answer says so.
import { HR } from '../../contract/hresult.js';
import { Expected } from '../expected.js';
import type { Outcome, Request } from '../command.js';

const NAMES = [
  { make: (name: string) => name, how: '' },
  { make: (name: string) => `${name} ÄŁ名前 🗄`, how: 'with letters beyond ASCII' },
  { make: (name: string) => `${name} ${'n'.repeat(200 - name.length)}`, how: 'of 201 characters' },
] as const;

/** Requests that give a name: a plain one, one with letters of other scripts, a long one. */
export const namings = (uniqueName: () => string): readonly Request[] => {
  const name = uniqueName();
  return NAMES.map(({ make, how }) => ({ args: { friendlyName: make(name) }, how }));
};

/** The name after a call that gave `given`. */
export function nameAfter({ hr }: Outcome, given: string): unknown {
  if (hr !== HR.VDS_S_NAME_TRUNCATED) return given;
  return new Expected(
    `a beginning of ${JSON.stringify(given)}`,
    (actual) => typeof actual === 'string' && actual !== '' && actual.length < given.length && given.startsWith(actual),
  );
}
