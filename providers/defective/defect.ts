// A defect: the reference provider with one fault in it, such as a vendor might ship, and the checks that must notice
// it.
import type { OpenOptions, Port } from '../../src/port/port.js';
import { createInMemory, type Parts } from '../in-memory/adapter.js';
import type { ProfileName } from '../in-memory/profiles/profile.js';
import { overridePort, type MakeOverrides } from './override.js';

export interface Defect {
  /** As in --provider defective:<name>. */
  readonly name: string;
  /** The fault in one sentence. */
  readonly says: string;
  /** The requirements that it breaks; each must be named in a finding of a check of `noticedBy`. */
  readonly breaks: readonly string[];
  /**
   * Ids of checks that fail because of it, each by itself, and together name all that it breaks: not all of them, as
   * few as prove it.
   */
  readonly noticedBy: readonly string[];
  /** Ids of checks that must have run on the same system before those of `noticedBy`, where it shows only then. */
  readonly after?: readonly string[];
  /** Only SHOULD requirements are broken, so that a run fails under --strict only. */
  readonly strict?: true;
  /** Nothing can work: no provider object can be had or loaded. */
  readonly breaksLoading?: true;
  /**
   * Why more than a fifth of all checks fails although it is one defect: something that many of them stand on is
   * broken.
   */
  readonly wide?: string;
  /** It ends or blocks the process that it runs in. */
  readonly needsIsolation?: true;
  /** How the check ends, unless by a finding, and the call that it must name. */
  readonly ends?: { readonly as: 'crashed' | 'hung' | 'error'; readonly during: string };
  /** Which reference provider has it; the default one unless given. */
  readonly profile?: ProfileName;
  /** The classes that it puts in place of the reference provider's own. */
  readonly parts?: Partial<Parts>;
  /** Its other answers at the port, where these say it better than a class. Called for each session. */
  readonly overrides?: MakeOverrides;
}

/** Opens a session with a provider that has the defect. */
export function openDefective(defect: Defect, options: Pick<OpenOptions, 'seed'>): Port {
  const port = createInMemory(options, defect.parts, defect.profile);
  return defect.overrides === undefined ? port : overridePort(port, defect.overrides(port));
}
