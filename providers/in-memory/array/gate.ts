// The way by which this provider's requests reach the array, and what can be wrong with it: it answers with an I/O
// error, late, or not at all. A method asks to pass before it changes anything, so one that is held up is simply begun
// again: by then its object may be deleted or its cache damaged, and it finds out as any call does.
//
//   method ── pass(scope) ──┬─ nothing wrong ──────────────► the array
//                           ├─ another call is held up ────► VDS_E_ANOTHER_CALL_IN_PROGRESS where the method's page
// lists it, else Held
//                           ├─ device error ───────────────► that error
//                           └─ latency, hang ──────────────► Held: the server waits and calls the method again
import type { Guid } from '../../../src/contract/guid.js';
import { HR, hresultFromWin32 } from '../../../src/contract/hresult.js';
import { method, type MethodName } from '../../../src/contract/tables.js';
import { Failure } from '../failure.js';

/** HRESULT_FROM_WIN32(ERROR_IO_DEVICE) */
const IO_ERROR = hresultFromWin32(1117);
const LATENCY = 50;

export type Trouble = 'device-error' | 'latency' | 'hang';

/** The devices of a request to the array. */
export interface Scope {
  /** The device and what contains it; for a scan, everything that is asked about. */
  readonly devices: readonly Guid[];
  readonly subSystems: readonly Guid[];
}

/**
 * Who asks: a call, or an operation that is to commit (no method). One for the whole of a call, however often it is
 * begun again.
 */
export class Request {
  /** The latencies that it has waited for. */
  readonly waited = new Set<Obstacle>();

  constructor(readonly method?: MethodName) {}
}

interface Obstacle {
  readonly trouble: Trouble;
  readonly device: Guid;
  /** Settles when the fault is healed. */
  readonly gone: Promise<void>;
}

/** Thrown through a method that cannot reach the array now; after `until` it is to be begun again. */
export class Held extends Error {
  constructor(readonly until: Promise<void>) {
    super('the array does not answer yet');
    this.name = 'Held';
  }
}

interface Wait {
  readonly subSystems: readonly Guid[];
  readonly over: Promise<void>;
  readonly end: () => void;
}

export class Gate {
  private readonly obstacles = new Set<Obstacle>();
  /** The calls that an array which does not answer holds up. */
  private readonly waits = new Map<Request, Wait>();
  private request: Request | undefined;

  /** Runs what `request` is about, up to where it waits for something itself. Throws Held. */
  run<T>(request: Request, body: () => T): T {
    const before = this.request;
    this.request = request;
    const wait = this.waits.get(request);
    this.waits.delete(request);
    try {
      return body();
    } finally {
      this.request = before;
      wait?.end();
    }
  }

  /** Asks to reach the array. Throws Failure or Held. */
  pass(scope: () => Scope): void {
    if (this.obstacles.size === 0 && this.waits.size === 0) return;
    const { devices, subSystems } = scope();
    const { request } = this;
    const other = [...this.waits.values()].find((wait) => wait.subSystems.some((id) => subSystems.includes(id)));
    if (other !== undefined) {
      if (request?.method !== undefined && method(request.method).codes.includes('VDS_E_ANOTHER_CALL_IN_PROGRESS'))
        throw new Failure(HR.VDS_E_ANOTHER_CALL_IN_PROGRESS);
      throw new Held(other.over);
    }
    const inTheWay = [...this.obstacles].filter((o) => devices.includes(o.device));
    if (inTheWay.some((o) => o.trouble === 'device-error')) throw new Failure(IO_ERROR);
    const obstacle =
      inTheWay.find((o) => o.trouble === 'hang') ?? inTheWay.find((o) => request?.waited.has(o) !== true);
    if (obstacle === undefined) return;
    if (request !== undefined) {
      request.waited.add(obstacle);
      if (request.method !== undefined) this.waits.set(request, wait(subSystems));
    }
    throw new Held(
      obstacle.trouble === 'hang'
        ? obstacle.gone
        : new Promise((resolve) => {
            setTimeout(resolve, LATENCY);
          }),
    );
  }

  /** Puts something in the way to a device. Gives what takes it away. */
  obstruct(trouble: Trouble, device: Guid): () => void {
    let end = (): void => {};
    const obstacle = {
      trouble,
      device,
      gone: new Promise<void>((resolve) => {
        end = resolve;
      }),
    };
    this.obstacles.add(obstacle);
    return () => {
      this.obstacles.delete(obstacle);
      end();
    };
  }

  /** The troubles that a request about these devices would meet, in words. */
  condition(devices: readonly Guid[]): string {
    const troubles = new Set([...this.obstacles].filter((o) => devices.includes(o.device)).map((o) => o.trouble));
    return troubles.size === 0 ? 'answers' : [...troubles].sort().join(', ');
  }
}

function wait(subSystems: readonly Guid[]): Wait {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { subSystems, over, end };
}
