// Checks that share a fault and its recovery: each is about a part of what can be played together, and can be played by
// itself as well.
import type { Check, Group } from '../check.js';
import type { Context } from '../context.js';
import { NotApplicable } from '../outcome.js';

/** The parts that do not apply, and why; filled while they are played. */
export type Lacking<P> = Map<P, NotApplicable>;

export class Sharing<P> {
  private readonly parts = new Map<string, P>();
  private readonly group: Group;

  /** @param play plays parts together, and tells which of them do not apply */
  constructor(private readonly play: (ctx: Context, parts: readonly P[], lacking: Lacking<P>) => Promise<void>) {
    this.group = {
      play: async (ctx, checks) => {
        const lacking: Lacking<P> = new Map();
        await play(
          ctx,
          checks.flatMap(({ id }) => this.parts.get(id) ?? []),
          lacking,
        );
        return new Map(
          checks.flatMap(({ id }): [string, string][] => {
            const reason = lacking.get(this.parts.get(id) as P);
            return reason === undefined ? [] : [[id, reason.message]];
          }),
        );
      },
    };
  }

  /** How the check that is about a part is run: with those of other parts, or by itself. */
  check(id: string, part: P): Pick<Check, 'id' | 'group' | 'run'> {
    this.parts.set(id, part);
    return { id, group: this.group, run: (ctx) => this.alone(ctx, part) };
  }

  /** Plays one part. */
  async alone(ctx: Context, part: P): Promise<void> {
    const lacking: Lacking<P> = new Map();
    await this.play(ctx, [part], lacking);
    const reason = lacking.get(part);
    if (reason !== undefined) throw reason;
  }
}

/** Does something with each part, one after the other; gives what came of those that apply. */
export async function ofThose<P, R>(
  parts: readonly P[],
  lacking: Lacking<P>,
  act: (part: P) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const part of parts)
    try {
      results.push(await act(part));
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
      lacking.set(part, error);
    }
  return results;
}
