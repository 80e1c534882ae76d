// Object ids: GUIDs that follow from the run's seed, so that two runs with one seed make the same objects.
import { v5 } from 'uuid';
import type { Guid } from '../../../src/contract/guid.js';

const NAMESPACE = 'b2b54f62-2f39-5f4e-8f1c-9a1c5d6f1c05';

export class Ids {
  private readonly seeded: string;
  private readonly counts = new Map<string, number>();

  constructor(seed: string) {
    this.seeded = v5(seed, NAMESPACE);
  }

  /**
   * A new id. Ids of one kind do not depend on how many of another were made, so adding a kind later keeps the ids of
   * those there are.
   */
  next(kind: string): Guid {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return v5(`${kind}/${count}`, this.seeded);
  }
}

/** The 32 hexadecimal digits of an id, as serial numbers and names carry them. */
export const hex = (id: Guid): string => id.replaceAll('-', '');
