// The objects on which bad arguments are tried: those of the generated checks, with every interface that the contract
// gives their kind of object. One that was there before is put back as it was, should a provider take what it must
// refuse.
import { type Context, restoreStatus, type VdsObject } from '../../src/checks/index.js';
import {
  CONTROLLER,
  DRIVE,
  LUN,
  PLEX,
  PORTAL,
  PORT,
  PORTAL_GROUP,
  PROVIDER,
  subject,
  STORAGE_POOL,
  SUB_SYSTEM,
  TARGET,
  type SubjectKind,
} from '../products/subjects.js';

export interface ArgumentSubject {
  readonly kind: SubjectKind;
  /** Not of the check's making. */
  readonly existing?: true;
}

export const SUBJECTS: readonly ArgumentSubject[] = [
  { kind: PROVIDER },
  { kind: SUB_SYSTEM, existing: true },
  { kind: CONTROLLER, existing: true },
  { kind: PORT, existing: true },
  { kind: DRIVE, existing: true },
  { kind: LUN },
  { kind: PLEX },
  { kind: TARGET },
  { kind: PORTAL, existing: true },
  { kind: PORTAL_GROUP },
  { kind: STORAGE_POOL, existing: true },
];

/** One of the kind; the status of one that was there is put back when the check ends. */
export async function make(ctx: Context, { kind, existing }: ArgumentSubject): Promise<VdsObject> {
  const { object } = await subject(ctx, kind);
  if (existing === true) await restoreStatus(ctx, object);
  return object;
}
