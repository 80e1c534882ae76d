// A departure from what the model expects, as a finding says and shows it.
import { Expected, type Departure } from '../../model/index.js';
import { formatValue } from '../../port/show-value.js';
import { namedMember } from '../../truth/compare.js';
import { label, wordFor } from '../../truth/observation.js';

/** What is known only in part is said in words. */
const shown = ({ kind, member }: Departure, value: unknown): unknown =>
  value instanceof Expected ? String(value) : namedMember(kind, member, value);

/** `lun#1: type is VDS_LT_SIMPLE and must be VDS_LT_MIRROR` */
export function departureText(departure: Departure): string {
  const { member, expected, actual } = departure;
  const must = expected instanceof Expected ? String(expected) : formatValue(shown(departure, expected));
  return `${label(departure)}: ${member} is ${formatValue(shown(departure, actual))} and must be ${must}`;
}

/** The value that departs, and what was expected of it. */
export const departureEvidence = (departure: Departure) => ({
  member: `${wordFor(departure.kind)} ${departure.member}`,
  expected: shown(departure, departure.expected),
  actual: shown(departure, departure.actual),
});
