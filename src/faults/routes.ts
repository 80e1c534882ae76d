// The ways a fault reaches a provider. A route injects and proves: a fault without proof that it happened makes a case inconclusive.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { UNTOUCHED } from '../contract/codec.js';
import { failed, formatHresult } from '../contract/hresult.js';
import type { Guid } from '../contract/guid.js';
import { ConfigurationError } from '../provider/errors.js';
import type { IVdsConformanceControl } from '../provider/generated/typed.js';
import { parseTruth, type Inventory } from './inventory.js';
import { FAULT_KINDS, type FaultKind } from './kinds.js';

export type RouteName = 'device' | 'cooperative';

export interface FaultRequest {
  readonly kind: FaultKind;
  /** The object whose cache entry is corrupted, or that is deleted or disconnected. */
  readonly object: Guid;
  /** Let the array tell the provider, as by its event. */
  readonly notify?: boolean;
}

export interface InjectedFault {
  readonly kind: FaultKind;
  readonly route: RouteName;
  /** What was changed, read back after the change. */
  readonly proof: string;
  /** Takes the cause away; the cache stays as it is. */
  heal(): Promise<void>;
}

/** Why a route could not inject. */
export interface NotInjected {
  readonly reason: string;
}

export interface Route {
  readonly name: RouteName;
  /** Which kinds it offers. */
  kinds(): Promise<ReadonlySet<FaultKind>>;
  inject(request: FaultRequest): Promise<InjectedFault | NotInjected>;
  /** Keeps what a later stale entry needs; called at each state that a check notes as true. */
  remember?(): void;
  /** The state of the system, read by a path that does not touch the provider; undefined where the route has none. */
  truth(): Promise<Inventory | undefined>;
}

/** Through IVdsConformanceControl, which a provider may offer to test tools. */
export class CooperativeRoute implements Route {
  readonly name = 'cooperative';
  private known: ReadonlySet<FaultKind> | undefined;

  constructor(private readonly control: IVdsConformanceControl) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    if (this.known === undefined) {
      const result = await this.control.queryFaults();
      const mask = typeof result.out.faultKinds === 'number' && !failed(result.hr) ? result.out.faultKinds : 0;
      this.known = new Set((Object.keys(FAULT_KINDS) as FaultKind[]).filter((k) => mask & (1 << FAULT_KINDS[k].controlValue)));
    }
    return this.known;
  }

  async inject(request: FaultRequest): Promise<InjectedFault | NotInjected> {
    const result = await this.control.inject({ kind: FAULT_KINDS[request.kind].controlValue, objectId: request.object, notify: request.notify === true });
    const { faultId, proof } = result.out;
    if (failed(result.hr)) return { reason: `IVdsConformanceControl::Inject answered ${formatHresult(result.hr)}` };
    if (typeof faultId !== 'number' || typeof proof !== 'string' || proof === '') return { reason: 'IVdsConformanceControl::Inject gave no proof' };
    return {
      kind: request.kind,
      route: this.name,
      proof,
      heal: async () => {
        const healed = await this.control.heal({ faultId });
        if (failed(healed.hr)) throw new ConfigurationError(`IVdsConformanceControl::Heal answered ${formatHresult(healed.hr)}: the system under test may still be faulty`);
      },
    };
  }

  async truth(): Promise<Inventory | undefined> {
    const result = await this.control.readTruth();
    return failed(result.hr) || result.out.truth === UNTOUCHED || result.out.truth === null ? undefined : parseTruth(result.out.truth);
  }
}

/** Behind the provider's back: the file in which it caches its devices is changed by this process. */
export class CacheFileRoute implements Route {
  readonly name = 'device';
  /** The file at the states that a check noted, oldest first. */
  private readonly copies: Buffer[] = [];

  constructor(private readonly file: string) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    return new Set<FaultKind>(['flipped-bytes', 'torn-write', 'lost-entry', 'stale-entry']);
  }

  remember(): void {
    this.copies.push(this.read());
  }

  async inject(request: FaultRequest): Promise<InjectedFault | NotInjected> {
    const before = this.read();
    if (before.length === 0) return { reason: `${this.file} is empty` };
    const wanted = this.damaged(request.kind, before);
    if (wanted === undefined) return { reason: request.kind === 'stale-entry' ? 'there is no earlier copy of the cache file that differs' : `a file cannot carry ${request.kind}` };
    this.write(wanted);
    const after = this.read();
    if (!after.equals(wanted)) return { reason: `${this.file} was changed back while it was being corrupted` };
    const first = before.findIndex((byte, index) => after[index] !== byte);
    return {
      kind: request.kind,
      route: this.name,
      proof: JSON.stringify({ file: this.file, kind: request.kind, sizeBefore: before.length, sizeAfter: after.length, firstChangedByte: first }),
      heal: async () => {},
    };
  }

  async truth(): Promise<undefined> {
    return undefined;
  }

  // Every 16th byte: whatever the format, each record of the cache is hit, and only the cache, which is expendable.
  private damaged(kind: FaultKind, before: Buffer): Buffer | undefined {
    const copy = Buffer.from(before);
    switch (kind) {
      case 'flipped-bytes':
        for (let i = 8; i < copy.length; i += 16) copy[i] = (copy[i] ?? 0) ^ 0x5a;
        return copy;
      case 'torn-write': return copy.fill(0, Math.floor(copy.length / 2));
      case 'lost-entry': return copy.subarray(0, Math.floor(copy.length / 2));
      case 'stale-entry': return this.copies.findLast((copy) => !copy.equals(before));
      default: return undefined;
    }
  }

  private read(): Buffer {
    try {
      return readFileSync(this.file);
    } catch (error) {
      throw new ConfigurationError(`the cache file cannot be read: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Check --cache-file.', cause: error });
    }
  }

  /** In place, as another process would: the provider may hold the file open. */
  private write(bytes: Buffer): void {
    const fd = openSync(this.file, 'r+');
    try {
      writeSync(fd, bytes, 0, bytes.length, 0);
      ftruncateSync(fd, bytes.length);
    } finally {
      closeSync(fd);
    }
  }
}
