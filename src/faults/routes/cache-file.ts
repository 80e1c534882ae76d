// The device route by a file: the cache that the provider keeps on disk is changed by this process, behind the
// provider's back.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ConfigurationError, messageOf } from '../../port/errors.js';
import type { FaultKind } from '../kinds.js';
import type { FaultRequest, InjectedFault, NotInjected, Route } from './route.js';

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
    if (wanted === undefined)
      return {
        reason:
          request.kind === 'stale-entry'
            ? 'there is no earlier copy of the cache file that differs'
            : `a file cannot carry ${request.kind}`,
      };
    this.write(wanted);
    const after = this.read();
    if (!after.equals(wanted)) return { reason: `${this.file} was changed back while it was being corrupted` };
    const first = before.findIndex((byte, index) => after[index] !== byte);
    return {
      kind: request.kind,
      route: this.name,
      proof: JSON.stringify({
        file: this.file,
        kind: request.kind,
        sizeBefore: before.length,
        sizeAfter: after.length,
        firstChangedByte: first,
      }),
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
      case 'torn-write':
        return copy.fill(0, Math.floor(copy.length / 2));
      case 'lost-entry':
        return copy.subarray(0, Math.floor(copy.length / 2));
      case 'stale-entry':
        return this.copies.findLast((copy) => !copy.equals(before));
      default:
        return undefined;
    }
  }

  private read(): Buffer {
    try {
      return readFileSync(this.file);
    } catch (error) {
      throw new ConfigurationError(`the cache file cannot be read: ${messageOf(error)}`, {
        hint: 'Check --cache-file.',
        cause: error,
      });
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
