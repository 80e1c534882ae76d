// What is asked of objects that are gone, by references that are held: each method answers that, whatever it does, and
// whatever the object was like when it went.
import type { Method } from '../../../contract/tables.js';
import { plausibleArguments, type Item } from '../../../model/index.js';
import { methodsOfKind } from '../../../port/device-kinds.js';
import { saysDeleted } from '../../departed.js';
import type { Holder } from './witness.js';

/** Each of these methods of objects that are gone answers that they are. */
export async function answerThatTheyAreGone(
  { ctx, handles }: Pick<Holder, 'ctx' | 'handles'>,
  gone: readonly Item[],
  when: string,
  isAsked: (method: Method) => boolean = () => true,
): Promise<void> {
  for (const { id, kind } of gone)
    for (const method of methodsOfKind(kind).filter(isAsked)) {
      const object = await handles.ofGone(id, method);
      if (object === undefined) continue;
      const args = await ctx.make.keptToScope(method, plausibleArguments(method));
      saysDeleted(ctx, await object.call(method.fullName, args), when);
    }
}
