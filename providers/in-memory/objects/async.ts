// IVdsAsync: an operation that was accepted, runs for a moment and then commits. Until then nothing has changed.
import { HR } from '../../../src/contract/hresult.js';
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import type { Answer, InterfaceMap, Served, Servant } from '../../../src/port/object-server.js';
import type { VDS_ASYNC_OUTPUT } from '../../../src/contract/generated/structures.js';
import type { Handle } from '../../../src/contract/tables.js';
import { Failure } from '../failure.js';
import { Held, Request } from '../array/gate.js';
import { HelperObject } from './object.js';
import type { ProviderInstance, Work } from './instance.js';

export type { Work };

/**
 * Milliseconds before an operation moves on: a caller in another process has the time to cancel it, and to read
 * meanwhile.
 */
const BEGINS = 2;
const TURNS = 4;

export class AsyncOperation extends HelperObject {
  readonly interfaces: InterfaceMap = {
    IVdsAsync: {
      Cancel: () => this.cancel(),
      Wait: () => this.wait(),
      QueryStatus: () => this.queryStatus(),
    },
  };
  /** VDS_E_OPERATION_PENDING until it has ended. */
  protected result: number = HR.VDS_E_OPERATION_PENDING;
  protected percent = 0;
  protected created: Servant | null = null;
  private turnsDone = 0;
  private readonly request = new Request();
  private readonly done: Promise<void>;
  private finished: () => void = () => {};

  constructor(
    provider: ProviderInstance,
    protected readonly work: Work,
  ) {
    super(provider);
    this.done = new Promise((resolve) => {
      this.finished = resolve;
    });
    setTimeout(() => this.turn(), BEGINS);
  }

  get running(): boolean {
    return this.result === HR.VDS_E_OPERATION_PENDING;
  }

  /** Ends it with a failure; nothing was created. */
  abort(hr: number): void {
    this.work.abandon?.();
    this.end(hr);
  }

  protected cancel(): Answer<'IVdsAsync.Cancel'> {
    if (this.running) {
      this.abort(HR.VDS_E_OPERATION_CANCELED);
      return { hr: HR.S_OK };
    }
    return { hr: this.result === HR.VDS_E_OPERATION_CANCELED ? HR.VDS_E_OPERATION_CANCELED : HR.VDS_E_CANCEL_TOO_LATE };
  }

  protected async wait(): Promise<Answer<'IVdsAsync.Wait'>> {
    await this.done;
    return { hr: HR.S_OK, out: { hrResult: this.result, asyncOut: this.output() } };
  }

  protected queryStatus(): Answer<'IVdsAsync.QueryStatus'> {
    return { hr: HR.S_OK, out: { hrResult: this.result, percentCompleted: this.percent } };
  }

  /** The type is that of the operation however it ended; the pointer is NULL unless it succeeded. */
  protected output(): Served<VDS_ASYNC_OUTPUT<Handle>> {
    const { type } = this.work;
    switch (type) {
      case VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN:
        return { type, cl: { lunUnk: this.created } };
      case VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATETARGET:
        return { type, ct: { targetUnk: this.created } };
      case VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATEPORTALGROUP:
        return { type, cpg: { portalGroupUnk: this.created } };
      default:
        return { type };
    }
  }

  protected turn(): void {
    if (!this.running) return;
    this.turnsDone += 1;
    if (this.turnsDone < TURNS) {
      this.percent = Math.floor((100 * this.turnsDone) / TURNS);
      setImmediate(() => this.turn());
      return;
    }
    this.commit();
  }

  /** Commits as soon as the array answers. */
  private commit(): void {
    if (!this.running) return;
    try {
      this.created = this.provider.system.gate.run(this.request, () => this.work.commit());
      this.end(HR.S_OK);
    } catch (error) {
      if (error instanceof Held) {
        void error.until.then(() => this.commit());
        return;
      }
      if (!(error instanceof Failure)) throw error;
      this.abort(error.hr);
    }
  }

  private end(result: number): void {
    this.result = result;
    this.percent = 100;
    this.provider.operations.delete(this);
    this.finished();
  }
}
