// The requirement catalogue: every item of what the documents say that a VDS hardware provider must do for its caller
// (and a few that bind the caller), each with its level, its source, and why it is not checked where it is not. It
// holds no checks and no verdicts; checks name these ids. The entries are data: data/requirements has them by subject.
import { ANSWERS } from './data/requirements/answers.js';
import { IMPORT_TARGET } from './data/requirements/import-target.js';
import { LOADING } from './data/requirements/loading.js';
import { PROVIDER } from './data/requirements/provider.js';
import { IDENTITY } from './data/requirements/identity.js';
import { REENUMERATE_REFRESH } from './data/requirements/reenumerate-refresh.js';
import { ENUMERATION } from './data/requirements/enumeration.js';
import { AVAILABILITY } from './data/requirements/availability.js';
import { ASYNC } from './data/requirements/async.js';
import { NOTIFICATIONS } from './data/requirements/notifications.js';
import { LUNS } from './data/requirements/luns.js';
import { ISCSI } from './data/requirements/iscsi.js';
import { MEMORY } from './data/requirements/memory.js';
import { THREADING } from './data/requirements/threading.js';
import type { Entry, Level, Verb } from './data/requirements/entry.js';

export type { Level, Verb };

/** The entries by subject, in the order of the facts. */
const BY_SUBJECT = {
  answers: ANSWERS,
  'import-target': IMPORT_TARGET,
  loading: LOADING,
  provider: PROVIDER,
  identity: IDENTITY,
  'reenumerate-refresh': REENUMERATE_REFRESH,
  enumeration: ENUMERATION,
  availability: AVAILABILITY,
  async: ASYNC,
  notifications: NOTIFICATIONS,
  luns: LUNS,
  iscsi: ISCSI,
  memory: MEMORY,
  threading: THREADING,
} as const satisfies Readonly<Record<string, readonly Entry[]>>;

/** The subject of a requirement: one word for each section of the facts. */
export type Subject = keyof typeof BY_SUBJECT;

export interface Requirement extends Entry {
  readonly subject: Subject;
  readonly verb: Verb;
}

/** The catalogue, in the order of the facts. */
export const REQUIREMENTS: readonly Requirement[] = (
  Object.entries(BY_SUBJECT) as readonly [Subject, readonly Entry[]][]
).flatMap(([subject, entries]) => entries.map((entry) => ({ verb: 'states', ...entry, subject })));

const BY_ID: ReadonlyMap<string, Requirement> = new Map(REQUIREMENTS.map((entry) => [entry.id, entry]));

/**
 * Looks a requirement up by its id.
 *
 * @param id for example `VDS-1.3a`
 * @throws RangeError when the catalogue has no such id
 */
export function requirement(id: string): Requirement {
  const found = BY_ID.get(id);
  if (found === undefined) throw new RangeError(`No requirement has the id ${JSON.stringify(id)}.`);
  return found;
}
