// Lists while something lasts that hits the calls themselves: the array errs or is slow, or there is no memory. A query
// may be refused then; one that succeeds lists all that there is.
import { counted } from '../../../contract/wording.js';
import { HR, succeeded } from '../../../contract/hresult.js';
import { idsIn, type Item, type SystemState } from '../../../model/index.js';
import type { IEnumVdsObject } from '../../../port/generated/typed.js';
import { VdsObject, type Result } from '../../../port/objects.js';
import { displayName } from '../../../port/show-value.js';
import { gettersOf, isContents, listMemberOf, type Getter } from '../../../truth/getters.js';
import { LISTED, requirementOf } from '../../../truth/member-requirements.js';
import { label } from '../../../truth/observation.js';
import type { Context } from '../../context.js';
import type { Evidence } from '../../outcome.js';
import type { Handles } from '../handles.js';

const MOST = 10_000;
const AT_ONCE = 16;

/** How many objects a query lists, or undefined where the answer is a failure. */
export const listed = async (object: VdsObject, { method: by, args }: Pick<Getter, 'method' | 'args'>) =>
  countIn(await object.call(by.fullName, args));

/** The same of an answer that a query has given; the enumerator is given back. */
export async function countIn({ hr, out }: Result<Record<string, unknown>>): Promise<number | undefined> {
  const { enum: enumerator } = out;
  if (hr !== HR.S_OK || !(enumerator instanceof VdsObject)) return undefined;
  let count: number | undefined = 0;
  for (;;) {
    const next = await (enumerator as IEnumVdsObject).next({ celt: AT_ONCE });
    if (!succeeded(next.hr)) {
      count = undefined;
      break;
    }
    const objects = Array.isArray(next.out.objectArray) ? (next.out.objectArray as readonly VdsObject[]) : [];
    count += objects.length;
    for (const each of objects) await each.release();
    if (next.hr !== HR.S_OK || objects.length === 0 || count > MOST) break;
  }
  await enumerator.release();
  return count;
}

interface Asker {
  readonly ctx: Context;
  readonly handles: Handles;
  readonly state: SystemState;
  unkept(requirement: string, problem: string, evidence?: Evidence): void;
}

/** How many objects a query must list, and the requirement of it; undefined where that is not known. */
function expectedOf(
  state: SystemState,
  item: Item,
  member: string,
): { readonly count: number; readonly requirement: string } | undefined {
  if (!isContents(item.kind, member)) {
    const value = item.members[member];
    return Array.isArray(value)
      ? { count: idsIn(value).length, requirement: requirementOf(item.kind, member) }
      : undefined;
  }
  const contents = [...state.items.values()].filter((i) => i.parent === item.id && listMemberOf(i.kind) === member);
  const [first] = contents;
  return first === undefined ? undefined : { count: contents.length, requirement: requirementOf(first.kind, LISTED) };
}

/** Each query of an object that lists others is refused, or lists all of them. */
export async function listsAreWhole(asker: Asker, item: Item, when: string): Promise<void> {
  const { handles, state, ctx } = asker;
  for (const getter of gettersOf(item.kind)) {
    const { method: by, member = '', query } = getter;
    const expected = query === undefined ? undefined : expectedOf(state, item, member);
    const object = expected === undefined ? undefined : await handles.forMethod(by.fullName, state, item.id);
    if (expected === undefined || object === undefined) continue;
    ctx.duties.judging(expected.requirement);
    const count = await listed(object, getter);
    if (count !== undefined && count !== expected.count)
      asker.unkept(
        expected.requirement,
        `${when}, ${displayName(by.fullName)} of ${label(item)} lists ${counted(count, 'object')} where there are ` +
          `${expected.count}`,
      );
  }
}

/** Gives back what a call has handed out. */
export async function releaseOut(out: object): Promise<void> {
  for (const value of Object.values(out)) if (value instanceof VdsObject) await value.release();
}
