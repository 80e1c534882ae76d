// A lane as the tool sees it: a thread that takes one order at a time, and is started again where it ends or goes
// silent.
import { Worker } from 'node:worker_threads';
import type { Baseline, BenchName, Killing, LaneMessage, LaneOrder, LaneSettings, Step } from './orders.js';

/** Milliseconds without a word from a lane, after which what it runs counts as endless. */
const SILENCE = 120_000;
const MEGABYTES = 2_000;

/** How the thread itself ended while it carried out an order. */
export class LaneEnded extends Error {
  constructor(
    readonly at: string,
    readonly how: 'silent' | 'crashed',
    message: string,
  ) {
    super(message);
    this.name = 'LaneEnded';
  }
}

export class LaneThread {
  private thread: Worker | undefined;
  private at = 'start';

  constructor(
    private readonly module: string,
    private readonly settings: LaneSettings,
  ) {}

  benches(): Promise<readonly BenchName[]> {
    return this.ready();
  }

  async baseline(bench: string): Promise<Baseline> {
    await this.ready();
    return this.ask({ do: 'baseline', bench }, (message) => ('baseline' in message ? message.baseline : undefined));
  }

  /** Rejects with LaneEnded where the mutant ended the thread. */
  async killing(order: Extract<LaneOrder, { do: 'mutant' }>): Promise<Killing | undefined> {
    await this.ready();
    const { killing } = await this.ask(order, (message) => ('killing' in message ? message : undefined));
    return killing;
  }

  /**
   * Runs checks with no mutant on. Rejects where one ends otherwise than before: then mutants have left traces, and no
   * outcome can be trusted.
   */
  async control(steps: readonly Step[]): Promise<void> {
    const found = await this.killing({ do: 'mutant', id: 'none', steps, hitLimit: Infinity });
    if (found !== undefined)
      throw new Error(`without a mutant, ${found.check} on ${found.bench} is now ${found.verdict}: ${found.reason}`);
  }

  async close(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    await thread?.terminate();
  }

  private names: readonly BenchName[] = [];

  private async ready(): Promise<readonly BenchName[]> {
    if (this.thread !== undefined) return this.names;
    this.at = 'start';
    this.thread = new Worker(this.module, {
      workerData: this.settings,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    });
    this.names = await this.ask(undefined, (message) => ('benches' in message ? message.benches : undefined));
    return this.names;
  }

  private ask<T extends object>(
    order: LaneOrder | undefined,
    answerOf: (message: LaneMessage) => T | undefined,
  ): Promise<T> {
    const thread = this.thread as Worker;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout;
      const settle = (): void => {
        clearTimeout(timer);
        for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
      };
      const end = (how: 'silent' | 'crashed', message: string): void => {
        settle();
        void this.close().then(() => reject(new LaneEnded(this.at, how, message)));
      };
      const alive = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => end('silent', `nothing was heard for ${SILENCE} ms`), SILENCE);
      };
      alive();
      thread.on('message', (message: LaneMessage) => {
        alive();
        if ('at' in message) this.at = message.at;
        const answer = answerOf(message);
        if (answer === undefined) return;
        settle();
        resolve(answer);
      });
      thread.on('error', (error) => end('crashed', error instanceof Error ? error.message : String(error)));
      thread.on('exit', (code) => end('crashed', `the thread ended with ${code}`));
      if (order !== undefined) thread.postMessage(order);
    });
  }
}
