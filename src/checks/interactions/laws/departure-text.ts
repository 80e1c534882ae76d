// A departure from what the model expects, as a finding says and shows it, and the requirement that it breaks.
import { isBeginningOf } from '../../../contract/friendly-name.js';
import { HR } from '../../../contract/hresult.js';
import {
  after,
  Expected,
  memberKey,
  OneOf,
  SystemState,
  type Circumstances,
  type Departure,
  type Explanation,
  type Knowledge,
} from '../../../model/index.js';
import { differing, formatValue, inWords } from '../../../port/show-value.js';
import { namedMember } from '../../../truth/compare.js';
import { listMemberOf } from '../../../truth/getters.js';
import { LISTED, requirementOfNew } from '../../../truth/member-requirements.js';
import { flatten, label, wordFor } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';

/** A value that is known only in part is put in words. */
function shown({ kind, member }: Departure, value: unknown): unknown {
  if (value instanceof OneOf)
    return inWords(value.values.map((each) => formatValue(namedMember(kind, member, each))).join(' or '));
  return value instanceof Expected ? inWords(String(value)) : namedMember(kind, member, value);
}

/** Methods of which a part may have its effect by itself, as what is left is copied when it is done. */
const BIT_BY_BIT = /\.(?:Extend|Shrink|AddPlex|Recover)$/;

/** `type of lun#1 is VDS_LT_SIMPLE; expected VDS_LT_MIRROR` */
export function departureText(departure: Departure, is = 'is'): string {
  const { member, expected, actual } = departure;
  if (member === LISTED) return `${label(departure)} ${is} ${String(actual)}; expected ${String(expected)}`;
  const [must, found] = compared(departure);
  return `${member} of ${label(departure)} ${is} ${found}; expected ${must}`;
}

/** Both values in words, of structures what differs. */
function compared(departure: Departure): readonly [expected: string, actual: string] {
  const [must, found] = differing(shown(departure, departure.expected), shown(departure, departure.actual));
  return [formatValue(must), formatValue(found)];
}

/** `flags of drive#8 changed from 1 to 0, and no call should change it`, of what no call was to change. */
function strayText(departure: Departure): string {
  const { member, expected, actual } = departure;
  const [before, after] = member === LISTED ? [String(expected), String(actual)] : compared(departure);
  const what = member === LISTED ? label(departure) : `${member} of ${label(departure)}`;
  return `${what} changed from ${before} to ${after}, which this step must not change`;
}

/** The same of the first of several; `was` is the value before the last step. */
export function departuresText(first: Departure, others: number, was?: unknown): string {
  const isStill = was !== undefined && formatValue(was) === formatValue(first.actual);
  const text = first.mentioned ? departureText(first, isStill ? 'is still' : 'is') : strayText(first);
  return `${text}${others > 0 ? ` (and ${others} more)` : ''}`;
}

/** The evidence of a departure, and of the call before it. */
export function departureEvidence(departure: Departure, call?: Evidence): Evidence | undefined {
  const { kind, member, mentioned, expected, actual } = departure;
  if (member === LISTED) return call;
  return {
    ...(call?.record === undefined ? {} : { record: call.record }),
    of: label(departure),
    // A missing effect is a symptom of its call, and another change one of what changed.
    ...(mentioned ? {} : { member: `${wordFor(kind)} ${member}`, nature: 'unasked-change' }),
    expected: shown(departure, expected),
    actual: shown(departure, actual),
  };
}

/**
 * A wrong or missing effect breaks the requirement of the command, a change elsewhere that of the member, unless the
 * command's own says that it stays; a refused call's trace is milder.
 */
export async function requirementBroken(
  ctx: Context,
  knowledge: Knowledge,
  before: SystemState,
  departure: Departure,
  order: Explanation['order'],
  { unanswered }: Circumstances,
): Promise<string> {
  const last = order.at(-1);
  if (departure.mentioned) {
    const key = memberKey(departure.id, departure.member);
    const done = order.filter((p) => p.outcome.done);
    const isAbout = (call: (typeof done)[number]): boolean => {
      const { mentioned, counts } = after(before, [call], knowledge);
      const counted = counts.get(departure.id);
      return mentioned.has(key) || (counted !== undefined && listMemberOf(counted.kind) === departure.member);
    };
    const cause = done.findLast(isAbout) ?? done.at(-1) ?? last;
    const { member, expected, actual } = departure;
    const isShortened = typeof expected === 'string' && typeof actual === 'string' && isBeginningOf(actual, expected);
    if (member === 'friendlyName' && isShortened) return 'VDS-10.13';
    // Each value that an object is made with has a duty of its own; the method's is about the making.
    const isOfNew = cause?.outcome.made === departure.id && departure.member !== LISTED;
    return isOfNew
      ? (requirementOfNew(departure.kind, departure.member) ?? departure.requirement)
      : (cause?.command.requirement(knowledge) ?? departure.requirement);
  }
  const cancelled = order.filter(({ outcome }) => outcome.hr === HR.VDS_E_OPERATION_CANCELED);
  const ofIt = cancelled.filter(({ item }) => item.id === departure.id);
  const suspects = ofIt.length === 0 && cancelled.length === order.length ? cancelled : ofIt;
  // What was done bit by bit need not be undone; what is done whole when the array answers again was not stopped.
  const isWhole = suspects.every(({ command }) => !BIT_BY_BIT.test(command.method));
  if (suspects.length > 0) return unanswered === true && isWhole ? 'VDS-8.7a' : 'VDS-8.7c';
  const keeper = order.find(
    ({ command, item, outcome }) =>
      outcome.done && item.id === departure.id && command.keeps?.includes(departure.member) === true,
  );
  if (keeper !== undefined) return keeper.command.requirement(knowledge);
  if (order.some((p) => p.outcome.done) || last === undefined) return departure.requirement;
  if (last.command.method === 'IVdsLun.Extend') return 'VDS-10.7h';
  // A provider that reports wrong values is broken whatever the call was; one whose refused call did something is
  // only ill-behaved.
  const truth = await ctx.faults.truth();
  const there = truth === undefined ? undefined : SystemState.of(flatten(truth)).member(departure.id, departure.member);
  return there !== undefined && formatValue(there) !== formatValue(departure.actual)
    ? departure.requirement
    : 'VDS-0.2b';
}
