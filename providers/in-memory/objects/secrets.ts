// CHAP secrets as callers give them. None is kept: a provider must not, and this array authenticates nobody.
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_ISCSI_SHARED_SECRET } from '../../../src/contract/generated/structures.js';
import { Failure } from '../failure.js';

const SHORTEST = 12;
const LONGEST = 16;

/** True for a secret to set, false for what clears it. Throws Failure(E_INVALIDARG) for anything else. */
export function isSecret(secret: VDS_ISCSI_SHARED_SECRET | null): boolean {
  if (secret === null) return false;
  const { sharedSecret: bytes, sharedSecretSize: size } = secret;
  if (bytes === null && size === 0) return false;
  if (bytes === null || size !== bytes.length || size < SHORTEST || size > LONGEST) throw new Failure(HR.E_INVALIDARG);
  return true;
}
