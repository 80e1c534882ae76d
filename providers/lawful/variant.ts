// A lawful variant of the reference provider, as the tables of this folder list them.
import type { MakeOverrides } from '../defective/override.js';
import type { Parts } from '../in-memory/adapter.js';

export interface Variant {
  /** As in --provider lawful:<name>. */
  readonly name: string;
  /** What it does otherwise, and why that is lawful, in one sentence. */
  readonly says: string;
  readonly parts?: Partial<Parts>;
  readonly overrides?: MakeOverrides;
}
