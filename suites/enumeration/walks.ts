// Next, Skip, Reset and Clone in any order, on an enumerator and its clones, against the few lines that the documents
// say of them. What the objects are, and in which order, is learned as they come; from then on it holds.
import fc from 'fast-check';
import {
  type Check,
  type Context,
  DutyBroken,
  EnumeratorPosition,
  type IEnumVdsObject,
} from '../../src/checks/index.js';
import { HR } from '../../src/contract/index.js';
import { lunEnumerator, MOVERS, next } from './enumerators.js';

type Move =
  | { readonly does: 'Next' | 'Skip'; readonly on: number; readonly celt: number }
  | { readonly does: 'Reset' | 'Clone'; readonly on: number };

/** One enumerator, and where it stands. */
interface Standing {
  readonly enumerator: IEnumVdsObject;
  /** Words that follow a call on it; none for the first. */
  readonly name: string;
  readonly position: EnumeratorPosition;
  /** The last method that moved it, or made it, by another way than Next. */
  moved?: 'Skip' | 'Reset' | 'Clone';
}

const LUNS = 5;
const on = fc.nat({ max: 3 });
const celt = fc.integer({ min: 1, max: LUNS + 2 });
const MOVES = fc.array(
  fc.oneof<fc.Arbitrary<Move>[]>(
    fc.record({ does: fc.constantFrom('Next' as const, 'Next' as const, 'Skip' as const), on, celt }),
    fc.record({ does: fc.constantFrom('Reset' as const, 'Clone' as const, 'Clone' as const), on }),
  ),
  { minLength: 3, maxLength: 14, size: 'max' },
);

class Walk {
  private readonly standing: Standing[];
  private readonly ids: string[] = [];
  private readonly steps: string[] = [];

  constructor(
    private readonly ctx: Context,
    enumerator: IEnumVdsObject,
    private readonly count: number,
  ) {
    this.standing = [{ enumerator, name: '', position: new EnumeratorPosition(count) }];
  }

  async make(move: Move): Promise<void> {
    const at = this.standing[move.on % this.standing.length];
    if (at === undefined) return;
    this.steps.push(`${move.does}(${'celt' in move ? move.celt : ''})${at.name}`);
    if (move.does === 'Next') return this.next(at, move.celt);
    if (move.does === 'Skip') return this.skip(at, move.celt);
    if (move.does === 'Clone') return this.clone(at);
    this.ctx.duties.code('VDS-6.4', await at.enumerator.reset(), HR.S_OK, `for ${this.story}`);
    at.position.reset();
    at.moved = 'Reset';
  }

  /** Takes the rest of each, to the end. */
  async end(): Promise<void> {
    for (const at of this.standing) {
      this.steps.push(`Next(${this.count + 1})${at.name}`);
      await this.next(at, this.count + 1);
    }
  }

  private get story(): string {
    return this.steps.join(', ');
  }

  private async next(at: Standing, celt: number): Promise<void> {
    const { position } = at.position;
    const left = this.count - position;
    const moved = at.moved === undefined ? undefined : { by: at.moved, how: `after ${this.story}` };
    const ids = await next(this.ctx, at.enumerator, celt, left, moved);
    for (const [i, id] of ids.entries()) {
      const known = (this.ids[position + i] ??= id);
      const requirement = at.moved === undefined ? 'VDS-6.5b' : MOVERS[at.moved];
      this.ctx.duties.equal(requirement, `the LUN at place ${position + i} after ${this.story}`, id, known);
    }
    at.position.advance(celt);
  }

  private async skip(at: Standing, celt: number): Promise<void> {
    const left = this.count - at.position.position;
    const due = at.position.advance(celt) === celt ? HR.S_OK : HR.S_FALSE;
    this.ctx.duties.code('VDS-6.3', await at.enumerator.skip({ celt }), due, `for ${this.story}, with ${left} left`);
    at.moved = 'Skip';
  }

  private async clone(at: Standing): Promise<void> {
    const result = await at.enumerator.clone();
    const enumerator = this.ctx.duties.output('VDS-6.4b', result, 'enum');
    const name = ` on clone ${this.standing.length}`;
    this.standing.push({ enumerator, name, position: at.position.clone(), moved: 'Clone' });
  }
}

const RUNS = 20;

export const walkCheck: Check = {
  id: 'enumeration.walks',
  title: 'Next, Skip, Reset and Clone do what they say in any order, on an enumerator and its clones',
  requirements: ['VDS-6.1', 'VDS-6.2a', 'VDS-6.3', 'VDS-6.4', 'VDS-6.4b', 'VDS-6.5b'],
  cost: { calls: 700, recoveries: 0 },
  async run(ctx) {
    const { subSystem, ids } = await lunEnumerator(ctx, 3);
    let broken: DutyBroken | undefined;
    let fatal: unknown;
    await fc.check(
      fc.asyncProperty(MOVES, async (moves) => {
        if (fatal !== undefined) return;
        const listed = await subSystem.queryLuns();
        const walk = new Walk(ctx, ctx.duties.output('VDS-6.6a', listed, 'enum'), ids.length);
        try {
          for (const move of moves) await walk.make(move);
          await walk.end();
        } catch (error) {
          if (!(error instanceof DutyBroken)) fatal = error;
          else broken = error;
          throw error;
        }
      }),
      { seed: ctx.random.below(0x7fffffff), numRuns: RUNS },
    );
    if (fatal !== undefined) throw fatal;
    if (broken !== undefined) throw broken;
  },
};
