// The requirement that a failure breaks, as it applies to the methods that the failure is about.
import type { Requirement } from '../../contract/requirements.js';
import { allMethods } from '../../contract/tables.js';

const METHODS: ReadonlySet<string> = new Set(allMethods.map((m) => m.name));

const firstWord = (text: string): string => text.slice(0, text.indexOf(' '));

/** Where each sentence of a requirement begins with the method that it binds, that of these methods; else all. */
function brokenSentence(statement: string, methods: readonly string[]): string {
  const sentences = statement.split(/(?<=\.) (?=[A-Z])/);
  if (!sentences.every((each) => METHODS.has(firstWord(each)))) return statement;
  const [only, ...others] = sentences.filter((each) => methods.some((m) => m.endsWith(`.${firstWord(each)}`)));
  return only === undefined || others.length > 0 ? statement : only;
}

/** `VDS-6.3 (MUST): …`, as it applies to a failure of these methods. */
export const dutyText = ({ id, level, statement }: Requirement, methods: readonly string[]): string =>
  `${id} (${level}): ${brokenSentence(statement, methods)}`;
