// What the advise sink answers to OnNotify while a tour goes on: S_OK for some steps, then S_FALSE, by which the
// service says that it is not ready or has lost something. What has to be announced is the same either way (VDS-9.3),
// and what comes later too. A failure is no answer here: what a provider does after one is its own reading (VDS-9.3b).
import { formatHresult, HR } from '../../../contract/hresult.js';
import type { Context } from '../../context.js';
import type { Steps } from '../calls/steps.js';

/** How many changes in a row are answered alike: S_FALSE by turns with S_OK. */
const STRETCHES = [12, 6, 1, 5] as const;
const PERIOD = STRETCHES.reduce((sum, length) => sum + length, 0);

/** The answer while the `n`th change is made. */
function answerAt(n: number): number {
  let left = n % PERIOD;
  const at = STRETCHES.findIndex((length) => (left -= length) < 0);
  return at % 2 === 0 ? HR.S_FALSE : HR.S_OK;
}

export class SinkAnswers {
  private changes = 0;
  private answer: number = HR.S_OK;

  constructor(private readonly player: { readonly ctx: Context; readonly steps: Pick<Steps, 'say'> }) {}

  /** The next change is about to be made. */
  async next(): Promise<void> {
    const { ctx, steps } = this.player;
    const answer = answerAt(this.changes);
    if (this.changes === 0) ctx.onCleanUp('let the sink answer S_OK', () => ctx.session.setSinkAnswer(HR.S_OK));
    this.changes += 1;
    if (answer === this.answer) return;
    this.answer = answer;
    await ctx.session.setSinkAnswer(answer);
    steps.say(`OnNotify of the sink answers ${formatHresult(answer)} from here on`);
  }
}
